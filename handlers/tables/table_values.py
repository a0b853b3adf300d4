"""Turn what a cell holds into what the book keeps: days in ISO 8601, amounts with a point."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from handlers.process.table_rules import ColumnRule
from handlers.sentence import Sentence
from parsers.fields.days import days_in
from parsers.folding import key_of
from parsers.mime.address import read_address

LONGEST = 2000  # characters of a cell
YES_NO = {
    "yes": ("yes", "y", "true", "1", "x", "oui", "o", "vrai", "ja", "waar", "wahr"),
    "no": ("no", "n", "false", "0", "non", "faux", "nee", "onwaar", "nein", "falsch"),
}
_ERROR = re.compile(r"#(?:N/A|N/D|NAME\?|NOM\?|REF!|VALUE!|VALEUR!|DIV/0!|NULL!|NUM!|NOMBRE!)")
_NUMBER = re.compile(r"(-?)(\d[\d.,']*)(-?)")
_MONEY = re.compile(r"(?:€|£|\$|\b(?:eur|euros?|gbp|usd|chf)\b)", re.IGNORECASE)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")

Read = tuple[str, str]
"""A value, and the code of the sentence that says what is wrong with it ("" = nothing)."""


def read_cell(text: str, rule: ColumnRule) -> Read:
    """Return the value of a cell by the type of its column, or what is wrong. An empty one is ""."""
    if not text or _ERROR.fullmatch(text):
        return "", "cell_error" if text else ""
    if len(text) > LONGEST and rule.type != "text":
        return "", "cell_too_long"
    if rule.type == "choice":
        return _choice(text, rule.choices), "" if _choice(text, rule.choices) else "cell_choice"
    read = _READERS.get(rule.type)
    return read(text) if read else (text, "")


@lru_cache(maxsize=50_000)
def _day(text: str) -> Read:
    try:
        return date.fromisoformat(text[:10]).isoformat(), ""
    except ValueError:
        found = days_in(text)
    return (found[0].day.isoformat(), "") if len(found) == 1 else ("", "cell_date")


@lru_cache(maxsize=50_000)
def _amount(text: str) -> Read:
    value, wrong = _number(_MONEY.sub("", text))
    if wrong:
        return "", wrong
    whole, _, decimals = value.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}", ""


@lru_cache(maxsize=50_000)
def _number(text: str) -> Read:
    """Read "1 234,50", "1.234,50", "1,234.50", "-3" and "3-". "1,234" could be either: refused."""
    match = _NUMBER.fullmatch("".join(text.split()))
    if match is None or (match[1] and match[3]):
        return "", "cell_number"
    digits = match[2].replace("'", "")
    if _AMBIGUOUS.fullmatch(digits) and len(match[2]) == len(digits):
        return "", "cell_ambiguous"
    at = max(digits.rfind("."), digits.rfind(","))
    lone = at >= 0 and digits.count(digits[at]) == 1
    head, tail = (digits[:at], digits[at + 1 :]) if lone else (digits, "")
    whole = re.sub(r"[.,]", "", head).lstrip("0") or "0"
    sign = "-" if match[1] or match[3] else ""
    tail = tail.rstrip("0")
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}", ""


def _address(text: str) -> Read:
    return (text, "") if read_address(text) else ("", "cell_address")


def _domain(text: str) -> Read:
    plain = "." in text and not any(c in text for c in "@ /")
    return (text.lower(), "") if plain else ("", "cell_domain")


def _language(text: str) -> Read:
    return (text.lower(), "") if len(text) == 2 and text.isalpha() else ("", "cell_language")


def _yes_no(text: str) -> Read:
    value = _choice(text, YES_NO)
    return value, "" if value else "cell_yes_no"


def _choice(text: str, choices: Mapping[str, tuple[str, ...]]) -> str:
    said = key_of(text)
    fit = (value for value, words in choices.items() if said in map(key_of, (value, *words)))
    return next(fit, "")


_READERS: Mapping[str, Callable[[str], Read]] = {
    "date": _day,
    "amount": _amount,
    "number": _number,
    "yes_no": _yes_no,
    "address": _address,
    "domain": _domain,
    "language": _language,
}


def wrong_cell(code: str, column: str, text: str, rule: ColumnRule) -> Sentence:
    """Return what is wrong with a cell, for people."""
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    choices = ", ".join(rule.choices)
    return Sentence(code=code, values={"name": column, "word": shown, "choices": choices})
