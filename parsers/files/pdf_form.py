"""Read what was filled into the form of a PDF, field by field (ISO 32000-1 section 12.7).

Only what a reader of the page sees counts: boxes that stand on it. A script is never looked at here, a
form in XFA neither, and a field holds nothing new when it holds what it was handed out with (/DV).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from parsers.business import Form, FormEntry, Place
from parsers.files.pdf_fields import inherited
from parsers.files.pdf_objects import TROUBLE, EmbeddedFile, dictionary_at, list_at, resolved
from parsers.files.typed_text import tidy_text

MOST_FIELDS = 200
LONGEST_LABEL = 100
LONGEST_VALUE = 4_000
MOST_TEXT = 20_000
_DEPTH = 12
_CHOICES = 20
_OPTIONS = 500
_PUSH_BUTTON = 1 << 16
_READ_ONLY, _PASSWORD, _FILE = 1, 1 << 13, 1 << 20
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\r\t\x85"}
_MARKS = {
    b"\xfe\xff": "utf-16-be",
    b"\xff\xfe": "utf-16-le",
    b"\xef\xbb\xbf": "utf-8",
}


def read_form(boxes: Iterable[tuple[DictionaryObject, Place]]) -> Form | None:
    """Return the fields whose boxes (widget annotations) are given with their places, each once; None
    when there is none. At most 200 fields and 20,000 letters; raises nothing but MemoryError."""
    fields: dict[str, tuple[FormEntry, bool]] = {}
    free = MOST_TEXT
    for box, place in boxes:
        found = _field(box, place)
        if found is None or found[0].label in fields:
            continue
        if len(fields) == MOST_FIELDS or free < 0:
            break
        fields[found[0].label] = found
        free -= len(found[0].value)
    return _form(fields) if fields else None


def _form(fields: Mapping[str, tuple[FormEntry, bool]]) -> Form:
    filled = [(entry, is_new) for entry, is_new in fields.values() if entry.value]
    return Form(
        labels=tuple(fields),
        entries=tuple(entry for entry, is_new in filled if is_new),
        left=tuple(entry for entry, is_new in filled if not is_new),
    )


def _field(box: DictionaryObject, place: Place) -> tuple[FormEntry, bool] | None:
    """Return the field of a box, and whether somebody put its value there; None for no field that is
    filled in: a signature, a button that is pressed, one nobody can see or name."""
    try:
        if str(box.get("/Subtype")) != "/Widget" or _is_flat(place) or not _is_filled_in(box):
            return None
        label = _label(box)
        value, is_new = _value(_named(box)) if label else ("", False)
    except TROUBLE:
        return None
    entry = FormEntry(label=label, value=value, place=replace(place, line=label))
    return (entry, is_new) if label else None


def _is_flat(place: Place) -> bool:
    left, top, right, bottom = place.box or (0, 0, 1, 1)
    return right - left < 1 or bottom - top < 1


def _is_filled_in(box: DictionaryObject) -> bool:
    kind, flags = str(inherited(box, "/FT")), _flags(box)
    if kind == "/Btn":
        return not flags & _PUSH_BUTTON
    return kind == "/Ch" or (kind == "/Tx" and not flags & (_PASSWORD | _FILE))


def _flags(box: DictionaryObject) -> int:
    flags = inherited(box, "/Ff")
    return flags if isinstance(flags, int) else 0


def _label(box: DictionaryObject) -> str:
    """Return the whole name of a field: its own behind those above it, with dots between."""
    names: list[str] = []
    holder: DictionaryObject | None = box
    for _ in range(_DEPTH):
        if holder is None:
            break
        name = _text(resolved(holder.get("/T")))
        names += [name] if name else []
        holder = dictionary_at(holder, "/Parent")
    return " ".join(_tidy(".".join(reversed(names)), LONGEST_LABEL).split())


def _named(box: DictionaryObject) -> DictionaryObject:
    """Return the field that a box shows: itself, or the nearest above it that has a name."""
    holder: DictionaryObject | None = box
    for _ in range(_DEPTH):
        if holder is None or "/T" in holder:
            break
        holder = dictionary_at(holder, "/Parent")
    return holder or box


def _value(field: DictionaryObject) -> tuple[str, bool]:
    """Return what a field holds, and whether that is something else than what it was handed out with."""
    value, given = inherited(field, "/V"), inherited(field, "/DV")
    said = ", ".join(_tidy(one, LONGEST_VALUE) for one in _said(field, value))
    before = ", ".join(_tidy(one, LONGEST_VALUE) for one in _said(field, given))
    untouched = given is None and bool(_flags(field) & _READ_ONLY)
    return said, said != before and not untouched


def _said(field: DictionaryObject, value: object) -> Iterator[str]:
    """Yield what a value says: a text, the state of a box that is ticked, or the choices made."""
    kind = str(inherited(field, "/FT"))
    if kind == "/Btn":
        state = str(value).removeprefix("/") if isinstance(value, str) else ""
        yield _option(field, state, by_place=True) if state not in {"", "Off"} else ""
        return
    several = [resolved(one) for one in value[:_CHOICES]] if isinstance(value, ArrayObject) else []
    for one in several or [value]:
        said = _text(one)
        yield _option(field, said) if kind == "/Ch" and said else said


def _option(field: DictionaryObject, chosen: str, *, by_place: bool = False) -> str:
    """Return how a choice is shown (/Opt): the second of its pair; a button's state may be its place."""
    holder = field if "/Opt" in field else dictionary_at(field, "/Parent")
    for place, option in enumerate(list_at(holder, "/Opt", _OPTIONS)):
        pair = option[:2] if isinstance(option, ArrayObject) else [option]
        shown = [_text(resolved(one)) for one in pair] or [""]
        if chosen == (str(place) if by_place else shown[0]):
            return shown[-1]
    return chosen


def _text(value: object) -> str:
    """Return a text string or a text stream, "" for anything else."""
    if isinstance(value, StreamObject):
        value = EmbeddedFile(name="", stream=value).content(4 * LONGEST_VALUE)
    if isinstance(value, bytes):
        mark = next((mark for mark in _MARKS if value.startswith(mark)), b"")
        return value[len(mark) :].decode(_MARKS.get(mark, "latin-1"), "replace")
    return value if isinstance(value, str) else ""


def _tidy(said: str, longest: int) -> str:
    return tidy_text(said[:longest].translate(_CONTROLS), longest)
