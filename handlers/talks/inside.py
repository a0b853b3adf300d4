"""A talk that people of one customer keep to themselves: the desk carries it and does not read it (R-8)."""

from __future__ import annotations

from dataclasses import replace

from handlers.advance import advance
from handlers.customers.annexes import withdraw_alone
from handlers.customers.opening import articles_of, event_of
from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.desk import Level
from handlers.papers.filing import file_documents, octets_of, sort_attachments
from handlers.people.authority import organisation_of
from handlers.people.recipients import sender_of
from handlers.people.staff import staff_reached
from handlers.registry.register import follow
from handlers.steps.effects import effect
from handlers.steps.guards import guard
from handlers.steps.values import customer_values
from handlers.talks.talk import visibility_of, with_visibility
from handlers.ticket import Participant, Role, Ticket, Visibility
from handlers.turn import Actor, EventKind, Turn
from handlers.visit import Visit

NOT_ALLOWED = "not_allowed_inside"


def talk_inside(visit: Visit) -> Decision | None:
    """Return the decision for an internal mail, None for any other.

    Only somebody of the ticket's own customer number may speak; anybody else's words are kept from
    everybody, an agent's as well (R-8b, R-43).
    """
    if visibility_of(visit) is not Visibility.INTERNAL:
        return None
    ticket, sender = visit.ticket, visit.mail.sender.address
    if visit.desk.agent(sender) is not None:
        return _turned_down(visit, "N_not_for_staff")
    if ticket is None:
        return _turned_down(visit, "N_internal_where")
    if not _is_insider(visit, ticket):
        return _turned_down(visit, "N_internal_refused")
    alone = withdraw_alone(visit, ticket)
    if alone is not None:
        return alone
    turn = advance(_start(visit, ticket))
    return visit.verdict(Verdict.APPLIED, "internal", (turn,))


@effect
def share_inside(turn: Turn, notice: str, table: str, by: str, address: str = "address") -> Turn:
    """Send what was said to everybody whom a table lists with the ticket's organisation in the column
    `by`, but the sender and people of the desk (R-8, R-T16)."""
    told = []
    for row in turn.book.rows(table, {by: turn.ticket.organisation}):
        to = Recipient(
            address=row.get(address, ""),
            role=Role.PARTICIPANT,
            language=row.get("language", "") or turn.ticket.language,
            name=row.get("name", ""),
        )
        left = turn.ticket.role_of(to.address) is Role.LEFT
        if to.address.lower() == turn.event.actor.address or turn.desk.agent(to.address):
            continue
        if not left:
            told.append(_shared(turn, notice, to))
    return replace(turn, notices=(*turn.notices, *told))


@effect
def show_inside(turn: Turn, notice: str) -> Turn:
    """Repeat to the sender what was said internally so far: whoever has the customer number may read
    it, also who joined later (R-8)."""
    sender = sender_of(turn)
    if sender is None or turn.event.visibility is not Visibility.INTERNAL:
        return turn
    said = turn.book.internal_words(turn.ticket.id, turn.ticket.organisation)
    talk: list[Value] = [
        {"author": one.author_name or one.author, "at": one.at.isoformat(), "text": one.text}
        for one in said
    ]
    made = Notice(
        template=notice,
        to=sender,
        ticket_id=turn.ticket.id,
        values={"talk": talk},
        in_reply_to=turn.event.mail.message_id if turn.event.mail is not None else "",
        visibility=Visibility.INTERNAL,
    )
    return replace(turn, notices=(*turn.notices, made))


@guard
def staff_in_copy(turn: Turn) -> bool:
    """Tell whether the mail itself went to people of the desk too: nobody calls it back (R-8a)."""
    return bool(staff_reached(turn.event.mail, turn.desk))


def _is_insider(visit: Visit, ticket: Ticket) -> bool:
    mine = organisation_of(visit.requester.address, visit.facts)
    believed = visit.actor.level >= Level.ORGANISATION and not visit.forwarded
    return believed and bool(mine) and mine == ticket.organisation


def _turned_down(visit: Visit, template: str) -> Decision:
    """Return the decision that keeps a mail from everybody and tells its sender why, if we may."""
    known = visit.is_agents or visit.actor.level >= Level.KNOWN
    answers = (visit.answer(template),) if known and template in visit.workflow.notices else ()
    return visit.verdict(Verdict.HELD, NOT_ALLOWED, (), answers)


def _start(visit: Visit, ticket: Ticket) -> Turn:
    tag = next(n for n, rule in visit.workflow.tags.items() if rule.audience == "internal")
    event = replace(
        event_of(visit, EventKind.MAIL, visit.actor), tag=tag, visibility=Visibility.INTERNAL
    )
    turn = visit.turn(event, _with_reader(ticket, visit.actor))
    turn = follow(turn)
    turn = replace(
        turn,
        articles=tuple(
            one
            for one in with_visibility(articles_of(visit, turn), Visibility.INTERNAL)
            if one.text.strip()
        ),
    ).with_ticket()
    filed = sort_attachments(
        visit.mail.attachments,
        (),
        visit.intent,
        visit.facts.known_images,
        policy=visit.desk.files,
        held=octets_of(ticket),
    )
    return file_documents(turn, filed, Visibility.INTERNAL)


def _with_reader(ticket: Ticket, actor: Actor) -> Ticket:
    """Return the ticket with the sender among its people, as after any mail of the customer."""
    if ticket.admits(actor.address):
        return ticket
    others = tuple(p for p in ticket.participants if p.address.lower() != actor.address)
    joined = Participant(address=actor.address, role=Role.OBSERVER, name=actor.name)
    return replace(ticket, participants=(*others, joined))


def _shared(turn: Turn, notice: str, to: Recipient) -> Notice:
    event = turn.event
    return Notice(
        template=notice,
        to=to,
        ticket_id=turn.ticket.id,
        values={
            **customer_values(turn, notice, to.language),
            "author": event.actor.name or event.actor.address,
            "text": event.said,
        },
        attach=tuple(document.number for document in event.documents),
        in_reply_to=event.mail.message_id if event.mail is not None else "",
        automatic=False,
        visibility=Visibility.INTERNAL,
    )
