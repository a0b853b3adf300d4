"""More upper parts: offices, small shops, typed letters, forms of large buyers."""

from __future__ import annotations

from .draft import SHORT, Draft
from .sheet import LEFT, RIGHT
from .tops import address, columns_of, grid, ids, letterhead, receiver


def exact(draft: Draft) -> float:
    """Print labels and values in two columns of pairs under the title, the logo right."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(RIGHT, 50, paper.issuer.name, 15, bold=True, align="right", colour="#b03a2e")
    sheet.lines(RIGHT, 64, letterhead(draft, paper.issuer)[1:], 7.5, align="right")
    sheet.lines(60, 140, receiver(draft), 10)
    sheet.say(LEFT, 225, draft.title(), 15, bold=True, spaced=draft.style.spaced)
    rows = draft.meta()
    half = (len(rows) + 1) // 2
    columns_of(draft, rows[:half], LEFT, 244, 105)
    return columns_of(draft, rows[half:], 310, 244, 115) + 24


def boxes(draft: Draft) -> float:
    """Print three boxes of addresses and one long grid of labels above values."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 48, paper.issuer.name, 12, bold=True)
    sheet.say(RIGHT, 48, draft.title().upper(), 15, bold=True, align="right")
    sheet.say(RIGHT, 62, f"{draft.word('page')} {sheet.page}/{sheet.pages}", 8, align="right")
    for x, label, lines in (
        (LEFT, "seller", letterhead(draft, paper.seller)),
        (LEFT + 168, "ship_to", address(paper.buyer)),
        (LEFT + 336, "bill_to", [*address(paper.buyer), *ids(draft, paper.buyer)]),
    ):
        sheet.box(x, 72, 159, 14, fill="#d5dde5")
        sheet.box(x, 86, 159, 88)
        sheet.say(x + 5, 82, draft.word(label), 8, bold=True)
        sheet.lines(x + 5, 98, lines, 7.5, bold_first=True)
    rows = draft.meta()
    y = grid(draft, rows[:4], LEFT, 182, RIGHT - LEFT)
    return grid(draft, rows[4:], LEFT, y + 6, RIGHT - LEFT) + 14 if rows[4:] else y + 14


def letter(draft: Draft) -> float:
    """Print what a small firm types in Word: a letter with a subject and a sentence."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(60, 60, letterhead(draft, paper.issuer), 10)
    sheet.lines(330, 140, receiver(draft), 10)
    place = draft.word("place_date").format(city=paper.issuer.town, date=draft.day(paper.dated))
    sheet.say(330, 205, place, 10)
    short = SHORT[paper.language][0]
    subject = f"{draft.title()} {short} {paper.number}"
    sheet.say(60, 235, draft.labelled(draft.word("subject"), subject), 10, bold=True)
    y = 252.0
    for label, value in draft.references() if draft.style.refs == "meta" else []:
        sheet.say(60, y, draft.labelled(label, value), 10)
        y += 14
    for label, value in draft.dates():
        sheet.say(60, y, draft.labelled(label, value), 10)
        y += 14
    sheet.say(60, y + 12, draft.word("dear"), 10)
    return y + 32


def banner(draft: Draft) -> float:
    """Print a coloured bar with a spaced title, everything else in two columns below."""
    sheet, paper = draft.sheet, draft.paper
    sheet.box(0, 30, 596, 46, fill=draft.style.colour, line="")
    size = sheet.fitting(draft.title().upper(), 270, 20)
    sheet.say(LEFT, 60, draft.title().upper(), size, bold=True, colour="#ffffff", spaced=4)
    sheet.say(RIGHT, 59, paper.number, 13, align="right", colour="#ffffff")
    sheet.lines(LEFT, 98, letterhead(draft, paper.issuer), 8, bold_first=True)
    sheet.lines(LEFT, 190, receiver(draft), 9.5, bold_first=True)
    y = columns_of(draft, draft.meta(), 330, 98, 105, size=8.5, step=14, bold=True)
    return max(y, 245) + 16


def centred(draft: Draft) -> float:
    """Print a craftsman's head in the middle and the numbers in one line below."""
    sheet, paper = draft.sheet, draft.paper
    house = paper.issuer
    sheet.say(297, 52, house.name, 17, bold=True, align="middle")
    sheet.say(297, 66, f"{house.street} - {house.city}", 8.5, align="middle")
    phone = f"{draft.word('phone')} {house.phone} - {house.mail}"
    sheet.say(297, 78, phone, 8.5, align="middle")
    sheet.say(297, 90, " - ".join(ids(draft, house)), 8.5, align="middle")
    sheet.rule(LEFT, RIGHT, 98, 1.2)
    sheet.lines(320, 122, receiver(draft), 10)
    title = " ".join(draft.title().upper()) if draft.style.spaced else draft.title()
    sheet.say(297, 196, title, 15, bold=True, align="middle")
    rows = draft.meta()
    text = "      ".join(draft.labelled(*row) for row in rows[:2])
    sheet.say(297, 214, text, 9.5, align="middle")
    y = 236.0
    for row in rows[2:]:
        sheet.say(LEFT, y, draft.labelled(*row), 9)
        y += 12.5
    return y + 8


def form(draft: Draft) -> float:
    """Print a large buyer's form: a frame cut in four, small labels in the corners."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 52, paper.issuer.name, 13, bold=True)
    sheet.say(RIGHT, 54, draft.title(), 17, bold=True, align="right")
    sheet.box(LEFT, 66, 495, 156)
    sheet.upright(297, 66, 222)
    sheet.rule(LEFT, RIGHT, 144)
    first = "seller" if paper.form == "order" else "bill_to"
    cells = (
        (LEFT, 66, first, [*address(paper.receiver), paper.receiver.phone]),
        (LEFT, 144, "ship_to", address(paper.buyer)),
        (297, 144, "bill_to" if first == "seller" else "seller", address(paper.issuer)),
    )
    for x, y, label, lines in cells:
        sheet.say(x + 4, y + 10, draft.word(label), 7)
        sheet.lines(x + 12, y + 24, lines, 9)
    rows = draft.meta()
    columns_of(draft, rows[:5], 302, 78, 110, size=8.5, step=13, bold=True)
    return columns_of(draft, rows[5:], LEFT, 240, 110, size=8.5) + 12


def office(draft: Draft) -> float:
    """Print the title above, labels and values left, our own lines in small type at the right."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 56, draft.title(), 22, colour=draft.style.colour, spaced=draft.style.spaced)
    own = [*letterhead(draft, paper.issuer), f"IBAN {paper.issuer.iban}", paper.issuer.register]
    sheet.lines(420, 52, own, 6.8, bold_first=True)
    sheet.lines(LEFT, 100, receiver(draft), 10)
    y = 168.0
    for label, value in draft.meta():
        sheet.say(LEFT, y, label, 9, colour="#666666")
        sheet.say(170, y, draft.style.colon.strip() + " " + value, 9)
        y += 13
    return y + 14


def receipt(draft: Draft) -> float:
    """Print a plain list of fixed-width lines, as old programs do."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 50, letterhead(draft, paper.issuer), 9)
    sheet.lines(330, 80, receiver(draft), 9)
    sheet.say(LEFT, 160, f"*** {draft.title().upper()} ***", 11, bold=True)
    y = 178.0
    for label, value in draft.meta():
        sheet.say(LEFT, y, f"{label:.<24}: {value}", 9)
        y += 12
    return y + 8
