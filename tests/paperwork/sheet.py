"""A sheet of A4: text, rules and boxes in points from the top left corner."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
    "vera": ("Vera", "VeraBd"),
}
WIDTH, HEIGHT = A4
LEFT, RIGHT = 50.0, 545.0


def _load_vera() -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in FONTS["vera"]:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


class Sheet:
    """A canvas that counts its pages. `running` is called to end and to begin a page."""

    def __init__(self, family: str = "helvetica", colour: str = "#1f3a5f", pages: int = 1):
        if family == "vera":
            _load_vera()
        self.plain, self.strong = FONTS[family]
        self.colour = colour
        self.target = BytesIO()
        self.canvas = Canvas(self.target, pagesize=A4, invariant=True)
        self.page = 1
        self.hidden = False
        self.atoms = "lines"
        self.pages = pages
        self.y = 50.0
        self.signing_box = (310.0, 90.0, 530.0, 150.0)
        self.foot = lambda: None
        self.head = lambda: None

    def font(self, bold: bool) -> str:
        return self.strong if bold else self.plain

    def width(self, text: str, size: float = 9, bold: bool = False) -> float:
        """Return how wide a text is printed."""
        return pdfmetrics.stringWidth(text, self.font(bold), size)

    def fitting(self, text: str, width: float, size: float) -> float:
        """Return the size, or the smaller one, at which a heading fits into a width."""
        return min(size, size * width / self.width(text, size, bold=True))

    def say(self, x, y, text, size=9.0, *, bold=False, align="left", colour="#000000", spaced=0.0):
        """Print one line; `x` is where it begins, its middle or where it ends."""
        if not text:
            return
        self.canvas.setFillColor(HexColor(colour))
        width = self.width(text, size, bold) + spaced * len(text)
        start = {"left": x, "right": x - width, "middle": x - width / 2}[align]
        if self.atoms != "lines" and not spaced:
            self._atoms(start, y, text, size, bold)
            return
        line = self.canvas.beginText(start, HEIGHT - y)
        line.setFont(self.font(bold), size)
        line.setCharSpace(spaced)
        if self.hidden:
            line.setTextRenderMode(3)
        line.textOut(text)
        self.canvas.drawText(line)

    def _atoms(self, x: float, y: float, text: str, size: float, bold: bool) -> None:
        """Print words or letters one by one, as report programs do."""
        parts = text.split(" ") if self.atoms == "words" else list(text)
        gap = self.width(" ", size, bold) if self.atoms == "words" else 0.0
        self.canvas.setFont(self.font(bold), size)
        for part in parts:
            if part.strip():
                self.canvas.drawString(x, HEIGHT - y, part)
            x += self.width(part, size, bold) + gap

    def wrap(self, text: str, width: float, size: float = 9, bold: bool = False) -> list[str]:
        """Break a text into lines of a width."""
        return simpleSplit(text, self.font(bold), size, width)

    def flow(self, x, y, text, width, size=9.0, *, bold=False, lead=1.25, colour="#000000"):
        """Print a wrapped text and return where the next line would stand."""
        for line in self.wrap(text, width, size, bold):
            self.say(x, y, line, size, bold=bold, colour=colour)
            y += size * lead
        return y

    def lines(self, x, y, texts, size=9.0, *, align="left", bold_first=False, lead=1.3):
        """Print lines one below another and return where the next would stand."""
        for count, text in enumerate(texts):
            if text:
                self.say(x, y, text, size, align=align, bold=bold_first and not count)
                y += size * lead
        return y

    def rule(self, x1, x2, y, thick=0.6, colour="#444444"):
        """Draw a horizontal line."""
        if self.hidden:
            return
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(thick)
        self.canvas.line(x1, HEIGHT - y, x2, HEIGHT - y)

    def upright(self, x, y1, y2, thick=0.6):
        """Draw a vertical line."""
        if self.hidden:
            return
        self.canvas.setStrokeColor(HexColor("#444444"))
        self.canvas.setLineWidth(thick)
        self.canvas.line(x, HEIGHT - y1, x, HEIGHT - y2)

    def box(self, x, y, width, height, fill="", line="#444444"):
        """Draw a box whose top left corner is x, y."""
        if self.hidden:
            return
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if line:
            self.canvas.setStrokeColor(HexColor(line))
            self.canvas.setLineWidth(0.6)
        bottom = HEIGHT - y - height
        self.canvas.rect(x, bottom, width, height, fill=int(bool(fill)), stroke=int(bool(line)))

    def turn(self):
        """End this page and begin the next."""
        self.foot()
        self.canvas.showPage()
        self.page += 1
        self.y = 60.0
        self.head()

    def room(self, height: float, limit: float = 730.0):
        """Turn the page when less than this height is left."""
        if self.y + height > limit:
            self.turn()

    def finish(self) -> bytes:
        """Return the bytes of the file."""
        self.foot()
        self.canvas.showPage()
        self.canvas.save()
        return self.target.getvalue()
