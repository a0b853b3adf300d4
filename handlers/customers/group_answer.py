"""A customer's mail on a group: what it says of lines is carried to each of them (A-30, A-34, A-50, A-64)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.advance import advance
from handlers.customers.acknowledgement import files_notice
from handlers.customers.added_lines import added_lines, completed_lines, group_for, with_contact
from handlers.customers.arrival import start
from handlers.customers.asked_about import open_tickets_of
from handlers.customers.elsewhere import to_contact
from handlers.customers.filled_forms import with_form_doubts
from handlers.customers.naming import ask_about_files
from handlers.customers.open_group import group_to_join
from handlers.customers.opening import left_out, open_tickets
from handlers.decision import Decision, Notice, Value, Verdict
from handlers.desk import Level
from handlers.papers.filing import Filed, file_documents, octets_of, sort_attachments
from handlers.people.authority import actor_of
from handlers.steps.group_rows import lines_of_group
from handlers.steps.pictures import look_at_pictures
from handlers.ticket import Ticket, Visibility
from handlers.together import in_order, standing, turn_to, turns_beside
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.words.form_files import unread
from handlers.words.line_orders import LineOrder, LineText, read_line_text
from handlers.words.line_sheets import most_of, names_lines
from handlers.words.sheet import Sheet
from parsers.intents.courtesy import without_courtesies
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
    limited = visit.intent.kind is IntentKind.CONDITIONAL
    if limited and any(order.intent for order in told.orders):
        return None
    return _answer(visit, ticket, told, added_lines(visit, ticket, told, _lines_of(visit, ticket)))


def _answer(
    visit: Visit, ticket: Ticket, told: LineText, sheets: tuple[Sheet, ...]
) -> Decision | None:
    """Return the decision for what a mail wants of lines, and for lines that it lists."""
    lines = _lines_of(visit, ticket)
    wishes, unknown = _wishes(visit, told, lines, listed=bool(sheets) and not told.added)
    again, new = ({}, sheets) if told.added else completed_lines(visit.workflow, lines, sheets)
    wishes |= {
        i: _Wish(intent=Intent(), fields=one.values) for i, one in again.items() if i not in wishes
    }
    if not wishes and not unknown and not new:
        return None
    carrier = ticket.id if ticket.id in wishes else next(iter(wishes), ticket.id)
    filed = _filed(visit, visit.facts.tickets[carrier])
    theirs = filed if new and not wishes else Filed()  # the files of new lines are filed on them
    mine = replace(filed, promoted=()) if theirs.promoted else filed
    turn = _carried(visit, visit.facts.tickets[carrier], wishes.get(carrier), mine)
    for ticket_id, wish in wishes.items():
        if ticket_id != carrier:
            turn = _move(_on(visit, turn, visit.facts.tickets[ticket_id]), wish)
    if new:
        turn = _opened(visit, turn, lines, new, theirs)
    turn = turn_to(turn, standing(turn)[carrier])
    besides = (*_told_besides(visit, turn, filed, unknown), *left_out(visit, new, ticket))
    return visit.verdict(Verdict.APPLIED, "lines", (turn,), besides)


def _opened(
    visit: Visit, turn: Turn, lines: Sequence[Ticket], sheets: Sequence[Sheet], filed: Filed
) -> Turn:
    """Return the turn with new lines beside those that the mail answers, for the same contact."""
    first = [with_contact(one, lines[0].contact) for one in sheets[: most_of(visit.workflow)]]
    group = group_for(visit, lines, first[0].values["contact"])
    promoted = replace(filed, refused=())
    return open_tickets(visit, tuple(first), promoted, beside=turn, group=group)


def on_open_group(visit: Visit) -> Visit:
    """Return a mail in a thread of its own as one on the lines that wait for just its words: "CONFIRMER"
    confirms the sender's cart, wherever it is written (A-34)."""
    if visit.ticket is not None or visit.workflow.lines is None:
        return visit
    waiting = () if visit.brings_lines else _waiting(visit)
    if not waiting:
        return visit
    last = in_order(waiting)[-1].group
    first = next(one for one in in_order(waiting) if one.group == last)
    return _routed(visit, first, "answers the lines that wait")


def _routed(visit: Visit, line: Ticket, why: str) -> Visit:
    """Return the visit as one on a line, though no thread says so."""
    told = (*visit.route.told, f"{why}: {line.group}")
    route = replace(visit.route, ticket_id=line.id, by="group", told=told)
    actor = actor_of(visit.requester, visit.mail, visit.facts, visit.desk, line)
    return replace(visit, route=route, actor=actor)


def complete_lines(visit: Visit) -> Decision | None:
    """Return the decision for a new mail that lists lines of the contact's cart which still lack
    something, and perhaps others; None for any other mail."""
    apart = visit.ticket is None or visit.route.by == "reference"
    if not apart or visit.workflow.lines is None or not visit.brings_lines:
        return None
    sheets = visit.sheets
    group = group_to_join(visit, sheets[0].values.get("contact", ""))
    lines = in_order(one for one in visit.facts.tickets.values() if group and one.group == group)
    completed, _ = completed_lines(visit.workflow, lines, sheets)
    if not completed:
        return None
    line = visit.facts.tickets[next(iter(completed))]
    return _answer(_routed(visit, line, "completes lines"), line, LineText(), sheets)


def _waiting(visit: Visit) -> tuple[Ticket, ...]:
    """Return the lines of the sender's that wait for what a mail says, those of others the sender only
    takes part in when there are no own ones."""
    orders = read_line_text(visit.words, visit.workflow).orders or _whole(visit)
    waiting = [
        ticket
        for ticket in open_tickets_of(visit.facts, visit.requester)
        if ticket.group
        and visit.workflow.states[ticket.state].closed_question
        and any(_hears(visit, ticket, order) for order in orders)
    ]
    own = [one for one in waiting if one.contact.lower() == visit.requester.address.lower()]
    return tuple(own or waiting)


def is_awaited(visit: Visit) -> bool:
    """Tell whether lines wait for just these words: CONFIRMER is said again for the next cart, the same
    day (X-7, A-34)."""
    visit = on_open_group(visit)
    if visit.ticket is None or not visit.ticket.group or visit.workflow.lines is None:
        return False
    asked = [
        (place, line)
        for place, line in enumerate(_lines_of(visit, visit.ticket), start=1)
        if visit.workflow.states[line.state].closed_question
    ]
    orders = read_line_text(visit.words, visit.workflow).orders or _whole(visit)
    return any(
        (not numbers or place in numbers) and _hears(visit, line, order)
        for order, numbers in ((one, frozenset(one.numbers)) for one in orders)
        for place, line in asked
    )


def confirms_nothing(visit: Visit) -> bool:
    """Tell whether a new mail is but the word that confirms lines, and no line waits for it (A-34)."""
    rule = visit.workflow.lines
    if rule is None or not rule.joined_in or visit.ticket is not None or visit.brings_lines:
        return False
    if len(without_courtesies(visit.words).splitlines()) > 1:
        return False
    orders = read_line_text(visit.words, visit.workflow).orders
    said = bool(orders) and all(order.intent == IntentKind.ACCEPTANCE for order in orders)
    alone = visit.intent.kind is IntentKind.ACCEPTANCE and visit.intent.only
    return (said or alone) and on_open_group(visit).ticket is None


def is_unclear(visit: Visit) -> bool:
    """Tell whether a mail speaks of lines in a way that only a person understands: also by numbers
    outside any thread, when several groups have such numbers."""
    read = read_line_text(visit.words, visit.workflow)
    if visit.route.by == "group" and any(order.numbers for order in read.orders):
        return read.unclear or len({one.group for one in _waiting(visit)}) > 1
    return read.unclear


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
    return in_order(group)


def _wishes(
    visit: Visit, told: LineText, lines: Sequence[Ticket], *, listed: bool
) -> tuple[dict[int, _Wish], tuple[int, ...]]:
    """Return what is wanted of each line, by ticket id in their order, and the numbers of no line. Of a
    mail that has `listed` lines only plain orders count: what it says else may be about those."""
    orders = told.orders or (() if listed else _whole(visit))
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
    for ticket in _waiting(visit) if visit.route.by == "group" else ():
        mine = [order for order in orders if not order.numbers and _hears(visit, ticket, order)]
        if mine and ticket not in lines:
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


def _filed(visit: Visit, ticket: Ticket) -> Filed:
    """Return the files of the mail, sorted as for a line."""
    return sort_attachments(
        visit.mail.attachments,
        visit.workflow.states[ticket.state].expects,
        visit.intent,
        visit.facts.known_images,
        said=visit.words,
        policy=visit.file_policy,
        held=octets_of(ticket),
    )


def _carried(visit: Visit, ticket: Ticket, wish: _Wish | None, filed: Filed) -> Turn:
    """Return the turn of the line that the mail is filed on, after its own wish; of which line a form
    speaks nobody can tell."""
    turn = with_form_doubts(start(visit, ticket, visit.actor_on(ticket)), unread(visit.forms))
    turn = look_at_pictures(file_documents(turn, filed, Visibility.PUBLIC), visit.facts)
    return ask_about_files(_move(turn, wish) if wish is not None else turn)


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
