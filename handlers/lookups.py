"""What a ticket takes from the reference book and from its own papers (Q-1, Q-5, Q-12)."""

from __future__ import annotations

from handlers.book import Row
from handlers.conditions import day_of
from handlers.effects import effect
from handlers.guards import guard
from handlers.turn import Turn


@effect
def look_up(turn: Turn, table: str, by: dict[str, str], take: dict[str, str], on: str = "") -> Turn:
    """Fill fields (`take`: field by column) from the row whose columns are those of the ticket (`by`:
    column by field, or by "#argument" of the command), valid on the day of `on`; they are emptied
    when there is no such row."""
    row = _row(turn, table, by, on)
    return turn.with_fields({field: row.get(column, "") for field, column in take.items()})


@guard
def listed(turn: Turn, table: str, by: dict[str, str], on: str = "") -> bool:
    """Tell whether a table has a row with these values of the ticket, valid on that day; a table
    that was never imported refuses nothing."""
    return not turn.book.has(table) or bool(_row(turn, table, by, on))


@effect
def take_from_document(turn: Turn, kind: str, **fields: str) -> Turn:
    """Fill fields from what was read in the latest document of a kind; what it does not say stays."""
    document = turn.ticket.latest(kind)
    read = document.fields if document is not None else {}
    found = {name: read[said] for name, said in fields.items() if read.get(said)}
    return turn.with_fields(found) if found else turn


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
def add_word(turn: Turn, name: str, value: str) -> Turn:
    """Add a word to a field that holds words apart by blanks, once."""
    words = turn.ticket.fields.get(name, "").split()
    return turn if value in words else turn.with_fields({name: " ".join([*words, value])})


def _row(turn: Turn, table: str, by: dict[str, str], on: str) -> Row:
    equal = {column: _source(turn, name) for column, name in by.items()}
    if not all(equal.values()):
        return {}
    return next(iter(turn.book.rows(table, equal, on=day_of(turn, on), limit=1)), {})


def _source(turn: Turn, name: str) -> str:
    if name.startswith("#"):
        return turn.event.arguments.get(name[1:], "")
    return turn.ticket.fields.get(name, "")
