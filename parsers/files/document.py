"""Read a business document from a file: what it is, what it names, what it amounts to (X-25).

Called in a worker process with limits: PDFium ends its process when memory runs out. XML that
goes with a paper goes before its text layer (X-24).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.files.einvoice import completed, read_embedded, read_xml
from parsers.files.kind import kind_of_name, kind_of_paper
from parsers.files.layout import Page, pages_of, read_pages, text_of
from parsers.files.ocr import guessed_pages, nothing_guessed
from parsers.files.paper import read_paper_pages
from parsers.files.pdf_state import PdfState
from parsers.files.second_look import better_of, pages_of_second_look, wants_second_look
from parsers.files.typed_text import Typed, with_typed
from parsers.mail import Attachment, FileKind

# A text layer with less than this is a scan with a stamp on it.
_LEAST = 20
_NO_STATE = PdfState()


def read_document(attachment: Attachment, state: PdfState = _NO_STATE) -> BusinessDocument | None:
    """Return what a file means to the business, None when it cannot be a document.

    Never raises. A scan, an encrypted or a broken PDF is `readable=False` and its kind comes from
    the file name alone: it still counts as received (X-24). So is an office file. A picture is a
    photo. `state`: what was seen of a PDF before; what was typed onto it belongs to its text.
    """
    if attachment.decor or attachment.kind is FileKind.EMPTY:
        return None
    if attachment.kind is FileKind.IMAGE:
        return BusinessDocument(kind=DocumentKind.PHOTO)
    if attachment.kind is FileKind.XML:
        return read_xml(attachment.data)
    if attachment.kind is FileKind.PDF:
        paper = _read_pdf(attachment, state)
        return replace(paper, form=state.form, untouched=state.untouched)
    return _unread(attachment) if attachment.kind is FileKind.OFFICE else None


def _unread(attachment: Attachment) -> BusinessDocument:
    """Return a document nobody could read: what its file name says of it is but a hint."""
    kind = kind_of_name(attachment.filename)
    return BusinessDocument(
        kind=kind, confidence=Confidence.UNSURE, readable=False, source=Source.NONE
    )


def _read_pdf(attachment: Attachment, state: PdfState) -> BusinessDocument:
    """Read the page, and before it the XML that goes with it."""
    xml = read_embedded(attachment.data)
    pages = read_pages(attachment.data)
    paper = _read_printed(pages, state)
    if paper and not xml and wants_second_look(paper):
        again = _read_printed(pages_of_second_look(attachment.data, text_of(pages)), state)
        paper = better_of(paper, again) if again and again.kind is paper.kind else paper
    if paper is None:
        paper = read_scan(attachment, guessing=nothing_guessed if xml else guessed_pages)
        paper = replace(paper, signs=(*paper.signs, *state.signs))
    return completed(xml, paper) if xml else paper


def _read_printed(pages: tuple[Page, ...], state: PdfState) -> BusinessDocument | None:
    """Return what printed pages say, None when next to nothing is printed on them."""
    whole = _with_notes(with_typed(pages, state.typed), state.typed)
    if len(text_of(whole).strip()) < _LEAST:
        return None
    typed = tuple(one.text for one in state.typed)
    told = kind_of_paper(pages, signs=state.signs, typed=typed)
    return read_paper_pages(whole, told, signs=state.signs)


def _with_notes(pages: tuple[Page, ...], typed: tuple[Typed, ...]) -> tuple[Page, ...]:
    """Add what was typed nobody knows where under the last page."""
    notes = "\n".join(one.text for one in typed if not one.box)
    if not pages or not notes:
        return pages
    last = pages[-1]
    rows = pages_of(notes, top=last.height)[0].rows
    return (*pages[:-1], replace(last, rows=(*last.rows, *rows)))


def read_scan(
    attachment: Attachment, *, guessing: Callable[[bytes], tuple[Page, ...]] = guessed_pages
) -> BusinessDocument:
    """Return a paper whose pages have no text: its kind by its name. Where words can be guessed
    they suggest what it is and says, and nothing of it is certain."""
    unread = _unread(attachment)
    pages = guessing(attachment.data)
    if len(text_of(pages).strip()) < _LEAST:
        return unread
    guess = read_paper_pages(pages, kind_of_paper(pages))
    return replace(
        guess,
        kind=unread.kind if guess.kind is DocumentKind.OTHER else guess.kind,
        confidence=Confidence.UNSURE,
        source=Source.GUESS,
        readable=False,
    )
