"""Mail that no person wrote: never answered, sometimes useful (X-26, X-27, X-28, RFC 3834)."""

from __future__ import annotations

from dataclasses import replace

from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.facts import SentMessage
from handlers.talks.talk import writer_to
from handlers.ticket import Article, Role, Ticket, Visibility
from handlers.turn import Event, EventKind, Turn
from handlers.visit import Visit
from parsers.mail import Bounce, Machine

UNDELIVERED = "N_undelivered"


def settle_bounce(visit: Visit) -> Decision:
    """Return the decision for a delivery report: our message failed or is late."""
    hits = _hits(visit)
    if not hits:
        return visit.verdict(Verdict.IGNORED, "report_about_nothing_of_ours")
    settled = {m.message_id: "bounced" if b.permanent else "deferred" for m, b in hits}
    turns: dict[int, Turn] = {}
    notices: list[Notice] = []
    for message, bounce in hits:
        ticket = visit.facts.tickets.get(message.ticket_id or -1)
        if ticket is not None and bounce.permanent and _is_contact(ticket, message.recipient):
            turns.setdefault(ticket.id, _unreachable(visit, ticket, message, bounce))
            found = {"failed_address": message.recipient}
            notices += visit.tell_team("W_bounce", found, ticket)
        elif ticket is not None and bounce.permanent and _is_named(ticket, message.recipient):
            notices += visit.tell_team("W_bounce", {"failed_address": message.recipient}, ticket)
        elif ticket is not None and bounce.permanent:
            notices += _lost_outside(visit, ticket, message)
    decision = visit.verdict(Verdict.APPLIED, "bounce", turns.values(), notices)
    return replace(decision, settled=settled)


def note_absence(visit: Visit, ticket: Ticket) -> Decision:
    """Return the decision for an out-of-office answer on a ticket: a note, and reminders wait (X-27)."""
    turn = _turn(visit, ticket)
    turn = replace(turn, articles=(_note(visit, visit.mail.text),))
    notices: tuple[Notice, ...] = ()
    if ticket.closed_at is None and _is_contact(ticket, visit.mail.sender.address):
        until = visit.mail.back_on
        if until is not None:
            turn = turn.with_flags("contact_absent").with_fields(
                {"absent_until": until.isoformat()}
            )
        back = until.isoformat() if until else "?"
        notices = visit.tell_team("W_absence", {"back_on": back}, ticket)
    turn = turn.with_step("the contact is away")
    return visit.verdict(Verdict.APPLIED, "absence", (turn,), notices)


def ignore_machine(visit: Visit) -> Decision:
    """Return the decision for any other machine: kept in the journal, nothing else."""
    return visit.verdict(Verdict.IGNORED, f"machine_{visit.mail.machine.value}")


def is_report(visit: Visit) -> bool:
    """Tell whether the mail is about the fate of a message."""
    return visit.mail.machine is Machine.BOUNCE


def _lost_outside(visit: Visit, ticket: Ticket, message: SentMessage) -> tuple[Notice, ...]:
    """Return who is told that a message of a talk outside did not arrive: its writer when it was for
    somebody outside, the contact person when it was for the writer's registered address (R-42)."""
    if message.visibility is not Visibility.EXTERNAL:
        return ()
    if ticket.role_of(message.recipient) is not Role.EXTERNAL:
        return visit.tell_team("W_bounce", {"failed_address": message.recipient}, ticket)
    who = writer_to(ticket, message.recipient)
    if who is None or UNDELIVERED not in visit.workflow.notices:
        return ()
    language = ticket.language or visit.desk.language
    to = Recipient(address=who.address, role=who.role, language=language, name=who.name)
    values: dict[str, Value] = {"address": message.recipient}
    return (Notice(template=UNDELIVERED, to=to, ticket_id=ticket.id, values=values),)


def _hits(visit: Visit) -> list[tuple[SentMessage, Bounce]]:
    """Return the messages of ours that the report is about, each with what it says of it."""
    hits: dict[str, tuple[SentMessage, Bounce]] = {}
    bounces = visit.mail.bounces or (Bounce(recipient=""),)
    for known_as, message in visit.facts.sent.items():
        for bounce in bounces:
            about = _is_about(bounce, known_as, message) and _is_for(bounce, message)
            if about and bounce.status[:1] in ("4", "5"):
                hits.setdefault(message.message_id, (message, bounce))
    return list(hits.values())


def _is_about(bounce: Bounce, known_as: str, message: SentMessage) -> bool:
    """Tell whether the report is about this message of ours.

    One that came back to the message's own reverse-path is, whatever id a relay gave the message.
    """
    by_path = not known_as.startswith("<")
    return by_path or bounce.message_id in ("", known_as, message.message_id)


def _is_for(bounce: Bounce, message: SentMessage) -> bool:
    """Tell whether the report is about this recipient, under any name it went by."""
    named = {name.lower() for name in (bounce.recipient, *bounce.aliases) if name}
    return not named or message.recipient.lower() in named


def _unreachable(visit: Visit, ticket: Ticket, message: SentMessage, bounce: Bounce) -> Turn:
    turn = _turn(visit, ticket).with_flags("address_invalid")
    why = bounce.diagnostic or bounce.reason.value
    note = _note(visit, f"{message.recipient}: {bounce.status} {why}")
    turn = replace(turn, articles=(note,))
    return turn.with_step(f"{message.notice} to {message.recipient} failed: {bounce.status}")


def _turn(visit: Visit, ticket: Ticket) -> Turn:
    event = Event(
        kind=EventKind.MAIL,
        actor=visit.actor,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
        mail=visit.mail,
        said=visit.mail.text,
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


def _is_named(ticket: Ticket, address: str) -> bool:
    """Tell whether an address was written to because a field of the ticket names it."""
    return address.lower() in (value.lower() for value in ticket.fields.values())


def _is_contact(ticket: Ticket, address: str) -> bool:
    return ticket.role_of(address) in (Role.CONTACT, Role.REQUESTER)
