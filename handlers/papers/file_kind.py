"""What one file of a mail is to the business: by its content, then by what the state expects, then by
the words of the mail and the name of the file (X-11, X-25, F-49).

What only was guessed, or where the clues contradict one another, is `unsure`: a person decides.
"""

from __future__ import annotations

from handlers.papers.file_words import papers_named, single
from handlers.papers.picture_kind import kind_of_picture
from handlers.papers.quotes import ORDER_KINDS
from handlers.papers.surroundings import (
    BINDING,
    OTHER,
    SLOT_INTENTS,
    FiledAs,
    Surroundings,
    awaited_and_named,
    papers_awaited,
)
from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.mail import Attachment, FileKind

PAPER_FILES = (FileKind.PDF, FileKind.OFFICE, FileKind.XML)


def is_paper(file: Attachment) -> bool:
    """Tell whether a file can be a paper: an order, a quote, an invoice."""
    return file.kind in PAPER_FILES


def kind_of(file: Attachment, around: Surroundings) -> FiledAs:
    """Return what a file is to the ticket."""
    if file.kind is FileKind.IMAGE:
        return kind_of_picture(file, around)
    if is_paper(file):
        return _paper(file, around)
    return FiledAs(kind=OTHER, confidence=Confidence.SURE, reason="neither paper nor photo")


def _paper(file: Attachment, around: Surroundings) -> FiledAs:
    read = file.document or BusinessDocument(readable=False, source=Source.NONE)
    if not read.readable or read.source is Source.GUESS:
        return _unread_paper(read, around)
    named = awaited_and_named(around) or single(papers_named(around.said))
    if read.kind is DocumentKind.OTHER:
        return _nameless_paper(read, around, named)
    if read.confidence is not Confidence.UNSURE:
        return FiledAs(kind=read.kind.value, confidence=read.confidence, reason=_content(read))
    agreed = named == read.kind.value and not read.untouched  # words do not sign our own page
    return _agreeing(read.kind.value, f"in doubt, {_content(read)}", agreed=agreed)


def _nameless_paper(read: BusinessDocument, around: Surroundings, named: str) -> FiledAs:
    """Return what a paper is that can be read and looks like none we know: what is said makes it
    nothing certain, nor what is awaited where its content tells nothing."""
    awaited = _slot(around) if read.confidence is Confidence.UNSURE else ""
    maybe = named or awaited
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
        kind = slot if guess == OTHER or awaited_and_named(around) else guess
        return FiledAs(
            kind=kind, confidence=Confidence.LIKELY, reason=f"the state waits for {slot}"
        )
    if slot:
        reason = f"it looks like {guess}, the state waits for {slot}"
        return FiledAs(kind=guess, confidence=Confidence.UNSURE, reason=reason)
    named = single(papers_named(around.said))
    if guess != OTHER:
        return _suggested(read, agreed=named == guess)
    why = f"the words call it {named}" if named else "nothing tells what it is"
    waiting = next(iter(papers_awaited(around)), "")
    if waiting:
        reason = f"{why}, and the state waits for {waiting}"
        return FiledAs(kind=named or waiting, confidence=Confidence.UNSURE, reason=reason)
    return FiledAs(kind=named or OTHER, confidence=Confidence.LIKELY, reason=why)


def _suggested(read: BusinessDocument, *, agreed: bool) -> FiledAs:
    """Return a kind that the name of a file suggests, or a reading of its pixels."""
    by_name = read.source is not Source.GUESS
    why = "the name of the file" if by_name else f"a guess from {_content(read)}"
    if by_name and read.kind not in BINDING:
        return FiledAs(kind=read.kind.value, confidence=Confidence.LIKELY, reason=why)
    return _agreeing(read.kind.value, why, agreed=agreed)


def _slot(around: Surroundings) -> str:
    """Return the document that is waited for and that this mail brings, "" for none: its words name
    it, or they are such that one sends with it and name nothing else (X-11)."""
    named = awaited_and_named(around)
    fits = around.intent.kind in SLOT_INTENTS and not papers_named(around.said)
    return named or next((kind for kind in papers_awaited(around) if fits), "")
