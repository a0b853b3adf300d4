"""What a timer will do when it is due, as things stand: decided beforehand, applied by nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.decision import Decision
from handlers.desk import Desk
from handlers.facts import Facts
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import Workflow
from handlers.ticket import NEVER, Ticket, Timer
from handlers.timekeeping import decide_timer


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """A firing to come. `due_at` is None while only an event can let it go on; `of` is how many firings
    the clock has. `sends` are notices and to whom, `fired` transitions, `state` the one it leads to, ""
    none. `rule` is where the clock stands in the workflow file."""

    timer: Timer
    ticket: Ticket
    due_at: datetime | None
    of: int
    rule: str
    sends: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()
    state: str = ""

    @property
    def will(self) -> str:
        """What it will do, in one line."""
        moves = [f"{', '.join(self.fired)}: {self.state}"] if self.state else list(self.fired)
        told = [f"sends {one}" for one in self.sends]
        return "; ".join([*moves, *told]) or "nothing any more"

    @property
    def held(self) -> str:
        """What keeps it still and what is left of it, "" when it goes."""
        left = self.timer.left or timedelta()
        hours = f"{left.seconds // 3600} h" if left < timedelta(days=1) else f"{left.days} d"
        return f"{self.timer.held_by}, {hours} left" if self.timer.held_by else ""


def forecast(timer: Timer, facts: Facts, *, desk: Desk, workflow: Workflow) -> Forecast:
    """Return what a timer will do when nothing else happens, its ticket among the facts."""
    ticket, rule = facts.tickets[timer.ticket_id], workflow.timers.get(timer.name)
    due = None if timer.due_at >= NEVER else timer.due_at
    decision = _decided(timer, facts, desk, workflow, rule)
    steps = [one for change in decision.changes for one in change.steps]
    after = next((c.ticket.state for c in decision.changes if c.ticket.id == ticket.id), "")
    return Forecast(
        timer=timer,
        ticket=ticket,
        due_at=due,
        of=max(timer.nth, len(rule.after) if rule else 0),
        rule=workflow.place("timers", timer.name) if rule else "",
        sends=tuple(f"{one.template} to {one.to.address}" for one in decision.notices),
        fired=tuple(one.transition for one in steps if one.transition),
        state=after if after != ticket.state else "",
    )


def _decided(
    timer: Timer, facts: Facts, desk: Desk, workflow: Workflow, rule: TimerRule | None
) -> Decision:
    """Return what it decides once nothing holds it."""
    ticket = facts.tickets[timer.ticket_id]
    free = replace(ticket, flags=ticket.flags - set(rule.suspended_by if rule else ()))
    running = replace(timer, held_by="", left=None, held_at=None)
    return decide_timer(
        running,
        replace(facts, tickets={**facts.tickets, ticket.id: free}),
        desk=desk,
        workflow=workflow,
        timer_id=0,
        now=timer.due_at if not timer.held_by else timer.held_at or timer.started_at,
    )
