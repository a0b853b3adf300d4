"""One mail at one desk: everything the rules of `handlers.decide` look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers.clocks.holding import with_clocks
from handlers.decision import Decision, Notice, Recipient, TicketChange, Value, Verdict
from handlers.desk import Desk, FilePolicy
from handlers.envelope import Envelope
from handlers.facts import Facts
from handlers.groups.grouping import notices_of
from handlers.numbering import furthest
from handlers.people.authority import actor_of, border_line
from handlers.people.responsible import recipients_of
from handlers.process.workflow import Workflow
from handlers.route import Route
from handlers.sentence import Sentence
from handlers.ticket import Role, Ticket
from handlers.together import every_turn
from handlers.turn import Actor, Event, Turn
from handlers.words.form_files import FormFile, with_forms
from handlers.words.line_sheets import count_lines, read_requests
from handlers.words.sheet import Sheet
from handlers.words.tags import Tag
from parsers.mail import Address, Intent, ParsedMail


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A mail, what is known of it, and who speaks.

    `requester` is who the request comes from: the sender, or the original sender of an agent's
    forward (X-40). `words` is the text that counts, `intent` what it wants. `actor` is the requester
    as a customer. `forwarded` is True for an agent's forward, `suspect_agent` for an agent's address
    without proof (X-41). `tag` is the kind of message it is (R-1), `fresh` the id of a ticket
    that the register opened for it, `waiting` that of one that waited to know which (R-38). `picked` tells
    that it answers by one of the choices that were offered, `chosen` are the fields it fills; `unclear` is
    the question when nobody can tell which one was meant. `read_already` are the sheets of `words` when a
    reading process made them, `rows` the lines that its files list, `lists` the digests of those files, `forms`
    our forms that came back filled in.
    """

    mail: ParsedMail
    envelope: Envelope
    facts: Facts
    desk: Desk
    workflow: Workflow
    route: Route
    journal_id: int
    now: datetime
    requester: Address
    words: str
    intent: Intent
    actor: Actor
    forwarded: bool = False
    suspect_agent: bool = False
    evidence: tuple[str, ...] = field(default_factory=tuple)
    read_already: tuple[Sheet, ...] | None = None
    tag: Tag = field(default_factory=Tag)
    fresh: int | None = None
    waiting: int | None = None
    picked: bool = False
    unclear: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Sheet, ...] = ()
    lists: frozenset[str] = frozenset()
    forms: tuple[FormFile, ...] = ()

    @property
    def cause(self) -> str:
        """What articles, steps and messages name as their cause."""
        return f"m{self.journal_id}"

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The devices that the mail names: its words, a list, a form that was filled in."""
        return with_forms(self.told_sheets, self.words, self.forms, self.workflow)

    @property
    def told_sheets(self) -> tuple[Sheet, ...]:
        """The devices that the words name, read here unless a reading process did, and those listed."""
        if self.rows:
            listed = count_lines(self.words, self.workflow) > 1
            return (*(read_requests(self.words, self.workflow) if listed else ()), *self.rows)
        if self.read_already is not None:
            return self.read_already
        return read_requests(self.words, self.workflow)

    @property
    def brings_lines(self) -> bool:
        """Whether its words or a file of it say anything that a line of the workflow has."""
        return bool(self.rows) or count_lines(self.words, self.workflow) > 0

    @property
    def file_policy(self) -> FilePolicy:
        """Which of its files the desk takes: also those that list what it asks for."""
        forms = frozenset(form.sha256 for form in self.forms)
        return replace(self.desk.files, lists=self.lists, forms=forms)

    @property
    def requested_at(self) -> datetime:
        """When our side got the request: the instant our border wrote down, or when we accepted the
        mail if that was earlier (X-31). A mail that waited for us is not late."""
        accepted, border = self.envelope.received_at, border_line(self.mail, self.desk)
        return min(accepted, border.at) if border is not None and border.at else accepted

    @property
    def ticket(self) -> Ticket | None:
        """The ticket the mail was routed to."""
        found = self.route.ticket_id
        return self.facts.tickets.get(found) if found is not None else None

    @property
    def is_agents(self) -> bool:
        """Whether an agent wrote it, with proof (X-41)."""
        return not self.suspect_agent and self.desk.agent(self.mail.sender.address) is not None

    def actor_on(self, ticket: Ticket) -> Actor:
        """Return the requester as actor on another ticket."""
        return actor_of(self.requester, self.mail, self.facts, self.desk, ticket)

    def turn(self, event: Event, ticket: Ticket) -> Turn:
        """Return the turn of a ticket in what this mail causes."""
        return Turn(
            workflow=self.workflow,
            desk=self.desk,
            facts=self.facts,
            event=event,
            ticket=ticket,
            numbers=self.facts.numbers,
            opened=ticket.id == self.fresh,
        )

    def language_of(self) -> str:
        """Return the language to answer in: contact's preference, detected, desk's (X-38), whichever
        the desk speaks."""
        contact = self.facts.contacts.get(self.requester.address.lower())
        wished = (contact.language if contact else "", self.mail.language)
        return next((one for one in wished if one in self.desk.languages), self.desk.language)

    def verdict(
        self,
        verdict: Verdict,
        reason: str,
        turns: Iterable[Turn] = (),
        notices: Iterable[Notice] = (),
        about: int | None = None,
    ) -> Decision:
        """Return a decision that carries these turns and notices."""
        turned = tuple(with_clocks(turn) for turn in every_turn(turns))
        changes: tuple[TicketChange, ...] = tuple(turn.change() for turn in turned)
        made = (*notices_of(turned), *notices)
        return Decision(
            verdict=verdict,
            reason=reason,
            evidence=(*self.evidence, *self._weighed(turned)),
            about=about if about is not None else self.route.ticket_id,
            changes=changes,
            notices=made,
            numbers=furthest(turn.numbers for turn in turned),
        )

    def _weighed(self, turns: tuple[Turn, ...]) -> tuple[str, ...]:
        """Return how far the sender was believed, and what each turn made of it."""
        if turns:
            return tuple(told for turn in turns for told in turn.evidence())
        agent = self.desk.agent(self.requester.address) if self.is_agents else None
        level = agent.level if agent is not None else self.actor.level
        return (f"{self.requester.address or 'nobody'} has level {level.name.lower()}",)

    def answer(self, template: str, **values: object) -> Notice:
        """Return a notice to the requester that belongs to no ticket."""
        language = self.language_of()
        to = Recipient(
            address=self.requester.address,
            name=self.requester.name,
            role=Role.REQUESTER,
            language=language,
        )
        return Notice(
            template=template,
            to=to,
            values=values,  # type: ignore[arg-type]
            in_reply_to=self.mail.message_id,
            references=self.mail.references,
        )

    def agent_notice(self, template: str, to: Recipient, **values: object) -> Notice:
        """Return a notice to an agent; the common values of work items are filled in."""
        common: dict[str, object] = {"said": self.words, "found": [], "commands": []}
        ticket = self.ticket
        return Notice(
            template=template,
            to=to,
            ticket_id=ticket.id if ticket else None,
            values={**common, **values},  # type: ignore[dict-item]
            in_reply_to=self.mail.message_id,
        )

    def tell_team(
        self, template: str, found: Mapping[str, str], about: Ticket | None = None
    ) -> tuple[Notice, ...]:
        """Return a work item for the notice's team, one message per address. `found` are the lines
        of its table, by the code of their sentence; `about` is the ticket, else the mail's."""
        team = self.desk.team(self.workflow.team_of(template))
        ticket = about or self.ticket
        if team is None:
            return ()
        people = recipients_of(
            team,
            ticket,
            workflow=self.workflow,
            desk=self.desk,
            book=self.facts.book,
            now=self.now,
        )
        lines: list[Value] = [
            {"label": Sentence(code=c).said(team.language), "value": v} for c, v in found.items()
        ]
        return tuple(
            Notice(
                template=template,
                to=to,
                ticket_id=ticket.id if ticket else None,
                values={"said": self.words, "found": lines, "commands": []},
            )
            for to in people
        )
