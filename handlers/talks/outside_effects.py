"""Guards and effects of talks with people outside the ticket (R-T4, R-T14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.book import Row
from handlers.decision import Notice, Recipient, Value
from handlers.papers.leaving import may_leave
from handlers.steps.effects import effect
from handlers.steps.guards import guard
from handlers.talks.outside import ADDRESSES, PROVEN, UNREADABLE, joined
from handlers.talks.talk import link_to, writer_to
from handlers.ticket import Role, Visibility
from handlers.token import digest_of
from handlers.turn import Turn

DAY = timedelta(days=1)


@guard
def from_outside(turn: Turn) -> bool:
    """Somebody outside the ticket wrote, in answer to one of its people (R-T14)."""
    return turn.event.actor.role is Role.EXTERNAL


@guard
def addresses_readable(turn: Turn) -> bool:
    """Every address behind the tag can be written to, and none is our own (R-4)."""
    ours = {address.lower() for address in turn.desk.addresses}
    named = _named(turn)
    return bool(named) and not turn.event.arguments.get(UNREADABLE) and ours.isdisjoint(named)


@guard
def sender_vouched_for(turn: Turn) -> bool:
    """Our border vouches for the sender: we carry nothing for a forger (R-49)."""
    return bool(turn.event.arguments.get(PROVEN))


@guard
def within_quota(turn: Turn, daily: int, recipients: int = 1) -> bool:
    """So many are written to at once, and so many by this sender in 24 hours; the settings
    `outside_recipients` and `outside_daily` of the desk say otherwise (R-48). What comes from outside
    is for one."""
    recipients = int(turn.desk.settings.get("outside_recipients", recipients))
    daily = int(turn.desk.settings.get("outside_daily", daily))
    wanted, who = len(_named(turn)), turn.event.actor.address
    sent = turn.book.written_outside(who, turn.event.at - DAY)
    return wanted <= recipients and sent + wanted <= daily


@guard
def says_something(turn: Turn) -> bool:
    """There are words, or a file, to be passed on."""
    return bool(turn.event.said.strip() or turn.event.documents)


@effect
def write_outside(turn: Turn, notice: str) -> Turn:
    """Carry the words and files to each address, with a reply address of its own (R-17)."""
    for address in _named(turn):
        answers = _last_of(turn, address)
        made = replace(
            _carried(turn, notice, address, Role.EXTERNAL),
            values={**_said(turn), "answers": answers},
            thread=address,
        )
        people = joined(turn.ticket.participants, address)
        turn = replace(turn, notices=(*turn.notices, made)).with_ticket(participants=people)
        turn = turn.with_ticket(links={**turn.ticket.links, link_to(address): _writer(turn)})
    return turn.with_step(f"written to {', '.join(_named(turn))}")


@effect
def forward_inside(turn: Turn, notice: str, table: str, user: str = "user") -> Turn:
    """Pass an answer from outside to the user who wrote there, at the address that a table registers
    for the user's number, and say whose answer to which message it is (R-17, R-18, R-41)."""
    outsider = next(iter(_named(turn)), "")
    at = turn.ticket.links.get(link_to(outsider), "").partition(" ")[2]
    writer = writer_to(turn.ticket, outsider)
    if writer is None:
        return turn.with_step("nobody to pass an answer from outside to")
    made = _carried(turn, notice, registered(turn, writer.address, table, user), writer.role)
    differs = turn.event.actor.address if turn.event.actor.address != outsider else ""
    refused: list[Value] = [file.filename for file in turn.event.refused]
    values = {**_said(turn), "outsider": outsider, "other_sender": differs, "answers": at}
    made = replace(made, thread=outsider, values={**values, "refused": refused})
    return replace(turn, notices=(*turn.notices, made))


def registered(turn: Turn, address: str, table: str, user: str) -> str:
    """Return the address registered for the user who wrote from this one: the row of the user's number
    that says so in a column `registered`, else the address itself (R-17)."""
    mine = next(iter(turn.book.rows(table, {"address": address}, limit=1)), {})
    number = mine.get(user, "")
    rows: tuple[Row, ...] = turn.book.rows(table, {user: number}) if number else ()
    chosen = next((row for row in rows if row.get("registered") == "yes"), {})
    return chosen.get("address", "") or address


def _named(turn: Turn) -> tuple[str, ...]:
    return tuple(turn.event.arguments.get(ADDRESSES, "").split())


def _carried(turn: Turn, notice: str, address: str, role: Role) -> Notice:
    """Return a relay of the event's words and files: no machine wrote it (X-29)."""
    files = turn.event.documents
    return Notice(
        template=notice,
        to=Recipient(address=address, role=role, language=turn.ticket.language),
        ticket_id=turn.ticket.id,
        attach=tuple(one.number for one in files if may_leave(one, role, Visibility.EXTERNAL)),
        automatic=False,
        visibility=Visibility.EXTERNAL,
    )


def _said(turn: Turn) -> dict[str, Value]:
    actor = turn.event.actor
    return {"text": turn.event.said, "author": actor.name or actor.address}


def _writer(turn: Turn) -> str:
    event = turn.event
    return f"{digest_of(event.actor.address)} {event.requested_at.isoformat()}"


def _last_of(turn: Turn, address: str) -> str:
    """Return when somebody outside wrote last, "" for never (R-18)."""
    said = turn.facts.articles.get(turn.ticket.id, ())
    times: list[datetime] = [one.at for one in said if one.author.lower() == address]
    return max(times).isoformat() if times else ""
