"""How large a message is: below 100 kB without what is attached, whatever stands in the ticket."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.gathering import MOST
from handlers.work_items import Happening
from templates.enclosed import SHOWN
from templates.message import compose
from templates.mime import text_part
from templates.room import FEWEST, LEAST, WHOLE, Room, item_weight, travelling
from templates.sample import NOON, sample

from .golden_notices import workflow_of
from .notice_desk import DESK, KEYS, NOW

LIMIT = 100_000
WORDS = ["Très long. " * 30_000, "日本語の説明" * 20_000, "x" * 400_000]


def written(process, name, *, values=None, fields=None, documents=None, **more):
    """The mail of a sample with more in it, as it would be sent."""
    one = sample(process, name, "fr")
    ticket = one.ticket
    if ticket is not None:
        ticket = replace(ticket, fields={**ticket.fields, **(fields or {})})
        ticket = replace(ticket, documents=documents or ticket.documents)
    notice = replace(one.notice, values={**one.notice.values, **(values or {})})
    notice = replace(notice, attach=tuple(more.pop("attach", notice.attach)))
    made = compose(
        notice,
        ticket=ticket,
        desk=DESK,
        workflow=workflow_of(process),
        keys=KEYS,
        cause="m1",
        now=NOW,
        **{"files": one.files, **more},
    )
    return made.data


def size(data):
    """The octets of a mail without its attachments and pictures, its header included."""
    mail = message_from_bytes(data, policy=policy.default)
    others = [
        part
        for part in mail.walk()
        if not part.is_multipart() and part.get_content_maintype() != "text"
    ]
    others += [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    return len(data) - sum(
        len(part.as_bytes()) for part in {id(one): one for one in others}.values()
    )


def page_of(data):
    return message_from_bytes(data, policy=policy.default).get_body(("html",)).get_content()


def files_of(data):
    mail = message_from_bytes(data, policy=policy.default)
    return {
        part.get_filename(): part.get_content()
        for part in mail.walk()
        if part.get_content_disposition() == "attachment"
    }


def many(process, name, count):
    """The lists among the values of a sample, with so many rows."""
    values = sample(process, name, "fr").notice.values
    return {
        key: [{**rows[n % len(rows)], "line": n + 1} for n in range(count)]
        for key, rows in values.items()
        if isinstance(rows, list) and rows and isinstance(rows[0], dict)
    }


@pytest.mark.parametrize("name", ["N1", "N2", "N_cart_reminder", "N_no_line", "N_incoherent"])
def test_a_cart_of_a_hundred_lines_is_no_large_mail_and_its_file_has_all(name):
    data = written("claims", name, values=many("claims", name, 100))
    assert size(data) < LIMIT
    table = files_of(data)["lignes.csv"]
    assert table.count("\r\n") == 101
    assert "lignes : toutes sont dans le fichier joint lignes.csv" in page_of(data)


def test_of_an_order_of_two_hundred_lines_all_that_differs_is_shown():
    rows = sample("rma", "W_order", "fr").notice.values["compared"]
    odd = next(one for one in rows if one["odd"])
    same = next(one for one in rows if not one["odd"])
    compared = [{**same, "label": f"Ligne {n}"} for n in range(200)]
    compared[150] = {**odd, "label": "Ligne 150 en écart"}
    data = written("rma", "W_order", values={"compared": compared, "said": WORDS[0]})
    assert size(data) < LIMIT
    assert "Ligne 150 en écart" in page_of(data)
    assert files_of(data)["lignes.csv"].count("\r\n") == 201


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("name", ["W_new", "W_order"])
def test_words_of_any_length_in_any_writing_are_shortened_where_they_end(name, words):
    data = written("rma", name, values={"said": words}, fields={"description": words})
    assert size(data) < LIMIT
    assert page_of(data).count("[…]") == 2


def test_thirty_photos_are_attached_and_twelve_of_them_shown():
    one = sample("rma", "W_new", "fr").ticket.documents[0]
    photos = tuple(
        replace(one, number=n, filename=f"IMG_{n}.jpg", copy_sha256="1" * 64) for n in range(1, 31)
    )
    numbers = [photo.number for photo in photos]
    bytes_of = dict.fromkeys(numbers, b"x" * 20_000)
    data = written(
        "rma", "W_new", documents=photos, attach=numbers, files=bytes_of, thumbnails=bytes_of
    )
    page = page_of(data)
    assert page.count("<img") == SHOWN
    assert "… et 18 autres" in page
    assert size(data) < LIMIT
    mail = message_from_bytes(data, policy=policy.default)
    assert sum(part["Content-ID"] is not None for part in mail.walk()) == SHOWN
    assert len(files_of(data)) == 30


def test_a_ticket_of_a_thousand_documents_lists_the_first_and_counts_the_others():
    one = sample("rma", "W_new", "fr").ticket.documents[0]
    documents = tuple(replace(one, number=n, filename=f"{n}.pdf") for n in range(1, 1001))
    data = written("rma", "W_new", documents=documents)
    assert size(data) < LIMIT
    assert "[1] Photo" in page_of(data)
    assert "autres</li>" in page_of(data)


def test_work_items_that_are_told_together_share_the_room():
    one = sample("rma", "W_comment", "fr").notice
    told = replace(one, values={**one.values, "said": "Très long. " * 3000})
    earlier = tuple(Happening(at=NOON, notice=told) for _ in range(MOST - 1))
    data = written("rma", "W_comment", values={"said": "Très long. " * 3000}, earlier=earlier)
    assert size(data) < LIMIT
    assert page_of(data).count("[…]") == MOST


def test_a_digest_that_names_as_many_tickets_as_may_be_asked_for_is_no_large_mail():
    """`lines` of [desks.NAME.digest] is at most two hundred."""
    lines = sample("rma", "W_digest_weekly", "fr").notice.values["lines"]
    named = [lines[n % len(lines)] for n in range(200)]
    data = written("rma", "W_digest_weekly", values={"lines": named, "ours": 2000, "more": 1900})
    assert size(data) < LIMIT


@given(st.text(max_size=400), st.integers(0, WHOLE))
def test_words_take_no_more_than_there_is(said, left):
    room = Room(left=left)
    kept = room.words(said)
    assert kept == said or travelling(kept) <= max(LEAST, left // 2) + travelling(" […]")
    assert said.startswith(kept.removesuffix(" […]"))
    assert room.left == max(0, left - 2 * travelling(kept.removesuffix(" […]"))) or kept != said


@given(st.lists(st.text(max_size=30), max_size=40), st.integers(0, 2000))
def test_of_a_list_the_first_are_shown_as_far_as_there_is_room(items, left):
    room = Room(left=left)
    shown = room.items(items, item_weight)
    assert min(FEWEST, len(items)) <= shown <= len(items)
    assert shown <= FEWEST or sum(map(item_weight, items[:shown])) <= left


@given(st.text())
def test_what_travels_is_what_the_encoder_writes(words):
    made = text_part("plain", words.replace("\r", "").replace("=", ""))
    assert travelling(words) <= len(made) + words.count("=") + words.count("\r")
