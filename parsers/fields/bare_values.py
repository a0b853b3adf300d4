"""Cut the value asked for out of what stands behind a label or in a sentence."""

from __future__ import annotations

import re

from parsers.fields.days import days_in
from parsers.fields.numbers import numbers
from parsers.fields.part_numbers import parts_of
from parsers.fields.serials import serial_spans, serials
from parsers.fields.spotting import any_folded, first_words, has_digit, matches
from parsers.folding import compose, fold, key_of
from parsers.word_lists import phrases_in, read_words

_WORDS = read_words("device")
_UNKNOWN = frozenset(key_of(word) for word in phrases_in(_WORDS, "unknown"))
_DEVICE = re.compile(
    rf"(?:(?:{any_folded(phrases_in(_WORDS, 'articles'))}) )?(?:{any_folded(phrases_in(_WORDS, 'device'))}) ",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^\d{1,3} ?(?:[xX×]|st|pcs?|Stk?|Stück|stuks?) |[ (]?\b[xX×] ?\d{1,3}\)?$")
_SIGN = re.compile(r"^(?:n[°ºo]|nr|num(?:éro|ero)?|#)[ .:]{1,3}(?=\S{0,30}\d)", re.IGNORECASE)
_ASIDE = re.compile(r"[,;(\n]| - | – | / ")
_BOUGHT_WORDS = first_words(phrases_in(_WORDS, "bought"))
_BOUGHT = re.compile(rf"\b(?:{any_folded(phrases_in(_WORDS, 'bought'))})[ :]{{1,3}}")
_SERIAL = re.compile(r"(?=\D*\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-_./](?=[A-Za-z0-9])){0,29}(?!\w)")
_SHORTEST = 4


def is_unknown(value: str) -> bool:
    """Say whether a value says that there is none: "?", "-", "inconnu", "voir photo", "XXXX"."""
    return key_of(value[:60]) in _UNKNOWN or not any(c.isalnum() for c in value)


def without_number_sign(value: str) -> str:
    """Return a value without the "n°" or "Nr." before its number."""
    return _SIGN.sub("", value, count=1)


def serial_in(value: str) -> str:
    """Return the serial number of a value in upper case, without the words behind or around it."""
    text = value.strip()
    if not has_digit(text):
        return ""
    first = _SERIAL.match(text)
    if (
        first
        and has_digit(first.group())
        and (first.end() == len(text) or text[first.end()] in " \t\n,;(")
    ):
        rest = text[first.end() :].strip()
        if rest and len(first.group()) < _SHORTEST:
            return ""
        return (text if _is_grouped(rest) else first.group()).upper()
    said = serials(f"sn {text}") or serials(text)
    return said[0] if said else text.upper()


def _is_grouped(rest: str) -> bool:
    """Say whether what follows belongs to a number written in groups, or to a list of numbers."""
    return all(has_digit(word) for word in rest.split()[:20]) and "(" not in rest


def part_in(value: str) -> str:
    """Return the product of a value, without count and aside: "serrure SERR-12, en panne" is SERR-12."""
    spans = serial_spans(compose(value))
    text = _COUNT.sub("", (value[: spans[0][0][0]] if spans else value).strip(), count=1)
    cut = _ASIDE.split(text, maxsplit=1)[0].strip(" .")
    device = _DEVICE.match(cut)
    rest = cut[device.end() :].strip() if device else ""
    bare = rest if any(character.isupper() for character in rest[:1]) else cut
    alone = parts_of(value) if len(cut.split()) > 3 or not cut else ()
    return alone[0] if len(alone) == 1 else bare or value.strip()


def purchase_in(text: str) -> str:
    """Return the one invoice number a text names, or the day of purchase as written; "" for none."""
    invoices = numbers(text, "invoice")
    if len(invoices) == 1:
        return invoices[0]
    source = compose(text)
    bought = next(matches(_BOUGHT, _BOUGHT_WORDS, fold(source)), None)
    if not bought or invoices:
        return ""
    after = source[bought.end() : bought.end() + 40]
    day = next(iter(days_in(after)), None)
    return after[day.start : day.end] if day and day.start <= 12 else ""
