"""A desk and a small workflow of our own, so that the golden notices change only with the notices."""

from datetime import UTC, datetime

from handlers.desk import Desk
from handlers.process.workflow import Workflow
from handlers.token import KeyRing

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KEYS = KeyRing(current="k1", keys={"k1": b"0123456789abcdef0123456789abcdef"})
DESK = Desk(
    name="rma",
    workflow="rma",
    addresses=("rma@desk.example",),
    title="SAV Exemple",
    phone="01 23 45 67 89",
    return_address=("SAV Exemple", "Quai de réception B", "12 rue des Œillets", "69007 Lyon"),
)


def choice(labels, **choices):
    return {
        "label": labels,
        "type": "choice",
        "choices": {name: {"label": label} for name, label in choices.items()},
    }


def kept(fr, en, kind="text"):
    return {"label": {"fr": fr, "en": en}, "type": kind, "form": False}


FIELDS = {
    "return_kind": choice(
        {"fr": "Nature du retour", "en": "Type of return"},
        warranty={"fr": "Sous garantie", "en": "Under warranty"},
        out_of_warranty={"fr": "Hors garantie", "en": "Out of warranty"},
    ),
    "action": choice(
        {"fr": "Action attendue", "en": "Expected action"},
        exchange={"fr": "Échange standard", "en": "Standard exchange"},
        repair={"fr": "Réparation", "en": "Repair"},
    ),
    "reference": {"label": {"fr": "Référence", "en": "Product reference"}},
    "serial": {"label": {"fr": "N° de série", "en": "Serial number"}, "type": "serial"},
    "purchase_proof": {"label": {"fr": "Date d’achat / n° facture", "en": "Date of purchase"}},
    "company": {"label": {"fr": "Société", "en": "Company"}},
    "return_address": {
        "label": {"fr": "Adresse de réexpédition", "en": "Address to ship back to"},
        "type": "long",
    },
    "contact": {"label": {"fr": "Contact", "en": "Contact"}, "type": "address"},
    "description": {"label": {"fr": "Description", "en": "Description"}, "type": "long"},
    "received_on": kept("Reçu le", "Received on", "date"),
    "material_wish": choice(
        {"fr": "Sort du matériel", "en": "What becomes of the equipment"},
        return_as_is={"fr": "Retour en l’état", "en": "Return as it is"},
        destruction={"fr": "Destruction", "en": "Destruction"},
    )
    | {"form": False},
    "quote_number": kept("N° de devis", "Quote no."),
    "quote_net": kept("Montant HT", "Net amount", "amount"),
    "quote_gross": kept("Montant TTC", "Gross amount", "amount"),
    "quote_valid_until": kept("Valable jusqu’au", "Valid until", "date"),
}
STATES = {
    "to_complete": ("À compléter", "To be completed", "customer"),
    "submitted": ("Prise en compte", "Registered", "desk"),
    "in_study": ("En étude", "Being studied", "desk"),
    "quote_due": ("Devis en préparation", "Quote in preparation", "desk"),
    "quote_sent": (
        "Devis disponible – en attente de votre commande",
        "Quote available",
        "customer",
    ),
    "order_to_check": ("Commande reçue – en vérification", "Order being checked", "desk"),
    "awaiting_material": (
        "Retour autorisé – en attente du matériel",
        "Return authorised",
        "customer",
    ),
    "exchange_preparation": ("Matériel d’échange en préparation", "Replacement prepared", "desk"),
    "material_received": ("Matériel reçu", "Equipment received", "desk"),
    "in_progress": ("En traitement", "In progress", "desk"),
    "closed": ("Expédiée et clôturée", "Shipped and closed", "nobody"),
    "refused": ("Refusée", "Refused", "nobody"),
    "cancelled": ("Annulée", "Cancelled", "nobody"),
    "expired": ("Expirée", "Expired", "nobody"),
}
WORKFLOW = Workflow.model_validate(
    {
        "workflow": "rma",
        "label": {"fr": "Retours et réparations", "en": "Returns and repairs"},
        "keys": {"draft": "DEM", "final": "RMA"},
        "languages": ["fr", "en", "nl", "de"],
        "reentry": "in_study",
        "recap": [
            "reference",
            "serial",
            "quote_number",
            "quote_valid_until",
            "carrier",
            "tracking",
        ],
        "states": {
            code: {"label": {"fr": fr, "en": en}, "waits_for": turn}
            for code, (fr, en, turn) in STATES.items()
        },
        "fields": FIELDS,
        "documents": {
            "order": {"fr": "Bon de commande", "en": "Purchase order"},
            "quote": {"fr": "Devis", "en": "Quote"},
            "photo": {"fr": "Photo", "en": "Photo"},
        },
        "teams": {"after_sales": {"fr": "Service après-vente", "en": "After-sales"}},
        "commands": {},
        "transitions": [],
        "timers": {
            "T-incomplet-fin": {"states": ["to_complete"], "after": ["21d"]},
            "T-retour-fin": {"states": ["awaiting_material"], "after": ["30d"]},
        },
        "notices": {},
    }
)
