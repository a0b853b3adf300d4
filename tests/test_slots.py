"""Slots are filled by the documents made for them, then by plain photos, one each."""

from dataclasses import replace

from handlers.steps.slots import missing_slots, slot_filled, slots_filled, wanted_slots
from handlers.ticket import Document
from handlers.workflow_file import shipped

from .claims_turn import claim
from .people import NOW

COMPLAINTS = shipped("complaints")
THREE = ("photo_parcel", "photo_note", "photo_articles")


def complaint(*kinds, flags=(), **fields):
    documents = tuple(
        Document(
            number=n,
            kind=kind,
            filename="a.jpg",
            content_type="image/jpeg",
            size=1,
            sha256=str(n),
            author="",
            at=NOW,
            cause="m1",
            flags=frozenset(flags),
        )
        for n, kind in enumerate(kinds, 1)
    )
    turn = replace(claim(**fields), workflow=COMPLAINTS)
    return turn.with_ticket(documents=documents)


def test_a_case_without_proof_and_an_unknown_case_need_nothing():
    for case in ("wrong_colour", "", "no such case"):
        turn = complaint(case=case)
        assert wanted_slots(turn) == ()
        assert slots_filled(turn)


def test_a_process_without_proof_needs_nothing():
    assert slots_filled(claim(case="missing"))


def test_the_guess_counts_until_the_case_is_decided():
    assert wanted_slots(complaint(case_said="missing")) == THREE
    assert wanted_slots(complaint(case_said="missing", case="customer_error")) == ("photo_article",)


def test_a_photo_fills_one_slot_only_in_their_order():
    assert missing_slots(complaint("photo", case="missing")) == THREE[1:]
    assert missing_slots(complaint("photo", "photo", "photo", case="missing")) == ()


def test_a_document_made_for_a_slot_goes_before_plain_photos():
    turn = complaint("photo", "delivery_note", case="missing")
    assert missing_slots(turn) == ("photo_articles",)
    assert slot_filled(turn, "photo_note")
    assert not slot_filled(turn, "photo_articles")


def test_a_replaced_document_and_one_of_another_kind_fill_nothing():
    assert missing_slots(complaint("photo", flags=["replaced"], case="missing")) == THREE
    assert missing_slots(complaint("invoice", "order", case="missing")) == THREE


def test_a_value_fills_the_slot_that_names_its_field():
    assert slots_filled(complaint(case="order_swap", other_order="100045999"))
    assert not slots_filled(complaint(case="order_swap"))
