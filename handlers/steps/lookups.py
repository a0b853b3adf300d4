"""What a ticket takes from the reference book and from its own papers (Q-1, Q-5, Q-12)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from handlers.book import Row
from handlers.steps.conditions import day_of
from handlers.steps.effects import effect, replace_document
from handlers.steps.guards import guard
from handlers.steps.kept_number import kept_number
from handlers.turn import Turn


@effect
def look_up(turn: Turn, table: str, by: dict[str, str], take: dict[str, str], at: str = "") -> Turn:
    """Fill fields (`take`: field by column) from the row whose columns are those of the ticket (`by`:
    column by field, by "#argument" of the command, or by "=what is written here"), valid on
    the day of `at`; they are emptied when there is no such row."""
    row = row_of(turn, table, by, at)
    return turn.with_fields({field: row.get(column, "") for field, column in take.items()})


@guard
def listed(turn: Turn, table: str, by: dict[str, str], at: str = "") -> bool:
    """Tell whether a table has a row with these values of the ticket, valid on that day; a table
    that was never imported refuses nothing."""
    return not turn.book.has(table) or bool(row_of(turn, table, by, at))


@effect
def take_from_document(turn: Turn, kind: str, **fields: str) -> Turn:
    """Fill fields from what was read in the latest document of a kind; what it does not say stays, and
    what was said since it came."""
    document = turn.ticket.latest(kind)
    if document is None:
        return turn
    fresh = document.number in {one.number for one in turn.event.documents}
    read = {name: document.fields.get(said, "") for name, said in fields.items()}
    open_ones = {name for name in fields if fresh or not turn.ticket.fields.get(name)}
    return turn.with_fields({n: value for n, value in read.items() if value and n in open_ones})


@effect
def set_today(turn: Turn, value: str) -> Turn:
    """Fill a date field that is empty with the day of the event."""
    if turn.ticket.fields.get(value):
        return turn
    return turn.with_fields({value: day_of(turn, "").isoformat()})


@effect
def count_up(turn: Turn, value: str) -> Turn:
    """Add one to a number in a field; an empty one becomes 1."""
    before = turn.ticket.fields.get(value, "")
    return turn.with_fields({value: str(int(before) + 1 if before.isdecimal() else 1)})


@effect
def add_amount(turn: Turn, name: str, argument: str, usual: str) -> Turn:
    """Add an amount of the command to a field; without one, what the field lacks of another (`usual`)."""
    fields = turn.ticket.fields
    had = kept_number(fields.get(name, "")) or Decimal(0)
    given = kept_number(turn.event.arguments.get(argument, ""))
    lacks = (kept_number(fields.get(usual, "")) or Decimal(0)) - had
    more = max(lacks, Decimal(0)) if given is None else given
    return turn.with_fields({name: f"{had + more:.2f}"})


@effect
def drop_marks(turn: Turn, value: str) -> Turn:
    """Take a flag off every document: what it said is no longer true."""
    for document in turn.ticket.documents:
        if value in document.flags:
            turn = replace_document(turn, replace(document, flags=document.flags - {value}))
    return turn


@effect
def add_word(turn: Turn, name: str, value: str) -> Turn:
    """Add a word to a field that holds words apart by blanks, once."""
    words = turn.ticket.fields.get(name, "").split()
    return turn if value in words else turn.with_fields({name: " ".join([*words, value])})


def row_of(turn: Turn, table: str, by: dict[str, str], at: str = "") -> Row:
    """Return the first row with these values of the ticket, valid on the day of `at`; {} for none."""
    equal = {column: _source(turn, name) for column, name in by.items()}
    if not all(equal.values()):
        return {}
    return next(iter(turn.book.rows(table, equal, on=day_of(turn, at), limit=1)), {})


def _source(turn: Turn, name: str) -> str:
    if name.startswith("="):
        return name[1:]
    if name.startswith("#"):
        return turn.event.arguments.get(name[1:], "")
    return turn.ticket.fields.get(name, "")
