"""Look into S/MIME (RFC 8551): the signed text is unwrapped, the encrypted one named as such.

A walk over DER and BER (X.690) of a few lines; no signature is verified and none claimed.
"""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE = 0x30
OBJECT = 0x06
STRING = 0x04
STRINGS = 0x24
EXPLICIT = 0xA0
END = 0x00
DEPTH_LIMIT = 50

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
ENCRYPTED = frozenset(
    {
        bytes.fromhex("2a864886f70d010703"),  # enveloped-data
        bytes.fromhex("2a864886f70d010706"),  # encrypted-data
        bytes.fromhex("2a864886f70d0109100117"),  # auth-enveloped-data
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapping:
    """What a PKCS #7 file is: `signed` with its `content`, or `encrypted`, or neither."""

    signed: bool = False
    encrypted: bool = False
    content: bytes = b""


class _Broken(Exception):
    """The bytes are no DER, or end too early."""


@dataclass(frozen=True, slots=True)
class _Element:
    """A tag, where its content begins and ends; `end` is None for an indefinite length."""

    tag: int
    start: int
    end: int | None


def open_cms(data: bytes) -> Wrapping:
    """Say what a PKCS #7 file is and give what was signed (RFC 5652 sections 3 and 5). Total."""
    try:
        return _open(data)
    except _Broken:
        return Wrapping()


def _open(data: bytes) -> Wrapping:
    info = _expect(data, 0, SEQUENCE)
    kind = _expect(data, info.start, OBJECT)
    name = data[kind.start : kind.end]
    if name in ENCRYPTED:
        return Wrapping(encrypted=True)
    if name != SIGNED_DATA:
        return Wrapping()
    wrapper = _expect(data, kind.end or 0, EXPLICIT)
    signed = _expect(data, wrapper.start, SEQUENCE)
    position = _behind(data, _behind(data, signed.start))  # version, digest algorithms
    inner = _expect(data, position, SEQUENCE)
    kind = _expect(data, inner.start, OBJECT)
    content = _element(data, kind.end or 0)
    if content.tag != EXPLICIT:
        return Wrapping(signed=True)  # detached: what was signed is elsewhere
    return Wrapping(signed=True, content=_strings(data, content.start))


def _element(data: bytes, position: int) -> _Element:
    """Read a tag and a length."""
    if position + 2 > len(data):
        raise _Broken
    tag, size = data[position], data[position + 1]
    start = position + 2
    if size == 0x80:
        return _Element(tag, start, None)
    if size > 0x80:
        count = size & 0x7F
        if count > 8 or start + count > len(data):
            raise _Broken
        size = int.from_bytes(data[start : start + count], "big")
        start += count
    return _Element(tag, start, min(start + size, len(data)))


def _expect(data: bytes, position: int, tag: int) -> _Element:
    found = _element(data, position)
    if found.tag != tag:
        raise _Broken
    return found


def _behind(data: bytes, position: int) -> int:
    """Give the position behind an element; indefinite ones are walked to their end mark."""
    opened = 0
    while True:
        found = _element(data, position)
        if found.end is None:
            opened += 1
            position = found.start
        elif found.tag == END and found.start == found.end:
            opened -= 1
            position = found.start
        else:
            position = found.end
        if opened <= 0:
            return position


def _strings(data: bytes, position: int) -> bytes:
    """Join an OCTET STRING, also one in pieces and pieces of pieces (BER)."""
    pieces: list[bytes] = []
    depth = 0
    while position < len(data) and depth < DEPTH_LIMIT:
        found = _element(data, position)
        if found.tag == STRING and found.end is not None:
            pieces.append(data[found.start : found.end])
            position = found.end
            if not depth:
                break
        elif found.tag == STRINGS:
            depth += 1
            position = found.start
        elif found.tag == END:
            depth -= 1
            position = found.start
            if depth <= 0:
                break
        else:
            break
    return b"".join(pieces)
