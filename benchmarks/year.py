"""A year of one desk on the virtual clock: `python -m benchmarks.year --tickets 20000`.

SIMULATED are people: each request gets a life of its own (`benchmarks.year_desk`), and what a person
does reaches the workflow as the event that a mail of theirs would become, without the mail: nothing is
read, found by its words or answered with `W_done`. REAL is what follows: transitions, timers, holds,
the calendar, storage, the outbox. Timers are fired as the daemon fires them, each at its moment, with
their notices as exact bytes; what people cause has no bytes, and no return sheet is drawn.

CHECKED is every firing of the year against `benchmarks.year_check`, which computes them anew from
what people did, with days and hours of its own: none missing, none twice, none at another moment.
"""

from __future__ import annotations

import argparse
import heapq
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from benchmarks.year_check import Firing, Life, difference, expected
from benchmarks.year_desk import CALENDAR, OFFICE, RMA, WHOLE, Act, acts_in, opening
from daemon.clockwork import fire_due
from daemon.knowing import facts_about
from handlers.advance import advance, obey
from handlers.decision import Decision, NewDocument
from handlers.desk import Level
from handlers.facts import Facts
from handlers.message import Message
from handlers.outcome import outcome_of
from handlers.people.restraint import not_before
from handlers.references import references_of
from handlers.ticket import QUESTION, Document, Participant, Role, Ticket
from handlers.turn import Actor, Event, EventKind, Turn
from parsers.mail import Intent, IntentKind
from storage import timers
from storage.apply import apply
from storage.migrations import migrate
from storage.schema import outbox, step, ticket
from storage.series import numbers
from storage.store import Store

BEGIN = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Paris
END = datetime(2026, 12, 31, 23, tzinfo=UTC)
FIRST_ID = 1_000_000
LIMITS = {
    "to_complete": "T-incomplet-fin",
    "quote_sent": "T-validite",
    "awaiting_material": "T-retour-fin",
}
INTENTS = {"refusal": IntentKind.REFUSAL, "answer": IntentKind.UNKNOWN}
COMMANDS = frozenset(RMA.commands)


@dataclass(kw_only=True, slots=True)
class Year:
    """What was simulated: the life of each ticket by its id, and how long it took in seconds."""

    lives: dict[int, Life] = field(default_factory=dict)
    acts: int = 0
    seconds: float = 0.0


def simulate(store: Store, *, tickets: int = 20_000, seed: int = 1) -> Year:
    """Fill an empty store with the year 2026 of the desk "rma" in Paris."""
    begun, year = time.monotonic(), Year()
    migrate(store)
    playing = _Playing(store, random.Random(seed), year)
    for number in range(tickets):
        playing.plan_opening(number)
    playing.play()
    year.seconds = time.monotonic() - begun
    return year


class _Playing:
    """The year under way: what people are going to do, in the order of time."""

    def __init__(self, store: Store, chance: random.Random, year: Year) -> None:
        self._store = store
        self._chance = chance
        self._year = year
        self._coming: list[tuple[datetime, int, int, Act]] = []
        self._planned = 0
        self._due: datetime | None = None

    def plan_opening(self, number: int) -> None:
        """Let a request come in at some moment of the year, three in four while the desk is open."""
        span = (END - BEGIN).total_seconds()
        at = BEGIN + timedelta(seconds=int(self._chance.random() * span))
        if self._chance.random() < 0.75:
            at = CALENDAR.onward(at, timedelta(minutes=self._chance.randint(1, 500)), "bh")
        if at < END:
            self._plan(FIRST_ID + number * 1000, Act(at=at, state="new", name="opening"))

    def _plan(self, ticket_id: int, act: Act) -> None:
        self._planned += 1
        heapq.heappush(self._coming, (act.at, self._planned, ticket_id, act))

    def play(self) -> None:
        """Do everything of the year, a day in one transaction, the timers in between."""
        for day in range(1, (END - BEGIN).days + 1):
            midnight = min(BEGIN + timedelta(days=day), END)
            with self._store.write() as tx:
                while self._coming and self._coming[0][0] < midnight:
                    at, _, ticket_id, act = heapq.heappop(self._coming)
                    self._fire_until(tx, at)
                    self._do(tx, ticket_id, act)
                self._fire_until(tx, midnight)

    def _fire_until(self, tx: Connection, end: datetime) -> None:
        """Fire what is due before an instant, each at its moment."""
        while (due := self._next_due(tx)) is not None and due < end:
            fire_due(tx, {"rma": OFFICE}, due)
            self._due = None

    def _next_due(self, tx: Connection) -> datetime | None:
        self._due = self._due or timers.next_due(tx)
        return self._due

    def _do(self, tx: Connection, ticket_id: int, act: Act) -> None:
        turn = self._turn(tx, ticket_id, act)
        if turn is None:
            return
        decision = outcome_of((turn,), reason=act.name, about=ticket_id)
        _write(tx, decision, turn.event.cause, act.at)
        self._due, before = None, "" if turn.opened else turn.facts.tickets[ticket_id].state
        self._year.acts += 1
        self._remember(ticket_id, act, turn, before)

    def _turn(self, tx: Connection, ticket_id: int, act: Act) -> Turn | None:
        """Return what an act does to its ticket, None when the ticket has left its state meanwhile."""
        cause = f"m{FIRST_ID + self._year.acts}"
        if act.name == "opening":
            facts = Facts(numbers=numbers(tx, "rma"))
            return advance(_opened(ticket_id, act, facts, cause, self._chance))
        facts = facts_about(tx, "rma", ticket_id, act.at)
        one = facts.tickets[ticket_id]
        if one.state != act.state or one.state_since.isoformat() != act.given.get("since"):
            return None
        return _acted(
            Turn(
                workflow=RMA,
                desk=OFFICE.desk,
                facts=facts,
                event=_event(act, one, cause),
                ticket=one,
                numbers=facts.numbers,
            ),
            act,
        )

    def _remember(self, ticket_id: int, act: Act, turn: Turn, before: str) -> None:
        life = self._year.lives.setdefault(ticket_id, Life())
        life.note(act.at, act.name, turn.ticket.state, act.given.get("until", ""))
        if turn.ticket.state == before:
            return
        warranty = turn.ticket.fields.get("return_kind") == "warranty"
        since = turn.ticket.state_since.isoformat()
        for one in acts_in(turn.ticket.state, act.at, warranty, self._chance):
            self._plan(ticket_id, replace(one, given={**one.given, "since": since}))


def _write(tx: Connection, decision: Decision, cause: str, now: datetime) -> None:
    """Apply what a person caused, its messages without their bytes: a desk may write them elsewhere."""
    messages = [
        Message(
            message_id=f"<{cause}.{nth}@desk.example>",
            bounce_key=f"{cause}.{nth}",
            reverse_path="",
            recipient=notice.to.address,
            subject="",
            notice=notice.template,
            cause=cause,
            data=b"",
            ticket_id=notice.ticket_id,
            automatic=notice.automatic,
            not_before=not_before(notice, OFFICE.desk, "", now),
        )
        for nth, notice in enumerate(decision.notices)
    ]
    cited = {change.ticket.id: references_of(change.ticket) for change in decision.changes}
    apply(tx, decision, messages, desk="rma", references=cited, now=now)


def _event(act: Act, one: Ticket, cause: str) -> Event:
    command = act.name in COMMANDS
    actor = Actor(address="ana@desk.example", level=Level.AGENT) if command else _contact(one)
    documents = (_quote(act, one),) if act.name == "quote" else ()
    return Event(
        kind=EventKind.COMMAND if command else EventKind.MAIL,
        name=act.name if command else "",
        written=act.name,
        actor=actor,
        cause=cause,
        at=act.at,
        requested_at=act.at,
        arguments={k: v for k, v in act.given.items() if k != "since"},
        intent=Intent(kind=INTENTS.get(act.name, IntentKind.UNKNOWN)),
        said="Bonjour, voici ma réponse.",
        documents=documents,
    )


def _contact(one: Ticket) -> Actor:
    return Actor(address=one.contact, level=Level.PARTICIPANT, role=Role.CONTACT)


def _quote(act: Act, one: Ticket) -> Document:
    return Document(
        number=one.next_document,
        kind="quote",
        filename="devis.pdf",
        content_type="application/pdf",
        size=9,
        sha256="7" * 64,
        author="ana@desk.example",
        at=act.at,
        cause="m0",
        fields={"number": act.given["number"]},
    )


def _opened(ticket_id: int, act: Act, facts: Facts, cause: str, chance: random.Random) -> Turn:
    whole, warranty = opening(chance)
    contact = f"client{chance.randrange(2500)}@client{chance.randrange(800)}.example"
    kind = {"return_kind": "warranty" if warranty else "out_of_warranty"}
    fields = {**WHOLE, **kind, "contact": contact, "serial": f"SN{ticket_id}"}
    if not whole:
        del fields["description"]
    one = Ticket(
        id=ticket_id,
        desk="rma",
        workflow="rma",
        key=f"DEM-{ticket_id}",
        draft_key=f"DEM-{ticket_id}",
        state="to_complete",
        opened_at=act.at,
        requested_at=act.at,
        state_since=act.at,
        changed_at=act.at,
        contact=contact,
        language="fr",
        organisation="Exemple SA",
        subject="Lecteur en panne",
        fields=fields,
        participants=(Participant(address=contact, role=Role.CONTACT),),
    )
    event = replace(_event(act, one, cause), kind=EventKind.OPENING)
    return Turn(
        workflow=RMA,
        desk=OFFICE.desk,
        facts=facts,
        event=event,
        ticket=one,
        opened=True,
        numbers=facts.numbers,
    )


def _acted(turn: Turn, act: Act) -> Turn:
    """Return the turn after what a person did; a mail of the contact shows that they are there."""
    if act.name == "absent":
        turn = turn.with_flags("contact_absent").with_fields({"absent_until": act.given["until"]})
        return turn.with_step("the contact is away")
    if act.name == "bounced":
        return turn.with_flags("address_invalid").with_step("bounced")
    if act.name == "mended":
        return turn.without_flags("address_invalid").with_step("another contact")
    if act.name in COMMANDS:
        new = tuple(NewDocument(document=d, data=b"%PDF-1.4\n") for d in turn.event.documents)
        documents = (*turn.ticket.documents, *turn.event.documents)
        return obey(replace(turn.with_ticket(documents=documents), documents=new))
    turn = turn.without_flags("contact_absent", "address_invalid", QUESTION)
    turn = turn.with_fields({"absent_until": ""})
    if act.name == "complete":
        turn = turn.with_fields({"description": WHOLE["description"]})
    if act.name == "ordered":
        event = replace(turn.event, kind=EventKind.COMMAND, name="order")
        event = replace(event, actor=Actor(address="ana@desk.example", level=Level.AGENT))
        return obey(replace(turn, event=replace(event, arguments={"verdict": "received"})))
    return advance(turn)


def fired(store: Store) -> Iterator[Firing]:
    """Yield what the timers of a store did, from the history of its tickets."""
    rows = select(step.c.ticket_id, step.c.at, step.c.transition, step.c.from_state, step.c.why)
    with store.read() as tx:
        for row in tx.execute(rows.where(step.c.cause.like("t%"))):
            if row.transition == "F-T19":
                yield row.ticket_id, LIMITS[row.from_state], 1, row.at
            elif row.why.startswith("T-"):
                name, _, nth = row.why.partition(" ")
                yield row.ticket_id, name, int(nth.strip("()")), row.at


def main() -> int:
    """Simulate, check, report. 1 when a firing is missing, doubled or at another moment."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--tickets", type=int, default=20_000)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--keep", default="", help="leave the database in this file")
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = options.keep or str(Path(folder) / "year.sqlite3")
        store = Store.open(f"sqlite:///{file}", durable=False)
        year = simulate(store, tickets=options.tickets, seed=options.seed)
        found = list(fired(store))
        wrong = difference(found, expected(year.lives, END))
        _report(store, year, found)
        store.close()
    for line in wrong[:20]:
        print(line)
    print(f"checked: {len(found)} firings, {len(wrong)} differ")
    return 1 if wrong else 0


def _report(store: Store, year: Year, found: list[Firing]) -> None:
    with store.read() as tx:
        opened, closed = tx.execute(select(func.count(), func.count(ticket.c.closed_at))).one()
        sent = dict(
            tx.execute(select(outbox.c.notice, func.count()).group_by(outbox.c.notice)).all()
        )
    reminded = {name: count for name, count in sent.items() if name.endswith("_reminder")}
    print(f"{opened} tickets, {closed} closed, {year.acts} acts of people, {len(found)} firings")
    print(f"{sum(sent.values())} messages; reminders {reminded}, nudges {sent.get('W_nudge', 0)},")
    print(f"expired {sent.get('N_expired', 0)}; {year.seconds:.0f} s for the year,")
    print(f"{(year.acts + len(found)) / year.seconds:.0f} events a second")


if __name__ == "__main__":
    raise SystemExit(main())
