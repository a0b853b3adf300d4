"""Tell what kind of business paper a PDF is by what is printed on it (X-25).

Evidence is weighed, never the first match taken: titles by their size and place, words that only
one kind of paper has, the columns of the table. Where two kinds come close, the kind is `unsure`
and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.business import Confidence, DocumentKind, Place
from parsers.fields.spotting import has_digit
from parsers.files.kind_cells import Cell, cells_of, cells_typed
from parsers.files.kind_clues import Clues, clues_of, is_printed_mail
from parsers.files.kind_extent import FirstPaper, first_paper
from parsers.files.kind_signature import (
    CERTAINTY,
    Signature,
    seal_of,
    signature_of,
    typed_signature,
)
from parsers.files.kind_title import titles_of
from parsers.files.kind_weight import Scale, kind_of_sort, weigh
from parsers.files.kind_words import WORDS
from parsers.files.layout import Page
from parsers.folding import fold, key_of
from parsers.word_lists import mapping_in

_FILE_NAMES = {
    DocumentKind(kind): tuple(f" {key_of(word)} " for word in words)
    for kind, words in mapping_in(WORDS, "file_names").items()
}
_BLANK = re.compile(r"(?:\.{4,}+|_{4,}+|…{2,}+)(?! ?:)")
_HEADING = 1.3
_NEAR_TITLE, _BLANKS_COST = 4, 3.0
"""Rows below the title of an order in which blanks tell a form nobody filled in."""
_CLUES = 3
"""So many clues are told as reasons."""
_HINT = 2.0
"""What clues weigh without a title that make a person look."""
_DOUBTED = frozenset({"quote_or_order", "signed_agreement", "job", "receipt"})
"""Unsure as they stand: a signature settles them."""
_TYPED = "typed"
_HALF_SURE = frozenset({"proforma"})
_MEANINGS = {
    "acknowledgement": ("a seller acknowledges an order: it is none itself",),
    "proforma": ("a pro forma invoice is treated as an invoice; it orders nothing",),
    "quote_or_order": ("a quote that becomes an order when it is signed",),
    "request": ("it asks for a quote",),
    "requisition": ("it asks somebody to order, it orders nothing",),
    "cancellation": ("it takes an order back",),
    "receipt": ("a receipt is treated as an invoice",),
    "signed_agreement": ("an agreement counts when it is signed",),
    "job": ("an order to work counts as an agreement when it is signed",),
}
_SIGNABLE = {
    "quote": DocumentKind.SIGNED_QUOTE,
    "quote_or_order": DocumentKind.SIGNED_QUOTE,
    "signed_agreement": DocumentKind.SIGNED_AGREEMENT,
    "job": DocumentKind.SIGNED_AGREEMENT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperKind:
    """What a paper is, how certain that is, and why.

    `reasons` are sentences that name page and line. `title` is where the title stands, None when
    the kind was told without one. `signs` are the words by which somebody signed ("words: bon
    pour accord").
    """

    kind: DocumentKind = DocumentKind.OTHER
    confidence: Confidence = Confidence.UNSURE
    reasons: tuple[str, ...] = ()
    title: Place | None = None
    signs: tuple[str, ...] = ()


def kind_of_paper(
    pages: Sequence[Page],
    *,
    signs: tuple[str, ...] = (),
    typed: tuple[str, ...] = (),
) -> PaperKind:
    """Return the kind of a paper from its pages.

    `signs` are what else shows that somebody signed ("digital signature", "ink"); they make a
    quote a signed one. `typed` are texts that somebody put on the paper and no text layer has: they
    sign it, or make it an order, by what they say. Total, linear in the words.
    """
    cells = cells_of(pages)
    if not cells:
        return PaperKind(reasons=("nothing is printed on it",))
    if is_printed_mail([cell for cell in cells if cell.page == cells[0].page]):
        return _mail(cells)
    sort, told = _told(paper := first_paper(cells))
    own = [cell for cell in cells if cell.page == paper.page or cell.row < paper.end]
    notes = cells_typed(typed)
    words = signature_of(own) or seal_of(cells) or typed_signature(notes)
    hands = tuple(sign for sign in signs if sign != _TYPED)
    told = _with_note(_with_signature(told, sort, words, hands), notes)
    if told.kind is DocumentKind.QUOTE and _TYPED in signs and not typed:
        told = _doubted(told, "something was typed onto it")
    return told


def kind_of_name(filename: str) -> DocumentKind:
    """Guess from a file name what an unreadable file was meant to be: only a hint."""
    name = f" {key_of(re.sub(r'(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])', ' ', fold(filename)))} "
    for kind, words in _FILE_NAMES.items():
        if any(word in name for word in words):
            return kind
    return DocumentKind.OTHER


def _mail(cells: Sequence[Cell]) -> PaperKind:
    """Return the answer for a mail that somebody printed: what it names is attached elsewhere."""
    head = f'{_at(cells[0].place)}: the head of a mail, "{cells[0].line[:80]}"'
    named = (f"{_at(t.place)}: {t.place.line[:80]}" for t in titles_of(cells)[:_CLUES])
    return PaperKind(reasons=(head, *named))


def _doubted(told: PaperKind, why: str) -> PaperKind:
    """Return an answer that a person must confirm."""
    return replace(told, confidence=Confidence.UNSURE, reasons=(*told.reasons, why))


def _told(paper: FirstPaper) -> tuple[str, PaperKind]:
    """Return the sort and the kind that the print of the first paper tells."""
    clues = clues_of(paper.cells)
    scale = weigh(paper.titles, clues)
    _doubt_blank_form(paper, scale)
    _doubt_under_heading(paper, scale)
    sort = scale.top()
    if not sort:
        return "", _untold(scale, clues)
    title = scale.titles.get(sort)
    reasons = (
        *((f"{_at(title.place)}: title {title.place.line[:80]}",) if title else ()),
        *_MEANINGS.get(sort, ()),
        *(f'{_at(c.place)}: "{c.place.line[:80]}"' for c in clues.of(sort)[:_CLUES]),
        *scale.remarks,
        *scale.doubts.get(sort, ()),
        *paper.late,
        *paper.others,
        *_rival(scale, sort),
    )
    confidence = _confidence(scale, sort, paper)
    place = title.place if title else None
    return sort, PaperKind(
        kind=kind_of_sort(sort), confidence=confidence, reasons=reasons, title=place
    )


def _confidence(scale: Scale, sort: str, paper: FirstPaper) -> Confidence:
    """Return how certain the heaviest sort is, seeing what else the file holds."""
    kind, confidence = kind_of_sort(sort), scale.confidence(sort)
    untitled = kind is DocumentKind.ORDER and sort not in scale.titles
    ordered = kind is DocumentKind.QUOTE and paper.behind == "order"
    if sort in _DOUBTED or untitled or ordered or paper.late:
        return Confidence.UNSURE
    if sort in _HALF_SURE or paper.others:
        return min(confidence, Confidence.LIKELY, key=CERTAINTY.index)
    return confidence


def _untold(scale: Scale, clues: Clues) -> PaperKind:
    """Return the answer for a paper that says nothing of its kind, or too little."""
    hints = tuple(f'{_at(c.place)}: "{c.place.line[:80]}"' for c in clues.found[:_CLUES])
    hinted = bool(scale.titles) or max(scale.scores.values(), default=0.0) >= _HINT
    confidence = Confidence.UNSURE if hinted else Confidence.LIKELY
    return PaperKind(confidence=confidence, reasons=("no title of a business paper", *hints))


def _doubt_blank_form(paper: FirstPaper, scale: Scale) -> None:
    """Doubt an order whose number is still to be written."""
    order = scale.titles.get("order")
    if order is None:
        return
    near = (c for c in paper.cells if order.row <= c.row <= order.row + _NEAR_TITLE)
    blank = next((cell for cell in near if _BLANK.search(cell.text)), None)
    if blank is not None:
        scale.scores["order"] -= _BLANKS_COST
        scale.doubt("order", f"{_at(blank.place)}: blanks below the title of an order")


def _doubt_under_heading(paper: FirstPaper, scale: Scale) -> None:
    """Doubt an order named below a larger heading with a number that no word list knows."""
    order = scale.titles.get("order")
    if order is None or order.large:
        return
    above = (c for c in paper.cells if c.row < order.row and c.size >= _HEADING)
    known = {title.row for title in paper.titles}
    numbers = (c for c in above if c.row not in known and has_digit(c.text))
    heading = next(numbers, None)
    if heading is not None:
        why = f"{_at(heading.place)}: {heading.line[:80]} stands larger above the order"
        scale.doubt("order", why)


def _rival(scale: Scale, sort: str) -> tuple[str, ...]:
    """Name the kind that comes second, when it has a title of its own."""
    others = [t for s, t in scale.titles.items() if kind_of_sort(s) is not kind_of_sort(sort)]
    other = max(others, key=lambda title: scale.scores[title.sort], default=None)
    if other is None:
        return ()
    return (f"{_at(other.place)}: {other.place.line[:80]} weighs less",)


def _with_signature(
    told: PaperKind, sort: str, words: Signature | None, signs: tuple[str, ...]
) -> PaperKind:
    """Return a quote or an agreement as a signed one when somebody signed it."""
    found = (f"words: {words.phrase}",) if words else ()
    if sort not in _SIGNABLE:
        return replace(told, signs=found)
    if not signs and words is None:
        return replace(told, kind=DocumentKind.OTHER) if sort == "job" else told
    confidence = _signed_confidence(told.confidence, sort, words, signs)
    reasons = [f"signed: {sign}" for sign in signs]
    reasons += [f'{_at(words.place)}: signed, "{words.place.line[:80]}"'] if words else []
    return replace(
        told,
        kind=_SIGNABLE[sort],
        confidence=confidence,
        reasons=(*told.reasons, *reasons),
        signs=found,
    )


def _signed_confidence(
    told: Confidence, sort: str, words: Signature | None, signs: tuple[str, ...]
) -> Confidence:
    """Return how certain a signed paper is: as certain as its kind and as the signature."""
    if told is Confidence.UNSURE and sort not in _DOUBTED:
        return told
    most = Confidence.SURE if sort == "quote" else Confidence.LIKELY
    signed = words.confidence if words and not signs else Confidence.SURE
    if words and words.dated and sort == "signed_agreement":
        signed = Confidence.SURE  # nobody else has his name under an agreement
    return min(most, signed, key=CERTAINTY.index)


def _with_note(told: PaperKind, notes: Sequence[Cell]) -> PaperKind:
    """Return our quote as a doubtful order when somebody typed the title of one onto it."""
    note = next((title for title in titles_of(notes) if title.sort == "order"), None)
    if note is None or told.kind not in (DocumentKind.QUOTE, DocumentKind.SIGNED_QUOTE):
        return told
    kind = DocumentKind.ORDER if note.strong and note.numbered else told.kind
    return _doubted(replace(told, kind=kind), f'typed onto the page: "{note.place.line[:80]}"')


def _at(place: Place) -> str:
    """Name the page of a place."""
    return f"page {place.page}"
