"""The way of a mail, from its journal row to its verdict (architecture.md).

    read        bytes -> ParsedMail, elsewhere: in a sandboxed worker process
    look up     what storage knows of it, with the tickets locked
    decide      pure
    apply       notices, tickets, articles, timers, outbox and the verdict: one transaction

A group of mails shares one transaction, each behind a savepoint: one that fails is tried again
later, then held and a team is told; the others go on. When the database is gone nothing is
marked bad.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon import log
from daemon.applying import apply_decision
from daemon.clock import Clock
from daemon.clockwork import fire_due
from daemon.digests import Digests
from daemon.knowing import facts_for
from daemon.office import Office
from daemon.organisations.payment_rounds import PaymentRounds
from daemon.organisations.results import hear_answers
from daemon.staff import office_of
from daemon.undelivered import hear_relay
from handlers.decide import decide
from handlers.decision import Decision, Verdict
from handlers.doubles import digest_of_words
from handlers.envelope import RawMail
from handlers.errors import StoreUnavailable
from handlers.failing import NOTICE, tell_team
from handlers.incoming import Incoming
from handlers.process.tag_rule import keep_inside
from handlers.route import questions
from handlers.ticket import Ticket, Visibility
from handlers.words.sheet import Sheet
from parsers.mail import ParsedMail
from storage import errands, journal, undelivered
from storage.store import Conflict, Store, savepoint

ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=30)

_trouble = logging.getLogger("savd.trouble")


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A mail after reading. `mail` is None when the reader died: `trouble` says how. `sheets` are
    those of its new text when they were read already."""

    journal_id: int
    desk: str
    raw: RawMail
    mail: ParsedMail | None
    trouble: str = ""
    attempts: int = 0
    requester: str = ""
    sheets: tuple[Sheet, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    """What became of one mail of a group: a decision, or the trouble with it."""

    read: Read
    decision: Decision | None = None
    trouble: str = ""
    conflict: bool = False


class Pipeline:
    """Decides and applies. One at a time per process: the caller owns the thread.

    `ring` is called in every transaction that may have work for others.
    """

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
        self._rounds = PaymentRounds(offices)
        self._digests = Digests(offices)

    def process(self, reads: Sequence[Read]) -> None:
        """Give each mail its verdict, in order. Raises StoreUnavailable: nothing was changed."""
        with self._store.write() as tx:
            still_open = journal.claim(tx, [read.journal_id for read in reads])
            outcomes = [self._try(tx, read) for read in reads if read.journal_id in still_open]
            self._ring(tx)
        outcomes = [self._again(one) if one.conflict else one for one in outcomes]
        failed = [one for one in outcomes if one.decision is None]
        if failed:
            self._count_failures(failed)
        for one in outcomes:
            _log(one)

    def fire_timers(self) -> int:
        """Decide the timers that are due. Return how many were looked at."""
        with self._store.write() as tx:
            looked_at = fire_due(tx, self._offices, self._clock.now())
            if looked_at:
                self._ring(tx)
        return looked_at

    def hear_answers(self) -> int:
        """Ask what is asked once a day, decide what organisations answered. Return how many of both
        there were."""
        now = self._clock.now()
        rounds = self._rounds.due(now)
        with self._store.read() as tx:  # most of the time there is nothing, and no need to write
            if not rounds and not errands.has_answers(tx):
                return 0
        with self._store.write() as tx:
            errands.queue(tx, rounds, now)
            looked_at = hear_answers(tx, self._offices, now)
            self._ring(tx)
        self._rounds.remember(rounds)
        return looked_at + len(rounds)

    def hear_relay(self) -> int:
        """Decide what follows from messages that did not get through. Return how many were looked at."""
        now = self._clock.now()
        with self._store.read() as tx:  # most of the time there is nothing, and no need to write
            due = undelivered.next_due(tx)
        if due is None or due > now:
            return 0
        with self._store.write() as tx:
            looked_at = hear_relay(tx, self._offices, now)
            self._ring(tx)
        return looked_at

    def send_digests(self) -> int:
        """Queue the digests whose time has come. Return how many messages."""
        now = self._clock.now()
        due = self._digests.due(now)
        if not due:
            return 0
        with self._store.write() as tx:
            queued = self._digests.send(tx, due, now)
            self._ring(tx)
        self._digests.remember(due)
        return queued

    def explain(self, raw: RawMail, mail: ParsedMail, desk: str, journal_id: int = 0) -> Decision:
        """Return what would be decided for a mail now. Changes nothing.

        `journal_id` is its row when it was accepted before; then it is not its own twin.
        """
        read = Read(journal_id=journal_id, desk=desk, raw=raw, mail=mail)
        with self._store.write() as tx:
            office = office_of(tx, self._offices, desk) or self._offices[desk]
            return self._decide(tx, read, mail, office, self._clock.now())[0]

    def _try(self, tx: Connection, read: Read) -> _Outcome:
        """Settle one mail behind a savepoint. Here, and only here, every accident is caught."""
        if read.mail is None:
            return _Outcome(read=read, trouble=read.trouble)
        try:
            with savepoint(tx):
                return _Outcome(read=read, decision=self._settle(tx, read, read.mail))
        except StoreUnavailable:
            raise
        except Conflict as conflict:
            return _Outcome(read=read, trouble=str(conflict), conflict=True)
        except Exception as accident:  # noqa: BLE001 - whatever it was, the others go on
            _trouble.exception("mail=%s could not be decided", read.journal_id)
            return _Outcome(read=read, trouble=f"{type(accident).__name__}: {accident}")

    def _again(self, outcome: _Outcome) -> _Outcome:
        """Decide once more, alone, what another node was quicker with."""
        with self._store.write() as tx:
            if not journal.claim(tx, [outcome.read.journal_id]):
                return outcome
            self._ring(tx)
            return self._try(tx, outcome.read)

    def _settle(self, tx: Connection, read: Read, mail: ParsedMail) -> Decision:
        """Decide one mail, apply the decision and give its row the verdict."""
        office, now = office_of(tx, self._offices, read.desk), self._clock.now()
        first = journal.first_of(tx, read.desk, read.journal_id)
        if office is None:
            decision = Decision(verdict=Verdict.HELD, reason=f"no desk is called {read.desk!r}")
        elif first != read.journal_id:
            decision = Decision(verdict=Verdict.DUPLICATE, reason=f"same_mail_as_{first}")
        else:
            decision, tickets = self._decide(tx, read, mail, office, now)
            cause, writer = f"m{read.journal_id}", mail.sender.address
            decision = apply_decision(
                tx, decision, tickets, office, cause=cause, now=now, writer=writer
            )
        journal.settle(
            tx,
            read.journal_id,
            verdict=decision.verdict,
            reason=decision.reason,
            evidence=decision.evidence,
            ticket_id=decision.about,
            now=now,
            summary=_summary(mail, decision.visibility.value),
        )
        return decision

    def _decide(
        self, tx: Connection, read: Read, mail: ParsedMail, office: Office, now: datetime
    ) -> tuple[Decision, Mapping[int, Ticket]]:
        incoming = Incoming(
            journal_id=read.journal_id,
            mail=mail,
            envelope=read.raw.envelope,
            requester=read.requester,
            sheets=read.sheets,
        )
        asked = questions(incoming, office.desk, office.keys)
        facts = facts_for(tx, asked, now)
        reread = incoming.knowing(facts.answered)
        if reread is not incoming:
            # What makes two mails twins stays what was written down of the first.
            again = questions(reread, office.desk, office.keys)
            asked = replace(again, body_digest=asked.body_digest)
            incoming, facts = reread, facts_for(tx, asked, now)
        decision = decide(
            incoming,
            facts,
            desk=office.desk,
            workflow=office.workflow,
            keys=office.keys,
            now=now,
        )
        return decision, facts.tickets

    def _count_failures(self, failed: Sequence[_Outcome]) -> None:
        """Write failed attempts down: tried again later, and after the last one held."""
        now = self._clock.now()
        with self._store.write() as tx:
            for one in failed:
                again = one.read.attempts + 1 < ATTEMPTS
                retry_at = now + RETRY_AFTER if again else None
                office = office_of(tx, self._offices, one.read.desk)
                trouble, seen = _shown(one, office)
                journal.fail(tx, one.read.journal_id, trouble, retry_at, now, seen)
                if office is not None and not again:
                    team = office.desk.team(office.workflow.team_of(NOTICE))
                    told = tell_team(office.desk, team, one.read.journal_id, trouble)
                    cause = f"m{one.read.journal_id}"
                    apply_decision(tx, told, {}, office, cause=cause, now=now)


def _shown(failed: _Outcome, office: Office | None) -> tuple[str, str]:
    """Return what may be told of a failure, and who may read the mail: where customers keep talks to
    themselves nobody of the desk, for nobody knows yet what kind of mail it is (R-8)."""
    if office is None or not keep_inside(office.workflow.tags):
        return failed.trouble, Visibility.PUBLIC.value
    return failed.trouble.partition(":")[0], Visibility.INTERNAL.value


def _summary(mail: ParsedMail, visibility: str) -> journal.Summary:
    return journal.Summary(
        sender=mail.sender.address,
        subject=mail.subject,
        message_id=mail.message_id,
        body_digest=digest_of_words(mail),
        visibility=visibility,
        images=tuple(a.sha256 for a in mail.attachments if a.inline),
    )


def _log(one: _Outcome) -> None:
    journal_id, decision = one.read.journal_id, one.decision
    if decision is None:
        log.failed(journal_id=journal_id, reason=one.trouble, attempts=one.read.attempts + 1)
        return
    for address in decision.unheard:
        log.unheard(cause=f"m{journal_id}", recipient=address)
    tickets = [change.ticket for change in decision.changes]
    log.settled(
        journal_id=journal_id,
        verdict=decision.verdict,
        reason=decision.reason,
        ticket=",".join(ticket.key for ticket in tickets),
        state=",".join(ticket.state for ticket in tickets),
    )
