"""Meet a mail: who speaks, on which ticket, and with which words (X-1, X-3, X-40, X-41)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.desk import Contact, Desk
from handlers.facts import Facts
from handlers.incoming import Incoming
from handlers.people.authority import actor_of, is_agent
from handlers.process.tag_rule import keep_inside
from handlers.process.workflow import Workflow
from handlers.route import Route, find_route
from handlers.talks.enclosed import encloses_internal
from handlers.ticket import Role
from handlers.token import KeyRing
from handlers.visit import Visit
from handlers.words.command import AgentText, read_agent_text, without_pin
from handlers.words.form_files import read_form_files
from handlers.words.line_files import read_line_files
from handlers.words.tags import intent_with, read_tag
from parsers.intents.intent import intent_of
from parsers.mail import Address, ParsedMail
from parsers.mime.address import read_address


def meet(
    incoming: Incoming,
    facts: Facts,
    *,
    desk: Desk,
    workflow: Workflow,
    keys: KeyRing,
    now: datetime,
) -> Visit:
    """Return the mail as a visit."""
    mail, requester = incoming.mail, incoming.requester
    agent = desk.agent(mail.sender.address)
    text = read_agent_text(mail.new_text, workflow, agent.language) if agent else None
    proven = agent is not None and is_agent(mail, desk, text.pin if text else "")
    customer = _customer(text, facts) if text is not None and proven else None
    forwarded = proven and (mail.forward is not None or bool(requester) or customer is not None)
    who = mail.sender
    if customer is not None:
        requester = requester or customer.address
        facts = replace(facts, contacts={**facts.contacts, customer.address: customer})
    if forwarded:
        who = _requester(mail, requester or (named_requester(text) if text else ""))
    route = _route(incoming, facts, desk, workflow, keys, who)
    if forwarded and route.token is not None and route.token.role is Role.AGENT:
        forwarded, who = False, mail.sender
    words = _words(mail, workflow, forwarded=forwarded, is_agents=agent is not None)
    if customer is not None and text is not None and not mail.forward:
        words = text.comment
    tag = read_tag(mail, words, workflow.tags)
    intent = intent_of(words, mail.language) if forwarded else mail.intent
    visit = Visit(
        mail=mail,
        envelope=incoming.envelope,
        facts=facts,
        desk=desk,
        workflow=workflow,
        route=route,
        journal_id=incoming.journal_id,
        now=now,
        requester=who,
        words=words,
        intent=intent_with(tag, intent, workflow.tags, mail.language),
        actor=actor_of(who, mail, facts, desk, facts.tickets.get(route.ticket_id or 0)),
        forwarded=forwarded,
        suspect_agent=agent is not None and not proven,
        evidence=route.told,
        read_already=incoming.sheets if words == mail.new_text else None,
        tag=tag,
    )
    return _with_lists(visit)


def _with_lists(visit: Visit) -> Visit:
    """Return the visit with the lines that its files list and the forms it brings; an agent's own table is
    imported instead."""
    if visit.desk.agent(visit.mail.sender.address) is not None and not visit.forwarded:
        return visit
    lists = read_line_files(visit.mail.attachments, visit.workflow, visit.words)
    rows = tuple(sheet for one in lists for sheet in one.sheets)
    forms = read_form_files(visit.mail.attachments, visit.workflow)
    return replace(visit, rows=rows, lists=frozenset(one.sha256 for one in lists), forms=forms)


def _route(  # noqa: PLR0917 - what a route depends on
    incoming: Incoming, facts: Facts, desk: Desk, workflow: Workflow, keys: KeyRing, who: Address
) -> Route:
    """Return where the mail belongs; one that encloses an internal message is of that talk (R-8c)."""
    mail = incoming.mail
    route = find_route(mail, incoming.envelope, facts, desk=desk, keys=keys, who=who)
    inside = keep_inside(workflow.tags) and encloses_internal(mail, desk, keys)
    return replace(route, internal="address") if inside else route


def _words(mail: ParsedMail, workflow: Workflow, *, forwarded: bool, is_agents: bool) -> str:
    """Return the words that count: the new ones, or those of the mail that was forwarded."""
    own = without_pin(mail.new_text) if is_agents else mail.new_text
    if mail.forward is None:
        return own
    if forwarded:
        return mail.forward.text
    both = workflow.reads_forwards
    return "\n".join(filter(None, (own, mail.forward.text))) if both else own


def _customer(text: AgentText, facts: Facts) -> Contact | None:
    """Return the customer for whom an agent writes (#pour compte=), None for nobody (A-1)."""
    numbers = (w.arguments.get("account", "") for w in text.commands if w.name == "on_behalf")
    account = next(numbers, "")
    rows = facts.book.rows("customers", {"account": account}) if account else ()
    address = read_address(rows[0].get("address", "")).lower() if rows else ""
    if not account:
        return None
    return Contact(address=address, organisation=rows[0].get("account", "") if rows else "")


def _requester(mail: ParsedMail, named: str) -> Address:
    """Return who a forward is from: whom the agent named, else the original sender (X-40)."""
    if named:
        return Address(address=read_address(named).lower())
    sender = mail.forward.sender if mail.forward is not None else None
    return sender if sender is not None else Address(address="")


def named_requester(text: AgentText) -> str:
    """Return the address that an agent names as requester (#demandeur), "" for none."""
    named = (w.arguments.get("address", "") for w in text.commands if w.name == "requester")
    return read_address(next(named, "")).lower()
