"""A customer's mail on a ticket: file what it brings, then let the workflow decide (F-24, F-31, X-2, X-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from handlers.advance import advance
from handlers.customers.acknowledgement import files_notice
from handlers.customers.annexes import withdraw
from handlers.customers.arrival import start
from handlers.customers.asked import ask_again
from handlers.customers.elsewhere import Aside, file_each, to_contact
from handlers.customers.filled_forms import tell_sources, those_that_stay, with_form_doubts
from handlers.customers.naming import ask_about_files
from handlers.customers.opening import open_tickets
from handlers.customers.wrong_ticket import Destination, destinations_of
from handlers.decision import Decision, Notice, Verdict
from handlers.desk import Level
from handlers.papers.device_numbers import plain
from handlers.papers.file_findings import with_file_rows
from handlers.papers.filing import Filed, octets_of, sort_attachments
from handlers.papers.own_quotes import know_ours
from handlers.people.participants import speaks_for
from handlers.steps.command_effects import set_contact
from handlers.steps.effects import work_item
from handlers.ticket import Participant, Role, Ticket
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.words.form_files import contradictions, filled_by, written_in
from handlers.words.sheet import Sheet, read_answers, read_form, read_list
from parsers.fields.serials import serials
from parsers.mail import IntentKind

NOTHING: Mapping[str, str] = MappingProxyType({})
UNDECIDED = (IntentKind.QUESTION, IntentKind.CONDITIONAL)


def answer_on(visit: Visit, ticket: Ticket) -> Decision:
    """Return the decision for a customer's mail routed to `ticket`."""
    turn = withdraw(visit, start(visit, ticket, visit.actor))
    expects = visit.workflow.states[ticket.state].expects
    filed = sort_attachments(
        visit.mail.attachments,
        expects,
        visit.intent,
        visit.facts.known_images,
        said=visit.words,
        policy=visit.file_policy,
        held=octets_of(ticket),
    )
    filed = know_ours(filed, visit.facts)
    destinations = destinations_of(visit, ticket, filed)
    visit = those_that_stay(visit, destinations)
    aside = file_each(visit, turn, filed, destinations)
    turn = aside.turn
    if not all(d.stays for d in destinations):
        return _beside(visit, aside, filed, destinations)
    if _asks_about_another_device(visit, turn):
        return _new_device(visit, turn, filed)
    devices = read_list(visit.words, visit.workflow) if "quantity_unclear" in ticket.flags else ()
    if len(devices) > 1:
        return _split(visit, turn, filed, devices)
    turn = ask_about_files(advance(collect(visit, turn)))
    turn = ask_again(visit, turn)
    return visit.verdict(
        Verdict.APPLIED,
        turn.fired[0] if turn.fired else "filed",
        (turn, *aside.turns),
        _refusals(visit, turn, filed),
    )


def _beside(
    visit: Visit, aside: Aside, filed: Filed, destinations: tuple[Destination, ...]
) -> Decision:
    """Decide a mail some of whose files wait or belong elsewhere: its ticket moves only when another
    file is what its state waits for (X-2)."""
    expects = visit.workflow.states[aside.turn.ticket.state].expects
    counts = any(d.stays and d.kind in expects for d in destinations)
    turn = ask_about_files(advance(collect(visit, aside.turn)) if counts else aside.turn)
    reason = "document_to_attach" if any(d.held for d in destinations) else "filed_elsewhere"
    notices = (*aside.notices, *_refusals(visit, turn, filed))
    return visit.verdict(Verdict.APPLIED, reason, (turn, *aside.turns), notices)


def _refusals(visit: Visit, turn: Turn, filed: Filed) -> tuple[Notice, ...]:
    return (files_notice(visit, turn, filed),) if filed.refused else ()


def collect(visit: Visit, turn: Turn) -> Turn:
    """Return the turn with the fields this mail fills; a new contact takes over (F-10). A choice that
    moves the process is no choice as long as it is asked about or tied to a condition (X-16)."""
    collects = visit.workflow.states[turn.ticket.state].collects
    if turn.event.actor.level < Level.ORGANISATION:
        return turn
    answers = said = _said(visit, turn, collects)
    if visit.forms:
        found = filled_by(visit.forms)
        answers = _said(visit, turn, collects, written_in(found, turn.ticket.fields))
        turn = with_form_doubts(turn, (*found.doubts, *contradictions(found, said, answers)))
    if "*" not in collects:
        chosen = () if turn.event.intent.kind in UNDECIDED else collects
        answers = {n: v for n, v in answers.items() if n in chosen or n == "contact"}
    answers |= visit.chosen
    contact = answers.pop("contact", "")
    if contact and turn.event.actor.level >= Level.PARTICIPANT:
        turn = set_contact(turn, contact) if speaks_for(visit, contact) else _propose(turn, contact)
    changed = {n: v for n, v in answers.items() if v != turn.ticket.fields.get(n)}
    turn = turn.with_fields(changed) if changed else turn
    turn = tell_sources(turn, visit.forms, changed)
    return replace(turn, event=replace(turn.event, brought=tuple(changed)))


def _said(
    visit: Visit, turn: Turn, collects: tuple[str, ...], written: Mapping[str, str] = NOTHING
) -> dict[str, str]:
    """Return the fields that the mail fills: its words, what was typed into our form where they quote it,
    then what is `written` in a form that came as a file."""
    have, quoted = turn.ticket.fields, {}
    if "*" in collects and visit.mail.quoted:
        quoted = read_form(visit.mail.text, visit.workflow, have)
    written = {name: value for name, value in written.items() if name not in quoted}
    return {**quoted, **read_answers(visit.words, visit.workflow, collects, have, written)}


def _propose(turn: Turn, contact: str) -> Turn:
    """Return the turn with a new contact proposed: an agent decides (#champ contact=)."""
    if turn.ticket.role_of(contact) is not None:
        return turn
    proposed = Participant(address=contact, role=Role.PENDING)
    turn = turn.with_ticket(participants=(*turn.ticket.participants, proposed))
    return work_item(turn, "W_contact")


def _asks_about_another_device(visit: Visit, turn: Turn) -> bool:
    """Tell whether the words name another serial number than the ticket's (X-8)."""
    state = turn.workflow.states[turn.ticket.state]
    completing = state.open and "*" in state.collects
    if completing or turn.workflow.opens == "line" or not turn.ticket.fields.get("serial"):
        return False
    named = {plain(serial) for serial in serials(visit.words)}
    return bool(named) and plain(turn.ticket.fields["serial"]) not in named


def _new_device(visit: Visit, turn: Turn, filed: Filed) -> Decision:
    """Do not move the ticket: an agent says whether this is a new request (X-8)."""
    cited = ", ".join(serials(visit.words))
    items = visit.tell_team("W_new_subject", {"other_serial": cited})
    notices = [*with_file_rows(items, turn)]
    notices += _once(turn, "N_passed_on")
    notices += _refusals(visit, turn, filed)
    turn = turn.with_step(f"names another serial number: {cited}")
    return visit.verdict(Verdict.APPLIED, "another_device", (turn,), notices)


def _split(visit: Visit, turn: Turn, filed: Filed, devices: tuple[Sheet, ...]) -> Decision:
    """Split a request for several devices once their serial numbers are known (F-4a)."""
    had = {n: v for n, v in turn.ticket.fields.items() if n != "serial"}
    sheets = tuple(Sheet(values={**had, **device.values}) for device in devices)
    turn = turn.without_flags("quantity_unclear").with_fields(sheets[0].values)
    turn = replace(turn, event=replace(turn.event, brought=tuple(sheets[0].values)))
    turn = advance(turn)
    group = turn.ticket.group or turn.ticket.draft_key
    turn = turn.with_ticket(group=group)
    turn = open_tickets(visit, sheets[1:], Filed(), first=1, beside=turn, group=group)
    return visit.verdict(Verdict.APPLIED, "split", (turn,), _refusals(visit, turn, filed))


def _once(turn: Turn, template: str) -> list[Notice]:
    told = turn.was_answered(turn.ticket.contact)
    return [] if told else [to_contact(turn, template)]
