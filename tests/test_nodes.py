"""Living nodes share the work; what a dead one had goes to the living at once."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.errors import TemporaryFailure
from handlers.message import Attempt, OutboxState
from storage import journal, outbox
from storage.nodes import Node, adopt_dead, inherit
from storage.wakeup import Wakeup

from .stores import NOW, a_message, accept, opened, raw, store, store_url, write

__all__ = ["store", "store_url"]


def pending(store, node):
    with store.read() as tx:
        return [mail.id for mail in journal.pending(tx, node, 10, NOW)]


def adopt(store, node):
    with store.write() as tx:
        return adopt_dead(tx, node)


def claim(store, node):
    with store.write() as tx:
        return outbox.claim(tx, node, 10, NOW)


def both(store):
    """Two nodes, as far as the database allows: on SQLite the first is dead."""
    first = Node.open(store, NOW)
    if store.dialect == "sqlite":
        first.close()
    return first, Node.open(store, NOW)


def test_every_start_is_a_new_node(store):
    first, second = both(store)
    assert second.id > first.id > 0
    assert second.alive()
    second.close()
    first.close()


def test_mails_of_nobody_and_of_the_dead_are_adopted(store):
    first, second = both(store)
    one, two = (accept(store, raw(str(n)), node=n)[0] for n in (journal.NOBODY, first.id))
    first.close()
    assert adopt(store, second.id) == 2
    assert pending(store, second.id) == [one, two]
    assert adopt(store, second.id) == 0
    second.close()


def test_a_message_a_dead_node_was_sending_is_sent_again(store):
    first, second = both(store)
    write(store, opened(), a_message())
    (lost,) = claim(store, first.id)
    first.close()
    adopt(store, second.id)
    (again,) = claim(store, second.id)
    assert again.message == lost.message
    assert again.attempts == 2
    second.close()


def test_the_work_of_a_living_node_is_left_alone(postgres_url):
    from storage.migrations import migrate
    from storage.store import Store

    store = Store.open(postgres_url, durable=False)
    migrate(store)
    first, second = Node.open(store, NOW), Node.open(store, NOW)
    (one,) = accept(store, raw(), node=first.id)
    write(store, opened(), a_message())
    (mine,) = claim(store, first.id)
    assert adopt(store, second.id) == 0
    assert pending(store, first.id) == [one]
    with store.write() as tx:
        outbox.record(tx, [(mine.id, Attempt(state=OutboxState.SENT))], NOW)
    first.close()
    assert adopt(store, second.id) == 1
    second.close()
    store.close()


def test_a_node_that_lost_its_connection_knows_it_and_its_work_is_taken(postgres_url, postgres):
    from storage.migrations import migrate
    from storage.store import Store

    store = Store.open(postgres_url, durable=False)
    migrate(store)
    first, second = Node.open(store, NOW), Node.open(store, NOW)
    accept(store, raw(), node=first.id)
    assert first.take("INBOX")
    postgres.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
        f" AND objid = {first.id} AND objsubid = 2"
    )
    assert not first.alive()
    assert second.alive()
    with pytest.raises(TemporaryFailure):
        first.take("INBOX")
    assert second.take("INBOX")
    assert adopt(store, second.id) == 1
    first.close()
    second.close()
    store.close()


def test_a_process_that_joins_anew_keeps_what_it_has_in_hand(store):
    """After a restart of the database: its mails are its own, its messages are not sent twice."""
    first, second = both(store)
    first.close()
    (mail,) = accept(store, raw(), node=first.id)
    write(store, opened(), a_message())
    claim(store, first.id)
    with store.write() as tx:
        inherit(tx, first.id, second.id)
    assert adopt(store, second.id) == 0
    assert pending(store, second.id) == [mail]
    assert claim(store, second.id) == ()
    second.close()


def test_a_thing_is_taken_by_one_node_at_a_time(store):
    if store.dialect == "sqlite":
        node = Node.open(store, NOW)
        assert node.take("INBOX")
        node.give_back("INBOX")
        node.close()
        return
    first, second = Node.open(store, NOW), Node.open(store, NOW)
    assert first.take("INBOX")
    assert not second.take("INBOX")
    assert second.take("timers")
    first.give_back("INBOX")
    assert second.take("INBOX")
    second.close()
    assert first.take("timers")
    first.close()


def test_a_second_process_on_an_embedded_database_is_refused_by_name(tmp_path):
    from storage.migrations import migrate
    from storage.store import Store

    url = f"sqlite:///{tmp_path}/savd.sqlite3"
    store = Store.open(url)
    migrate(store)
    node = Node.open(store, NOW)
    program = f"""
from datetime import UTC, datetime
from storage.nodes import Node
from storage.store import Store
Node.open(Store.open({url!r}), datetime.now(UTC))
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TemporaryFailure" in run.stderr
    assert f"savd.sqlite3.lock: process {os.getpid()}" in run.stderr
    node.close()
    Node.open(store, NOW).close()
    store.close()


def test_a_ring_is_heard(store):
    """On PostgreSQL by the other nodes too, when the transaction commits."""
    heard, elsewhere = threading.Event(), threading.Event()
    ours, theirs = Wakeup(store, heard.set), Wakeup(store, elsewhere.set)
    if store.dialect == "postgresql":
        assert theirs.listening.wait(10)
        assert ours.listening.wait(10)
    with store.write() as tx:
        heard.clear()
        ours.ring(tx)
        assert not heard.is_set(), "nobody would find anything yet"
    assert heard.is_set()
    if store.dialect == "postgresql":
        assert elsewhere.wait(10)
    ours.close()
    theirs.close()


def test_a_listener_comes_back_after_the_connection_was_cut(postgres_url, postgres):
    from storage.store import Store

    store = Store.open(postgres_url)
    heard = threading.Event()
    wakeup = Wakeup(store, heard.set)
    assert wakeup.listening.wait(10)
    name = postgres_url.rpartition("/")[2]
    postgres.execute(
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        " AND query LIKE 'LISTEN%'"
    )
    assert heard.wait(10), "a new listener looks for what it missed"
    with store.read() as tx:
        assert tx.execute(text("SELECT 1")).scalar() == 1
    wakeup.close()
    store.close()
