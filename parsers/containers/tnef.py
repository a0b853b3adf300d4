"""Unwrap winmail.dat (MS-OXTNEF): text and files Outlook hides in a container of its own (X-14)."""

from __future__ import annotations

import struct

from parsers.containers.mapi import (
    BODY,
    DATA,
    SHORT_NAME,
    STRING,
    SUBJECT,
    Item,
    codepage_of,
)

SIGNATURE = b"\x78\x9f\x3e\x22"
FILES_LIMIT = 100
PROPERTIES_LIMIT = 2_000
DEPTH_LIMIT = 3

NEW_FILE = 0x9002
FILE_NAME = 0x8010
FILE_DATA = 0x800F
FILE_PROPERTIES = 0x9005
MESSAGE_PROPERTIES = 0x9003
MESSAGE_SUBJECT = 0x8004
MESSAGE_BODY = 0x800C
CODEPAGE = 0x9007

OBJECT = 0x0D
FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = frozenset({OBJECT, 0x1E, 0x1F, 0x102})


class _End(Exception):
    """The bytes end before the value does."""


def read_tnef(data: bytes, depth: int = 0) -> Item | None:
    """Read the message of a container, as far as it can be read; None when it is none.

    Never raises.
    """
    if not data.startswith(SIGNATURE) or len(data) < 6:
        return None
    message = Item()
    position = 6
    while position + 9 <= len(data) and len(message.files) <= FILES_LIMIT:
        _, attribute, size = struct.unpack_from("<BII", data, position)
        value = data[position + 9 : position + 9 + size]
        _keep(attribute & 0xFFFF, value, message, depth)
        position += 9 + size + 2
    message.codepage = message.codepage or codepage_of(message)
    message.files = [file for file in message.files[:FILES_LIMIT] if file.properties]
    for file in message.files:
        file.codepage = message.codepage
    return message


def _keep(attribute: int, value: bytes, message: Item, depth: int) -> None:
    if attribute == NEW_FILE:
        message.files.append(Item())
    elif attribute == CODEPAGE and len(value) >= 4:
        message.codepage = f"cp{struct.unpack_from('<I', value)[0]}"
    elif attribute == MESSAGE_PROPERTIES:
        _keep_properties(value, message, depth)
    elif attribute == MESSAGE_SUBJECT:
        message.properties.setdefault(SUBJECT, (STRING, value))
    elif attribute == MESSAGE_BODY:
        message.properties.setdefault(BODY, (STRING, value))
    elif message.files and attribute == FILE_NAME:
        message.files[-1].properties.setdefault(SHORT_NAME, (STRING, value))
    elif message.files and attribute == FILE_DATA:
        message.files[-1].properties[DATA] = (0x102, value)
    elif message.files and attribute == FILE_PROPERTIES:
        _keep_properties(value, message.files[-1], depth)


def _keep_properties(value: bytes, item: Item, depth: int) -> None:
    try:
        count, position = _number(value, 0)
        for _ in range(min(count, PROPERTIES_LIMIT)):
            position = _keep_property(value, position, item, depth)
    except _End:
        return


def _keep_property(value: bytes, position: int, item: Item, depth: int) -> int:
    head, position = _number(value, position)
    kind, identity = head & 0xFFFF, head >> 16
    if identity >= 0x8000:
        position = _skip_name(value, position)
    content, position = _content(value, kind, position)
    if identity == DATA and kind == OBJECT:
        # An embedded object begins with the 16 bytes of its interface's name.
        content = content[16:]
        item.inner = read_tnef(content, depth + 1) if depth < DEPTH_LIMIT else None
    if identity == DATA and (not content or item.data(DATA)):
        return position
    item.properties[identity] = (kind, content)
    return position


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
