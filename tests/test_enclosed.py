"""What travels with a message: copies of photos, thumbnails in the page, nothing too large."""

import email
from dataclasses import replace
from email import policy

import pytest

from handlers.ticket import Document, Visibility
from templates.enclosed import enclose
from templates.message import compose
from templates.sample import sample

from .notice_desk import DESK, KEYS, NOW, WORKFLOW

PHOTO = Document(
    number=2,
    kind="photo",
    filename="IMG_0412.HEIC",
    content_type="image/heic",
    size=9,
    sha256="original",
    author="claire@dupont.example",
    at=NOW,
    cause="m1",
    copy_sha256="copy",
    thumbnail_sha256="thumbnail",
)
PDF = replace(
    PHOTO,
    number=1,
    kind="order",
    filename="BC-1.pdf",
    content_type="application/pdf",
    copy_sha256="",
    thumbnail_sha256="",
)
FILES = {1: b"%PDF-1.7", 2: b"the copy"}
THUMBNAILS = {2: b"tiny"}


def travels(most=1000, files=FILES):
    return enclose([], [PDF, PHOTO], files, THUMBNAILS, most=most, bounce_key="b1")


def composed(notice="W_order", files=FILES, documents=(PDF, PHOTO)):
    one = sample("rma", notice, "fr")
    ticket = replace(one.ticket, documents=documents)
    return compose(
        replace(one.notice, attach=(1, 2), sheet=False),
        ticket=ticket,
        desk=DESK,
        workflow=WORKFLOW,
        keys=KEYS,
        cause="m412",
        now=NOW,
        files=files,
        thumbnails=THUMBNAILS,
    )


def read(message):
    return email.message_from_bytes(message.data, policy=policy.default)


def test_a_photo_leaves_as_its_copy_under_a_name_that_fits():
    pdf, photo = travels().files
    assert (pdf.name, pdf.content_type) == ("BC-1.pdf", "application/pdf")
    assert (photo.name, photo.content_type, photo.data) == (
        "IMG_0412.jpg",
        "image/jpeg",
        b"the copy",
    )


def test_what_would_be_too_much_is_left_out_and_named_the_rest_travels():
    found = travels(most=10, files=FILES | {1: b"x" * 11})
    assert [file.name for file in found.files] == ["IMG_0412.jpg"]
    assert found.left_out == ("[1] BC-1.pdf",)


def test_a_work_item_shows_the_photos_in_its_page():
    back = read(composed())
    assert back.get_content_type() == "multipart/mixed"
    plain, related = back.get_payload(0).iter_parts()
    page, thumbnail = related.iter_parts()
    assert [part.get_filename() for part in back.iter_attachments()] == ["BC-1.pdf", "IMG_0412.jpg"]
    assert related.get_content_type() == "multipart/related"
    assert f"cid:{thumbnail['content-id'][1:-1]}" in page.get_content()
    assert 'alt="[2] IMG_0412.HEIC"' in page.get_content()
    assert thumbnail.get_content() == b"tiny"
    assert "[2] IMG_0412.HEIC" in plain.get_content()


@pytest.mark.parametrize(
    "changes, travel",
    [
        ({"flags": frozenset({"disabled"})}, []),
        ({"flags": frozenset({"unscanned"})}, []),
        ({"visibility": Visibility.QUARANTINE}, []),
        ({"copy_sha256": ""}, []),  # where it was taken may stand in it
        ({"visibility": Visibility.NOTE}, ["IMG_0412.jpg"]),
    ],
)
def test_what_may_not_leave_stays_whatever_the_notice_says(changes, travel):
    back = read(composed(documents=(replace(PHOTO, **changes),)))
    assert [part.get_filename() for part in back.iter_attachments()] == travel


def test_the_file_of_a_note_never_goes_to_a_customer():
    note = replace(PDF, visibility=Visibility.NOTE)
    assert list(read(composed("N3", documents=(note,))).iter_attachments()) == []


def test_a_customer_gets_no_thumbnails():
    assert b"image/jpeg" in composed("N3").data
    assert b"multipart/related" not in composed("N3").data


def test_the_message_names_what_it_does_not_carry():
    back = read(composed(files=FILES | {2: bytes(21 << 20)}))
    text = back.get_body(("plain",)).get_content()
    assert "- [2] IMG_0412.HEIC" in text.partition("trop volumineux")[2]
    assert [part.get_filename() for part in back.iter_attachments()] == ["BC-1.pdf"]
