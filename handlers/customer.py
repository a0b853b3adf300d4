"""A customer's mail on a ticket: file what it brings, then let the workflow decide (F-24, F-31, X-2, X-8)."""

from __future__ import annotations

from dataclasses import replace

from handlers.acknowledgement import GROUPED, files_notice, group_notice
from handlers.advance import advance
from handlers.authority import organisation_of
from handlers.command_effects import set_contact
from handlers.decision import Decision, Notice, Verdict
from handlers.desk import Level
from handlers.effects import contact_of, plain, work_item
from handlers.filing import Filed, file_documents, octets_of, sort_attachments
from handlers.opening import articles_of, event_of, is_listed, open_tickets, twins_of
from handlers.people import observers_of, speaks_for
from handlers.sheet import Sheet, read_answers, read_form, read_list
from handlers.ticket import Participant, Role, Ticket, Visibility
from handlers.turn import Actor, EventKind, Turn
from handlers.visit import Visit
from handlers.wrong_ticket import Destination, destination_of
from parsers.fields.serials import serials
from parsers.mail import Attachment, IntentKind

THREAD_LENGTH = 20
UNDECIDED = (IntentKind.QUESTION, IntentKind.CONDITIONAL)
NEW_DEVICE_STATES = ("to_complete",)


def answer_on(visit: Visit, ticket: Ticket) -> Decision:
    """Return the decision for a customer's mail routed to `ticket`."""
    turn = start(visit, ticket, visit.actor)
    expects = visit.workflow.states[ticket.state].expects
    filed = sort_attachments(
        visit.mail.attachments,
        expects,
        visit.intent,
        visit.facts.known_images,
        said=visit.words,
        policy=visit.desk.files,
        held=octets_of(ticket),
    )
    destination = destination_of(visit, ticket, filed)
    if destination.held:
        return _hold_document(visit, turn, filed, destination)
    if destination.elsewhere:
        return _file_elsewhere(visit, turn, filed, destination)
    turn = file_documents(turn, filed, Visibility.PUBLIC)
    if _asks_about_another_device(visit, turn):
        return _new_device(visit, turn, filed)
    devices = read_list(visit.words, visit.workflow) if "quantity_unclear" in ticket.flags else ()
    if len(devices) > 1:
        return _split(visit, turn, filed, devices)
    turn = advance(collect(visit, turn))
    others = tuple(_on_other(visit, other, filed) for other in destination.also)
    turns = _grouped_orders(visit, (turn, *others))
    extra = (files_notice(visit, turn, filed),) if filed.refused else ()
    return visit.verdict(
        Verdict.APPLIED, turns[0].fired[0] if turns[0].fired else "filed", turns, extra
    )


def start(visit: Visit, ticket: Ticket, actor: Actor) -> Turn:
    """Return the turn of this mail on a ticket, with the mail filed as an article."""
    facts = visit.facts
    turn = Turn(
        workflow=visit.workflow,
        desk=visit.desk,
        event=event_of(visit, EventKind.MAIL, actor),
        ticket=_on_thread(visit, ticket, actor),
        next_number=facts.next_number,
        disputed=_disputed(visit, ticket),
        twins=twins_of(facts, ticket),
        told=facts.told_on(ticket),
        answered=(ticket.id, actor.address) in facts.acknowledged,
    )
    return replace(turn.with_ticket(), articles=articles_of(visit, turn))


def _disputed(visit: Visit, ticket: Ticket) -> str:
    """Return the key of the ticket that weaker evidence named instead (X-1), "" for none."""
    if ticket.id != visit.route.ticket_id or visit.route.disputed is None:
        return ""
    return visit.facts.tickets[visit.route.disputed].key


def collect(visit: Visit, turn: Turn) -> Turn:
    """Return the turn with the fields this mail fills; a new contact takes over (F-10). A choice that
    moves the process is no choice as long as it is asked about or tied to a condition (X-16)."""
    collects = visit.workflow.states[turn.ticket.state].collects
    if turn.event.actor.level < Level.ORGANISATION:
        return turn
    answers = read_answers(visit.words, visit.workflow, collects, turn.ticket.fields)
    if "*" in collects and visit.mail.quoted:
        answers = {**read_form(visit.mail.text, visit.workflow, turn.ticket.fields), **answers}
    if "*" not in collects:
        chosen = () if turn.event.intent.kind in UNDECIDED else collects
        answers = {n: v for n, v in answers.items() if n in chosen or n == "contact"}
    contact = answers.pop("contact", "")
    if contact and turn.event.actor.level >= Level.PARTICIPANT:
        turn = set_contact(turn, contact) if speaks_for(visit, contact) else _propose(turn, contact)
    changed = {n: v for n, v in answers.items() if v != turn.ticket.fields.get(n)}
    turn = turn.with_fields(changed) if changed else turn
    listed = is_listed(visit.facts, turn.ticket)
    turn = replace(turn, twins=twins_of(visit.facts, turn.ticket), serial_listed=listed)
    return replace(turn, event=replace(turn.event, brought=tuple(changed)))


def _propose(turn: Turn, contact: str) -> Turn:
    """Return the turn with a new contact proposed: an agent decides (#champ contact=)."""
    if turn.ticket.role_of(contact) is not None:
        return turn
    proposed = Participant(address=contact, role=Role.PENDING)
    turn = turn.with_ticket(participants=(*turn.ticket.participants, proposed))
    return work_item(turn, team="after_sales", notice="W_contact")


def _on_thread(visit: Visit, ticket: Ticket, actor: Actor) -> Ticket:
    """Return the ticket with the mail's id on its thread and its people among the participants."""
    thread = ticket.thread
    if visit.mail.message_id:
        thread = (*thread, visit.mail.message_id)[-THREAD_LENGTH:]
    people = ticket.participants
    if actor.level is Level.ORGANISATION and ticket.role_of(actor.address) in (None, Role.PENDING):
        people = tuple(p for p in people if p.address.lower() != actor.address)
        people += (Participant(address=actor.address, role=Role.OBSERVER, name=actor.name),)
    known = {p.address.lower() for p in people}
    if actor.level >= Level.ORGANISATION:
        people += tuple(observers_of(visit, known, organisation_of(actor.address, visit.facts)))
    flags = ticket.flags
    if actor.address == ticket.contact.lower():
        flags -= {"contact_absent", "address_invalid"}
    return replace(ticket, thread=thread, participants=people, flags=flags)


def _asks_about_another_device(visit: Visit, turn: Turn) -> bool:
    """Tell whether the words name another serial number than the ticket's (X-8)."""
    if turn.ticket.state in NEW_DEVICE_STATES or not turn.ticket.fields.get("serial"):
        return False
    named = {plain(serial) for serial in serials(visit.words)}
    return bool(named) and plain(turn.ticket.fields["serial"]) not in named


def _new_device(visit: Visit, turn: Turn, filed: Filed) -> Decision:
    """Do not move the ticket: an agent says whether this is a new request (X-8)."""
    cited = ", ".join(serials(visit.words))
    notices = [*visit.tell_team("W_new_subject", {"other_serial": cited})]
    notices += _once(turn, "N_passed_on")
    if filed.refused:
        notices.append(files_notice(visit, turn, filed))
    turn = turn.with_step(f"names another serial number: {cited}")
    return visit.verdict(Verdict.APPLIED, "another_device", (turn,), notices)


def _hold_document(visit: Visit, turn: Turn, filed: Filed, destination: Destination) -> Decision:
    """Keep a document that cites another request, and change nothing (X-2)."""
    flags = {a.sha256: "to_attach" for a in destination.held}
    turn = file_documents(turn, filed, Visibility.PUBLIC, flags)
    cited = ", ".join(destination.cited)
    turn = turn.with_step(f"document held, it cites {cited}")
    notices = [_to_contact(turn, "N_to_check")]
    notices += visit.tell_team("W_wrong_document", {"cited": cited})
    if filed.refused:
        notices.append(files_notice(visit, turn, filed))
    return visit.verdict(Verdict.APPLIED, "document_to_attach", (turn,), notices)


def _file_elsewhere(visit: Visit, turn: Turn, filed: Filed, destination: Destination) -> Decision:
    """File a document where number and amount say it belongs, and tell the customer (X-2)."""
    moved = {a.sha256 for a in destination.moved}
    stays = replace(filed, promoted=tuple(p for p in filed.promoted if p[0].sha256 not in moved))
    goes = replace(filed, promoted=tuple(p for p in filed.promoted if p[0].sha256 in moved))
    others = tuple(_on_other(visit, other, goes) for other in destination.elsewhere)
    key = ", ".join(other.ticket.key for other in others)
    name = ", ".join(a.filename for a in destination.moved)
    turn = file_documents(turn, stays, Visibility.PUBLIC).with_step(f"{name} belongs to {key}")
    notice = replace(
        _to_contact(turn, "N_filed_elsewhere"), values={"other_key": key, "document": name}
    )
    return visit.verdict(Verdict.APPLIED, "filed_elsewhere", (turn, *others), (notice,))


def _on_other(visit: Visit, ticket: Ticket, filed: Filed) -> Turn:
    """Return the turn of another ticket that a document of this mail also concerns (F-48)."""
    turn = start(visit, ticket, visit.actor_on(ticket))
    orders = replace(filed, promoted=tuple(p for p in filed.promoted if _names(p[0], ticket)))
    turn = file_documents(turn, orders, Visibility.PUBLIC)
    return advance(turn)


def _names(attachment: Attachment, ticket: Ticket) -> bool:
    read = attachment.document
    numbers = {ticket.key, ticket.fields.get("quote_number", "").upper()}
    return read is not None and bool(numbers & {*read.quotes, *read.rma_numbers})


def _grouped_orders(visit: Visit, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Replace the acknowledgements of one order for several requests by a single one (F-48)."""
    if len(turns) < 2 or not all("F-T8" in turn.fired for turn in turns):
        return turns
    rows = group_notice(visit, turns).values["tickets"]
    grouped = replace(_to_contact(turns[0], "N3c_group"), values={"tickets": rows})
    kept = tuple(
        replace(turn, notices=tuple(n for n in turn.notices if n.template != "N3c"))
        for turn in turns
    )
    return (replace(kept[0], notices=(*kept[0].notices, grouped)), *kept[1:])


def _split(visit: Visit, turn: Turn, filed: Filed, devices: tuple[Sheet, ...]) -> Decision:
    """Split a request for several devices once their serial numbers are known (F-4a)."""
    had = {n: v for n, v in turn.ticket.fields.items() if n != "serial"}
    sheets = tuple(Sheet(values={**had, **device.values}) for device in devices)
    turn = turn.without_flags("quantity_unclear").with_fields(sheets[0].values)
    turn = replace(turn, event=replace(turn.event, brought=tuple(sheets[0].values)))
    turn = advance(turn)
    rest = open_tickets(visit, sheets[1:], Filed(), first=1, taken=turn.numbers_taken)
    turns = (turn, *rest)
    quiet = tuple(
        replace(t, notices=tuple(n for n in t.notices if n.template not in GROUPED)) for t in turns
    )
    extra = [group_notice(visit, turns)]
    if filed.refused:
        extra.append(files_notice(visit, turn, filed))
    return visit.verdict(Verdict.APPLIED, "split", quiet, extra)


def _once(turn: Turn, template: str) -> list[Notice]:
    return [] if turn.answered else [_to_contact(turn, template)]


def _to_contact(turn: Turn, template: str) -> Notice:
    mail = turn.event.mail
    return Notice(
        template=template,
        to=contact_of(turn),
        ticket_id=turn.ticket.id,
        in_reply_to=mail.message_id if mail else "",
        references=turn.ticket.thread,
    )
