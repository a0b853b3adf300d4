"""Papers that are no tables of prices: warranties, returns, agreements, terms, sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from . import signing
from .draft import Draft
from .sheet import LEFT, RIGHT
from .specs import table

FAULTS = {
    "fr": "ne s'allume plus, voyant rouge fixe",
    "nl": "start niet meer op, rood lampje",
    "de": "schaltet nicht mehr ein, rote LED",
    "en": "does not power up, red light",
}
SIGNERS = {"fr": "Hélène Marchand", "nl": "Pieter Dekker", "de": "Birgit Lang", "en": "Tom Ashby"}


def said(draft: Draft, what: str) -> str:
    """Return what a form says behind a label, or in its sentences."""
    paper = draft.paper
    first = paper.items[0] if paper.items else None
    values = {
        "product": first.description.split(",")[0] if first else "",
        "reference": first.reference if first else "",
        "serial": str(paper.extra.get("serial", "SN 26A-004417")),
        "bought": draft.day(paper.extra.get("bought", dt.date(2025, 3, 14))),
        "invoice": draft.joined(paper.invoices) if paper.invoices else "",
        "order": draft.joined(paper.orders) if paper.orders else "",
        "quote": draft.joined(paper.quotes) if paper.quotes else "",
        "buyer": paper.buyer.name,
        "fault": FAULTS[paper.language],
        "gross": draft.money(paper.gross),
    }
    return values.get(what, what)


def play(draft: Draft) -> None:
    """Print rows and paragraphs of the form."""
    sheet, paper = draft.sheet, draft.paper
    form = table("prose")[paper.form][paper.language]
    boxed = draft.seed("boxed") % 2 == 0 and paper.form not in SHEETS
    for label, what in form["rows"]:
        if boxed:
            sheet.box(LEFT, sheet.y, 165, 17, fill="#eef1f4")
            sheet.box(LEFT + 165, sheet.y, 330, 17)
        sheet.say(LEFT + 5, sheet.y + 12, label, 9)
        value = said(draft, what)
        if paper.form in SHEETS:
            sheet.say(RIGHT, sheet.y + 12, value, 9, align="right")
        else:
            sheet.say(LEFT + 172, sheet.y + 12, value, 9, bold=not boxed)
        sheet.y += 17
    sheet.y += 16
    given = {
        "seller": f"{paper.seller.name}, {paper.seller.street}, {paper.seller.city}",
        "town": paper.buyer.town,
        "date": draft.day(paper.dated),
        "signer": SIGNERS[paper.language],
    }
    for text in form["text"]:
        sheet.room(30)
        sheet.y = sheet.flow(LEFT, sheet.y, text.format(**given), RIGHT - LEFT, 9.5) + 8
    if paper.form == "agreement":
        signing.ink(draft, 330, sheet.y + 20)


def append_terms(draft: Draft) -> None:
    """Print the house's general terms on a page of their own, small, in two columns."""
    sheet = draft.sheet
    form = table("prose")["terms"][draft.paper.language]
    bought = table("prose")["terms_of_purchase"][draft.paper.language]
    form = bought if draft.paper.form == "order" else form
    sheet.turn()
    sheet.say(LEFT, sheet.y + 12, form["title"][0], 11, bold=True)
    top = sheet.y + 30
    for column in range(2):
        y = top
        for text in form["text"] * 3:
            y = sheet.flow(LEFT + 255 * column, y, text, 240, 6.5) + 4
    sheet.y = y


SHEETS = frozenset({"statement", "reminder"})
NAMES = (
    "warranty",
    "return_sheet",
    "agreement",
    "terms",
    "datasheet",
    "statement",
    "letter",
    "reminder",
)
FORMS: dict[str, Callable[[Draft], None]] = dict.fromkeys(NAMES, play)
