"""Layouts without a table: cards, rolls of paper, letters, pages of shops, forms."""

from __future__ import annotations

from itertools import pairwise

from . import pieces as p
from .draft import Draft
from .sheet import LEFT, RIGHT
from .sums import rows_of


def roll(draft: Draft) -> None:
    """What a till prints on a roll 80 mm wide: the article, below it how many times how much."""
    p.lie(draft, 226, 560)
    sheet, paper = draft.sheet, draft.paper
    y = sheet.lines(113, 24, p.house(draft, paper.issuer), 8, align="middle", bold_first=True) + 8
    sheet.say(113, y, draft.title(), 12, bold=True, align="middle")
    y += 16
    for label, value in p.pairs(draft):
        sheet.say(10, y, f"{label} {value}", 8)
        y += 11
    y = sheet.lines(10, y + 6, [f"{draft.word('seller' if paper.form == 'order' else 'buyer')}: {paper.receiver.name}", paper.receiver.city], 8)  # fmt: skip
    sheet.rule(10, 216, y)
    y += 12
    for item in paper.items:
        sheet.say(10, y, f"{item.reference} {item.description.split(',')[0]}"[:44], 8)
        sheet.say(24, y + 10, f"{p.quantity(draft, item)} x {p.price(draft, item.unit_price)}", 8)
        sheet.say(216, y + 10, p.price(draft, item.net), 8, align="right")
        y += 23
    sheet.rule(10, 216, y - 6)
    y = p.block(draft, y + 8, 10, 216, 9)
    sheet.flow(10, y + 8, draft.word("closing", paper.form), 206, 7)


def letter(draft: Draft) -> None:
    """A letter: its matter names number and day, the goods stand in sentences with dashes."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(60, 50, p.house(draft, paper.issuer), 9.5, bold_first=True)
    sheet.lines(60, 140, p.house(draft, paper.receiver, numbers=False), 11)
    sheet.say(RIGHT, 205, f"{paper.issuer.town}, {draft.day(paper.dated)}", 10, align="right")
    sheet.say(60, 235, p.named(draft), 11, bold=True)
    sheet.say(60, 262, draft.word("dear"), 10)
    told = " ".join(f"{label} {value}." for label, value in draft.references())
    y = sheet.flow(60, 282, f"{told} {draft.word('intro', paper.form)}", 470, 10) + 6
    each, makes = paper.say.get("each", "à"), paper.say.get("makes", "=")
    for item in paper.items:
        said = f"- {p.quantity(draft, item)} {draft.word('pieces')} {item.description}, {draft.word('ref')} {item.reference}, {each} {draft.money(item.unit_price)} {makes} {draft.money(item.net)}"  # fmt: skip
        y = sheet.flow(72, y, said, 455, 10) + 4
    y += 8
    for label, amount, _ in rows_of(draft):
        sheet.say(60, y, f"{label}: {p.total(draft, amount)}", 10)
        y += 14
    y = p.end(draft, y + 8, 60, 470)
    sheet.say(60, y + 16, draft.word("bye"), 10)


def basket(draft: Draft) -> None:
    """A page of a shop printed by a browser: name, then labels with values, the sum at the right."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(30, 22, draft.day(paper.dated), 6)
    sheet.say(565, 820, "1/1", 6, align="right")
    sheet.say(LEFT, 60, f"{draft.title()} #{paper.number}", 17, bold=True)
    y = 84.0
    for label, value in [(draft.word("date"), draft.day(paper.dated)), *draft.references(), *draft.dates()]:  # fmt: skip
        sheet.say(LEFT, y, label, 8, colour="#777777")
        sheet.say(LEFT, y + 11, value, 9.5)
        y += 28
    sheet.say(320, 84, draft.word("seller"), 9, bold=True)
    sheet.lines(320, 97, p.house(draft, paper.seller, numbers=False), 9)
    sheet.say(320, 145, draft.word("buyer"), 9, bold=True)
    sheet.lines(320, 158, p.house(draft, paper.buyer, numbers=False), 9)
    y = max(y, 205) + 10
    qty, unit = draft.word("qty"), draft.word("price")
    for item in paper.items:
        sheet.rule(LEFT, RIGHT, y - 12, 0.3, "#cccccc")
        sheet.say(LEFT, y, item.description.split(",")[0], 10, bold=True)
        sheet.say(RIGHT, y, p.price(draft, item.net), 10, bold=True, align="right")
        sheet.say(LEFT, y + 12, f"{draft.word('ref')}: {item.reference}", 8)
        sheet.say(LEFT, y + 23, f"{qty}: {p.quantity(draft, item)}", 8)
        sheet.say(LEFT + 90, y + 23, f"{unit}: {p.price(draft, item.unit_price)}", 8)
        y += 46
    y = p.block(draft, y, 380, RIGHT)
    p.end(draft, y + 14)


def cards(draft: Draft) -> None:
    """A dark side with the sums, cards right of it: "2 × 120,50 €", the article above the name."""
    sheet, paper = draft.sheet, draft.paper
    sheet.box(0, 0, 190, 842, fill="#22313f", line="")
    white = "#ffffff"
    sheet.say(16, 50, draft.title(), 15, bold=True, colour=white)
    y = 80.0
    for label, value in p.pairs(draft):
        sheet.say(16, y, label.upper(), 6, colour=white)
        sheet.say(16, y + 11, value, 9, colour=white)
        y += 28
    y += 20
    for label, amount, bold in rows_of(draft):
        sheet.say(16, y, label, 7.5, colour=white)
        sheet.say(16, y + 14, p.total(draft, amount), 12 if bold else 9, bold=bold, colour=white)
        y += 32
    sheet.lines(210, 50, p.house(draft, paper.issuer), 8.5, bold_first=True)
    sheet.say(400, 50, draft.word("seller" if paper.form == "order" else "buyer").upper(), 6)
    sheet.lines(400, 62, p.house(draft, paper.receiver, numbers=False), 9)
    y = 140.0
    for item in paper.items:
        sheet.box(205, y, 345, 44, fill="#f4f6f7", line="")
        sheet.say(213, y + 12, item.reference, 7)
        sheet.say(213, y + 24, item.description.split(",")[0], 9.5, bold=True)
        sheet.say(
            213, y + 37, f"{p.quantity(draft, item)} × {draft.line_money(item.unit_price)}", 8
        )
        sheet.say(540, y + 24, draft.line_money(item.net), 10, align="right")
        y += 52
    p.end(draft, y + 16, 210, 335)


def form(draft: Draft) -> None:
    """A numbered form of an office: small labels in the corner of boxes, every box numbered."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(297, 44, draft.title(), 14, bold=True, align="middle")
    boxes = [(draft.word("buyer"), p.house(draft, paper.buyer, numbers=False), 247, 62)]
    boxes += [(draft.word("seller"), p.house(draft, paper.seller, numbers=False), 248, 62)]
    boxes += [(label, [value], 165, 28) for label, value in p.pairs(draft)]
    x, y, deep = LEFT, 56.0, 62.0
    for count, (label, lines, width, height) in enumerate(boxes, 1):
        if x + width > RIGHT + 1:
            x, y = LEFT, y + deep
        deep = height
        sheet.box(x, y, width, height)
        sheet.say(x + 2, y + 7.5, f"{count}. {label}", 6)
        sheet.lines(x + 8, y + 20, lines, 9.5)
        x += width
    y += deep + 22
    columns = (("pos", 56, "left"), ("text", 74, "left"), ("ref", 300, "left"),
               ("qty", 420, "right"), ("price", 480, "right"), ("amount", 541, "right"))  # fmt: skip
    edges = (LEFT, 70, 296, 392, 424, 484, RIGHT)
    for left, right in pairwise(edges):
        sheet.box(left, y - 10, right - left, 14)
        sheet.box(left, y + 4, right - left, 14 * len(paper.items) + 4)
    for (name, _, _), left in zip(columns, edges, strict=False):
        sheet.say(left + 3, y, draft.word(name), 7)
    for count, item in enumerate(paper.items, 1):
        p.row(draft, y + 14 * count, (*columns[:1], ("short", 74, "left"), *columns[2:]), item, count, 8)  # fmt: skip
    y += 14 * len(paper.items) + 24
    for label, amount, _ in rows_of(draft):
        sheet.box(392, y - 10, 153, 14)
        sheet.say(396, y, label, 7.5)
        sheet.say(541, y, p.total(draft, amount), 8.5, align="right")
        y += 14
    p.end(draft, y + 14)


def shipment(draft: Draft) -> None:
    """A delivery note of few words: how many, what, article, below it serial numbers."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 60, paper.issuer.name, 12, bold=True)
    sheet.say(LEFT, 72, f"{paper.issuer.street} - {paper.issuer.city}", 8)
    sheet.say(LEFT, 110, draft.word("ship_to"), 8, bold=True)
    sheet.lines(LEFT, 123, p.house(draft, paper.receiver, numbers=False), 10)
    sheet.say(330, 110, p.named(draft), 11, bold=True)
    y = 128.0
    for label, value in draft.references():
        sheet.say(330, y, f"{label} {value}", 9)
        y += 13
    y = 210.0
    for count, item in enumerate(paper.items, 1):
        sheet.say(LEFT, y, f"{p.quantity(draft, item)} x", 10, bold=True)
        sheet.say(90, y, item.reference, 9.5)
        sheet.say(190, y, item.description.split(",")[0], 9.5)
        sheet.say(190, y + 12, f"S/N {7000 + 13 * count}-{draft.seed(item.reference) % 900}", 7.5)
        y += 32
    p.end(draft, y + 30)


def packed(draft: Draft) -> None:
    """A delivery note with boxes to tick: ordered, sent, open; the article under its name."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(297, 50, draft.title(), 17, bold=True, align="middle")
    y = 80.0
    for label, value in p.pairs(draft):
        sheet.say(LEFT, y, label, 9)
        sheet.say(180, y, value, 9, bold=True)
        y += 14
    sheet.lines(380, 80, p.house(draft, paper.issuer, numbers=False), 8.5, bold_first=True)
    sheet.say(380, 125, draft.word("ship_to"), 7)
    sheet.lines(380, 137, p.house(draft, paper.receiver, numbers=False), 9)
    y = max(y, 185) + 16
    columns = (("pos", 52, "left"), ("text", 76, "left"), ("ordered", 400, "right"),
               ("qty", 460, "right"), ("zero", 520, "right"))  # fmt: skip
    for name, x, align in columns:
        label = {"zero": paper.say.get("open", "Rest")}.get(name) or draft.word(name)
        sheet.say(x, y, label, 8, bold=True, align=align)
    sheet.rule(LEFT, RIGHT, y + 4)
    y += 18
    for count, item in enumerate(paper.items, 1):
        shown = ("short" if name == "text" else "qty" if name == "ordered" else name for name, _, _ in columns)  # fmt: skip
        places = [(name, x, align) for name, (_, x, align) in zip(shown, columns, strict=True)]
        p.row(draft, y, places, item, count, 9)
        sheet.box(532, y - 8, 9, 9)
        sheet.say(76, y + 11, f"{draft.word('ref')} {item.reference}", 7.5)
        y += 28
    p.end(draft, y + 24)
