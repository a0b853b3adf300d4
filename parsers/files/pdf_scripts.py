"""Find what a PDF would do by itself: scripts, programs it starts, programs it carries (X-23)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from parsers.files.attachment import sniff
from parsers.files.pdf_fields import fields_of
from parsers.files.pdf_objects import dictionary_at, resolved
from parsers.mail import FileKind

_ACTIONS = 3_000
_BOOKMARKS = 1_000
_LONGEST = 4_000
# Acrobat's own ways to format a date or an amount; every order form that adds up has them.
_CALL = re.compile(r"([A-Za-z_$][\w$.]*)\s*\(")
_FORMATTING = re.compile(r"AF[A-Z][A-Za-z]*_[A-Za-z]+|Array")
_TEXT = re.compile(r"\"[^\"\\\n]*\"|'[^'\\\n]*'")
_SUSPECT = ("[", "eval", "Function", "=>", "`", "\\")


def acts(holders: Iterable[DictionaryObject]) -> frozenset[str]:
    """Return what the actions of a catalogue, its pages and annotations do: "script", "launch".

    Scripts that only format or add up the fields of a form are none.
    """
    found: set[str] = set()
    for count, action in enumerate(_actions(holders)):
        if count >= _ACTIONS:
            break
        kind = str(action.get("/S"))
        if kind == "/Launch":
            found.add("launch")
        if "/JS" in action and not _only_formats(resolved(action.get("/JS"))):
            found.add("script")
    return frozenset(found)


def danger_of(name: str, content: bytes) -> str:
    """Return "executable" or "macro" when a file inside a PDF is such by its bytes or its name."""
    kind = sniff(content or b"?", "", name).kind
    return {FileKind.EXECUTABLE: "executable", FileKind.MACRO: "macro"}.get(kind, "")


def _actions(holders: Iterable[DictionaryObject]) -> Iterator[DictionaryObject]:
    """Give every action that opening, turning, clicking or filling in could start."""
    for holder in holders:
        for name in ("/OpenAction", "/A", "/PA"):
            yield from _chain(dictionary_at(holder, name))
        yield from _triggered(holder)
        form = dictionary_at(holder, "/AcroForm")
        for field in fields_of(form):
            yield from _chain(dictionary_at(field, "/A"))
            yield from _triggered(field)
        yield from _bookmarks(dictionary_at(holder, "/Outlines"))
        yield from _named(dictionary_at(dictionary_at(holder, "/Names"), "/JavaScript"))


def _bookmarks(outline: DictionaryObject | None) -> Iterator[DictionaryObject]:
    """Give what the entries of a table of contents do (section 12.3.3)."""
    waiting: list[DictionaryObject | None] = [outline]
    for _ in range(_BOOKMARKS):
        if not waiting:
            return
        entry = waiting.pop()
        if entry is not None:
            yield from _chain(dictionary_at(entry, "/A"))
            waiting += [dictionary_at(entry, "/Next"), dictionary_at(entry, "/First")]


def _triggered(holder: DictionaryObject) -> Iterator[DictionaryObject]:
    """Give the additional actions (section 12.6.3)."""
    triggers = dictionary_at(holder, "/AA")
    for name in triggers or ():
        yield from _chain(dictionary_at(triggers, str(name)))


def _chain(action: DictionaryObject | None) -> Iterator[DictionaryObject]:
    """Give an action and those that follow it (section 12.6.2)."""
    waiting: list[object] = [action]
    for _ in range(20):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, ArrayObject):
            waiting += [resolved(item) for item in one[:20]]
        elif isinstance(one, DictionaryObject):
            yield one
            waiting.append(resolved(one.get("/Next")))


def _named(tree: DictionaryObject | None) -> Iterator[DictionaryObject]:
    """Give the scripts that run when the document is opened (section 12.6.4.16)."""
    waiting: list[object] = [tree]
    for _ in range(200):
        if not waiting:
            return
        node = waiting.pop(0)
        if not isinstance(node, DictionaryObject):
            continue
        for name in ("/Names", "/Kids"):
            items = resolved(node.get(name))
            waiting += (
                [resolved(item) for item in items[:200]] if isinstance(items, ArrayObject) else []
            )
        if "/S" in node:
            yield node


def _only_formats(script: object) -> bool:
    """Tell a script of Acrobat's form fields from one that may do anything."""
    if isinstance(script, StreamObject):
        script = script.get_data()[: _LONGEST + 1].decode("latin-1")
    if not isinstance(script, str) or len(script) > _LONGEST:
        return False
    code = _TEXT.sub("0", script)
    calls = _CALL.findall(code)
    plain = not any(word in code for word in _SUSPECT)
    return plain and all(_FORMATTING.fullmatch(call) for call in calls)
