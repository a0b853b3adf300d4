"""Two `savd run` on one PostgreSQL share the work, and either goes on alone when the other dies."""

import itertools
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from .crashing import Count, Postman, check, people, senders
from .running import Savd, configure, introduce, open_sink, open_store, wait_for

TAKEOVER_SECONDS = 5.0


@pytest.fixture
def pair(tmp_path, postgres_url, dovecot):
    """Two running nodes with one database, one mailbox and one relay."""
    user = f"pair{time.monotonic_ns()}"
    box = {"host": dovecot.host, "port": dovecot.port, "user": user, "password": dovecot.password}
    with open_sink() as sink:
        files = [
            configure(tmp_path, sink.port, database=postgres_url, mailbox=box, name=f"{name}.toml")
            for name in ("one", "two")
        ]
        store = open_store(files[0])
        introduce(store, people())
        postman = Postman(dovecot.host, dovecot.port, user, dovecot.password)
        nodes = [Savd(file) for file in files]
        for node in nodes:
            node.wait_until_ready()
        yield Pair(nodes, store, sink, postman)
        for node in nodes:
            node.kill()
        postman.close()
        store.close()


class Pair:
    def __init__(self, nodes, store, sink, postman):
        self.nodes = nodes
        self.store = store
        self.sink = sink
        self.postman = postman
        self.ports = [node.port() for node in nodes]
        self._turns = itertools.count()

    def port(self):
        """Give the doors in turn, those of the dead too, as an MTA with two routes does."""
        return self.ports[next(self._turns) % 2]

    def holder(self):
        """Return the node that reads the mailbox."""
        return next(node for node in self.nodes if "connected what=mailbox" in node.text())

    def ask(self, query):
        with self.store.read() as tx:
            return tx.execute(text(query)).scalar()

    def settled(self):
        return self.ask("SELECT count(*) FROM journal WHERE verdict IS NOT NULL")

    def newest(self):
        return self.ask("SELECT coalesce(max(id), 0) FROM journal")

    def is_idle(self):
        waits = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')"
        pending = "SELECT count(*) FROM journal WHERE verdict IS NULL"
        return not self.ask(pending) and not self.ask(waits)


@pytest.mark.parametrize("victim", ["with the mailbox", "without the mailbox"])
def test_they_share_the_work_and_one_goes_on_when_the_other_is_killed(pair, victim):
    chance = random.Random(victim)
    with senders(4, pair.port) as (waiting, sending):
        wait_for(lambda: any("what=mailbox" in node.text() for node in pair.nodes), "the mailbox")
        _release(pair, waiting, range(60), chance)
        wait_for(lambda: pair.settled() >= 40, "a part of the work")
        for node in pair.nodes:  # both take mail in, and both decide
            wait_for(partial(node.says, " accepted "), "a mail at each door")
            wait_for(partial(node.says, " applied "), "a verdict of each node")

        holder = pair.holder()
        other = next(node for node in pair.nodes if node is not holder)
        dies, lives = (holder, other) if victim == "with the mailbox" else (other, holder)
        _release(pair, waiting, range(60, 160), chance)
        wait_for(lambda: pair.newest() >= 80, "mails in the hands of both")
        dies.kill()
        died, known = time.monotonic(), pair.newest()
        pair.postman.deliver(160)
        wait_for(
            lambda: (
                not pair.ask(
                    f"SELECT count(*) FROM journal WHERE verdict IS NULL AND id <= {known}"
                )
            ),
            "what the dead node had accepted",
            patience=TAKEOVER_SECONDS,
        )
        wait_for(
            lambda: _read_from_mailbox(lives) >= 1 or lives is holder,
            "the mailbox to be read by the other",
            patience=TAKEOVER_SECONDS,
        )
        print(f"taken over {time.monotonic() - died:.1f} s after the kill")
        delivered = pair.postman.delivered
        wanted = 161 - len(delivered)
        wait_for(lambda: sum(len(one.acknowledged) for one in sending) >= wanted, "every 250")
        wait_for(
            lambda: (
                pair.ask("SELECT count(*) FROM journal WHERE path LIKE 'imap:%'") >= len(delivered)
            ),
            "the mailbox",
        )
        wait_for(pair.is_idle, "the last message")
    acknowledged = [number for one in sending for number in one.acknowledged]
    count = Count(mails=161, kills=1)
    check(pair.store, pair.sink, acknowledged, delivered, count)
    print(count)
    assert not count.wrong, "\n".join([str(count), *count.wrong[:20]])


def test_one_reads_the_mailbox_and_a_timer_fires_once(pair):
    wait_for(lambda: any("what=mailbox" in node.text() for node in pair.nodes), "the mailbox")
    for number in range(20):
        pair.postman.deliver(number)
    wait_for(lambda: pair.settled() == 20 and pair.is_idle(), "twenty tickets")
    read = [_read_from_mailbox(node) for node in pair.nodes]
    assert sorted(read) == [0, 20], "one at a time reads the mailbox"
    assert sum("connected what=mailbox" in node.text() for node in pair.nodes) == 1

    with pair.store.write() as tx:
        earlier = datetime.now(UTC) - timedelta(minutes=1)
        due = text("UPDATE timer SET due_at = :at WHERE name = 'T-incomplet' AND nth = 1")
        assert tx.execute(due, {"at": earlier}).rowcount == 20
    reminders = "SELECT count(*) FROM outbox WHERE notice = 'N0_reminder'"
    wait_for(lambda: pair.ask(reminders) >= 20 and pair.is_idle(), "twenty reminders")
    code_one, code_two = (node.terminate()[0] for node in pair.nodes)
    assert (code_one, code_two) == (0, 0)
    assert pair.ask(reminders) == 20
    taken = Counter(pair.sink.message_ids())
    assert len(taken) == 40, "an answer and a reminder for each"
    assert set(taken.values()) == {1}


def _read_from_mailbox(node):
    return node.text().count("path=imap:box")


def _release(pair, waiting, numbers, chance):
    for number in numbers:
        if chance.random() < 0.25:
            pair.postman.deliver(number)
        else:
            waiting.put(number)
