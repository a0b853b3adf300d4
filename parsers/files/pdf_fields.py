"""Read the form of a PDF: who signed it and what was filled in (ISO 32000-1 section 12.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pypdf.generic import DictionaryObject

from parsers.files.pdf_objects import TROUBLE, dictionary_at, list_at, resolved
from parsers.files.typed_text import tidy_text

_FIELDS = 2_000
_DEPTH = 12
_TEXTS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class FormMarks:
    """What people left in a form: a signature, and the texts of the fields they filled in."""

    is_signed: bool = False
    typed: tuple[str, ...] = ()


def form_marks(form: DictionaryObject | None) -> FormMarks:
    """Return what a form holds."""
    signed, typed = False, []
    for field in fields_of(form):
        try:
            signed = signed or _is_signed(field)
            typed.append(tidy_text(filled_in(field)))
        except TROUBLE:
            continue
    return FormMarks(is_signed=signed, typed=tuple(text for text in typed if text)[:_TEXTS])


def filled_in(field: DictionaryObject) -> str:
    """Return the text somebody put into a field, "" for none or for what it was given."""
    value = inherited(field, "/V")
    if str(inherited(field, "/FT")) not in {"/Tx", "/Ch"} or not isinstance(value, str):
        return ""
    return "" if value == inherited(field, "/DV") else value


def fields_of(form: DictionaryObject | None) -> Iterator[DictionaryObject]:
    """Give the fields of a form and those below them, each once."""
    waiting = [(field, 0) for field in list_at(form, "/Fields", _FIELDS)]
    for _ in range(_FIELDS):
        if not waiting:
            return
        field, depth = waiting.pop(0)
        if not isinstance(field, DictionaryObject):
            continue
        yield field
        if depth < _DEPTH:
            waiting += [(kid, depth + 1) for kid in list_at(field, "/Kids")]
            del waiting[_FIELDS:]


def inherited(field: DictionaryObject, name: str) -> object:
    """Return a value of a field, or of the nearest one above it that has it; None when none has."""
    holder: DictionaryObject | None = field
    for _ in range(_DEPTH):
        if holder is None or name in holder:
            break
        holder = dictionary_at(holder, "/Parent")
    return resolved(holder.get(name)) if holder is not None else None


def _is_signed(field: DictionaryObject) -> bool:
    """Tell a signature from an empty field and from a mere time stamp (section 12.8)."""
    value = inherited(field, "/V")
    if str(inherited(field, "/FT")) != "/Sig" or not isinstance(value, DictionaryObject):
        return False
    stamped = {str(value.get("/Type")), str(value.get("/SubFilter"))}
    return "/Contents" in value and not stamped & {"/DocTimeStamp", "/ETSI.RFC3161"}
