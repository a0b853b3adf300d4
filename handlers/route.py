"""Where a mail belongs, by evidence nobody can forge first (X-1).

`questions` says what storage should look up; `find_route` weighs what it found. A key that stands
only in the body is a business reference like a serial number: it finds the one open ticket of the
same customer, never another, because old references and signatures are full of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import token
from handlers.agents.merging import end_of_merges
from handlers.customers.asked_about import Found, asked_about, by_chase, by_number
from handlers.desk import Desk, Level
from handlers.doubles import digest_of_words
from handlers.envelope import Envelope
from handlers.facts import Facts, Questions
from handlers.incoming import Incoming
from handlers.papers.fingerprints import fingerprints_in
from handlers.papers.photo_codes import numbers_on
from handlers.papers.quotes import quotes_of
from handlers.people.authority import level_of
from handlers.people.leave_addresses import tickets_left, wish_of
from handlers.prepared_answer import named_ids
from handlers.references import keys_in, keys_on_form
from handlers.ticket import Role, Ticket, Visibility
from handlers.token import KeyRing, Token, Wish
from handlers.words.organisation_words import numbers_told
from parsers.business import Source
from parsers.fields.numbers import quote_numbers, ticket_keys
from parsers.fields.serials import serials
from parsers.mail import Address, Attachment, Machine, ParsedMail
from parsers.ours import may_hold_ours

DIGITS = re.compile(r"\b\d{6,20}\b")
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
MOST_REFERENCES = 40
MOST_PEOPLE = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """The ticket a mail belongs to (None = new or nobody's) and the evidence that says so.

    `by` is token, message_id, key, reference, chase, group or "". `told` are sentences for `savd explain`;
    `disputed` names a ticket that lower evidence pointed to instead. `token` is the verified token.
    `answers` is the message of ours that it answers, "" when that is not known.
    `internal` tells how the mail belongs to a talk that the desk may not read (R-8): "address" for its
    reply address, "thread" for an answer to a message of it, "" when it does not. `outside` is the token of
    a talk with somebody outside that it belongs to (R-17). `wish` is what the leave address says that it
    came to.
    """

    ticket_id: int | None = None
    by: str = ""
    told: tuple[str, ...] = ()
    disputed: int | None = None
    token: Token | None = None
    answers: str = ""
    internal: str = ""
    outside: Token | None = None
    wish: Wish | None = None


def questions(incoming: Incoming, desk: Desk, keys: KeyRing) -> Questions:
    """Return what must be known before the mail can be decided."""
    mail, envelope = incoming.mail, incoming.envelope
    people = [mail.sender.address, *(a.address for a in mail.cc)]
    if mail.forward is not None and mail.forward.sender is not None:
        people.append(mail.forward.sender.address)
    people += _named_people(mail)
    return Questions(
        desk=desk.name,
        journal_id=incoming.journal_id,
        addresses=tuple(dict.fromkeys(a.lower() for a in people if a)),
        ticket_ids=tuple(
            t.ticket_id
            for t in (
                *tokens_of(mail, envelope, desk, keys),
                *signed_ids(mail, desk, keys).values(),
            )
        )
        + tickets_left(mail, envelope, desk, keys),
        keys=keys_in(mail.subject) + _moved_to(mail) + asked_about(mail),
        references=(*numbers_told(mail, desk), *references_of_mail(mail)),
        message_ids=(
            *message_ids_of(mail),
            *named_ids(mail.subject, tokens_of(mail, envelope, desk, keys), desk, keys),
        ),
        bounce_keys=bounce_keys_of(mail, envelope, desk),
        body_digest=digest_of_words(mail),
        fingerprints=fingerprints_in(mail),
        wants_answered=may_hold_ours(mail),
    )


def find_route(
    mail: ParsedMail, envelope: Envelope, facts: Facts, *, desk: Desk, keys: KeyRing, who: Address
) -> Route:
    """Return the route of a mail written (or forwarded on behalf of) `who`."""
    found = [
        *_by_token(mail, envelope, desk, keys, facts),
        *_by_message_id(mail, desk, keys, facts),
    ]
    found += _by_key(mail, facts, desk, who)
    if not found:
        found += by_number(mail, facts, desk, who) or _by_reference(mail, facts, who)
        found = found or by_chase(mail, facts, who)
    told = tuple(f"{by}: {words} -> {facts.tickets[i].key}" for by, i, words in found)
    internal = _internal(mail, envelope, facts, desk=desk, keys=keys)
    near = (
        *named_ids(mail.subject, tokens_of(mail, envelope, desk, keys), desk, keys),
        *message_ids_of(mail),
    )
    answers = next((one for one in near if one in facts.sent), "")
    wish = wish_of(mail, envelope, desk, keys)
    if not found:
        return Route(told=("no evidence: a new request",), internal=internal, wish=wish)
    by, ticket_id, _ = found[0]
    tokens = tokens_of(mail, envelope, desk, keys)
    mine = next((token for token in tokens if token.ticket_id == ticket_id), None)
    ticket_id = end_of_merges(facts, ticket_id)
    others = [i for _, i, _ in found if end_of_merges(facts, i) != ticket_id]
    return Route(
        ticket_id=ticket_id,
        by=by,
        told=told,
        disputed=others[0] if others else None,
        token=mine,
        answers=answers,
        internal=internal,
        outside=_outside(mail, envelope, ticket_id, desk, keys),
        wish=wish,
    )


def _outside(
    mail: ParsedMail, envelope: Envelope, ticket_id: int, desk: Desk, keys: KeyRing
) -> Token | None:
    named = (*tokens_of(mail, envelope, desk, keys), *signed_ids(mail, desk, keys).values())
    mine = (t for t in named if t.ticket_id == ticket_id and t.role is Role.EXTERNAL)
    return next(mine, None)


def _internal(
    mail: ParsedMail, envelope: Envelope, facts: Facts, *, desk: Desk, keys: KeyRing
) -> str:
    if any(t.role is Role.INTERNAL for t in tokens_of(mail, envelope, desk, keys)):
        return "address"
    signed = any(t.role is Role.INTERNAL for t in signed_ids(mail, desk, keys).values())
    known = any(one.visibility is Visibility.INTERNAL for one in facts.sent.values())
    return "thread" if signed or known else ""


def tokens_of(mail: ParsedMail, envelope: Envelope, desk: Desk, keys: KeyRing) -> tuple[Token, ...]:
    """Return the verified tokens in any recipient field or the envelope."""
    read = (
        token.read_reply_address(keys, ours, address)
        for address in (*envelope.recipients, *mail.recipients)
        for ours in desk.addresses
    )
    return tuple(dict.fromkeys(t for t in read if t is not None and t.ticket_id))


def signed_ids(mail: ParsedMail, desk: Desk, keys: KeyRing) -> dict[str, Token]:
    """Return what the Message-IDs say that a mail refers to and this desk signed."""
    read = (
        (message_id, token.read_message_id(keys, ours, message_id))
        for message_id in message_ids_of(mail)
        for ours in desk.addresses
    )
    return {message_id: known for message_id, known in read if known and known.ticket_id}


def message_ids_of(mail: ParsedMail) -> tuple[str, ...]:
    """Return the ids the mail refers to, the nearest first, and those its reports are about."""
    near = (*mail.in_reply_to, *reversed(mail.references))
    reported = (b.message_id for b in mail.bounces if b.message_id)
    return tuple(dict.fromkeys((*near, *reported)))[:MOST_REFERENCES]


def bounce_keys_of(mail: ParsedMail, envelope: Envelope, desk: Desk) -> tuple[str, ...]:
    """Return the keys of the reverse-paths this mail came back to."""
    if mail.machine is Machine.NONE and envelope.reverse_path:
        return ()
    read = (
        token.read_reverse_path(ours, address)
        for address in envelope.recipients
        for ours in desk.addresses
    )
    return tuple(dict.fromkeys(key for key in read if key))


def references_of_mail(mail: ParsedMail) -> tuple[str, ...]:
    """Return business references of the new text and the documents: quotes, RMA numbers, serials, and
    what the codes on photos say."""
    named = _named_in(mail.subject) + _named_in(mail.new_text)
    if mail.forward is not None:
        named += _named_in(mail.forward.text)
    for attachment in mail.attachments:
        document = attachment.document
        if document is not None and document.source is not Source.GUESS:
            quotes = quotes_named_in(attachment)
            named += [*quotes, *document.rma_numbers, *document.serials]
            named += keys_on_form(document)
        if attachment.photo is not None:
            named += numbers_on(attachment.photo)
    return tuple(dict.fromkeys(name.upper() for name in named))[:MOST_REFERENCES]


def _named_in(text: str) -> list[str]:
    return [*ticket_keys(text), *quote_numbers(text), *serials(text)]


def _moved_to(mail: ParsedMail) -> tuple[str, ...]:
    """Return the keys that commands name ("#deplacer document=2 vers=RMA-2026-000412"), those of digits
    alone as well."""
    commands = (line for line in mail.new_text.splitlines() if line.lstrip().startswith("#"))
    named = (key for line in commands for key in (*keys_in(line), *DIGITS.findall(line)))
    return tuple(dict.fromkeys(named))[:MOST_REFERENCES]


def _named_people(mail: ParsedMail) -> list[str]:
    """Return the addresses that the words name as contact or requester."""
    return ADDRESS.findall(mail.new_text)[:MOST_PEOPLE] if "@" in mail.new_text else []


def same_customer(ticket: Ticket, facts: Facts, who: Address) -> bool:
    """Tell whether somebody may speak for the customer of a ticket."""
    return level_of(who.address.lower(), facts, ticket) >= Level.ORGANISATION


def is_open(ticket: Ticket) -> bool:
    """Tell whether a ticket still runs."""
    return ticket.closed_at is None


def _by_token(
    mail: ParsedMail, envelope: Envelope, desk: Desk, keys: KeyRing, facts: Facts
) -> list[Found]:
    tokens = tokens_of(mail, envelope, desk, keys)
    found = [
        ("token", t.ticket_id, "reply address") for t in tokens if t.ticket_id in facts.tickets
    ]
    left = tickets_left(mail, envelope, desk, keys)
    return found + [("token", i, "leave address") for i in left if i in facts.tickets]


def _by_message_id(mail: ParsedMail, desk: Desk, keys: KeyRing, facts: Facts) -> list[Found]:
    """Return the tickets of the messages a mail refers to: those the outbox knows, and those whose
    id we signed, should the outbox have lost them (a restored backup)."""
    signed = signed_ids(mail, desk, keys)
    found: list[Found] = []
    for message_id in message_ids_of(mail):
        sent, ours = facts.sent.get(message_id), signed.get(message_id)
        ticket_id = sent.ticket_id if sent is not None else ours.ticket_id if ours else None
        if ticket_id is not None and ticket_id in facts.tickets:
            found.append(("message_id", ticket_id, message_id))
    return found


def _by_key(mail: ParsedMail, facts: Facts, desk: Desk, who: Address) -> list[Found]:
    """Return the leftmost key of the subject, from an agent or somebody of the ticket's customer."""
    agent = desk.agent(who.address) is not None
    for key in keys_in(mail.subject):
        ticket = facts.tickets.get(facts.by_key.get(key, -1))
        if ticket is not None and (agent or same_customer(ticket, facts, who)):
            return [("key", ticket.id, key)]
    return []


def _by_reference(mail: ParsedMail, facts: Facts, who: Address) -> list[Found]:
    """Return the one open ticket of the customer that a reference resolves to; a document that
    cites several quotes of the customer goes to the first of them (F-48)."""
    hits: dict[int, str] = {}
    for reference in references_of_mail(mail) if facts.by_reference else ():
        for ticket_id in facts.by_reference.get(reference, ()):
            ticket = facts.tickets.get(ticket_id)
            if ticket is not None and is_open(ticket) and same_customer(ticket, facts, who):
                hits.setdefault(ticket_id, reference)
    by_document = {r for a in mail.attachments for r in quotes_named_in(a)}
    if len(hits) > 1 and not all(reference in by_document for reference in hits.values()):
        return []
    return [("reference", ticket_id, reference) for ticket_id, reference in hits.items()]


def quotes_named_in(file: Attachment) -> tuple[str, ...]:
    """Return the quotes a file is about, upper case."""
    return quotes_of(file.document, file.document.kind.value) if file.document is not None else ()
