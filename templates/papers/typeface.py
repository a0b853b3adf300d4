"""How papers set words: the embedded font, its sizes, and what it cannot show.

Everything is black: a paper is printed by whoever gets it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from reportlab.lib import units
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from templates.block import clean
from templates.source import PACKAGE

mm: float = units.mm
PLAIN, BOLD = "Roboto-Regular", "Roboto-Bold"
LEADING = 1.36
LONGEST, MOST_LINES = 900, 12  # of one value: more is read in the ticket, not on a paper

_SPACES = str.maketrans({"\u202f": "\xa0", "\u2009": "\xa0", "\u2007": "\xa0", "\t": " "})
_ALONE = re.compile(" (?=[?!:;»€%])")  # these never begin a line
_NOTHING = re.compile("[ \xa0]?\0+")
_UNSEEN = ("So", "Sk", "Cf", "Mn", "Me", "Co", "Cn")  # emoji and their joiners say nothing in black


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How large a paper is set, 1 = as designed, and how wide, in points."""

    scale: float
    width: float

    def style(self, size: float, *, bold: bool = False) -> ParagraphStyle:
        """Return a style of paragraphs, its size in points before scaling."""
        scaled = size * self.scale
        font = BOLD if bold else PLAIN
        return ParagraphStyle("", fontName=font, fontSize=scaled, leading=scaled * LEADING)


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the fonts known, once."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(PACKAGE / "fonts" / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def printed(value: object) -> str:
    """Return a value as the font can show it: emoji are left out, letters of other scripts become
    question marks."""
    known = pdfmetrics.getFont(PLAIN).face.charWidths
    text = unicodedata.normalize("NFC", clean(value)).translate(_SPACES)
    text = _ALONE.sub("\xa0", text)
    shown = (one if one == "\n" or ord(one) in known else _instead(one) for one in text)
    return _NOTHING.sub("", "".join(shown))


def _instead(letter: str) -> str:
    """Return what stands for a letter that the font does not have: the same in plainer letters, nothing
    (a NUL, until the space before it is taken away, too), or a question mark."""
    known = pdfmetrics.getFont(PLAIN).face.charWidths
    plainer = unicodedata.normalize("NFKC", letter)
    if all(ord(one) in known for one in plainer):
        return plainer
    return "\0" if unicodedata.category(letter) in _UNSEEN else "?"


def markup(value: object) -> str:
    """Return a value as the little XML that paragraphs are made of: escaped, its line ends as breaks."""
    return escape(printed(value)).replace("\n", "<br/>")


def shortened(value: object) -> str:
    """Return a value that leaves room for others: what is longer ends in "…"."""
    told = clean(value).strip("\n")
    lines = told[:LONGEST].split("\n")
    short = "\n".join(lines[:MOST_LINES]).rstrip()
    return short if short == told else f"{short} …"


def fitting(text: str, width: float, most: float) -> float:
    """Return the largest size of bold words up to `most` at which they fit the width, in points."""
    needed = pdfmetrics.stringWidth(printed(text), BOLD, most)
    return most if needed <= width else most * width / needed
