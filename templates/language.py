"""How a language writes: its words, dates and amounts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from handlers.errors import ConfigError
from handlers.word_lists import load_yaml


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """A language and the time zone people read it in."""

    code: str
    zone: ZoneInfo
    words: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    locale: Locale

    def date(self, value: str | dt.date) -> str:
        """Return an ISO date or a moment as "12 mars 2026"; what is no date stays as it is."""
        read = self._read(value)
        if read is None:
            return str(value)
        shown = format_date(read, self.words["day"], self.locale)
        return f"1er{shown[1:]}" if self.code == "fr" and read.day == 1 else shown

    def moment(self, value: str | dt.date) -> str:
        """Return an ISO moment as "12 mars 2026 à 14:05" in the desk's time zone."""
        read = self._read(value)
        if not isinstance(read, dt.datetime):
            return self.date(value)
        return (
            f"{self.date(read)}{self.words['at']}{format_time(read, 'HH:mm', locale=self.locale)}"
        )

    def amount(self, value: str, currency: str = "EUR") -> str:
        """Return "412.80" as "412,80 €"; what is no number stays as it is."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        return _currency(number, currency, self.locale) if number.is_finite() else value

    def number(self, value: str) -> str:
        """Return "1.5" as "1,5", "2.00" as "2"; what is no number stays as it is."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        return format_decimal(number, locale=self.locale) if number.is_finite() else value

    @property
    def comma(self) -> str:
        """What stands between the cells of a CSV file: a semicolon where the decimal mark is a comma."""
        return ";" if self.number("1.5") == "1,5" else ","

    def refusal(self, code: str, limit: str = "") -> str:
        """Return the sentence that says why a file was not taken and what to do (X-23). `limit` is
        the size in megabytes that some speak of."""
        refusals = self.groups["refusals"]
        shown = format_decimal(Decimal(limit), locale=self.locale) if limit else ""
        return (refusals.get(code) or refusals["other"]).format(limit=shown)

    def _read(self, value: str | dt.date) -> dt.date | None:
        read = _read_iso(value) if isinstance(value, str) else value
        return read.astimezone(self.zone) if isinstance(read, dt.datetime) and read.tzinfo else read


def _read_iso(value: str) -> dt.date | None:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return dt.date.fromisoformat(value)
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _currency(number: Decimal, currency: str, locale: Locale) -> str:
    return format_currency(number, currency, locale=locale)


@lru_cache(maxsize=64)
def language(code: str, zone: str) -> Language:
    """Return a language savd writes. Raises ConfigError for one it does not."""
    file = resources.files("templates") / "words" / f"{code}.yaml"
    if not re.fullmatch(r"[a-z]{2}", code) or not file.is_file():
        known = ", ".join(languages())
        raise ConfigError(f"savd does not write the language {code!r}. It writes: {known}.")
    data = load_yaml(file.read_text(encoding="utf-8"))
    groups = {name: part for name, part in data.items() if isinstance(part, dict)}
    words = {name: part for name, part in data.items() if isinstance(part, str)}
    locale = Locale.parse(data["locale"])
    return Language(code=code, zone=ZoneInfo(zone), words=words, groups=groups, locale=locale)


@lru_cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages savd writes."""
    folder = resources.files("templates") / "words"
    return tuple(sorted(file.name.removesuffix(".yaml") for file in folder.iterdir()))
