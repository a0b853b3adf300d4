"""Tickets that went through a process at random, over a year: their steps, mails and messages as stored."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handlers.decision import Decision, TicketChange, Verdict
from handlers.process.workflow import NEW
from handlers.workflow_file import shipped
from storage import journal, outbox
from storage.apply import apply
from storage.journal import Summary

from .stores import a_message, a_step, a_ticket, raw

RMA = shipped("rma")
AGENTS = ("ana@desk.example", "bob@desk.example")
ANNE = "anne@client.example"
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
FIRST_ID = 5000


def travel(store, tickets, *, seed=1, length=12 * MONTH):
    """Store tickets that were opened over a time, each with the way it went since."""
    chance = random.Random(seed)
    ways = [_way(chance, BEGIN + chance.random() * length, BEGIN + length) for _ in range(tickets)]
    with store.write() as tx:
        changes = [_change(FIRST_ID + n, way, chance) for n, way in enumerate(ways)]
        decision = Decision(verdict=Verdict.APPLIED, changes=tuple(changes))
        apply(tx, decision, (), desk="rma", references={}, now=BEGIN)
        for number, way in enumerate(ways):
            _told(tx, FIRST_ID + number, way, chance)


def _way(chance, at, end):
    """Return (instant, row, source, target, actor) of each step: any transition may fire."""
    steps, state = [], NEW
    while at < end and len(steps) < 12:
        rows = [row for row in RMA.leaving(state) if state != NEW or row.target]
        row = chance.choice(rows) if rows else None
        if row is None or (chance.random() < 0.1 and steps):
            break
        target = row.target or state
        actor = chance.choice((ANNE, *AGENTS))
        steps.append((at, row.id, state, target, actor))
        state = target
        at += timedelta(hours=chance.expovariate(1 / 40))
    return steps


def _change(number, way, chance):
    at, _, _, state, _ = way[-1]
    opened = way[0][0]
    closed = at if not RMA.states[state].open else None
    ticket = a_ticket(
        number,
        state=state,
        opened_at=opened,
        requested_at=opened - timedelta(minutes=chance.randrange(90)),
        changed_at=at,
        state_since=at,
        closed_at=closed,
        assignee=chance.choice(("", "", "", "sales", "ana@desk.example")),
        priority=chance.choice(("normal", "normal", "high", "low")),
    )
    steps = (
        a_step(at=when, transition=row, from_state=source, to_state=target, actor=actor)
        for when, row, source, target, actor in way
    )
    return TicketChange(ticket=ticket, opened=True, steps=tuple(steps))


def _told(tx, number, way, chance):
    """Write a mail for each step, and what was told because of it."""
    for nth, (at, *_, actor) in enumerate(way):
        name = f"{number}-{nth}"
        (mail,) = journal.append(tx, 1, [("rma", raw(text=name, sender=actor))])
        summary = Summary(sender=actor, subject="", message_id="", body_digest="")
        journal.settle(tx, mail, verdict=Verdict.APPLIED, now=at, summary=summary)
        for notice in chance.sample(["N1", "N3", "N_comment", "W_new", "W_order"], 2):
            one = a_message(0, cause=f"m{mail}", notice=notice, ticket_id=number)
            unique = f"{name}.{notice}"
            one = replace(one, message_id=f"<{unique}@desk.example>", bounce_key=unique)
            outbox.queue(tx, "rma", [one], at)
