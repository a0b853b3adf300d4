"""Refuse pictures that cost more than a file may, before a decoder sees them."""

from __future__ import annotations

import re

from parsers.files.picture import measure

MOST_PIXELS = 50_000_000
"""The largest cameras of telephones; a reader's memory holds it four times."""

MOST_SCANS = 100
"""A progressive JPEG has about ten scans; each one more costs a pass over the whole picture."""

MOST_EXIF = 50
"""Blocks of a camera's notes in one file. Pillow joins them one by one, again and again."""

_MARK = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
_START_OF_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, 0xD8})


class PictureRefused(Exception):
    """A picture that cannot be used. `code` is a refusal of an attachment: too_heavy, broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse_heavy(data: bytes) -> None:
    """Raise PictureRefused for a picture whose first bytes promise too many pixels or passes."""
    picture = measure(data)
    if picture:
        refuse_large(picture.width, picture.height)
    if not data.startswith(b"\xff\xd8"):
        return
    if count_scans(data) > MOST_SCANS or data.count(b"Exif\x00\x00") > MOST_EXIF:
        raise PictureRefused("too_heavy")


def refuse_large(width: int, height: int) -> None:
    """Raise PictureRefused when a picture has more pixels than MOST_PIXELS, or none."""
    if width < 1 or height < 1:
        raise PictureRefused("broken")
    if width * height > MOST_PIXELS:
        raise PictureRefused("too_heavy")


def count_scans(data: bytes) -> int:
    """Count the scans of a JPEG up to its end, at most MOST_SCANS + 1 (ITU T.81 annex B).

    What lies behind the end (a telephone appends a film) and thumbnails inside segments do not
    count.
    """
    scans, position = 0, 2
    while scans <= MOST_SCANS and (found := _MARK.search(data, position)):
        mark, position = data[found.end() - 1], found.end()
        if mark == _END:
            break
        scans += mark == _START_OF_SCAN
        if mark not in _ALONE:
            position += int.from_bytes(data[position : position + 2], "big")
    return scans
