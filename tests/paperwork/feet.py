"""What stands at the foot of every page: names, numbers, banks, pages."""

from __future__ import annotations

from .draft import SHORT, Draft
from .sheet import LEFT, RIGHT
from .tops import address, ids


def _iban(iban: str) -> str:
    return " ".join(iban[n : n + 4] for n in range(0, len(iban), 4))


def line(draft: Draft) -> None:
    """Print the company's numbers in one or two centred lines."""
    house = draft.paper.issuer
    said = [" - ".join(filter(None, [house.name, house.register])), " - ".join(ids(draft, house))]
    draft.sheet.rule(LEFT, RIGHT, 790, 0.4)
    draft.sheet.lines(297, 801, said, 7, align="middle")


def columns(draft: Draft) -> None:
    """Print three columns: the house, the register, the bank, as German letters have."""
    house = draft.paper.issuer
    phone = f"{draft.word('phone')} {house.phone}"
    bank = ["IBAN " + _iban(house.iban), "BIC EXMPLXX1", *ids(draft, house)]
    draft.sheet.rule(LEFT, RIGHT, 778, 0.5)
    draft.sheet.lines(LEFT, 788, address(house), 6.5)
    draft.sheet.lines(215, 788, [phone, house.mail, *house.register.split(", ")], 6.5)
    draft.sheet.lines(390, 788, bank, 6.5)


def paged(draft: Draft) -> None:
    """Print the number again with the page, and the company's numbers below."""
    _, _, page, of = SHORT[draft.paper.language]
    sheet = draft.sheet
    sheet.say(LEFT, 800, f"{draft.title()} {draft.paper.number}", 7.5)
    sheet.say(RIGHT, 800, f"{page} {sheet.page} {of} {sheet.pages}", 7.5, align="right")
    sheet.say(297, 812, " | ".join(ids(draft, draft.paper.issuer)), 7, align="middle")


def page(draft: Draft) -> None:
    """Print the page alone."""
    sheet = draft.sheet
    sheet.say(297, 815, f"- {sheet.page} / {sheet.pages} -", 8, align="middle")


def none(draft: Draft) -> None:
    """Print nothing."""


KINDS = {"line": line, "columns": columns, "paged": paged, "page": page, "none": none}


def running_head(draft: Draft) -> None:
    """Print the head of the second and further pages."""
    paper, sheet = draft.paper, draft.sheet
    sheet.say(LEFT, 40, paper.issuer.name, 8, bold=True)
    sheet.say(RIGHT, 40, f"{draft.title()} {paper.number}", 8, align="right")
    sheet.y = 56.0
