"""Unwrap winmail.dat (MS-OXTNEF): the files Outlook hides in a container of its own (X-14)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from parsers.charset import decode
from parsers.part import safe_filename

SIGNATURE = 0x223E9F78
FILES_LIMIT = 100
PROPERTIES_LIMIT = 2_000

NEW_FILE = 0x9002
FILE_NAME = 0x8010
FILE_DATA = 0x800F
FILE_PROPERTIES = 0x9005

SHORT_NAME = 0x3704
LONG_NAME = 0x3707
DATA = 0x3701
FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
UNICODE = 0x1F


@dataclass(kw_only=True, slots=True)
class HiddenFile:
    """A file of the container."""

    filename: str = ""
    data: bytes = b""


class _End(Exception):
    """The bytes end before the value does."""


def read_tnef(data: bytes) -> tuple[HiddenFile, ...]:
    """List the files of a container, as far as it can be read. Never raises."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return ()
    found: list[HiddenFile] = []
    position = 6
    while position + 9 <= len(data) and len(found) <= FILES_LIMIT:
        _, attribute, size = struct.unpack_from("<BII", data, position)
        value = data[position + 9 : position + 9 + size]
        _keep(attribute & 0xFFFF, value, found)
        position += 9 + size + 2
    return tuple(file for file in found[:FILES_LIMIT] if file.data or file.filename)


def _keep(attribute: int, value: bytes, found: list[HiddenFile]) -> None:
    if attribute == NEW_FILE:
        found.append(HiddenFile())
    elif not found:
        return
    elif attribute == FILE_NAME:
        found[-1].filename = found[-1].filename or _name(value, unicode=False)
    elif attribute == FILE_DATA:
        found[-1].data = value
    elif attribute == FILE_PROPERTIES:
        try:
            _keep_properties(value, found[-1])
        except _End:
            return


def _name(value: bytes, *, unicode: bool) -> str:
    text = value.decode("utf-16-le", "replace") if unicode else decode(value)
    return safe_filename(text.partition("\x00")[0])


def _keep_properties(value: bytes, file: HiddenFile) -> None:
    count, position = _number(value, 0)
    for _ in range(min(count, PROPERTIES_LIMIT)):
        head, position = _number(value, position)
        kind, identity = head & 0xFFFF, head >> 16
        if identity >= 0x8000:
            position = _skip_name(value, position)
        content, position = _content(value, kind, position)
        if identity == LONG_NAME or (identity == SHORT_NAME and not file.filename):
            file.filename = _name(content, unicode=kind == UNICODE) or file.filename
        elif identity == DATA and content and not file.data:
            # An embedded object begins with the 16 bytes of its interface's name.
            file.data = content[16:] if kind == 0x0D else content


def _number(value: bytes, position: int) -> tuple[int, int]:
    if position + 4 > len(value):
        raise _End
    return struct.unpack_from("<I", value, position)[0], position + 4


def _skip_name(value: bytes, position: int) -> int:
    """Step over the name of a named property: a GUID, then a number or a string."""
    kind, position = _number(value, position + 16)
    size, position = _number(value, position)
    return position + (size + 3 & ~3 if kind else 0)


def _content(value: bytes, kind: int, position: int) -> tuple[bytes, int]:
    """Give the first value of a property and the position behind all of them."""
    many, base = bool(kind & 0x1000), kind & 0x0FFF
    count = 1
    if many or base in VARIABLE:
        count, position = _number(value, position)
    first = b""
    for number in range(min(count, PROPERTIES_LIMIT)):
        size = FIXED.get(base, 0)
        if base in VARIABLE:
            size, position = _number(value, position)
        elif not size or position > len(value):
            raise _End
        if number == 0:
            first = value[position : position + size]
        position += size + 3 & ~3
    return first, position
