"""The table of positions: columns in any order, wrapped cells, rules, pages turned."""

from __future__ import annotations

from decimal import Decimal

from . import figures
from .draft import Draft
from .paper import Item
from .sheet import LEFT, RIGHT

WIDTHS = {
    "pos": 30, "ref": 78, "ean": 84, "qty": 44, "unit": 40, "price": 62, "discount": 44,
    "rate": 44, "amount": 70, "ordered": 44, "serial": 80,
}  # fmt: skip
RIGHT_COLUMNS = {"qty", "price", "discount", "rate", "amount", "ordered"}


def widths_of(columns: tuple[str, ...]) -> list[float]:
    """Return how wide each column is; the text takes what is left."""
    rest = RIGHT - LEFT - sum(WIDTHS.get(name, 0) for name in columns)
    return [WIDTHS.get(name, rest) for name in columns]


def cell(draft: Draft, name: str, item: Item, count: int) -> list[str]:
    """Return what a cell says, one entry per paragraph."""
    style, paper = draft.style, draft.paper
    sign = -1 if paper.form == "credit_note" and style.minus else 1
    pieces = draft.word("pieces")
    step = 10 if style.top == "sap" else 1
    quantity = figures.quantity(item.quantity, style.numbers, style.places)
    if "unit" not in style.columns and style.extra.get("pieces"):
        quantity += f" {pieces}"
    made = {
        "pos": lambda: [str(count * step).zfill(5 if step == 10 else 1)],
        "ref": lambda: [item.reference],
        "ean": lambda: [item.ean],
        "text": lambda: named(draft, item),
        "qty": lambda: [quantity],
        "ordered": lambda: [quantity],
        "unit": lambda: [pieces],
        "price": lambda: [draft.line_money(item.unit_price, style.price_places)],
        "discount": lambda: [draft.percent(item.discount) if item.discount else ""],
        "rate": lambda: [draft.percent(item.rate)],
        "amount": lambda: [draft.line_money(sign * item.net)],
        "serial": lambda: [item.note],
    }
    return made[name]()


def named(draft: Draft, item: Item) -> list[str]:
    """Return the description, with the reference where the program puts it."""
    note = [item.note] if item.note and "serial" not in draft.style.columns else []
    way = draft.style.naming
    if way == "bracket":
        return [f"[{item.reference}] {item.description}", *note]
    if way == "above":
        return [item.reference, item.description, *note]
    if way == "below":
        label = draft.word("ref")
        return [item.description, f"{label}: {item.reference}", *note]
    return [item.description, *note]


class Table:
    """Prints the positions of a draft from a height on."""

    def __init__(self, draft: Draft):
        self.draft = draft
        self.sheet = draft.sheet
        self.columns = draft.style.columns
        self.widths = widths_of(self.columns)
        self.lefts = [LEFT + sum(self.widths[:n]) for n in range(len(self.widths))]
        self.top = 0.0
        self.held: list[tuple[int, tuple, dict]] = []

    def put(self, column: int, y: float, text: str, *, bold: bool = False, size: float = 0):
        """Print into a column, or hold it back until the columns are printed one by one."""
        right = self.columns[column] in RIGHT_COLUMNS
        x = self.lefts[column] + (self.widths[column] - 3 if right else 3)
        given = {"bold": bold, "align": "right" if right else "left"}
        self.held.append((column, (x, y, text, size or self.draft.style.size), given))
        if self.draft.style.order == "rows":
            self.flush()

    def flush(self):
        for _, place, given in sorted(self.held, key=lambda one: one[0]):
            self.sheet.say(*place, **given)
        self.held = []

    def heads(self):
        """Print the row of column heads."""
        sheet, style = self.sheet, self.draft.style
        self.top = sheet.y
        heads = [self.sheet.wrap(self.head(n), self.widths[n] - 5, 7.8, bold=True)
                 for n in range(len(self.columns))]  # fmt: skip
        height = 9.5 * max(map(len, heads)) + 6
        if style.rules in {"grid", "zebra", "header"}:
            sheet.box(LEFT, sheet.y, RIGHT - LEFT, height, fill="#dfe5ec", line="")
        for n, lines in enumerate(heads):
            for count, line in enumerate(lines):
                self.put(n, sheet.y + 10.5 + 9.5 * count, line, bold=True, size=7.8)
        self.flush()
        sheet.y += height
        if style.rules != "none":
            sheet.rule(LEFT, RIGHT, sheet.y)

    def head(self, column: int) -> str:
        name = self.columns[column]
        text = self.draft.word(name)
        return text.upper() if self.draft.style.upper_heads else text

    def row(self, item: Item, count: int):
        """Print one position; long cells are wrapped."""
        sheet, style = self.sheet, self.draft.style
        cells = []
        for n, name in enumerate(self.columns):
            said = cell(self.draft, name, item, count)
            width = self.widths[n] - 6
            cells.append([line for text in said for line in sheet.wrap(text, width, style.size)])
        lead = style.size * 1.25
        height = lead * max(map(len, cells)) + 6
        if style.rules == "zebra" and count % 2 == 0:
            sheet.box(LEFT, sheet.y, RIGHT - LEFT, height, fill="#f3f5f8", line="")
        for n, lines in enumerate(cells):
            for line_count, line in enumerate(lines):
                self.put(n, sheet.y + lead + line_count * lead, line)
        sheet.y += height
        if style.rules in {"grid", "rows"}:
            sheet.rule(LEFT, RIGHT, sheet.y, 0.4, "#888888")

    def remark(self, text: str):
        """Print a row that is only text: a reference, the name of a part."""
        column = self.columns.index("text")
        size = self.draft.style.size
        for line in self.sheet.wrap(text, self.widths[column] - 6, size):
            self.put(column, self.sheet.y + size * 1.25, line, bold=True)
            self.sheet.y += size * 1.25
        self.sheet.y += 5

    def close(self):
        """Draw the upright lines of this page's part."""
        self.flush()
        if self.draft.style.rules == "grid":
            for x in (*self.lefts, RIGHT):
                self.sheet.upright(x, self.top, self.sheet.y, 0.4)
        if self.draft.style.rules == "header":
            self.sheet.rule(LEFT, RIGHT, self.sheet.y + 2)

    def carried(self, label: str, total: Decimal):
        """Print what is carried to or from another page."""
        if self.draft.style.carry and "amount" in self.columns:
            said = self.draft.word(label)
            self.sheet.say(self.lefts[-1] - 8, self.sheet.y + 12, said, 8.5, align="right")
            said = self.draft.line_money(total)
            self.sheet.say(RIGHT - 3, self.sheet.y + 12, said, 8.5, align="right")
            self.sheet.y += 18

    def play(self, limit: float = 690.0):
        """Print all positions, turning pages as needed."""
        self.heads()
        if self.draft.style.refs == "table":
            for row in self.draft.references():
                self.remark(self.draft.labelled(*row))
        total = Decimal(0)
        for count, item in enumerate(self.draft.paper.items, 1):
            if self.sheet.y > limit:
                self.close()
                self.carried("forward", total)
                self.sheet.turn()
                self.heads()
                self.carried("brought", total)
            section = self.draft.paper.extra.get("sections", {}).get(count)
            if section:
                self.remark(section)
            self.row(item, count)
            total += item.net
        self.close()
