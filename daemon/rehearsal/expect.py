"""Compare what happened in a step with what the script expects of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.rehearsal.script import Expect, TicketExpect
from daemon.rehearsal.sent import Found, Row, Sent, parked_otherwise, sent_otherwise


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """What a step brought. `fired` are the transitions of each ticket in this step."""

    tickets: Mapping[str, Row]
    fired: Mapping[str, Sequence[str]]
    asked: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    sent: Sequence[Sent] = ()
    mail: Row = field(default_factory=dict)
    waiting: int = 0
    parked: Sequence[tuple[str, str]] = ()
    reported: Mapping[str, str] = field(default_factory=dict)
    fates: Mapping[str, str] = field(default_factory=dict)
    address: Callable[[str], str] = str
    read_at_desk: Callable[[str], str] = str
    rows: Callable[[str, Mapping[str, str]], Sequence[Mapping[str, str]]] = lambda _table, _row: ()


def differences(expect: Expect, happened: Happened) -> Iterator[Found]:
    """Yield (place in the script, expected, got) for all that is not as it should be."""
    named = [("", expect.ticket or "A", expect), *_others(expect)]
    for place, name, wanted in named:
        where = ("tickets", place) if place else ()
        for key, expected, got in _of_ticket(name, wanted, happened):
            yield (*where, key), expected, got
    yield from _of_mail(expect, happened)
    yield from _of_tables(expect, happened)
    yield from sent_otherwise(expect, happened.sent, happened.address)
    yield from parked_otherwise(expect, happened.parked, happened.address)


def _others(expect: Expect) -> list[tuple[str, str, TicketExpect]]:
    return [(name, name, wanted) for name, wanted in expect.tickets.items()]


def _of_ticket(
    name: str, wanted: TicketExpect, happened: Happened
) -> Iterator[tuple[str, object, object]]:
    asked = wanted.model_fields_set & TicketExpect.model_fields.keys()
    ticket = happened.tickets.get(name)
    if ticket is None:
        if asked:
            yield min(asked), f"ticket {name}", f"only {', '.join(happened.tickets) or 'no ticket'}"
        return
    for key in ("state", "key", "contact", "assignee", "priority", "language", "requested"):
        expected = getattr(wanted, key)
        expected = happened.address(expected) if key == "contact" and expected else expected
        if expected is not None and ticket[key] != expected:
            yield key, expected, ticket[key]
    yield from _lists(name, wanted, ticket, happened)
    for key in ("fields", "links"):
        for one, expected in getattr(wanted, key).items():
            got = ticket[key].get(one, "")
            if got != expected:
                yield key, f"{one}: {expected}", f"{one}: {got}"
    yield from _of_reading(name, wanted, happened)
    yield from _of_errands(wanted, happened.asked.get(name, ()))
    roles = {p["address"].lower(): p["role"] for p in ticket["participants"]}
    for who, role in wanted.participants.items():
        got = roles.get(happened.address(who).lower(), "")
        if got != role:
            yield "participants", f"{who}: {role}", f"{who}: {got or 'not on the ticket'}"


def _lists(
    name: str, wanted: TicketExpect, ticket: Row, happened: Happened
) -> Iterator[tuple[str, object, object]]:
    fired = tuple(happened.fired.get(name, ()))
    if wanted.fired is not None and fired != wanted.fired:
        yield "fired", list(wanted.fired), list(fired)
    if wanted.group is not None:
        group = [
            n for n, t in happened.tickets.items() if t["group"] and t["group"] == ticket["group"]
        ]
        if sorted(wanted.group) != sorted(group):
            yield "group", sorted(wanted.group), sorted(group)
    if wanted.flags is not None and set(ticket["flags"]) != set(wanted.flags):
        yield "flags", sorted(wanted.flags), sorted(ticket["flags"])
    kinds = [d["kind"] for d in ticket["documents"]]
    if wanted.documents is not None and kinds != list(wanted.documents):
        yield "documents", list(wanted.documents), kinds
    notes = [a["text"] for a in ticket["articles"] if a["visibility"] == "note"]
    for words in wanted.notes:
        if not any(words in note for note in notes):
            yield "notes", words, notes


def _of_reading(
    name: str, wanted: TicketExpect, happened: Happened
) -> Iterator[tuple[str, object, object]]:
    """Compare what the desk can read of a ticket, in any view, mail or export."""
    if not (wanted.desk_reads or wanted.desk_reads_not):
        return
    words = happened.read_at_desk(name)
    for place, told, is_there in (
        ("desk_reads", wanted.desk_reads, True),
        ("desk_reads_not", wanted.desk_reads_not, False),
    ):
        for phrase in told:
            if (" ".join(phrase.split()) in words) is not is_there:
                yield place, phrase, words


def _of_errands(wanted: TicketExpect, asked: Sequence[Row]) -> Iterator[tuple[str, object, object]]:
    """Compare what organisations were asked in this step: the operations, and values of the bodies."""
    operations = [one["operation"] for one in asked]
    if wanted.asked is not None and operations != list(wanted.asked):
        yield "asked", list(wanted.asked), operations
    for operation, values in wanted.asks.items():
        bodies = [one["body"] for one in asked if one["operation"] == operation]
        for path, value in values.items():
            got = [str(_inside(body, path)) for body in bodies]
            if value not in got:
                yield "asks", f"{operation}: {path}: {value}", got or "not asked"


def _inside(body: object, path: str) -> object:
    """Return what stands in a body under "Consumer.Email", "" for nothing."""
    for part in path.split("."):
        if isinstance(body, list) and part.isdecimal() and int(part) < len(body):
            body = body[int(part)]
        else:
            body = body.get(part, "") if isinstance(body, dict) else ""
    return body


def _of_tables(expect: Expect, happened: Happened) -> Iterator[Found]:
    for table, rows in expect.rows.items():
        for row in rows:
            if not happened.rows(table, row):
                found = [dict(one) for one in happened.rows(table, {})]
                yield ("rows",), f"{table}: {row}", found or f"no rows in {table}"


def _of_mail(expect: Expect, happened: Happened) -> Iterator[Found]:
    if happened.mail:
        verdict, reason = happened.mail["verdict"] or "pending", happened.mail["reason"]
        if verdict != (expect.verdict or "applied"):
            yield ("verdict",), expect.verdict or "applied", f"{verdict} ({reason})"
        elif expect.reason is not None and reason != expect.reason:
            yield ("reason",), expect.reason, reason
    if expect.count is not None and len(happened.tickets) != expect.count:
        yield ("count",), expect.count, len(happened.tickets)
    if expect.waiting is not None and happened.waiting != expect.waiting:
        yield ("waiting",), expect.waiting, happened.waiting
    for key, wanted, got in (
        ("reported", expect.reported, happened.reported),
        ("outbox", expect.outbox, happened.fates),
    ):
        for notice, word in wanted.items():
            if got.get(notice, "") != word:
                yield (key,), f"{notice}: {word}", dict(got)
