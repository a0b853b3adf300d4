"""Commands that name the tickets they are for: several in one mail, on any ticket or on none (Q-48, Q-62)."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.advance import obey
from handlers.numbering import furthest
from handlers.process.workflow import said
from handlers.ticket import Ticket
from handlers.together import members
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.word_lists import read_words
from handlers.words.command import LINES, AgentText
from parsers.folding import key_of

_NUMBERS = re.compile(r"\d{1,3}")
_RANGE = re.compile(r"(\d{1,3}) ?[-–] ?(\d{1,3})")
_WORDS = read_words("lines")
_EVERY = {key_of(word) for words in _WORDS["every"].values() for word in words}
_AND = "|".join(word for words in _WORDS["between"].values() for word in words)
_BESIDE = re.compile(rf"[\d\s,;+/–-]|\b(?:{_AND})\b")
TICKETS = "tickets"
"""The argument in which the keys that a command names stand, apart by blanks."""


def obey_each(visit: Visit, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns after the command of the first one, carried out on each ticket it names; the
    first turn says what was done, and what could not be."""
    first, *others = turns
    keys, wrong = _keys_of(first)
    if wrong is not None:
        return (first.with_error("no_such_line", word=wrong), *others)
    told = {n: v for n, v in first.event.arguments.items() if n not in (TICKETS, LINES)}
    event = replace(first.event, arguments=told)
    first = replace(first, event=event)
    for key in keys:
        ticket = named_ticket(visit, key)
        if ticket is None:
            return (first.with_error("no_such_ticket", word=key), *others)
        mine = first if ticket.id == first.ticket.id else _turn_of(visit, first, others, ticket)
        numbers = furthest(one.numbers for one in (first, *others))
        obeyed = obey(replace(mine, event=event, numbers=numbers))
        if obeyed.errors != mine.errors:
            for error in obeyed.errors:
                first = first.with_error("on_ticket", word=key, state=error.said(event.language))
            return (first, *others)
        state = said(visit.workflow.states[obeyed.ticket.state].label, event.language)
        if obeyed.ticket.id == first.ticket.id:
            first = obeyed.with_done("on_ticket", word=key, state=state)
        else:
            others = [*(o for o in others if o.ticket.id != ticket.id), obeyed]
            first = first.with_done("on_ticket", word=key, state=state)
    return (first, *others)


def _keys_of(turn: Turn) -> tuple[tuple[str, ...], str | None]:
    """Return the keys of the tickets that a command is for, or else the number of a line that there
    is none of in the group."""
    given, group = turn.event.arguments, members(turn)
    named = tuple(given.get(TICKETS, "").split())
    if not given.get(LINES):
        return named, None
    if key_of(given[LINES]) in _EVERY:
        return (*named, *(one.key for one in group if one.closed_at is None)), None
    numbers = [int(number) for number in _NUMBERS.findall(_spread(given[LINES]))]
    wrong = next((str(number) for number in numbers if not 0 < number <= len(group)), None)
    if not numbers or _BESIDE.sub("", given[LINES]):
        wrong = given[LINES]
    return (*named, *(group[n - 1].key for n in numbers if wrong is None)), wrong


def _spread(text: str) -> str:
    """Return a list of numbers with its ranges written out: "1-3" is "1,2,3"."""
    return _RANGE.sub(
        lambda m: ",".join(str(n) for n in range(int(m[1]), int(m[2]) + 1)) or m[0], text
    )


def first_named(visit: Visit, text: AgentText) -> Ticket | None:
    """Return the first ticket that the commands of a mail name, when every one of them names some."""
    keys = [written.arguments.get(TICKETS, "").split() for written in text.commands]
    if not keys or not all(keys):
        return None
    return named_ticket(visit, keys[0][0])


def named_ticket(visit: Visit, key: str) -> Ticket | None:
    """Return the ticket of this desk that has the key, None for none."""
    asked = visit.facts.tickets.get(visit.facts.key_in(key))
    known = (t for t in visit.facts.tickets.values() if key in (t.key, t.draft_key))
    return asked or next(known, None)


def _turn_of(visit: Visit, first: Turn, others: list[Turn], ticket: Ticket) -> Turn:
    """Return the turn that a ticket has in this mail already, or a fresh one."""
    had = next((one for one in others if one.ticket.id == ticket.id), None)
    if had is not None:
        return had
    event = replace(first.event, documents=(), refused=())
    return replace(visit.turn(event, ticket), numbers=first.numbers).with_ticket()
