"""Whose talk a mail belongs to: the desk's and the customer's, the customer's alone (R-8), or one with
somebody outside (R-17)."""

from __future__ import annotations

from dataclasses import replace

from handlers.decision import Decision, Notice, TicketChange
from handlers.process.tag_rule import keep_inside
from handlers.ticket import Article, Participant, Ticket, Visibility
from handlers.token import digest_of
from handlers.visit import Visit
from parsers.folding import key_of

TELLING = 12  # characters of a line that shows where it comes from


def visibility_of(visit: Visit) -> Visibility:
    """Return who may read a mail. What answers an internal message is internal, unless its first line
    says otherwise; what came to the internal address always is (R-8)."""
    rule = visit.workflow.tags.get(visit.tag.name)
    audience = rule.audience if rule is not None and visit.tag.plain else "public"
    if audience == "internal" or visit.route.internal == "address":
        return Visibility.INTERNAL
    if visit.route.internal and not visit.tag.plain:
        return Visibility.INTERNAL
    outside = audience == "external" or (talks_outside(visit) and not visit.tag.plain)
    return Visibility.EXTERNAL if outside else Visibility.PUBLIC


def talks_outside(visit: Visit) -> bool:
    """Tell whether a mail answers in the talk with somebody outside (R-17)."""
    return visit.route.outside is not None


def outsider_of(visit: Visit, ticket: Ticket) -> str:
    """Return the address outside whose talk a mail belongs to, "" for none."""
    token = visit.route.outside
    known = (p.address for p in ticket.participants)
    return next((one for one in known if token is not None and digest_of(one) == token.who), "")


def link_to(address: str) -> str:
    """Return the name of a ticket's link that tells who wrote last to somebody outside, and when."""
    return f"outside_{digest_of(address)}"


def writer_to(ticket: Ticket, outsider: str) -> Participant | None:
    """Return who of the ticket wrote last to somebody outside."""
    who = ticket.links.get(link_to(outsider), "").partition(" ")[0]
    return next((p for p in ticket.participants if who and digest_of(p.address) == who), None)


def seal(decision: Decision, visit: Visit) -> Decision:
    """Return a decision in which nothing of an internal mail reaches anybody but its people.

    A public mail that drags internal words along in what it quotes is decided as it is, but its bytes are
    not shown (R-8c). Whatever rule decided an internal one: its words and files stay internal, notices go to internal people or back to
    the sender alone, and the evidence names no file (R-8, R-8b).
    """
    if visibility_of(visit) is not Visibility.INTERNAL:
        shown = not visit.route.internal and not _quotes_inside(visit)
        return decision if shown else replace(decision, visibility=Visibility.INTERNAL)
    sender = visit.mail.sender.address.lower()
    return replace(
        decision,
        visibility=Visibility.INTERNAL,
        evidence=visit.evidence,
        notices=tuple(n for n in decision.notices if _is_inside(n, sender)),
        changes=tuple(map(_inside, decision.changes)),
    )


def _quotes_inside(visit: Visit) -> bool:
    """Tell whether a mail repeats words that were said internally on its ticket (R-8c)."""
    ticket = visit.ticket
    if ticket is None or not keep_inside(visit.workflow.tags):
        return False
    whole = key_of(visit.mail.text)
    quoted = {key_of(line) for line in visit.mail.text.splitlines()}
    said = visit.facts.book.internal_words(ticket.id, ticket.organisation)
    lines = [key_of(line) for one in said for line in one.text.splitlines()]
    short = (line for line in lines if any(c.isdigit() for c in line))
    return any(len(line) >= TELLING and line in whole for line in lines) or any(
        line in quoted for line in short
    )


def _is_inside(notice: Notice, sender: str) -> bool:
    return notice.visibility is Visibility.INTERNAL or notice.to.address.lower() == sender


def _inside(change: TicketChange) -> TicketChange:
    """Return a change that says its words and brings its files to people of the customer alone."""
    articles = tuple(replace(one, visibility=Visibility.INTERNAL) for one in change.articles)
    documents = tuple(
        replace(new, document=replace(new.document, visibility=Visibility.INTERNAL))
        for new in change.documents
    )
    fresh = {new.document.number for new in documents}
    shown = tuple(one for one in change.ticket.documents if one.number not in fresh)
    ticket = replace(change.ticket, documents=shown)
    return replace(change, ticket=ticket, articles=articles, documents=documents)


def with_visibility(articles: tuple[Article, ...], visibility: Visibility) -> tuple[Article, ...]:
    """Return articles that a talk's readers see, notes apart."""
    return tuple(
        replace(one, visibility=visibility) if one.visibility is Visibility.PUBLIC else one
        for one in articles
    )
