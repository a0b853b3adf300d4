"""kill -9 again and again while mails arrive, then count what is lost or doubled.

The sender is an honest MTA: it keeps each mail until it hears 250 and sends it again when the
line breaks. A mailbox is filled at the same time. After the last restart everything drains, and
the checker compares what was sent, the database and the relay.
"""

from __future__ import annotations

import imaplib
import queue
import random
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import text

from storage.store import Store

from .running import ADDRESS, Savd, Sink, mail, message_id_of, wait_for

PEOPLE = 50


def people() -> list[str]:
    """Return who writes."""
    return [f"person{n}@client{n % 7}.example" for n in range(PEOPLE)]


class Sender(threading.Thread):
    """Sends what is in `waiting` by LMTP, each mail until it is acknowledged.

    `port` says where to; it may change, and nobody may be there.
    """

    def __init__(self, port: Callable[[], int], waiting: queue.Queue[int]) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._waiting = waiting
        self._stopping = threading.Event()
        self.acknowledged: list[int] = []
        self.broken = 0
        self.start()

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        number: int | None = None
        while not self._stopping.is_set():
            try:
                with smtplib.LMTP("127.0.0.1", self._port(), local_hostname="mx.example") as line:
                    line.sock.settimeout(20)
                    while not self._stopping.is_set():
                        number = self._waiting.get(timeout=0.1) if number is None else number
                        sender = people()[number % PEOPLE]
                        line.sendmail(sender, [ADDRESS], mail(number, sender))
                        self.acknowledged.append(number)
                        number = None
            except queue.Empty:
                continue
            except (OSError, smtplib.SMTPException):
                self.broken += 1
                time.sleep(0.02)


class Postman:
    """Puts mails into the mailbox of a Dovecot, durably."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._client = imaplib.IMAP4(host, port)
        self._client.login(user, password)
        self.delivered: list[int] = []

    def deliver(self, number: int) -> None:
        said, _ = self._client.append("INBOX", None, None, mail(number, people()[number % PEOPLE]))
        assert said == "OK"
        self.delivered.append(number)

    def close(self) -> None:
        self._client.logout()


@dataclass
class Count:
    """What the checker found. `wrong` must be empty."""

    mails: int = 0
    rows: int = 0
    duplicates: int = 0
    messages: int = 0
    repeated: int = 0
    kills: int = 0
    busy_kills: int = 0
    broken_lines: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.mails} mails, {self.kills} kills ({self.busy_kills} with work in hand,"
            f" {self.broken_lines} broken or refused connections): {self.rows} journal rows,"
            f" {self.duplicates} of them sent twice and known; {self.messages} messages,"
            f" {self.repeated} of them repeated with the same Message-ID; {len(self.wrong)} wrong"
        )


@contextmanager
def senders(count: int, port: Callable[[], int]) -> Iterator[tuple[queue.Queue[int], list[Sender]]]:
    """Start senders on one queue of mail numbers."""
    waiting: queue.Queue[int] = queue.Queue()
    started = [Sender(port, waiting) for _ in range(count)]
    try:
        yield waiting, started
    finally:
        for sender in started:
            sender.stop()


def crash(
    start: Callable[[], Savd],
    store: Store,
    sink: Sink,
    *,
    mails: int,
    kills: int,
    chance: random.Random,
    postman: Postman | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Count:
    """Start savd, kill it at random moments while mails arrive, start it a last time, count."""
    where = [1]  # nobody listens on port 1
    parts = [list(range(n, mails, kills + 1)) for n in range(kills + 1)]
    count = Count(mails=mails, kills=kills)
    with senders(2, lambda: where[0]) as (waiting, sending):
        savd = None
        for life, numbers in enumerate(parts):
            savd = start()
            if life < kills and chance.random() < 0.15:  # a kill while it starts
                _release(numbers, waiting, postman, chance)
                time.sleep(chance.uniform(0, 1.5))
                where[0] = 1
                savd.kill()
                continue
            savd.wait_until_ready()
            where[0] = savd.port()
            if life == kills:
                _release(numbers, waiting, postman, chance)
                break
            half = len(numbers) // 2
            _release(numbers[:half], waiting, postman, chance)
            if half and chance.random() < 0.7:  # the others are killed before all is warm
                wait_for(partial(savd.says, " applied "), "a first verdict")
            _release(numbers[half:], waiting, postman, chance)
            time.sleep(min(chance.expovariate(20), 0.5))
            savd.kill()
            count.busy_kills += _has_work(store) or not waiting.empty()
            if life % 20 == 19:
                tell(f"{life + 1} kills")
        delivered = postman.delivered if postman else []
        wanted = mails - len(delivered)
        wait_for(lambda: sum(len(one.acknowledged) for one in sending) >= wanted, "every 250")
        wait_for(lambda: _rows(store, "path LIKE 'imap:%'") >= len(delivered), "the mailbox")
        wait_for(lambda: not _has_work(store), "the last message")
        code, _ = savd.terminate()
    count.broken_lines = sum(one.broken for one in sending)
    acknowledged = [number for one in sending for number in one.acknowledged]
    if code:
        count.wrong.append(f"the last life ended with {code}")
    check(store, sink, acknowledged, delivered, count)
    return count


def _release(
    numbers: list[int],
    waiting: queue.Queue[int],
    postman: Postman | None,
    chance: random.Random,
) -> None:
    for number in numbers:
        if postman and chance.random() < 0.4:
            postman.deliver(number)
        else:
            waiting.put(number)


def _ask(store: Store, query: str) -> list[Any]:
    with store.read() as tx:
        return list(tx.execute(text(query)))


def _rows(store: Store, condition: str) -> int:
    return int(_ask(store, f"SELECT count(*) FROM journal WHERE {condition}")[0][0])


def _has_work(store: Store) -> bool:
    states = "('queued', 'sending', 'deferred')"
    waits = f"SELECT 1 FROM outbox WHERE state IN {states} LIMIT 1"
    return bool(_rows(store, "verdict IS NULL") or _ask(store, waits))


def check(
    store: Store, sink: Sink, acknowledged: list[int], delivered: list[int], count: Count
) -> None:
    """Compare what was sent, the database and the relay; write what is wrong into `count`."""
    applied = _check_journal(store, [*acknowledged, *delivered], count)
    _check_tickets(store, applied, count)
    _check_messages(store, sink, applied, count)


def _check_journal(store: Store, sent: list[int], count: Count) -> dict[int, int]:
    """Return the journal id that was applied for each mail."""
    wrong = count.wrong
    query = "SELECT id, verdict, reason, data FROM journal JOIN journal_raw ON journal_id = id"
    rows = _ask(store, query)
    by_mail: dict[str, list[Any]] = {}
    for row in rows:
        by_mail.setdefault(message_id_of(bytes(row.data)), []).append(row)
    applied: dict[int, int] = {}
    for number in sorted(sent):
        found = by_mail.pop(f"<mail{number}@client.example>", [])
        if not found:
            wrong.append(f"lost: mail {number} was acknowledged and is not in the journal")
        whole = mail(number, people()[number % PEOPLE])
        if any(whole not in bytes(row.data) for row in found):
            wrong.append(f"changed: mail {number} is not what was sent")
        verdicts = Counter(row.verdict for row in found)
        if found and verdicts["applied"] != 1:
            told = [(row.id, row.verdict, row.reason) for row in found]
            wrong.append(f"mail {number} was not applied once: {told}")
        if set(verdicts) - {"applied", "duplicate"}:
            wrong.append(f"mail {number} has verdicts {dict(verdicts)}")
        for row in found:
            if row.verdict == "applied":
                applied[number] = row.id
    wrong += [f"nobody sent {name}" for name in by_mail]
    if len(set(sent)) != count.mails:
        wrong.append(f"{len(set(sent))} of {count.mails} mails were acknowledged")
    count.rows = len(rows)
    count.duplicates = sum(row.verdict == "duplicate" for row in rows)
    if count.rows != len(applied) + count.duplicates:
        wrong.append("applied and duplicate mails are not all that was accepted")
    return applied


def _check_tickets(store: Store, applied: dict[int, int], count: Count) -> None:
    query = "SELECT t.id, t.key, j.id AS mail FROM ticket t JOIN journal j ON j.ticket_id = t.id"
    rows = _ask(store, f"{query} WHERE j.verdict = 'applied'")
    tickets = Counter(row.id for row in rows)
    if {row.mail for row in rows} != set(applied.values()):
        count.wrong.append("some mails that were applied have no ticket")
    if set(tickets.values()) - {1} or len({row.key for row in rows}) != len(rows):
        count.wrong.append("some tickets have two mails or one number twice")
    number = int(_ask(store, "SELECT count(*) FROM ticket")[0][0])
    if number != len(applied):
        count.wrong.append(f"{len(applied)} mails made {number} tickets")
    causes = Counter(row.cause for row in _ask(store, "SELECT cause FROM article"))
    for journal_id in applied.values():
        if causes[f"m{journal_id}"] != 1:
            count.wrong.append(f"mail m{journal_id} made {causes[f'm{journal_id}']} articles")


def _check_messages(store: Store, sink: Sink, applied: dict[int, int], count: Count) -> None:
    wrong = count.wrong
    rows = _ask(store, "SELECT message_id, cause, notice, recipient, state FROM outbox")
    taken = Counter(sink.message_ids())
    count.messages = len(rows)
    count.repeated = sum(taken.values()) - len(taken)
    wrong += [f"{row.message_id} is {row.state}" for row in rows if row.state != "sent"]
    wrong += [f"{row.message_id} never came" for row in rows if not taken[row.message_id]]
    known = {row.message_id for row in rows}
    wrong += [f"{name} came from nowhere" for name in taken if name not in known]
    once = Counter((row.cause, row.notice, row.recipient) for row in rows)
    wrong += [f"{key} left {times} times" for key, times in once.items() if times > 1]
    told = {row.cause for row in rows}
    wrong += [f"m{one} was not answered" for one in applied.values() if f"m{one}" not in told]
    copies: dict[str, set[bytes]] = {}
    for one in sink.relay.taken:
        copies.setdefault(message_id_of(one.data), set()).add(one.data)
    wrong += [f"{name} came in two versions" for name, some in copies.items() if len(some) > 1]
