"""More layouts that print a whole paper: office letters, bands, sentences, tight tables."""

from __future__ import annotations

from . import pieces as p
from .draft import SHORT, Draft
from .sheet import LEFT, RIGHT
from .sums import rows_of


def business_letter(draft: Draft) -> None:
    """A letter by DIN 5008: a row of "Ihr Zeichen", the article before its name, "2ST" glued."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(RIGHT, 45, paper.issuer.name, 14, bold=True, align="right")
    sheet.say(60, 118, ", ".join(p.house(draft, paper.issuer, numbers=False)), 6)
    sheet.lines(60, 135, p.house(draft, paper.receiver, numbers=False), 10.5)
    row = [*draft.references(), *paper.say.get("row", ()), (draft.word("date"), draft.day(paper.dated))]  # fmt: skip
    for count, (label, value) in enumerate(row):
        sheet.say(60 + 125 * count, 222, label, 7.5)
        sheet.say(60 + 125 * count, 234, value, 9.5)
    short = SHORT[paper.language][0]
    sheet.say(60, 268, f"{draft.title()} {short} {paper.number}", 12, bold=True)
    sheet.say(60, 292, draft.word("dear"), 10)
    y = sheet.flow(60, 312, draft.word("intro", paper.form), 470, 10) + 12
    columns = (("pos.", 60, "left"), ("glued", 125, "right"), ("text", 140, "left"),
               ("price", 470, "right"), ("amount", 540, "right"))  # fmt: skip
    p.heads(draft, y, (("pos", 60, "left"), ("qty", 125, "right"), *columns[2:]))
    y += 16
    for count, item in enumerate(paper.items, 1):
        for name, x, align in columns:
            said = p.cell(draft, name, item, count)
            if name == "text":
                said = f"{item.reference} {item.description.split(',')[0]}"[:50]
            sheet.say(x, y, said, 9, align=align)
        y += 16
    sheet.rule(60, 540, y - 6)
    y = p.block(draft, y + 8, 340, 540, 9.5)
    y = p.end(draft, y + 12, 60, 470)
    sheet.say(60, y + 14, draft.word("bye"), 10)
    p.bank(draft)


def tabled_sums(draft: Draft) -> None:
    """Sums as rows of the table itself, their labels where articles are named."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 50, draft.title().upper(), 18, bold=True)
    said = f" {paper.say.get('bar', '|')} ".join(f"{label}: {value}" for label, value in p.pairs(draft))  # fmt: skip
    y = sheet.flow(LEFT, 70, said, 495, 8.5) + 14
    sheet.lines(LEFT, y, p.house(draft, paper.issuer), 8.5, bold_first=True)
    sheet.say(320, y, f"{draft.word('seller' if paper.form == 'order' else 'buyer')}:", 8.5)
    sheet.lines(320, y + 12, p.house(draft, paper.receiver, numbers=False), 8.5)
    y += 80
    columns = (("ref", 54, "left"), ("short", 150, "left"), ("qty", 390, "right"),
               ("price", 460, "right"), ("amount", 540, "right"))  # fmt: skip
    p.heads(draft, y, (columns[0], ("text", 150, "left"), *columns[2:]))
    for count, item in enumerate(paper.items, 1):
        sheet.rule(LEFT, RIGHT, y + 5, 0.3)
        y += 16
        p.row(draft, y, columns, item, count)
    for label, amount, bold in rows_of(draft):
        sheet.rule(LEFT, RIGHT, y + 5, 0.3)
        y += 16
        sheet.say(150, y, label, 8.5, bold=bold)
        sheet.say(540, y, p.total(draft, amount), 8.5, bold=bold, align="right")
    p.end(draft, y + 24)


def told(draft: Draft) -> None:
    """Name on one line, article, count and price in a sentence below, the sums in a sentence."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 52, p.house(draft, paper.issuer), 9, bold_first=True)
    sheet.lines(330, 130, p.house(draft, paper.receiver, numbers=False), 10)
    sheet.say(LEFT, 210, p.named(draft), 13, bold=True)
    y = 232.0
    for label, value in [*draft.references(), *draft.dates()]:
        sheet.say(LEFT, y, draft.labelled(label, value), 9.5)
        y += 14
    y += 14
    for count, item in enumerate(paper.items, 1):
        sheet.say(LEFT, y, f"{count}. {item.description.split(',')[0]}", 9.5, bold=True)
        parts = (f"{draft.word('ref')} {item.reference}",
                 f"{draft.word('qty')} {p.quantity(draft, item)} {draft.word('pieces')}",
                 f"{draft.word('price')} {draft.money(item.unit_price)}",
                 f"{draft.word('amount')} {draft.money(item.net)}")  # fmt: skip
        sheet.say(LEFT + 14, y + 12, " - ".join(parts), 8.5)
        y += 30
    said = " ; ".join(f"{label} : {p.total(draft, amount)}" for label, amount, _ in rows_of(draft))
    y = sheet.flow(LEFT, y + 8, said, 490, 10, bold=True)
    p.end(draft, y + 14)


def tight(draft: Draft) -> None:
    """A tight table in small type, signs before amounts, count and unit in one cell, code last."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 46, p.house(draft, paper.issuer), 7.5, bold_first=True)
    sheet.lines(LEFT, 110, p.house(draft, paper.receiver, numbers=False), 9)
    sheet.say(RIGHT, 46, draft.title(), 13, bold=True, align="right")
    y = 62.0
    for label, value in p.pairs(draft):
        sheet.say(RIGHT, y, f"{label} {value}", 8, align="right")
        y += 11
    y = p.listed(draft, max(y, 160) + 10, (("pos", 52, "left"), ("text", 68, "left"),
                 ("counted", 370, "right"), ("price", 425, "right"), ("amount", 480, "right"),
                 ("ref", 488, "left")), lead=11, size=7)  # fmt: skip
    y = p.block(draft, y, 340, 480, 7.5)
    p.end(draft, y + 10)
    p.bank(draft)


def open_source(draft: Draft) -> None:
    """Grey bars, "REF - name" in one cell, tax before price before count, sums in grey."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 50, paper.issuer.name, 14, bold=True, colour="#666666")
    sheet.say(RIGHT, 46, f"{draft.title()} {paper.number}", 12, bold=True, align="right")
    y = 60.0
    for label, value in [*p.pairs(draft)[1:]]:
        sheet.say(RIGHT, y, f"{label} : {value}", 7.5, align="right")
        y += 10
    y = max(y, 95)
    for x, label, one in ((LEFT, "seller", paper.issuer), (305, "buyer", paper.receiver)):
        shown = {"seller": "from", "buyer": "to"}[label]
        sheet.say(x, y + 8, paper.say.get(shown, draft.word(label)), 7)
        sheet.box(x, y + 12, 240, 66, fill="#eeeeee" if x == LEFT else "")
        sheet.lines(x + 5, y + 26, p.house(draft, one), 8.5, bold_first=True)
    y += 100
    columns = (("text", 54, "left"), ("rate", 370, "right"), ("price", 430, "right"),
               ("qty", 470, "right"), ("amount", 541, "right"))  # fmt: skip
    sheet.box(LEFT, y - 9, 495, 13, fill="#dddddd", line="")
    p.heads(draft, y, columns, 7.5)
    for count, item in enumerate(paper.items, 1):
        y += 17
        sheet.say(54, y, f"{item.reference} - {item.description.split(',')[0]}"[:58], 8)
        p.row(draft, y, columns[1:], item, count, 8)
    y = p.block(draft, y + 30, 380, 541)
    p.end(draft, y + 14)
    p.bank(draft)


def plain_text(draft: Draft) -> None:
    """A text typed into a mail and printed: "Pos 1: 2 St. LECT-400 Kartenleser, EP 344,00"."""
    sheet, paper = draft.sheet, draft.paper
    one, other = paper.issuer, paper.receiver
    rows = [one.name, f"{one.street}, {one.city}", "", f"{draft.word('seller' if paper.form == 'order' else 'buyer')}: {other.name}, {other.street}, {other.city}", ""]  # fmt: skip
    rows += [draft.title(), f"{draft.own()}: {paper.number}", f"{draft.word('date')}: {draft.day(paper.dated)}"]  # fmt: skip
    rows += [f"{label}: {value}" for label, value in [*draft.references(), *draft.dates()]] + [""]
    for count, item in enumerate(paper.items, 1):
        name = item.description.split(",")[0]
        rows.append(f"{draft.word('pos')} {count}: {p.quantity(draft, item)} {draft.word('pieces')} {item.reference} {name}")  # fmt: skip
        rows.append(f"   {draft.word('price')} {p.price(draft, item.unit_price)}   {draft.word('amount')} {p.price(draft, item.net)}")  # fmt: skip
    rows += ["", *(f"{label}: {p.total(draft, amount)}" for label, amount, _ in rows_of(draft)), ""]
    y = sheet.lines(60, 60, [said or " " for said in rows], 10, lead=1.4)
    y = p.end(draft, y + 4, 60, 470)
    sheet.say(60, y + 10, draft.word("bye"), 10)


def carried_names(draft: Draft) -> None:
    """The article in brackets at the end of its name, counts before it, the price per unit last."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 60, draft.title(), 20, bold=True, colour=draft.style.colour)
    sheet.lines(RIGHT, 50, p.house(draft, paper.issuer), 8.5, align="right", bold_first=True)
    y = 84.0
    for label, value in p.pairs(draft):
        sheet.say(LEFT, y, label, 9)
        sheet.say(LEFT + 150, y, value, 9)
        y += 13
    sheet.say(LEFT, y + 12, draft.word("seller" if paper.form == "order" else "buyer"), 8)
    y = sheet.lines(LEFT, y + 25, p.house(draft, paper.receiver, numbers=False), 10) + 22
    columns = (("qty", 66, "left"), ("text", 90, "left"), ("price", 440, "right"), ("amount", 541, "right"))  # fmt: skip
    p.heads(draft, y, (("qty", 50, "left"), *columns[1:]))
    for count, item in enumerate(paper.items, 1):
        y += 18
        p.row(draft, y, (columns[0], *columns[2:]), item, count)
        sheet.say(90, y, f"{item.description.split(',')[0]} ({item.reference})"[:66], 8.5)
    y = p.strip(draft, y + 40, 150, RIGHT)
    p.end(draft, y + 14)


def left_sums(draft: Draft) -> None:
    """Bank and terms right of the sums, a remark in each row, a row of figures above the text."""
    sheet, paper = draft.sheet, draft.paper
    sheet.box(LEFT, 36, 495, 28, fill="#e8e2d0", line="")
    sheet.say(58, 55, paper.issuer.name, 13, bold=True)
    sheet.say(537, 55, p.named(draft), 10, bold=True, align="right")
    sheet.lines(58, 84, p.house(draft, paper.issuer)[1:], 7.5)
    sheet.lines(320, 100, p.house(draft, paper.receiver, numbers=False), 10)
    y = 150.0
    for label, value in [*draft.references(), *draft.dates()]:
        sheet.say(58, y, label, 8.5)
        sheet.say(180, y, value, 8.5)
        y += 12
    y += 14
    columns = (("pos", 56, "left"), ("ref", 80, "left"), ("qty", 250, "right"),
               ("unit", 258, "left"), ("price", 360, "right"), ("amount", 470, "right"))  # fmt: skip
    p.heads(draft, y, columns)
    sheet.rule(LEFT, RIGHT, y + 4)
    y += 18
    for count, item in enumerate(paper.items, 1):
        p.row(draft, y, columns, item, count)
        y = sheet.flow(80, y + 11, item.description, 300, 8)
        if item.note:
            y = sheet.flow(80, y, item.note, 300, 7)
        y += 10
    sheet.rule(LEFT, RIGHT, y - 8)
    sheet.lines(300, y + 6, [f"IBAN {paper.issuer.iban}", f"BIC EXMP{paper.issuer.country}2X", draft.word("terms_value")], 8)  # fmt: skip
    y = p.block(draft, y + 6, 56, 250)
    p.end(draft, y + 14)
