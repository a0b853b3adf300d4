"""An agent's mail on a ticket: commands, comment, note; all or nothing (X-39, X-41)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers.advance import advance, obey, settle
from handlers.agents.several import TICKETS, first_named, obey_each
from handlers.agents.splitting import split_off
from handlers.agents.undoing import remembered
from handlers.customers.acknowledgement import agent_recipient
from handlers.customers.naming import try_document
from handlers.customers.strangers import NOT_ON_TICKET
from handlers.decision import Decision, Notice, Value, Verdict
from handlers.desk import Agent, Contact
from handlers.meeting import named_requester
from handlers.papers.file_findings import NAMING, refused_sentence, unscanned_sentences
from handlers.papers.filing import file_documents, octets_of, sort_attachments
from handlers.people.participants import observers_of
from handlers.process.command_line import name_in
from handlers.process.workflow import said
from handlers.registry.register import follow
from handlers.sentence import Sentence
from handlers.steps.command_effects import document_named, relay, with_note
from handlers.steps.effects import replace_document
from handlers.steps.pictures import look_at_pictures
from handlers.steps.values import possible_commands
from handlers.ticket import MISSED, Document, Role, Ticket, Visibility
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.visit import Visit
from handlers.words.command import LINES, AgentText, Written, read_agent_text
from parsers.mail import Intent, IntentKind
from parsers.mime.address import read_address

REQUESTER_UNKNOWN = "requester_unknown"
ABOUT_PEOPLE = {"admit": "admitted", "reject": "rejected"}
"""Commands about people, and the sentence that says what was done."""


def command_on(visit: Visit, ticket: Ticket, agent: Agent) -> Decision:
    """Return the decision for an agent's mail routed to `ticket`."""
    return _obeyed(visit, ticket, agent, _text_of(visit, agent))


def _text_of(visit: Visit, agent: Agent) -> AgentText:
    return read_agent_text(visit.mail.new_text, visit.workflow, agent.language)


def _obeyed(visit: Visit, ticket: Ticket, agent: Agent, text: AgentText) -> Decision:
    turns: tuple[Turn, ...] = (_start(visit, ticket, agent, text),)
    errors = text.errors or unscanned_sentences(turns[0].event.documents)
    for written in text.commands:
        if not errors:
            turns = _carry_out(visit, turns, written)
            errors = turns[0].errors
    refused = tuple(refused_sentence(f, agent.language) for f in turns[0].event.refused)
    if errors:
        return refuse_commands(visit, agent, (*errors, *refused), ticket)
    turns = (replace(turns[0], done=(*turns[0].done, *refused)), *turns[1:])
    turn = _talk(visit, turns[0], text)
    turn = remembered(settle(turn), ticket, turns[1:], text)
    return _applied(visit, (turn, *turns[1:]), agent, text)


def command_without_ticket(visit: Visit, agent: Agent) -> Decision:
    """Return the decision for an agent's commands that belong to no ticket: people are admitted or
    turned away (X-36), or the commands name their tickets; words beside those are a note."""
    text = _text_of(visit, agent)
    named = None if text.errors else first_named(visit, text)
    if named is not None:
        told = "\n".join(filter(None, (text.comment, text.note)))
        return _obeyed(visit, named, agent, replace(text, comment="", note=told))
    errors = text.errors or tuple(error for w in text.commands for error in _about_people(w))
    if errors or not text.commands:
        return refuse_commands(visit, agent, errors or (Sentence(code="no_ticket"),), None)
    done = [
        Sentence(code=ABOUT_PEOPLE[w.name], values={"word": w.arguments["address"]})
        for w in text.commands
    ]
    notice = visit.agent_notice("W_done", agent_recipient(agent), done=_said(done, agent))
    decision = visit.verdict(Verdict.APPLIED, "commands", (), (notice,))
    return _with_people(visit, decision, text, None)


def _about_people(written: Written) -> tuple[Sentence, ...]:
    """Return what is wrong with a command that belongs to no ticket."""
    address = written.arguments.get("address", "")
    if written.name not in ABOUT_PEOPLE:
        return (Sentence(code="no_ticket"),)
    if not read_address(address):
        return (Sentence(code="not_an_address", values={"word": address or "–"}),)
    return ()


def name_requester(visit: Visit, agent: Agent) -> Decision | None:
    """Return the decision that replays the forward whose requester the agent names now (X-40)."""
    text = read_agent_text(visit.mail.new_text, visit.workflow, agent.language)
    asked = [m.message_id for m in visit.facts.sent.values() if m.notice == "W_requester"]
    waiting = tuple(
        held.journal_id
        for held in visit.facts.held
        if held.reason == REQUESTER_UNKNOWN
        and any(f".m{held.journal_id}.W_requester." in message_id for message_id in asked)
    )
    address = named_requester(text)
    if not address or not waiting:
        return None
    if text.errors:
        return refuse_commands(visit, agent, text.errors, None)
    decision = visit.verdict(Verdict.APPLIED, "requester_named")
    return replace(decision, replay=waiting, replay_for=address)


def refuse_commands(
    visit: Visit, agent: Agent, errors: tuple[Sentence, ...], ticket: Ticket | None
) -> Decision:
    """Return the decision that changes nothing and says why and what is possible (X-39)."""
    commands: list[Value] = []
    if ticket is not None:
        commands = possible_commands(visit.workflow, ticket, agent.language, agent.level)
    told = _said(list(errors), agent)
    notice = visit.agent_notice(
        "W_command_error", agent_recipient(agent), errors=told, commands=commands
    )
    return visit.verdict(Verdict.APPLIED, "commands_refused", (), (notice,))


def _start(visit: Visit, ticket: Ticket, agent: Agent, text: AgentText) -> Turn:
    actor = Actor(address=agent.address, name=agent.name, level=agent.level, role=Role.AGENT)
    event = Event(
        kind=EventKind.COMMAND,
        actor=actor,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
        mail=visit.mail,
        language=agent.language,
    )
    turn = visit.turn(event, ticket).without_flags(MISSED)
    papers = any(visit.workflow.commands[w.name].from_document for w in text.commands)
    noted = text.note and not text.comment and not papers
    visibility = Visibility.NOTE if noted else Visibility.PUBLIC
    files, policy = visit.mail.attachments, visit.desk.files
    unknown = Intent(kind=IntentKind.UNKNOWN)
    filed = sort_attachments(files, (), unknown, policy=policy, held=octets_of(ticket))
    turn = file_documents(follow(turn).with_ticket(), filed, visibility, vouched=True)
    return look_at_pictures(turn, visit.facts)


def _carry_out(visit: Visit, turns: tuple[Turn, ...], written: Written) -> tuple[Turn, ...]:
    """Return the turns after one command; it may touch a second ticket."""
    turn, rule = turns[0], visit.workflow.commands[written.name]
    turn = _as_meant(turn, rule.from_document.get("kind", ""))
    arguments = _from_document(turn, written.arguments, rule.from_document)
    name = written.line.partition(" ")[0].lstrip("#")
    missing = [key for key in rule.required if not arguments.get(key)]
    if missing:
        words = rule.arguments.get(missing[0], (missing[0],))
        word = name_in(words, turn.event.language)
        return (turn.with_error("argument_missing", name=name, word=word), *turns[1:])
    event = replace(turn.event, name=written.name, arguments=arguments, written=name)
    turn = replace(turn, event=event)
    if written.name == "move_document":
        return _move_document(visit, (turn, *turns[1:]))
    if written.name == "split":
        return (split_off(visit, turn), *turns[1:])
    if arguments.keys() & {TICKETS, LINES}:
        return obey_each(visit, (turn, *turns[1:]))
    before = document_named(turn) if written.name == NAMING else None
    obeyed = obey(turn)
    obeyed = try_document(obeyed, before) if before is not None else obeyed
    return (obeyed, *turns[1:])


def _as_meant(turn: Turn, kind: str) -> Turn:
    """Return the turn with the agent's only PDF taken for the document its command speaks of."""
    documents = turn.event.documents
    if not kind or any(d.kind == kind for d in documents):
        return turn
    papers = [d for d in documents if d.content_type == "application/pdf"]
    return replace_document(turn, replace(papers[0], kind=kind)) if len(papers) == 1 else turn


def _from_document(
    turn: Turn, written: Mapping[str, str], rule: Mapping[str, str]
) -> dict[str, str]:
    """Return the arguments, those not written taken from the attached document."""
    kind = rule.get("kind", "")
    paper = next((d for d in turn.event.documents if d.kind == kind), None)
    read = {k: paper.fields.get(v, "") for k, v in rule.items() if k != "kind"} if paper else {}
    return {**{k: v for k, v in read.items() if v}, **written}


def _move_document(visit: Visit, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Move a document to another ticket, where it may fire a transition (X-2)."""
    turn, given = turns[0], turns[0].event.arguments
    target = visit.facts.tickets.get(visit.facts.key_in(given["to"]))
    moved = document_named(turn)
    if target is None or target.id == turn.ticket.id:
        return (turn.with_error("no_such_ticket", word=given["to"]), *turns[1:])
    if moved is None:
        return (turn.with_error("no_such_document", word=given["number"]), *turns[1:])
    other = _receive_document(visit, turn, target, moved)
    gone = replace(moved, flags=moved.flags | {"replaced"})
    turn = replace_document(turn, gone).with_step(f"document {moved.number} moved to {target.key}")
    turn = turn.with_done("document_moved", number=given["number"], word=target.key)
    return (turn, *turns[1:], other)


def _receive_document(visit: Visit, turn: Turn, target: Ticket, document: Document) -> Turn:
    arrived = replace(document, number=target.next_document, flags=document.flags - {"to_attach"})
    event = replace(turn.event, kind=EventKind.MAIL, documents=(arrived,), mail=None)
    other = replace(visit.turn(event, target), numbers=turn.numbers)
    other = other.with_ticket(documents=(*target.documents, arrived))
    return advance(other.with_step(f"document {arrived.number} moved from {turn.ticket.key}"))


def _talk(visit: Visit, turn: Turn, text: AgentText) -> Turn:
    """Return the turn with the agent's comment relayed, whoever got a copy of it admitted, and the
    note kept."""
    if text.comment:
        turn = relay(turn, text.comment)
        known = {person.address.lower() for person in turn.ticket.participants}
        copied = observers_of(visit, known, turn.ticket.organisation)
        turn = turn.with_ticket(participants=(*turn.ticket.participants, *copied))
    return with_note(turn, text.note)


def _applied(visit: Visit, turns: tuple[Turn, ...], agent: Agent, text: AgentText) -> Decision:
    turn = turns[0]
    done = _said([s for t in turns for s in t.done], agent)
    if turn.fired:
        label = said(visit.workflow.states[turn.ticket.state].label, agent.language)
        done = [*done, Sentence(code="state_now", values={"state": label}).said(agent.language)]
    notices: list[Notice] = []
    if done and visit.desk.settings.get("confirm_commands", True):
        possible = possible_commands(visit.workflow, turn.ticket, agent.language, agent.level)
        notice = visit.agent_notice("W_done", agent_recipient(agent), done=done, commands=possible)
        notices.append(replace(notice, ticket_id=turn.ticket.id))
    decision = visit.verdict(Verdict.APPLIED, "commands", turns, notices)
    return _with_people(visit, decision, text, turn.ticket)


def _with_people(
    visit: Visit, decision: Decision, text: AgentText, ticket: Ticket | None
) -> Decision:
    """Return the decision with held mails of admitted people replayed, of others turned away.

    `#reject` without an address turns away all who wait to be admitted to the ticket.
    """
    admitted, turned = _addresses(text, "admit"), _addresses(text, "reject")
    held = [h for h in visit.facts.held if ticket is None or h.ticket_id == ticket.id]
    mine = [h.journal_id for h in held if h.sender.lower() in admitted]
    away = [
        h.journal_id
        for h in held
        if h.sender.lower() in turned or ("" in turned and h.reason == NOT_ON_TICKET)
    ]
    contacts = () if ticket is not None else tuple(_admitted(visit, one) for one in admitted)
    return replace(decision, replay=tuple(mine), turned_away=tuple(away), contacts=contacts)


def _addresses(text: AgentText, command: str) -> tuple[str, ...]:
    named = (w.arguments.get("address", "").lower() for w in text.commands if w.name == command)
    return tuple(dict.fromkeys(named))


def _admitted(visit: Visit, address: str) -> Contact:
    """Return the directory entry of an address an agent vouches for; what is known of it stays."""
    known = visit.facts.contacts.get(address)
    return Contact(address=address) if known is None else replace(known, verified=True)


def _said(sentences: list[Sentence], agent: Agent) -> list[Value]:
    return [sentence.said(agent.language) for sentence in sentences]
