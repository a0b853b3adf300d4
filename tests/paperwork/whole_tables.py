"""Layouts with tables that few programs print: order of columns, two lines a row, odd heads."""

from __future__ import annotations

from . import pieces as p
from .draft import Draft
from .sheet import LEFT, RIGHT
from .sums import rows_of


def purchasing(draft: Draft) -> None:
    """A host's purchase order: a head of two lines, article first, figures on the line below."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 48, p.house(draft, paper.issuer, numbers=False), 9, bold_first=True)
    sheet.lines(LEFT, 120, p.house(draft, paper.receiver, numbers=False), 10)
    sheet.say(320, 60, draft.title(), 14, bold=True)
    y = 80.0
    for label, value in p.pairs(draft):
        sheet.say(320, y, label, 8)
        sheet.say(320, y + 10, value, 9, bold=True)
        y += 25
    y = max(y, 200) + 10
    first = (("pos", 50, "left"), ("ref", 90, "left"), ("text", 190, "left"))
    second = (("qty", 130, "right"), ("unit", 150, "left"), ("price", 300, "right"),
              ("per", 330, "left"), ("amount", 540, "right"))  # fmt: skip
    p.heads(draft, y, first)
    p.heads(draft, y + 11, second)
    sheet.rule(LEFT, RIGHT, y + 16)
    y += 30
    for count, item in enumerate(paper.items, 1):
        p.row(draft, y, (("pos4", 50, "left"), *first[1:]), item, count)
        p.row(draft, y + 12, second, item, count)
        y += 32
    sheet.rule(LEFT, RIGHT, y - 12)
    y = p.block(draft, y + 4, 250, 540)
    p.end(draft, y + 14)
    p.bank(draft)


def backwards(draft: Draft) -> None:
    """A table that begins with the amount and ends with the article."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(RIGHT, 50, paper.issuer.name, 13, bold=True, align="right")
    sheet.lines(RIGHT, 64, p.house(draft, paper.issuer)[1:], 8, align="right")
    sheet.lines(LEFT, 130, p.house(draft, paper.receiver, numbers=False), 10)
    sheet.say(LEFT, 200, p.named(draft), 13, bold=True)
    y = 222.0
    for label, value in [*draft.references(), *draft.dates()]:
        sheet.say(LEFT, y, draft.labelled(label, value), 9)
        y += 13
    y = p.listed(draft, y + 14, (("amount", 100, "right"), ("price", 160, "right"),
                 ("qty", 200, "right"), ("text", 215, "left"), ("ref", 470, "left")))  # fmt: skip
    y = p.block(draft, y, 320, 500)
    p.end(draft, y + 16)


def wide(draft: Draft) -> None:
    """Landscape with many columns: a day for each line, currency and tax in cells of their own."""
    p.lie(draft)
    sheet, paper = draft.sheet, draft.paper
    sheet.say(40, 45, draft.title(), 17, bold=True)
    sheet.lines(560, 40, p.house(draft, paper.issuer), 8, bold_first=True)
    sheet.say(40, 75, draft.word("bill_to" if paper.form != "order" else "seller"), 7)
    sheet.lines(40, 88, p.house(draft, paper.receiver, numbers=False), 10)
    y = 75.0
    for label, value in p.pairs(draft):
        sheet.say(300, y, label, 8.5)
        sheet.say(410, y, value, 8.5, bold=True)
        y += 13
    y = p.listed(draft, max(y, 140) + 16, (
        ("pos", 42, "left"), ("ref", 70, "left"), ("text", 165, "left"), ("due", 455, "left"),
        ("qty", 545, "right"), ("unit", 552, "left"), ("price", 640, "right"),
        ("rate", 690, "right"), ("currency", 705, "left"), ("amount", 800, "right")))  # fmt: skip
    y = p.block(draft, y, 560, 800)
    p.end(draft, y + 10, 42, 500)


def costed(draft: Draft) -> None:
    """List price, discount, net price: three prices a row, heads of two lines."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(297, 46, paper.issuer.name, 14, bold=True, align="middle")
    sheet.say(297, 58, " - ".join(p.house(draft, paper.issuer)[1:]), 7, align="middle")
    sheet.lines(330, 110, p.house(draft, paper.receiver, numbers=False), 10)
    sheet.say(LEFT, 110, draft.title(), 15, bold=True)
    y = 128.0
    for label, value in p.pairs(draft):
        sheet.say(LEFT, y, f"{label} : {value}", 8.5)
        y += 12
    y = max(y, 170) + 20
    columns = (("ref", 50, "left"), ("short", 130, "left"), ("qty", 340, "right"),
               ("price", 400, "right"), ("discount", 445, "right"), ("amount", 540, "right"))  # fmt: skip
    y = p.listed(draft, y, columns, lead=17)
    y = p.strip(draft, y + 20, LEFT, RIGHT)
    p.end(draft, y + 16)
    p.bank(draft)


def headless(draft: Draft) -> None:
    """Rows of a typist without a head: how many, article, what, price, sum."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 55, p.house(draft, paper.issuer), 10, bold_first=True)
    sheet.lines(LEFT, 145, p.house(draft, paper.receiver, numbers=False), 11)
    sheet.say(LEFT, 225, p.named(draft), 12, bold=True)
    y = 248.0
    for label, value in [*draft.references(), *draft.dates()]:
        sheet.say(LEFT, y, f"{label} {value}", 10)
        y += 15
    y = sheet.flow(LEFT, y + 8, draft.word("intro", paper.form), 480, 10) + 14
    columns = (("qty", 70, "right"), ("ref", 85, "left"), ("short", 170, "left"),
               ("price", 450, "right"), ("amount", 540, "right"))  # fmt: skip
    for count, item in enumerate(paper.items, 1):
        p.row(draft, y, columns, item, count, 9.5)
        y += 17
    y = p.block(draft, y + 12, 330, 540, 10)
    sheet.say(LEFT, y + 20, draft.word("bye"), 10)


def barred(draft: Draft) -> None:
    """A listing in one width with bars and dashes, article behind the count."""
    sheet, paper = draft.sheet, draft.paper
    rows = [f"{paper.issuer.name:<44}{draft.title()}", f"{paper.issuer.street}",
            f"{paper.issuer.city:<44}{draft.own()} {paper.number}",
            f"{'':<44}{draft.word('date')} {draft.day(paper.dated)}", ""]  # fmt: skip
    rows += [f"{draft.word('seller' if paper.form == 'order' else 'buyer')}: {paper.receiver.name}"]
    rows += [f"{paper.receiver.street}, {paper.receiver.city}", ""]
    rows += [f"{label + ':':<26}{value}" for label, value in [*draft.references(), *draft.dates()]]
    line = "+" + "+".join("-" * wide for wide in (5, 14, 36, 8, 12, 13)) + "+"
    names = [draft.word(name) for name in ("pos", "ref", "text", "qty", "price", "amount")]
    rows += ["", line, _barred(names), line]
    for count, item in enumerate(paper.items, 1):
        cells = [p.cell(draft, n, item, count) for n in ("pos", "ref", "text", "qty", "price", "amount")]  # fmt: skip
        rows.append(_barred(cells))
        if len(item.description) > 34:
            rows.append(_barred(["", "", item.description[34:68], "", "", ""]))
    rows += [line, *(f"{label:>70}{p.total(draft, amount):>20}" for label, amount, _ in rows_of(draft))]  # fmt: skip
    sheet.lines(40, 50, rows, 8, lead=1.35)
    p.end(draft, 50 + 11 * len(rows) + 20, 40)


def _barred(cells: list[str]) -> str:
    pos, ref, text, *numbers = cells
    figures = "|".join(
        f"{one:>{wide - 1}} " for one, wide in zip(numbers, (8, 12, 13), strict=True)
    )
    return f"|{pos:>4} | {ref:<13}| {text[:34]:<35}|{figures}|"


def grouped(draft: Draft) -> None:
    """Numbered 1.1, 1.2 under a heading, the article in brackets below, the subtotal in between."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 50, p.house(draft, paper.issuer), 8.5, bold_first=True)
    sheet.lines(LEFT, 130, p.house(draft, paper.receiver, numbers=False), 10)
    y = 130.0
    for label, value in p.pairs(draft):
        sheet.say(450, y, f"{label}:", 8.5, align="right")
        sheet.say(455, y, value, 8.5)
        y += 13
    sheet.say(LEFT, 215, draft.title(), 16, bold=True)
    y = 240.0
    columns = (("pos1", 52, "left"), ("counted", 130, "right"), ("text", 145, "left"),
               ("price", 480, "right"), ("amount", 540, "right"))  # fmt: skip
    p.heads(draft, y, columns)
    sheet.rule(LEFT, RIGHT, y + 4)
    sheet.say(52, y + 18, "1", 9, bold=True)
    sheet.say(145, y + 18, paper.say.get("group", "Material"), 9, bold=True)
    y += 34
    for count, item in enumerate(paper.items, 1):
        p.row(draft, y, columns, item, count)
        sheet.say(145, y + 11, f"({draft.word('ref')} {item.reference})", 7.5)
        y += 28
    y = p.block(draft, y + 10, 330, 540)
    p.end(draft, y + 14)
    p.bank(draft)


def centred(draft: Draft) -> None:
    """Every cell in the middle of its column, all taxes included at the end of the row."""
    sheet, paper = draft.sheet, draft.paper
    sheet.box(LEFT, 40, 240, 70)
    sheet.lines(LEFT + 6, 54, p.house(draft, paper.issuer), 8, bold_first=True)
    sheet.box(305, 40, 240, 70)
    sheet.lines(311, 54, [draft.word("seller" if paper.form == "order" else "buyer"), *p.house(draft, paper.receiver, numbers=False)], 8)  # fmt: skip
    sheet.say(297, 140, draft.title(), 16, bold=True, align="middle")
    rows, y = p.pairs(draft), 155.0
    for count, (label, value) in enumerate(rows):
        x = LEFT + 248 * (count % 2)
        sheet.box(x, y, 247, 15)
        sheet.say(x + 4, y + 10.5, f"{label} : {value}", 8)
        y += 15 if count % 2 or count == len(rows) - 1 else 0
    y = p.listed(draft, y + 24, (("ref", 85, "middle"), ("short", 220, "middle"),
                 ("qty", 335, "middle"), ("price", 385, "middle"), ("amount", 440, "middle"),
                 ("rate", 485, "middle"), ("gross", 525, "middle")), size=8)  # fmt: skip
    y = p.block(draft, y, 330, 540)
    p.end(draft, y + 14)
