"""Text that somebody typed onto a page afterwards: where it stands, and as words among the others.

Notes and form fields of a PDF are no part of its text layer; for who reads the page they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pypdf.generic import DictionaryObject

from parsers.files.layout import Page
from parsers.files.page_shape import shaped
from parsers.files.pdf_objects import list_at
from parsers.files.rows import Word

_LONGEST = 500
_FARTHEST = 100_000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A text on a page, line by line. `page` counts from 1, 0 is unknown; `box` is left, top,
    right, bottom in points from the page's top left corner, () when unknown."""

    text: str
    page: int = 0
    box: tuple[float, ...] = ()


def tidy_text(said: str, longest: int = _LONGEST) -> str:
    """Return a text that can be written down, lines kept, gaps closed, 500 letters at most unless more
    are wanted."""
    sound = said[:longest].encode("utf-8", "replace").decode().replace("\x00", "")
    lines = (" ".join(line.split()) for line in sound.splitlines())
    return "\n".join(line for line in lines if line)


def box_on(page: DictionaryObject, item: DictionaryObject) -> tuple[float, ...]:
    """Return where an annotation stands as it is seen, () when the page is turned or it does not
    say (ISO 32000-1 section 12.5.2)."""
    frame = _numbers(page, "/CropBox") or _numbers(page, "/MediaBox")
    rectangle = _numbers(item, "/Rect")
    if not frame or not rectangle or page.get("/Rotate", 0):
        return ()
    left, right = sorted(rectangle[::2])
    bottom, top = sorted(rectangle[1::2])
    edge, height = min(frame[::2]), max(frame[1::2])
    return (left - edge, height - top, right - edge, height - bottom)


def _numbers(holder: DictionaryObject, name: str) -> list[float]:
    """Return the four numbers of a rectangle, [] when they are none or beyond any page."""
    found = [float(one) for one in list_at(holder, name) if isinstance(one, int | float)]
    sound = len(found) == 4 and all(abs(one) <= _FARTHEST for one in found)
    return found if sound else []


def with_typed(pages: Sequence[Page], typed: Iterable[Typed]) -> tuple[Page, ...]:
    """Return the pages with the typed words among those that were printed."""
    texts = [one for one in typed if one.box]
    return tuple(
        _with_words(page, [one for one in texts if one.page == page.number]) for page in pages
    )


def _with_words(page: Page, texts: Sequence[Typed]) -> Page:
    """Return a page with these texts on it; the same page when there are none."""
    if not texts:
        return page
    printed = [word for row in page.rows for word in row.words]
    return replace(page, rows=shaped((*printed, *(word for one in texts for word in _words(one)))))


def _words(typed: Typed) -> Iterator[Word]:
    """Give the words of a text, spread over its box: lines share its height, letters its width."""
    left, top, right, bottom = typed.box
    lines = typed.text.splitlines()
    height = (bottom - top) / len(lines)
    letter = min((right - left) / max(map(len, lines)), height)
    for number, line in enumerate(lines):
        begin = 0
        for word in line.split(" "):
            yield Word(
                text=word,
                left=left + begin * letter,
                top=top + number * height,
                right=left + (begin + len(word)) * letter,
                bottom=top + (number + 1) * height,
            )
            begin += len(word) + 1
