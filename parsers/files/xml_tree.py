"""Read the XML of a business document: no DTD, no entity, no network, bounded; and find in it.

Elements of the business vocabularies lose their namespace, so whatever prefix a program chose
they are found by their names. Elements of other namespaces keep theirs and are never found.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

from parsers.business import Place

LARGEST = 20_000_000
"""More octets are not read; without the files packed into them, a quarter of it is left."""

_MOST_LETTERS = LARGEST // 4
_FAMILIES = (
    "urn:un:unece:uncefact:data:",
    "urn:ferd:",
    "urn:oasis:names:specification:ubl:schema:xsd:",
)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]{0,400}\?>")
_CODEC = re.compile(r"(?i)(?:utf|iso|windows|cp12|us-?ascii|latin|mac)[\w.-]*")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"<\x00\x00\x00", "utf-32-le"),
)  # fmt: skip
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,12}|,[0-9]{1,2})?|\.[0-9]{1,12})")
_PACKED = re.compile(r">[A-Za-z0-9+/=\s]{10000,}<")
_NO_LETTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BARE_AMPERSAND = re.compile(r"&(?![A-Za-z][A-Za-z0-9]{0,30};|#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};)")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_NOTHING = frozenset({"", "-", "--", ".", "0", "NA", "N/A", "NONE", "NULL", "NIL", "UNKNOWN"})
_LONGEST_NUMBER = 60
_MOST_NUMBERS = 500
_LONGEST_TEXT = 2_000


def parse(data: bytes) -> Any | None:
    """Return the root element, namespaces of ours taken off; None for what is no XML of ours.

    A DTD, an entity, more than 5 MB of text or a tree deeper than 256 are refused as a whole. Packed
    files, control characters and bare ampersands do no harm; an envelope is taken off.
    """
    text = _NO_LETTER.sub("", _decoded(data)) if len(data) <= LARGEST else ""
    text = _PACKED.sub("><", _DECLARATION.sub("", text, count=1)).strip()
    if not text.startswith("<") or "<!DOCTYPE" in text or len(text) > _MOST_LETTERS:
        return None
    whole = _tree_of(text)
    if whole is None:
        whole = _tree_of(_BARE_AMPERSAND.sub("&amp;", text))
    root = whole if whole is None or _is_ours(whole.tag) else _unwrapped(whole)
    if root is None:
        return None
    for element in root.iter(etree.Element):
        if _is_ours(element.tag):
            element.tag = element.tag.partition("}")[2]
    return root


def _tree_of(text: str) -> Any | None:
    """Return the root of a text that is XML from end to end, without comments; else None."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError, RecursionError):
        return None


def _unwrapped(envelope: Any) -> Any | None:
    """Return the first document of ours right inside an envelope (UN/CEFACT SBDH)."""
    for child in envelope.iterchildren(etree.Element):
        if _is_ours(child.tag):
            envelope.remove(child)
            return child
    return None


def _is_ours(tag: str) -> bool:
    """Tell whether a tag belongs to CII, Order-X, ZUGFeRD or UBL."""
    return tag.startswith("{") and tag[1:].startswith(_FAMILIES)


def _decoded(data: bytes) -> str:
    """Return the text. UTF-8 proves itself, so it goes before what is declared; last Windows."""
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii") if declared else ""
    for codec in (marked, "utf-8", name if _CODEC.fullmatch(name) else None):
        if codec:
            try:
                return data.decode(codec).removeprefix("\ufeff")
            except (UnicodeError, LookupError):
                continue
    return data.decode("cp1252", "replace")


def text_of(element: Any | None) -> str:
    """Return the words of an element with one space between them, "" for none."""
    if element is None:
        return ""
    return " ".join("".join(element.itertext())[: 4 * _LONGEST_TEXT].split())[:_LONGEST_TEXT]


def decimal_of(text: str) -> Decimal | None:
    """Return the number an element says, without zeros that say nothing; None for anything else:
    exponents, words, infinity."""
    written = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if not _AMOUNT.fullmatch(written):
        return None
    return tidy(Decimal(written.replace(",", ".")))


def tidy(number: Decimal) -> Decimal:
    """Return a number without zeros at its end: 2.5000 is 2.5, 200.00 is 200."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def cents_of(text: str) -> int | None:
    """Return an amount as cents, half a cent up."""
    value = decimal_of(text)
    return None if value is None else int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))


def day_of(text: str) -> date | None:
    """Return the day of "20261105" (UN/EDIFACT 2379, 102), "2026-11-05" or a time on it."""
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def numbers_of(text: str) -> tuple[str, ...]:
    """Return the numbers of a field that should hold one, upper case: "D-118, D-119" are two."""
    parts = (" ".join(part.split()).upper() for part in re.split(r"[,;&\n]", text))
    return tuple(part for part in parts if part not in _NOTHING and len(part) <= _LONGEST_NUMBER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finder:
    """Find values in a tree and remember by the name of a field where each one was."""

    root: Any
    places: dict[str, Place] = field(default_factory=dict)

    def elements(self, *paths: str) -> Iterator[Any]:
        """Give the elements of the first path, then of the next."""
        for path in paths:
            yield from self.root.iterfind(path)

    def mark(self, name: str, element: Any) -> None:
        """Remember where the value of a field was read; "" is no field."""
        if not name:
            return
        line = self.root.getroottree().getpath(element).lstrip("/")
        self.places[name] = Place(page=0, line=line)

    def text(self, name: str, *paths: str) -> str:
        """Return the first text that is not empty."""
        for element in self.elements(*paths):
            said = text_of(element)
            if said:
                self.mark(name, element)
                return said
        return ""

    def day(self, name: str, *paths: str) -> date | None:
        """Return the first day."""
        for element in self.elements(*paths):
            found = day_of(text_of(element))
            if found:
                self.mark(name, element)
                return found
        return None

    def cents(self, name: str, currency: str, *paths: str) -> int | None:
        """Return the sum of the amounts of the first path that has one in that currency."""
        for path in paths:
            found = [
                (cents, element)
                for element in self.root.iterfind(path)
                if (cents := cents_of(text_of(element))) is not None
                and element.get("currencyID", currency).upper() in {currency, ""}
            ]
            if found:
                self.mark(name, found[0][1])
                return sum(cents for cents, _ in found)
        return None

    def numbers(self, name: str, *paths: str) -> tuple[str, ...]:
        """Return the numbers of all these paths, each once, in order; five hundred at most."""
        seen: dict[str, Any] = {}
        for element in self.elements(*paths):
            if len(seen) >= _MOST_NUMBERS:
                break
            for number in numbers_of("".join(element.itertext())[:_LONGEST_TEXT]):
                seen.setdefault(number, element)
        for index, element in enumerate(seen.values()):
            self.mark(f"{name}.{index}", element)
        return tuple(seen)

    def texts(self, paths: Sequence[str]) -> Iterator[str]:
        """Give the texts of all these paths."""
        for element in self.elements(*paths):
            said = text_of(element)
            if said:
                yield said
