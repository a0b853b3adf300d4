"""Guards over fields, dates and other tickets, and the lists of conditions that must all hold (Q-41, Q-52).

A condition whose fields are not known yet holds: what is missing is asked for, not refused.
"""

from __future__ import annotations

import operator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from handlers.book import Search
from handlers.papers.paper_fields import positions_of
from handlers.process.proof_rule import CheckRule
from handlers.process.workflow import said
from handlers.steps.guards import guard, holds
from handlers.steps.kept_number import kept_number
from handlers.turn import Turn
from parsers.fields.imei import imeis
from parsers.folding import fold, plain, says

COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


@guard
def checks_hold(turn: Turn, value: str) -> bool:
    """Tell whether every condition of a list in the workflow's `checks` holds."""
    return not failing(turn, value)


def failing(turn: Turn, name: str) -> tuple[CheckRule, ...]:
    """Return the conditions of a list that do not hold, in its order."""
    rules = turn.workflow.checks.get(name, {}).values()
    return tuple(r for r in rules if not all(holds(turn, call) for call in r.guards))


def reasons(turn: Turn, name: str, language: str) -> list[str]:
    """Return why the conditions of a list do not hold, a sentence each with the ticket's values."""
    known = {name: shown(turn, name, language) for name in turn.workflow.fields}
    return [said(rule.says, language).format_map(known) for rule in failing(turn, name)]


def shown(turn: Turn, name: str, language: str) -> str:
    """Return a field as people write it: amounts with a comma, days as 30/11/2026, choices by label."""
    rule, value = turn.workflow.fields[name], turn.ticket.fields.get(name, "")
    if rule.type == "amount" and language != "en":
        return value.replace(".", ",")
    if rule.type == "date" and (day := _day(value)):
        return f"{day:%d/%m/%Y}"
    return said(rule.choices[value].label, language) if value in rule.choices else value or "–"


@guard
def amount_cmp(turn: Turn, name: str, op: str, to: str) -> bool:
    """Compare an amount with another field, a number, or a "#argument"; one that is not known suits."""
    left, right = _amount(turn, name), _amount(turn, to)
    return left is None or right is None or bool(COMPARISONS[op](left, right))


@guard
def younger_than(turn: Turn, name: str, months: int, at: str = "") -> bool:
    """Tell whether a day lies less than so many months before another field's day, or today."""
    since, day = _day(turn.ticket.fields.get(name, "")), day_of(turn, at)
    return since is not None and day < _later(since, months)


@guard
def on_or_after(turn: Turn, name: str, day: str) -> bool:
    """Tell whether the day of a field (today while it is empty) is this day or a later one."""
    return day_of(turn, name) >= date.fromisoformat(day)


@guard
def real_address(turn: Turn, name: str, not_at: list[str]) -> bool:
    """Tell whether an address is somebody's own: not ours, not at one of these domains (Q-7)."""
    domain = turn.ticket.fields.get(name, "").rpartition("@")[2].lower()
    ours = {address.rpartition("@")[2].lower() for address in turn.desk.addresses}
    return domain not in ours | set(not_at)


@guard
def plausible_number(turn: Turn, value: str) -> bool:
    """Tell whether a number can be one: not "XXXX", not a lone zero (Q-60)."""
    written = "".join(c for c in turn.ticket.fields.get(value, "").upper() if c.isalnum())
    return not written or len(set(written)) > 1


@guard
def imei_holds(turn: Turn, value: str) -> bool:
    """Tell whether an IMEI has its check digit (Q-60)."""
    written = turn.ticket.fields.get(value, "")
    return not written or bool(imeis(written))


@guard
def same_elsewhere(turn: Turn, fields: list[str], except_states: list[str]) -> bool:
    """Tell whether another ticket of the desk has the same values, and is in none of these states."""
    wanted = {name: turn.ticket.fields.get(name, "") for name in fields}
    if not all(wanted.values()):
        return False
    found = turn.book.tickets(Search(fields=wanted))
    return any(t.id != turn.ticket.id and t.state not in except_states for t in found)


@guard
def switched_on(turn: Turn, value: str) -> bool:
    """Tell whether a switch of the desk is on; off unless the configuration says so."""
    return bool(turn.desk.settings.get(value, False))


@guard
def sender_is(turn: Turn, value: str) -> bool:
    """Tell whether the address in a field wrote this."""
    named = turn.ticket.fields.get(value, "")
    return bool(named) and turn.event.actor.address.lower() == named.lower()


@guard
def says_one_of(turn: Turn, value: list[str]) -> bool:
    """Tell whether the new text says one of these phrases."""
    return says(plain(turn.event.said), tuple(map(plain, value)))


@guard
def given_one_of(turn: Turn, name: str, values: list[str]) -> bool:
    """Tell whether an argument of the command or answer is one of these, whatever its spelling."""
    return fold(turn.event.arguments.get(name, "")) in {fold(one) for one in values}


@guard
def has_document(turn: Turn, value: list[str]) -> bool:
    """Tell whether the ticket has a usable document of one of these kinds."""
    return turn.ticket.latest(*value) is not None


@guard
def document_says(turn: Turn, kind: str, name: str) -> bool:
    """Tell whether the latest document of a kind says this ("gross", "seller_siret"), as far as it
    could be read at all."""
    document = turn.ticket.latest(kind)
    if document is None or document.flags & {"unreadable", "suggested"}:
        return True
    return bool(document.fields.get(name))


@guard
def position_says(turn: Turn, kind: str, words: list[str]) -> bool:
    """Tell whether a line of the latest document of a kind says one of these, as far as its lines
    could be read (Q-55)."""
    document = turn.ticket.latest(kind)
    positions = positions_of(document.fields) if document is not None else ()
    texts = [plain(f"{one.reference} {one.description}") for one in positions]
    return not texts or any(says(text, tuple(map(plain, words))) for text in texts)


def day_of(turn: Turn, name: str) -> date:
    """Return the day in a field, today on the desk's wall when there is none."""
    today = turn.event.requested_at.astimezone(ZoneInfo(turn.desk.time_zone)).date()
    return _day(turn.ticket.fields.get(name, "")) or today


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _later(day: date, months: int) -> date:
    """Return the same day so many months later; the 29th of February becomes the 28th."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(day.day, last))
        except ValueError:
            continue
    return day


def _amount(turn: Turn, name: str) -> Decimal | None:
    value = turn.ticket.fields.get(name, "") if name in turn.workflow.fields else name
    if name.startswith("#"):
        value = turn.event.arguments.get(name[1:], "")
    return kept_number(value)
