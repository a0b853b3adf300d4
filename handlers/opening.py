"""A new request: one ticket per device, one answer for all (F-1, F-4, F-4a, F-62)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from handlers.advance import advance
from handlers.authority import organisation_of
from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.desk import Agent, Level
from handlers.effects import contact_of, plain
from handlers.facts import Facts
from handlers.filing import Filed, file_documents, sort_attachments
from handlers.people import people_of, speaks_for
from handlers.sheet import Sheet, read_sheets
from handlers.ticket import ITEMS_PER_MAIL, Article, Role, Ticket, Visibility
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.visit import Visit
from handlers.workflow import said
from parsers.mail import Intent

REPAIR_WARRANTY = timedelta(days=92)
GROUPED = ("N0", "N1", "N_quantity", "N_duplicate")


def open_requests(visit: Visit, follows: Ticket | None = None) -> Decision:
    """Return the decision that opens a ticket for each device of the mail."""
    sheets = read_sheets(visit.words, visit.workflow)
    filed = sort_attachments(visit.mail.attachments, (), visit.intent, visit.facts.known_images)
    turns = open_tickets(visit, sheets, filed, follows=follows)
    notices = _answers(visit, turns, filed, follows)
    if len(turns) > 1:
        turns = tuple(_ungrouped(turn) for turn in turns)
    return visit.verdict(Verdict.APPLIED, "opened", turns, notices, about=turns[0].ticket.id)


def open_tickets(
    visit: Visit,
    sheets: tuple[Sheet, ...],
    filed: Filed,
    *,
    first: int = 0,
    follows: Ticket | None = None,
    taken: int = 0,
) -> tuple[Turn, ...]:
    """Return one turn per sheet, each with its own ticket, numbers in order."""
    turns: list[Turn] = []
    for index, sheet in enumerate(sheets, start=first):
        numbers = taken + sum(turn.numbers_taken for turn in turns)
        share = _share(filed, sheet, len(sheets))
        turns.append(
            _open(
                visit,
                sheet,
                share,
                index=index,
                numbers=numbers,
                count=len(sheets),
                follows=follows,
            )
        )
    return tuple(turns)


def _open(
    visit: Visit,
    sheet: Sheet,
    filed: Filed,
    *,
    index: int,
    numbers: int,
    count: int,
    follows: Ticket | None,
) -> Turn:
    ticket = _ticket(visit, sheet, index, follows)
    actor = replace(visit.actor, level=max(visit.actor.level, Level.KNOWN))
    turn = Turn(
        workflow=visit.workflow,
        desk=visit.desk,
        event=event_of(visit, EventKind.OPENING, actor),
        ticket=ticket,
        next_number=visit.facts.next_number + numbers,
        opened=True,
        twins=twins_of(visit.facts, ticket),
    )
    to_share = {a.sha256: "to_share" for a, _ in filed.promoted} if count > 1 else {}
    turn = file_documents(turn, filed, Visibility.PUBLIC, to_share)
    turn = replace(turn, articles=articles_of(visit, turn))
    return advance(turn)


def event_of(visit: Visit, kind: EventKind, actor: Actor) -> Event:
    """Return the event that this mail is, with the requester's words and intent."""
    return Event(
        kind=kind,
        actor=actor,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
        mail=visit.mail,
        intent=visit.intent if kind is EventKind.MAIL else Intent(),
        said=visit.words,
    )


def articles_of(visit: Visit, turn: Turn) -> tuple[Article, ...]:
    """Return the mail as articles: the requester's words in public, an agent's own as a note (X-40)."""
    public = Article(
        cause=visit.cause,
        author=visit.requester.address,
        author_name=visit.requester.name,
        at=visit.requested_at,
        text=visit.words,
        language=visit.mail.language,
    )
    if not visit.forwarded or not visit.mail.new_text:
        return (*turn.articles, public)
    note = Article(
        cause=visit.cause,
        author=visit.mail.sender.address,
        author_name=visit.mail.sender.name,
        at=visit.requested_at,
        text=visit.mail.new_text,
        visibility=Visibility.NOTE,
    )
    return (*turn.articles, public, note)


def twins_of(facts: Facts, ticket: Ticket) -> tuple[str, ...]:
    """Return the keys of other open tickets for the same serial number (X-7, F-61)."""
    serial = plain(ticket.fields.get("serial", ""))
    return tuple(
        other.key
        for other in facts.tickets.values()
        if serial
        and other.id != ticket.id
        and other.closed_at is None
        and plain(other.fields.get("serial", "")) == serial
    )


def _ticket(visit: Visit, sheet: Sheet, index: int, follows: Ticket | None) -> Ticket:
    ticket_id = visit.journal_id * ITEMS_PER_MAIL + index
    key = f"{visit.workflow.keys.draft}-{visit.journal_id:06d}" + (f"-{index + 1}" if index else "")
    who = visit.requester.address.lower()
    values = _with_defaults(visit, sheet.values)
    contact = values["contact"]
    unclear = sheet.quantity > 1
    return Ticket(
        id=ticket_id,
        desk=visit.desk.name,
        workflow=visit.workflow.name,
        key=key,
        draft_key=key,
        state=next(iter(visit.workflow.states)),
        opened_at=visit.now,
        requested_at=visit.requested_at,
        state_since=visit.now,
        changed_at=visit.now,
        contact=contact,
        language=visit.language_of(),
        organisation=organisation_of(who, visit.facts),
        subject=visit.mail.forward.subject
        if visit.forwarded and visit.mail.forward
        else visit.mail.subject,
        thread=(visit.mail.message_id,) if visit.mail.message_id else (),
        fields=values,
        flags=frozenset({"quantity_unclear"}) if unclear else frozenset(),
        participants=people_of(visit, who, contact, sheet.values.get("contact", "")),
        links=_links(visit, values, follows, sheet.quantity if unclear else 0),
    )


def _with_defaults(visit: Visit, values: Mapping[str, str]) -> dict[str, str]:
    """Fill what is known without asking: the company of the contact, the contact itself (F-10)."""
    who = visit.requester.address.lower()
    kept = {n: v for n, v in values.items() if not visit.workflow.fields[n].kept}
    company = organisation_of(who, visit.facts)
    found = {**({"company": company} if company else {}), **kept}
    found["contact"] = kept["contact"] if speaks_for(visit, kept.get("contact", "")) else who
    if visit.forwarded and visit.mail.forward and visit.mail.forward.sent_at:
        found["alleged_request"] = visit.mail.forward.sent_at.date().isoformat()
    return found


def _links(
    visit: Visit, values: Mapping[str, str], follows: Ticket | None, quantity: int
) -> dict[str, str]:
    links = {"follows": follows.key} if follows else {}
    if quantity:
        links["quantity"] = str(quantity)
    serial = plain(values.get("serial", ""))
    for other in visit.facts.tickets.values():
        lately = other.closed_at is not None and visit.now - other.closed_at <= REPAIR_WARRANTY
        if serial and lately and plain(other.fields.get("serial", "")) == serial:
            links["repaired_by_us"] = other.key
    return links


def _share(filed: Filed, sheet: Sheet, count: int) -> Filed:
    """Return the files of one device: those that name its serial number, else all of them (F-4a)."""
    serial = plain(sheet.values.get("serial", ""))
    if count == 1 or not serial:
        return filed
    own = tuple(
        (a, kind)
        for a, kind in filed.promoted
        if serial in plain(a.filename)
        or (a.document is not None and serial in {plain(s) for s in a.document.serials})
    )
    return replace(filed, promoted=own or filed.promoted)


def _answers(
    visit: Visit, turns: tuple[Turn, ...], filed: Filed, follows: Ticket | None
) -> tuple[Notice, ...]:
    made: list[Notice] = []
    head = turns[0]
    if len(turns) > 1:
        made.append(group_notice(visit, turns))
    if follows is not None:
        made.append(_to_contact(visit, head, "N_follow_up", previous_key=follows.key))
    if filed.refused:
        made.append(files_notice(visit, head, filed))
    if visit.forwarded:
        made += forward_copy(visit, turns)
    return tuple(made)


def group_notice(visit: Visit, turns: tuple[Turn, ...]) -> Notice:
    """Return the one acknowledgement for several devices (F-4, F-62)."""
    language = turns[0].ticket.language
    rows: list[Value] = [
        {
            "key": turn.ticket.key,
            "reference": turn.ticket.fields.get("reference", ""),
            "serial": turn.ticket.fields.get("serial", ""),
            "state": said(turn.workflow.states[turn.ticket.state].label, language),
            "missing": [said(turn.workflow.fields[n].label, language) for n in turn.missing()],
        }
        for turn in turns
    ]
    return _to_contact(visit, turns[0], "N1_group", tickets=rows)


def files_notice(visit: Visit, turn: Turn, filed: Filed) -> Notice:
    """Return the notice that tells, file by file, why one was left out and what to do (X-23)."""
    files: list[Value] = [{"name": a.filename, "reason": a.refusal} for a in filed.refused]
    return _to_contact(visit, turn, "N_files", files=files)


def forward_copy(visit: Visit, turns: tuple[Turn, ...]) -> list[Notice]:
    """Return what tells the agent who forwarded a mail what became of it (X-40)."""
    agent = visit.desk.agent(visit.mail.sender.address)
    if agent is None:
        return []
    to = agent_recipient(agent)
    states = (turn.workflow.states[turn.ticket.state] for turn in turns)
    done: list[Value] = [
        f"{turn.ticket.key} · {turn.ticket.contact} · {said(state.label, agent.language)}"
        for turn, state in zip(turns, states, strict=True)
    ]
    notice = visit.agent_notice("W_done", to, done=done)
    return [replace(notice, ticket_id=turns[0].ticket.id)]


def agent_recipient(agent: Agent) -> Recipient:
    """Return an agent as recipient of a work item."""
    return Recipient(
        address=agent.address, role=Role.AGENT, language=agent.language, name=agent.name
    )


def _to_contact(visit: Visit, turn: Turn, template: str, **values: Value) -> Notice:
    return Notice(
        template=template,
        to=contact_of(turn),
        ticket_id=turn.ticket.id,
        values=values,
        in_reply_to=visit.mail.message_id,
        references=turn.ticket.thread,
    )


def _ungrouped(turn: Turn) -> Turn:
    """Return the turn without the notices that the grouped acknowledgement replaces."""
    kept = tuple(n for n in turn.notices if n.template not in GROUPED)
    return replace(turn, notices=kept)
