"""One transaction is durable as a whole or does not exist; accidents have our names."""

import sqlite3
import threading

import pytest
from sqlalchemy import text

from handlers.errors import ConfigError, StoreUnavailable
from storage import directory
from storage.columns import dumps
from storage.migrations import migrate
from storage.series import numbers
from storage.store import Conflict, Store, savepoint

from .stores import accept, raw, store, store_url

__all__ = ["store", "store_url"]

COUNT = text("SELECT count(*) FROM journal")


def count(store):
    with store.read() as tx:
        return tx.execute(COUNT).scalar()


def test_a_block_that_raises_leaves_nothing(store):
    with pytest.raises(ValueError), store.write() as tx:
        tx.execute(text("INSERT INTO number_series VALUES ('rma', 'RMA-2026', 5)"))
        raise ValueError
    with store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM number_series")).scalar() == 0


def test_a_savepoint_undoes_only_its_own_block(store):
    insert = text("INSERT INTO number_series VALUES ('rma', :series, 5)")
    with store.write() as tx:
        tx.execute(insert, {"series": "A"})
        with pytest.raises(Conflict), savepoint(tx):
            tx.execute(insert, {"series": "B"})
            tx.execute(insert, {"series": "A"})
        tx.execute(insert, {"series": "C"})
    with store.read() as tx:
        kept = tx.execute(text("SELECT series FROM number_series ORDER BY series")).scalars().all()
    assert kept == ["A", "C"]


def test_writers_never_lose_an_update(store):
    """Read, add one, write: from four threads, no update overwrites another."""
    with store.write() as tx:
        tx.execute(text("INSERT INTO number_series VALUES ('rma', 'RMA-2026', 0)"))

    def add():
        for _ in range(50):
            with store.write() as tx:
                lock = " FOR UPDATE" if store.dialect == "postgresql" else ""
                n = tx.execute(text(f"SELECT next FROM number_series{lock}")).scalar()
                tx.execute(text("UPDATE number_series SET next = :n"), {"n": n + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        assert tx.execute(text("SELECT next FROM number_series")).scalar() == 200


def test_readers_see_nothing_of_an_open_transaction(store):
    with store.write() as tx:
        tx.execute(text("INSERT INTO number_series VALUES ('rma', 'RMA-2026', 5)"))
        with store.read() as other:
            assert other.execute(text("SELECT count(*) FROM number_series")).scalar() == 0


def test_sqlite_commits_are_synced_to_disk(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    with store.write() as tx:
        pragma = {
            name: tx.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_the_database_is_readable_by_its_owner_alone(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    with store.write() as tx:
        tx.execute(text("CREATE TABLE t (n INTEGER)"))
        assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}
    store.close()


def test_postgresql_commits_are_synced_to_disk(postgres_url, postgres):
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    store = Store.open(postgres_url)
    with store.write() as tx:
        shown = {
            name: tx.execute(text(f"SHOW {name}")).scalar()
            for name in ("synchronous_commit", "TimeZone", "idle_in_transaction_session_timeout")
        }
    store.close()
    assert shown == {
        "synchronous_commit": "on",
        "TimeZone": "UTC",
        "idle_in_transaction_session_timeout": "1min",
    }


def test_a_full_disk_is_store_unavailable(tmp_path):
    """Nothing of the group is written, and there is a remedy: it is temporary."""
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3", durable=False)
    with pytest.raises(StoreUnavailable, match="full"), store.write() as tx:
        pages = tx.execute(text("PRAGMA page_count")).scalar()
        tx.execute(text(f"PRAGMA max_page_count={pages + 2}"))
        tx.execute(text("CREATE TABLE t (data BLOB)"))
        tx.execute(text("INSERT INTO t VALUES (zeroblob(1000000))"))
    store.close()


def test_a_database_that_cannot_be_opened_is_store_unavailable(tmp_path):
    with pytest.raises(StoreUnavailable, match="missing"):
        Store.open(f"sqlite:///{tmp_path}/missing/savd.sqlite3")
    with pytest.raises(StoreUnavailable):
        Store.open("postgresql://nobody:hidden@127.0.0.1:1/none")


def test_a_database_that_cannot_be_made_says_what_to_do(tmp_path):
    (tmp_path / "savd.sqlite3").symlink_to(tmp_path / "missing" / "savd.sqlite3")
    with pytest.raises(StoreUnavailable, match=r"cannot be made .* write to its folder"):
        Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")


def test_messages_never_show_the_password():
    with pytest.raises(StoreUnavailable) as caught:
        Store.open("postgresql://nobody:hidden@127.0.0.1:1/none")
    assert "hidden" not in str(caught.value)


def test_a_damaged_file_is_store_unavailable(tmp_path):
    (tmp_path / "savd.sqlite3").write_bytes(b"this is no database, this is a letter\n" * 200)
    with pytest.raises(StoreUnavailable):
        Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")


@pytest.mark.parametrize("url", ["mysql://h/d", "savd.sqlite3", "sqlite://", ""])
def test_other_databases_are_refused_with_the_remedy(url):
    with pytest.raises(ConfigError, match="sqlite:////path"):
        Store.open(url)


def test_a_lost_connection_is_unavailable_once_and_then_comes_back(postgres_url, postgres):
    store = Store.open(postgres_url)
    name = postgres_url.rpartition("/")[2]
    with pytest.raises(StoreUnavailable), store.write() as tx:
        postgres.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        tx.execute(text("SELECT 1"))
    with store.write() as tx:
        assert tx.execute(text("SELECT 1")).scalar() == 1
    store.close()


def test_a_connection_lost_within_a_mail_is_unavailable_and_the_next_one_works(
    postgres_url, postgres
):
    store = Store.open(postgres_url)
    migrate(store)
    name = postgres_url.rpartition("/")[2]
    with pytest.raises(StoreUnavailable), store.write() as tx, savepoint(tx):
        postgres.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        numbers(tx, "rma")
    with store.write() as tx:
        assert numbers(tx, "rma").draw("RMA-2026")[0] == 1
    store.close()


def test_a_database_set_read_only_is_unavailable_and_blames_no_mail(postgres_url, postgres):
    """A standby, or a server an administrator set read-only: to the driver an internal error."""
    store = Store.open(postgres_url)
    migrate(store)
    name = postgres_url.rpartition("/")[2]
    for command in (
        "SET default_transaction_read_only = on",
        "RESET default_transaction_read_only",
    ):
        postgres.execute(f'ALTER DATABASE "{name}" {command}')
        store.close()  # new connections hear of it
        if command.startswith("SET"):
            with pytest.raises(StoreUnavailable, match="read-only"), store.write() as tx:
                directory.save_rows(tx, "rma", "table", [("a", {})])
            with pytest.raises(StoreUnavailable), store.write() as tx, savepoint(tx):
                directory.save_rows(tx, "rma", "table", [("a", {})])
    with store.write() as tx:
        directory.save_rows(tx, "rma", "table", [("a", {})])
    store.close()


def test_a_value_too_long_for_an_index_is_that_mails_trouble_alone(postgres_url):
    """Were it the database's, one mail would stop all others for ever."""
    store = Store.open(postgres_url)
    migrate(store)
    long = "".join(chr(0x4E00 + n % 20000) for n in range(0, 200_000, 7))
    with store.write() as tx:
        with pytest.raises(Exception, match="index row") as caught, savepoint(tx):
            directory.save_rows(tx, "rma", "table", [(long, {})])
        directory.save_rows(tx, "rma", "table", [("a", {})])
    assert not isinstance(caught.value, StoreUnavailable)
    store.close()


def test_any_text_can_be_stored(store):
    """NUL and lone surrogates come out of hostile mails; a database refuses them."""
    (row,) = accept(store, raw(reverse_path="a\0b\udc80c", recipients=("x\0\ud83d", "é\U0001f600")))
    with store.read() as tx:
        kept = tx.execute(text("SELECT reverse_path, recipients FROM journal")).one()
    assert row == 1
    assert kept[0] == "a\ufffdb\ufffdc"


def test_json_keeps_backslashes_and_replaces_what_databases_refuse():
    assert dumps({"a": "\\u0000", "b": ["é", 1, None]}) == '{"a":"\\\\u0000","b":["é",1,null]}'
    assert dumps(("\0", "\ud800")) == '["\ufffd","\ufffd"]'


def test_two_processes_wait_for_each_other(tmp_path):
    """`savd inject` beside `savd run`: the second writer waits instead of failing."""
    path = tmp_path / "savd.sqlite3"
    store = Store.open(f"sqlite:///{path}", durable=False)
    with store.write() as tx:
        tx.execute(text("CREATE TABLE t (n INTEGER)"))
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    timer.start()
    with store.write() as tx:
        tx.execute(text("INSERT INTO t VALUES (1)"))
    timer.join()
    other.close()
    store.close()
