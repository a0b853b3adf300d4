"""Decide a mail: the rules, from top to bottom; the first that has an answer gives it.

    machines      never answered (X-26); what they report is noted (X-27, X-28), whom they sign off is let go
    doubles       the same words twice in a day are one mail (X-7)
    inside        what a customer's people say among themselves is carried, not read (R-8)
    agents        questions, commands, comments, forwards; proof before authority (X-39…X-41)
    strangers     known to nobody, or not on this ticket (X-4, X-36, X-37)
    customers     a document withdrawn, an answer on a ticket, a question, or a new request

`decide` is pure: the same mail and facts give the same decision, at any time and on any machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handlers import machines
from handlers.agents import agent as agents
from handlers.agents.importing import order_import
from handlers.customers import annexes, customer, group_answer, opening, strangers
from handlers.customers.acknowledgement import agent_recipient
from handlers.customers.added_lines import lists_lines
from handlers.customers.asked import with_choice
from handlers.decision import Decision, Verdict
from handlers.desk import Desk, Level
from handlers.digest.stopping import let_go
from handlers.errands.organisation_mail import hear_organisation
from handlers.facts import Facts
from handlers.failing import hold
from handlers.incoming import Incoming
from handlers.meeting import meet
from handlers.people.authority import why_unproven
from handlers.people.restraint import muted, writable
from handlers.process.workflow import Workflow
from handlers.queries import requests
from handlers.queries.inquiry import answer_agent, answer_customer
from handlers.registry.register import with_registered
from handlers.repeated import doubles
from handlers.route import Route
from handlers.talks.inside import talk_inside
from handlers.talks.outside import hear_outsider, note_absence_outside, write_to_outsiders
from handlers.talks.talk import seal
from handlers.token import KeyRing
from handlers.visit import Visit
from handlers.words.command import holds_command
from parsers.mail import Address, Intent, IntentKind, Machine

MOST_HOPS = 50
QUIET = (IntentKind.THANKS, IntentKind.AMBIGUOUS, IntentKind.EMPTY, IntentKind.STATUS)


def decide(
    incoming: Incoming,
    facts: Facts,
    *,
    desk: Desk,
    workflow: Workflow,
    keys: KeyRing,
    now: datetime,
) -> Decision:
    """Return the decision for one mail, given what storage knows of it."""
    visit = meet(incoming, facts, desk=desk, workflow=workflow, keys=keys, now=now)
    visit = with_choice(with_registered(visit))
    decision = next(d for rule in RULES if (d := rule(visit)) is not None)
    decision = machines.with_evidence(seal(decision, visit), visit)
    if incoming.envelope.mute:
        return muted(decision)
    return replace(writable(decision), by_agent=visit.is_agents)


def unreadable(visit: Visit) -> Decision | None:
    """Hold what has no sender, or is encrypted: the team is told (X-44)."""
    mail = visit.mail
    if mail.machine is not Machine.NONE:
        return None
    if not mail.sender.address:
        return hold(visit, "no_sender")
    sealed = "encrypted" in mail.defects and visit.intent.kind is IntentKind.EMPTY
    return hold(visit, "encrypted") if sealed else None


def loops(visit: Visit) -> Decision | None:
    """Ignore our own messages, hold what has travelled too far (RFC 5321 section 6.3)."""
    if visit.mail.machine is Machine.OWN or _is_ours(visit.mail.sender, visit.desk):
        return visit.verdict(Verdict.IGNORED, "own_message")
    if len(visit.mail.received) > MOST_HOPS:
        return hold(visit, "too_many_hops")
    return None


def reports(visit: Visit) -> Decision | None:
    """Settle what a delivery report says of our messages (X-28)."""
    return machines.settle_bounce(visit) if machines.is_report(visit) else None


def absences(visit: Visit) -> Decision | None:
    """Note an out-of-office on its ticket, when the sender is on it (X-27)."""
    ticket = visit.ticket
    if visit.mail.machine is not Machine.AUTO_REPLY or ticket is None:
        return None
    outside = note_absence_outside(visit)
    if outside is not None:
        return outside
    known = visit.actor.level >= Level.ORGANISATION
    return machines.note_absence(visit, ticket) if known else None


def other_machines(visit: Visit) -> Decision | None:
    """Ignore every other machine; the null path is one too (RFC 3834 section 2).

    A gate that wants to know whether we are human is held: a person may open it, we never answer.
    """
    if visit.mail.machine is Machine.CHALLENGE:
        return hold(visit, "challenge")
    null_path = visit.envelope.path in ("smtp", "lmtp") and not visit.envelope.reverse_path
    if visit.mail.machine is Machine.NONE and not null_path:
        return None
    return machines.ignore_machine(visit)


def unproven_agents(visit: Visit) -> Decision | None:
    """Hold what claims to be an agent without proof, and tell the team (X-41)."""
    if not visit.suspect_agent:
        return None
    why = why_unproven(visit.mail, visit.desk)
    found = {"sender": visit.mail.sender.address, why: visit.desk.border_host or "border_host"}
    notices = visit.tell_team("W_security", found)
    decision = visit.verdict(Verdict.HELD, "agent_not_authenticated", (), notices)
    return replace(decision, evidence=(*decision.evidence, f"no proof: {why}"))


def named_requesters(visit: Visit) -> Decision | None:
    """Decide a forward again, now that its agent said who wrote it (X-40)."""
    agent = visit.desk.agent(visit.mail.sender.address)
    return agents.name_requester(visit, agent) if agent is not None else None


def agent_forwards(visit: Visit) -> Decision | None:
    """Ask the agent for the requester when a forward does not say who wrote (X-40)."""
    agent = visit.desk.agent(visit.mail.sender.address)
    if agent is None or not visit.forwarded or visit.requester.address:
        return None
    to = agent_recipient(agent)
    return visit.verdict(
        Verdict.HELD, agents.REQUESTER_UNKNOWN, (), (visit.agent_notice("W_requester", to),)
    )


def agent_mails(visit: Visit) -> Decision | None:
    """Carry out an agent's commands. An agent who is a contact as well may ask for something."""
    agent = visit.desk.agent(visit.mail.sender.address)
    if agent is None or visit.forwarded:
        return None
    imported = order_import(visit, agent)
    if imported is not None:
        return imported
    if visit.ticket is not None:
        return agents.command_on(visit, visit.ticket, agent)
    if visit.actor.level < Level.KNOWN or holds_command(visit.mail.new_text):
        return agents.command_without_ticket(visit, agent)
    return None


def confirmations(visit: Visit) -> Decision | None:
    """Take the answer to a challenge as proof of the address (X-37)."""
    return strangers.confirm_address(visit)


def talks_with_outsiders(visit: Visit) -> Decision | None:
    """Pass on what somebody outside answers to a person of the ticket (R-17)."""
    return hear_outsider(visit)


def intruders(visit: Visit) -> Decision | None:
    """Keep strangers out of a ticket (X-4)."""
    ticket = visit.ticket
    if ticket is None or visit.actor.level >= Level.ORGANISATION:
        return None
    return strangers.quarantine(visit, ticket)


def letters_outside(visit: Visit) -> Decision | None:
    """Carry what somebody of the ticket writes to people outside (R-3)."""
    return write_to_outsiders(visit)


def unknown_people(visit: Visit) -> Decision | None:
    """Challenge or refuse somebody the desk does not know (X-36, X-37)."""
    if visit.ticket is not None or visit.actor.level >= Level.KNOWN or visit.forwarded:
        return None
    return strangers.turn_stranger(visit)


def withdrawals(visit: Visit) -> Decision | None:
    """Withdraw documents when their author asks for nothing else (R-12)."""
    return annexes.withdraw_alone(visit, visit.ticket) if visit.ticket is not None else None


def questions_without_ticket(visit: Visit) -> Decision | None:
    """Answer a list, form or how-to request (X-43); "voici la liste" on a ticket asks for none."""
    brings = visit.ticket is not None and "quantity_unclear" in visit.ticket.flags
    asks_list = visit.intent.kind is IntentKind.LIST and not brings
    return requests.answer_request(visit) if visit.ticket is None or asks_list else None


def late_answers(visit: Visit) -> Decision | None:
    """Open a new request that follows one closed too long ago to be reopened (X-34); what was
    cancelled or expired has rows of its own for late answers (X-35)."""
    ticket = visit.ticket
    if ticket is None or ticket.closed_at is None or visit.intent.kind in QUIET:
        return None
    last = visit.desk.calendar.last_moment(ticket.closed_at, visit.workflow.reopen_days)
    if visit.requested_at <= last or not visit.workflow.reopens(ticket.state):
        return None
    return opening.open_requests(visit, follows=ticket)


def repeated_requests(visit: Visit) -> Decision | None:
    """Open a second request when a whole sheet names a device that already has one (X-7, F-61);
    fewer words about that device are an answer on its ticket (X-1)."""
    if visit.route.by != "reference" or visit.forms:  # our form is of a request that is there
        return None
    if not (lists_lines(visit) or all(opening.is_whole(visit, sheet) for sheet in visit.sheets)):
        return None
    return opening.open_requests(replace(visit, route=Route(told=visit.route.told)))


def answers_about_lines(visit: Visit) -> Decision | None:
    """Carry what a mail says of the lines of a group to each of them (A-34)."""
    visit = group_answer.on_open_group(visit)
    ticket = visit.ticket
    if ticket is None or not ticket.group or visit.workflow.lines is None or visit.picked:
        return None
    if group_answer.is_unclear(visit):
        unclear = Intent(kind=IntentKind.CONDITIONAL, words=visit.words)
        return customer.answer_on(replace(visit, intent=unclear), ticket)
    decision = group_answer.answer_lines(visit, ticket)
    incomplete = group_answer.incomplete_line(visit, ticket) if decision is None else None
    return customer.answer_on(visit, incomplete) if incomplete is not None else decision


def answers(visit: Visit) -> Decision | None:
    """File an answer on its ticket and let the workflow move it."""
    return customer.answer_on(visit, visit.ticket) if visit.ticket is not None else None


def new_requests(visit: Visit) -> Decision:
    """Open a ticket for each device."""
    return opening.open_requests(visit)


RULES: tuple[Callable[[Visit], Decision | None], ...] = (
    loops,
    reports,
    let_go,
    absences,
    hear_organisation,
    other_machines,
    unreadable,
    doubles,
    talk_inside,
    unproven_agents,
    named_requesters,
    agent_forwards,
    answer_agent,
    agent_mails,
    confirmations,
    talks_with_outsiders,
    intruders,
    letters_outside,
    unknown_people,
    answer_customer,
    withdrawals,
    questions_without_ticket,
    late_answers,
    group_answer.complete_lines,
    repeated_requests,
    answers_about_lines,
    answers,
    new_requests,
)


def _is_ours(sender: Address, desk: Desk) -> bool:
    return sender.address.lower() in {address.lower() for address in desk.addresses}
