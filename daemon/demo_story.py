"""The story `savd demo` plays: one return, from an incomplete mail to "shipped and closed".

Everybody in it is invented. A scene is what somebody writes, and what savd is expected to make
of it; `daemon.demo` sends the one and compares the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.demo_files import SERIAL, nameplate, order, quote
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
class File:
    """What goes with a mail: a PDF, unless said otherwise."""

    name: str
    draw: Callable[[], bytes]
    content_type: str = "application/pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One mail, and what must come of it.

    `answers` names the notice that is replied to, "" for a mail that begins something. `told`
    are the notices that must leave, in order, W_done (the receipt of an agent's command) aside;
    `state` is where the ticket must stand afterwards. `shows` are words of lines in a work item that
    are worth reading.
    """

    title: str
    at: datetime
    who: Person
    text: str
    state: str
    told: tuple[str, ...]
    subject: str = ""
    answers: str = ""
    file: File | None = None
    shows: tuple[str, ...] = ()
    is_automatic: bool = False


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HOME)


STORY = (
    Scene(
        title="A customer writes what comes to mind",
        at=_at(2, 9, 12),
        who=CLAIRE,
        subject="Imprimante en panne",
        text="Bonjour,\n\nNotre imprimante d'étiquettes ne sort plus que des pages blanches.\n"
        "Elle n'est plus sous garantie, pouvez-vous la réparer ?\n\nMerci d'avance,\nClaire Fontaine\n",
        state="to_complete",
        told=("N0",),
    ),
    Scene(
        title="She adds what was asked for, and a photo",
        at=_at(2, 10, 40),
        who=CLAIRE,
        answers="N0",
        text="Bonjour,\n\nRéférence : ETQ-220\nN° de série : SN7740113\n"
        "Adresse de réexpédition : 8 quai des Docks, 76600 Le Havre\n"
        "Je joins une photo de la plaque.\n\nClaire Fontaine\n",
        file=File(name="plaque.jpg", draw=nameplate, content_type="image/jpeg"),
        state="submitted",
        told=("N1", "W_new"),
        shows=("DIFFÉRENT du n° déclaré", f"#champ serie={SERIAL}"),
    ),
    Scene(
        title="An agent takes the number off the photo, and the request",
        at=_at(2, 14, 5),
        who=MARC,
        answers="W_new",
        text=f"#champ serie={SERIAL}\n#prendre\n",
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
        file=File(name="devis-D-2026-0451.pdf", draw=quote),
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
        file=File(name="BC-7731.pdf", draw=order),
        state="order_to_check",
        told=("N3c", "W_order"),
        shows=("Résultat", "conforme"),
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
        text=f"#recu serie={SERIAL}\n",
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
