"""What one file of a mail is to the business: by its content, then by what the state expects, then by
the words of the mail and the name of the file (X-11, X-25, F-49).

What only was guessed, or where the clues contradict one another, is `unsure`: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import yaml

from handlers.order_check import ORDER_KINDS
from parsers.business import BusinessDocument, Confidence, DocumentKind, Photo, Source
from parsers.fields.said import phrases_said
from parsers.mail import Attachment, FileKind, Intent, IntentKind

PAPER_FILES = (FileKind.PDF, FileKind.OFFICE, FileKind.XML)
SLOT_INTENTS = (
    IntentKind.EMPTY,
    IntentKind.ACCEPTANCE,
    IntentKind.AMBIGUOUS,
    IntentKind.THANKS,
    IntentKind.UNKNOWN,
)
SIGNING_INTENTS = (IntentKind.EMPTY, IntentKind.ACCEPTANCE)
SIGNED = (DocumentKind.SIGNED_QUOTE, DocumentKind.SIGNED_AGREEMENT)
BINDING = (*ORDER_KINDS, DocumentKind.QUOTE, DocumentKind.SIGNED_AGREEMENT)
"""Kinds that bind somebody: the name of a file alone makes none of them."""

OTHER, PHOTO = DocumentKind.OTHER.value, DocumentKind.PHOTO.value
PARCEL_NUMBER = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")  # UPU S10
_SENTENCE_END = re.compile(r"[.;!?\n]")
_LETTERS_THEN_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def _read(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of a word file by kind, those of every language together."""
    text = (resources.files("handlers.words") / name).read_text(encoding="utf-8")
    return {
        kind: tuple(phrase for phrases in languages.values() for phrase in phrases)
        for kind, languages in yaml.safe_load(text).items()
    }


PAPERS = _read("papers.yaml")
PHOTOS = {kind: phrases for kind, phrases in _read("photos.yaml").items() if kind != "picture"}
PICTURES = _read("photos.yaml")["picture"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What stands around the files of a mail: the documents its state `expects`, what the mail wants,
    the words `said`, and whether it brings papers (then a picture is hardly meant to be one)."""

    expects: tuple[str, ...] = ()
    intent: Intent = field(default_factory=Intent)
    said: str = ""
    papers: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledAs:
    """What a file was taken for, how certain that is, and why, as a sentence."""

    kind: str
    confidence: Confidence
    reason: str


def is_paper(file: Attachment) -> bool:
    """Tell whether a file can be a paper: an order, a quote, an invoice."""
    return file.kind in PAPER_FILES


def kind_of(file: Attachment, around: Surroundings) -> FiledAs:
    """Return what a file is to the ticket."""
    if file.kind is FileKind.IMAGE:
        return _picture(file, around)
    if is_paper(file):
        return _paper(file, around)
    return FiledAs(kind=OTHER, confidence=Confidence.SURE, reason="neither paper nor photo")


def _paper(file: Attachment, around: Surroundings) -> FiledAs:
    read = file.document or BusinessDocument(readable=False, source=Source.NONE)
    if not read.readable or read.source is Source.GUESS:
        return _unread_paper(read, around)
    named = _expected_and_named(around) or _single(_papers_named(around.said))
    if read.kind is DocumentKind.OTHER:
        return _nameless_paper(read, around, named)
    if read.confidence is not Confidence.UNSURE:
        return FiledAs(kind=read.kind.value, confidence=read.confidence, reason=_content(read))
    return _agreeing(
        read.kind.value, f"in doubt, {_content(read)}", agreed=named == read.kind.value
    )


def _nameless_paper(read: BusinessDocument, around: Surroundings, named: str) -> FiledAs:
    """Return what a paper is that can be read and looks like none we know: what is said or awaited
    makes it nothing certain."""
    maybe = named or _slot(around)
    if maybe in BINDING:
        why = "the words call it" if named else "the state waits for"
        reason = f"{why} {maybe}, the paper itself does not look like it"
        return FiledAs(kind=maybe, confidence=Confidence.UNSURE, reason=reason)
    # "Other" claims nothing: there is nothing to ask a person about.
    return FiledAs(kind=maybe or OTHER, confidence=Confidence.LIKELY, reason=_content(read))


def _agreeing(kind: str, why: str, *, agreed: bool) -> FiledAs:
    """Return a kind in doubt, likely once the words of the mail say the same."""
    if agreed:
        reason = f"{why}; the words call it so"
        return FiledAs(kind=kind, confidence=Confidence.LIKELY, reason=reason)
    return FiledAs(kind=kind, confidence=Confidence.UNSURE, reason=why)


def _content(read: BusinessDocument) -> str:
    return f"its content: {'; '.join(read.reasons)}" if read.reasons else "its content"


def _unread_paper(read: BusinessDocument, around: Surroundings) -> FiledAs:
    """Return what a scan is, whose name or pixels at most suggest something (X-11, X-24)."""
    guess, slot = read.kind.value, _slot(around)
    if slot and guess in (OTHER, *around.expects, *(ORDER_KINDS if slot in ORDER_KINDS else ())):
        kind = slot if guess == OTHER or _expected_and_named(around) else guess
        return FiledAs(
            kind=kind, confidence=Confidence.LIKELY, reason=f"the state waits for {slot}"
        )
    if slot:
        reason = f"it looks like {guess}, the state waits for {slot}"
        return FiledAs(kind=guess, confidence=Confidence.UNSURE, reason=reason)
    named = _single(_papers_named(around.said))
    if guess != OTHER:
        return _suggested(read, agreed=named == guess)
    if named:
        return FiledAs(kind=named, confidence=Confidence.LIKELY, reason="the words call it so")
    waiting = next(iter(_papers_awaited(around)), "")
    if waiting:
        reason = f"nothing tells, and the state waits for {waiting}"
        return FiledAs(kind=waiting, confidence=Confidence.UNSURE, reason=reason)
    return FiledAs(kind=OTHER, confidence=Confidence.LIKELY, reason="nothing tells what it is")


def _suggested(read: BusinessDocument, *, agreed: bool) -> FiledAs:
    """Return a kind that the name of a file suggests, or a reading of its pixels."""
    by_name = read.source is not Source.GUESS
    why = "the name of the file" if by_name else f"a guess from {_content(read)}"
    if by_name and read.kind not in BINDING:
        return FiledAs(kind=read.kind.value, confidence=Confidence.LIKELY, reason=why)
    return _agreeing(read.kind.value, why, agreed=agreed)


def _slot(around: Surroundings) -> str:
    """Return the document that is waited for and that this mail brings, "" for none: its words name
    it, or they are such that one sends with it (X-11)."""
    named = _expected_and_named(around)
    fits = around.intent.kind in SLOT_INTENTS
    return named or next((kind for kind in _papers_awaited(around) if fits), "")


def _papers_awaited(around: Surroundings) -> tuple[str, ...]:
    """Return what the state waits for that is no photo."""
    return tuple(kind for kind in around.expects if kind != PHOTO and kind not in PHOTOS)


def _expected_and_named(around: Surroundings) -> str:
    return next((kind for kind in _papers_named(around.said) if kind in around.expects), "")


def _picture(file: Attachment, around: Surroundings) -> FiledAs:
    """Return what a picture is: a photo, unless it stands for a paper (F-49)."""
    shown = _shown(file, around)
    if shown is None and not file.inline and not around.papers:
        pictured = _pictured(file, around)
        if pictured is not None:
            return pictured
    guess = file.document
    if guess is not None and guess.source is Source.GUESS and guess.kind.value in PAPERS:
        return FiledAs(
            kind=guess.kind.value, confidence=Confidence.UNSURE, reason="a guess from its pixels"
        )
    coded = _by_code(file.photo)
    if shown is None and coded:
        return FiledAs(kind=coded, confidence=Confidence.LIKELY, reason="a code on it")
    return shown or FiledAs(kind=PHOTO, confidence=Confidence.SURE, reason="a picture")


def _pictured(file: Attachment, around: Surroundings) -> FiledAs | None:
    """Return the paper that a picture stands for, None for none: the words name the one that is
    awaited, the picture comes without words, or the name of the file says it."""
    alone = around.intent.kind in SIGNING_INTENTS and not _by_code(file.photo)
    awaited = _expected_and_named(around) or (_awaited_as_picture(around) if alone else "")
    if awaited:
        reason = f"the state waits for {awaited}"
        return FiledAs(kind=awaited, confidence=Confidence.LIKELY, reason=reason)
    by_name = _single(_named(PAPERS, _words_of_name(file.filename)))
    if not by_name:
        return None
    agreed = by_name not in BINDING or (
        by_name in around.expects and around.intent.kind in SLOT_INTENTS
    )
    return FiledAs(
        kind=by_name,
        confidence=Confidence.LIKELY if agreed else Confidence.UNSURE,
        reason="the name of the file",
    )


def _awaited_as_picture(around: Surroundings) -> str:
    """Return the awaited paper that people send as a picture, a signed one first; "" where photos
    are awaited as well."""
    papers = _papers_awaited(around)
    if len(papers) < len(around.expects):
        return ""
    return next((kind for kind in papers if kind in SIGNED), next(iter(papers), ""))


def _shown(file: Attachment, around: Surroundings) -> FiledAs | None:
    """Return which photo it is: by the number of a parcel, the state, its name, the words, in this
    order; None when nothing tells."""
    expected = [kind for kind in around.expects if kind in PHOTOS]
    clues = (
        (_by_parcel_code(file.photo), "the number of a parcel on it"),
        (expected[0] if len(expected) == 1 else "", "the state waits for it"),
        (_single(_named(PHOTOS, _words_of_name(file.filename))), "the name of the file"),
        (_named_photo(around.said), "the words say so"),
    )
    told = (
        FiledAs(kind=kind, confidence=Confidence.LIKELY, reason=reason)
        for kind, reason in clues
        if kind
    )
    return next(told, None)


def _by_parcel_code(photo: Photo | None) -> str:
    codes = photo.barcodes if photo is not None else ()
    sent = any(one.valid and PARCEL_NUMBER.fullmatch(one.text) for one in codes)
    return DocumentKind.PHOTO_PARCEL.value if sent else ""


def _by_code(photo: Photo | None) -> str:
    """Tell a photo of a label (an article number) from one of a nameplate (a number of its own)."""
    texts = [one for one in (photo.barcodes if photo is not None else ()) if one.valid]
    if not texts:
        return ""
    article = all(one.symbology.upper().startswith(("EAN", "UPC")) for one in texts)
    return (DocumentKind.PHOTO_LABEL if article else DocumentKind.PHOTO_NAMEPLATE).value


@lru_cache(maxsize=4)
def _named_photo(said: str) -> str:
    """Return the only kind of photo that sentences about pictures name, "" for none or several."""
    sentences = _SENTENCE_END.split(said) if phrases_said(said, PICTURES) else ()
    about = "\n".join(one for one in sentences if phrases_said(one, PICTURES))
    return _single(_named(PHOTOS, about))


def _words_of_name(filename: str) -> str:
    return _LETTERS_THEN_DIGITS.sub(" ", filename.replace("_", " ").replace("-", " "))


@lru_cache(maxsize=4)
def _papers_named(said: str) -> tuple[str, ...]:
    """Return the papers that the words of a mail name; asked once for each of its files."""
    return _named(PAPERS, said)


def _named(phrases: Mapping[str, tuple[str, ...]], text: str) -> tuple[str, ...]:
    """Return the kinds that a text names."""
    return tuple(kind for kind, words in phrases.items() if text and phrases_said(text, words))


def _single(kinds: tuple[str, ...]) -> str:
    """Return the one kind named, "" for none or several."""
    return kinds[0] if len(kinds) == 1 else ""
