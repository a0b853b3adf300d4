"""Questions by mail: who asks what, and the message that answers (X-43, F-37, F-38, A-3, A-40, Q-23).

A mail is a question when its subject or its only line is one (`handlers.queries.query_words`), or when its words
ask for what a query answers ("pouvez-vous m'envoyer la liste de mes demandes ?").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from handlers.customers.acknowledgement import agent_recipient
from handlers.decision import Decision, Notice, Value, Verdict
from handlers.desk import Level
from handlers.people.authority import level_of, organisation_of
from handlers.process.workflow import said
from handlers.queries.overview import answer_overview
from handlers.queries.query import KEY, Query
from handlers.queries.query_cells import Style, style_of, terms_of
from handlers.queries.query_run import Archive, Asker, Findings, run, story
from handlers.queries.query_words import (
    LONGEST,
    MOST_NUMBERS,
    is_polite,
    read_free_words,
    read_question,
    tells,
)
from handlers.ticket import Role, Ticket
from handlers.visit import Visit
from handlers.words.command import holds_command
from parsers.folding import key_of
from parsers.intents.courtesy import is_courtesy, without_courtesies
from parsers.mail import IntentKind

NOTICE = "N_list"
MOST_ASKED = 5  # questions of one mail
SHOWN = 50  # rows in the words of a message, which Gmail cuts at 102 kB; the file has all
_FREE = (IntentKind.LIST,)
_CHASING = (IntentKind.STATUS, IntentKind.REMINDER)
_FAR = ("token", "message_id")  # how an answer of ours is answered


def questions_of(visit: Visit) -> tuple[Query, ...]:
    """Return what a mail asks by its lines or its subject, () when it says anything else."""
    if not visit.workflow.queries or any(not a.inline for a in visit.mail.attachments):
        return ()
    if holds_command(visit.words):
        return ()
    lines = [line.strip() for line in (*visit.words.splitlines(), visit.mail.subject)]
    if len(visit.words.strip()) > 2 * LONGEST or not any(_read(visit, line) for line in lines):
        return ()  # most mails: what is courtesy need not be told from the rest
    asked = (_asked_in(visit, lines) for lines in (_matter(visit), _subject(visit)))
    found = next((one for one in asked if one), ())
    return found if all(_may_ask(visit, query) for query in found) else ()


def _asked_in(visit: Visit, lines: Sequence[str]) -> tuple[Query, ...]:
    """Return what lines ask when each of them does, () otherwise."""
    read = [_read(visit, line) for line in lines]
    asked = [query for query in read if query is not None]
    joined = _joined(asked) if len(asked) == len(read) else ()
    return joined if len(joined) <= MOST_ASKED else ()


def _joined(queries: Iterable[Query]) -> tuple[Query, ...]:
    """Return the queries, those that ask the same about different numbers as one."""
    joined: list[Query] = []
    for query in queries:
        last = joined[-1] if joined else None
        if last is not None and query.bare in query.values and _is_like(last, query):
            more = (query.values[query.bare], *query.also)
            joined[-1] = replace(last, also=(*last.also, *more)[:MOST_NUMBERS])
        else:
            joined.append(query)
    return tuple(joined)


def _is_like(one: Query, other: Query) -> bool:
    return replace(one, values=other.values, also=other.also) == other and set(one.values) == set(
        other.values
    ) == {one.bare}


def _read(visit: Visit, line: str) -> Query | None:
    return read_question(line, visit.workflow, _dated(visit.mail.language), _today(visit))


def _dated(language: str) -> str:
    """Return the language that days in figures are read in: what we write to English readers has the
    day first, and so have their questions."""
    return "en-GB" if language == "en" else language


def answer_agent(visit: Visit) -> Decision | None:
    """Return the answer to an agent's question, None when the mail is none (Q-23, Q-35)."""
    queries = questions_of(visit) if visit.is_agents and not visit.forwarded else ()
    agent = visit.desk.agent(visit.mail.sender.address)
    for one in queries if agent else ():
        if agent and one.rule.shows == "digest":
            return answer_overview(visit, one, agent)
    return _answer(visit, queries) if queries else None


def answer_customer(visit: Visit) -> Decision | None:
    """Return the answer to a customer's question, None when the mail is none.

    On a ticket, its status is told by its own process; a number that was asked for in an answer of
    ours is an answer.
    """
    queries = questions_of(visit) if visit.actor.level >= Level.KNOWN else ()
    ticket = visit.ticket
    if not queries or (ticket is not None and not _are_aside(visit, ticket, queries)):
        return None
    return _answer(visit, queries)


def answer_free_words(visit: Visit) -> Decision | None:
    """Return the answer to running words that ask for a list, or how far things are (X-1 4b)."""
    kind = visit.intent.kind
    if only_invited(visit):
        return None
    chases = kind in _CHASING and visit.intent.only and visit.ticket is None
    if kind not in _FREE and not chases:
        return None
    queries = visit.workflow.queries.items()
    name = next((n for n, rule in queries if kind.value in rule.intents), "")
    if not name:
        return None
    text = f"{visit.mail.subject}\n{visit.words}"
    query = read_free_words(name, text, visit.workflow, _dated(visit.mail.language), _today(visit))
    return _answer(visit, (query,))


def _are_aside(visit: Visit, ticket: Ticket, queries: Sequence[Query]) -> bool:
    """Tell whether questions are meant as such although their mail belongs to a ticket."""
    several = len(queries) > 1 and visit.route.by not in _FAR
    return several or all(_aside(visit, ticket, query) for query in queries)


def _aside(visit: Visit, ticket: Ticket, query: Query) -> bool:
    """Tell whether a question is one although its mail belongs to a ticket."""
    if query.rule.shows != "list":
        return _searches(query)
    answers = visit.route.by in _FAR and visit.workflow.states[ticket.state].collects
    return not (answers and query.values)


def _searches(query: Query) -> bool:
    """Tell whether a query narrows more than to one ticket."""
    narrowed = set(query.values) - {KEY} or query.first or query.last or query.states
    return bool(narrowed or query.also)


def _ticket_asked(visit: Visit, query: Query) -> Ticket | None:
    """Return the ticket of the desk that a question names by its whole number, else the mail's."""
    key = query.values.get(KEY, "")
    return None if key and (not visit.ticket or visit.ticket.key != key.upper()) else visit.ticket


def _may_ask(visit: Visit, query: Query) -> bool:
    if only_invited(visit):
        return False
    who = "agent" if visit.is_agents and not visit.forwarded else "customer"
    return who in query.rule.who


def only_invited(visit: Visit) -> bool:
    """Tell whether the sender is nobody's but a guest on this ticket, put there for one question: what
    the tickets of others are worth is not theirs to read (X-43)."""
    address, ticket = visit.requester.address.lower(), visit.ticket
    if visit.is_agents or ticket is None or ticket.role_of(address) is not Role.OBSERVER:
        return False
    known = level_of(address, visit.facts, None) >= Level.KNOWN
    return not known and not organisation_of(address, visit.facts)


def _matter(visit: Visit) -> list[str]:
    """Return the lines of a text between its courtesies."""
    lines = without_courtesies(visit.words.strip(), visit.mail.language).splitlines()
    return [line.strip() for line in lines if not is_polite(line)]


def _subject(visit: Visit) -> list[str]:
    """Return the subject of a new mail whose text has nothing but courtesies; "Facture 34871205" over
    "Défectueux" asks for nothing."""
    text, language = visit.words.strip(), visit.mail.language
    fresh = not visit.mail.in_reply_to and not visit.forwarded
    polite = is_polite(text) or is_courtesy(text, language)
    return [visit.mail.subject] if fresh and polite and not tells(text, visit.workflow) else []


def _today(visit: Visit) -> date:
    return visit.now.astimezone(ZoneInfo(visit.desk.time_zone)).date()


def _archive(visit: Visit) -> Archive:
    return Archive(
        book=visit.facts.book,
        desk=visit.desk,
        style=style_of(visit.workflow, visit.desk, _language(visit)),
        today=_today(visit),
    )


def _language(visit: Visit) -> str:
    agent = visit.desk.agent(visit.mail.sender.address) if _is_agents(visit) else None
    return agent.language if agent else visit.language_of()


def _is_agents(visit: Visit) -> bool:
    return visit.is_agents and not visit.forwarded


def _asker(visit: Visit) -> Asker:
    address = visit.requester.address.lower()
    contact = visit.facts.contacts.get(address)
    return Asker(
        address=address,
        organisation=organisation_of(address, visit.facts),
        manager=contact is not None and contact.scope_organisation,
        agent=_is_agents(visit),
    )


def _answer(visit: Visit, queries: Sequence[Query]) -> Decision:
    """Return one message that answers every question; the first one's table is the file."""
    first, *others = (_Answer(query=one, found=_found(visit, one)) for one in queries)
    style, rule = _archive(visit).style, first.query.rule
    files = [one for answer in (first, *others) for one in answer.found.files]
    notice = visit.answer(
        NOTICE,
        **first.told(style),
        further=[one.told(style) for one in others],
        files=[one.name for one in files],
    )
    found = first.found
    notice = replace(
        notice,
        table=(found.header, *found.rows) if found.rows else (),
        table_name=_file_name(first.title(style)) if rule.table or found.ticket else "",
        handed=tuple(files),
    )
    reason = f"asked_{first.query.name}"
    return visit.verdict(Verdict.APPLIED, reason, (), (_to_agent(visit, notice),))


def _found(visit: Visit, query: Query) -> Findings:
    ticket = _ticket_asked(visit, query) if _is_agents(visit) else None
    if ticket is not None and query.rule.shows != "list" and not _searches(query):
        return story(ticket, query.rule.shows, _archive(visit))
    return run(query, _asker(visit), _archive(visit))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """A question and what was found."""

    query: Query
    found: Findings

    def title(self, style: Style) -> str:
        """Return what is listed, with the number of the only request it is about."""
        title = said(self.query.rule.label, style.language)
        return f"{title} {self.found.ticket.key}" if self.found.ticket is not None else title

    def told(self, style: Style) -> dict[str, Value]:
        """Return the values of a message about it; the file has the rows that are not shown."""
        shown: list[Value] = [list(row) for row in self.found.rows[:SHOWN]]
        return {
            "title": self.title(style),
            "count": len(self.found.rows),
            "cut": self.found.cut,
            "terms": [] if self.found.ticket else list(terms_of(self.query, style)),
            "named": bool(self.query.values) and self.found.ticket is None,
            "header": list(self.found.header),
            "rows": shown,
        }


def _to_agent(visit: Visit, notice: Notice) -> Notice:
    agent = visit.desk.agent(visit.mail.sender.address) if _is_agents(visit) else None
    return replace(notice, to=agent_recipient(agent)) if agent else notice


def _file_name(title: str) -> str:
    return f"{key_of(title).replace(' ', '-')}.csv"
