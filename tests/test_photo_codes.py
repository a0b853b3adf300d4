"""Codes on photos are offered as numbers of devices, and never taken (F-13, X-20)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.facts import Facts
from handlers.papers.paper_fields import fields_of
from handlers.papers.photo_codes import numbers_on, read_for, values_on
from handlers.papers.picture_findings import code_commands, picture_rows
from handlers.process.workflow import FieldRule
from handlers.steps.pictures import look_at_pictures
from handlers.ticket import Document
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.workflow_file import shipped
from parsers.business import Barcode, Photo

from .people import CLAIRE, NOW, desk, ticket


def _photo(*codes: Barcode) -> Photo:
    return Photo(width=10, height=10, barcodes=codes)


def _turn(*codes: Barcode, serial: str = "", fingerprint: str = "") -> Turn:
    document = Document(
        number=2,
        kind="photo",
        filename="p.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0",
        author=CLAIRE,
        at=NOW,
        cause="m9",
        fields=fields_of(None, _photo(*codes)),
        fingerprint=fingerprint,
    )
    event = Event(
        kind=EventKind.MAIL,
        actor=Actor(address=CLAIRE),
        cause="m9",
        at=NOW,
        requested_at=NOW,
        documents=(document,),
    )
    fields = {**ticket().fields, "serial": serial}
    return Turn(
        workflow=shipped("rma"),
        desk=desk(),
        event=event,
        ticket=replace(ticket(), documents=(document,), fields=fields),
    )


def _read(turn: Turn, facts: Facts | None = None) -> list[str]:
    seen = look_at_pictures(turn, facts or Facts())
    return [value for _, value in read_for(seen.ticket, "serial")]


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        (Barcode(symbology="Code128", text="sn123456"), ("SN123456",)),
        (Barcode(symbology="DataMatrix", text="(01)03453120000011(21)FX80233"), ("FX80233",)),
        (Barcode(symbology="QRCode", text="Modèle LECT-400 S/N: FX-80233"), ("FX-80233",)),
        (Barcode(symbology="EAN13", text="4006381333931"), ()),
        (Barcode(symbology="Code128", text="XY123456789FR"), ()),
        (Barcode(symbology="QRCode", text="https://exemple.example/SN123456"), ()),
        (Barcode(symbology="Code128", text="SN123456", valid=False), ()),
        (Barcode(symbology="Code39", text="LECTEUR"), ()),
        (Barcode(symbology="QRCode", text="RMA-2026-000412"), ("RMA-2026-000412",)),
    ],
)
def test_a_code_is_a_number_of_a_device_only_when_it_can_be_one(code, numbers):
    assert numbers_on(_photo(code)) == numbers


def test_a_number_on_the_desks_list_goes_before_others():
    codes = [Barcode(symbology="Code128", text=text) for text in ("PN-4400", "SN123456")]
    listed = Facts(serials_listed=frozenset({"SN123456"}))
    assert _read(_turn(*codes)) == ["SN123456", "PN-4400"]
    assert _read(_turn(*codes), listed) == ["SN123456"]


def test_a_number_alone_in_a_qr_code_is_offered_when_somebody_knows_it():
    code = Barcode(symbology="QRCode", text="ax99812b")
    assert numbers_on(_photo(code)) == ("AX99812B",)
    assert _read(_turn(code)) == []
    assert _read(_turn(code), Facts(serials_listed=frozenset({"AX99812B"}))) == ["AX99812B"]
    assert _read(_turn(code, serial="AX-99812-B")) == ["AX99812B"]


def test_a_field_with_a_pattern_takes_what_has_it():
    codes = [Barcode(symbology="QRCode", text=t) for t in ("ax99812b", "BX1", "RR473124829FR")]
    document = _turn(*codes).ticket.documents[0]
    serial = FieldRule(label={}, type="serial", pattern="[A-Z]{2}[A-Z0-9]+")
    place = FieldRule(label={}, pattern="BX[0-9]")
    assert values_on(document, serial) == ("AX99812B",)
    assert values_on(document, place) == ("BX1",)
    assert values_on(document, FieldRule(label={})) == ()


@pytest.mark.parametrize(
    ("declared", "told", "commands"),
    [
        ("", "à confirmer", ["#champ serie=SN123456"]),
        ("123456", "conforme", []),
        ("SN999999", "DIFFÉRENT du n° déclaré SN999999", ["#champ serie=SN123456"]),
    ],
)
def test_an_agent_is_told_what_a_photo_says_and_how_to_take_it(declared, told, commands):
    turn = _turn(Barcode(symbology="Code128", text="SN123456"), serial=declared)
    turn = look_at_pictures(turn, Facts())
    (row,) = picture_rows(turn, "fr")
    assert row["label"] == "N° de série, lu sur la photo n° 2"
    assert told in row["value"]
    assert [one["line"] for one in code_commands(turn, "fr")] == commands


def test_words_guessed_from_the_pixels_are_offered_when_there_is_no_code():
    turn = _turn()
    guess = replace(turn.event.documents[0], fields={"suggested": "Type LECT-400 S/N: FX80233"})
    turn = replace(
        turn.with_ticket(documents=(guess,)), event=replace(turn.event, documents=(guess,))
    )
    assert _read(turn) == ["FX80233"]


def test_the_command_is_written_in_the_agents_language():
    turn = look_at_pictures(_turn(Barcode(symbology="Code128", text="SN123456")), Facts())
    assert [one["line"] for one in code_commands(turn, "en")] == ["#field serial=SN123456"]


def test_the_same_picture_on_other_tickets_is_told_with_their_keys():
    same = Facts(same_pictures={"f": ("RMA-2026-000007", "RMA-2026-000003")})
    turn = look_at_pictures(_turn(fingerprint="f"), same)
    assert turn.ticket.documents[0].flags == {"seen_elsewhere"}
    assert [row["value"] for row in picture_rows(turn, "en")] == ["RMA-2026-000003"]


def test_a_picture_of_this_ticket_alone_is_no_news():
    turn = look_at_pictures(
        _turn(fingerprint="f"), Facts(same_pictures={"f": ("RMA-2026-000007",)})
    )
    assert turn.ticket.documents[0].flags == frozenset()


def test_photographed_papers_look_alike_and_are_not_told():
    turn = _turn(fingerprint="f")
    paper = replace(turn.ticket.documents[0], kind="signed_quote")
    turn = replace(
        turn.with_ticket(documents=(paper,)), event=replace(turn.event, documents=(paper,))
    )
    seen = look_at_pictures(turn, Facts(same_pictures={"f": ("RMA-2026-000003",)}))
    assert seen.ticket.documents[0].flags == frozenset()
