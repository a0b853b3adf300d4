"""People the desk does not know yet, or not on this ticket (X-4, X-36, X-37, F-42)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from handlers.decision import Decision, Notice, Value, Verdict
from handlers.desk import Contact
from handlers.facts import HeldMail
from handlers.failing import hold
from handlers.people.authority import FREEMAIL, authenticated
from handlers.people.respond import may_answer_stranger
from handlers.process.command_line import command_line
from handlers.process.workflow import said
from handlers.registry import register
from handlers.ticket import Ticket
from handlers.visit import Visit
from parsers.mail import IntentKind

NOT_ON_TICKET = "sender_not_on_ticket"
WAITS_FOR_CONFIRMATION = "awaiting_confirmation"
MOST_CHALLENGES = 3
CHALLENGE_LASTS = timedelta(hours=72)
NEAR = 2


def quarantine(visit: Visit, ticket: Ticket) -> Decision:
    """Return the decision for a mail on a ticket from somebody who has no part in it (X-4).

    Nothing of the ticket changes or is told; an agent admits the sender or turns the mail away.
    """
    notices = _ask_team(visit, {"sender": visit.requester.address})
    if authenticated(visit.mail, visit.desk) is True and not _answered_today(visit):
        notices.append(visit.answer("N_received"))
    opened = (register.entered(visit, ticket),) if visit.route.by == register.BY else ()
    return visit.verdict(Verdict.HELD, NOT_ON_TICKET, opened, notices, about=ticket.id)


def turn_stranger(visit: Visit) -> Decision | None:
    """Return the decision for a new mail of somebody unknown, None when the request may be opened."""
    if authenticated(visit.mail, visit.desk) is False:
        return hold(visit, "failed_authentication")
    if not may_answer_stranger(visit):
        return hold(visit, "sender_not_vouched_for")
    may_confirm = visit.desk.accounts == "open" or _domain_is_registered(visit)
    if not may_confirm:
        return _unknown_account(visit)
    return _challenge(visit) if visit.desk.confirm_first_contact else None


def confirm_address(visit: Visit) -> Decision | None:
    """Return the decision for an answer to our challenge: it is the proof (X-37), None for others."""
    challenged = any(
        sent.notice == "N_challenge" and sent.recipient.lower() == visit.requester.address.lower()
        for sent in visit.facts.sent.values()
    )
    waiting = waiting_for_confirmation(visit)
    if not challenged or not waiting:
        return None
    if visit.intent.kind is IntentKind.RESEND:
        return None
    organisation = visit.facts.domains.get(visit.requester.domain, "")
    contact = Contact(
        address=visit.requester.address.lower(),
        name=visit.requester.name,
        organisation=organisation,
        language=visit.language_of(),
    )
    replay = tuple(held.journal_id for held in waiting)
    decision = visit.verdict(Verdict.APPLIED, "address_confirmed")
    return replace(decision, contacts=(contact,), replay=replay)


def waiting_for_confirmation(visit: Visit) -> tuple[HeldMail, ...]:
    """Return the sender's mails that wait for the address to be confirmed, 72 hours long (F-40)."""
    address = visit.requester.address.lower()
    return tuple(
        held
        for held in visit.facts.held
        if held.reason == WAITS_FOR_CONFIRMATION
        and held.sender.lower() == address
        and (held.received_at is None or visit.requested_at - held.received_at <= CHALLENGE_LASTS)
    )


def _challenge(visit: Visit) -> Decision:
    """Keep the request and ask for one answer as proof; again on demand, three times a day (F-40)."""
    waiting = waiting_for_confirmation(visit)
    sent = visit.facts.automatic_today.get(visit.requester.address.lower(), 0)
    again = bool(waiting) and visit.intent.kind is IntentKind.RESEND
    notices: tuple[Notice, ...] = ()
    if not waiting or (again and sent < MOST_CHALLENGES):
        address = visit.requester.address
        notices = (visit.answer("N_challenge", address=address, resent=again),)
    if again:
        return visit.verdict(Verdict.APPLIED, "challenge_resent", (), notices)
    return visit.verdict(Verdict.HELD, WAITS_FOR_CONFIRMATION, (), notices)


def _unknown_account(visit: Visit) -> Decision:
    """Keep the mail, tell the sender the two causes, and ask an agent (F-42, X-36)."""
    near = near_miss(visit.requester.address, visit.facts.neighbours)
    found = {"sender": visit.requester.address, **({"near_miss": near} if near else {})}
    notices = _ask_team(visit, found)
    if not _answered_today(visit):
        notices.append(visit.answer("N_account_unknown"))
    return visit.verdict(Verdict.HELD, "unknown_sender", (), notices)


def near_miss(address: str, known: tuple[str, ...]) -> str:
    """Return a known address of the same domain at most two letters away, shown to agents only (F-42)."""
    local, _, domain = address.lower().partition("@")
    for other in known:
        other_local, _, other_domain = other.partition("@")
        if other_domain == domain and 0 < distance(local, other_local) <= NEAR:
            return other
    return ""


def distance(a: str, b: str) -> int:
    """Return the number of letters to insert, drop or change to turn one word into the other."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        previous, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            change = previous + (letter != other)
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, change)
    return row[-1]


def _domain_is_registered(visit: Visit) -> bool:
    domain = visit.requester.domain
    return domain not in FREEMAIL and bool(visit.facts.domains.get(domain))


def _ask_team(visit: Visit, found: Mapping[str, str]) -> list[Notice]:
    """Return the work item that asks whether a sender is to be admitted or turned away."""
    return [
        replace(item, values={**item.values, "commands": _admit_or_reject(visit, item.to.language)})
        for item in visit.tell_team("W_unknown_sender", found)
    ]


def _admit_or_reject(visit: Visit, language: str) -> list[Value]:
    """Return the two commands that decide about a sender, ready to copy."""
    rules = (visit.workflow.commands[name] for name in ("admit", "reject"))
    return [
        {
            "line": command_line(rule, language, visit.requester.address),
            "help": said(rule.help, language),
        }
        for rule in rules
    ]


def _answered_today(visit: Visit) -> bool:
    return visit.facts.automatic_today.get(visit.requester.address.lower(), 0) > 0
