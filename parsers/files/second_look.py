"""A second look at a paper whose positions or totals the first did not find, by pdfplumber.

It finds words another way (pdfminer's layout instead of PDFium's) and costs forty times as much, so it
is asked only for priced papers that would otherwise stay without an amount or a position.
"""

from __future__ import annotations

import io

import pdfplumber
from pdfplumber.page import Page as Sheet

from parsers.business import BusinessDocument, DocumentKind
from parsers.files.layout import Page
from parsers.files.page_shape import shaped
from parsers.files.rows import Word

PAGES = 4
WORDS = 4_000
PRICED = (DocumentKind.ORDER, DocumentKind.QUOTE, DocumentKind.SIGNED_QUOTE, DocumentKind.INVOICE)


def wants_second_look(paper: BusinessDocument) -> bool:
    """Tell whether something that a priced paper should say was not found."""
    lacks = not paper.positions or paper.gross_cents is None
    return paper.kind in PRICED and lacks


def pages_of_second_look(data: bytes, visible: str) -> tuple[Page, ...]:
    """Return the first pages with their words, () when the file stops this reader.

    Only words of the `visible` text count: this reader does not know what is hidden from the eye.
    """
    seen = "".join(visible.split())
    try:
        with pdfplumber.open(io.BytesIO(data)) as paper:
            return tuple(_page(sheet, seen) for sheet in paper.pages[:PAGES])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pdfminer raises whatever it stumbles over in a broken file
        return ()


def _page(sheet: Sheet, seen: str) -> Page:
    words = tuple(
        Word(
            text=one["text"],
            left=float(one["x0"]),
            top=float(one["top"]),
            right=float(one["x1"]),
            bottom=float(one["bottom"]),
        )
        for one in sheet.extract_words()[:WORDS]
        if one["text"] in seen
    )
    return Page(
        number=sheet.page_number,
        width=float(sheet.width),
        height=float(sheet.height),
        rows=shaped(words),
    )


def better_of(first: BusinessDocument, second: BusinessDocument) -> BusinessDocument:
    """Return the reading that found more of totals and positions; the first when they are even."""
    return second if _found(second) > _found(first) else first


def _found(paper: BusinessDocument) -> int:
    amounts = (paper.net_cents, paper.tax_cents, paper.gross_cents)
    return (
        sum(one is not None for one in amounts)
        + (2 if paper.positions else 0)
        + bool(paper.number)
        - len(paper.doubts)
    )
