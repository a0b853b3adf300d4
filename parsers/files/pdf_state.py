"""Look at a PDF before it is read: may it be opened at all, and did somebody write on it (X-23, X-25)?

Nothing is drawn and no page is unpacked: pypdf reads the objects that say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from parsers.business import WRITER, Form, Place
from parsers.files.pdf_fields import FormMarks, filled_in, form_marks
from parsers.files.pdf_form import read_form
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
from parsers.files.typed_text import Typed, box_on, tidy_text

_FIRST_PAGES, _LAST_PAGES = 200, 10
_ANNOTATIONS, _ALL_ANNOTATIONS = 300, 3_000
_FILES_LOOKED_INTO = 20
_FILE_HEAD = 4_000_000
_HIDDEN = 2
_NO_VIEW = 32
_MARKS = {"/Ink": "ink", "/Stamp": "stamp"}
DIGITAL = "digital signature"
TYPED = "typed"
_HEAD, _END, _PRODUCER = b"ReportLab", b"%%EOF", f"/Producer ({WRITER})".encode()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Annotation:
    """Something on a page, and the page with its number from 1."""

    item: DictionaryObject
    page: DictionaryObject
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Marks:
    """What people left: signs of a hand, and what they typed."""

    signs: tuple[str, ...] = ()
    typed: tuple[Typed, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfState:
    """What a PDF is like. `refusal`: "" it may be read, "encrypted" only a password opens it,
    "macro" it runs a script, "executable" it starts a program or carries one.

    `pages` is None when the objects are too broken to count them. `signs` are what people add to a
    page: "digital signature", "ink", "stamp", "typed" (text put on it, or a form field filled).
    `typed` are those texts and where they stand: no text layer shows them. `form` are its fields, None
    for a PDF without any. `untouched`: we wrote it, and nobody has saved it since.
    """

    refusal: str = ""
    pages: int | None = None
    signs: tuple[str, ...] = ()
    typed: tuple[Typed, ...] = ()
    form: Form | None = None
    untouched: bool = False


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
        form=_form(reader, annotations),
        untouched=_is_untouched(data),
    )


def _is_untouched(data: bytes) -> bool:
    """Tell whether a PDF is as our own program wrote it: an edit is appended, or another program writes
    all of it anew, without the comment at its head."""
    return _HEAD in data[:100] and _PRODUCER in data and data.count(_END) == 1


def _page_count(reader: PdfReader) -> int | None:
    """Count the pages."""
    try:
        return len(reader.pages)
    except TROUBLE:
        return None


def _pages(reader: PdfReader) -> Iterator[tuple[int, DictionaryObject]]:
    """Give the first pages and the last ones, where people sign, with their numbers from 1."""
    count = _page_count(reader) or 0
    numbers = dict.fromkeys(
        (*range(min(count, _FIRST_PAGES)), *range(max(0, count - _LAST_PAGES), count))
    )
    for number in numbers:
        try:
            yield number + 1, reader.pages[number]
        except TROUBLE:
            continue


def _annotations(reader: PdfReader) -> list[_Annotation]:
    """Return the annotations of these pages, in order."""
    found: list[_Annotation] = []
    for number, page in _pages(reader):
        if len(found) > _ALL_ANNOTATIONS:
            break
        try:
            items = list_at(page, "/Annots", _ANNOTATIONS)
        except TROUBLE:
            continue
        found += [
            _Annotation(item=item, page=page, number=number)
            for item in items
            if isinstance(item, DictionaryObject)
        ]
    return found


def _refusal(reader: PdfReader, annotations: list[_Annotation]) -> str:
    """Name why a PDF must not be passed on; broken objects name nothing."""
    items = [one.item for one in annotations]
    try:
        found = acts([reader.root_object, *(page for _, page in _pages(reader)), *items])
    except TROUBLE:
        found = frozenset()
    if "launch" in found:
        return "executable"
    carried = [*files_in(reader), *_attached_to_pages(items)]
    near, far = carried[:_FILES_LOOKED_INTO], carried[_FILES_LOOKED_INTO:]
    kinds = [danger_of(one.name, one.content(_FILE_HEAD)) for one in near]
    kinds += [danger_of(one.name, b"") for one in far]
    if "executable" in kinds:
        return "executable"
    return "macro" if "script" in found or "macro" in kinds else ""


def _attached_to_pages(items: list[DictionaryObject]) -> list[EmbeddedFile]:
    """Return the files that hang at a place of a page (ISO 32000-1 section 12.5.6.15)."""
    found: list[EmbeddedFile] = []
    for item in items:
        try:
            specification = dictionary_at(item, "/FS")
            file = file_of(specification) if specification is not None else None
        except TROUBLE:
            continue
        found += [file] if file else []
    return found


def _marks(reader: PdfReader, annotations: list[_Annotation]) -> _Marks:
    """Collect what people put on the pages and into the form."""
    try:
        form = form_marks(dictionary_at(reader.root_object, "/AcroForm"))
    except TROUBLE:
        form = FormMarks()
    signs: list[str] = [DIGITAL] if form.is_signed else []
    typed: list[Typed] = []
    for one in annotations:
        try:
            signs += _sign(one)
            typed += _typed(one)
        except TROUBLE:
            continue
    placed = {one.text for one in typed}
    typed += [Typed(text=text) for text in form.typed if text not in placed]
    signs += [TYPED] if typed else []
    return _Marks(signs=tuple(dict.fromkeys(signs)), typed=tuple(dict.fromkeys(typed)))


def _form(reader: PdfReader, annotations: list[_Annotation]) -> Form | None:
    """Return the form whose boxes stand on the pages, None when there is none."""
    try:
        if dictionary_at(reader.root_object, "/AcroForm") is None:
            return None
        return read_form((one.item, _place(one)) for one in annotations if _is_seen(one))
    except TROUBLE:
        return None


def _place(one: _Annotation) -> Place:
    return Place(page=one.number, line="", box=box_on(one.page, one.item))


def _is_seen(one: _Annotation) -> bool:
    """Tell whether an annotation is shown."""
    flags = one.item.get("/F", 0)
    return not (isinstance(flags, int) and flags & (_HIDDEN | _NO_VIEW))


def _sign(one: _Annotation) -> list[str]:
    """Return what an annotation shows of a hand."""
    sign = _MARKS.get(str(one.item.get("/Subtype")), "")
    return [sign] if sign and _is_seen(one) else []


def _typed(one: _Annotation) -> list[Typed]:
    """Return the text an annotation or the box of a form field bears, and where."""
    kind = str(one.item.get("/Subtype"))
    if not _is_seen(one) or kind not in {"/FreeText", "/Widget"}:
        return []
    said = str(one.item.get("/Contents", "")) if kind == "/FreeText" else filled_in(one.item)
    text = tidy_text(said)
    return [Typed(text=text, page=one.number, box=box_on(one.page, one.item))] if text else []
