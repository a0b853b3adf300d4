"""Until when a request can be made: days from a date in the past, counted whole (A-7 to A-10, X-32)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from handlers.book import Book, Row, value_key
from handlers.decision import Value
from handlers.process.workflow import Workflow, said
from handlers.steps.decision_table import decided_by
from handlers.steps.guards import guard
from handlers.steps.values import VALUES
from handlers.turn import Turn


@guard
def in_time(turn: Turn) -> bool:
    """The last day is not over, counted when the request was made (A-7, A-62); a code without a limit
    has none, one that the table does not know is never in time."""
    rule = turn.workflow.deadlines
    if rule is None:
        return True
    fields, day = turn.ticket.fields, asked_on(turn)
    row = limit_of(turn.book, turn.workflow, fields, fields.get(rule.code, ""), day)
    return row is not None and is_in_time(row, fields.get(rule.since, ""), day)


def asked_on(turn: Turn) -> date:
    """Return the day of the request: of the original mail when an agent forwards it (X-31)."""
    alleged = _later(turn.ticket.fields.get("alleged_request", ""), "0")
    return alleged or turn.ticket.requested_at.astimezone(ZoneInfo(turn.desk.time_zone)).date()


def limit_of(
    book: Book, workflow: Workflow, fields: Mapping[str, str], code: str, day: date
) -> Row | None:
    """Return the row that limits a code for a ticket or a row with these fields, valid on a day: the
    newest when an older one was left open (A-10)."""
    rule = workflow.deadlines
    if rule is None or not code:
        return None
    brand = value_key(fields.get(rule.brand, ""))
    valid = book.rows(rule.table, {"code": code}, on=day)
    rows = sorted(valid, key=lambda row: row.get("valid_from", ""), reverse=True)
    own = (row for row in rows if brand and value_key(row.get("brand", "")) == brand)
    return next(own, next((row for row in rows if not row.get("brand", "")), None))


def is_in_time(row: Row, since: str, day: date) -> bool:
    """Tell whether a day is not later than the last one a row allows, both inclusive."""
    last = last_day(row, since)
    return last is None or day <= last


def last_day(row: Row, since: str) -> date | None:
    """Return the last day a row allows, None when it sets no limit or the first day is unknown."""
    return _later(since, row.get("days", ""))


def _later(since: str, days: str) -> date | None:
    """Return the day so many days later; None when either is missing, no day or no number, or no
    calendar has the day."""
    try:
        return date.fromisoformat(since) + timedelta(days=int(days)) if days.isdecimal() else None
    except (ValueError, OverflowError):
        return None


def chances(
    book: Book, workflow: Workflow, fields: Mapping[str, str], day: date, language: str
) -> list[dict[str, str]]:
    """Return what could still be asked for: number and name of the choice, code, last day ("" = no limit), late (yes or "")."""
    rule = workflow.deadlines
    if rule is None:
        return []
    found: dict[str, dict[str, str]] = {}
    for number, (name, choice) in enumerate(workflow.fields[rule.choices].choices.items(), 1):
        code = next(iter(_code(workflow, fields, name)), "")
        row = limit_of(book, workflow, fields, code, day)
        if row is None:
            continue
        last = last_day(row, fields.get(rule.since, ""))
        found[name] = {
            "number": str(number),
            "choice": said(choice.label, language),
            "code": code,
            "last_day": last.isoformat() if last else "",
            "late": "" if last is None or day <= last else "yes",
        }
    return list(found.values())


def _code(workflow: Workflow, fields: Mapping[str, str], choice: str) -> tuple[str, ...]:
    rule = workflow.deadlines
    if rule is None:
        return ()
    known = {**fields, rule.choices: choice}
    return decided_by(workflow.decisions[rule.by], known).get("code", ())


def _in_time(turn: Turn, language: str) -> Value:
    rows = chances(turn.book, turn.workflow, turn.ticket.fields, asked_on(turn), language)
    return [dict(row) for row in rows if not row["late"]]


def _late(turn: Turn, language: str) -> Value:
    rows = chances(turn.book, turn.workflow, turn.ticket.fields, asked_on(turn), language)
    return [dict(row) for row in rows if row["late"]]


def _last_day(turn: Turn, _language: str) -> Value:
    rule = turn.workflow.deadlines
    if rule is None:
        return ""
    fields = turn.ticket.fields
    row = limit_of(turn.book, turn.workflow, fields, fields.get(rule.code, ""), asked_on(turn))
    last = last_day(row, fields.get(rule.since, "")) if row is not None else None
    return last.isoformat() if last else ""


VALUES["choices_in_time"] = _in_time
VALUES["choices_late"] = _late
VALUES["last_day"] = _last_day
