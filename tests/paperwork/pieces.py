"""Pieces of the layouts that print a whole paper their own way: heads, rows, sums."""

from __future__ import annotations

from collections.abc import Sequence

from . import figures, sums
from .draft import SHORT, Draft
from .paper import House, Item
from .sheet import HEIGHT, WIDTH
from .tops import vat_printed

Columns = Sequence[tuple[str, float, str]]
"""Name of a cell, where it is printed, "left", "right" or "middle"."""


def lie(draft: Draft, width: float = HEIGHT, height: float = WIDTH) -> None:
    """Give the sheet another size: landscape, or a roll of paper."""
    canvas = draft.sheet.canvas
    canvas.setPageSize((width, height))
    canvas.translate(0, height - HEIGHT)


def price(draft: Draft, value) -> str:
    """Print a price of a line; with `whole` in extra without decimals where it has none."""
    whole = draft.style.extra.get("whole")
    if whole is not None and value == value.to_integral_value():
        return figures.number(value, draft.style.numbers, 0) + whole
    return draft.line_money(value)


def total(draft: Draft, value) -> str:
    """Print a sum the way prices are printed."""
    whole = draft.style.extra.get("whole")
    if whole is not None and value == value.to_integral_value():
        return figures.number(value, draft.style.numbers, 0) + whole
    return draft.money(value)


def quantity(draft: Draft, item: Item) -> str:
    return figures.quantity(item.quantity, draft.style.numbers, draft.style.places)


def cell(draft: Draft, name: str, item: Item, count: int) -> str:
    """Return what a cell says."""
    sign = -1 if draft.paper.form == "credit_note" and draft.style.minus else 1
    gross = sign * item.net * (100 + item.rate) / 100
    made = {
        "pos": lambda: str(count),
        "pos.": lambda: f"{count}.",
        "pos4": lambda: f"{count * 10:04d}",
        "pos1": lambda: f"1.{count}",
        "ref": lambda: item.reference,
        "text": lambda: item.description,
        "short": lambda: item.description.split(",")[0][:42],
        "qty": lambda: quantity(draft, item),
        "glued": lambda: quantity(draft, item) + draft.word("pieces"),
        "counted": lambda: f"{quantity(draft, item)} {draft.word('pieces')}",
        "unit": lambda: draft.word("pieces"),
        "per": lambda: f"1 {draft.word('pieces')}",
        "price": lambda: price(draft, item.unit_price),
        "discount": lambda: draft.percent(item.discount) if item.discount else "",
        "rate": lambda: draft.percent(item.rate),
        "amount": lambda: price(draft, sign * item.net),
        "gross": lambda: price(draft, gross.quantize(item.net)),
        "currency": lambda: draft.paper.currency,
        "due": lambda: draft.day(draft.paper.due),
        "zero": lambda: figures.number(item.quantity * 0, draft.style.numbers, draft.style.places),
        "note": lambda: item.note,
    }
    return made[name]()


def heads(draft: Draft, y: float, columns: Columns, size: float = 8.0) -> None:
    """Print the heads of columns; what the paper has no word for stays empty."""
    for name, x, align in columns:
        said = draft.paper.say.get(f"head_{name}")
        if said is None:
            said = draft.word(name) if name in _HEADED else ""
        first, _, second = said.partition("|")
        draft.sheet.say(x, y, first, size, bold=True, align=align)
        draft.sheet.say(x, y + size * 1.25, second, size, bold=True, align=align)


_HEADED = frozenset({"pos", "ref", "text", "qty", "unit", "price", "discount", "rate", "amount"})


def row(draft: Draft, y: float, columns: Columns, item: Item, count: int, size: float = 8.5):
    """Print the cells of one item on one line."""
    for name, x, align in columns:
        draft.sheet.say(x, y, cell(draft, name, item, count), size, align=align)


def listed(
    draft: Draft, y: float, columns: Columns, *, lead: float = 15.0, size: float = 8.5, rule=True
) -> float:
    """Print heads and one line for each item; return where the next line would stand."""
    sheet = draft.sheet
    left, right = min(x for _, x, _ in columns) - 2, max(x for _, x, _ in columns) + 4
    heads(draft, y, columns)
    two = any("|" in str(draft.paper.say.get(f"head_{name}", "")) for name, _, _ in columns)
    y += 14 if two else 4
    if rule:
        sheet.rule(left, right, y)
    for count, item in enumerate(draft.paper.items, 1):
        row(draft, y + 12, columns, item, count, size)
        y += lead
    if rule:
        sheet.rule(left, right, y + 4)
    return y + 20


def block(draft: Draft, y: float, left: float, right: float, size: float = 9.0) -> float:
    """Print the sums one below another; `right` is where the amounts end."""
    for label, amount, bold in sums.rows_of(draft):
        draft.sheet.say(left, y, label, size, bold=bold)
        draft.sheet.say(right, y, total(draft, amount), size, bold=bold, align="right")
        y += size * 1.5
    return y


def strip(draft: Draft, y: float, left: float, right: float) -> float:
    """Print the labels of the sums side by side, the amounts under them."""
    rows = sums.rows_of(draft)
    wide = (right - left) / len(rows)
    for count, (label, amount, bold) in enumerate(rows):
        x = left + wide * (count + 1) - 6
        draft.sheet.say(x, y, label, 7.5, align="right")
        draft.sheet.say(x, y + 13, total(draft, amount), 9.5, bold=bold, align="right")
    return y + 30


def pairs(draft: Draft) -> list[tuple[str, str]]:
    """Return the labels and values of a head: number, date, references, other days."""
    paper = draft.paper
    rows = [(draft.own(), paper.number), (draft.word("date"), draft.day(paper.dated))]
    return [*rows, *draft.references(), *draft.dates()]


def house(draft: Draft, one: House, *, numbers: bool = True) -> list[str]:
    """Return a house as lines of an address, with its telephone and tax number."""
    lines = [one.name, one.street, one.city]
    return [*lines, f"{draft.word('phone')} {one.phone}", vat_printed(one)] if numbers else lines


def named(draft: Draft) -> str:
    """Return "Bestellung Nr. 4711 vom 12.11.2026"."""
    short, of, _, _ = SHORT[draft.paper.language]
    said = f"{draft.title()} {short} {draft.paper.number}"
    return f"{said} {of} {draft.day(draft.paper.dated)}"


def bank(draft: Draft, y: float = 792.0, columns: int = 4) -> None:
    """Print a foot of columns: address, register, bank, numbers."""
    one, sheet = draft.paper.issuer, draft.sheet
    parts = [
        [one.name, one.street, one.city],
        [f"{draft.word('phone')} {one.phone}", one.mail, one.register],
        ["IBAN", one.iban, f"BIC EXMP{one.country}2X"],
        [vat_printed(one), f"SIRET {one.siret}" if one.siret else ""],
    ]
    for count, lines in enumerate(parts[:columns]):
        sheet.lines(50 + 128 * count, y, lines, 6, lead=1.3)


def end(draft: Draft, y: float, x: float = 50.0, width: float = 490.0) -> float:
    """Print what follows the sums."""
    return draft.sheet.flow(x, y, draft.word("closing", draft.paper.form), width, 8)
