"""IMAP intake against a real Dovecot: nothing lost, nothing twice, nobody's flags touched."""

from __future__ import annotations

import contextlib
import imaplib
import itertools
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from daemon.imap.mailboxes import Mailbox, list_uids
from daemon.imap.passes import Reading
from daemon.imap.session import ImapSession, MailboxSettings
from handlers.envelope import RawMail
from handlers.errors import StoreUnavailable

from .servers import Dovecot
from .tls import client_context

PATIENCE = 20.0
OLD = datetime(2020, 5, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


class Journal:
    """A journal and its ledger in memory; can refuse."""

    def __init__(self) -> None:
        self.mails: list[RawMail] = []
        self.fences: dict[str, datetime] = {}
        self.refuse: Callable[[RawMail], Exception | None] = lambda _: None
        self.asked: Callable[[], None] = lambda: None
        self._changed = threading.Condition()

    def accept(self, raw: RawMail) -> Future[None]:
        future: Future[None] = Future()
        error = self.refuse(raw)
        with self._changed:
            if error:
                future.set_exception(error)
            else:
                self.mails.append(raw)
                future.set_result(None)
            self._changed.notify_all()
        return future

    def missing(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
        self.asked()
        known = {raw.envelope.path_key for raw in self.mails}
        return [uid for uid in uids if f"{uidvalidity}:{uid}" not in known]

    def fence(self, mailbox: str, connected: datetime) -> datetime:
        return self.fences.setdefault(mailbox, connected)

    def wait(self, count: int) -> list[RawMail]:
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.mails) >= count, PATIENCE)
        assert arrived, f"{len(self.mails)} of {count} mails"
        return self.mails

    @property
    def texts(self) -> list[bytes]:
        return [raw.data.partition(b"\r\n\r\n")[2].rstrip() for raw in self.mails]


class Box:
    """A mailbox of this test's own on the real server, as its owner sees it."""

    def __init__(self, server: Dovecot) -> None:
        self.settings = MailboxSettings(
            name="rma",
            host=server.host,
            port=server.port,
            user=f"u{os.getpid()}x{next(_numbers)}",
            password=server.password,
            address="rma@desk.example",
            security="plain",
        )
        self.owner = IMAPClient(server.host, server.port, ssl=False)
        self.owner.normalise_times = False
        self.owner.login(self.settings.user, server.password)
        self.owner.select_folder("INBOX")

    def append(self, text: str, when: datetime | None = None, folder: str = "INBOX") -> None:
        mail = f"From: ann@customer.example\r\nSubject: x\r\n\r\n{text}\r\n".encode()
        self.owner.append(folder, mail, msg_time=when)

    def flags(self, folder: str = "INBOX") -> list[set[bytes]]:
        self.owner.select_folder(folder)
        uids = self.owner.search("ALL")
        answers = self.owner.fetch(uids, ["FLAGS"]) if uids else {}
        # savd may move a mail away between the two commands: it has no answer then.
        return [set(answers[uid][b"FLAGS"]) - {b"\\Recent"} for uid in uids if uid in answers]

    def until_flags(self, wanted: list[set[bytes]], folder: str = "INBOX") -> None:
        deadline = time.monotonic() + PATIENCE
        while (seen := self.flags(folder)) != wanted and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert seen == wanted


@pytest.fixture
def box(dovecot: Dovecot) -> Iterator[Box]:
    box = Box(dovecot)
    yield box
    box.owner.logout()


@contextlib.contextmanager
def served(settings: MailboxSettings, journal: Journal, **options: object) -> Iterator[Mailbox]:
    options = {"accept": journal.accept, "ledger": journal, "jitter": lambda: 0.0, **options}
    mailbox = Mailbox(settings, **options)  # type: ignore[arg-type]
    mailbox.start()
    try:
        yield mailbox
    finally:
        mailbox.stop()
        mailbox.join(PATIENCE)
        assert not mailbox.is_alive()


FLAGGED = {b"$savd"}


def test_mails_that_are_there_are_handed_over_once_and_flagged(box: Box) -> None:
    for number in range(3):
        box.append(f"mail {number}")
    journal = Journal()
    with served(box.settings, journal):
        journal.wait(3)
        box.until_flags([FLAGGED] * 3)  # and not Seen: that belongs to people
    assert journal.texts == [b"mail 0", b"mail 1", b"mail 2"]
    envelope = journal.mails[0].envelope
    assert envelope.recipients == ("rma@desk.example",)
    assert (envelope.path, envelope.reverse_path) == ("imap:rma", "")
    assert envelope.path_key == f"{list_uids(box.settings)[0]}:1"
    with served(box.settings, journal) as again:
        box.append("later")
        journal.wait(4)
        assert again.trouble == ""
    assert len(journal.mails) == 4


def test_mail_that_comes_while_idling_is_read(box: Box) -> None:
    journal = Journal()
    with served(box.settings, journal):
        for number in range(5):
            box.append(f"mail {number}")
            journal.wait(number + 1)


def test_mail_that_comes_between_search_and_idle_is_seen(box: Box) -> None:
    """The server tells of it in the same breath as "idling": it sits in a buffer, not a socket."""
    journal = Journal()
    moments = itertools.count()

    def clock() -> datetime:
        if 1 <= next(moments) <= 10:  # 0 is the connect; each other one is the end of a pass
            box.append("in the gap")
        return datetime.now(UTC)

    with served(box.settings, journal, clock=clock):
        journal.wait(10)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_over_tls_too_and_with_news_in_the_gap(box: Box, dovecot: Dovecot, security: str) -> None:
    """Under TLS the news hide one layer deeper."""
    journal = Journal()
    moments = itertools.count()

    def clock() -> datetime:
        if 1 <= next(moments) <= 5:
            box.append("in the gap")
        return datetime.now(UTC)

    settings = replace(
        box.settings,
        host="localhost",
        port=dovecot.tls_port if security == "tls" else dovecot.port,
        security=security,  # type: ignore[arg-type]
        tls=client_context(),
    )
    with served(settings, journal, clock=clock) as mailbox:
        journal.wait(5)
        box.append("while idling")
        journal.wait(6)
        assert mailbox.trouble == ""


def test_a_certificate_nobody_vouches_for_is_refused(box: Box, dovecot: Dovecot) -> None:
    session = ImapSession(replace(box.settings, port=dovecot.tls_port, security="tls"))
    with pytest.raises(ssl.SSLCertVerificationError):
        session.open()
    session.cut()


@pytest.mark.parametrize("after", ["flag", "move", "leave"])
def test_mail_announced_while_we_mark_another_is_seen(box: Box, after: str) -> None:
    """The server tells of it in its answer to our STORE, and never again: not while we idle."""
    journal = Journal()
    settings = replace(box.settings, after=after)  # type: ignore[arg-type]

    def accept(raw: RawMail) -> Future[None]:
        if len(journal.mails) < 5:
            box.append("came meanwhile")
        return journal.accept(raw)

    box.append("first")
    with served(settings, journal, accept=accept):
        journal.wait(6)
    assert len({raw.envelope.path_key for raw in journal.mails}) == 6


def test_moved_after_the_journal_has_it(box: Box) -> None:
    box.append("one")
    box.append("two")
    journal = Journal()
    with served(replace(box.settings, after="move", processed="Done/Ours"), journal):
        journal.wait(2)
        box.until_flags([])
        box.until_flags([set(), set()], "Done/Ours")


def test_left_alone_when_asked_to(box: Box) -> None:
    box.append("one")
    journal = Journal()
    with served(replace(box.settings, after="leave"), journal) as mailbox:
        journal.wait(1)
        box.append("two")
        journal.wait(2)
        assert box.flags() == [set(), set()]
        assert mailbox.trouble == ""


def test_a_mail_somebody_has_read_already_is_ours_all_the_same(box: Box) -> None:
    box.append("read on a phone")
    box.owner.add_flags(box.owner.search("ALL"), [b"\\Seen"])
    journal = Journal()
    with served(box.settings, journal):
        journal.wait(1)
        box.until_flags([{b"\\Seen", *FLAGGED}])


def test_the_backlog_of_the_first_connect_is_mute_and_stays_so(box: Box) -> None:
    box.append("last year", OLD)
    box.append("a minute ago", datetime.now(UTC) - timedelta(minutes=1))
    journal = Journal()
    with served(box.settings, journal):
        journal.wait(2)
        box.append("new")
        journal.wait(3)
    journal.mails.clear()  # a crash in the middle of the first pass, say: all is read again
    with served(box.settings, journal):
        journal.wait(3)
    assert [raw.envelope.mute for raw in journal.mails] == [True, True, False]
    assert journal.mails[0].envelope.received_at == OLD


def test_a_mail_from_the_future_came_now(box: Box) -> None:
    """The server's clock may be wrong: deadlines count from the earlier of the two."""
    # Dovecot takes dates many hours ahead for mistakes and writes the present one instead.
    box.append("in an hour", datetime.now(UTC) + timedelta(hours=1))
    journal = Journal()
    with served(box.settings, journal):
        journal.wait(1)
    assert journal.mails[0].envelope.received_at <= datetime.now(UTC)
    assert not journal.mails[0].envelope.mute


def test_a_configured_fence_goes_before_the_first_connect(box: Box) -> None:
    box.append("before", OLD)
    box.append("after", OLD + timedelta(days=2))
    journal = Journal()
    with served(replace(box.settings, fence=OLD + timedelta(days=1)), journal):
        journal.wait(2)
    assert [raw.envelope.mute for raw in journal.mails] == [True, False]
    assert journal.fences == {}


def test_nothing_is_flagged_before_the_journal_has_it(box: Box) -> None:
    box.append("one")
    journal = Journal()
    pending: Future[None] = Future()
    asked = threading.Event()

    def accept(raw: RawMail) -> Future[None]:
        asked.set()
        return pending

    with served(box.settings, journal, accept=accept):
        assert asked.wait(PATIENCE)
        assert box.flags() == [set()]
        pending.set_result(None)
        box.until_flags([FLAGGED])


def test_a_dead_database_stops_the_intake_and_marks_nothing(box: Box) -> None:
    box.append("one")
    journal = Journal()
    refused = threading.Semaphore(0)

    def refuse(_: RawMail) -> Exception:
        refused.release()
        return StoreUnavailable("the database is away")

    journal.refuse = refuse
    with served(box.settings, journal) as mailbox:
        assert refused.acquire(timeout=PATIENCE)
        assert refused.acquire(timeout=PATIENCE)  # it tries again, with a new connection
        assert box.flags() == [set()]
        assert "database is away" in mailbox.trouble
        journal.refuse = lambda _: None
        journal.wait(1)
        box.until_flags([FLAGGED])
        box.append("two")
        journal.wait(2)  # a second pass: the first one has ended
        assert mailbox.trouble == ""


def test_a_mail_the_store_chokes_on_does_not_block_the_others(box: Box) -> None:
    for text in ("one", "poison", "three"):
        box.append(text)
    journal = Journal()
    journal.refuse = lambda raw: ValueError("choked") if b"poison" in raw.data else None
    with served(box.settings, journal):
        journal.wait(2)
        box.append("four")
        journal.wait(3)
        box.until_flags([FLAGGED, set(), FLAGGED, FLAGGED])
    assert journal.texts == [b"one", b"three", b"four"]


def test_a_mail_over_the_limit_stays_and_is_reported(box: Box) -> None:
    box.append("x" * 5000)
    box.append("small")
    journal = Journal()
    reported: list[tuple[int, int]] = []
    settings = replace(box.settings, size_limit=4000)
    with served(settings, journal, too_big=lambda *mail: reported.append(mail)):
        journal.wait(1)
        box.append("small too")
        journal.wait(2)
        box.until_flags([set(), FLAGGED, FLAGGED])
    assert [uid for uid, _ in reported] == [1]
    assert reported[0][1] > 5000


def test_a_mail_expunged_between_listing_and_fetching_harms_nothing(box: Box) -> None:
    for number in range(3):
        box.append(f"mail {number}")
    journal = Journal()

    def expunge() -> None:
        journal.asked = lambda: None
        box.owner.delete_messages([2])
        box.owner.expunge()

    journal.asked = expunge
    with served(box.settings, journal) as mailbox:
        journal.wait(2)
        box.append("later")
        journal.wait(3)
        assert mailbox.trouble == ""
    assert journal.texts == [b"mail 0", b"mail 2", b"later"]


def test_a_flag_that_a_crash_left_undone_is_made_up_for(box: Box) -> None:
    box.append("one")
    journal = Journal()
    with served(replace(box.settings, after="leave"), journal):
        journal.wait(1)
    with served(box.settings, journal):
        box.until_flags([FLAGGED])
    assert len(journal.mails) == 1


def test_a_folder_made_anew_is_read_anew(box: Box) -> None:
    """UIDVALIDITY is part of what a mail is known by: UID 1 is another mail now."""
    settings = replace(box.settings, folder="Desk")
    journal = Journal()
    for text in ("first life", "second life"):
        box.owner.create_folder("Desk")
        box.append(text, folder="Desk")
        with served(settings, journal):
            journal.wait(1 if text == "first life" else 2)
        box.owner.delete_folder("Desk")
        threading.Event().wait(1.1)  # the server makes UIDVALIDITY from the second
    assert journal.texts == [b"first life", b"second life"]
    assert len({raw.envelope.path_key for raw in journal.mails}) == 2


def test_a_mailbox_is_listed_without_touching_it(box: Box) -> None:
    box.append("one")
    box.append("two")
    box.owner.delete_messages([1])
    box.owner.expunge()
    assert list(list_uids(box.settings)[1]) == [2]
    assert box.flags() == [set()]


def test_only_the_node_whose_turn_it_is_serves(box: Box) -> None:
    journals = {"a": Journal(), "b": Journal()}
    turn = {"node": "a"}

    def options(node: str) -> dict[str, Callable[[str], bool]]:
        return {"take": lambda name: name == "rma" and turn["node"] == node}

    box.append("one")
    with (
        served(box.settings, journals["a"], **options("a")),
        served(box.settings, journals["b"], **options("b")),
    ):
        journals["a"].wait(1)
        turn["node"] = "b"
        box.append("two")
        journals["b"].wait(2)  # its ledger is its own here, so it reads both
    assert journals["a"].texts[:1] == [b"one"]
    assert journals["b"].texts == [b"one", b"two"]


def test_a_wrong_password_is_told_and_not_tried_again_soon(box: Box) -> None:
    logins = []

    def take(_: str) -> bool:
        logins.append(1)
        return True

    with served(replace(box.settings, password="wrong"), Journal(), take=take) as mailbox:
        deadline = time.monotonic() + PATIENCE
        while not mailbox.trouble and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        assert "AUTHENTICATIONFAILED" in mailbox.trouble
        assert "wrong" not in mailbox.trouble
        threading.Event().wait(1.5)
        assert len(logins) == 1


# Lines that are cut, and servers that lie


class Cutter:
    """Stands between us and the server, and cuts each connection after so many octets."""

    def __init__(self, port: int, limits: Iterator[int]) -> None:
        self._target = port
        self._limits = limits
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self._threads = [threading.Thread(target=self._run, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.connections += 1
                far = socket.create_connection(("127.0.0.1", self._target))
                limit = next(self._limits, 1 << 40)
                for way in ((near, far, 1 << 40), (far, near, limit)):
                    self._threads.append(threading.Thread(target=self._pump, args=way, daemon=True))
                    self._threads[-1].start()

    def _pump(self, source: socket.socket, sink: socket.socket, limit: int) -> None:
        with contextlib.suppress(OSError):
            while limit > 0 and (data := source.recv(min(limit, 1 << 16))):
                sink.sendall(data)
                limit -= len(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            source.close()


@pytest.mark.parametrize("after", ["flag", "move"])
def test_a_line_cut_anywhere_loses_nothing_and_doubles_nothing(box: Box, after: str) -> None:
    for number in range(6):
        box.append(f"mail {number} " + "x" * 500)
    journal = Journal()
    cutter = Cutter(box.settings.port, iter(range(40, 5200, 130)))
    settings = replace(box.settings, port=cutter.port, after=after)  # type: ignore[arg-type]
    # The back-off is real time, so the sessions are begun by hand here: one for each cut.
    stopping = threading.Event()
    while cutter.connections < 40:
        session = ImapSession(settings)
        reading = Reading(
            session, settings, accept=journal.accept, ledger=journal, fence=OLD,
            too_big=lambda *_: None, clock=lambda: datetime.now(UTC), stopping=stopping,
        )  # fmt: skip
        with contextlib.suppress(IMAPClientError, OSError):
            session.open()
            reading.sweep()
        session.cut()
    with served(settings, journal) as mailbox:
        box.append("last")
        journal.wait(7)
        if after == "flag":
            box.until_flags([FLAGGED] * 7)
        else:
            box.until_flags([])
        assert mailbox.trouble == ""
    cutter.close()
    assert [text.split()[-2] if b"x" in text else text for text in journal.texts] == [
        *(str(number).encode() for number in range(6)), b"last"
    ]  # fmt: skip


def test_a_lost_connection_is_made_anew(box: Box) -> None:
    journal = Journal()
    cutter = Cutter(box.settings.port, iter([2500, 2500]))
    with served(replace(box.settings, port=cutter.port), journal):
        for number in range(8):
            box.append(f"mail {number} " + "x" * 300)
        journal.wait(8)
    cutter.close()
    assert cutter.connections >= 2
    assert len({raw.envelope.path_key for raw in journal.mails}) == len(journal.mails) == 8


Answer = Callable[[bytes, bytes], list[bytes] | None]


class Liar:
    """A server that says what a script tells it to."""

    def __init__(self, answer: Answer, greeting: bytes = b"* OK hello\r\n") -> None:
        self._answer = answer
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.settings = MailboxSettings(
            name="rma", host="127.0.0.1", port=self._listener.getsockname()[1], user="u",
            password="p", address="rma@desk.example", security="plain", size_limit=1 << 20,
        )  # fmt: skip
        self.connections = 0
        self.commands: list[bytes] = []
        self.reached = threading.Event()
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        for each in (self._listener, *self._open):
            each.close()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                with contextlib.suppress(OSError):
                    self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.sendall(self._greeting)
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, _, command = line.rstrip(b"\r\n").partition(b" ")
                self.commands.append(command)
                said = self._answer(tag, command)
                if said is None:
                    said = _plain_answer(tag, command)
                else:
                    self.reached.set()
                for piece in said:
                    connection.sendall(piece)


def _plain_answer(tag: bytes, command: bytes) -> list[bytes]:
    said = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
        b"SELECT": b"* FLAGS ()\r\n* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n",
        b"UID": b"* SEARCH 1\r\n",
    }.get(command.split()[0].upper(), b"")
    if command.upper().startswith(b"UID FETCH 1 (RFC822"):
        said = b'* 1 FETCH (UID 1 RFC822.SIZE 20 INTERNALDATE "01-May-2020 12:00:00 +0000")\r\n'
    return [said + tag + b" OK done\r\n"]


def is_body(command: bytes) -> bool:
    return b"BODY.PEEK" in command


LIES: dict[str, Answer] = {
    "literal-2g": lambda tag, it: [b"* 1 FETCH (UID 1 BODY[] {2000000000}\r\n", bytes(1 << 16)]
    if is_body(it) else None,
    "literal-short": lambda tag, it: [b"* 1 FETCH (UID 1 BODY[] {90}\r\n", tag + b" OK done\r\n" * 9]
    if is_body(it) else None,
    "flood": lambda tag, it: [b"* 1 EXISTS\r\n" * 5000] * 100 if is_body(it) else None,
    "line-2mb": lambda tag, it: [b"* SEARCH " + b"1 " * 1_000_000] if it[:10] == b"UID SEARCH" else None,
    "bye": lambda tag, it: [b"* BYE so long\r\n"] if is_body(it) else None,
    "nothing-selected": lambda tag, it: [tag + b" OK done\r\n"] if it[:6] == b"SELECT" else None,
    "garbage": lambda tag, it: [b"* \xff\xfe)(\r\n* 1 FETCH ((((\r\n" + tag + b" OK x\r\n"]
    if is_body(it) else None,
    "other-uid": lambda tag, it: [b"* 2 FETCH (UID 2 BODY[] {5}\r\nwrong)\r\n" + tag + b" OK x\r\n"]
    if is_body(it) else None,
    "nil-body": lambda tag, it: [b"* 1 FETCH (UID 1 BODY[] NIL)\r\n" + tag + b" OK x\r\n"]
    if is_body(it) else None,
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_server_makes_nothing_happen(lie: str) -> None:
    """Nothing is stored or marked, the thread lives on and stops when told."""
    liar = Liar(LIES[lie])
    journal = Journal()
    with served(liar.settings, journal) as mailbox:
        assert liar.reached.wait(PATIENCE)
        threading.Event().wait(0.2)
        assert mailbox.is_alive()
        started = time.monotonic()
        mailbox.stop()
        mailbox.join(5)
        assert time.monotonic() - started < 1
    liar.close()
    assert journal.mails == []
    assert not any(command.startswith((b"UID STORE", b"UID MOVE")) for command in liar.commands)
    assert liar.connections <= 2


@pytest.mark.parametrize("greeting", [b"* PREAUTH come in\r\n", b"* OK no STARTTLS here\r\n"])
def test_a_session_without_the_tls_we_want_is_refused(greeting: bytes) -> None:
    """And the password is not sent in the clear."""
    liar = Liar(lambda tag, it: None, greeting)
    session = ImapSession(replace(liar.settings, security="starttls"))
    with pytest.raises(imaplib.IMAP4.error, match=r"PREAUTH|STARTTLS|starttls"):
        session.open()
    session.cut()
    liar.close()
    assert not any(b"LOGIN" in command for command in liar.commands)


@pytest.mark.parametrize("moment", ["login", "search", "fetch"])
def test_stop_is_prompt_even_when_the_server_hangs(moment: str) -> None:
    word = {"login": b"LOGIN", "search": b"UID SEARCH", "fetch": b"UID FETCH"}[moment]
    liar = Liar(lambda tag, it: [] if it.startswith(word) else None)
    with served(liar.settings, Journal()) as mailbox:
        assert liar.reached.wait(PATIENCE)
        started = time.monotonic()
        mailbox.stop()
        mailbox.join(PATIENCE)
        assert time.monotonic() - started < 1
    liar.close()


def test_stop_is_prompt_while_idling_and_while_pausing(box: Box) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    away = replace(box.settings, port=closed.getsockname()[1])
    closed.close()
    for settings in (box.settings, away):
        with served(settings, Journal()) as mailbox:
            deadline = time.monotonic() + PATIENCE
            while not (mailbox.swept_at or mailbox.trouble) and time.monotonic() < deadline:
                threading.Event().wait(0.01)
            started = time.monotonic()
            mailbox.stop()
            mailbox.join(PATIENCE)
            assert time.monotonic() - started < 1


def test_the_password_shows_nowhere() -> None:
    settings = MailboxSettings(name="rma", host="h", user="u", address="a@b", password="canary")
    assert "canary" not in repr(settings)
