"""Dates and numbers in the many ways of programs and people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date

SIGNS = {"EUR": "€", "GBP": "£", "CHF": "CHF"}
# thousands and decimal sign
NUMBERS = {
    "nbsp": ("\u00a0", ","),
    "space": (" ", ","),
    "de": (".", ","),
    "en": (",", "."),
    "ch": ("'", "."),
    "bare": ("", ","),
    "dot": ("", "."),
}
PLAIN_DATES = {
    "slash": "%d/%m/%Y",
    "dot": "%d.%m.%Y",
    "dash": "%d-%m-%Y",
    "iso": "%Y-%m-%d",
    "short": "%d/%m/%y",
    "dotshort": "%d.%m.%y",
}
WRITTEN_DATES = {
    "long": "d MMMM y",
    "dotlong": "d. MMMM y",
    "medium": "d MMM y",
    "us": "MMM d, y",
    "week": "EEEE d MMMM y",
    "code": "dd-MMM-yyyy",
}
LOCALES = {"fr": "fr_FR", "nl": "nl_NL", "de": "de_DE", "en": "en_GB"}


def day(when: date | None, way: str, language: str) -> str:
    """Print a date. `bare` is 2-11-2026, as Dutch offices write; the others are patterns."""
    if when is None:
        return ""
    if way == "bare":
        return f"{when.day}-{when.month}-{when.year}"
    if way in PLAIN_DATES:
        return when.strftime(PLAIN_DATES[way])
    return format_date(when, WRITTEN_DATES[way], locale=LOCALES[language])


def number(value: Decimal, way: str, places: int = 2) -> str:
    """Print a number with its thousands and decimals."""
    thousands, decimal = NUMBERS[way]
    whole, _, rest = f"{abs(value):,.{places}f}".partition(".")
    text = whole.replace(",", thousands) + (decimal + rest if rest else "")
    return f"-{text}" if value < 0 else text


def money(value: Decimal, way: str, currency: str, where: str) -> str:
    """Print an amount; `where` is sign-behind, sign-before, code-behind, code-before or none."""
    text = number(value, way)
    if where == "none":
        return text
    shape, _, side = where.partition("-")
    mark = SIGNS[currency] if shape == "sign" else currency
    if side == "before":
        return mark + text if mark == "£" else f"{mark} {text}"
    return f"{text} {mark}" if mark != "£" else f"£{text}"


def quantity(value: Decimal, way: str, places: int = 0) -> str:
    """Print a quantity; halves of hours keep their decimals."""
    if value != value.to_integral_value():
        places = max(places, 1)
    return number(value, way, places)
