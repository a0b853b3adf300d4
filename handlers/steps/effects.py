"""Effects: what a transition does, named in workflow files. Each takes a turn and returns a new one.

The arguments in the file are checked against the signature (`handlers.proof.problems`). Effects of
agents' commands are in `handlers.steps.command_effects`, the two families share one table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.decision import Notice, Recipient, Value
from handlers.desk import Team
from handlers.papers.leaving import may_leave
from handlers.papers.quotes import ORDER_KINDS
from handlers.people.recipients import recipient_of
from handlers.people.responsible import recipients_of
from handlers.process.call import Call, learn
from handlers.steps.book_rows import shown_rows
from handlers.steps.values import agent_values, customer_values
from handlers.ticket import Document, Role, Visibility
from handlers.turn import EventKind, Turn

Effect = Callable[..., Turn]
EFFECTS: dict[str, Effect] = {}


def effect(function: Effect) -> Effect:
    """Make a function usable in workflow files under its own name."""
    learn(function)
    EFFECTS[function.__name__] = function
    return function


def perform(turn: Turn, call: Call) -> Turn:
    """Return the turn after the effect a workflow file names."""
    return EFFECTS[call.name](turn, **call.arguments)


@effect
def assign_number(
    turn: Turn, series: str = "", digits: int = 6, pattern: str = "", field: str = ""
) -> Turn:
    """Give the ticket its final key, or one of its fields a number, once (F-12, A-31, A-T3).

    `pattern` is a format of series, year and number; one that shows no year counts on for ever.
    """
    ticket = turn.ticket
    if ticket.fields.get(field) if field else ticket.key != ticket.draft_key:
        return turn
    series = series or turn.workflow.keys.final
    pattern = pattern or f"{{series}}-{{year}}-{{number:0{digits}d}}"
    year = turn.event.at.astimezone(ZoneInfo(turn.desk.time_zone)).year
    counted = f"{series}-{year}" if "{year" in pattern else series
    number, numbers = turn.numbers.draw(counted)
    written = pattern.format(series=series, year=year, number=number)
    turn = replace(turn, numbers=numbers)
    return turn.with_fields({field: written}) if field else turn.with_ticket(key=written)


@effect
def notify(
    turn: Turn, notice: str, to: str = "contact", sparing: bool = False, papers: bool = True
) -> Turn:
    """Write a notice to the contact, to the sender when the sender is on the ticket, or to whom an
    address field names.

    A `sparing` notice is left out when its recipient was answered in the last ten minutes (X-30). Without
    its `papers` it says that something else is done.
    """
    recipient = recipient_of(turn, to)
    if recipient is None or (sparing and turn.was_answered(recipient.address)):
        return turn
    rule = turn.workflow.notices[notice]
    made = Notice(
        template=notice,
        to=recipient,
        ticket_id=turn.ticket.id,
        values=customer_values(turn, notice, recipient.language),
        attach=_numbers(turn, rule.attach, recipient.role),
        papers=rule.papers if papers else (),
        in_reply_to=_answered_id(turn),
        references=turn.ticket.thread,
        automatic=not rule.relay,
        visibility=_audience(turn),
    )
    return replace(turn, notices=(*turn.notices, made))


def _people_of(turn: Turn, team: Team) -> tuple[Recipient, ...]:
    return recipients_of(
        team,
        turn.ticket,
        workflow=turn.workflow,
        desk=turn.desk,
        book=turn.book,
        now=turn.event.at,
    )


def _audience(turn: Turn) -> Visibility:
    """Return whose talk a notice to a customer belongs to: answers to an internal one stay there."""
    internal = turn.event.visibility is Visibility.INTERNAL
    return Visibility.INTERNAL if internal else Visibility.PUBLIC


@effect
def work_item(turn: Turn, notice: str, team: str = "") -> Turn:
    """Ask a team for a decision, the notice's own when none is named, else the ticket's: one message
    to each of its addresses."""
    team = team or turn.workflow.team_of(notice, turn.handler())
    group = turn.desk.team(team)
    if group is None or turn.event.visibility is Visibility.INTERNAL:
        return turn
    made = tuple(
        Notice(
            template=notice,
            to=to,
            ticket_id=turn.ticket.id,
            values=_told(turn, notice, to.language),
            attach=tuple(d.number for d in turn.event.documents if may_leave(d, Role.AGENT)),
            team=team,
        )
        for to in _people_of(turn, group)
    )
    return replace(turn, notices=(*turn.notices, *made))


def _told(turn: Turn, notice: str, language: str) -> dict[str, Value]:
    """Return the values of a work item: those of every one, and what its notice declares."""
    rows = shown_rows(turn, turn.workflow.notices[notice].shows, language)
    own = customer_values(turn, notice, language)
    return {**agent_values(turn, language), "tables": rows, **own}


@effect
def set_field(turn: Turn, name: str, to: str) -> Turn:
    """Set a field to a fixed value."""
    return turn.with_fields({name: to})


@effect
def empty_fields(turn: Turn, fields: list[str]) -> Turn:
    """Empty fields: what they say belongs to something that is over."""
    return turn.with_fields(dict.fromkeys(fields, ""))


@effect
def copy_field(turn: Turn, source: str, target: str) -> Turn:
    """Copy a field into another one that is still empty."""
    kept = turn.ticket.fields.get(target) or turn.ticket.fields.get(source, "")
    return turn.with_fields({target: kept})


@effect
def set_actor(turn: Turn, value: str) -> Turn:
    """Keep in a field who wrote: the agent of a forward, not its requester (A-38)."""
    sender = turn.event.mail.sender.address if turn.event.mail else turn.event.actor.address
    return turn.with_fields({value: sender})


@effect
def set_owner(turn: Turn, value: str) -> Turn:
    """Keep in a field to which organisation the ticket belongs: its customer number (A-1)."""
    return turn.with_fields({value: turn.ticket.organisation})


@effect
def set_flag(turn: Turn, value: str) -> Turn:
    """Raise a flag."""
    return turn.with_flags(value)


@effect
def clear_flag(turn: Turn, value: str) -> Turn:
    """Lower a flag."""
    return turn.without_flags(value)


@effect
def take_arguments(turn: Turn, **fields: str) -> Turn:
    """Copy arguments of the command into fields, by `argument: field`; absent ones change nothing."""
    given = turn.event.arguments
    return turn.with_fields({name: given[arg] for arg, name in fields.items() if given.get(arg)})


@effect
def retire_documents(turn: Turn, value: list[str]) -> Turn:
    """Retire the documents of these kinds: they count no longer, others may come (I-47)."""
    return flag_documents(turn, "replaced", lambda d: d.counts_as(*value))


def replace_document(turn: Turn, document: Document) -> Turn:
    """Return the turn with the document of that number replaced, on the ticket and in the event."""

    def swap(documents: tuple[Document, ...]) -> tuple[Document, ...]:
        return tuple(document if d.number == document.number else d for d in documents)

    event = replace(turn.event, documents=swap(turn.event.documents))
    fresh = tuple(
        replace(new, document=document) if new.document.number == document.number else new
        for new in turn.documents
    )
    turn = replace(turn, event=event, documents=fresh)
    return turn.with_ticket(documents=swap(turn.ticket.documents))


def disable(turn: Turn, document: Document) -> Turn:
    """Return the turn with a document withdrawn; its bytes stay stored (R-12)."""
    if "disabled" in document.flags:
        return turn
    return shut_out(turn, document, "disabled", f"document {document.number} withdrawn")


def shut_out(turn: Turn, document: Document, flag: str, why: str) -> Turn:
    """Return the turn with a flag on a document that ends its use, and a line of history."""
    turn = replace_document(turn, replace(document, flags=document.flags | {flag}))
    if document.counts_as(*ORDER_KINDS):
        order = turn.ticket.latest(*ORDER_KINDS)
        turn = turn.with_fields({"order_number": order.fields.get("number", "") if order else ""})
    return turn.with_step(why)


def flag_documents(turn: Turn, flag: str, fits: Callable[[Document], bool]) -> Turn:
    """Return the turn with a flag on every document that fits."""
    for document in turn.ticket.documents:
        if fits(document) and flag not in document.flags:
            turn = replace_document(turn, replace(document, flags=document.flags | {flag}))
    return turn


def _answered_id(turn: Turn) -> str:
    """Return the Message-ID a notice answers: the customer's mail, or the end of the thread."""
    mail = turn.event.mail
    if mail is not None and turn.event.kind is not EventKind.COMMAND and mail.message_id:
        return mail.message_id
    return turn.ticket.thread[-1] if turn.ticket.thread else ""


def _numbers(turn: Turn, kinds: tuple[str, ...], role: Role) -> tuple[int, ...]:
    newest = (turn.ticket.latest(kind) for kind in kinds)
    return tuple(d.number for d in newest if d is not None and may_leave(d, role))
