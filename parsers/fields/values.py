"""Read the values people write: amounts, dates, ticket keys, quote numbers, serial numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from parsers.fields.days import days_in
from parsers.fields.spotting import first_words, matches, words_of
from parsers.folding import compose, fold, key_of
from parsers.word_lists import mapping_in, phrases_in, read_words

_WORDS = read_words("document")
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "chf": "CHF",
}  # fmt: skip
_CURRENCY_WORDS = first_words(_CURRENCIES)
_SIGN = r"(?:€|£|\$|\b(?:eur|euros?|gbp|usd|dollars?|chf)\b)"
_DIGITS = r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?![\d])"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN}) ?(?P<first>{_DIGITS})"
    rf"|(?<![\d.,])(?P<second>{_DIGITS})(?:[.,][-–—]{{1,2}})? ?(?P<after>{_SIGN})"
    r"(?:(?P<tight>\d\d)(?!\d)| (?P<loose>\d\d)(?= ?(?:$|[.;)\n]|ht\b|ttc\b)))?"
)
_BARE = re.compile(rf"(?<![\w.,])(?:{_DIGITS})(?![\w%])")
_KEY = re.compile(r"\b(rma|dem)[ _-]?(\d{4})[ _-](\d{1,6})\b")
_DATE_LIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}")
_MONEY_AFTER = re.compile(rf" ?{_SIGN}")
_PHONE = re.compile(r"(?:\+|00)?\d{0,4}[ .-]?\(?0?\)?\d(?:[ ./-]?\d\d){4}\b|\+\d[\d ./-]{7,}")
_POSTCODE = re.compile(r"\d{4,5} [A-Z][a-zA-ZÀ-ÿ]")
_NUMBER_SIGN = r"(?:(?:\bn ?[°o]s?|\bno\b|\bnr\b|\bnum(?:ero)?s?\b|\bnumber\b|\bnummer\b|\bref(?:erence)?\b|#)[ .:]*)?"
_NUMBER = r"(?P<number>[a-z0-9](?:[a-z0-9]|[-_/.](?=[a-z0-9])){2,29})"
_SERIAL = r"(?P<number>[a-z0-9](?:[a-z0-9]|[-_/.](?=[a-z0-9])){3,29})"
_MORE = re.compile(rf"(?: ?[,;/+&] ?| et | and | en | und )(?:les? |the )?{_SERIAL}(?![\w])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """Money: cents of an ISO 4217 currency, "" when none was written."""

    cents: int
    currency: str = ""


def amounts(text: str) -> tuple[Amount, ...]:
    """Return every amount that bears a currency, in order: "412,80 €", "EUR 1 234.50"."""
    folded = fold(text)
    if not _bears_currency(folded):
        return ()
    found = (match for match in _AMOUNT.finditer(folded))
    return tuple(
        Amount(
            cents=_cents(match["first"] or match["second"]) + _small_change(match),
            currency=_CURRENCIES[match["before"] or match["after"]],
        )
        for match in found
    )


def _small_change(match: re.Match[str]) -> int:
    """Return the cents behind the sign: "12 euros 50", "12€50"."""
    written = match["tight"] or match["loose"]
    whole = not re.search(r"[.,]\d{1,2}$", match["second"] or "0.0")
    return int(written) if written and whole else 0


def _bears_currency(folded: str) -> bool:
    return any(sign in folded for sign in "€£$") or not _CURRENCY_WORDS.isdisjoint(words_of(folded))


def amount_of(text: str) -> int | None:
    """Return the cents of the first amount, with or without currency; None when there is none."""
    money = amounts(text)
    if money:
        return money[0].cents
    bare = _BARE.search(fold(text))
    return _cents(bare.group()) if bare else None


def _cents(digits: str) -> int:
    """Turn "1 234,50" into 123450: the last mark is the decimal one when one or two digits follow."""
    whole = re.sub(r"[ ']", "", digits)
    head, mark, tail = whole, "", ""
    for position in range(max(0, len(whole) - 3), len(whole)):
        if whole[position] in ".,":
            head, mark, tail = whole[:position], whole[position], whole[position + 1 :]
    head = re.sub(r"[.,]", "", head)
    return int(head or 0) * 100 + (int(tail.ljust(2, "0")) if mark and tail else 0)


def date_of(text: str, language: str) -> date | None:
    """Return the first complete date of a text: dd/mm/yyyy, ISO, or with a month's name.

    "03/04/2026" is the third of April; in English ("en") it may be the fourth of March and is none,
    unless the language says the country (en-GB, en-US). 03/25/2026 can only be March.
    """
    return next((written.day for written in days_in(text[:500], language)), None)


def ticket_keys(text: str) -> tuple[str, ...]:
    """Return the keys of ours that a text names, as we write them: RMA-2026-000412."""
    found = (f"{m[1].upper()}-{m[2]}-{m[3].zfill(6)}" for m in _KEY.finditer(fold(text)))
    return tuple(dict.fromkeys(found))


def numbers(text: str, kind: str) -> tuple[str, ...]:
    """Return the numbers named after a word for `kind`, upper case.

    `kind` is one of the keys of `numbers` in words/document.yaml: quote, order, invoice, …

    "devis n° D-2026-118" and "Angebot Nr. 4711" give one, "devis du 12/11/2026" and
    "devis de 412 €" none.
    """
    folded = fold(text)
    said: list[str] = []
    pattern, firsts = _after(kind)
    for match in matches(pattern, firsts, folded):
        said += _counted(match, folded)
    return tuple(dict.fromkeys(said))


def _counted(match: re.Match[str], folded: str) -> Iterator[str]:
    """Walk a list of numbers of one shape: "devis D-2026-118, D-2026-119 et D-2026-120"."""
    following: re.Match[str] | None = match
    while following and _is_number(following, folded) and _is_like(following, match):
        yield following["number"].upper()
        following = _MORE.match(folded, following.end("number"))


def _is_like(other: re.Match[str], first: re.Match[str]) -> bool:
    """Say whether two numbers are of one series: as long, and beginning alike."""
    one, two = first["number"], other["number"]
    return abs(len(one) - len(two)) <= 1 and one[0].isdigit() == two[0].isdigit()


def quote_numbers(text: str) -> tuple[str, ...]:
    """Return every quote number a text cites, upper case, in order."""
    return numbers(text, "quote")


@lru_cache(maxsize=16)
def _after(kind: str) -> tuple[re.Pattern[str], frozenset[bytes]]:
    """Compile: a word for this kind of paper, perhaps "n°", then its number; and the first words."""
    words = mapping_in(_WORDS, "numbers")[kind]
    pattern = rf"\b(?:{any_of(words)})s?[ _:.#(\t]*{_NUMBER_SIGN}[:.#\t ]*{_NUMBER}(?!\w)"
    firsts = first_words(words)
    return re.compile(pattern), firsts | {word + b"s" for word in firsts}


def any_of(words: Iterable[str]) -> str:
    """Return words as one alternation over folded text, longest first."""
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", "[ _]") for word in ordered)


def _is_number(match: re.Match[str], folded: str) -> bool:
    """Refuse what stands where a number could: a word, a date, a price, one of our keys."""
    number = match["number"]
    return (
        any(character.isdigit() for character in number)
        and not _DATE_LIKE.fullmatch(number)
        and not _MONEY_AFTER.match(folded, match.end("number"))
        and not re.match(r"[.,]\d\d\b", folded[match.end("number") : match.end("number") + 4])
        and not number.startswith(("rma", "dem-"))
    )


@lru_cache(maxsize=4)
def serials(text: str) -> tuple[str, ...]:
    """Return the serial numbers that follow a word for them, then those that begin with it, upper case.

    A list after the word gives each; "SN123456" is one alone. Never a phone number or a postcode
    with its town.
    """
    source = compose(text)
    folded = fold(source)
    found: list[str] = []
    for match in matches(_SERIALS, _SERIAL_WORDS, folded):
        found += _listed(match, folded, source)
    found += (match.group().upper() for match in _sn(folded))
    return tuple(dict.fromkeys(found))


def serial_spans(text: str) -> tuple[tuple[tuple[int, int], str], ...]:
    """Return where a composed text names serial numbers, word and number, and each number.

    Only the first of a list after one word counts.
    """
    folded = fold(text)
    named = [
        (match.span(), match["number"].upper())
        for match in matches(_SERIALS, _SERIAL_WORDS, folded)
        if _is_serial(match["number"], text[match.start("number") :])
    ]
    return (*named, *((m.span(), m.group().upper()) for m in _sn(folded)))


def _sn(folded: str) -> Iterator[re.Match[str]]:
    """Give the numbers that begin with "SN"."""
    return _SN.finditer(folded) if "sn" in folded else iter(())


_SN = re.compile(r"(?<![\w/-])sn\d{5,20}(?![\w/-])")
_SERIAL_WORDS = first_words(phrases_in(_WORDS, "serials"))
_SERIALS = re.compile(
    rf"\b(?:{any_of(phrases_in(_WORDS, 'serials'))})(?![a-z0-9])"
    rf"(?: (?:du|de la|de l'|de l|van de|van het|of the|des|der) (?:{any_of(phrases_in(_WORDS, 'device'))})\b)?"
    r"(?: (?:est|is|ist|sont|are|der|du|de|le|la|les))?"
    rf"(?: (?:le|la|les|the))?[ :=.#(\t]*{_NUMBER_SIGN}[ :=.#\t-]*{_SERIAL}(?!\w)"
)


def _listed(match: re.Match[str], folded: str, source: str) -> Iterator[str]:
    """Walk a list of serial numbers: the first after the word, the others after a comma or "et"."""
    following: re.Match[str] | None = match
    while following and _is_serial(following["number"], source[following.start("number") :]):
        yield following["number"].upper()
        following = _MORE.match(folded, following.end("number"))


def _is_serial(number: str, source: str) -> bool:
    """Refuse words, dates, phone numbers and postcodes. `source` is the text from there on."""
    return (
        any(character.isdigit() for character in number)
        and not _DATE_LIKE.fullmatch(number)
        and not _PHONE.match(source[:24])
        and not (number.isdigit() and _POSTCODE.match(source[:10]))
        and not _MONEY_AFTER.match(fold(source[len(number) : len(number) + 6]))
    )


# A phrase after one of these says the opposite: "n'est pas sous garantie".
_CLAUSE_END = re.compile(r"[.,;:!?\n()]")
_CLAUSES = bytes(
    ord("|") if chr(code) in ".,;:!?\n()" else code if chr(code).isalnum() else ord(" ")
    for code in range(256)
)
_NEGATION = re.compile(
    r"(?:\b(?:ne|pas|plus|non|jamais|aucune?|sans|ni|not|no|never|without|longer|isn t|niet|geen|nooit"
    r"|zonder|nicht|kein|keine|keinen|ohne|nie)\b|n t\b)(?: (?:encore|du tout|more|any|mehr|meer"
    r"|under|in|un|une|de|d|la|le|l|a|an|the|eine|einen|een|de|het|souhaite|souhaitons)){0,2} ?$"
)


def found(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Return which of these phrases a text says, as given, in order of appearance.

    Whole words, without case, accents and punctuation; the longest phrase wins, so that "hors
    garantie" hides "garantie". A phrase that is negated ("pas sous garantie") is not said.
    """
    by_key = _by_key(tuple(phrases))
    if not by_key:
        return ()
    clauses = _clauses(text)
    pattern, firsts = _phrases(tuple(by_key))
    said = (
        by_key[match.group()]
        for match in matches(pattern, firsts, clauses)
        if not _is_negated(clauses, match.start())
    )
    return tuple(dict.fromkeys(said))


@lru_cache(maxsize=256)
def _by_key(phrases: tuple[str, ...]) -> dict[str, str]:
    """Return phrases by their folded form."""
    by_key = {key_of(phrase): phrase for phrase in phrases}
    by_key.pop("", None)
    return by_key


@lru_cache(maxsize=4)
def _clauses(text: str) -> str:
    """Fold a text, a bar between its clauses. Several lists of phrases are looked for in the same."""
    folded = fold(text)
    try:
        plain = folded.encode("latin-1").translate(_CLAUSES)
    except UnicodeEncodeError:
        return f" {' | '.join(key_of(clause) for clause in _CLAUSE_END.split(folded))} "
    return f" {b' '.join(plain.replace(b'|', b' | ').split()).decode('latin-1')} "


def _is_negated(clauses: str, position: int) -> bool:
    """Say whether a negation stands right before a phrase, in the same clause."""
    before = clauses[max(0, position - 30) : position].rpartition("|")[2]
    return bool(_NEGATION.search(before))


@lru_cache(maxsize=256)
def _phrases(keys: tuple[str, ...]) -> tuple[re.Pattern[str], frozenset[bytes]]:
    """Compile folded phrases, longest first; and the words they begin with."""
    ordered = sorted(keys, key=lambda key: (-len(key), key))
    every = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<= )(?:{every})(?= )"), first_words(keys)
