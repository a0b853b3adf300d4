"""Business papers as PDFs: orders, quotes, signed quotes, invoices, scans, all invented.

Each builder returns the bytes of a file. The texts are what a customer's or our own program
prints, in one layout: heads, numbers, a table of lines, totals, small print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Row = tuple[str, str, str, str]
SELLER = ("Serrures du Nord SAS", "12 rue des Forges", "59000 Lille", "SIRET 123 456 789 00012")
BUYER = ("Banque Exemple", "4 place du Marché", "75011 Paris", "Tél. 01 23 45 67 89")
ROWS: tuple[Row, ...] = (("LECT-400", "Lecteur de badges, n° de série AX-99812", "1", "344,00"),)


def text_pdf(lines: Iterable[str], *, password: str = "") -> bytes:
    """Print lines on as many pages as they need. With a password the file is encrypted."""
    target = BytesIO()
    encrypt = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(target, pagesize=A4, encrypt=encrypt)
    height = A4[1] - 50
    for line in lines:
        if height < 50:
            canvas.showPage()
            height = A4[1] - 50
        canvas.setFont("Helvetica", 10)
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(50 + 130 * column, height, cell)
        height -= 15
    canvas.save()
    return target.getvalue()


def totals(net: str, vat: str, gross: str) -> list[str]:
    """Return the three total lines, amounts as they are to be printed."""
    return [f"Total HT\t{net} €", f"TVA 20 %\t{vat} €", f"Total TTC\t{gross} €"]


def quote_lines(
    number: str = "D-2026-118",
    *,
    dated: str = "02/11/2026",
    valid: str = "02/12/2026",
    rma: str = "RMA-2026-000412",
    rows: Sequence[Row] = ROWS,
    amounts: tuple[str, str, str] = ("344,00", "68,80", "412,80"),
) -> list[str]:
    """Return the text of our quote."""
    return [
        *SELLER,
        "",
        f"DEVIS N° {number}",
        f"Date : {dated}",
        f"Votre demande {rma}",
        *BUYER,
        "",
        "Référence\tDésignation\tQté\tPU HT",
        *("\t".join(row) for row in rows),
        "",
        *totals(*amounts),
        f"Devis valable jusqu'au {valid}",
        "Merci de joindre votre bon de commande à votre réponse.",
        "Bon pour accord, date, cachet et signature :",
    ]


def quote_pdf(number: str = "D-2026-118", **given: object) -> bytes:
    """Return our quote; the keywords are those of `quote_lines`."""
    return text_pdf(quote_lines(number, **given))  # type: ignore[arg-type]


def signed_quote_pdf(
    number: str = "D-2026-118", *, by: str = "Claire Martin", on: str = "05/11/2026"
) -> bytes:
    """Return our quote as it comes back, filled in and signed."""
    return text_pdf([*quote_lines(number), f"Bon pour accord, le {on}", by])


def order_lines(
    number: str = "4500123",
    *,
    quotes: Sequence[str] = ("D-2026-118",),
    dated: str = "06/11/2026",
    rows: Sequence[Row] = ROWS,
    amounts: tuple[str, str, str] = ("344,00", "68,80", "412,80"),
) -> list[str]:
    """Return the text of a customer's order."""
    return [
        *BUYER,
        "",
        f"BON DE COMMANDE N° {number}",
        f"Date : {dated}",
        "Fournisseur : Serrures du Nord SAS",
        f"Selon votre devis n° {', '.join(quotes)}" if quotes else "",
        "Adresse de facturation : 4 place du Marché, 75011 Paris",
        "Référence\tDésignation\tQté\tPU HT",
        *("\t".join(row) for row in rows),
        "",
        *totals(*amounts),
        "Bon pour accord, date, cachet et signature",
    ]


def order_pdf(number: str = "4500123", **given: object) -> bytes:
    """Return a customer's order; the keywords are those of `order_lines`."""
    return text_pdf(order_lines(number, **given))  # type: ignore[arg-type]


def order_on_quote_pdf(number: str = "4500123", quote: str = "D-2026-118") -> bytes:
    """Return an order printed over the whole layout of our quote (X-25)."""
    head = [*BUYER, f"BON DE COMMANDE N° {number}", "Date : 06/11/2026", ""]
    return text_pdf([*head, *quote_lines(quote)])


def invoice_pdf(number: str = "F-2026-0777", *, order: str = "4500123") -> bytes:
    """Return an invoice that names the order it bills."""
    head = [*SELLER, "", f"FACTURE N° {number}", "Date : 20/11/2026", f"Commande n° {order}"]
    return text_pdf([*head, *BUYER, *totals("344,00", "68,80", "412,80"), "Net à payer 412,80 €"])


def scan_pdf(words: str = "BON DE COMMANDE") -> bytes:
    """Return a page that is only a picture: no text layer."""
    picture = Image.new("L", (620, 877), 255)
    ImageDraw.Draw(picture).text((60, 60), words, fill=0)
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.save()
    return target.getvalue()


def encrypted_pdf() -> bytes:
    """Return an order that opens only with a password."""
    return text_pdf(order_lines(), password="geheim")


def columns_pdf() -> bytes:
    """Return an order drawn column by column, as table tools do: labels first, amounts after."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setFont("Helvetica", 10)
    labels = [
        "BON DE COMMANDE N° BC-77",
        "Votre devis D-2026-118",
        "Total HT",
        "TVA 20 %",
        "Total TTC",
    ]
    for row, label in enumerate(labels):
        canvas.drawString(50, 780 - 20 * row, label)
    for row, amount in enumerate(["343,17 €", "68,63 €", "411,80 €"], start=2):
        canvas.drawString(400, 780 - 20 * row, amount)
    canvas.save()
    return out.getvalue()
