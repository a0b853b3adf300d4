"""Guards: questions about a turn, named in workflow files. Each answers yes or no, changes nothing.

The arguments in the file are checked against the signature (`handlers.proof.problems`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers.book import value_key
from handlers.calendar import end_of_day
from handlers.papers.order_check import early_order
from handlers.papers.paper_fields import barcodes_of
from handlers.papers.photo_codes import shows_our_page
from handlers.process.call import ANY_OF, Call, learn
from handlers.turn import Turn
from parsers.fields.said import phrases_said
from parsers.mail import IntentKind

Guard = Callable[..., bool]
GUARDS: dict[str, Guard] = {}

VAGUE_BELOW = 15


def guard(function: Guard) -> Guard:
    """Make a function usable in workflow files under its own name."""
    learn(function)
    GUARDS[function.__name__] = function
    return function


def holds(turn: Turn, call: Call) -> bool:
    """Tell whether the guard a workflow file names holds for this turn."""
    if call.name == ANY_OF:
        return any(holds(turn, one) for one in call.alternatives) is not call.negated
    return bool(GUARDS[call.name](turn, **call.arguments)) is not call.negated


@guard
def complete(turn: Turn) -> bool:
    """Every required field is filled (F-6, F-8, F-11)."""
    return not turn.missing()


@guard
def vague(turn: Turn) -> bool:
    """The description says next to nothing ("HS", "en panne", F-13)."""
    return sum(c.isalnum() for c in turn.ticket.fields.get("description", "")) < VAGUE_BELOW


@guard
def field_in(turn: Turn, name: str, values: list[str]) -> bool:
    """The field has one of these values."""
    return turn.ticket.fields.get(name, "") in values


@guard
def same_values(turn: Turn, value: list[str]) -> bool:
    """Two fields, or a field and an argument of the command ("#name"), say the same."""
    known = [_folded(turn, source) for source in value]
    return bool(known[0]) and len(set(known)) == 1


def _folded(turn: Turn, source: str) -> str:
    given = turn.event.arguments if source.startswith("#") else turn.ticket.fields
    return value_key(given.get(source.lstrip("#"), ""))


@guard
def field_says(turn: Turn, name: str, value: list[str]) -> bool:
    """The words in a field say one of these phrases, and do not deny it (A-27)."""
    return bool(phrases_said(turn.ticket.fields.get(name, ""), tuple(value)))


@guard
def sent_to(turn: Turn, value: str) -> bool:
    """The mail was written to an address of this team (A-60)."""
    team, mail = turn.desk.team(value), turn.event.mail
    ours = {address.lower() for address in team.addresses} if team else set()
    return mail is not None and bool(ours & {one.address.lower() for one in (*mail.to, *mail.cc)})


@guard
def field_empty(turn: Turn, value: str) -> bool:
    """The field is empty."""
    return not turn.ticket.fields.get(value)


@guard
def has_flag(turn: Turn, value: str) -> bool:
    """The flag is raised."""
    return value in turn.ticket.flags


@guard
def has_number(turn: Turn) -> bool:
    """The ticket was submitted once and has its final number (F-12)."""
    return turn.ticket.key != turn.ticket.draft_key


@guard
def has_twin(turn: Turn) -> bool:
    """Another open ticket is about the same serial number (X-7, F-61)."""
    return bool(turn.twins)


@guard
def has_own_twin(turn: Turn) -> bool:
    """Another open ticket of the same customer is about the same serial number: only then may the
    customer be told its key (X-7)."""
    return bool(turn.own_twins())


@guard
def serial_unlisted(turn: Turn) -> bool:
    """The desk keeps a list of serial numbers and this one is not on it (F-11)."""
    return turn.serial_listed is False


@guard
def repaired_lately(turn: Turn) -> bool:
    """The same device was repaired by us within the repair warranty (F-56)."""
    return "repaired_by_us" in turn.ticket.links


@guard
def setting(turn: Turn, value: str) -> bool:
    """The switch of the desk is on."""
    return bool(turn.desk.settings.get(value, True))


@guard
def brought(turn: Turn, value: str) -> bool:
    """Tell whether this event filled the field; "*" means any field."""
    return bool(turn.event.brought) if value == "*" else value in turn.event.brought


@guard
def brought_document(turn: Turn, value: str) -> bool:
    """This event filed a document that is surely of the kind."""
    return any(d.usable and d.counts_as(value) for d in turn.event.documents)


@guard
def brought_our_page(turn: Turn, value: str) -> bool:
    """This event filed a photo of a page that we made, by the code on it, and it is such a document."""
    new = [one for one in turn.event.documents if one.usable and one.counts_as(value)]
    return any(shows_our_page(barcodes_of(one.fields)) for one in new)


@guard
def brought_unsure(turn: Turn) -> bool:
    """This event filed a document that a person must look at first (X-25)."""
    return any("unsure" in d.flags for d in turn.event.documents)


@guard
def brought_any_document(turn: Turn) -> bool:
    """This event filed any document."""
    return bool(turn.event.documents)


@guard
def unreadable_only(turn: Turn) -> bool:
    """The mail has neither text nor a file that can be used (X-23, X-44)."""
    event = turn.event
    files = event.mail is not None and bool(event.mail.attachments)
    return files and not event.said.strip() and not event.documents


@guard
def given(turn: Turn, value: str) -> bool:
    """The command came with this argument."""
    return bool(turn.event.arguments.get(value))


@guard
def has_link(turn: Turn) -> bool:
    """The mail points to a file-sharing service instead of attaching the file (F-32)."""
    mail = turn.event.mail
    return mail is not None and bool(mail.links) and not turn.event.documents


@guard
def intent_is(turn: Turn, value: list[str]) -> bool:
    """The mail has one of these intents."""
    return turn.event.intent.kind.value in value


@guard
def intent_only(turn: Turn) -> bool:
    """The mail says nothing beside its intent (F-24)."""
    return turn.event.intent.only or turn.event.intent.kind is IntentKind.EMPTY


@guard
def told(turn: Turn, value: str) -> bool:
    """This notice, or the one it is grouped as, was sent since the ticket entered its state (X-18: one
    clarifying mail)."""
    rule = turn.workflow.notices.get(value)
    return bool({value, rule.grouped_as if rule else value} & turn.told)


@guard
def closed_lately(turn: Turn) -> bool:
    """The ticket was closed within the days a reply may reopen it (X-34)."""
    closed, days = turn.ticket.closed_at, turn.workflow.reopen_days
    last = None if closed is None else turn.desk.calendar.last_moment(closed, days)
    return last is not None and turn.event.requested_at <= last


@guard
def quote_expired(turn: Turn) -> bool:
    """The quote's last day is over (X-35, F-52)."""
    valid = turn.ticket.fields.get("quote_valid_until", "")
    return bool(valid) and turn.event.requested_at > end_of_day(
        date.fromisoformat(valid), turn.desk.time_zone
    )


@guard
def early_order_fits(turn: Turn) -> bool:
    """An order that came before the quote has the quote's amount (F-46)."""
    return early_order(turn.ticket) is not None


@guard
def state_in(turn: Turn, value: list[str]) -> bool:
    """The ticket is in one of these states."""
    return turn.ticket.state in value


@guard
def waits_for(turn: Turn, value: str) -> bool:
    """The state waits for the customer, the desk or nobody."""
    return turn.workflow.states[turn.ticket.state].waits_for == value


@guard
def stops_clock(turn: Turn, value: str) -> bool:
    """A clock that runs in the ticket's state stands still while it has this flag."""
    rules = turn.workflow.timers.values()
    return any(turn.ticket.state in one.states and value in one.suspended_by for one in rules)
