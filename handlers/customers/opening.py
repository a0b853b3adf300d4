"""A new request: one ticket per device, one answer for all (F-1, F-4, F-4a, F-62)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.advance import advance
from handlers.customers.acknowledgement import answers_to
from handlers.customers.filled_forms import doubts_when_opening, tell_sources, with_form_doubts
from handlers.customers.held_document import ask_whose
from handlers.customers.naming import ask_about_files
from handlers.customers.open_group import founding, group_to_join
from handlers.customers.wrong_ticket import orders_of_others
from handlers.decision import Decision, Notice, Verdict
from handlers.desk import Level
from handlers.numbering import Numbers
from handlers.papers.device_numbers import plain
from handlers.papers.filing import Filed, file_documents, sort_attachments
from handlers.people.authority import organisation_of
from handlers.people.participants import contact_for, people_of
from handlers.steps.pictures import look_at_pictures
from handlers.ticket import ITEMS_PER_MAIL, Article, Ticket, Visibility
from handlers.together import every_turn, standing, turn_to, turns_beside
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.visit import Visit
from handlers.words.command import without_pin
from handlers.words.line_sheets import most_of
from handlers.words.sheet import Sheet
from handlers.words.watches import watched
from parsers.mail import Attachment, Intent

TOO_MANY = "W_unreadable"
REPAIR_WARRANTY = timedelta(days=92)


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """The files of one device. `common` are the digests of those that may belong to another one."""

    filed: Filed
    common: frozenset[str] = frozenset()


def open_requests(visit: Visit, follows: Ticket | None = None) -> Decision:
    """Return the decision that opens a ticket for each device of the mail."""
    named = visit.sheets
    sheets = named[: most_of(visit.workflow)]
    filed = sort_attachments(
        visit.mail.attachments,
        (),
        visit.intent,
        visit.facts.known_images,
        said=visit.words,
        policy=visit.file_policy,
    )
    group = group_to_join(visit, sheets[0].values.get("contact", ""))
    turns = tuple(every_turn([open_tickets(visit, sheets, filed, follows=follows, group=group)]))
    notices = (
        *answers_to(visit, turns, filed, follows),
        *left_out(visit, named, turns[0].ticket),
    )
    return visit.verdict(Verdict.APPLIED, "opened", turns, notices, about=turns[0].ticket.id)


def left_out(visit: Visit, sheets: tuple[Sheet, ...], about: Ticket) -> tuple[Notice, ...]:
    """Return what tells the sender, or else the team, that a mail lists more than it may open."""
    most, rule = most_of(visit.workflow), visit.workflow.lines
    if len(sheets) <= most:
        return ()
    if rule is not None and rule.too_many and not visit.forwarded:
        told = visit.answer(rule.too_many, most=str(most))
        return (replace(told, ticket_id=about.id),)
    if TOO_MANY not in visit.workflow.notices:
        return ()
    return visit.tell_team(TOO_MANY, {"lines_left_out": str(most)}, about)


def open_tickets(
    visit: Visit,
    sheets: tuple[Sheet, ...],
    filed: Filed,
    *,
    first: int = 0,
    follows: Ticket | None = None,
    beside: Turn | None = None,
    group: str = "",
) -> Turn:
    """Return the turns of new tickets, one per sheet: that of `beside`, or else of the first, with the
    others beside it.

    Tickets of one mail are a group, and those of a workflow that opens lines always. `group` is that
    which they join, "" to found one. Each sees those before it, and numbers are given in order.
    """
    turn, numbers = beside, beside.numbers if beside else visit.facts.numbers
    if not group and (visit.workflow.opens == "line" or len(sheets) > 1):
        group, numbers = draft_key(visit, first), founding(visit, numbers)
    shares = _shares(filed, sheets, visit.lists)
    for index, (sheet, share) in enumerate(zip(sheets, shares, strict=True), start=first):
        ticket = _ticket(visit, sheet, index, follows, group)
        turn = _open(visit, ticket, share, turn, numbers)
        numbers = turn.numbers
    assert turn is not None, "there is always a sheet"
    head = beside.ticket.id if beside is not None else item_id(visit, first)
    return turn_to(turn, standing(turn)[head])


def _open(
    visit: Visit, ticket: Ticket, share: Share, before: Turn | None, numbers: Numbers
) -> Turn:
    actor = replace(visit.actor, level=max(visit.actor.level, Level.KNOWN))
    turn = replace(visit.turn(event_of(visit, EventKind.OPENING, actor), ticket), opened=True)
    turn = replace(turn, numbers=numbers, others=turns_beside(before) if before else ())
    turn = _with_forms(visit, turn, is_first=before is None)
    others = orders_of_others(visit, share.filed)
    waiting = dict.fromkeys((d.file.sha256 for d in others), "to_attach")
    flags = dict.fromkeys(share.common, "to_share") | waiting
    turn = file_documents(turn, share.filed, Visibility.PUBLIC, flags)
    turn = look_at_pictures(turn, visit.facts)
    turn = turn.with_flags("to_share") if share.common else turn
    turn = watched(replace(turn, articles=articles_of(visit, turn)))
    turn = ask_about_files(advance(turn))
    return ask_whose(visit, turn, others) if others else turn


def _with_forms(visit: Visit, turn: Turn, *, is_first: bool) -> Turn:
    """Return the turn of a new ticket with what is told of the forms of its mail, once."""
    if not visit.forms or not is_first:
        return turn
    fields = turn.ticket.fields
    turn = with_form_doubts(turn, doubts_when_opening(visit, fields))
    return tell_sources(turn, visit.forms if len(visit.told_sheets) == 1 else (), fields)


def is_whole(visit: Visit, sheet: Sheet) -> bool:
    """Tell whether a sheet holds everything a request needs."""
    values = _with_defaults(visit, sheet.values)
    return all(values.get(name) for name in visit.workflow.required_fields(values))


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
        said=visit.tag.words if visit.tag.plain else visit.words,
        tag=visit.tag.name,
        tagged=visit.tag.plain,
        arguments=visit.tag.arguments,
    )


def articles_of(visit: Visit, turn: Turn) -> tuple[Article, ...]:
    """Return the mail as articles: the requester's words in public, an agent's own as a note (X-40)."""
    public = Article(
        cause=visit.cause,
        author=visit.requester.address,
        author_name=visit.requester.name,
        at=visit.requested_at,
        text=visit.tag.words if visit.tag.plain else visit.words,
        language=visit.mail.language,
    )
    if not visit.forwarded or not visit.mail.new_text:
        return (*turn.articles, public)
    note = Article(
        cause=visit.cause,
        author=visit.mail.sender.address,
        author_name=visit.mail.sender.name,
        at=visit.requested_at,
        text=without_pin(visit.mail.new_text),
        visibility=Visibility.NOTE,
    )
    return (*turn.articles, public, note)


def item_id(visit: Visit, index: int) -> int:
    """Return the id of the n-th ticket, from 0, that the mail opens."""
    return visit.journal_id * ITEMS_PER_MAIL + index


def draft_key(visit: Visit, index: int) -> str:
    """Return what the n-th ticket of the mail, from 0, is called before it has a number."""
    key = f"{visit.workflow.keys.draft}-{visit.journal_id:06d}"
    return f"{key}-{index + 1}" if index else key


def _ticket(visit: Visit, sheet: Sheet, index: int, follows: Ticket | None, group: str) -> Ticket:
    key = draft_key(visit, index)
    who = visit.requester.address.lower()
    values = _with_defaults(visit, sheet.values)
    contact = values["contact"]
    unclear = sheet.quantity > 1
    return Ticket(
        id=item_id(visit, index),
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
        group=group,
    )


def _with_defaults(visit: Visit, values: Mapping[str, str]) -> dict[str, str]:
    """Fill what is known without asking: the company of the contact, the contact itself (F-10)."""
    who = visit.requester.address.lower()
    kept = {n: v for n, v in values.items() if not visit.workflow.fields[n].kept}
    company = organisation_of(who, visit.facts)
    found = {**({"company": company} if company else {}), **kept}
    found["contact"] = contact_for(visit, kept.get("contact", ""))
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
        shipped = bool(other.fields.get("carrier"))  # cancelled or refused, nothing was repaired
        if serial and lately and shipped and plain(other.fields.get("serial", "")) == serial:
            links["repaired_by_us"] = other.key
    return links


def _shares(filed: Filed, sheets: tuple[Sheet, ...], lists: frozenset[str]) -> list[Share]:
    """Return the files of each device: those that name its serial number, and what names none (F-4a); a
    file that lists them all is kept with the first."""
    if len(sheets) == 1 or not filed.promoted:
        return [Share(filed=filed) for _ in sheets]
    named = [plain(sheet.values.get("serial", "")) for sheet in sheets]
    owners = {a.sha256: [i for i, s in enumerate(named) if _names(a, s)] for a, _ in filed.promoted}
    owners |= {sha256: [0] for sha256 in lists & owners.keys()}
    common = frozenset(sha256 for sha256, devices in owners.items() if not devices)
    return [
        Share(
            filed=replace(
                filed,
                promoted=tuple(
                    p
                    for p in filed.promoted
                    if index in owners[p[0].sha256] or p[0].sha256 in common
                ),
            ),
            common=common,
        )
        for index in range(len(sheets))
    ]


def _names(attachment: Attachment, serial: str) -> bool:
    """Tell whether a file is about the device: by its name, or by what is written in it."""
    read = attachment.document
    inside = {plain(one) for one in read.serials} if read is not None else set()
    return bool(serial) and (serial in plain(attachment.filename) or serial in inside)
