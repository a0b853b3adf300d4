"""Look at a PDF before it is read: may it be opened at all, and did somebody write on it (X-23, X-25)?

Nothing is drawn and no page is unpacked: pypdf reads the objects that say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from parsers.files.pdf_fields import FieldMarks, form_marks
from parsers.files.pdf_objects import (
    TROUBLE,
    EmbeddedFile,
    Locked,
    dictionary_at,
    file_of,
    files_in,
    list_at,
    unlocked_pdf,
)
from parsers.files.pdf_scripts import acts, danger_of

_FIRST_PAGES, _LAST_PAGES = 40, 10
_ANNOTATIONS = 300
_FILES_LOOKED_INTO = 20
_FILE_HEAD = 4_000_000
_HIDDEN = 2
_NO_VIEW = 32
_MARKS = {"/Ink": "ink", "/Stamp": "stamp", "/FreeText": "typed"}
_LONGEST = 500
DIGITAL = "digital signature"
TYPED = "typed"


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfState:
    """What a PDF is like. `refusal`: "" it may be read, "encrypted" only a password opens it,
    "macro" it runs a script, "executable" it starts a program or carries one.

    `pages` is None when the objects are too broken to count them. `signs` are what people add to a
    page: "digital signature", "ink", "stamp", "typed" (text put on it, or a form field filled).
    `typed` are those texts: no text layer shows them.
    """

    refusal: str = ""
    pages: int | None = None
    signs: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()


def state_of(data: bytes) -> PdfState:
    """Return the state of a PDF. Bounded; raises nothing but MemoryError.

    What is too broken for this is not refused: PDFium mends more than we look into.
    """
    try:
        reader = unlocked_pdf(data)
    except Locked:
        return PdfState(refusal="encrypted")
    if reader is None:
        return PdfState()
    annotations = _annotations(reader)
    marks = _marks(reader, annotations)
    return PdfState(
        refusal=_refusal(reader, annotations),
        pages=_page_count(reader),
        signs=marks.signs,
        typed=marks.typed,
    )


def _page_count(reader: PdfReader) -> int | None:
    """Count the pages."""
    try:
        return len(reader.pages)
    except TROUBLE:
        return None


def _pages(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Give the first pages and the last ones, where people sign."""
    count = _page_count(reader) or 0
    numbers = dict.fromkeys(
        (*range(min(count, _FIRST_PAGES)), *range(max(0, count - _LAST_PAGES), count))
    )
    for number in numbers:
        try:
            yield reader.pages[number]
        except TROUBLE:
            continue


def _annotations(reader: PdfReader) -> list[DictionaryObject]:
    """Return the annotations of these pages, in order."""
    found: list[DictionaryObject] = []
    for page in _pages(reader):
        try:
            items = list_at(page, "/Annots")[:_ANNOTATIONS]
        except TROUBLE:
            continue
        found += [item for item in items if isinstance(item, DictionaryObject)]
    return found


def _refusal(reader: PdfReader, annotations: list[DictionaryObject]) -> str:
    """Name why a PDF must not be passed on; broken objects name nothing."""
    try:
        found = acts([reader.root_object, *_pages(reader), *annotations])
    except TROUBLE:
        found = frozenset()
    if "launch" in found:
        return "executable"
    carried = [*files_in(reader), *_attached_to_pages(annotations)]
    kinds = [danger_of(one.name, one.content(_FILE_HEAD)) for one in carried[:_FILES_LOOKED_INTO]]
    kinds += [danger_of(one.name, b"") for one in carried[_FILES_LOOKED_INTO:]]
    if "executable" in kinds:
        return "executable"
    return "macro" if "script" in found or "macro" in kinds else ""


def _attached_to_pages(annotations: list[DictionaryObject]) -> list[EmbeddedFile]:
    """Return the files that hang at a place of a page (section 12.5.6.15)."""
    found: list[EmbeddedFile] = []
    for item in annotations:
        try:
            specification = dictionary_at(item, "/FS")
            file = file_of(specification) if specification is not None else None
        except TROUBLE:
            continue
        found += [file] if file else []
    return found


def _marks(reader: PdfReader, annotations: list[DictionaryObject]) -> FieldMarks:
    """Collect what people put on the pages and into the form."""
    try:
        form = form_marks(dictionary_at(reader.root_object, "/AcroForm"))
    except TROUBLE:
        form = FieldMarks()
    signs, typed = [], list(form.typed)
    for item in annotations:
        try:
            sign, text = _mark(item)
        except TROUBLE:
            continue
        signs += [sign] if sign else []
        typed += [text] if text else []
    order = (
        *((DIGITAL,) if form.is_signed else ()), *signs, *((TYPED,) if typed else ()),
    )  # fmt: skip
    return FieldMarks(signs=tuple(dict.fromkeys(order)), typed=tuple(dict.fromkeys(typed)))


def _mark(item: DictionaryObject) -> tuple[str, str]:
    """Return what an annotation shows of a hand, and the text it bears; ("", "") for none."""
    sign = _MARKS.get(str(item.get("/Subtype")), "")
    flags = item.get("/F", 0)
    if not sign or (isinstance(flags, int) and flags & (_HIDDEN | _NO_VIEW)):
        return "", ""
    text = " ".join(str(item.get("/Contents", "")).split())[:_LONGEST]
    if sign == TYPED:
        return "", text
    return sign, ""
