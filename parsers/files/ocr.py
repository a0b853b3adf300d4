"""Guess the words of a picture, when the extra `ocr` is installed; without it nothing is guessed.

What is read here only ever suggests: it is Source.GUESS, nobody acts on it but a person. Models
are part of the wheel (RapidOCR on onnxruntime), so nothing is fetched. Bounded: two pages, 960
pixels for finding lines, one processor: about 3 s and 150 MB of address space for a page, beside
the 430 MB of the models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from parsers.files.layout import TROUBLE, Page
from parsers.files.rows import Word, rows_of

try:
    import cv2
    import numpy as np
    from rapidocr import RapidOCR
except ImportError:  # the extra is not installed
    RapidOCR = None

_PAGES = 2
_SCALE = 150 / 72
_LONGEST_SIDE = 2_000
_LEAST_SCORE = 0.6
_LETTERS = 20_000
_ONE = {"intra_op_num_threads": 1, "inter_op_num_threads": 1, "enable_cpu_mem_arena": False}
_SETTINGS: dict[str, object] = {
    **{f"EngineConfig.onnxruntime.{name}": value for name, value in _ONE.items()},
    "Global.log_level": "critical",
    "Global.max_side_len": _LONGEST_SIDE,
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    "Rec.rec_batch_num": 1,
    "Cls.cls_batch_num": 1,
}


def is_available() -> bool:
    """Tell whether the extra is installed."""
    return _ENGINE is not None


def guessed_pages(data: bytes) -> tuple[Page, ...]:
    """Return the first two pages of a scan with the words guessed on them, () when nothing can be
    guessed. Places are in points, as those of printed words. Raises nothing but MemoryError."""
    if not is_available():
        return ()
    try:
        paper = pypdfium2.PdfDocument(data)
    except TROUBLE:
        return ()
    try:
        return tuple(_page(paper, number) for number in range(min(len(paper), _PAGES)))
    finally:
        paper.close()


def nothing_guessed(data: bytes) -> tuple[Page, ...]:  # noqa: ARG001 - stands for `guessed_pages`
    """Guess nothing, where something better is known."""
    return ()


def guessed_text(picture: Image.Image) -> str:
    """Return the lines of text on a picture the right way up, "" when there are none or nothing
    can be guessed. The picture is made smaller first."""
    if not is_available():
        return ""
    small = picture.convert("RGB")
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    rows = rows_of(_words(small, 1.0))
    return "\n".join(row.text for row in rows)[:_LETTERS]


def _page(paper: pypdfium2.PdfDocument, number: int) -> Page:
    """Draw a page and guess its words; a broken page has none."""
    try:
        page = paper[number]
        width, height = page.get_size()
        scale = min(_SCALE, _LONGEST_SIDE / max(width, height, 1))
        picture = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    except TROUBLE:
        return Page(number=number + 1, width=0, height=0)
    words = _words(picture, scale)
    return Page(number=number + 1, width=width, height=height, rows=rows_of(words))


def _words(picture: Image.Image, scale: float) -> Iterator[Word]:
    """Guess the words of a picture; `scale` pixels are a point."""
    try:
        found = _ENGINE(np.asarray(picture)[:, :, ::-1])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a suggestion that fails costs the file nothing
        return
    if found.boxes is None:
        return
    for corners, said, score in zip(found.boxes, found.txts, found.scores, strict=False):
        if score >= _LEAST_SCORE:
            points = [(float(x) / scale, float(y) / scale) for x, y in corners]
            yield from words_between(points, said)


def words_between(corners: Sequence[tuple[float, float]], said: str) -> Iterator[Word]:
    """Give the words of a line that fills the box around these points, letters spread evenly."""
    across, down = [x for x, _ in corners], [y for _, y in corners]
    letter = (max(across) - min(across)) / max(len(said), 1)
    begin = 0
    for word in said.split(" "):
        left = min(across) + begin * letter
        begin += len(word) + 1
        if word:
            right = left + len(word) * letter
            yield Word(text=word, left=left, top=min(down), right=right, bottom=max(down))


def _engine() -> Any:
    """Load the models and use each of them once, so that a confined process needs no file later."""
    if RapidOCR is None:
        return None
    cv2.setNumThreads(0)
    engine = RapidOCR(params=_SETTINGS)
    picture = Image.new("RGB", (400, 120), "white")
    ImageDraw.Draw(picture).text((20, 30), "BON 12345", fill="black", font_size=48)
    engine(np.asarray(picture))
    return engine


_ENGINE = _engine()
