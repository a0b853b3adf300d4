"""The story `savd demo` plays: one return, from an incomplete mail to "shipped and closed".

Everybody in it is invented. A scene is what somebody writes, and what savd is expected to make
of it; `daemon.demo` sends the one and compares the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from handlers.desk import Contact

HOME = ZoneInfo("Europe/Paris")
DOMAIN = "atelier-boreal.example"

ADDRESS = f"rma@{DOMAIN}"
TITLE = "Atelier Boréal"
BORDER = f"mx.{DOMAIN}"

CONFIGURATION = f"""\
[database]
url = "sqlite:///demo.sqlite3"

[relay]
port = {{relay_port}}
hello = "{BORDER}"

[[listen]]
port = 0
hostname = "{BORDER}"

[desks.rma]
addresses = ["{ADDRESS}"]
title = "{TITLE}"
phone = "02 55 50 10 20"
return_address = ["{TITLE} – Retours", "3 rue du Phare", "29200 Brest"]
authserv_id = "{BORDER}"
border_host = "{BORDER}"
agents = [{{{{address = "marc@{DOMAIN}", name = "Marc"}}}}]

[desks.rma.teams]
after_sales = {{{{addresses = ["sav@{DOMAIN}"]}}}}
sales = {{{{addresses = ["ventes@{DOMAIN}"]}}}}
logistics = {{{{addresses = ["logistique@{DOMAIN}"]}}}}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who writes."""

    name: str
    address: str


CLAIRE = Person(name="Claire Fontaine", address="claire@epicerie-fontaine.example")
MARC = Person(name="Marc", address=f"marc@{DOMAIN}")
CONTACT = Contact(address=CLAIRE.address, name=CLAIRE.name, organisation="Épicerie Fontaine")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A PDF that goes with a mail."""

    filename: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One mail, and what must come of it.

    `answers` names the notice that is replied to, "" for a mail that begins something. `told`
    are the notices that must leave, in order, W_done (the receipt of an agent's command) aside;
    `state` is where the ticket must stand afterwards.
    """

    title: str
    at: datetime
    who: Person
    text: str
    state: str
    told: tuple[str, ...]
    subject: str = ""
    answers: str = ""
    paper: Paper | None = None
    is_automatic: bool = False


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HOME)


def _pdf(lines: tuple[str, ...]) -> bytes:
    """Print lines on a page; a tab goes to the next column."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    height = A4[1] - 60
    for line in lines:
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(60 + 120 * column, height, cell)
        height -= 18
    canvas.save()
    return target.getvalue()


_TOTALS = ("Total HT\t184,00 €", "TVA 20 %\t36,80 €", "Total TTC\t220,80 €")


def _quote() -> bytes:
    head = ("Atelier Boréal", "3 rue du Phare, 29200 Brest", "", "DEVIS N° D-2026-0451")
    about = ("Date : 04/11/2026", "Client : Épicerie Fontaine", "")
    rows = (
        "Référence\tDésignation\tQté\tMontant HT",
        "ETQ-220\tRemplacement tête\t1\t184,00",
        "",
    )
    return _pdf((*head, *about, *rows, *_TOTALS, "", "Devis valable jusqu'au 04/12/2026"))


def _order() -> bytes:
    head = ("Épicerie Fontaine", "8 quai des Docks, 76600 Le Havre", "")
    about = (
        "BON DE COMMANDE N° BC-7731",
        "Date : 09/11/2026",
        "Fournisseur : Atelier Boréal",
        "Selon votre devis n° D-2026-0451",
        "",
    )
    rows = (
        "Référence\tDésignation\tQté\tMontant HT",
        "ETQ-220\tRemplacement tête\t1\t184,00",
        "",
    )
    return _pdf((*head, *about, *rows, *_TOTALS))


STORY = (
    Scene(
        title="A customer writes what comes to mind",
        at=_at(2, 9, 12),
        who=CLAIRE,
        subject="Imprimante en panne",
        text="Bonjour,\n\nNotre imprimante d'étiquettes ne sort plus que des pages blanches.\n"
        "Son numéro de série est SN7740131. Elle n'est plus sous garantie,\n"
        "pouvez-vous la réparer ?\n\nMerci d'avance,\nClaire Fontaine\n",
        state="to_complete",
        told=("N0",),
    ),
    Scene(
        title="She adds what was asked for, by reply",
        at=_at(2, 10, 40),
        who=CLAIRE,
        answers="N0",
        text="Bonjour,\n\nRéférence : ETQ-220\n"
        "Adresse de réexpédition : 8 quai des Docks, 76600 Le Havre\n\nClaire Fontaine\n",
        state="submitted",
        told=("N1", "W_new"),
    ),
    Scene(
        title="An agent takes the request, by reply to the work item",
        at=_at(2, 14, 5),
        who=MARC,
        answers="W_new",
        text="#prendre\n",
        state="quote_due",
        told=("W_quote_due",),
    ),
    Scene(
        title="The customer wants to know where things stand",
        at=_at(4, 11, 20),
        who=CLAIRE,
        answers="N1",
        text="Bonjour,\n\nOù en est ma demande ?\n\nClaire Fontaine\n",
        state="quote_due",
        told=("N_status",),
    ),
    Scene(
        title="The agent sends the quote",
        at=_at(4, 16, 30),
        who=MARC,
        answers="W_quote_due",
        text="#devis numero=D-2026-0451 ht=184,00\n",
        paper=Paper(filename="devis-D-2026-0451.pdf", draw=_quote),
        state="quote_sent",
        told=("N3",),
    ),
    Scene(
        title="A machine answers; nobody answers the machine",
        at=_at(4, 16, 31),
        who=CLAIRE,
        answers="N3",
        is_automatic=True,
        text="Je suis absente jusqu'au 9 novembre et lirai votre message à mon retour.\n",
        state="quote_sent",
        told=("W_absence",),
    ),
    Scene(
        title="The order comes back, by reply to the quote",
        at=_at(9, 9, 30),
        who=CLAIRE,
        answers="N3",
        text="Bonjour,\n\nVous trouverez ci-joint notre bon de commande.\n\nClaire Fontaine\n",
        paper=Paper(filename="BC-7731.pdf", draw=_order),
        state="order_to_check",
        told=("N3c", "W_order"),
    ),
    Scene(
        title="The agent approves it; the return sheet leaves",
        at=_at(9, 10, 15),
        who=MARC,
        answers="W_order",
        text="#commande ok\n",
        state="awaiting_material",
        told=("N4r",),
    ),
    Scene(
        title="The parcel is here",
        at=_at(12, 8, 50),
        who=MARC,
        answers="W_order",
        text="#recu serie=SN7740131\n",
        state="material_received",
        told=("N5", "W_received"),
    ),
    Scene(
        title="Repaired, shipped, closed",
        at=_at(17, 15, 40),
        who=MARC,
        answers="W_received",
        text="#expedie transporteur=Chronopost suivi=XK4471903FR\n",
        state="closed",
        told=("N6",),
    ),
)
