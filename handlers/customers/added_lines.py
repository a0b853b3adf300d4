"""Lines that a mail adds to those it answers, told apart from corrections of them (A-30, A-33, A-34)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handlers.book import value_key
from handlers.customers.open_group import group_to_join, is_joined
from handlers.process.workflow import Workflow
from handlers.ticket import Ticket
from handlers.visit import Visit
from handlers.words.line_files import identity_of
from handlers.words.line_orders import LineText
from handlers.words.line_sheets import names_lines, read_lines
from handlers.words.sheet import Sheet


def lists_lines(visit: Visit) -> bool:
    """Tell whether a mail asks for lines, one or several, of those that contacts keep in one group."""
    rule = visit.workflow.lines
    if rule is None or not rule.joined_in:
        return False
    sheets = visit.sheets
    return len(sheets) > 1 or all(sheets[0].values.get(name) for name in rule.another)


def added_lines(
    visit: Visit, ticket: Ticket, told: LineText, lines: Sequence[Ticket]
) -> tuple[Sheet, ...]:
    """Return the lines that a mail on one of these lines adds to them: those behind "ajouter", those of a
    list, and a single one that is said whole and that none of them is about. () for any other mail."""
    if told.added:
        listed = names_lines(told.added, visit.workflow)
        return (*(read_lines(told.added, visit.workflow) if listed else ()), *visit.rows)
    rule = visit.workflow.lines
    if rule is None or not rule.joined_in or any(order.fields for order in told.orders):
        return ()
    if not visit.brings_lines:
        return ()
    found = visit.sheets
    whole = [sheet for sheet in found if all(sheet.values.get(name) for name in rule.another)]
    if len(found) > 1:
        return found if whole else ()
    corrects = ticket.closed_at is not None and "*" in visit.workflow.states[ticket.state].collects
    if corrects and not any(is_joined(line, visit.workflow) for line in lines):
        return ()
    return tuple(one for one in whole if _is_of_none(one.values, lines, visit.workflow))


def completed_lines(
    workflow: Workflow, lines: Iterable[Ticket], sheets: Iterable[Sheet]
) -> tuple[dict[int, Sheet], tuple[Sheet, ...]]:
    """Return the sheets that complete a line which still lacks something, by ticket id, and the rest:
    who sends a list again, corrected, wants no line of it twice."""
    waiting = [one for one in lines if _is_incomplete(one, workflow)]
    completed: dict[int, Sheet] = {}
    rest: list[Sheet] = []
    for sheet in sheets:
        line = next((one for one in waiting if _is_about(sheet.values, one, workflow)), None)
        if line is None:
            rest.append(sheet)
        else:
            completed[line.id] = sheet
            waiting.remove(line)
    return completed, tuple(rest)


def group_for(visit: Visit, lines: Sequence[Ticket], contact: str) -> str:
    """Return the group that lines added to these join: theirs, unless all of it is settled."""
    settled = not any(is_joined(one, visit.workflow) for one in lines)
    rule = visit.workflow.lines
    if rule is not None and rule.joined_in and settled:
        return group_to_join(visit, contact)
    return lines[0].group


def with_contact(sheet: Sheet, contact: str) -> Sheet:
    """Return the sheet of a line that somebody adds to the lines of a contact."""
    return replace(sheet, values={"contact": contact, **sheet.values})


def _said_of_both(
    values: Mapping[str, str], line: Ticket, names: Iterable[str]
) -> dict[str, tuple[str, str]]:
    pairs = {name: (values.get(name, ""), line.fields.get(name, "")) for name in names}
    return {n: (value_key(a), value_key(b)) for n, (a, b) in pairs.items() if a and b}


def _is_of_none(values: Mapping[str, str], lines: Iterable[Ticket], workflow: Workflow) -> bool:
    """Tell whether values name another row than each of these lines is about."""
    names = identity_of(workflow)
    said = (_said_of_both(values, line, names).values() for line in lines)
    return all(any(mine != its for mine, its in both) for both in said)


def _is_about(values: Mapping[str, str], line: Ticket, workflow: Workflow) -> bool:
    """Tell whether values are those of a line, as far as both say them."""
    another = workflow.lines.another if workflow.lines else ()
    both = _said_of_both(values, line, (*identity_of(workflow), *another))
    same = all(mine == its for mine, its in both.values())
    return same and any(name in both for name in identity_of(workflow))


def _is_incomplete(line: Ticket, workflow: Workflow) -> bool:
    state = workflow.states[line.state]
    return is_joined(line, workflow) and not state.closed_question
