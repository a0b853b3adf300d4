"""The clock, as an argument: services read the wall clock, rehearsals set their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._now

    def set(self, now: datetime) -> None:
        """Set the clock. Raises ValueError when that would turn it back."""
        if now < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()}; time only goes on")
        self._now = now.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.set(self._now + by)
