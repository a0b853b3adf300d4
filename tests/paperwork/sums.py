"""What stands below the table: sums in a block, a strip, a recapitulation, a line."""

from __future__ import annotations

from decimal import Decimal

from .draft import PRICED, Draft
from .sheet import LEFT, RIGHT
from .specs import table


def tax_label(draft: Draft, rate: Decimal, base: Decimal) -> str:
    """Return "TVA 20 %", and of which amount when there are several rates."""
    label = f"{draft.word('tax')} {draft.percent(rate)}"
    if len(draft.paper.taxes) > 1:
        link = {"fr": "sur", "nl": "over", "de": "auf", "en": "on"}[draft.paper.language]
        label += f" {link} {draft.line_money(base)}"
    return label


def rows_of(draft: Draft) -> list[tuple[str, Decimal, bool]]:
    """Return label, amount and whether it stands out, from the goods to what is to be paid."""
    paper = draft.paper
    sign = -1 if paper.form == "credit_note" and draft.style.minus else 1
    rows = []
    if paper.shipping:
        rows.append((draft.word("subtotal"), paper.lines_net, False))
        rows.append((draft.word("shipping"), paper.shipping, False))
    rows.append((_net_label(draft, [label for label, _, _ in rows]), paper.net, False))
    rows += [(tax_label(draft, rate, base), tax, False) for rate, base, tax in paper.taxes]
    gross = draft.word("gross_invoice" if paper.form == "invoice" else "gross")
    if draft.style.money == "none":
        gross = f"{gross} {paper.currency}"
    rows.append((gross, paper.gross, True))
    if paper.deposit:
        rows.append((draft.word("deposit"), -paper.deposit, False))
        rows.append((draft.word("rest"), paper.gross - paper.deposit, True))
    return [(label, sign * amount, bold) for label, amount, bold in rows]


def _net_label(draft: Draft, said: list[str]) -> str:
    """Return the label of the net sum, another than that of the goods above it."""
    label = draft.word("net")
    words = table(f"words_{draft.paper.language}")["net"]
    return next(one for one in words if one not in said) if label in said else label


def block(draft: Draft) -> None:
    """Print the sums at the right, one below another."""
    sheet = draft.sheet
    sheet.room(90)
    sheet.y += 20
    for label, amount, bold in rows_of(draft):
        if bold:
            sheet.rule(340, RIGHT, sheet.y - 10)
        value = draft.money(amount)
        wide = sheet.width(f"{label}    {value}", 9.5, bold=bold)
        sheet.say(min(345, RIGHT - 3 - wide), sheet.y, label, 9.5, bold=bold)
        sheet.say(RIGHT - 3, sheet.y, value, 9.5, bold=bold, align="right")
        sheet.y += 15


def framed(draft: Draft) -> None:
    """Print the sums in boxes at the right, label and amount."""
    sheet = draft.sheet
    sheet.room(100)
    sheet.y += 8
    for label, amount, bold in rows_of(draft):
        sheet.box(330, sheet.y, 125, 16, fill="#d5dde5" if bold else "")
        sheet.box(455, sheet.y, 90, 16)
        size = sheet.fitting(label, 118, 8.5)
        sheet.say(334, sheet.y + 11, label, size, bold=bold)
        sheet.say(RIGHT - 4, sheet.y + 11, draft.money(amount), 8.5, bold=bold, align="right")
        sheet.y += 16


def strip(draft: Draft) -> None:
    """Print the sums as one strip of boxes at the foot of the sheet, labels above amounts."""
    sheet = draft.sheet
    sheet.room(40)
    sheet.y = max(sheet.y + 14, 690.0)
    rows = rows_of(draft)
    each = (RIGHT - LEFT) / len(rows)
    for count, (label, amount, bold) in enumerate(rows):
        left = LEFT + count * each
        sheet.box(left, sheet.y, each, 14, fill="#e6e9ee")
        sheet.box(left, sheet.y + 14, each, 18)
        size = sheet.fitting(label, each - 6, 6.5)
        sheet.say(left + each / 2, sheet.y + 10, label, size, align="middle")
        value = draft.money(amount)
        sheet.say(left + each / 2, sheet.y + 26, value, 8.5, bold=bold, align="middle")
    sheet.y += 42


def recap(draft: Draft) -> None:
    """Print a table of the tax rates at the left and the sums at the right."""
    sheet = draft.sheet
    sheet.room(100)
    sheet.y += 14
    top = sheet.y
    heads = (f"{draft.word('rate')}", draft.word("base"), draft.word("tax"))
    for x, head in zip((LEFT + 4, LEFT + 100, LEFT + 170), heads, strict=True):
        sheet.say(x, top + 10, head, 7.5, bold=True)
    sheet.box(LEFT, top, 220, 14 + 13 * len(draft.paper.taxes))
    for count, (rate, base, tax) in enumerate(draft.paper.taxes, 1):
        y = top + 10 + 13 * count
        sheet.say(LEFT + 4, y, draft.percent(rate), 8)
        sheet.say(LEFT + 145, y, draft.line_money(base), 8, align="right")
        sheet.say(LEFT + 215, y, draft.line_money(tax), 8, align="right")
    sheet.y = top + 10
    for label, amount, bold in _together(draft):
        sheet.say(340, sheet.y, label, 9, bold=bold)
        sheet.say(RIGHT - 3, sheet.y, draft.money(amount), 9, bold=bold, align="right")
        sheet.y += 14
    sheet.y = max(sheet.y, top + 24 + 13 * len(draft.paper.taxes))


def _together(draft: Draft) -> list[tuple[str, Decimal, bool]]:
    """Return the sums with all taxes in one row."""
    rows = rows_of(draft)
    several = len(draft.paper.taxes)
    at = 1 + 2 * bool(draft.paper.shipping)
    tax = sum((amount for _, amount, _ in rows[at : at + several]), Decimal(0))
    return [*rows[:at], (draft.word("tax"), tax, False), *rows[at + several :]]


def line(draft: Draft) -> None:
    """Print the sums one after another in running text."""
    sheet = draft.sheet
    sheet.room(50)
    sheet.y += 22
    said = [draft.labelled(label, draft.money(amount)) for label, amount, _ in rows_of(draft)]
    sheet.y = sheet.flow(LEFT, sheet.y, "   ".join(said), RIGHT - LEFT, 10, bold=True)


def typed(draft: Draft) -> None:
    """Print labels at the left, amounts after dots or a tab, as in a letter or an old program."""
    sheet = draft.sheet
    sheet.room(90)
    sheet.y += 18
    for label, amount, bold in rows_of(draft):
        sheet.say(LEFT + 10, sheet.y, draft.labelled(label, ""), 10, bold=bold)
        sheet.say(LEFT + 300, sheet.y, draft.money(amount), 10, bold=bold, align="right")
        sheet.y += 14


def tabled(draft: Draft) -> None:
    """Print the sums as last rows of the table, right under the column of amounts."""
    sheet = draft.sheet
    sheet.room(90)
    for label, amount, bold in rows_of(draft):
        sheet.say(RIGHT - 82, sheet.y + 12, label, 8.5, bold=bold, align="right")
        sheet.say(RIGHT - 3, sheet.y + 12, draft.line_money(amount), 8.5, bold=bold, align="right")
        sheet.y += 16
        sheet.rule(300, RIGHT, sheet.y, 0.4)
    currency = {
        "fr": "Montants exprimés en", "nl": "Alle bedragen in", "de": "Alle Beträge in",
        "en": "All amounts in",
    }[draft.paper.language]  # fmt: skip
    sheet.say(LEFT, sheet.y + 12, f"{currency} {draft.paper.currency}", 7.5)
    sheet.y += 16


KINDS = {
    "block": block, "framed": framed, "strip": strip, "recap": recap, "line": line,
    "typed": typed, "tabled": tabled,
}  # fmt: skip


def play(draft: Draft) -> None:
    """Print the sums, if the form has any."""
    if draft.paper.form in PRICED and not draft.style.extra.get("no_totals"):
        KINDS[draft.style.totals](draft)


def sentence(draft: Draft, label: str, value: str) -> str:
    """Put references into a sentence, as a clerk would."""
    paper = draft.paper
    if paper.quotes and paper.quotes[0] in value:
        about = "about_quotes" if len(paper.quotes) > 1 else "about_quote"
        return draft.word(about).format(refs=value)
    if paper.orders and paper.orders[0] in value:
        return draft.word("about_order").format(refs=value)
    return draft.labelled(label, value)
