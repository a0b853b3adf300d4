"""Read the form of a PDF: who signed it and what was filled in (ISO 32000-1 section 12.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pypdf.generic import DictionaryObject

from parsers.files.pdf_objects import TROUBLE, dictionary_at, list_at, resolved

_FIELDS = 2_000
_DEPTH = 12
_LONGEST = 500
_TEXTS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldMarks:
    """What people left: a signature, signs of a hand, texts that they typed."""

    is_signed: bool = False
    signs: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()


def form_marks(form: DictionaryObject | None) -> FieldMarks:
    """Return what a form holds. A field that still has what it was given is not filled in."""
    signed, typed = False, []
    for field in fields_of(form):
        try:
            kind, value = str(_inherited(field, "/FT")), _inherited(field, "/V")
            signed = signed or (kind == "/Sig" and _is_signature(value))
            typed += [_typed(field, value)] if kind in {"/Tx", "/Ch"} else []
        except TROUBLE:
            continue
    return FieldMarks(is_signed=signed, typed=tuple(text for text in typed if text)[:_TEXTS])


def fields_of(form: DictionaryObject | None) -> Iterator[DictionaryObject]:
    """Give the fields of a form and those below them, each once."""
    waiting = [(field, 0) for field in list_at(form, "/Fields")]
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


def _inherited(field: DictionaryObject, name: str) -> object:
    """Return a value of a field, or of the nearest one above it that has it."""
    holder: DictionaryObject | None = field
    for _ in range(_DEPTH):
        if holder is None or name in holder:
            break
        holder = dictionary_at(holder, "/Parent")
    return resolved(holder.get(name)) if holder is not None else None


def _is_signature(value: object) -> bool:
    """Tell a signature from an empty field and from a mere time stamp (section 12.8)."""
    if not isinstance(value, DictionaryObject) or "/Contents" not in value:
        return False
    stamped = {str(value.get("/Type")), str(value.get("/SubFilter"))}
    return not stamped & {"/DocTimeStamp", "/ETSI.RFC3161"}


def _typed(field: DictionaryObject, value: object) -> str:
    """Return the text somebody put into a field, "" for none or for what it was given."""
    if not isinstance(value, str) or value == _inherited(field, "/DV"):
        return ""
    return " ".join(value.split())[:_LONGEST]
