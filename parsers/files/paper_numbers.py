"""Read the numbers of a paper: its own, and those of the papers it refers to.

A number stands behind a word for its paper ("Devis n° D-2026-118"), under it in a table of the
head, or beside the title. On an order "your reference" is the seller's quote; on what the seller
writes it is the buyer's order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from parsers.business import DocumentKind, Place
from parsers.fields.numbers import DATE_LIKE
from parsers.files.paper_labels import (
    Label,
    Reading,
    beside,
    past_separators,
    words_named,
)
from parsers.files.paper_lines import Line
from parsers.files.paper_number_labels import NOUNS, number_labels

_OWN_NOUN = {
    DocumentKind.QUOTE: "quote", DocumentKind.SIGNED_QUOTE: "quote", DocumentKind.ORDER: "order",
    DocumentKind.INVOICE: "invoice", DocumentKind.CREDIT_NOTE: "credit_note",
    DocumentKind.DELIVERY_NOTE: "delivery_note", DocumentKind.RETURN_SHEET: "return_sheet",
}  # fmt: skip
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9]|[-_/.](?=[a-z0-9])){0,39}(?![a-z0-9])")
_LETTERS_APART = re.compile(r"[a-z]{1,4}[ -]{1,3}(?=\d{3}|\d\d[/-]\d\d)")
_MORE = re.compile(r"[ \t]{0,2}(?:[,;/+&]|et|and|en|und)[ \t]{1,2}(?:n[°o] ?)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = re.compile(r"[.,]\d\d(?!\d)| ?(?:€|£|\$|eur\b|chf\b|gbp\b|%)")
_KEY = re.compile(r"(?:rma|dem)[-_]?\d{4}[-_]\d{1,6}")
_PHONE = re.compile(r"0\d(?:[ .]\d\d){4}|\+\d\d[ .]\d")
_HEAD_LINES = 60
_LISTED = 20

Numbers = tuple[Reading[str], ...]


def own_number(
    lines: Sequence[Line], kind: DocumentKind, title: Place | None
) -> Reading[str] | None:
    """Return the paper's own number, None when it shows none.

    Looked for beside the title, then behind "order no.", then behind "order", then behind "no."
    or "our reference", at last alone under the title.
    """
    noun = _OWN_NOUN.get(kind)
    if noun is None:
        return None
    head = lines[:_HEAD_LINES]
    titled = [index for index, line in enumerate(head) if _is_title(line, title)]
    ways = (
        _named(head, titled, (f"{noun}+", noun)),
        _named(head, range(len(head)), (f"{noun}+",)),
        _named(head, titled, ("sign", "own")),
        _named(head, range(len(head)), (noun,)),
        _named(head, range(len(head)), ("own", "sign")),
        _behind(head, titled, title),
        _headed(head),
        _alone(head, titled),
    )
    return next((reading for way in ways for reading in way), None)


def references(
    lines: Sequence[Line], kind: DocumentKind, own: Reading[str] | None
) -> Mapping[str, Numbers]:
    """Return the numbers a paper refers to by the noun of their papers, its own left out."""
    mine = own.value if own else ""
    everywhere = range(len(lines))
    found = {
        noun: _each(_named(lines, everywhere, (f"{noun}+", noun), lists=True), mine)
        for noun in NOUNS
    }
    other = {DocumentKind.ORDER: "quote"}.get(kind, "order")
    if not found[other] and kind not in (DocumentKind.OTHER, DocumentKind.QUOTE):
        found[other] = _each(_named(lines, everywhere, ("yours",), lists=True), mine)
    return found


def _each(readings: Iterator[Reading[str]], mine: str) -> Numbers:
    """Return each number once, in order, without the paper's own."""
    each: dict[str, Reading[str]] = {}
    ends: dict[int, int] = {}
    for reading in readings:
        if reading.start >= ends.get(id(reading.line), 0):  # "PO" of "PO 77120" is no label
            each.setdefault(reading.value, reading)
            ends[id(reading.line)] = reading.end
    each.pop(mine, None)
    return tuple(each.values())


def _is_title(line: Line, title: Place | None) -> bool:
    return (
        bool(title)
        and title is not None
        and line.page == title.page
        and line.row.text == title.line
    )


def _named(
    lines: Sequence[Line],
    where: Sequence[int] | range,
    meanings: tuple[str, ...],
    *,
    lists: bool = False,
) -> Iterator[Reading[str]]:
    """Give the numbers that labels of these meanings name; with `lists` all of an enumeration."""
    for index in where:
        labels = number_labels(lines[index])
        for order, label in enumerate(labels):
            if label.meaning not in meanings:
                continue
            found = _numbered(lines, index, label, labels[order + 1 : order + 2])
            if found:
                yield found
                yield from _enumerated(lines, found) if lists else ()


def _numbered(
    lines: Sequence[Line], index: int, label: Label, after: Sequence[Label]
) -> Reading[str] | None:
    """Return the number of a label, perhaps behind a date: "your order of 12/11 no. 4500"."""
    bare = not label.meaning.endswith("+") and label.meaning in NOUNS
    found = beside(lines, index, label.end, _bare_code if bare else _code, below=not bare)
    near = after and after[0].meaning == "sign" and after[0].start - label.end < 40
    if found is None and bare and near:
        found = beside(lines, index, after[0].end, _code, below=False)
    if found is None and bare:
        found = beside(lines, index, label.end, _bare_code)
    return found


def _enumerated(lines: Sequence[Line], first: Reading[str]) -> Iterator[Reading[str]]:
    """Give the numbers that follow one: "D-118, D-119 et D-120", also on the line below."""
    line, at = first.line, first.end
    for _ in range(_LISTED):
        more = _MORE.match(line.folded, at)
        if more and more.end() >= len(line.folded.rstrip()):
            more = None
        if more is None and line.folded[at:].strip() in (",", ";", "et", "and", "und", "en"):
            below = next((n for n, other in enumerate(lines) if other is line), 0) + 1
            if below >= len(lines):
                return
            line, more, at = lines[below], None, lines[below].cells[0].start
        elif more is None:
            return
        start = more.end() if more else at
        found = _code(line, start)
        if found is None or not _is_like(found[0], first.value):
            return
        yield Reading(value=found[0], line=line, start=start, end=found[1])
        at = found[1]


def _is_like(other: str, first: str) -> bool:
    """Tell whether two numbers are of one series: about as long, beginning alike."""
    return abs(len(other) - len(first)) <= 1 and other[0].isdigit() == first[0].isdigit()


def _alone(lines: Sequence[Line], titled: Sequence[int]) -> Iterator[Reading[str]]:
    """Give a number that fills a cell beside the title or in the two lines under it."""
    for index in titled[:1]:
        for line in lines[index : index + 3]:
            for cell in line.cells:
                start = past_separators(line, cell.start)
                found = _bare_code(line, start)
                if found and found[1] == cell.end:
                    yield Reading(value=found[0], line=line, start=start, end=found[1])


def _behind(
    lines: Sequence[Line], titled: Sequence[int], title: Place | None
) -> Iterator[Reading[str]]:
    """Give the first number behind the words of a title, in its cell."""
    for index in titled[:1]:
        line = lines[index]
        edge = title.box[0] if title and title.box else 0.0
        for cell in line.cells:
            if cell.right <= edge or cell.left > edge + 2:
                continue
            for match in _WORD.finditer(line.folded, cell.start, cell.end):
                found = _bare_code(line, match.start())
                if found:
                    yield Reading(value=found[0], line=line, start=match.start(), end=found[1])


_WORD = re.compile(r"[^\s:#°]+")
_ENDS_AS_SIGN = re.compile(r"[a-z-]{3,}(?:nummer|number|nr|no)")


def _headed(lines: Sequence[Line]) -> Iterator[Reading[str]]:
    """Give the numbers whose label says number and an unknown word: "N° engagement",
    "Verplichtingnr." above or before its value."""
    for index, line in enumerate(lines):
        labels = number_labels(line)
        for cell in line.cells:
            known = [one for one in labels if cell.start <= one.start < cell.end]
            end = _label_end(line.folded[cell.start : cell.end])
            other = any(one.meaning != "sign" for one in known)
            if end and not other:
                found = beside(lines, index, cell.start + end, _code)
                if found:
                    yield found


def _label_end(said: str) -> int:
    """Return where a label ends that speaks of a number, 0 for words that do not."""
    label, colon, _ = said.partition(":")
    words = [word.strip(".°") for word in label.replace("°", "° ").split()]
    words = words[1:] if words and words[0].isdigit() else words
    signed = any(word in words_named("signs") for word in (*words[:1], *words[-1:]))
    signed = signed or any(_ENDS_AS_SIGN.fullmatch(word) for word in words)
    plain = not any(map(str.isdigit, "".join(words)))
    return len(label) if signed and plain and 1 < len(words) + bool(colon) <= 4 else 0


def _code(line: Line, at: int) -> tuple[str, int] | None:
    """Read a number behind a label that says so: "4711", "D-2026-118", "BC 4711"."""
    folded = line.folded
    apart = _LETTERS_APART.match(folded, at)
    match = _CODE.match(folded, apart.end() if apart else at)
    if not match:
        return None
    start = at if apart and line.text[at : apart.end()].isupper() else match.start()
    if apart and start != at:
        return None
    written = folded[start : match.end()]
    wrong = (
        len(match[0]) < 2
        or not any(map(str.isdigit, match[0]))
        or DATE_LIKE.fullmatch(match[0])
        or _MONEY.match(folded, match.end())
        or _KEY.match(written)
        or _PHONE.match(folded, start)
    )
    return None if wrong else (written.upper(), match.end())


def _bare_code(line: Line, at: int) -> tuple[str, int] | None:
    """Read a number behind a mere noun: it has letters and digits, or four digits and is no year."""
    found = _code(line, at)
    if found is None:
        return None
    digits = sum(map(str.isdigit, found[0]))
    mixed = len(found[0]) >= 3 and digits >= 1 and digits < len(found[0])
    return found if mixed or (digits >= 4 and not _YEAR.fullmatch(found[0])) else None
