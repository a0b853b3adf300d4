"""When the firings of a timer are due, counted in the calendar of the desk."""

from __future__ import annotations

from datetime import date, datetime

from handlers.calendar import Calendar, next_time, read_delay
from handlers.process.timer_rule import TimerRule
from handlers.ticket import Ticket, Timer


def planned(
    rule: TimerRule, name: str, ticket: Ticket, calendar: Calendar, now: datetime
) -> tuple[Timer, ...]:
    """Return all firings of a timer that starts now on a ticket."""
    return tuple(
        Timer(ticket_id=ticket.id, name=name, nth=nth, due_at=due, started_at=now)
        for nth, due in enumerate(_due_times(rule, ticket, calendar, now), start=1)
    )


def is_limit(rule: TimerRule) -> bool:
    """Tell whether a timer ends something on a certain day, instead of reminding somebody."""
    return rule.whole_days or bool(rule.at_field)


def settled(rule: TimerRule, due: datetime, calendar: Calendar) -> datetime:
    """Return the instant at which a timer that counted to `due` fires: a limit lasts to the end of its
    day, a reminder waits until it may leave. So an answer in the night still stops it."""
    if rule.daily:
        return due
    if is_limit(rule):
        return calendar.end_of_day(calendar.day_of(due))
    return calendar.next_loud(due)


def unit_of(rule: TimerRule, nth: int) -> str:
    """Return the unit in which the nth firing of a timer is counted."""
    delays = rule.after[nth - 1 : nth] or rule.after[-1:] or (rule.default or "1d",)
    return read_delay(delays[0])[1]


def date_in(rule: TimerRule, ticket: Ticket) -> date | None:
    """Return the day that a field sets for a timer, None when it sets none."""
    value = ticket.fields.get(rule.at_field, "") if rule.at_field else ""
    return date.fromisoformat(value) if value else None


def _due_times(
    rule: TimerRule, ticket: Ticket, calendar: Calendar, now: datetime
) -> list[datetime]:
    if rule.daily:
        return [next_time(now, rule.daily, calendar.time_zone)]
    day = date_in(rule, ticket)
    if day is not None and (calendar.end_of_day(day) > now or not rule.default):
        return [calendar.end_of_day(day)]
    delays = ((rule.default,) if rule.default else ()) if rule.at_field else rule.after
    return [settled(rule, calendar.after(now, delay), calendar) for delay in delays]
