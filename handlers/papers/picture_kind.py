"""Which photo a picture of a mail is, or which paper it stands for (F-49, I-46, X-25)."""

from __future__ import annotations

from handlers.papers.file_words import (
    PAPERS,
    PHOTOS,
    paper_called,
    papers_named,
    photo_called,
    photo_named,
)
from handlers.papers.photo_codes import shows_our_page
from handlers.papers.surroundings import (
    BINDING,
    SLOT_INTENTS,
    FiledAs,
    Surroundings,
    awaited_and_named,
    papers_awaited,
)
from parsers.business import Barcode, Confidence, DocumentKind, Source
from parsers.files.codes import Shown, shown_by
from parsers.mail import Attachment, IntentKind

SIGNING_INTENTS = (IntentKind.EMPTY, IntentKind.ACCEPTANCE)
AGREEMENT = DocumentKind.SIGNED_AGREEMENT.value
SIGNED = (DocumentKind.SIGNED_QUOTE, DocumentKind.SIGNED_AGREEMENT)


def kind_of_picture(file: Attachment, around: Surroundings) -> FiledAs:
    """Return what a picture is: a photo, unless it stands for a paper (F-49)."""
    if _is_our_agreement(file, around):
        reason = "it shows the code of the page we sent to be signed"
        return FiledAs(kind=AGREEMENT, confidence=Confidence.LIKELY, reason=reason)
    shown = None if _is_named_paper(file, around) else _shown(file, around)
    if shown is None and not file.inline and not around.papers:
        pictured = _pictured(file, around)
        if pictured is not None:
            return pictured
    guess = file.document
    if guess is not None and guess.source is Source.GUESS and guess.kind.value in PAPERS:
        return FiledAs(
            kind=guess.kind.value, confidence=Confidence.UNSURE, reason="a guess from its pixels"
        )
    return shown or _plain_photo(_coded(file))


def _is_our_agreement(file: Attachment, around: Surroundings) -> bool:
    """Tell whether a picture is the page that the state waits for, signed: sent from the code on it, often
    without a word. Other papers of ours bear a code too, and none of them binds anybody."""
    fits = around.intent.kind in SLOT_INTENTS and not papers_named(around.said)
    return fits and AGREEMENT in around.expects and shows_our_page(_codes(file))


def _is_named_paper(file: Attachment, around: Surroundings) -> bool:
    """Tell whether the words name a paper that is awaited, and neither they nor the file name a photo:
    then that the state waits for a photo as well makes none of it."""
    photo = photo_called(file.filename) or photo_named(around.said)
    parcel = _coded(file).kind is DocumentKind.PHOTO_PARCEL
    return bool(awaited_and_named(around)) and not photo and not parcel


def _plain_photo(coded: Shown) -> FiledAs:
    reason = "; ".join(coded.reasons) or "a picture"
    return FiledAs(kind=coded.kind.value, confidence=coded.confidence, reason=reason)


def _pictured(file: Attachment, around: Surroundings) -> FiledAs | None:
    """Return the paper that a picture stands for, None for none: the words name the one that is
    awaited, the picture comes without words, or the name of the file says it."""
    told = papers_named(around.said) or _codes(file)
    alone = around.intent.kind in SIGNING_INTENTS and not told
    awaited = awaited_and_named(around) or (_awaited_as_picture(around) if alone else "")
    if awaited:
        reason = f"the state waits for {awaited}"
        return FiledAs(kind=awaited, confidence=Confidence.LIKELY, reason=reason)
    by_name = paper_called(file.filename)
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
    papers = papers_awaited(around)
    if len(papers) < len(around.expects):
        return ""
    return next((kind for kind in papers if kind in SIGNED), next(iter(papers), ""))


def _shown(file: Attachment, around: Surroundings) -> FiledAs | None:
    """Return which photo it is: by the number of a parcel, the state, its name, the words, in this
    order; None when nothing tells."""
    expected = [kind for kind in around.expects if kind in PHOTOS]
    coded = _coded(file)
    parcel = coded.kind is DocumentKind.PHOTO_PARCEL
    clues = (
        (coded.kind.value if parcel else "", "; ".join(coded.reasons)),
        (expected[0] if len(expected) == 1 else "", "the state waits for it"),
        (photo_called(file.filename), "the name of the file"),
        (photo_named(around.said), "the words say so"),
    )
    told = (
        FiledAs(kind=kind, confidence=Confidence.LIKELY, reason=reason)
        for kind, reason in clues
        if kind
    )
    return next(told, None)


def _coded(file: Attachment) -> Shown:
    """Return what a picture shows by its codes alone."""
    return shown_by(_codes(file))


def _codes(file: Attachment) -> tuple[Barcode, ...]:
    """Return the codes on a picture that were read without fault."""
    codes = file.photo.barcodes if file.photo is not None else ()
    return tuple(code for code in codes if code.valid)
