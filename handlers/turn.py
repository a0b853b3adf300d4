"""One event meeting one ticket.

A `Turn` is a value: each guard looks at it, each effect returns a new one with what it added. At
the end `change()` says what must be stored. Nothing here knows of mail headers or databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from handlers.book import Book
from handlers.decision import NewDocument, Notice, Resent, TicketChange
from handlers.desk import Desk, Level
from handlers.errands.errand import Answer, Errand
from handlers.facts import Facts
from handlers.numbering import Numbers
from handlers.papers.form_doubt import FormDoubt
from handlers.process.workflow import Workflow
from handlers.sentence import Sentence
from handlers.ticket import Article, Document, Role, Step, Ticket, Timer, Visibility
from parsers.mail import Attachment, Intent, ParsedMail


class EventKind(StrEnum):
    """What can happen to a ticket."""

    OPENING = "opening"
    MAIL = "mail"
    COMMAND = "command"
    TIMER = "timer"
    AUTOMATIC = "automatic"
    SIGNAL = "signal"
    ANSWER = "answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who causes an event, and how far they are believed on this ticket."""

    address: str
    name: str = ""
    level: Level = Level.UNKNOWN
    role: Role = Role.CONTACT


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened. `name` is the command, the timer, or the operation that was asked of an
    organisation and has its `answer`; `nth` is the firing of the timer;
    `written` is the command as the agent wrote it, `language` the agent's.

    `documents` were filed on the ticket by this event, `refused` are its files that were left out,
    `brought` are the fields it filled, `form_doubts` what its forms say that a person should see.
    `tag` is the kind of message a customer sent (`handlers.words.tags`), `tagged` tells that it was written. `said` is the new text; who may read it says `visibility`. `at` is when it is decided, `requested_at` when our server got it (X-31).
    """

    kind: EventKind
    actor: Actor
    cause: str
    at: datetime
    requested_at: datetime
    name: str = ""
    nth: int = 1
    written: str = ""
    language: str = "fr"
    arguments: Mapping[str, str] = field(default_factory=dict)
    mail: ParsedMail | None = None
    intent: Intent = field(default_factory=Intent)
    tag: str = ""
    tagged: bool = False
    said: str = ""
    visibility: Visibility = Visibility.PUBLIC
    documents: tuple[Document, ...] = ()
    refused: tuple[Attachment, ...] = ()
    brought: tuple[str, ...] = ()
    form_doubts: tuple[FormDoubt, ...] = ()
    answer: Answer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A ticket on its way through one event.

    `facts` are those of the event, `others` the turns of other tickets it moves (`handlers.together`).
    `disputed` is the key of a ticket that weaker evidence named. `fired` are the transitions taken so far,
    `passed` says why others that hear the event were not, `filed` what each file was taken for. `done` tells the agent what was carried out,
    `errors` why a command could not be: a turn with errors is thrown away. `parked` is what an agent
    decided about parked messages: "released", "discarded".
    """

    workflow: Workflow
    desk: Desk
    event: Event
    ticket: Ticket
    facts: Facts = field(default_factory=Facts)
    others: tuple[Turn, ...] = ()
    numbers: Numbers = field(default_factory=Numbers)
    opened: bool = False
    disputed: str = ""
    fired: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    filed: tuple[str, ...] = ()
    articles: tuple[Article, ...] = ()
    steps: tuple[Step, ...] = ()
    documents: tuple[NewDocument, ...] = ()
    started: tuple[Timer, ...] = ()
    stopped: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    errands: tuple[Errand, ...] = ()
    settled_errands: tuple[str, ...] = ()
    resent: tuple[Resent, ...] = ()
    parked: str = ""
    done: tuple[Sentence, ...] = ()
    errors: tuple[Sentence, ...] = ()

    @property
    def book(self) -> Book:
        """The reference book of the desk."""
        return self.facts.book

    @property
    def told(self) -> frozenset[str]:
        """The notices of this ticket since it entered its state; none of one that opens."""
        return frozenset() if self.opened else self.facts.told_on(self.ticket)

    @property
    def twins(self) -> tuple[Ticket, ...]:
        """Other open tickets for the same serial number, whosever they are."""
        return self.facts.twins_of(self.ticket)

    def was_answered(self, address: str) -> bool:
        """Tell whether somebody was answered on this ticket in the last ten minutes (X-30)."""
        return self.facts.was_answered(self.ticket, address)

    @property
    def serial_listed(self) -> bool | None:
        """Whether the desk's list has the serial number; None when it keeps no list (F-11)."""
        return self.facts.is_listed(self.ticket)

    def with_ticket(self, **changes: object) -> Turn:
        """Return the turn with these attributes of the ticket replaced."""
        ticket = replace(self.ticket, changed_at=self.event.at, **changes)  # type: ignore[arg-type]
        return replace(self, ticket=ticket)

    def with_done(self, code: str, **values: str) -> Turn:
        """Return the turn with a sentence added to what was carried out."""
        return replace(self, done=(*self.done, Sentence(code=code, values=values)))

    def with_error(self, code: str, **values: str) -> Turn:
        """Return the turn with a reason why the command could not be carried out."""
        return replace(self, errors=(*self.errors, Sentence(code=code, values=values)))

    def with_passed(self, reasons: Iterable[str]) -> Turn:
        """Return the turn with reasons why transitions that hear its event did not fire."""
        return replace(self, passed=(*self.passed, *reasons))

    def with_fields(self, values: Mapping[str, str]) -> Turn:
        """Return the turn with these fields of the ticket set; "" clears one."""
        merged = {**self.ticket.fields, **values}
        return self.with_ticket(fields={name: value for name, value in merged.items() if value})

    def with_flags(self, *flags: str) -> Turn:
        """Return the turn with these flags raised."""
        return self.with_ticket(flags=self.ticket.flags | set(flags))

    def without_flags(self, *flags: str) -> Turn:
        """Return the turn with these flags lowered."""
        return self.with_ticket(flags=self.ticket.flags - set(flags))

    def with_step(self, why: str, transition: str = "", source: str = "") -> Turn:
        """Return the turn with a line of history added."""
        step = Step(
            cause=self.event.cause,
            at=self.event.at,
            actor=self.event.actor.address,
            transition=transition,
            from_state=source or self.ticket.state,
            to_state=self.ticket.state,
            why=why,
        )
        return replace(self, steps=(*self.steps, step))

    def evidence(self) -> tuple[str, ...]:
        """Return who caused the event, what its files are, which transitions it fired, and why not
        those before them."""
        actor, fired = self.event.actor, ", ".join(self.fired) or "nothing"
        who = f"{self.ticket.key}: {actor.address} has level {actor.level.name.lower()}"
        return (who, *self.filed, f"{self.ticket.key}: {fired} fired", *self.passed)

    def own_twins(self) -> tuple[Ticket, ...]:
        """Return the twins that the contact may hear of: their own, or of their organisation."""
        contact, organisation = self.ticket.contact, self.ticket.organisation
        return tuple(
            twin
            for twin in self.twins
            if twin.admits(contact) or (organisation and twin.organisation == organisation)
        )

    def handler(self) -> str:
        """Return the team that the ticket is assigned to, else the one its field names (A-11, A-14);
        "" for neither."""
        assignee, named = self.ticket.assignee, self.workflow.handled_by
        return assignee if assignee in self.workflow.teams else self.ticket.fields.get(named, "")

    def missing(self) -> tuple[str, ...]:
        """Return the required fields that are still empty (F-6, F-8, F-11)."""
        values = self.ticket.fields
        return tuple(n for n in self.workflow.required_fields(values) if not values.get(n))

    def change(self) -> TicketChange:
        """Return everything this turn did to the ticket."""
        return TicketChange(
            ticket=self.ticket,
            opened=self.opened,
            articles=self.articles,
            steps=self.steps,
            documents=self.documents,
            started=self.started,
            stopped=self.stopped,
            errands=self.errands,
            settled_errands=self.settled_errands,
            resent=self.resent,
            parked=self.parked,
        )


def begun(event: Event, ticket: Ticket, facts: Facts, *, desk: Desk, workflow: Workflow) -> Turn:
    """Return a turn in which nothing was done yet; numbers are drawn where the desk's series stand."""
    return Turn(
        workflow=workflow,
        desk=desk,
        facts=facts,
        event=event,
        ticket=ticket,
        numbers=facts.numbers,
    )
