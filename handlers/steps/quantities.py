"""How many pieces are left of a line that others may have claimed already (A-45, A-52)."""

from __future__ import annotations

from decimal import Decimal

from handlers.book import Search
from handlers.steps.effects import effect
from handlers.steps.kept_number import kept_number
from handlers.ticket import Ticket
from handlers.together import members
from handlers.turn import Turn


@effect
def count_left(
    turn: Turn, *, whole: str, part: str, same: list[str], not_in: list[str], into: str, others: str
) -> Turn:
    """Keep in `into` what is left of a quantity (`whole`) after what other tickets with the same
    fields took (`part`), and in `others` their keys; tickets in the states `not_in` took nothing."""
    taken = _others(turn, same, not_in)
    total = _number(turn.ticket.fields.get(whole, ""))
    left = total - sum((_number(one.fields.get(part, "")) for one in taken), Decimal(0))
    keys = " ".join(dict.fromkeys(one.key for one in taken))
    return turn.with_fields({into: f"{max(left, Decimal(0)).normalize():f}", others: keys})


@effect
def find_twin_line(
    turn: Turn, *, same: list[str], states: list[str], line: str, key: str, in_group: bool = False
) -> Turn:
    """Keep in `key` the key of another ticket in one of these states with the same values in the fields
    `same`, and in `line` its number when it is of the group; with `in_group` only such a one. A value
    that is missing equals nothing; what is kept stays when there is none."""
    numbers = {one.id: number for number, one in enumerate(members(turn), start=1)}
    others = (one for one in _others(turn, same, []) if one.state in states)
    twin = next((one for one in others if one.id in numbers or not in_group), None)
    if twin is None:
        return turn
    return turn.with_fields({line: str(numbers.get(twin.id, "")), key: twin.key})


def _others(turn: Turn, same: list[str], not_in: list[str]) -> list[Ticket]:
    """Return the other tickets with the same values, those of this decision as they stand now."""
    wanted = {name: turn.ticket.fields.get(name, "") for name in same}
    if not all(wanted.values()):
        return []
    beside = {one.id: one for one in members(turn)}
    stored = {one.id: one for one in turn.book.tickets(Search(fields=wanted))}
    return [
        one
        for one in {**stored, **beside}.values()
        if one.id != turn.ticket.id
        and one.state not in not_in
        and all(one.fields.get(name, "") == value for name, value in wanted.items())
    ]


def _number(text: str) -> Decimal:
    """Return the pieces a field counts; none for what is no number, and never less than none."""
    return max(kept_number(text) or Decimal(0), Decimal(0))
