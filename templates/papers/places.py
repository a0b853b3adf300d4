"""Places on a paper that are filled in later, by pen or on a screen, and the code beside them."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, Paragraph

from templates.papers.codes import draw_square
from templates.papers.text_field import LONGEST, SIZE, draw_field, lines_of
from templates.papers.typeface import LEADING, PLAIN, Setting, markup, mm, printed

LABEL, HINT = 9.5, 8.5
FIELD, LINE, SCAN = 9 * mm, 11 * mm, 34 * mm
INSIDE = 0.8 * mm


class _Place(Flowable):  # type: ignore[misc]  # the library ships no types
    """Something as wide as its column."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the room that is taken, in points."""
        self.width = width
        self.height = self._tall()
        return width, self.height

    def _tall(self) -> float:
        raise NotImplementedError

    def _say(self, words: str, size: float, top: float, *, bold: bool = False) -> float:
        """Write words under `top`; return where they end."""
        said = Paragraph(words, self._setting.style(size, bold=bold))
        _, used = said.wrap(self.width, 200 * mm)
        said.drawOn(self.canv, 0, top - used)
        return float(top - used)

    def _needs(self, words: str, size: float, width: float) -> float:
        return float(Paragraph(words, self._setting.style(size)).wrap(width, 200 * mm)[1])


class Field(_Place):
    """A field of the form: its label, a frame to write into by pen that is a text field on a screen,
    named by the label, and a hint below. A value that nobody could read in it is left out."""

    def __init__(self, label: str, value: str, hint: str, setting: Setting) -> None:
        super().__init__(setting)
        told = printed(value).replace("\n", " ")
        self._value = told if len(told) <= LONGEST else ""
        self._label, self._hint = label, hint

    def draw(self) -> None:
        """Draw it."""
        top = self._say(markup(self._label), LABEL, self.height, bold=True) - 1 * mm
        canvas: Any = self.canv
        high = self._high()
        canvas.setLineWidth(0.7)
        canvas.rect(0, top - high, self.width, high)
        canvas.saveState()
        canvas.translate(INSIDE, top - high + INSIDE)
        size = (self.width - 2 * INSIDE, high - 2 * INSIDE)
        draw_field(canvas, self._label, self._value, self._hint or self._label, size)
        canvas.restoreState()
        if self._hint:
            self._say(markup(self._hint), HINT, top - high - 0.5 * mm)

    def _high(self) -> float:
        more = len(lines_of(self._value, self.width - 2 * INSIDE)) - 1
        return FIELD + more * SIZE * LEADING

    def _tall(self) -> float:
        hint = self._needs(markup(self._hint), HINT, self.width) + 0.5 * mm if self._hint else 0
        label = self._needs(markup(self._label), LABEL, self.width)
        return label + 1 * mm + self._high() + hint + 3 * mm


class Blank(_Place):
    """A line to write on, behind its label."""

    def __init__(self, label: str, setting: Setting) -> None:
        super().__init__(setting)
        self._label = label

    def draw(self) -> None:
        """Draw it."""
        canvas: Any = self.canv
        size = LABEL * self._setting.scale
        told = printed(self._label)
        canvas.setFont(PLAIN, size)
        canvas.drawString(0, 1.6 * mm, told)
        canvas.setLineWidth(0.6)
        canvas.line(canvas.stringWidth(told, PLAIN, size) + 2 * mm, 1 * mm, self.width, 1 * mm)

    def _tall(self) -> float:
        return LINE


class Frame(_Place):
    """An empty frame with a label inside, at its top."""

    def __init__(self, label: str, height: float, setting: Setting) -> None:
        super().__init__(setting)
        self._label, self._high = label, height

    def draw(self) -> None:
        """Draw it."""
        canvas: Any = self.canv
        canvas.setLineWidth(0.7)
        canvas.rect(0, 0, self.width, self._high)
        canvas.translate(2.5 * mm, 0)
        self._say(markup(self._label), HINT, self._high - 1.5 * mm)

    def _tall(self) -> float:
        return self._high


class Scan(_Place):
    """A QR code with words beside it, and the address for whoever has no telephone."""

    def __init__(self, link: str, words: str, address: str, setting: Setting) -> None:
        super().__init__(setting)
        self._link, self._words, self._address = link, words, address

    def draw(self) -> None:
        """Draw it."""
        canvas: Any = self.canv
        draw_square(canvas, self._link, 0, self.height - SCAN, SCAN)
        beside = SCAN + 6 * mm
        canvas.translate(beside, 0)
        self.width -= beside
        used = self._needs(self._said(), LABEL + 1, self.width)
        self._say(self._said(), LABEL + 1, self.height - max(0.0, (SCAN - used) / 2))

    def _said(self) -> str:
        return f"<b>{markup(self._words)}</b><br/>{markup(self._address)}"

    def _tall(self) -> float:
        return SCAN
