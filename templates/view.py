"""What the templates see of a ticket and its desk: words for people, never the values themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from handlers.decision import Value
from handlers.desk import Desk
from handlers.papers.leaving import SHARED
from handlers.papers.quotes import CURRENCY
from handlers.process.workflow import FieldRule, Workflow, said
from handlers.steps.kept_rows import kept_rows
from handlers.ticket import Document, Ticket
from templates.language import Language

DAYS = re.compile(r"(\d{1,4})d")


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as people name it."""

    number: int
    kind: str
    filename: str
    date: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """A desk as people know it."""

    title: str
    address: str
    phone: str
    return_address: tuple[str, ...]


class TicketView:
    """A ticket in the recipient's language."""

    def __init__(self, ticket: Ticket, workflow: Workflow, language: Language) -> None:
        self._ticket, self._workflow, self._language = ticket, workflow, language
        self.key = ticket.key
        self.subject = ticket.subject
        self.organisation = ticket.organisation
        self.contact = ticket.contact

    @property
    def state(self) -> str:
        """The state's label."""
        return said(self._workflow.states[self._ticket.state].label, self._language.code)

    @property
    def colour(self) -> str:
        """How lists mark the state, "" for no mark."""
        return said(self._workflow.states[self._ticket.state].colour, self._language.code)

    @property
    def note(self) -> str:
        """What the state means for the customer, "" when the workflow says nothing."""
        return said(self._workflow.states[self._ticket.state].note, self._language.code)

    @property
    def waits_for(self) -> str:
        """Whose turn it is: "customer", "desk" or "nobody"."""
        return self._workflow.states[self._ticket.state].waits_for

    @property
    def numbered(self) -> bool:
        """Whether the final number is assigned."""
        return self._ticket.key != self._ticket.draft_key

    @property
    def opened(self) -> str:
        """The day it was opened."""
        return self._language.date(self._ticket.opened_at)

    @property
    def since(self) -> str:
        """The day it came into its state."""
        return self._language.date(self._ticket.state_since)

    def deadline(self, timer: str) -> str:
        """Return the day a timer of the workflow ends at the latest, "" when it has none in days."""
        rule = self._workflow.timers.get(timer)
        last = DAYS.fullmatch(rule.after[-1]) if rule and rule.after else None
        if last is None:
            return ""
        return self._language.date(self._ticket.state_since + timedelta(days=int(last[1])))

    def field(self, name: str) -> str:
        """Return a field's value as people write it, "" when it is not filled."""
        value = self._ticket.fields.get(name, "")
        rule = self._workflow.fields.get(name)
        if rule is None:
            return value
        return shown(rule, value, self._language, self._ticket.fields.get(rule.currency, ""))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The filled fields of the form as (label, value)."""
        return [
            (said(rule.label, self._language.code), self.field(name))
            for name, rule in self._of_the_form()
            if self._ticket.fields.get(name)
        ]

    @property
    def recap(self) -> list[tuple[str, str]]:
        """The filled fields that the workflow names for a recapitulation, as (label, value)."""
        return [
            (said(self._workflow.fields[name].label, self._language.code), self.field(name))
            for name in self._workflow.recap
            if self._ticket.fields.get(name)
        ]

    @property
    def known(self) -> list[tuple[str, str]]:
        """All filled fields, those the desk keeps as well, as (label, value); amounts bear their
        currency."""
        borne = {rule.currency for rule in self._workflow.fields.values()}
        return [
            (said(rule.label, self._language.code), self.field(name))
            for name, rule in self._workflow.fields.items()
            if self._ticket.fields.get(name) and name not in borne
        ]

    @property
    def form(self) -> list[tuple[str, str]]:
        """All fields of the form as (label, value or ""), values as the reader of mails knows them."""
        return [
            (said(rule.label, self._language.code), self._typed(name, rule))
            for name, rule in self._of_the_form()
        ]

    @property
    def documents(self) -> list[DocumentView]:
        """The documents that still count and that the customer may know of."""
        return self._shown(d for d in self._ticket.documents if d.visibility in SHARED)

    @property
    def all_documents(self) -> list[DocumentView]:
        """The documents that still count, those of agents' notes as well: for agents alone."""
        return self._shown(self._ticket.documents)

    def _shown(self, documents: Iterable[Document]) -> list[DocumentView]:
        return [
            DocumentView(
                document.number,
                said(self._workflow.documents.get(document.kind, {}), self._language.code)
                or document.kind,
                document.filename,
                self._language.date(document.at),
            )
            for document in documents
            if not document.flags & {"replaced", "disabled"}
        ]

    def _of_the_form(self) -> Iterator[tuple[str, FieldRule]]:
        values = self._ticket.fields
        return (
            (name, rule)
            for name, rule in self._workflow.fields.items()
            if rule.form and not rule.kept and all(values.get(n) == v for n, v in rule.only.items())
        )

    def _typed(self, name: str, rule: FieldRule) -> str:
        """Dates and amounts stay in the form that reads the same in every country."""
        value = self._ticket.fields.get(name, "")
        return shown(rule, value, self._language) if rule.type == "choice" else value


def shown(rule: FieldRule, value: str, language: Language, currency: str = "") -> str:
    """Return a stored value the way people of that language write it; amounts without a currency are
    euros."""
    if not value:
        return ""
    if rule.type == "choice" and value in rule.choices:
        return said(rule.choices[value].label, language.code)
    if rule.type == "rows":
        return "; ".join(" ".join(row.values()) for row in kept_rows(value))
    if rule.type == "date":
        return language.date(value)
    if rule.type == "amount":
        return language.amount(value, currency or CURRENCY)
    return value


def written(value: Value, workflow: Workflow, language: Language) -> Value:
    """Return what a notice says; both sides of a compared row (`verdict`) and the `fields` of a
    ticket's row as people write them."""
    if isinstance(value, list):
        return [written(one, workflow, language) for one in value]
    if isinstance(value, dict) and isinstance(value.get("fields"), dict):
        return {**value, "fields": _fields(value["fields"], workflow, language)}
    if not isinstance(value, dict) or "verdict" not in value:
        return value
    ours, theirs = (str(one) for one in value["currencies"])  # type: ignore[union-attr]
    shape = str(value["shown"])
    quote = _side(shape, str(value["quote"]), ours, language)
    order = _side(shape, str(value["order"]), theirs, language)
    return {**value, "quote": quote, "order": order}


def _fields(given: Value, workflow: Workflow, language: Language) -> Value:
    """Return the fields of a ticket as people write them, "" for those that are not filled."""
    fields = given if isinstance(given, dict) else {}
    said_in = {name: str(fields.get(rule.currency, "")) for name, rule in workflow.fields.items()}
    return {
        name: shown(rule, str(fields.get(name, "")), language, said_in[name])
        for name, rule in workflow.fields.items()
    }


def _side(shape: str, told: str, currency: str, language: Language) -> str:
    """Return one side of a compared row as people write it, "–" when it says nothing."""
    if not told:
        return "–"
    if shape == "date":
        return language.date(told)
    if shape == "amount":
        return language.amount(told, currency)
    if shape == "position":
        quantity, _, price = told.partition(" ")
        return f"{language.number(quantity)} × {language.amount(price, currency)}"
    return told


def view_of_desk(desk: Desk, ticket: Ticket | None = None) -> DeskView:
    """Return the desk as people know it; a desk without a title is called by its address."""
    back = desk.return_address_for(ticket.fields.get("reference", "") if ticket else "")
    return DeskView(desk.title or desk.address, desk.address, desk.phone, back)
