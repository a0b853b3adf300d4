"""A customer's mail on a group: what it says of lines is carried to each of them (A-30, A-34, A-50, A-64)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.advance import advance
from handlers.customers.acknowledgement import files_notice
from handlers.customers.arrival import start
from handlers.customers.asked_about import open_tickets_of
from handlers.customers.elsewhere import to_contact
from handlers.customers.naming import ask_about_files
from handlers.customers.opening import left_out, open_tickets
from handlers.decision import Decision, Notice, Value, Verdict
from handlers.desk import Level
from handlers.papers.filing import Filed, file_documents, octets_of, sort_attachments
from handlers.people.authority import actor_of
from handlers.steps.group_rows import lines_of_group
from handlers.steps.pictures import look_at_pictures
from handlers.ticket import Ticket, Visibility
from handlers.together import standing, turn_to, turns_beside
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.words.line_orders import LineOrder, LineText, read_line_text
from handlers.words.line_sheets import most_of, names_lines, read_lines
from parsers.mail import Intent, IntentKind


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wish:
    """What the mail wants of one ticket: its intent there, and the fields it corrects."""

    intent: Intent
    fields: Mapping[str, str] = field(default_factory=dict)


def answer_lines(visit: Visit, ticket: Ticket) -> Decision | None:
    """Return the decision for a mail that speaks of lines of the ticket's group, None for any other,
    and for one that ties its wishes to a condition (X-16)."""
    told = read_line_text(visit.words, visit.workflow)
    lines = _lines_of(visit, ticket)
    limited = visit.intent.kind is IntentKind.CONDITIONAL
    if limited and any(order.intent for order in told.orders):
        return None
    wishes, unknown = _wishes(visit, told, lines)
    new = told.added if names_lines(told.added, visit.workflow) else ""
    if not wishes and not unknown and not new:
        return None
    carrier = ticket.id if ticket.id in wishes else next(iter(wishes), ticket.id)
    turn, filed = _carried(visit, visit.facts.tickets[carrier], wishes.get(carrier))
    for ticket_id, wish in wishes.items():
        if ticket_id != carrier:
            turn = _move(_on(visit, turn, visit.facts.tickets[ticket_id]), wish)
    sheets = read_lines(new, visit.workflow) if new else ()
    if sheets:
        first = sheets[: most_of(visit.workflow)]
        turn = open_tickets(visit, first, Filed(), beside=turn, group=ticket.group)
    turn = turn_to(turn, standing(turn)[carrier])
    besides = (*_told_besides(visit, turn, filed, unknown), *left_out(visit, sheets, ticket))
    return visit.verdict(Verdict.APPLIED, "lines", (turn,), besides)


def on_open_group(visit: Visit) -> Visit:
    """Return a mail in a thread of its own as one on the lines that wait for just its words, when all
    of them are of one group: "CONFIRMER" confirms the sender's cart (A-34)."""
    if visit.ticket is not None or visit.workflow.lines is None:
        return visit
    orders = read_line_text(visit.words, visit.workflow).orders or _whole(visit)
    waiting = [
        ticket
        for ticket in open_tickets_of(visit.facts, visit.requester)
        if ticket.group
        and visit.workflow.states[ticket.state].closed_question
        and any(_hears(visit, ticket, order) for order in orders)
    ]
    if len({ticket.group for ticket in waiting}) != 1 or names_lines(visit.words, visit.workflow):
        return visit
    told = (*visit.route.told, "answers the only open group of lines")
    route = replace(visit.route, ticket_id=waiting[0].id, by="group", told=told)
    actor = actor_of(visit.requester, visit.mail, visit.facts, visit.desk, waiting[0])
    return replace(visit, route=route, actor=actor)


def is_unclear(visit: Visit) -> bool:
    """Tell whether a mail speaks of lines in a way that only a person understands."""
    return read_line_text(visit.words, visit.workflow).unclear


def incomplete_line(visit: Visit, ticket: Ticket) -> Ticket | None:
    """Return the only line of the group that is still being completed, when the mail fills fields and
    its own ticket lacks none; None for any other mail."""
    states = visit.workflow.states
    if "*" in states[ticket.state].collects or not names_lines(visit.words, visit.workflow):
        return None
    waiting = [
        one
        for one in _lines_of(visit, ticket)
        if one.closed_at is None and "*" in states[one.state].collects
    ]
    return waiting[0] if len(waiting) == 1 else None


def _lines_of(visit: Visit, ticket: Ticket) -> tuple[Ticket, ...]:
    group = (t for t in visit.facts.tickets.values() if t.group == ticket.group)
    return tuple(sorted(group, key=lambda one: one.id))


def _wishes(
    visit: Visit, told: LineText, lines: Sequence[Ticket]
) -> tuple[dict[int, _Wish], tuple[int, ...]]:
    """Return what is wanted of each line, by ticket id in their order, and the numbers of no line."""
    orders = told.orders or _whole(visit)
    wishes: dict[int, _Wish] = {}
    numbers = [frozenset(order.numbers) for order in orders]  # a mail may write "1-999" often
    named = frozenset[int]().union(*numbers)
    for place, ticket in enumerate(lines, start=1):
        rest = place not in named and ticket.closed_at is None
        mine = [
            order
            for order, its in zip(orders, numbers, strict=True)
            if place in its or (not its and rest and _hears(visit, ticket, order))
        ]
        if mine:
            wishes[ticket.id] = _wish(visit, mine)
    return wishes, tuple(sorted(number for number in named if not 0 < number <= len(lines)))


def _whole(visit: Visit) -> tuple[LineOrder, ...]:
    """Return the order that the intent of the whole mail is, for every open line."""
    rule, intent = visit.workflow.lines, visit.intent
    if rule is None or not rule.whole or intent.kind.value not in rule.words:
        return ()
    return (LineOrder(intent=intent.kind.value, words=intent.words or visit.words),)


def _hears(visit: Visit, ticket: Ticket, order: LineOrder) -> bool:
    """Tell whether a line waits for such an order: what is said of all is no news to the others."""
    rows = visit.workflow.leaving(ticket.state)
    mails = (on.mail for row in rows for on in row.hears if on.mail is not None)
    return any(order.intent in mail.intents for mail in mails)


def _wish(visit: Visit, orders: Sequence[LineOrder]) -> _Wish:
    fields = {name: value for order in orders for name, value in order.fields.items()}
    meant = next((order for order in orders if order.intent), None)
    if meant is not None:
        intent = Intent(kind=IntentKind(meant.intent), words=meant.words, only=True)
    else:
        intent = Intent() if fields else visit.intent
    return _Wish(intent=intent, fields=fields)


def _on(visit: Visit, turn: Turn, ticket: Ticket) -> Turn:
    """Return the turn of the mail on another line, those before it beside it."""
    there = start(visit, ticket, visit.actor_on(ticket))
    return replace(there, numbers=turn.numbers, others=turns_beside(turn))


def _carried(visit: Visit, ticket: Ticket, wish: _Wish | None) -> tuple[Turn, Filed]:
    """Return the turn of the line that the files of the mail are filed on, after its own wish."""
    filed = sort_attachments(
        visit.mail.attachments,
        visit.workflow.states[ticket.state].expects,
        visit.intent,
        visit.facts.known_images,
        said=visit.words,
        policy=visit.desk.files,
        held=octets_of(ticket),
    )
    turn = start(visit, ticket, visit.actor_on(ticket))
    turn = look_at_pictures(file_documents(turn, filed, Visibility.PUBLIC), visit.facts)
    return ask_about_files(_move(turn, wish) if wish is not None else turn), filed


def _move(turn: Turn, wish: _Wish) -> Turn:
    """Return the turn of a line after what the mail wants of it."""
    fields = wish.fields if turn.event.actor.level >= Level.ORGANISATION else {}
    changed = {name: v for name, v in fields.items() if v != turn.ticket.fields.get(name)}
    event = replace(turn.event, intent=wish.intent, brought=tuple(changed))
    turn = replace(turn.with_fields(changed) if changed else turn, event=event)
    return advance(turn)


def _told_besides(
    visit: Visit, turn: Turn, filed: Filed, unknown: tuple[int, ...]
) -> tuple[Notice, ...]:
    """Return what is told beside the lines: files that were refused, numbers of no line."""
    made = [files_notice(visit, turn, filed)] if filed.refused else []
    notice = visit.workflow.lines.unknown if visit.workflow.lines else ""
    if unknown and notice:
        numbers: list[Value] = [str(number) for number in unknown]
        rows = lines_of_group(turn, turn.ticket.language)
        made.append(to_contact(turn, notice, unknown=numbers, lines=rows))
    return tuple(made)
