"""Questions by mail: who asks what, and the message that answers (X-43, F-37, F-38, A-3, A-40, Q-23).

A mail is a question when its subject or its only line is one (`handlers.queries.query_words`), or when its words
ask for what a query answers ("pouvez-vous m'envoyer la liste de mes demandes ?").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from handlers.customers.acknowledgement import agent_recipient
from handlers.decision import Decision, Notice, Value, Verdict
from handlers.desk import Level
from handlers.people.authority import level_of, organisation_of
from handlers.process.workflow import said
from handlers.queries.query import KEY, Query
from handlers.queries.query_cells import style_of, terms_of
from handlers.queries.query_run import Archive, Asker, Findings, run, story
from handlers.queries.query_words import LONGEST, read_free_words, read_question
from handlers.ticket import Role, Ticket
from handlers.visit import Visit
from handlers.words.command import holds_command
from parsers.folding import key_of
from parsers.intents.courtesy import is_courtesy, without_courtesies
from parsers.mail import IntentKind

NOTICE = "N_list"
SHOWN = 200  # rows in the words of a message; the file has all
_FREE = (IntentKind.LIST,)
_CHASING = (IntentKind.STATUS, IntentKind.REMINDER)
_FAR = ("token", "message_id")  # how an answer of ours is answered


def question_of(visit: Visit) -> Query | None:
    """Return what a mail asks by its subject or its only line, None when it says anything else."""
    if not visit.workflow.queries or any(not a.inline for a in visit.mail.attachments):
        return None
    if holds_command(visit.words):
        return None
    lines = [line.strip() for line in (*visit.words.splitlines(), visit.mail.subject)]
    if len(visit.words.strip()) > 2 * LONGEST or not any(_read(visit, line) for line in lines):
        return None  # most mails: what is courtesy need not be told from the rest
    found = (_read(visit, line) for line in _lines(visit))
    query = next((one for one in found if one is not None), None)
    return query if query is not None and _may_ask(visit, query) else None


def _read(visit: Visit, line: str) -> Query | None:
    return read_question(line, visit.workflow, visit.mail.language, _today(visit))


def answer_agent(visit: Visit) -> Decision | None:
    """Return the answer to an agent's question, None when the mail is none (Q-23, Q-35)."""
    query = question_of(visit) if visit.is_agents and not visit.forwarded else None
    if query is None:
        return None
    ticket = _ticket_asked(visit, query)
    if ticket is not None and query.rule.shows != "list" and not _searches(query):
        return _answer(visit, query, story(ticket, query.rule.shows, _archive(visit)))
    return _answer(visit, query, run(query, _asker(visit), _archive(visit)))


def answer_customer(visit: Visit) -> Decision | None:
    """Return the answer to a customer's question, None when the mail is none.

    On a ticket, its status is told by its own process; a number that was asked for in an answer of
    ours is an answer.
    """
    query = question_of(visit) if visit.actor.level >= Level.KNOWN else None
    if query is None or (visit.ticket is not None and not _aside(visit, visit.ticket, query)):
        return None
    return _answer(visit, query, run(query, _asker(visit), _archive(visit)))


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
    query = read_free_words(name, text, visit.workflow, visit.mail.language, _today(visit))
    return _answer(visit, query, run(query, _asker(visit), _archive(visit)))


def _aside(visit: Visit, ticket: Ticket, query: Query) -> bool:
    """Tell whether a question is one although its mail belongs to a ticket."""
    if query.rule.shows != "list":
        return bool(_searches(query))
    answers = visit.route.by in _FAR and visit.workflow.states[ticket.state].collects
    return not (answers and query.values)


def _searches(query: Query) -> bool:
    """Tell whether a query narrows more than to one ticket."""
    return bool(set(query.values) - {KEY} or query.first or query.last or query.states)


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


def _lines(visit: Visit) -> Iterator[str]:
    """Yield the lines that may be the question: the only one of the text, else the subject of a new mail."""
    text = visit.words.strip()
    matter = without_courtesies(text, visit.mail.language).strip()
    if matter and "\n" not in matter:
        yield matter
    fresh = not visit.mail.in_reply_to and not visit.forwarded
    if fresh and (not text or is_courtesy(text, visit.mail.language)):
        yield visit.mail.subject


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


def _answer(visit: Visit, query: Query, found: Findings) -> Decision:
    style = _archive(visit).style
    title = said(query.rule.label, style.language)
    if found.ticket is not None:
        title = f"{title} {found.ticket.key}"
    shown: list[Value] = [list(row) for row in found.rows[:SHOWN]]
    notice = visit.answer(
        NOTICE,
        title=title,
        count=len(found.rows),
        cut=found.cut,
        terms=list(terms_of(query, style)),
        named=bool(query.values) and found.ticket is None,
        header=list(found.header),
        rows=shown,
        files=[one.name for one in found.files],
    )
    notice = replace(
        notice,
        table=(found.header, *found.rows) if found.rows else (),
        table_name=_file_name(title) if query.rule.table or found.ticket else "",
        handed=found.files,
    )
    return visit.verdict(Verdict.APPLIED, f"asked_{query.name}", (), (_to_agent(visit, notice),))


def _to_agent(visit: Visit, notice: Notice) -> Notice:
    agent = visit.desk.agent(visit.mail.sender.address) if _is_agents(visit) else None
    return replace(notice, to=agent_recipient(agent)) if agent else notice


def _file_name(title: str) -> str:
    return f"{key_of(title).replace(' ', '-')}.csv"
