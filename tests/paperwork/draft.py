"""A paper on its way to a sheet: its words, numbers and references as its program prints them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import figures
from .paper import Paper
from .sheet import Sheet
from .specs import table

SHORT = {
    "fr": ("N°", "du", "Page", "sur"),
    "nl": ("nr.", "van", "Pagina", "van"),
    "de": ("Nr.", "vom", "Seite", "von"),
    "en": ("No.", "dated", "Page", "of"),
}
PRICED = frozenset({"order", "quote", "invoice", "credit_note", "acknowledgement", "proforma"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """The habits of a program, see layouts.yaml."""

    top: str
    columns: tuple[str, ...]
    totals: str = "block"
    foot: str = "line"
    font: str = "helvetica"
    colour: str = "#1f3a5f"
    numbers: str = "nbsp"
    dates: str = "slash"
    money: str = "sign-behind"
    lines_money: str = "none"
    rules: str = "header"
    naming: str = "plain"
    refs: str = "meta"
    order: str = "rows"
    size: float = 8.5
    places: int = 0
    price_places: int = 2
    carry: bool = False
    spaced: float = 0.0
    intro: bool = True
    ids_of_receiver: bool = False
    colon: str = " :"
    minus: bool = True
    atoms: str = "lines"
    upper_heads: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def style_of(paper: Paper) -> Style:
    """Return the paper's layout, with what the paper changes in it."""
    given = dict(table("layouts")[paper.style]) | paper.extra.get("with", {})
    given["columns"] = tuple(columns_for(paper, tuple(given["columns"])))
    return Style(**given)


def columns_for(paper: Paper, columns: tuple[str, ...]) -> list[str]:
    """Leave out prices where the form has none, and a discount column nobody needs."""
    without = set() if paper.form in PRICED else {"price", "discount", "rate", "amount"}
    if not any(item.discount for item in paper.items):
        without.add("discount")
    return [name for name in columns if name not in without]


class Draft:
    """A paper, its style and the sheet it is printed on."""

    def __init__(self, paper: Paper, style: Style, pages: int = 1):
        self.paper = paper
        self.style = style
        self.sheet = Sheet(style.font, style.colour, pages)

    def seed(self, what: str) -> int:
        """Return a number that hangs on the file and on what it is for."""
        return zlib.crc32(f"{self.paper.file}/{self.paper.style}/{what}".encode())

    def word(self, concept: str, form: str = "") -> str:
        """Return what this program says for a concept; the paper may say it its own way."""
        said = self.paper.say.get(concept)
        if said is not None:
            return said
        prose = table("prose").get(form, {}).get(self.paper.language)
        if prose and concept in prose:
            return prose[concept][self.seed(concept) % len(prose[concept])]
        words = table(f"words_{self.paper.language}")[concept]
        words = words[form] if form else words
        return words[self.seed(concept) % len(words)]

    def title(self) -> str:
        return self.word("title", self.paper.form)

    def own(self) -> str:
        return self.word("own", self.paper.form)

    def day(self, when) -> str:
        return figures.day(when, self.style.dates, self.paper.language)

    def money(self, value: Decimal) -> str:
        return figures.money(value, self.style.numbers, self.paper.currency, self.style.money)

    def line_money(self, value: Decimal, places: int = 2) -> str:
        if self.style.lines_money == "none":
            return figures.number(value, self.style.numbers, places)
        where = self.style.lines_money
        return figures.money(value, self.style.numbers, self.paper.currency, where)

    def percent(self, rate: Decimal) -> str:
        rate = rate.normalize()
        places = max(0, -int(rate.as_tuple().exponent))
        gap = "" if self.paper.language == "en" else " "
        return f"{figures.number(rate, self.style.numbers, places)}{gap}%"

    def labelled(self, label: str, value: str) -> str:
        return f"{label}{self.style.colon} {value}"

    def references(self) -> list[tuple[str, str]]:
        """Return labels and values of what the paper refers to."""
        paper = self.paper
        found = []
        many = "quotes_ref" if len(paper.quotes) > 1 else "quote_ref"
        for label, numbers in (
            (many, paper.quotes),
            ("order_ref", paper.orders),
            ("invoice_ref", paper.invoices),
            ("delivery_ref", paper.deliveries),
            ("rma_ref", paper.rma_numbers),
        ):
            if numbers:
                shown = paper.say.get(f"{label.split('_')[0].rstrip('s')}_shown")
                found.append((self.word(label), shown or self.joined(numbers)))
        return found

    def joined(self, numbers: tuple[str, ...]) -> str:
        """Join several numbers as people do: commas, slashes, and the word for and."""
        last = {"fr": " et ", "nl": " en ", "de": " und ", "en": " and "}[self.paper.language]
        last = self.paper.say.get("and", last)
        return last.join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))

    def noise(self) -> list[tuple[str, str]]:
        """Return what else a program prints in its head: accounts, people, terms."""
        paper, seed = self.paper, self.seed("noise")
        ordered = paper.form == "order"
        account = self.word("supplier" if ordered else "customer")
        rows = [(account, f"{'F' if ordered else ''}{10000 + seed % 89999}")]
        people = ("M. Delaunay", "S. Vermeer", "K. Brandt", "J. Whitfield", "Mme Roche")
        contact = "buyer_contact" if ordered else "contact"
        rows.append((self.word(contact), people[seed % len(people)]))
        if paper.form in {"invoice", "order", "proforma"}:
            rows.append((self.word("terms"), self.word("terms_value")))
        return rows

    def dates(self) -> list[tuple[str, str]]:
        """Return the dates beside the paper's own: validity, due date."""
        paper = self.paper
        rows = []
        if paper.valid_until:
            rows.append((self.word("valid"), self.day(paper.valid_until)))
        if paper.due:
            label = "deliver" if paper.form in {"order", "acknowledgement"} else "due"
            rows.append((self.word(label), self.day(paper.due)))
        return rows

    def meta(self) -> list[tuple[str, str]]:
        """Return all rows of the head, the paper's number and date first."""
        rows = [(self.own(), self.paper.number), (self.word("date"), self.day(self.paper.dated))]
        if self.style.refs == "meta":
            rows += self.references()
        return rows + self.dates() + self.noise()

    def titled(self) -> str:
        """Return title, number and date in one line."""
        short, of, _, _ = SHORT[self.paper.language]
        text = f"{self.title()} {short} {self.paper.number}"
        return f"{text} {of} {self.day(self.paper.dated)}" if self.paper.dated else text
