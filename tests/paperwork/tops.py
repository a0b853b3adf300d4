"""The upper part of a paper: letterhead, address, title, numbers. One function per habit."""

from __future__ import annotations

from .draft import Draft
from .paper import House
from .sheet import LEFT, RIGHT

COUNTRY = {"FR": "France", "BE": "België / Belgique", "NL": "Nederland", "DE": "Deutschland"}
VAT = {"fr": "N° TVA", "nl": "Btw-nr.", "de": "USt-IdNr.", "en": "VAT Reg No"}


def ids(draft: Draft, house: House) -> list[str]:
    """Return the numbers the law wants on a paper."""
    found = []
    if house.siret:
        cut = house.siret
        found.append(f"SIRET {cut[:3]} {cut[3:6]} {cut[6:9]} {cut[9:]}")
    if house.vat:
        found.append(f"{VAT[draft.paper.language]} {vat_printed(house)}")
    return found


def vat_printed(house: House) -> str:
    """Print a VAT number as its country does."""
    vat = house.vat
    if house.country == "CH":
        return f"CHE-{vat[3:6]}.{vat[6:9]}.{vat[9:12]} MWST"
    if house.country == "BE":
        return f"BE {vat[2:6]}.{vat[6:9]}.{vat[9:]}"
    if house.country == "FR":
        return f"{vat[:4]} {vat[4:]}"
    return vat


def address(house: House) -> list[str]:
    return [house.name, house.street, house.city]


def letterhead(draft: Draft, house: House) -> list[str]:
    phone = f"{draft.word('phone')} {house.phone}"
    return [*address(house), phone, house.mail, *ids(draft, house)]


def receiver(draft: Draft) -> list[str]:
    house = draft.paper.receiver
    more = ids(draft, house) if draft.style.ids_of_receiver else []
    return [*address(house), *more]


def columns_of(draft: Draft, rows, x, y, gap, *, size=9.0, step=13.0, bold=False):
    """Print labels with values in a column to their right; return where the next would be."""
    for label, value in rows:
        draft.sheet.say(x, y, label + draft.style.colon.rstrip(), size)
        draft.sheet.say(x + gap, y, value, size, bold=bold)
        y += step
    return y


def grid(draft: Draft, rows, x, y, width, *, size=8.0):
    """Print boxes side by side: label above value."""
    sheet = draft.sheet
    each = width / len(rows)
    for count, (label, value) in enumerate(rows):
        left = x + count * each
        sheet.box(left, y, each, 15, fill="#e6e9ee")
        sheet.box(left, y + 15, each, 16)
        sheet.say(left + each / 2, y + 10.5, label, size - 1, align="middle")
        fit = sheet.fitting(value or "-", each - 4, size)
        sheet.say(left + each / 2, y + 26, value, fit, align="middle")
    return y + 31


def sage(draft: Draft) -> float:
    """Print the letterhead left, title and grid right, the address in a box below."""
    sheet = draft.sheet
    sheet.lines(LEFT, 55, letterhead(draft, draft.paper.issuer), bold_first=True)
    sheet.say(430, 58, draft.title(), 16, bold=True, align="middle", spaced=draft.style.spaced)
    rows = draft.meta()
    grid(draft, rows[:2], 315, 72, 230)
    sheet.box(315, 118, 230, 74)
    sheet.lines(325, 134, receiver(draft), 9.5, bold_first=True)
    return grid(draft, rows[2:], LEFT, 205, RIGHT - LEFT) + 18 if rows[2:] else 215


def ebp(draft: Draft) -> float:
    """Print the title with its number between two rules, labels left, address right."""
    sheet = draft.sheet
    sheet.lines(LEFT, 50, letterhead(draft, draft.paper.issuer), 8.5, bold_first=True)
    sheet.lines(330, 110, receiver(draft), 10, bold_first=True)
    sheet.rule(LEFT, RIGHT, 178, 1)
    sheet.say(LEFT, 196, draft.titled(), 14, bold=True, colour=draft.style.colour)
    sheet.rule(LEFT, RIGHT, 204, 1)
    return columns_of(draft, draft.meta()[2:], LEFT, 222, 130) + 8


def sap(draft: Draft) -> float:
    """Print number and date under one label, in a box at the right, as SAP forms do."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(RIGHT, 50, paper.issuer.name, 13, bold=True, align="right")
    sheet.say(LEFT, 110, " · ".join(address(paper.issuer)), 6.5)
    sheet.lines(LEFT, 128, receiver(draft), 10)
    sheet.say(325, 100, draft.title(), 14, bold=True)
    rows = draft.meta()
    sheet.box(320, 110, 225, 22 * len(rows) - 16)
    both = f"{rows[0][0].rstrip('.')}/{rows[1][0]}"
    y = 124.0
    for label, value in [(both, f"{rows[0][1]} / {rows[1][1]}"), *rows[2:]]:
        sheet.say(326, y, label, 7.5)
        sheet.say(326, y + 10, value, 8.5, bold=True)
        y += 22
    return max(y, 240) + 12


def din(draft: Draft) -> float:
    """Print a letter after DIN 5008: address window left, information block right."""
    sheet, paper = draft.sheet, draft.paper
    logo = paper.issuer.name.split()[0]
    left = RIGHT - sheet.width(logo, 18, bold=True) - 36
    sheet.box(left, 34, 28, 28, fill=draft.style.colour, line="")
    sheet.say(RIGHT, 52, logo, 18, bold=True, align="right")
    sheet.say(57, 136, " | ".join(address(paper.issuer)), 6)
    sheet.rule(57, 290, 139, 0.3)
    sheet.lines(57, 156, receiver(draft), 10.5)
    columns_of(draft, draft.meta(), 355, 150, 98, size=8.5, step=12.5)
    sheet.say(57, 290, draft.title(), 13, bold=True, spaced=draft.style.spaced)
    return 312


def odoo(draft: Draft) -> float:
    """Print a big coloured title with its number, then labels above values in columns."""
    sheet, paper = draft.sheet, draft.paper
    sheet.say(LEFT, 52, paper.issuer.name, 14, bold=True, colour=draft.style.colour)
    sheet.lines(LEFT, 66, address(paper.issuer)[1:], 8)
    sheet.rule(LEFT, RIGHT, 92, 0.8, draft.style.colour)
    sheet.lines(330, 118, receiver(draft), 9.5)
    hash_ = draft.paper.say.get("hash", "")
    sheet.say(LEFT, 198, f"{draft.title()} {hash_}{paper.number}", 18, colour=draft.style.colour)
    rows = draft.meta()[1:]
    y = 222.0
    for count, (label, value) in enumerate(rows):
        x = LEFT + (count % 3) * 165
        sheet.say(x, y + 30 * (count // 3), label + draft.style.colon, 9, bold=True)
        sheet.say(x, y + 12 + 30 * (count // 3), value, 9)
    return y + 30 * ((len(rows) + 2) // 3) + 12


def xero(draft: Draft) -> float:
    """Print three columns: title and customer, labels above values, our address."""
    sheet, paper = draft.sheet, draft.paper
    size = sheet.fitting(draft.title(), 250, 24)
    sheet.say(LEFT, 90, draft.title(), size, spaced=draft.style.spaced)
    sheet.lines(LEFT + 12, 130, receiver(draft), 9)
    y = 82.0
    rows = draft.meta()
    for label, value in [rows[1], rows[0], *rows[2:]]:
        sheet.say(320, y, label, 8.5, bold=True)
        sheet.say(320, y + 11, value, 9)
        y += 27
    sheet.lines(440, 82, letterhead(draft, paper.issuer), 8)
    return max(y, 200) + 20


def books(draft: Draft) -> float:
    """Print two addresses side by side and a grid of terms below, as small-office programs do."""
    sheet, paper = draft.sheet, draft.paper
    sheet.lines(LEFT, 55, letterhead(draft, paper.issuer)[:5], 8.5, bold_first=True)
    sheet.say(RIGHT, 62, draft.title(), 20, bold=True, align="right", colour=draft.style.colour)
    rows = draft.meta()
    y = 82.0
    for label, value in rows[:2]:
        sheet.say(460, y, label, 9, bold=True, align="right")
        sheet.say(RIGHT, y, value, 9, align="right")
        y += 14
    left, right = ("seller", "ship_to") if paper.form == "order" else ("bill_to", "ship_to")
    for x, label, house in (
        (LEFT, left, paper.receiver),
        (240, right, paper.buyer),
    ):
        sheet.say(x, 138, draft.word(label).upper(), 8, bold=True, colour=draft.style.colour)
        sheet.lines(x, 151, address(house), 9)
    return grid(draft, rows[2:], LEFT, 198, RIGHT - LEFT) + 14 if rows[2:] else 210
