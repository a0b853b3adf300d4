"""The files of the demo's story: a photo of a nameplate, a quote, an order."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from daemon.rehearse_pictures import photo

SERIAL = "SN7740131"


def nameplate() -> bytes:
    """Return a photo of the plate of the device, its serial number as a barcode."""
    return photo({"name": "plaque.jpg", "barcode": SERIAL}, datetime(2026, 11, 2, tzinfo=UTC)).data


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


def quote() -> bytes:
    """Return the quote as the desk sends it."""
    head = ("Atelier Boréal", "3 rue du Phare, 29200 Brest", "", "DEVIS N° D-2026-0451")
    about = ("Date : 04/11/2026", "Client : Épicerie Fontaine", "")
    rows = (
        "Référence\tDésignation\tQté\tMontant HT",
        "ETQ-220\tRemplacement tête\t1\t184,00",
        "",
    )
    return _pdf((*head, *about, *rows, *_TOTALS, "", "Devis valable jusqu'au 04/12/2026"))


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
    rows = (
        "Référence\tDésignation\tQté\tMontant HT",
        "ETQ-220\tRemplacement tête\t1\t184,00",
        "",
    )
    return _pdf((*head, *about, *rows, *_TOTALS))
