"""Tell photos from logos by what a picture says of itself: its size in pixels, never decoded (X-21).

Only the first bytes of PNG, JPEG, GIF, WebP, BMP, HEIC and AVIF are read.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

BYTES_OF_DECOR = 40_000
"""Inline pictures up to this size are decor when their pixels do not tell."""

ICON_SIDE = 200
BANNER_HEIGHT, BANNER_SHAPE = 250, 3
PIXEL_SIDE = 3
MOVING_AREA = 400 * 400
PHOTO_AREA = 300_000
SCREENSHOT_AREA, SCREENSHOT_BYTES = 300_000, 15_000

JPEG_HEAD = re.compile(rb"\xff+([\xc0-\xfe])")
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
SEGMENTS_LIMIT = 500
HEAD = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """Width and height in pixels; `moving` when it is an animation, `lossy` as cameras write."""

    width: int
    height: int
    moving: bool = False
    lossy: bool = False


def is_decor(data: bytes, *, inline: bool) -> bool:
    """Tell whether a picture is a logo, an icon, a banner or a tracking pixel (X-21).

    `inline`: the mail shows it inside its text. A photo pasted into the text is inline, too, but
    large; a picture attached by hand is never decor unless nobody could see it.
    """
    picture = measure(data)
    if picture is None:
        return inline and len(data) <= BYTES_OF_DECOR
    width, height = picture.width, picture.height
    if min(width, height) <= PIXEL_SIDE:
        return True
    if not inline:
        return False
    banner = height <= BANNER_HEIGHT and width >= BANNER_SHAPE * height
    if banner or max(width, height) <= ICON_SIDE:
        return True
    if picture.moving:
        return width * height <= MOVING_AREA
    return len(data) <= BYTES_OF_DECOR and not _shows_something(picture, len(data))


def _shows_something(picture: Picture, size: int) -> bool:
    """Tell a strongly packed photo or a screenshot from a logo drawn large."""
    area = picture.width * picture.height
    if picture.lossy:
        return area >= PHOTO_AREA
    return area >= SCREENSHOT_AREA and size >= SCREENSHOT_BYTES


def measure(data: bytes) -> Picture | None:
    """Read the size of a picture from its first bytes; None when it does not say. Total."""
    try:
        found = _measure(data)
    except struct.error:
        return None
    return found if found and found.width > 0 and found.height > 0 else None


def _measure(data: bytes) -> Picture | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack_from(">II", data, 16)
        return Picture(width=width, height=height, moving=b"acTL" in data[:1_024])
    if data.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack_from("<HH", data, 6)
        return Picture(width=width, height=height, moving=b"NETSCAPE2.0" in data[:2_048])
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"BM"):
        width, height = struct.unpack_from("<ii", data, 18)
        return Picture(width=abs(width), height=abs(height))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return _heif(data) if data[4:8] == b"ftyp" else None


def _jpeg(data: bytes) -> Picture | None:
    """Walk the segments to the frame header (ITU T.81 annex B)."""
    position = 2
    for _ in range(SEGMENTS_LIMIT):
        found = JPEG_HEAD.match(data, position)
        if not found:
            return None
        mark, position = found[1][0], found.end()
        if mark in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, position + 3)
            return Picture(width=width, height=height, lossy=True)
        if mark not in JPEG_ALONE:
            position += struct.unpack_from(">H", data, position)[0]
    return None


def _webp(data: bytes) -> Picture | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Picture(width=width & 0x3FFF, height=height & 0x3FFF, lossy=True)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Picture(width=(bits & 0x3FFF) + 1, height=(bits >> 14 & 0x3FFF) + 1)
    if kind != b"VP8X" or len(data) < 30:
        return None
    width = int.from_bytes(data[24:27], "little") + 1
    height = int.from_bytes(data[27:30], "little") + 1
    return Picture(width=width, height=height, moving=bool(data[20] & 2), lossy=True)


def _heif(data: bytes) -> Picture | None:
    """Take the largest size named: photos hold thumbnails and tiles beside the picture."""
    sizes: list[tuple[int, int]] = []
    position = data.find(b"ispe", 0, HEAD)
    while position >= 0 and len(sizes) < SEGMENTS_LIMIT and position + 16 <= len(data):
        sizes.append(struct.unpack_from(">II", data, position + 8))
        position = data.find(b"ispe", position + 4, HEAD)
    if not sizes:
        return None
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Picture(width=width, height=height, lossy=True)
