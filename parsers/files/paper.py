"""Read the text of a business paper: its kind, its numbers, its totals, its dates (X-25)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from parsers.business import BusinessDocument, DocumentKind
from parsers.fields.amounts import amount_of, amounts
from parsers.fields.days import date_of
from parsers.fields.numbers import numbers, ticket_keys
from parsers.fields.serials import serials
from parsers.fields.spotting import any_folded
from parsers.folding import fold, key_of
from parsers.word_lists import mapping_in, phrases_in, read_words

_WORDS = read_words("document")
_TITLES = mapping_in(_WORDS, "titles")
# A title stands among the first lines; further down the same word is a reference or a footer.
_TITLE_LINES = 40
_LONGEST_LINE = 400
_BESIDE_TITLE = frozenset(
    {"n", "no", "nr", "num", "numero", "number", "nummer", "n°", "ref", "du", "date"}
    | {"le", "of", "vom", "von", "van", "page", "-", "#", "|", "/"}
)
_WEAK_TITLES = frozenset({"commande", "order", "auftrag", "offre", "offer"})
_TOTAL = re.compile(
    r"(?:(?:€|eur|£) ?)?(?<![\d.,])(?:\d{1,3}(?:[ .,']\d{3})+|\d{1,9})[.,]\d{2}(?!\d)(?: ?(?:€|eur))?"
    r"|(?:€|eur) ?\d{1,9}(?![\d.,])|(?<!\d)\d{1,9} ?(?:€|eur)"
)
_DAYS = re.compile(r"(\d{1,3}) ?(?:jours|days|dagen|tage)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2} [a-z]{3,9} \d{4}")
_DOTTED = re.compile(r"\b(h\.? ?t|t\.? ?t\.? ?c|t\.? ?v\.? ?a)\.(?=\W|$)")


def read_paper(text: str) -> BusinessDocument:
    """Return what the text of a paper says of itself. Total, linear in the text."""
    lines = [line.strip()[:_LONGEST_LINE] for line in text.splitlines() if line.strip()]
    kind = _kind(lines)
    dated = _dated(lines)
    return BusinessDocument(
        kind=kind,
        number=_number(lines, text, kind),
        quotes=numbers(text, "quote"),
        rma_numbers=ticket_keys(text),
        serials=serials(text),
        net_cents=_total(lines, "net"),
        gross_cents=_total(lines, "gross"),
        currency=_currency(text),
        dated=dated,
        valid_until=_valid_until(lines, dated),
        text=text,
    )


def _kind(lines: Sequence[str]) -> DocumentKind:
    """Tell the kind by the titles. A customer's order that repeats our quote is an order."""
    titles = _titles(lines)
    order = titles.pop(DocumentKind.ORDER, None)
    quote = titles.pop(DocumentKind.QUOTE, None)
    if titles:
        other, (line, _) = min(titles.items(), key=lambda title: title[1][0])
        if order is None or order[1] or line < order[0]:
            return other
    if order is not None:
        return DocumentKind.ORDER
    if quote is None:
        return DocumentKind.OTHER
    return DocumentKind.SIGNED_QUOTE if _is_signed(lines) else DocumentKind.QUOTE


def _titles(lines: Sequence[str]) -> dict[DocumentKind, tuple[int, bool]]:
    """Return the first title of each kind: its line, and whether its word is a weak one."""
    found: dict[DocumentKind, tuple[int, bool]] = {}
    confirms = any(key_of(line).startswith(_NOT_ORDER) for line in lines[:_TITLE_LINES])
    for number, line in enumerate(lines[:_TITLE_LINES]):
        for kind, word in _title(line):
            if not (confirms and kind is DocumentKind.ORDER):
                found.setdefault(kind, (number, word in _WEAK_TITLES))
    return found


_NOT_ORDER = tuple(key_of(phrase) for phrase in phrases_in(_WORDS, "not_order"))
_TITLE = {
    DocumentKind(kind): re.compile(rf"(?<![\w'])({any_folded(words)})(?!\w)")
    for kind, words in _TITLES.items()
}


def _title(line: str) -> Iterator[tuple[DocumentKind, str]]:
    """Give the kinds whose title a line is: at its start, or in capitals behind a name."""
    folded = fold(line)
    for kind, pattern in _TITLE.items():
        match = pattern.search(folded)
        if not match:
            continue
        heads = match.start() == 0 or line[match.start() : match.end()].isupper()
        rest = folded[match.end() :].replace(":", " ").replace(". ", " ").split()
        if heads and all(word in _BESIDE_TITLE or _has_digit(word) for word in rest[:8]):
            yield kind, match.group(1)


def _has_digit(word: str) -> bool:
    """Say whether a word is a number or a date rather than prose."""
    return any(character.isdigit() for character in word)


def _is_signed(lines: Sequence[str]) -> bool:
    """Tell a quote that somebody accepted from one that only asks to be signed.

    Signed is: a phrase of acceptance that stands free, or a signature box with a date in it.
    """
    for number, line in enumerate(lines):
        key = f" {key_of(line)} "
        if not any(f" {phrase} " in key for phrase in _SIGNATURES):
            continue
        if any(f" {word} " in key for word in _REQUESTS):
            continue
        box = any(f" {word} " in key for word in _BLANKS)
        below = _below(lines, number)
        box = box or any(f" {word} " in f" {key_of(below[0])} " for word in _BLANKS if below)
        if not box or any(_DATE.search(fold(near)) for near in (line, *below)):
            return True
    return False


def _below(lines: Sequence[str], number: int) -> list[str]:
    """Return the lines a signature box may fill, without those that speak of validity."""
    return [line for line in lines[number + 1 : number + 4] if "valid" not in fold(line)]


_SIGNATURES = tuple(key_of(phrase) for phrase in phrases_in(_WORDS, "signatures"))
_BLANKS = tuple(key_of(phrase) for phrase in phrases_in(_WORDS, "blanks"))
_REQUESTS = tuple(key_of(phrase) for phrase in phrases_in(_WORDS, "requests"))


def _number(lines: Sequence[str], text: str, kind: DocumentKind) -> str:
    """Return the paper's own number: in its title, under it, or the first of its kind."""
    name = "quote" if kind is DocumentKind.SIGNED_QUOTE else kind.value
    if name not in mapping_in(_WORDS, "numbers"):
        return ""
    title = DocumentKind(name)
    for index, line in enumerate(lines[:_TITLE_LINES]):
        if any(found is title for found, _ in _title(line)):
            near = numbers(line, name) or _bare_number(lines[index + 1 : index + 3])
            if near:
                return near[0]
    return next(iter(numbers(text, name)), "")


_BARE_NUMBER = re.compile(
    r"(?:n ?°|no|nr|num|numero|number|nummer)[ .:]*([a-z0-9][a-z0-9/_.-]{1,28}[a-z0-9])\b"
)


def _bare_number(lines: Sequence[str]) -> tuple[str, ...]:
    """Return "N° 4500123" from the lines under a title."""
    found = (_BARE_NUMBER.match(fold(line)) for line in lines)
    return tuple(m[1].upper() for m in found if m and _has_digit(m[1]))


def _total(lines: Sequence[str], name: str) -> int | None:
    """Return the cents of the last total of that name: behind its label or on the line below."""
    found = None
    pattern, other = _TOTALS[name], _TOTALS["gross" if name == "net" else "net"]
    for number, line in enumerate(lines):
        folded = _DOTTED.sub(lambda m: re.sub(r"\W", "", m[0]), fold(line))
        label = pattern.search(folded)
        if not label:
            continue
        written = _TOTAL.search(folded, label.end())
        if written is None:
            written = _beneath(lines, number, folded, other if name == "gross" else None)
        cents = amount_of(written.group()) if written else None
        found = cents if cents is not None else found
    return found


_TOTALS = {
    name: re.compile(rf"(?<!\w)(?:{any_folded(phrases_in(_WORDS, name))})(?!\w)")
    for name in ("net", "gross")
}


def _beneath(
    lines: Sequence[str], number: int, folded: str, before: re.Pattern[str] | None
) -> re.Match[str] | None:
    """Find a total under its label: alone, or the last when net stands before gross in the row."""
    below = [fold(line) for line in lines[number + 1 : number + 2]]
    written = list(_TOTAL.finditer(below[0])) if below else []
    if not written or key_of(below[0]).strip("0123456789 eurgbpsdchf"):
        return None  # words beside the number: a row of the table, not the totals
    return written[-1] if before and before.search(folded) else written[0]


def _currency(text: str) -> str:
    """Return the currency most amounts bear, "" when none does."""
    seen = Counter(amount.currency for amount in amounts(text))
    return seen.most_common(1)[0][0] if seen else ""


def _dated(lines: Sequence[str]) -> date | None:
    """Return the date of the paper: labelled, else the first one at its head."""
    return _labelled_date(lines, "dated") or next(
        (day for day in map(_date_in, lines[:_TITLE_LINES]) if day), None
    )


def _date_in(line: str) -> date | None:
    """Return the date a line names, but not the end of a validity."""
    return date_of(line, "") if _has_digit(line) and "valid" not in fold(line) else None


def _labelled_date(lines: Sequence[str], name: str) -> date | None:
    """Return the date behind a label of that name."""
    for line in lines:
        label = _DATES[name].match(fold(line))
        day = date_of(line[label.end() :], "") if label and _has_digit(line) else None
        if day:
            return day
    return None


_DATES = {
    name: re.compile(rf"\W*(?:.{{0,40}}\W)?(?:{any_folded(phrases_in(_WORDS, name))})(?!\w)")
    for name in ("dated", "valid")
}


def _valid_until(lines: Sequence[str], dated: date | None) -> date | None:
    """Return the last day of validity: a date, or a number of days from the date of the paper."""
    until = _labelled_date(lines, "valid")
    if until or dated is None:
        return until
    for line in lines:
        folded = fold(line)
        days = _DAYS.search(folded) if re.search(r"\b(?:vali|geldig|gultig)", folded) else None
        if days:
            return dated + timedelta(days=int(days[1]))
    return None
