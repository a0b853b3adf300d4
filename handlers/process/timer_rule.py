"""A clock of a process: when it fires, what stops it, what it does."""

from __future__ import annotations

from handlers.process.call import GivenCall, Part


class TimerRule(Part):
    """A clock that runs while the ticket is in one of `states`.

    `after` are delays from its start ("7d", "2bd" = business days, "4bh" =
    opening hours), one firing each; `daily` is a time
    of day ("02:30") at which it fires again and again; `at_field` names
    a date field instead (end of that day), `default` the delay when the field is empty. With `whole_days`
    it lasts to the end of its last day. While the ticket has one of the `suspended_by` flags it stands
    still and then goes on with what was left; for a question that the customer does not answer it
    waits as long as its `patience`. `effects` happen at each firing.
    """

    states: tuple[str, ...]
    after: tuple[str, ...] = ()
    at_field: str = ""
    default: str = ""
    daily: str = ""
    restart_on: tuple[str, ...] = ()
    whole_days: bool = False
    suspended_by: tuple[str, ...] = ()
    patience: str = ""
    effects: tuple[GivenCall, ...] = ()
