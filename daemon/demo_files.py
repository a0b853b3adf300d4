"""The files of the demo's story: a photo of a nameplate, a quote, an order."""

from __future__ import annotations

from datetime import UTC, datetime

from daemon.rehearse_business import pdf
from daemon.rehearse_pictures import photo

SERIAL = "SN7740131"
_WORK = (
    "Référence\tDésignation\tQté\tMontant HT",
    "ETQ-220\tRemplacement tête\t1\t184,00",
    "",
    *("Total HT\t184,00 €", "TVA 20 %\t36,80 €", "Total TTC\t220,80 €"),
)


def nameplate() -> bytes:
    """Return a photo of the plate of the device, its serial number as a barcode."""
    return photo({"name": "plaque.jpg", "barcode": SERIAL}, datetime(2026, 11, 2, tzinfo=UTC)).data


def quote() -> bytes:
    """Return the quote as the desk sends it."""
    head = ("Atelier Boréal", "3 rue du Phare, 29200 Brest", "", "DEVIS N° D-2026-0451")
    about = ("Date : 04/11/2026", "Client : Épicerie Fontaine", "")
    return pdf([*head, *about, *_WORK, "", "Devis valable jusqu'au 04/12/2026"])


def order() -> bytes:
    """Return the order that answers it."""
    head = ("Épicerie Fontaine", "8 quai des Docks, 76600 Le Havre", "")
    about = (
        "BON DE COMMANDE N° BC-7731",
        "Date : 09/11/2026",
        "Fournisseur : Atelier Boréal",
        "Selon votre devis n° D-2026-0451",
        "",
    )
    return pdf([*head, *about, *_WORK])
