"""Effects of the commands that fit any state: notes, fields, documents, people, reminders (0.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.decision import Notice
from handlers.desk import Agent, Team
from handlers.papers.leaving import may_leave
from handlers.process.command_line import name_in
from handlers.process.workflow import said
from handlers.steps.answered_words import answered_words, quoted, reader_of
from handlers.steps.effects import disable, effect, replace_document
from handlers.ticket import LOST, Article, Document, Participant, Role, Timer, Visibility
from handlers.turn import Turn
from handlers.words.field_values import currencies_in, field_named, read_value
from parsers.folding import key_of
from parsers.mime.address import read_address

PRIORITIES = {"high": ("haute", "high"), "normal": ("normale", "normal"), "low": ("basse", "low")}
"""The priorities, and how French and other readers are told of them."""
REMINDER = "T-rappel"


@effect
def comment(turn: Turn, **arguments: str) -> Turn:
    """Relay words of the agent to the contact; `from` names the argument that holds them."""
    return relay(turn, turn.event.arguments.get(arguments["from"], ""))


def relay(turn: Turn, text: str) -> Turn:
    """Return the turn with an agent's words filed as an article and sent to the contact (F-24), or to
    whom they answer (R-15)."""
    if not text or not turn.ticket.contact:
        return turn
    answered = answered_words(turn)
    event, recipient = turn.event, reader_of(turn, answered)
    carried = {number for made in turn.notices for number in made.attach}
    article = Article(
        cause=event.cause,
        author=event.actor.address,
        author_name=event.actor.name,
        at=event.at,
        text=text,
        direction="out",
    )
    notice = Notice(
        template="N_comment",
        to=recipient,
        ticket_id=turn.ticket.id,
        values={
            "text": text,
            "agent_name": event.actor.name or turn.desk.title,
            **quoted(answered),
        },
        in_reply_to=turn.ticket.thread[-1] if turn.ticket.thread else "",
        references=turn.ticket.thread,
        attach=tuple(
            d.number
            for d in event.documents
            if may_leave(d, recipient.role) and d.number not in carried
        ),
        automatic=False,
    )
    turn = replace(turn, articles=(*turn.articles, article), notices=(*turn.notices, notice))
    return turn.with_done("comment_sent")


@effect
def keep_note(turn: Turn, value: str) -> Turn:
    """Keep an argument of the command as a note of the agent (I-23, I-42)."""
    return with_note(turn, turn.event.arguments.get(value, ""))


def with_note(turn: Turn, text: str) -> Turn:
    """Return the turn with words of its actor filed for agents alone; "" files nothing."""
    if not text:
        return turn
    note = Article(
        cause=turn.event.cause,
        author=turn.event.actor.address,
        author_name=turn.event.actor.name,
        at=turn.event.at,
        text=text,
        visibility=Visibility.NOTE,
    )
    return replace(turn, articles=(*turn.articles, note)).with_done("note_kept")


@effect
def correct_fields(turn: Turn) -> Turn:
    """Set fields by the labels people know; an unknown field or choice refuses the command."""
    for written, given in turn.event.arguments.items():
        name = field_named(turn.workflow, written)
        if not name:
            turn = turn.with_error("no_such_field", word=written)
            continue
        value = read_value(turn.workflow, name, given)
        if given and not value:
            turn = turn.with_error("no_such_choice", word=given, name=written)
            continue
        turn = _corrected(turn, name, value, given)
        turn = replace(turn, event=replace(turn.event, brought=(*turn.event.brought, name)))
        turn = turn.with_done("field_set", name=written, word=given)
    return turn


def _corrected(turn: Turn, name: str, value: str, given: str) -> Turn:
    """Return the turn with a field set, and the currency with it that an amount bears."""
    if name == "contact":
        return set_contact(turn, value)
    currency, borne = turn.workflow.fields[name].currency, currencies_in(given)
    told = {currency: borne[0]} if currency and borne else {}
    return turn.with_fields({name: value, **told})


def set_contact(turn: Turn, address: str) -> Turn:
    """Return the turn with another contact; the former one stays on the ticket (F-10, F-57)."""
    if address.lower() == turn.ticket.contact.lower():
        return turn
    kept = tuple(
        replace(p, role=Role.PARTICIPANT) if p.role is Role.CONTACT else p
        for p in turn.ticket.participants
        if p.address.lower() != address.lower()
    )
    contact = Participant(address=address, role=Role.CONTACT)
    turn = turn.without_flags("address_invalid", "contact_absent").with_fields({"absent_until": ""})
    lost = len(turn.ticket.links.get(LOST, "").split())
    turn = turn.with_ticket(contact=address, participants=(contact, *kept))
    return turn.with_done("lost_offered", number=str(lost)) if lost else turn


@effect
def retype_document(turn: Turn) -> Turn:
    """Say what a document is; it is then free to be used."""
    document = document_named(turn)
    if document is None:
        return turn.with_error("no_such_document", word=turn.event.arguments.get("number", ""))
    kind = turn.event.arguments["kind"]
    turn = replace_document(
        turn,
        replace(document, kind=kind, flags=document.flags - {"to_attach", "unsure", "returned"}),
    )
    word = said(turn.workflow.documents[kind], turn.event.language)
    return turn.with_done("document_retyped", number=str(document.number), word=word)


def document_named(turn: Turn) -> Document | None:
    """Return the document that a command speaks of by its number, None when there is none: nobody
    reads what was withdrawn (R-13)."""
    number = turn.event.arguments.get("number", "")
    shown = (d for d in turn.ticket.documents if "disabled" not in d.flags)
    return next((d for d in shown if str(d.number) == number), None)


@effect
def disable_document(turn: Turn) -> Turn:
    """Withdraw a document: nobody is shown or sent it again, agents neither (R-12, R-13)."""
    document = document_named(turn)
    if document is None:
        return turn.with_error("no_such_document", word=turn.event.arguments.get("number", ""))
    turn = disable(turn, document)
    return turn.with_done("document_disabled", number=str(document.number), word=document.filename)


@effect
def admit(turn: Turn) -> Turn:
    """Admit an address to the ticket; what waits from it is decided again (X-4, X-6). Who had left comes
    back as an observer."""
    address = turn.event.arguments.get("address", "")
    if not read_address(address):
        return turn.with_error("not_an_address", word=address)
    had = turn.ticket.role_of(address)
    if had not in (None, Role.PENDING, Role.OBSERVER, Role.LEFT):
        return turn.with_done("admitted", word=address)
    others = tuple(p for p in turn.ticket.participants if p.address.lower() != address.lower())
    role = Role.OBSERVER if had is Role.LEFT else Role.PARTICIPANT
    admitted = Participant(address=address, role=role)
    turn = turn.with_ticket(participants=(*others, admitted))
    return turn.with_done("admitted", word=address)


@effect
def invite(turn: Turn, value: str) -> Turn:
    """Put whom an address field names on the ticket as observer: may ask and answer, decides nothing."""
    address = turn.ticket.fields.get(value, "")
    if not address or turn.ticket.role_of(address) not in (None, Role.PENDING):
        return turn
    others = tuple(p for p in turn.ticket.participants if p.address.lower() != address.lower())
    invited = Participant(address=address.lower(), role=Role.OBSERVER)
    return turn.with_ticket(participants=(*others, invited))


@effect
def reject(turn: Turn) -> Turn:
    """Turn the waiting mails of a sender away (X-4); the journal keeps them."""
    return turn.with_done("rejected", word=turn.event.arguments.get("address", "") or "–")


@effect
def assign(turn: Turn) -> Turn:
    """Assign the ticket to an agent or a team of the desk."""
    wanted = turn.event.arguments.get("to", "")
    agent = turn.desk.agent(wanted) or _named_agent(turn, wanted)
    team = _team(turn, wanted)
    if agent is None and team is None:
        return turn.with_error("no_such_person", word=wanted)
    assignee = agent.address if agent else team.name if team else ""
    return turn.with_ticket(assignee=assignee).with_done("assigned", word=wanted)


def _named_agent(turn: Turn, wanted: str) -> Agent | None:
    """Return the only agent of this name, or with this word in the name or before the @; None for none."""
    said = key_of(wanted)
    whole = [one for one in turn.desk.agents if said and key_of(one.name) == said]
    part = [
        one
        for one in turn.desk.agents
        if said in (*key_of(one.name).split(), key_of(one.address.partition("@")[0]))
    ]
    found = whole or part
    return found[0] if len(found) == 1 else None


def _team(turn: Turn, wanted: str) -> Team | None:
    names = {name: labels.values() for name, labels in turn.workflow.teams.items()}
    for name, labels in names.items():
        if wanted.casefold() in {name.casefold(), *(label.casefold() for label in labels)}:
            return turn.desk.team(name)
    return turn.desk.team(wanted)


@effect
def assign_to(turn: Turn, value: str) -> Turn:
    """Assign the ticket to a team (I-11)."""
    return turn.with_ticket(assignee=value)


@effect
def assign_to_actor(turn: Turn) -> Turn:
    """Assign the ticket to the agent who writes."""
    return turn.with_ticket(assignee=turn.event.actor.address)


@effect
def set_priority(turn: Turn) -> Turn:
    """Set the priority: high, normal, low."""
    wanted = turn.event.arguments.get("value", "")
    if wanted not in PRIORITIES:
        return turn.with_error("no_such_choice", word=wanted, name=turn.event.written)
    word = name_in(PRIORITIES[wanted], turn.event.language)
    return turn.with_ticket(priority=wanted).with_done("priority_set", word=word)


@effect
def plan_reminder(turn: Turn) -> Turn:
    """Send the team a reminder on the morning of a day that it works, of today in the evening."""
    day, calendar = date.fromisoformat(turn.event.arguments["date"]), turn.desk.calendar
    morning = calendar.morning(day)
    due = morning if morning > turn.event.at else calendar.end_of_day(day)
    timer = Timer(
        ticket_id=turn.ticket.id, name=REMINDER, nth=1, due_at=due, started_at=turn.event.at
    )
    stopped = (*turn.stopped, REMINDER)
    turn = replace(turn, started=(*turn.started, timer), stopped=stopped)
    return turn.with_done("reminder_set", word=f"{day:%d/%m/%Y}")
