"""Words of a page as PDFium draws them: letters joined by where they stand, upright, visible.

Letters come in the order they were drawn. A word ends at a space, at a gap, at a jump back or to
another line, so that cells which overlap stay apart. Pages and texts that are turned are turned
back. What nobody can see is left out: transparent, white on white, smaller than two points,
outside the page. Text drawn without ink is what scanners lay under their pictures: it counts only
when the page has no other (`Glyphs.guessed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import pi

import pypdfium2
from pypdfium2 import raw

Box = tuple[float, float, float, float]

CHARACTERS = 60_000
"""How many letters of a page are read."""

# `raw.c_uint` and its like are the cells PDFium writes its answers into: numbers, nothing more.
# Taken from pypdfium2, because parsers may not load `ctypes`, which could do anything.
_OBJECTS = 2_000
_WHITE_WORDS = 2_000
_SMALLEST = 2.0
_WHITE = 240
_UNSEEN = 8
_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    0x02: "-", 0xFFFE: "-", 0x2010: "-", 0x2011: "-", 0x2212: "-", 0x2013: "-",
}  # fmt: skip
_HYPHEN = 0x02
_INVISIBLE = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_PLAIN, _GHOST, _BLANK = "plain", "ghost", "blank"


@dataclass(frozen=True, kw_only=True, slots=True)
class Glyphs:
    """Words with their boxes (left, top, right, bottom from the upright page's top left corner),
    the size of that page, and whether they are but a scanner's guess."""

    words: tuple[tuple[str, Box], ...]
    aside: tuple[tuple[str, Box], ...]
    width: float
    height: float
    guessed: bool = False


@dataclass(slots=True)
class _Run:
    """Letters of a word while it is joined; `first` is the index of its first letter."""

    text: str
    box: list[float]
    first: int


class _Frame:
    """Turn places of the file into places on the upright page."""

    def __init__(self, box: Box, turns: int) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.turns = turns % 4

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turns % 2 else (wide, high)

    def turned(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box of the file as it stands on the upright page."""
        if self.turns == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turns == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turns == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left


def read_glyphs(page: pypdfium2.PdfPage) -> Glyphs:
    """Return the words of a page that can be seen. Raises what PDFium raises."""
    layer = page.get_textpage()
    try:
        return _read(page, layer)
    finally:
        layer.close()


def _read(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage) -> Glyphs:
    count = min(layer.count_chars(), CHARACTERS)
    codes = [raw.FPDFText_GetUnicode(layer.raw, index) for index in range(count)]
    turns = _turns(layer, codes)
    frame = _Frame(page.get_bbox(), turns)
    runs = list(_runs(layer, codes, frame))
    seen = _visible(page, layer, runs, frame)
    words = [_told(run) for run, ghost in seen if not ghost]
    guessed = not words and any(ghost for _, ghost in seen)
    if guessed:
        words = [_told(run) for run, _ in seen]
    upright = [_turn(layer, run.first) == turns for run, ghost in seen if guessed or not ghost]
    return Glyphs(
        words=tuple(word for word, straight in zip(words, upright, strict=True) if straight),
        aside=tuple(word for word, straight in zip(words, upright, strict=True) if not straight),
        width=frame.size[0],
        height=frame.size[1],
        guessed=guessed,
    )


def _told(run: _Run) -> tuple[str, Box]:
    left, top, right, bottom = run.box
    return run.text, (left, top, right, bottom)


def _turn(layer: pypdfium2.PdfTextPage, index: int) -> int:
    """Return by how many quarters a letter is turned to the left."""
    angle = float(raw.FPDFText_GetCharAngle(layer.raw, index))
    return -round(angle / (pi / 2)) % 4


_SAMPLES = 64


def _turns(layer: pypdfium2.PdfTextPage, codes: Sequence[int]) -> int:
    """Return by how many quarters to the left most letters are turned, whatever /Rotate says."""
    step = max(1, len(codes) // _SAMPLES)
    sample = [_turn(layer, index) for index in range(0, len(codes), step) if codes[index] > 32]
    return max(set(sample), key=sample.count) if sample else 0


def _runs(layer: pypdfium2.PdfTextPage, codes: Sequence[int], frame: _Frame) -> Iterator[_Run]:
    """Join letters to words."""
    rect, run = raw.FS_RECTF(), None
    handle, read = layer.raw, raw.FPDFText_GetLooseCharBox
    for index, code in enumerate(codes):
        if (code <= 32 and code != _HYPHEN) or code in _SPACES:
            if run:
                yield run
            run = None
            continue
        if not read(handle, index, rect):
            continue
        box = frame.turned(rect.left, rect.bottom, rect.right, rect.top)
        letter = _LIGATURES.get(code) or (chr(code) if code < 0x110000 else "?")
        if run and _continues(run.box, box):
            run.text += letter
            _grow(run.box, box)
        else:
            if run:
                yield run
            run = _Run(letter, list(box), index)
    if run:
        yield run


_SPACES = frozenset({0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF})  # fmt: skip


def _continues(run: Sequence[float], box: Box) -> bool:
    """Tell whether a letter stands right behind the others: no gap, no jump, on their line."""
    high = min(run[3] - run[1], box[3] - box[1])
    gap = box[0] - run[2]
    level = abs((run[1] + run[3]) - (box[1] + box[3])) / 2
    return -0.35 * high <= gap <= 0.3 * high and level <= 0.5 * high


def _grow(run: list[float], box: Box) -> None:
    run[1], run[2], run[3] = min(run[1], box[1]), max(run[2], box[2]), max(run[3], box[3])


def _visible(
    page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, runs: Sequence[_Run], frame: _Frame
) -> list[tuple[_Run, bool]]:
    """Return the words one can see, each with whether it is drawn without ink."""
    looks = [(run, _look(layer, run, frame)) for run in runs]
    white = [run for run, look in looks if look == _BLANK]
    shown = {id(run) for run in _on_colour(page, white, frame)} if white else set()
    return [
        (run, look == _GHOST)
        for run, look in looks
        if look in (_PLAIN, _GHOST) or (look == _BLANK and id(run) in shown)
    ]


def _look(layer: pypdfium2.PdfTextPage, run: _Run, frame: _Frame) -> str:
    """Name how a word looks: plain, a ghost without ink, blank (white), or "" when unseen."""
    left, top, right, bottom = run.box
    wide, high = frame.size
    within = right >= 0 and bottom >= 0 and left <= wide and top <= high
    if not (within and bottom - top >= _SMALLEST):  # so also what is no number
        return ""
    drawn = raw.FPDFText_GetTextObject(layer.raw, run.first)
    if drawn and raw.FPDFTextObj_GetTextRenderMode(drawn) in _INVISIBLE:
        return _GHOST
    red, green, blue, alpha = (raw.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(layer.raw, run.first, red, green, blue, alpha):
        return _PLAIN
    if alpha.value <= _UNSEEN:
        return ""
    return _BLANK if min(red.value, green.value, blue.value) >= _WHITE else _PLAIN


def _on_colour(page: pypdfium2.PdfPage, white: Sequence[_Run], frame: _Frame) -> Iterator[_Run]:
    """Give the white words that stand on something that is not white, among the first."""
    grounds = list(_grounds(page, frame))
    for run in white[:_WHITE_WORDS]:
        across, down = (run.box[0] + run.box[2]) / 2, (run.box[1] + run.box[3]) / 2
        if any(a <= across <= c and b <= down <= d for a, b, c, d in grounds):
            yield run


def _grounds(page: pypdfium2.PdfPage, frame: _Frame) -> Iterator[Box]:
    """Give the boxes of the first coloured areas and pictures of a page."""
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_TEXT or (kind == raw.FPDF_PAGEOBJ_PATH and _is_pale(drawn)):
            continue
        edges = [raw.c_float() for _ in range(4)]
        if raw.FPDFPageObj_GetBounds(drawn, *edges):
            yield frame.turned(*(edge.value for edge in edges))


def _is_pale(drawn: raw.FPDF_PAGEOBJECT) -> bool:
    """Tell whether an area is white, or not filled at all."""
    fill, stroke = raw.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    parts = [raw.c_uint() for _ in range(4)]
    known = raw.FPDFPageObj_GetFillColor(drawn, *parts)
    return not fill.value or (bool(known) and min(part.value for part in parts[:3]) >= _WHITE)
