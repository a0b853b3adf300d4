"""Budgets: how many messages may leave by themselves before a person looks (X-30, T13, T16).

They bind what the rules send to customers and others outside, whatever caused it: a mail, a timer, an
answer. What an agent does, and work items, are no loop: they always leave and count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from handlers.decision import Decision, Notice
from handlers.desk import Desk
from handlers.ticket import Role


class Budget(StrEnum):
    """What a budget counts for: an address or a ticket in 24 hours, a desk in one."""

    ADDRESS = "address"
    TICKET = "ticket"
    DESK = "desk"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What the outbox has counted: to each address (lower case), about each ticket, at the desk."""

    addresses: Mapping[str, int] = field(default_factory=dict)
    tickets: Mapping[int, int] = field(default_factory=dict)
    desk: int = 0


def bound(decision: Decision) -> tuple[Notice, ...]:
    """Return the notices that the budgets bind."""
    return () if decision.by_agent else tuple(filter(_is_bound, decision.notices))


def _is_bound(notice: Notice) -> bool:
    return notice.automatic and notice.to.role is not Role.AGENT


def weighed(decision: Decision, spent: Spent, desk: Desk) -> Decision:
    """Return the decision with each notice that the budgets bind charged, or parked for the one that it
    is over. Those of one decision count one after the other; a parked one counts for nothing."""
    if decision.by_agent:
        return decision
    addresses, tickets = Counter(spent.addresses), Counter(spent.tickets)
    sent, kept = spent.desk, []
    for notice in decision.notices:
        if not _is_bound(notice):
            kept.append(notice)
            continue
        now = Spent(addresses=addresses, tickets=tickets, desk=sent)
        over = _over(notice, now, desk)
        kept.append(replace(notice, charged=not over, parked_for=over))
        if not over:
            addresses[notice.to.address.lower()] += 1
            tickets[notice.ticket_id or 0] += 1
            sent += 1
    return replace(decision, notices=tuple(kept))


def _over(notice: Notice, spent: Spent, desk: Desk) -> str:
    """Return the budget that one more notice is over, "" for none."""
    address, ticket_id = notice.to.address.lower(), notice.ticket_id
    counted = (
        (Budget.ADDRESS, spent.addresses.get(address, 0), address_limit(desk, address)),
        (
            Budget.TICKET,
            spent.tickets.get(ticket_id or 0, 0) if ticket_id else 0,
            desk.budget_per_ticket,
        ),
        (Budget.DESK, spent.desk, desk.budget_per_desk),
    )
    return next((name.value for name, count, limit in counted if limit and count >= limit), "")


def address_limit(desk: Desk, address: str) -> int:
    """Return the budget of an address, 0 for any number: organisations that the desk itself writes to get
    one mail for each thing they are asked."""
    asked = any(one.address.lower() == address for one in desk.organisations)
    return 0 if asked else desk.budget_per_address


def limit_of(desk: Desk, budget: str) -> int:
    """Return how many messages a budget allows."""
    limits = {
        Budget.ADDRESS: desk.budget_per_address,
        Budget.TICKET: desk.budget_per_ticket,
        Budget.DESK: desk.budget_per_desk,
    }
    return limits[Budget(budget)]
