"""Put the tickets a rehearsal begins with into the database, through the same door as any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from daemon.rehearse_enclosure import Enclosure
from daemon.rehearse_papers import make_paper
from daemon.rehearse_script import Source, TicketPart
from daemon.rehearse_stage import DESK, Stage
from handlers.advance import start_timer
from handlers.calendar import read_delay
from handlers.decision import Decision, NewDocument, Verdict
from handlers.errors import ConfigError
from handlers.filing import file_documents, sort_attachments
from handlers.references import references_of
from handlers.ticket import Participant, Role, Ticket, Visibility
from handlers.turn import Actor, Event, EventKind, Turn
from parsers.files.opening import with_opened_files
from parsers.mail import Intent
from parsers.read import read
from storage.apply import apply

FIRST_ID = 10**9  # far from the ids of tickets that mails open
FIELDS = {
    "return_kind": "out_of_warranty",
    "action": "repair",
    "reference": "LECT-400",
    "serial": "SN123456",
    "company": "Dupont",
    "return_address": "12 rue de la Paix, 75002 Paris",
    "description": "Le lecteur ne lit plus aucun badge depuis lundi.",
}
QUOTED = {
    "quote_number": "D-2026-118",
    "quote_net": "344.00",
    "quote_gross": "412.80",
    "quote_version": "1",
}
QUOTE_LASTS = timedelta(days=30)
AFTER_STUDY = ("quote_due", "quote_sent", "order_to_check", "awaiting_material", "in_progress")


def put_tickets(stage: Stage, source: Source) -> dict[str, int]:
    """Store the given tickets, with the clocks of their states running. Return ids by name."""
    ids: dict[str, int] = {}
    for number, (name, part) in enumerate(source.script.given.tickets.items(), start=1):
        _check(stage, name, part, source)
        turn = _turn(stage, part, part.number or number, source)
        decision = Decision(verdict=Verdict.APPLIED, changes=(turn.change(),), numbers_taken=1)
        with stage.store.write() as tx:
            now, cited = stage.clock.now(), {turn.ticket.id: references_of(turn.ticket)}
            apply(tx, decision, (), desk=DESK, references=cited, now=now, year=now.year)
        ids[name] = turn.ticket.id
    return ids


def _check(stage: Stage, name: str, part: TicketPart, source: Source) -> None:
    """Raise ConfigError for a state, field or role that does not exist."""
    place = f"{source.file}:{source.line('given', 'tickets', name)}: ticket {name}"
    known = stage.workflow.states
    if part.state not in known:
        raise ConfigError(f"{place}: {part.state!r} is no state. Known: {', '.join(known)}.")
    for field in part.fields:
        if field not in stage.workflow.fields:
            raise ConfigError(f"{place}: {field!r} is no field of {stage.workflow.name}.")
    for role in part.participants.values():
        if role not in set(Role):
            raise ConfigError(f"{place}: {role!r} is no role. Known: {', '.join(Role)}.")


def _turn(stage: Stage, part: TicketPart, number: int, source: Source) -> Turn:
    since = _ago(stage.clock.now(), part.opened)
    ticket = _ticket(stage, part, number, since)
    event = Event(
        kind=EventKind.OPENING,
        actor=Actor(address=ticket.contact),
        cause="m0",
        at=since,
        requested_at=since,
    )
    turn = Turn(workflow=stage.workflow, desk=stage.desk, event=event, ticket=ticket, opened=True)
    turn = _with_documents(turn, part, source, stage)
    for name, rule in stage.workflow.timers.items():
        if ticket.state in rule.states:
            turn = start_timer(turn, name, rule)
    return turn.with_step("given")


def _ticket(stage: Stage, part: TicketPart, number: int, since: datetime) -> Ticket:
    draft = f"{stage.workflow.keys.draft}-{900000 + number}"
    final = f"{stage.workflow.keys.final}-{since.year}-{number:06d}"
    contact = stage.people[part.contact].address if part.contact in stage.people else part.contact
    state = part.state
    return Ticket(
        id=FIRST_ID + number,
        desk=DESK,
        workflow=stage.workflow.name,
        key=draft if state == "to_complete" else final,
        draft_key=draft,
        state=state,
        opened_at=since,
        requested_at=since,
        state_since=since,
        changed_at=since,
        closed_at=None if stage.workflow.is_open(state) else since,
        contact=contact,
        language=part.language,
        organisation=part.organisation,
        subject="Lecteur en panne",
        thread=(f"<first{number}@dupont.example>",),
        fields=_fields(part, contact, since),
        flags=frozenset(part.flags),
        participants=_people(stage, part, contact),
    )


def _fields(part: TicketPart, contact: str, since: datetime) -> dict[str, str]:
    valid = {"quote_valid_until": (since + QUOTE_LASTS).date().isoformat()}
    quoted = QUOTED | valid if part.state in ("quote_sent", "order_to_check") else {}
    values = {**FIELDS, "contact": contact, **quoted, **part.fields}
    if part.state in AFTER_STUDY:
        values.setdefault("kind_retained", values.get("return_kind", ""))
    return {name: value for name, value in values.items() if value}


def _people(stage: Stage, part: TicketPart, contact: str) -> tuple[Participant, ...]:
    people = [Participant(address=contact, role=Role.CONTACT)]
    for who, role in part.participants.items():
        known = stage.people.get(who)
        address = known.address if known else who
        people.append(Participant(address=address, role=Role(role)))
    return tuple(people)


def _with_documents(turn: Turn, part: TicketPart, source: Source, stage: Stage) -> Turn:
    """File the given papers as if a mail had brought them: they are really read."""
    papers = [make_paper(p, source.file.parent, stage.now_here()) for p in part.documents]
    if part.state in ("quote_sent", "order_to_check") and not papers:
        number = turn.ticket.fields["quote_number"]
        given = {"quote": {"number": number, "net": "344.00", "gross": "412.80"}}
        papers = [make_paper(given, source.file.parent, stage.now_here())]
    if not papers:
        return turn
    mail = with_opened_files(read(_carrier(papers)))
    expects = turn.workflow.states[turn.ticket.state].expects
    filed = sort_attachments(mail.attachments, expects, Intent())
    filed_turn = file_documents(turn, filed, Visibility.PUBLIC, vouched=True)
    made: tuple[NewDocument, ...] = filed_turn.documents
    return filed_turn if made else turn


def _carrier(papers: list[Enclosure]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "given@desk.example"
    mail.set_content("")
    for one in papers:
        major, _, minor = one.content_type.partition("/")
        mail.add_attachment(one.data, major, minor, filename=one.name)
    return mail.as_bytes()


def _ago(now: datetime, delay: str) -> datetime:
    count, unit = read_delay(delay)
    return now - timedelta(**{{"m": "minutes", "h": "hours"}.get(unit, "days"): count})
