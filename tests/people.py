"""Builders for desks, mails and tickets: valid by default, one argument per difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from handlers.desk import Agent, Contact, Desk, Team
from handlers.envelope import Envelope
from handlers.facts import Facts
from handlers.process.workflow import Workflow
from handlers.ticket import Participant, Role, Ticket
from handlers.token import KeyRing
from handlers.workflow_file import shipped
from parsers.mail import Address, ParsedMail, Segment, SegmentKind

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEYS = KeyRing(current="k1", keys={"k1": b"a" * 32, "k0": b"b" * 32})
RMA: Workflow = shipped("rma")
CLAIRE = "claire@dupont.example"
DESK = "rma@desk.example"


def desk(**changes: object) -> Desk:
    """Return a closed desk with three teams and one agent."""
    plain = Desk(
        name="rma",
        workflow="rma",
        addresses=(DESK,),
        title="SAV",
        teams=tuple(Team(name=n, addresses=(f"{n}@desk.example",)) for n in RMA.teams),
        agents=(Agent(address="ana@desk.example", name="Ana"),),
        authserv_id="mx.desk.example",
        border_host="mx.desk.example",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def mail(text: str = "Bonjour", *, sender: str = CLAIRE, **changes: object) -> ParsedMail:
    """Return a mail of a person, all of it new text."""
    plain = ParsedMail(
        message_id="<m1@dupont.example>",
        sender=Address(address=sender),
        sender_count=1,
        text=text,
        segments=(Segment(kind=SegmentKind.NEW, text=text),),
        language="fr",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def envelope(**changes: object) -> Envelope:
    """Return the envelope of a mail that came over LMTP to the desk."""
    plain = Envelope(reverse_path=CLAIRE, recipients=(DESK,), path="lmtp", received_at=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


def ticket(**changes: object) -> Ticket:
    """Return an open ticket of Claire's, waiting for her order."""
    plain = Ticket(
        id=7000,
        desk="rma",
        workflow="rma",
        key="RMA-2026-000007",
        draft_key="DEM-000007",
        state="quote_sent",
        opened_at=NOW,
        requested_at=NOW,
        state_since=NOW,
        changed_at=NOW,
        contact=CLAIRE,
        organisation="Dupont SA",
        participants=(Participant(address=CLAIRE, role=Role.CONTACT),),
        fields={"serial": "SN1234", "quote_number": "D-7", "quote_gross": "120.00"},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def facts(*tickets: Ticket, **changes: object) -> Facts:
    """Return what storage knows: Claire as contact, and these tickets by id and key."""
    plain = Facts(
        tickets={t.id: t for t in tickets},
        by_key={t.key: t.id for t in tickets},
        contacts={CLAIRE: Contact(address=CLAIRE, organisation="Dupont SA")},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
