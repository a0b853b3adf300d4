"""What can be asked without a ticket: the list, the form, how it works (F-1, F-3, F-37, X-43)."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import yaml

from handlers.authority import organisation_of
from handlers.decision import Decision, Value, Verdict
from handlers.ticket import Ticket
from handlers.visit import Visit
from handlers.workflow import said
from parsers.fields.said import phrases_said
from parsers.mail import IntentKind

LISTS = yaml.safe_load((resources.files("handlers.words") / "lists.yaml").read_text("utf-8"))


def answer_request(visit: Visit) -> Decision | None:
    """Return the decision for a list, form or how-to request, None for anything else."""
    kind = visit.intent.kind
    if kind is IntentKind.LIST:
        return _list(visit)
    if kind is IntentKind.FORM or _says_nothing(visit):
        return _form(visit)
    if kind in (IntentKind.CONNECTION, IntentKind.RESEND):
        return visit.verdict(Verdict.APPLIED, "how_it_works", (), (visit.answer("N_how"),))
    if kind in (IntentKind.STATUS, IntentKind.REMINDER) and visit.intent.only:
        return _list(visit)
    if kind in (IntentKind.THANKS, IntentKind.AMBIGUOUS) and not visit.mail.attachments:
        return visit.verdict(Verdict.IGNORED, "nothing_asked")
    return None


def tickets_seen_by(visit: Visit) -> tuple[Ticket, ...]:
    """Return the tickets somebody may list: their own, or the organisation's for its manager (F-37)."""
    address = visit.requester.address.lower()
    contact = visit.facts.contacts.get(address)
    whole = contact is not None and contact.scope_organisation
    organisation = organisation_of(address, visit.facts) if whole else ""
    mine = [
        ticket
        for ticket in visit.facts.tickets.values()
        if ticket.admits(address) or (organisation and ticket.organisation == organisation)
    ]
    return tuple(sorted(mine, key=lambda t: t.opened_at, reverse=True))


def _list(visit: Visit) -> Decision:
    language = visit.language_of()
    header = _header(visit, language)
    rows = tuple(_row(visit, ticket, language) for ticket in _asked_for(visit))
    notice = visit.answer("N_list", header=list(header), rows=[list(row) for row in rows])
    notice = replace(notice, table=(header, *rows))
    return visit.verdict(Verdict.APPLIED, "list", (), (notice,))


def _asked_for(visit: Visit) -> tuple[Ticket, ...]:
    words, tickets = f"{visit.mail.subject}\n{visit.words}", tickets_seen_by(visit)
    if phrases_said(words, LISTS["closed"]):
        return tuple(t for t in tickets if t.closed_at is not None)
    if phrases_said(words, LISTS["open"]):
        return tuple(t for t in tickets if t.closed_at is None)
    return tickets


def _header(visit: Visit, language: str) -> tuple[str, ...]:
    """Return the headings of a list: the key, what the workflow lists, the state, the last event."""
    key, state, day = LISTS["header"].get(language) or LISTS["header"]["en"]
    fields = (visit.workflow.fields[name] for name in visit.workflow.listed)
    return (key, *(said(rule.label, language) for rule in fields), state, day)


def _row(visit: Visit, ticket: Ticket, language: str) -> tuple[str, ...]:
    listed = (ticket.fields.get(name, "") for name in visit.workflow.listed)
    state = said(visit.workflow.states[ticket.state].label, language)
    return (ticket.key, *listed, state, f"{ticket.changed_at:%d/%m/%Y}")


def _form(visit: Visit) -> Decision:
    language = visit.language_of()
    labels: list[Value] = [
        said(rule.label, language)
        for rule in visit.workflow.fields.values()
        if rule.form and not rule.kept
    ]
    notice = visit.answer("N_form", form=labels)
    return visit.verdict(Verdict.APPLIED, "form", (), (notice,))


def _says_nothing(visit: Visit) -> bool:
    return visit.intent.kind is IntentKind.EMPTY and not visit.mail.attachments
