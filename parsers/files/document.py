"""Read a business document from a file: what it is, what it names, what it amounts to (X-25).

Called in a worker process with limits: PDFium ends its process when memory runs out. XML that
goes with a paper goes before its text layer (X-24).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pypdfium2

from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.files.einvoice import completed, read_embedded, read_xml
from parsers.files.layout import Page, text_by_position, text_of
from parsers.files.ocr import guessed_pages, nothing_guessed
from parsers.files.paper import read_paper
from parsers.files.pdf_state import PdfState
from parsers.folding import fold, key_of
from parsers.mail import Attachment, FileKind
from parsers.word_lists import mapping_in, read_words

_WORDS = read_words("document")
_PAGES = 20
_CHARACTERS = 200_000
# A text layer with less than this is a scan with a stamp on it.
_LEAST = 20
_PRICED = (DocumentKind.ORDER, DocumentKind.QUOTE, DocumentKind.SIGNED_QUOTE, DocumentKind.INVOICE)
_NO_STATE = PdfState()
_TROUBLE = (pypdfium2.PdfiumError, ValueError, TypeError, RuntimeError, OSError)


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
    if attachment.kind not in (FileKind.PDF, FileKind.OFFICE):
        return None
    if attachment.kind is FileKind.PDF:
        return _read_pdf(attachment, state)
    return BusinessDocument(kind=_kind_of_name(attachment.filename), readable=False)


def _read_pdf(attachment: Attachment, state: PdfState) -> BusinessDocument:
    """Read the page, and before it the XML that goes with it."""
    xml = read_embedded(attachment.data)
    text = "\n".join((pdf_text(attachment.data), *(one.text for one in state.typed)))
    if len(text.strip()) >= _LEAST:
        paper = _read_text(text, attachment.data)
    else:
        paper = read_scan(attachment, guessing=nothing_guessed if xml else guessed_pages)
    paper = replace(paper, signs=(*paper.signs, *state.signs))
    return completed(xml, paper) if xml else paper


def read_scan(
    attachment: Attachment, *, guessing: Callable[[bytes], tuple[Page, ...]] = guessed_pages
) -> BusinessDocument:
    """Return a paper whose pages have no text: its kind by its name. Where words can be guessed
    they suggest what it is and says, and nothing of it is certain."""
    named = _kind_of_name(attachment.filename)
    words = text_of(guessing(attachment.data))
    if len(words.strip()) < _LEAST:
        return BusinessDocument(kind=named, readable=False)
    guess = read_paper(words)
    return replace(
        guess,
        kind=named if guess.kind is DocumentKind.OTHER else guess.kind,
        confidence=Confidence.UNSURE,
        source=Source.GUESS,
        readable=False,
    )


def _read_text(text: str, data: bytes) -> BusinessDocument:
    """Read the text as drawn; a priced paper with a total missing is read once more by positions."""
    read = read_paper(text)
    if read.kind not in _PRICED or (read.net_cents is not None and read.gross_cents is not None):
        return read
    again = read_paper(text_by_position(data))
    found = again.net_cents is not None or again.gross_cents is not None
    return again if found and again.kind is read.kind else read


def pdf_text(data: bytes) -> str:
    """Return the text layer of a PDF, "" when it has none or cannot be opened. Never raises."""
    try:
        paper = pypdfium2.PdfDocument(data)
    except _TROUBLE:
        return ""
    try:
        return "\n".join(_page_text(paper, number) for number in range(min(len(paper), _PAGES)))[
            :_CHARACTERS
        ]
    finally:
        paper.close()


def _page_text(paper: pypdfium2.PdfDocument, number: int) -> str:
    """Return the text of one page; a broken page is an empty one."""
    try:
        page = paper[number]
        layer = page.get_textpage()
        text = str(layer.get_text_bounded())
        layer.close()
        page.close()
    except _TROUBLE:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kind_of_name(filename: str) -> DocumentKind:
    """Guess from the file name what an unreadable file was meant to be."""
    name = f" {key_of(re.sub(r'(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])', ' ', fold(filename)))} "
    for kind, words in mapping_in(_WORDS, "file_names").items():
        if any(f" {key_of(word)} " in name for word in words):
            return DocumentKind(kind)
    return DocumentKind.OTHER
