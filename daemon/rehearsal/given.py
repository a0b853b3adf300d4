"""Put the tickets a rehearsal begins with into the database, through the same door as any other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from daemon.rehearsal.cast import HeldPart, Paper, UsualTicket
from daemon.rehearsal.enclosure import Enclosure
from daemon.rehearsal.papers import make_paper
from daemon.rehearsal.scene import Scene
from daemon.rehearsal.script import Source, TicketPart
from daemon.rehearsal.stage import Stage
from handlers.advance import start_timer
from handlers.calendar import read_delay
from handlers.decision import Decision, NewDocument, Verdict
from handlers.errors import ConfigError
from handlers.papers.filing import file_documents, sort_attachments
from handlers.process.workflow import Workflow
from handlers.references import references_of
from handlers.ticket import Participant, Role, Ticket, Visibility
from handlers.turn import Actor, Event, EventKind, Turn
from parsers.files.opening import with_opened_files
from parsers.mail import Intent
from parsers.read import read
from storage.apply import apply
from storage.series import numbers

FIRST_ID = 10**9  # far from the ids of tickets that mails open
_HOLE = re.compile(r"\{([\w+]+)\}")


def put_tickets(stage: Stage, source: Source) -> dict[str, int]:
    """Store the given tickets, with the clocks of their states running. Return ids by name."""
    ids: dict[str, int] = {}
    for nth, (name, part) in enumerate(source.script.given.tickets.items(), start=1):
        scene = stage.scene(part.desk)
        _check(scene.workflow, name, part, source)
        now = stage.clock.now()
        with stage.store.write() as tx:
            number, drawn = numbers(tx, scene.desk.name).draw(_series(scene, part, now))
            named = part.model_copy(update={"number": part.number or number})
            turn = _turn(stage, scene, named, FIRST_ID + nth, source)
            decision = Decision(verdict=Verdict.APPLIED, changes=(turn.change(),), numbers=drawn)
            cited = {turn.ticket.id: references_of(turn.ticket)}
            apply(tx, decision, (), desk=scene.desk.name, references=cited, now=now)
        ids[name] = turn.ticket.id
    return ids


def _series(scene: Scene, part: TicketPart, now: datetime) -> str:
    """Return the number series of a given ticket: what stands before the number in its key."""
    before = _held(scene.cast.ticket, part).key.partition("{number")[0]
    final = scene.workflow.keys.final
    return before.format(final=final, year=now.year).rstrip("-") or final


def _check(workflow: Workflow, name: str, part: TicketPart, source: Source) -> None:
    """Raise ConfigError for a state, field or role that does not exist."""
    place = f"{source.file}:{source.line('given', 'tickets', name)}: ticket {name}"
    known = workflow.states
    if part.state not in known:
        raise ConfigError(f"{place}: {part.state!r} is no state. Known: {', '.join(known)}.")
    for field in part.fields:
        if field not in workflow.fields:
            raise ConfigError(f"{place}: {field!r} is no field of {workflow.name}.")
    for role in part.participants.values():
        if role not in set(Role):
            raise ConfigError(f"{place}: {role!r} is no role. Known: {', '.join(Role)}.")


def _turn(stage: Stage, scene: Scene, part: TicketPart, ticket_id: int, source: Source) -> Turn:
    held = _held(scene.cast.ticket, part)
    since = _ago(stage.clock.now(), part.opened)
    ticket = replace(_ticket(stage, scene, part, held, since), id=ticket_id)
    event = Event(
        kind=EventKind.OPENING,
        actor=Actor(address=ticket.contact),
        cause="m0",
        at=since,
        requested_at=since,
    )
    turn = Turn(workflow=scene.workflow, desk=scene.desk, event=event, ticket=ticket, opened=True)
    turn = _with_documents(turn, held.documents, source, stage.now_here())
    for name, rule in scene.workflow.timers.items():
        if ticket.state in rule.states:
            turn = start_timer(turn, name, rule)
    return turn.with_step("given")


def _held(usual: UsualTicket, part: TicketPart) -> HeldPart:
    """Return what a ticket holds: as usual, more in its state, and what the script says of it."""
    more = usual.states.get(part.state, HeldPart())
    return HeldPart(
        fields={**usual.fields, **more.fields, **part.fields},
        flags=(*usual.flags, *more.flags, *part.flags),
        documents=part.documents or more.documents or usual.documents,
        numbered=usual.numbered and more.numbered,
        key=more.key or usual.key or "{final}-{year}-{number:06d}",
    )


def _ticket(
    stage: Stage, scene: Scene, part: TicketPart, held: HeldPart, since: datetime
) -> Ticket:
    number = part.number or 0
    keys, usual = scene.workflow.keys, scene.cast.ticket
    draft = f"{keys.draft}-{900000 + number}"
    final = part.key or held.key.format(final=keys.final, year=since.year, number=number)
    told = part.contact or usual.contact
    contact = stage.people[told].address if told in stage.people else told
    fields = {"contact": contact} if "contact" in scene.workflow.fields else {}
    return Ticket(
        id=0,
        desk=scene.desk.name,
        workflow=scene.workflow.name,
        key=final if held.numbered else draft,
        draft_key=draft,
        state=part.state,
        opened_at=since,
        requested_at=since,
        state_since=since,
        changed_at=since,
        closed_at=None if scene.workflow.is_open(part.state) else since,
        contact=contact,
        language=part.language or usual.language or scene.desk.language,
        organisation=usual.organisation if part.organisation is None else part.organisation,
        subject=part.subject or usual.subject,
        thread=(f"<first{number}@{contact.rpartition('@')[2]}>",),
        fields=_filled_in({**fields, **held.fields}, since),
        links=dict(part.links),
        group=part.group,
        flags=frozenset(held.flags),
        participants=_people(stage, part, contact),
    )


def _filled_in(values: dict[str, str], since: datetime) -> dict[str, str]:
    """Return the fields with their holes filled: from other fields, or with a day ("{+30d}")."""
    filled = {name: _without_holes(value, values, since) for name, value in values.items()}
    return {name: value for name, value in filled.items() if value}


def _without_holes(text: str, values: Mapping[str, str], since: datetime) -> str:
    def fill(hole: re.Match[str]) -> str:
        if hole[1].startswith("+"):
            return (since + _delay(hole[1][1:])).date().isoformat()
        return values.get(hole[1], "")

    return _HOLE.sub(fill, text)


def _people(stage: Stage, part: TicketPart, contact: str) -> tuple[Participant, ...]:
    people = [Participant(address=contact, role=Role.CONTACT)]
    for who, role in part.participants.items():
        known = stage.people.get(who)
        address = known.address if known else who
        people.append(Participant(address=address, role=Role(role)))
    return tuple(people)


def _with_documents(turn: Turn, given: tuple[Paper, ...], source: Source, now: datetime) -> Turn:
    """File the given papers as if a mail had brought them: they are really read."""
    if not given:
        return turn
    papers = [make_paper(_named(one, turn), source.file.parent, now) for one in given]
    mail = with_opened_files(read(_carrier(papers)))
    expects = turn.workflow.states[turn.ticket.state].expects
    filed = sort_attachments(mail.attachments, expects, Intent())
    filed_turn = file_documents(turn, filed, Visibility.PUBLIC, vouched=True)
    made: tuple[NewDocument, ...] = filed_turn.documents
    return filed_turn if made else turn


def _named(paper: Paper, turn: Turn) -> Paper:
    """Return a paper whose details quote fields of the ticket."""
    fields, since = turn.ticket.fields, turn.ticket.state_since
    filled: Paper = {}
    for kind, told in paper.items():
        if isinstance(told, dict):
            filled[kind] = {
                name: _without_holes(value, fields, since) if isinstance(value, str) else value
                for name, value in told.items()
            }
        else:
            filled[kind] = told
    return filled


def _carrier(papers: list[Enclosure]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "given@desk.example"
    mail.set_content("")
    for one in papers:
        major, _, minor = one.content_type.partition("/")
        mail.add_attachment(one.data, major, minor, filename=one.name)
    return mail.as_bytes()


def _ago(now: datetime, delay: str) -> datetime:
    return now - _delay(delay)


def _delay(told: str) -> timedelta:
    count, unit = read_delay(told)
    return timedelta(**{{"m": "minutes", "h": "hours"}.get(unit, "days"): count})
