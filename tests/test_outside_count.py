"""What storage is asked about talks inside and outside, on every database (R-8, R-48)."""

from datetime import UTC, datetime

from storage.book import StoredBook

from .stores import store, store_url

__all__ = ["store", "store_url"]

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def test_nothing_was_written_outside_on_an_empty_desk(store):
    with store.read() as tx:
        assert StoredBook(tx, "dossier").written_outside("claire@pose.example", SINCE) == 0


def test_nobody_finds_internal_words_on_a_ticket_that_is_not_there(store):
    with store.read() as tx:
        assert StoredBook(tx, "dossier").internal_words(7000, "80538") == ()
