"""Ask an outside organisation for something, and keep track of what is not answered yet (Q-8, Q-14).

What is asked and not answered stands in the ticket's link `asked`, so that whoever decides about the
ticket knows it: an answer to what was settled meanwhile is no event any more.
"""

from __future__ import annotations

import json
from dataclasses import replace

from handlers.decision import Notice, Recipient, Value
from handlers.desk import Organisation
from handlers.errands.errand import (
    Errand,
    ErrandState,
    Json,
    document_of,
    errand_key,
    operation_of,
)
from handlers.errands.errand_body import document_values, filled_body, flat_rows
from handlers.papers.leaving import may_leave
from handlers.process.errand_rule import ErrandRule
from handlers.process.workflow import said
from handlers.steps.effects import effect, replace_document
from handlers.steps.guards import guard
from handlers.steps.values import agent_values
from handlers.ticket import Document, Role, Ticket
from handlers.turn import Turn

ASKED = "asked"
STATES = {
    "person": ErrandState.WITH_PERSON,
    "mail": ErrandState.SENT,
    "folder": ErrandState.QUEUED,
    "http": ErrandState.QUEUED,
}


@effect
def ask(turn: Turn, operation: str, to: str = "organisation") -> Turn:
    """Ask an organisation for something; `to` is the field that names it, or its name itself."""
    return _ask(turn, operation, to, None)


@effect
def upload(turn: Turn, value: list[str], to: str = "organisation") -> Turn:
    """Send an organisation the documents of these kinds that it does not have yet, each by itself."""
    for document in turn.ticket.documents:
        fits = document.usable and document.counts_as(*value)
        if fits and not document.flags & {"uploaded", "uploading"}:
            turn = _ask(turn, "upload", to, document)
    return turn


@guard
def all_uploaded(turn: Turn, value: list[str]) -> bool:
    """Tell whether the organisation has every document of these kinds that the ticket has."""
    mine = (d for d in turn.ticket.documents if d.usable and d.counts_as(*value))
    return all("uploaded" in d.flags for d in mine)


@effect
def mark_document(turn: Turn, add: str = "", drop: str = "") -> Turn:
    """Flag the document that the answer is about."""
    number = turn.event.arguments.get("document", "")
    for document in turn.ticket.documents:
        if str(document.number) == number:
            flags = (document.flags | {add}) - {drop, ""}
            turn = replace_document(turn, replace(document, flags=flags))
    return turn


@effect
def repeat_errand(turn: Turn, to: str = "organisation") -> Turn:
    """Ask once more for what was asked last and never answered: a person wants it so."""
    pending = asked(turn.ticket)
    if not pending:
        return turn.with_error("nothing_asked")
    key = pending[-1]
    turn = settled(turn, key)
    number = document_of(key)
    document = next((d for d in turn.ticket.documents if d.number == number), None)
    return _ask(turn, operation_of(key), to, document).with_done("asked_again")


@effect
def forget_errands(turn: Turn, value: str = "*") -> Turn:
    """Wait no longer for the answer to an operation, "*" for any: the ticket went another way, or it
    is asked afresh."""
    for key in asked(turn.ticket):
        if value in ("*", operation_of(key)):
            turn = settled(turn, key)
    return turn


@guard
def awaits_answer(turn: Turn, value: str) -> bool:
    """Tell whether something was asked and is not answered; "*" means anything."""
    return any(value in ("*", operation_of(key)) for key in asked(turn.ticket))


@guard
def account(turn: Turn, name: str, values: list[str], to: str = "organisation") -> bool:
    """Tell whether what was agreed with the organisation is one of these ("yes" for a switch)."""
    known = organisation_named(turn, to)
    found = known.account.get(name, "") if known else ""
    return _word(found) in values


@guard
def carried_by(turn: Turn, value: list[str]) -> bool:
    """Tell whether the organisation is reached by one of these transports."""
    known = organisation_named(turn, "organisation")
    return known is not None and known.transport in value


def asked(ticket: Ticket) -> tuple[str, ...]:
    """Return the keys of the errands that are not answered yet, oldest first."""
    return tuple(ticket.links.get(ASKED, "").split())


def settled(turn: Turn, key: str) -> Turn:
    """Return the turn with an errand no longer waited for."""
    turn = _with_asked(turn, tuple(one for one in asked(turn.ticket) if one != key))
    turn = replace(turn, settled_errands=(*turn.settled_errands, key))
    number = document_of(key)
    for document in turn.ticket.documents:
        if document.number == number and "uploading" in document.flags:
            flags = document.flags - {"uploading"}
            turn = replace_document(turn, replace(document, flags=flags))
    return turn


def organisation_named(turn: Turn, to: str) -> Organisation | None:
    """Return the organisation that a field names, or that has this name itself."""
    name = turn.ticket.fields.get(to, "") if to in turn.workflow.fields else to
    return turn.desk.organisation(name)


def _ask(turn: Turn, operation: str, to: str, document: Document | None) -> Turn:
    whom = organisation_named(turn, to)
    rule = turn.workflow.errands.get(whom.name, {}).get(operation) if whom else None
    if whom is None or rule is None:
        return turn.with_step(f"nobody to ask for {operation}")
    key = errand_key(
        turn.event.cause, turn.ticket.id, operation, document.number if document else 0
    )
    known = document_values(document, rule.types) if document else {}
    errand = Errand(
        key=key,
        desk=turn.desk.name,
        organisation=whom.name,
        operation=operation,
        ticket_id=turn.ticket.id,
        body=filled_body(rule, turn.ticket, whom, known),
        document=document.number if document else 0,
        state=STATES.get(whom.transport, ErrandState.WITH_PERSON),
    )
    turn = _with_asked(turn, (*asked(turn.ticket), key))
    if document is not None:
        turn = replace_document(turn, replace(document, flags=document.flags | {"uploading"}))
    turn = replace(turn, errands=(*turn.errands, errand))
    return _told(turn.with_step(f"{whom.name}: {operation}"), errand, whom, rule)


def _told(turn: Turn, errand: Errand, whom: Organisation, rule: ErrandRule) -> Turn:
    """Return the turn with the message that carries the errand, for transports that are mail.

    What one event asks of an organisation stands in one message: a cause writes a notice once.
    """
    made: tuple[Notice, ...] = ()
    if whom.transport == "person":
        made = _work_items(turn, errand, whom, rule)
    elif whom.transport == "mail":
        made = (_letter(turn, errand, whom, rule),)
    notices = turn.notices
    for notice in made:
        notices = _merged(notices, notice)
    return replace(turn, notices=notices)


def _merged(notices: tuple[Notice, ...], notice: Notice) -> tuple[Notice, ...]:
    """Return the notices with one more, as part of the one that carries other errands already."""
    for index, one in enumerate(notices):
        if (one.template, one.to) == (notice.template, notice.to):
            errands = [*_listed(one), *_listed(notice)]
            whole = replace(
                one,
                values={**one.values, "errands": errands},
                attach=tuple(dict.fromkeys((*one.attach, *notice.attach))),
                enclosed=(*one.enclosed, *notice.enclosed),
            )
            return (*notices[:index], whole, *notices[index + 1 :])
    return (*notices, notice)


def _listed(notice: Notice) -> list[Value]:
    errands = notice.values.get("errands")
    return errands if isinstance(errands, list) else []


def _work_items(
    turn: Turn, errand: Errand, whom: Organisation, rule: ErrandRule
) -> tuple[Notice, ...]:
    group = turn.desk.team(whom.team) or next(iter(turn.desk.teams), None)
    addresses = group.addresses if group else ()
    language = group.language if group else turn.desk.language
    return tuple(
        Notice(
            template="W_errand",
            to=Recipient(address=address, role=Role.AGENT, language=language),
            ticket_id=turn.ticket.id,
            values={**agent_values(turn, language), **_shown(errand, whom, rule, language)},
            attach=_attached(turn, errand, Role.AGENT),
            team=group.name if group else "",
        )
        for address in addresses
    )


def _letter(turn: Turn, errand: Errand, whom: Organisation, rule: ErrandRule) -> Notice:
    return Notice(
        template="N_errand",
        to=Recipient(address=whom.address, role=Role.OBSERVER, language=whom.language),
        ticket_id=turn.ticket.id,
        values=_shown(errand, whom, rule, whom.language),
        attach=_attached(turn, errand, Role.OBSERVER),
        enclosed=((f"{errand.key}.json", written(errand)),),
    )


def written(errand: Errand) -> str:
    """Return an errand as the JSON that organisations get by mail and in folders."""
    told: dict[str, Json] = {
        "errand": errand.key,
        "operation": errand.operation,
        "organisation": errand.organisation,
        "body": dict(errand.body),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _shown(errand: Errand, whom: Organisation, rule: ErrandRule, language: str) -> dict[str, Value]:
    rows: list[Value] = [{"label": n, "value": v} for n, v in flat_rows(errand.body)]
    asked_for: dict[str, Value] = {"operation": said(rule.label, language), "body": rows}
    return {"organisation": whom.title or whom.name, "errands": [asked_for]}


def _attached(turn: Turn, errand: Errand, role: Role) -> tuple[int, ...]:
    return tuple(
        d.number
        for d in turn.ticket.documents
        if d.number == errand.document and may_leave(d, role)
    )


def _with_asked(turn: Turn, keys: tuple[str, ...]) -> Turn:
    links = {name: value for name, value in turn.ticket.links.items() if name != ASKED}
    return turn.with_ticket(links={**links, ASKED: " ".join(keys)} if keys else links)


def _word(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
