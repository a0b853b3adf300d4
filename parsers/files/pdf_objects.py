"""Open the objects of a PDF by pypdf, which counts what it costs (ISO 32000): its files, its tree.

Everything here is bounded: how many files are looked at, how deep a tree may go, how much a
stream may become when it is unpacked.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

MOST_FILES = 1_000
_DEPTH = 12
_STREAM = 30_000_000
_ENCRYPTED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
TROUBLE = (
    *(PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError),
    *(RecursionError, AssertionError, NotImplementedError, OverflowError, zlib.error),
    *(DependencyError, StopIteration),
)
"""What pypdf raises over a broken file: its own and whatever it stumbles over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedFile:
    """A file inside a PDF, not unpacked yet."""

    name: str
    stream: StreamObject

    def content(self, most: int) -> bytes:
        """Unpack it, b"" when it is broken or becomes larger than `most` octets."""
        try:
            with apply_configuration(
                zlib_maximum_output_length=most,
                lzw_maximum_output_length=most,
                run_length_maximum_output_length=most,
                array_based_stream_maximum_output_length=most,
            ):
                data = self.stream.get_data()
        except TROUBLE:
            return b""
        return bytes(data) if len(data) <= most else b""


class Locked(Exception):
    """A PDF asks for a password that is not the empty one, or for a key."""


def open_pdf(data: bytes) -> PdfReader | None:
    """Open a PDF, with the empty password when it asks for one; None when it cannot be opened."""
    try:
        return unlocked_pdf(data)
    except Locked:
        return None


def unlocked_pdf(data: bytes) -> PdfReader | None:
    """Open a PDF as `open_pdf` does, but raise Locked when only a password is missing."""
    reader = None
    try:
        with apply_configuration(zlib_maximum_output_length=_STREAM):
            reader = PdfReader(io.BytesIO(data), strict=False)
            locked = reader.is_encrypted and not reader.decrypt("")
    except TROUBLE as trouble:
        if _ENCRYPTED.search(data):
            raise Locked from trouble
        return None
    if locked:
        raise Locked
    return reader


def file_of(specification: DictionaryObject) -> EmbeddedFile | None:
    """Return the file a specification embeds (ISO 32000-1 section 7.11.3), None for one outside."""
    files = dictionary_at(specification, "/EF")
    names = [str(resolved(specification[key])) for key in ("/UF", "/F") if key in specification]
    for key in ("/UF", "/F"):
        stream = dictionary_at(files, key)
        if isinstance(stream, StreamObject):
            return EmbeddedFile(name=(names or [""])[0], stream=stream)
    return None


def files_in(reader: PdfReader) -> tuple[EmbeddedFile, ...]:
    """Return the files a PDF carries: associated with it (/AF), or named in its tree."""
    found: dict[str, EmbeddedFile] = {}
    try:
        for specification in _specifications(reader.root_object):
            if len(found) >= MOST_FILES:
                break
            file = file_of(specification)
            if file:
                found.setdefault(f"{file.name}\0{id(file.stream)}", file)
    except TROUBLE:  # the names are broken from here on
        pass
    return tuple(found.values())


def dictionary_at(holder: object, name: str) -> DictionaryObject | None:
    """Return the dictionary of that name in a dictionary, None when there is none."""
    value = resolved(holder.get(name)) if isinstance(holder, DictionaryObject) else None
    return value if isinstance(value, DictionaryObject) else None


def list_at(holder: object, name: str, most: int = MOST_FILES) -> list[object]:
    """Return the resolved items of the array of that name, the first `most` of them; [] when there
    is none."""
    value = resolved(holder.get(name)) if isinstance(holder, DictionaryObject) else None
    return [resolved(item) for item in value[:most]] if isinstance(value, ArrayObject) else []


def resolved(value: object) -> object:
    """Follow a reference, once."""
    follow = getattr(value, "get_object", None)
    return follow() if follow else value


def _specifications(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """Give the file specifications of the catalogue."""
    for item in list_at(root, "/AF"):
        if isinstance(item, DictionaryObject):
            yield item
    tree = dictionary_at(dictionary_at(root, "/Names"), "/EmbeddedFiles")
    if tree is not None:
        yield from _leaves(tree)


def _leaves(tree: DictionaryObject) -> Iterator[DictionaryObject]:
    """Walk a name tree (ISO 32000-1 section 7.9.6), each node once."""
    waiting, seen = [(tree, 0)], {id(tree)}
    while waiting and len(seen) <= MOST_FILES:
        node, depth = waiting.pop(0)
        for item in list_at(node, "/Names", 2 * MOST_FILES):
            if isinstance(item, DictionaryObject):
                yield item
        for kid in list_at(node, "/Kids") if depth < _DEPTH else ():
            if isinstance(kid, DictionaryObject) and id(kid) not in seen:
                seen.add(id(kid))
                waiting.append((kid, depth + 1))
