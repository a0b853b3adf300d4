"""Mail that no person wrote: never answered, sometimes useful (X-26, X-27, X-28, RFC 3834)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from handlers.clocks.holding import ABSENT, ABSENT_UNTIL
from handlers.consequences import is_staff, undelivered
from handlers.decision import Decision, Verdict
from handlers.facts import SentMessage
from handlers.returning import tickets_of, with_return
from handlers.steps.resending import is_contact
from handlers.ticket import Article, Ticket, Visibility
from handlers.turn import Event, EventKind, Turn
from handlers.undelivered import Trouble, Undelivered
from handlers.visit import Visit
from parsers.mail import Bounce, Machine

LONGEST_ABSENCE: Final = timedelta(days=366)
"""Whoever is away for longer is not waited for: the date is a slip, or somebody's clock is wrong."""


def settle_bounce(visit: Visit) -> Decision:
    """Return the decision for a delivery report: our message failed or is late. What is known to have
    failed is told once, however many reports come."""
    hits = _hits(visit)
    if not hits:
        return visit.verdict(Verdict.IGNORED, "report_about_nothing_of_ours")
    lost = [(m, b) for m, b in hits if b.permanent and not m.failed]
    turns: dict[int, Turn] = {}
    for message, bounce in lost:
        ticket = visit.facts.tickets.get(message.ticket_id or -1)
        if ticket is not None:
            turn = turns.get(ticket.id) or _turn(visit, ticket)
            turns[ticket.id] = undelivered(turn, _told(message, bounce))
    touched = [turn for turn in turns.values() if turn.articles or turn.notices]
    staff = (m for m, _ in lost if is_staff(m, visit.workflow))
    return replace(
        visit.verdict(Verdict.APPLIED, "bounce", touched),
        settled={m.message_id: "bounced" if b.permanent else "deferred" for m, b in hits},
        unheard=tuple(message.recipient for message in staff),
    )


def with_evidence(decision: Decision, visit: Visit) -> Decision:
    """Return the decision with the messages of ours settled that a mail answers, or that came back with
    good news: they arrived, whatever the relay said. A report of failure is settled by itself. Who writes
    is there again."""
    if visit.mail.machine is Machine.BOUNCE:
        return decision
    decision = with_return(decision, visit)
    arrived = {m.message_id: "sent" for m in visit.facts.sent.values() if m.on_the_way}
    return replace(decision, settled={**arrived, **decision.settled}) if arrived else decision


def note_absence(visit: Visit, ticket: Ticket) -> Decision:
    """Return the decision for an out-of-office answer on a ticket: a note, and until the return no
    reminder leaves to whom it is about, on any of their tickets (X-27). A substitute it names is only
    shown; the same said again is only noted."""
    away, until = visit.mail.sender.address, _return_of(visit)
    turn = replace(_turn(visit, ticket), articles=(_note(visit, visit.mail.text),))
    turn = turn.with_step("the contact is away" if is_contact(ticket, away) else f"{away} is away")
    theirs = tickets_of(visit, away)
    news = is_contact(ticket, away) and ticket.closed_at is None and not _is_known(ticket, until)
    others = [_turn(visit, one) for one in theirs if one.id != ticket.id]
    if until is not None:
        turn = _away(turn, until) if ticket in theirs else turn
        others = [_away(one, until).with_step("the contact is away") for one in others]
    back = until.isoformat() if until else "?"
    notices = visit.tell_team("W_absence", {"back_on": back}, ticket) if news else ()
    turns = (turn, *(others if until is not None else ()))
    return visit.verdict(Verdict.APPLIED, "absence", turns, notices)


def _return_of(visit: Visit) -> date | None:
    """Return the day of return, None for one that is too far: no mail stops a clock for good."""
    until, today = visit.mail.back_on, visit.now.date()
    return until if until is not None and until - today <= LONGEST_ABSENCE else None


def _is_known(ticket: Ticket, until: date | None) -> bool:
    """Tell whether the ticket says already until when its contact is away."""
    return until is not None and ticket.fields.get(ABSENT_UNTIL) == until.isoformat()


def _away(turn: Turn, until: date) -> Turn:
    return turn.with_flags(ABSENT).with_fields({ABSENT_UNTIL: until.isoformat()})


def ignore_machine(visit: Visit) -> Decision:
    """Return the decision for any other machine: kept in the journal, nothing else."""
    return visit.verdict(Verdict.IGNORED, f"machine_{visit.mail.machine.value}")


def is_report(visit: Visit) -> bool:
    """Tell whether the mail is about the fate of a message."""
    return visit.mail.machine is Machine.BOUNCE


def _hits(visit: Visit) -> list[tuple[SentMessage, Bounce]]:
    """Return the messages of ours that the report is about, each with what it says of it."""
    hits: dict[str, tuple[SentMessage, Bounce]] = {}
    bounces = visit.mail.bounces or (Bounce(recipient=""),)
    nearest = _nearest(visit)
    for known_as, message in visit.facts.sent.items():
        for bounce in bounces:
            about = _is_about(bounce, known_as, message, nearest) and _is_for(bounce, message)
            if about and bounce.status[:1] in ("4", "5"):
                hits.setdefault(message.message_id, (message, bounce))
    return list(hits.values())


def _nearest(visit: Visit) -> str:
    """Return the message of ours that the mail answers: of a whole thread in its References a report is
    about one (RFC 3464 section 1)."""
    named = (*visit.mail.in_reply_to, *reversed(visit.mail.references))
    return next((one for one in (*named, *visit.facts.sent) if one in visit.facts.sent), "")


def _is_about(bounce: Bounce, known_as: str, message: SentMessage, nearest: str) -> bool:
    """Tell whether the report is about this message of ours.

    One that came back to the message's own reverse-path is, whatever id a relay gave the message; one
    that names none is about the `nearest`.
    """
    by_path = not known_as.startswith("<")
    return by_path or (bounce.message_id or nearest) in (known_as, message.message_id)


def _is_for(bounce: Bounce, message: SentMessage) -> bool:
    """Tell whether the report is about this recipient, under any name it went by."""
    named = {name.lower() for name in (bounce.recipient, *bounce.aliases) if name}
    return not named or message.recipient.lower() in named


def _told(message: SentMessage, bounce: Bounce) -> Undelivered:
    words = bounce.diagnostic or bounce.reason.value
    return Undelivered(message=message, trouble=Trouble.REPORTED, words=words, status=bounce.status)


def _turn(visit: Visit, ticket: Ticket) -> Turn:
    event = Event(
        kind=EventKind.MAIL,
        actor=visit.actor,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
        mail=visit.mail,
        said=visit.words,
    )
    return visit.turn(event, ticket)


def _note(visit: Visit, text: str) -> Article:
    return Article(
        cause=visit.cause,
        author=visit.mail.sender.address,
        at=visit.requested_at,
        text=text,
        visibility=Visibility.NOTE,
    )
