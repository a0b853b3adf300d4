"""A paper is told by its content, and never is a quote or an invoice taken for an order (X-25)."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
import yaml

from parsers.business import Confidence, DocumentKind
from parsers.files.kind import PaperKind, kind_of_name, kind_of_paper
from parsers.files.layout import Page
from parsers.files.rows import Row, Word

FILE = Path(__file__).with_name("paper_kinds.yaml")
DATA = yaml.safe_load(FILE.read_text("utf-8"))
CASES = DATA["cases"]
LEFT, COLUMN, TOP = 50.0, 130.0, 40.0
CELL = re.compile(r"^(?:@(\d+))? ?(.*)$")


def expand(text: str) -> list[str]:
    """Put the blocks in the place of their names."""
    lines: list[str] = []
    for line in text.splitlines():
        block = DATA["blocks"].get(line[1:]) if line.startswith("*") else None
        lines.extend(expand(block) if block is not None else [line])
    return lines


def extent(word: str) -> tuple[float, float]:
    """Return how far the first and last letter of a word rise and fall, as PDFium boxes them."""
    ends = word[0] + word[-1]
    high = 0.53 if all(end in "acegmnopqrsuvwxyz" for end in ends) else 0.72
    return high, 0.21 if any(end in "gjpqy" for end in ends) else 0.0


def words_of(line: str, size: float, top: float) -> list[Word]:
    """Set one row: letters half as wide as high, capitals 0.72 of the size."""
    words: list[Word] = []
    for column, written in enumerate(line.split("\t")):
        at, text = CELL.match(written).groups()
        left = float(at) if at else LEFT + COLUMN * column
        for word in text.split():
            right = left + 0.5 * size * len(word)
            high, low = extent(word)
            base = top + 0.72 * size
            words.append(
                Word(
                    text=word,
                    left=left,
                    top=base - high * size,
                    right=right,
                    bottom=base + low * size,
                )
            )
            left = right + 0.28 * size
    return sorted(words, key=lambda word: word.left)


def page_of(lines: list[str], number: int) -> Page:
    """Set a page of A4."""
    rows, top = [], TOP
    for line in lines:
        sized = re.match(r"\[(\d+)\]", line)
        size = float(sized[1]) if sized else 10.0
        words = words_of(line[sized.end() :] if sized else line, size, top)
        rows += [Row(words=tuple(words))] if words else []
        top += 1.5 * size
    return Page(number=number, width=595.0, height=842.0, rows=tuple(rows))


def pages_of(text: str) -> tuple[Page, ...]:
    """Set the pages of a case."""
    pages: list[list[str]] = [[]]
    for line in expand(text):
        if line == "====":
            pages.append([])
        else:
            pages[-1].append(line)
    return tuple(page_of(lines, number) for number, lines in enumerate(pages, start=1))


def told(case: dict[str, object]) -> PaperKind:
    signs = tuple(case.get("signs", ()))
    typed = tuple(case.get("typed", ()))
    return kind_of_paper(pages_of(case["text"]), signs=signs, typed=typed)


def wrong(case: dict[str, object], found: PaperKind) -> str:
    """Say what is wrong with an answer, "" when it is right."""
    unsure = found.confidence is Confidence.UNSURE
    if found.kind.value not in (case["kind"], *case.get("may", ())):
        return f"{found.kind.value} ({found.confidence.value}) is not {case['kind']}"
    if case.get("unsure") == "must" and not unsure:
        return f"{found.kind.value} is {found.confidence.value}, must be unsure"
    if case.get("unsure") == "never" and unsure:
        return f"{found.kind.value} is unsure"
    return ""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_paper_is_told_by_what_is_printed_on_it(case: dict[str, object]) -> None:
    found = told(case)
    assert not wrong(case, found), "\n".join(found.reasons)
    assert found.reasons


def test_no_other_paper_is_taken_for_an_order() -> None:
    """The hard demand: a quote or an invoice must never start a repair."""
    others = [one for one in CASES if "order" not in (one["kind"], *one.get("may", ()))]
    taken = [one["name"] for one in others if told(one).kind is DocumentKind.ORDER]
    assert taken == []


CITED = (
    "BON DE COMMANDE N° 4500123",
    "Commande n° 4500123 du 06/11/2026",
    "Votre commande\t4500123",
    "PURCHASE ORDER: PO-88123",
    "Ihre Bestellung 4711",
    "Bestelbon nr. 20261104",
)


@pytest.mark.parametrize("kind", ["invoice", "credit_note", "delivery_note", "return_sheet"])
def test_no_seller_s_paper_that_cites_an_order_is_surely_one(kind: str) -> None:
    """Wherever the order is named, and however large."""
    for case in (case for case in CASES if case["kind"] == kind):
        lines = expand(case["text"].partition("\n====")[0])
        for cited, size, row in product(CITED, (10, 16), (0, 4)):
            page = page_of([*lines[:row], f"[{size}]{cited}", *lines[row:]], 1)
            found = kind_of_paper((page,))
            sure = found.confidence is not Confidence.UNSURE
            assert not (sure and found.kind is DocumentKind.ORDER), (case["name"], cited)


def test_a_reason_names_the_page_and_the_line() -> None:
    found = told(named("fr order from a town hall"))
    assert "page 1: title BON DE COMMANDE" in found.reasons
    assert found.title is not None
    assert (found.title.page, found.title.line) == (1, "BON DE COMMANDE")
    assert found.title.box[0] == 330.0


def test_two_papers_in_a_file_are_told_and_the_first_decides() -> None:
    found = told(named("fr invoice followed by a delivery note"))
    assert found.kind is DocumentKind.INVOICE
    assert "page 2 begins another paper (delivery note), the first page decides" in found.reasons


def test_the_words_that_sign_are_named() -> None:
    found = told(named("fr quote signed with date and name"))
    assert found.signs == ("words: bon pour accord",)
    assert told(named("fr our quote with an empty box")).signs == ()


@pytest.mark.parametrize("text", ["", "x", "–", "\0", "DEVIS", "devis" * 99, "1.", "É", "\u0301"])
def test_odd_words_and_empty_pages_raise_nothing(text: str) -> None:
    """A broken file has pages without a size, rows without words, words without a box."""
    flat = Word(text=text, left=0.0, top=0.0, right=0.0, bottom=0.0)
    rows = (Row(words=()), Row(words=(flat,)), Row(words=(flat, flat, flat, flat)))
    pages = (Page(number=1, width=0, height=0), Page(number=2, width=0, height=0, rows=rows))
    found = kind_of_paper(pages, signs=("ink",), typed=(text,))
    assert isinstance(found, PaperKind)


def named(name: str) -> dict[str, object]:
    return next(case for case in CASES if case["name"] == name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BC_4500123.pdf", DocumentKind.ORDER),
        ("bon de commande signé.pdf", DocumentKind.ORDER),
        ("PO88123.pdf", DocumentKind.ORDER),
        ("Bestellung.pdf", DocumentKind.ORDER),
        ("Devis signé D-2026-118.pdf", DocumentKind.SIGNED_QUOTE),
        ("Devis D-2026-118.pdf", DocumentKind.QUOTE),
        ("Facture commande 4500123.pdf", DocumentKind.INVOICE),
        ("Auftragsbestätigung Bestellung 4711.pdf", DocumentKind.OTHER),
        ("Lieferschein 4711.pdf", DocumentKind.DELIVERY_NOTE),
        ("Garantieschein.pdf", DocumentKind.WARRANTY),
        ("scan0001.pdf", DocumentKind.OTHER),
        ("report.pdf", DocumentKind.OTHER),
        ("", DocumentKind.OTHER),
    ],
)
def test_a_file_name_is_a_hint(name: str, kind: DocumentKind) -> None:
    assert kind_of_name(name) is kind
