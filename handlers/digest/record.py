"""A ticket as a digest counts it: who it is of, and every step it took. Storage selects it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One step of a ticket: the transition, "" for none, from a state to a state, maybe the same; who took
    it, and why, as the history says."""

    at: datetime
    transition: str
    source: str
    target: str
    actor: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A ticket of a desk with its moves, oldest first.

    `state`, `assignee`, `priority` and `fields` are those of today, the moves tell what was before.
    `answered_at` is when a person of the desk first had something told to the customer, as far as
    storage was asked for it; else None. `parked` counts its messages that are over a budget now (X-30).
    """

    id: int
    key: str
    opened_at: datetime
    requested_at: datetime
    state: str
    contact: str = ""
    organisation: str = ""
    assignee: str = ""
    priority: str = "normal"
    fields: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    answered_at: datetime | None = None
    parked: int = 0

    @property
    def who(self) -> str:
        """Whose ticket it is, in a few words: the company when it is known, and the contact."""
        company = self.fields.get("company", "") or self.organisation
        return " – ".join(filter(None, (company, self.contact)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What is counted: the tickets of a desk from `since` to `until`. `closed` are the states that end
    a ticket, `agents` the addresses of the desk's people, `notices` those that customers get."""

    since: datetime
    until: datetime
    closed: Collection[str]
    agents: Collection[str]
    notices: Collection[str]
