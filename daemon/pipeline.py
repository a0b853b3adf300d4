"""The way of a mail, from its journal row to its verdict (architecture.md).

    read        bytes -> ParsedMail, elsewhere: in a sandboxed worker process
    look up     what storage knows of it, with the tickets locked
    decide      pure
    write       the notices, as exact bytes
    apply       tickets, articles, timers, outbox and the verdict: one transaction

A group of mails shares one transaction, each behind a savepoint: one that fails is tried again
later and then held; the others go on. When the database is gone nothing is marked bad.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon import log
from daemon.clock import Clock
from daemon.office import Office
from handlers.decide import decide
from handlers.decision import Decision, Notice, Verdict
from handlers.envelope import RawMail
from handlers.errors import StoreUnavailable
from handlers.message import Message
from handlers.references import references_of
from handlers.route import digest_of_words, questions
from handlers.ticket import Ticket, Timer
from handlers.timekeeping import decide_timer
from parsers.mail import ParsedMail
from storage import journal, timers
from storage.apply import apply
from storage.blobs import read_blobs
from storage.lookup import answer, tickets_by_id
from storage.store import Store, savepoint
from templates.message import compose

ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=30)
TIMERS_AT_ONCE = 100
LOOK_AGAIN = timedelta(days=1)

_trouble = logging.getLogger("savd.trouble")


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A mail after reading. `mail` is None when the reader died: `trouble` says how."""

    journal_id: int
    desk: str
    raw: RawMail
    mail: ParsedMail | None
    trouble: str = ""
    attempts: int = 0
    fingerprint: str = ""
    requester: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What became of one mail, for the log."""

    journal_id: int
    decision: Decision


class Pipeline:
    """Decides and applies. One at a time per process: the caller owns the thread."""

    def __init__(
        self,
        *,
        store: Store,
        offices: Mapping[str, Office],
        clock: Clock,
        ring: Callable[[Connection], None] = lambda _tx: None,
    ) -> None:
        self._store = store
        self._offices = offices
        self._clock = clock
        self._ring = ring

    def process(self, reads: Sequence[Read]) -> None:
        """Give each mail its verdict, in order. Raises StoreUnavailable: nothing was changed."""
        settled: list[Settled] = []
        failed: list[tuple[Read, str]] = []
        with self._store.write() as tx:
            still_open = journal.claim(tx, [read.journal_id for read in reads])
            for read in reads:
                if read.journal_id in still_open:
                    self._try(tx, read, settled, failed)
            self._ring(tx)
        for one in settled:
            _log_settled(one)
        self._count_failures(failed)

    def fire_timers(self) -> int:
        """Decide the timers that are due. Return how many were looked at."""
        now = self._clock.now()
        with self._store.write() as tx:
            due = timers.due(tx, now, TIMERS_AT_ONCE)
            for timer_id, timer in due:
                self._fire(tx, timer_id, timer, now)
            if due:
                self._ring(tx)
        return len(due)

    def explain(self, raw: RawMail, mail: ParsedMail, desk: str) -> Decision:
        """Return what would be decided for a mail now. Changes nothing."""
        with self._store.write() as tx:
            read = Read(journal_id=0, desk=desk, raw=raw, mail=mail)
            decision, _ = self._decide(tx, read, mail, self._offices[desk])
            return decision

    def _try(
        self, tx: Connection, read: Read, settled: list[Settled], failed: list[tuple[Read, str]]
    ) -> None:
        """Settle one mail behind a savepoint. Here, and only here, every accident is caught."""
        try:
            with savepoint(tx):
                settled.append(self._settle(tx, read))
        except StoreUnavailable:
            raise
        except Exception as accident:
            _trouble.exception("mail=%s could not be decided", read.journal_id)
            failed.append((read, f"{type(accident).__name__}: {accident}"))

    def _settle(self, tx: Connection, read: Read) -> Settled:
        office = self._offices.get(read.desk)
        if office is None:
            return self._record(tx, read, _held(f"no desk is called {read.desk!r}"))
        if read.mail is None:
            raise RuntimeError(read.trouble)
        first = journal.first_of(tx, read.desk, read.fingerprint, read.journal_id)
        if first != read.journal_id:
            reason = f"same_mail_as_{first}"
            return self._record(tx, read, Decision(verdict=Verdict.DUPLICATE, reason=reason))
        decision, tickets = self._decide(tx, read, read.mail, office)
        self._apply(tx, decision, tickets, office, f"m{read.journal_id}")
        return self._record(tx, read, decision)

    def _decide(
        self, tx: Connection, read: Read, mail: ParsedMail, office: Office
    ) -> tuple[Decision, Mapping[int, Ticket]]:
        now = self._clock.now()
        asked = questions(mail, read.raw.envelope, office.desk, office.keys)
        facts = answer(tx, asked, now=now, year=_year(office, now))
        decision = decide(
            mail,
            read.raw.envelope,
            facts,
            desk=office.desk,
            workflow=office.workflow,
            keys=office.keys,
            journal_id=read.journal_id,
            now=now,
            requester=read.requester,
        )
        return decision, facts.tickets

    def _apply(
        self,
        tx: Connection,
        decision: Decision,
        tickets: Mapping[int, Ticket],
        office: Office,
        cause: str,
    ) -> None:
        now = self._clock.now()
        changed = {change.ticket.id: change.ticket for change in decision.changes}
        apply(
            tx,
            decision,
            self._compose(tx, decision, {**tickets, **changed}, office, cause),
            desk=office.desk.name,
            references={ticket.id: references_of(ticket) for ticket in changed.values()},
            now=now,
            year=_year(office, now),
        )

    def _compose(
        self,
        tx: Connection,
        decision: Decision,
        tickets: Mapping[int, Ticket],
        office: Office,
        cause: str,
    ) -> list[Message]:
        fresh = {new.document.sha256: new.data for c in decision.changes for new in c.documents}
        return [
            compose(
                notice,
                ticket=tickets.get(notice.ticket_id) if notice.ticket_id is not None else None,
                desk=office.desk,
                workflow=office.workflow,
                keys=office.keys,
                cause=cause,
                now=self._clock.now(),
                files=_files(tx, notice, tickets, fresh),
                site=office.templates_dir,
            )
            for notice in decision.notices
        ]

    def _record(self, tx: Connection, read: Read, decision: Decision) -> Settled:
        journal.settle(
            tx,
            read.journal_id,
            verdict=decision.verdict,
            reason=decision.reason,
            evidence=decision.evidence,
            ticket_id=decision.about,
            now=self._clock.now(),
            summary=_summary(read.mail) if read.mail else None,
        )
        return Settled(journal_id=read.journal_id, decision=decision)

    def _count_failures(self, failed: Sequence[tuple[Read, str]]) -> None:
        now = self._clock.now()
        if not failed:
            return
        with self._store.write() as tx:
            for read, reason in failed:
                again = read.attempts + 1 < ATTEMPTS
                journal.fail(tx, read.journal_id, reason, now + RETRY_AFTER if again else None, now)
                log.failed(journal_id=read.journal_id, reason=reason, attempts=read.attempts + 1)

    def _fire(self, tx: Connection, timer_id: int, timer: Timer, now: datetime) -> None:
        """Decide one timer; one that fails is looked at again tomorrow, the others go on."""
        try:
            with savepoint(tx):
                self._decide_timer(tx, timer_id, timer, now)
        except StoreUnavailable:
            raise
        except Exception:
            _trouble.exception("timer=%s of ticket %s failed", timer.name, timer.ticket_id)
            timers.postpone(tx, timer_id, now + LOOK_AGAIN)

    def _decide_timer(self, tx: Connection, timer_id: int, timer: Timer, now: datetime) -> None:
        tickets = tickets_by_id(tx, {timer.ticket_id})
        ticket = tickets.get(timer.ticket_id)
        office = self._offices.get(ticket.desk) if ticket else None
        if ticket is None or office is None:
            timers.postpone(tx, timer_id, now + LOOK_AGAIN)
            return
        decision = decide_timer(
            timer, ticket, desk=office.desk, workflow=office.workflow, timer_id=timer_id, now=now
        )
        if decision.postponed is not None:
            timers.postpone(tx, timer_id, decision.postponed)
            return
        timers.done(tx, timer_id)
        self._apply(tx, decision, tickets, office, f"t{timer_id}")
        state = decision.changes[0].ticket.state if decision.changes else ticket.state
        log.timer(ticket=ticket.key, name=timer.name, nth=timer.nth, state=state)


def _files(
    tx: Connection, notice: Notice, tickets: Mapping[int, Ticket], fresh: Mapping[str, bytes]
) -> dict[int, bytes]:
    """Return the bytes of the documents a notice carries, by their number."""
    ticket = tickets.get(notice.ticket_id) if notice.ticket_id is not None else None
    if ticket is None or not notice.attach:
        return {}
    wanted = {d.number: d.sha256 for d in ticket.documents if d.number in notice.attach}
    stored = read_blobs(tx, [sha256 for sha256 in wanted.values() if sha256 not in fresh])
    return {number: {**stored, **fresh}[sha256] for number, sha256 in wanted.items()}


def _summary(mail: ParsedMail) -> journal.Summary:
    return journal.Summary(
        sender=mail.sender.address,
        subject=mail.subject,
        message_id=mail.message_id,
        body_digest=digest_of_words(mail),
        images=tuple(a.sha256 for a in mail.attachments if a.inline),
    )


def _held(reason: str) -> Decision:
    return Decision(verdict=Verdict.HELD, reason=reason)


def _year(office: Office, now: datetime) -> int:
    return now.astimezone(ZoneInfo(office.desk.time_zone)).year


def _log_settled(one: Settled) -> None:
    tickets = [change.ticket for change in one.decision.changes]
    log.settled(
        journal_id=one.journal_id,
        verdict=one.decision.verdict,
        reason=one.decision.reason,
        ticket=",".join(ticket.key for ticket in tickets),
        state=",".join(ticket.state for ticket in tickets),
    )
