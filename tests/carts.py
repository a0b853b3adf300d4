"""A small process of carts, its desk, and mails on it, for tests of groups and families."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from handlers.decide import decide
from handlers.decision import Decision
from handlers.desk import Agent, Contact, Desk, Team
from handlers.envelope import Envelope
from handlers.facts import Facts
from handlers.incoming import Incoming
from handlers.numbering import Numbers
from handlers.process.workflow import Workflow
from handlers.ticket import Role, Ticket
from handlers.token import reply_address
from handlers.workflow_file import load
from parsers.intents.intent import intent_of
from parsers.mail import Address, AuthenticationResult, ParsedMail, Received

from .people import CLAIRE, KEYS, NOW, mail

FILE = Path(__file__).parent / "rehearsals" / "carts" / "_cart.yaml"
CART = load(FILE.read_text(encoding="utf-8"), "cart.yaml")
OUR = "cart@desk.example"
ANA = "ana@desk.example"
DESK = Desk(
    name="cart",
    workflow="cart",
    addresses=(OUR,),
    title="Panier",
    teams=(Team(name="desk", addresses=("team@desk.example",)),),
    agents=(Agent(address=ANA, name="Ana"),),
    authserv_id="mx.desk.example",
    border_host="mx.desk.example",
)
AUTHENTIC = AuthenticationResult(
    authserv_id="mx.desk.example", hop=0, dmarc="pass", from_domain="desk.example"
)
ENVELOPE = Envelope(reverse_path=CLAIRE, recipients=(OUR,), path="lmtp", received_at=NOW)


def knowing(*decisions: Decision, **changes: object) -> Facts:
    """Return what storage knows after these decisions."""
    tickets: dict[int, Ticket] = {}
    numbers: dict[str, int] = {}
    for decision in decisions:
        tickets |= {change.ticket.id: change.ticket for change in decision.changes}
        for series, drawn in decision.numbers.drawn.items():
            numbers[series] = numbers.get(series, 1) + drawn
    plain = Facts(
        tickets=tickets,
        by_key={t.key: t.id for t in tickets.values()},
        contacts={CLAIRE: Contact(address=CLAIRE, organisation="Dupont SA", verified=True)},
        numbers=Numbers(next=numbers),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def write(
    text: str,
    facts: Facts | None = None,
    *,
    on: Ticket | None = None,
    sender: str = CLAIRE,
    journal_id: int = 1,
    workflow: Workflow = CART,
) -> Decision:
    """Return the decision for a mail, a new one or an answer on a ticket."""
    role = Role.AGENT if sender == ANA else Role.CONTACT
    written: ParsedMail = mail(
        text,
        sender=sender,
        message_id=f"<m{journal_id}@dupont.example>",
        intent=intent_of(text, "fr"),
        authentication=(AUTHENTIC,) if sender == ANA else (),
        received=(Received(by="mx.desk.example"),) if sender == ANA else (),
    )
    if on is not None:
        to = reply_address(KEYS, OUR, on.id, role, sender)
        written = replace(written, to=(Address(address=to),), recipients=(to,))
    incoming = Incoming(journal_id=journal_id, mail=written, envelope=ENVELOPE)
    known = facts or knowing()
    return decide(incoming, known, desk=DESK, workflow=workflow, keys=KEYS, now=NOW)


def told(decision: Decision) -> list[tuple[str, str]]:
    """Return which notices go to whom."""
    return [(notice.template, notice.to.address) for notice in decision.notices]


def states(decision: Decision) -> list[str]:
    """Return the states of the tickets that changed, in the order of their ids."""
    changes = sorted(decision.changes, key=lambda change: change.ticket.id)
    return [change.ticket.state for change in changes]
