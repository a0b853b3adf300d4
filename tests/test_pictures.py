"""The same picture is found on other tickets of the desk, and its copies are kept with it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.decision import NewDocument
from handlers.ticket import Document
from storage.accounts import missing_blobs, unused_blobs
from storage.erase import erase
from storage.pictures import are_same, pieces_of
from storage.schema import blob, picture_piece

from .stores import ANNE, NOW, a_ticket, ask, changed, opened, store, store_url, write

__all__ = ["store", "store_url"]

SEEN = "00ff12345678abcd"
PHOTO = Document(
    number=1,
    kind="photo",
    filename="panne.heic",
    content_type="image/heic",
    size=4,
    sha256="original",
    author=ANNE,
    at=NOW,
    cause="m1",
    copy_sha256="copy",
    thumbnail_sha256="thumbnail",
    fingerprint=SEEN,
)
BYTES = {"copy": b"a smaller one", "thumbnail": b"a tiny one"}


def a_photo_on(store, number, **changes):
    document = replace(PHOTO, **changes)
    new = NewDocument(document=document, data=b"HEIC", copies=BYTES)
    write(store, opened(a_ticket(number, documents=(document,)), documents=(new,)))


def digests(store):
    with store.read() as tx:
        return set(tx.execute(select(blob.c.sha256)).scalars())


def test_a_photo_is_kept_with_its_copy_and_its_thumbnail(store):
    a_photo_on(store, 1000)
    assert digests(store) == {"original", "copy", "thumbnail"}
    assert ask(store, ticket_ids=(1000,)).tickets[1000].documents == (PHOTO,)
    with store.read() as tx:
        assert unused_blobs(tx) == missing_blobs(tx) == ()


@pytest.mark.parametrize(
    "fingerprint, is_found",
    [
        (SEEN, True),
        ("00ff12345678abce", True),  # two bits differ
        ("80ff12345678abce", True),  # three
        ("80ff12345679abce", False),  # four
        ("ff0012345678abcd", False),
    ],
)
def test_a_picture_packed_anew_is_found(store, fingerprint, is_found):
    a_photo_on(store, 1000)
    expected = {fingerprint: ("DEM-1000",)} if is_found else {}
    assert ask(store, fingerprints=(fingerprint,)).same_pictures == expected


def test_every_ticket_of_the_desk_with_the_picture_is_named_and_none_of_another_desk(store):
    a_photo_on(store, 1000)
    a_photo_on(store, 2000, fingerprint="00ff12345678abcc")
    assert ask(store, fingerprints=(SEEN,)).same_pictures == {SEEN: ("DEM-2000", "DEM-1000")}
    assert ask(store, desk="other", fingerprints=(SEEN,)).same_pictures == {}


def test_a_picture_without_detail_is_found_only_as_the_very_same_file(store):
    a_photo_on(store, 1000, fingerprint="f" * 64)
    assert ask(store, fingerprints=("f" * 64,)).same_pictures == {"f" * 64: ("DEM-1000",)}
    assert ask(store, fingerprints=("f" * 16,)).same_pictures == {}


def test_a_picture_that_was_withdrawn_is_not_told_of_again(store):
    a_photo_on(store, 1000, flags=frozenset({"disabled"}))
    assert ask(store, fingerprints=(SEEN,)).same_pictures == {}


def test_a_second_photo_leaves_the_first_one_known(store):
    a_photo_on(store, 1000)
    ticket = ask(store, ticket_ids=(1000,)).tickets[1000]
    second = replace(PHOTO, number=2, fingerprint="1111222233334444")
    more = replace(ticket, documents=(*ticket.documents, second))
    write(store, changed(more, documents=(NewDocument(document=second, data=b"HEIC"),)))
    found = ask(store, fingerprints=(SEEN, "1111222233334444")).same_pictures
    assert found == {SEEN: ("DEM-1000",), "1111222233334444": ("DEM-1000",)}


def test_an_erased_person_leaves_neither_picture_nor_copies(store):
    a_photo_on(store, 1000)
    with store.write() as tx:
        erase(tx, ANNE)
    assert digests(store) == set()
    with store.read() as tx:
        assert tx.execute(select(picture_piece)).all() == []
        assert missing_blobs(tx) == ()


def test_fingerprints_are_cut_into_four_numbered_pieces():
    assert pieces_of(SEEN) == ("000ff", "11234", "25678", "3abcd")
    assert pieces_of("") == ()


def test_two_fingerprints_are_the_same_up_to_three_bits():
    assert are_same(SEEN, "00ff12345678abca")
    assert not are_same(SEEN, "0" * 64)
