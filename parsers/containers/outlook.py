"""Read .msg files (MS-OXMSG): a message saved by Outlook, into the shape of an attached mail."""

from __future__ import annotations

import struct

from parsers.containers.compound import Storage, read_compound
from parsers.containers.mapi import DATA, DEPTH_LIMIT, Item, as_rfc822, codepage_of

PROPERTIES = "__properties_version1.0"
STREAM = "__substg1.0_"
FILE = "__attach_version1.0_"
INNER = f"{STREAM}{DATA:04X}000D"
FILES_LIMIT = 100
# Bytes before the properties, by what they belong to (MS-OXMSG section 2.4.1).
TOP, EMBEDDED, ATTACHED = 32, 24, 8


def as_mail(data: bytes) -> bytes:
    """Give an attached mail as bytes of RFC 5322: a .msg file is rewritten, others stay."""
    message = read_msg(data)
    return as_rfc822(message) if message else data


def read_msg(data: bytes) -> Item | None:
    """Read the message of a .msg file; None when the bytes are no such file. Never raises."""
    root = read_compound(data)
    if root is None or PROPERTIES not in root.streams:
        return None
    return _message(root, TOP, 0)


def _message(folder: Storage, head: int, depth: int) -> Item:
    message = Item(properties=_properties(folder, head))
    message.codepage = codepage_of(message)
    names = [name for name in sorted(folder.storages) if name.startswith(FILE)]
    for name in names[:FILES_LIMIT]:
        storage = folder.storages[name]
        file = Item(properties=_properties(storage, ATTACHED), codepage=message.codepage)
        inner = storage.storages.get(INNER)
        if inner and depth < DEPTH_LIMIT:
            file.inner = _message(inner, EMBEDDED, depth + 1)
        message.files.append(file)
    return message


def _properties(folder: Storage, head: int) -> dict[int, tuple[int, bytes]]:
    """Collect the properties of a folder: long ones are streams, short ones rows of a table."""
    found: dict[int, tuple[int, bytes]] = {}
    table = folder.streams.get(PROPERTIES, b"")[head:]
    for start in range(0, len(table) // 16 * 16, 16):
        kind, number, value = struct.unpack_from("<HH4x8s", table, start)
        found[number] = (kind, value)
    for name, value in folder.streams.items():
        tag = name.removeprefix(STREAM)
        if name.startswith(STREAM) and len(tag) == 8 and tag.isalnum():
            try:
                found[int(tag[:4], 16)] = (int(tag[4:], 16), value)
            except ValueError:
                continue
    return found
