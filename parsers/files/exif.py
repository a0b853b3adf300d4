"""Read of a camera's notes only which way is up and whether they tell the place.

EXIF is a TIFF: a table of entries of twelve octets, values elsewhere. Values are never followed,
so a table that points to itself costs nothing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_HEAD = b"Exif\x00\x00"
_ENTRIES = 500
_ORIENTATION, _GPS = 0x0112, 0x8825
# Latitude, longitude, the same of the destination, the name of the area (EXIF 2.32, 4.6.6).
_PLACES = frozenset({0x02, 0x04, 0x14, 0x16, 0x1C})
_PLACES_OF_XMP = (b"GPSLatitude", b"geo:lat", b"LocationCreated", b"CiAdrCity", b"photoshop:City")
# City, place in it, province, country (IPTC-IIM 4.2, record 2).
_PLACES_OF_IPTC = tuple(b"\x1c\x02" + bytes([number]) for number in (90, 92, 95, 101))
# A film behind the picture says where it was taken: "©xyz" and an ISO 6709 text.
_PLACE_OF_FILM = re.compile(rb"\xa9xyz.{2}\x15\xc7[+-]\d", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """`orientation` from 1 (upright) to 8 as EXIF counts; whether a place is told."""

    orientation: int = 1
    located: bool = False


def read_exif(block: bytes) -> Notes:
    """Read a block of EXIF, or a TIFF as a whole. Total: what is broken tells nothing."""
    block = block.removeprefix(_HEAD)
    order = {b"II": "<", b"MM": ">"}.get(block[:2], "")
    if not order or len(block) < 8:
        return Notes()
    first = dict(_entries(block, order, *struct.unpack_from(f"{order}4xI", block)))
    turned = struct.unpack(f"{order}H2x", first.get(_ORIENTATION, b"\x00" * 4))[0]
    places = struct.unpack(f"{order}I", first.get(_GPS, b"\x00" * 4))[0]
    located = places > 0 and any(tag in _PLACES for tag, _ in _entries(block, order, places))
    return Notes(orientation=turned if 1 <= turned <= 8 else 1, located=located)


def _entries(block: bytes, order: str, start: int) -> Iterator[tuple[int, bytes]]:
    """Give tag and the four octets of the value of each entry of a table (TIFF 6.0 section 2)."""
    if start + 2 > len(block):
        return
    (count,) = struct.unpack_from(f"{order}H", block, start)
    for position in range(start + 2, start + 2 + 12 * min(count, _ENTRIES), 12):
        if position + 12 > len(block):
            return
        (tag,) = struct.unpack_from(f"{order}H", block, position)
        yield tag, block[position + 8 : position + 12]


def tells_place(data: bytes, info: Mapping[Any, object]) -> bool:
    """Tell whether XMP, IPTC or a film behind the picture name a place.

    `info` is what Pillow found beside the pixels of `data`.
    """
    xmp = _octets(info.get("xmp") or info.get("XML:com.adobe.xmp"))
    resources = info.get("photoshop")
    iptc = _octets(resources.get(0x0404)) if isinstance(resources, dict) else b""
    return (
        any(place in xmp for place in _PLACES_OF_XMP)
        or any(place in iptc for place in _PLACES_OF_IPTC)
        or _PLACE_OF_FILM.search(data) is not None
    )


def _octets(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) else b""
