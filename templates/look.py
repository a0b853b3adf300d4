"""The look of a desk: the shades made from its colour, and whether words can be read on them.

Mail clients know no variables, so every shade is computed here and written where it is used.
Colours are "#rrggbb"; contrast is that of WCAG 2.2 (1 to 21).
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache

from handlers.desk import Look

WHITE, DARK = "#ffffff", "#20252b"  # what words stand on by day, and in dark mode
READABLE = 4.5  # WCAG 2.2, 1.4.3, for words of ordinary size
STEPS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Shades:
    """What a page is coloured with: `colour` behind white words and for links, `tint` behind dark
    words, `light` for links and lines in dark mode."""

    colour: str
    tint: str
    light: str


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour between two, `share` (0 to 1) of the way to the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, on: str, towards: str) -> str:
    """Return the colour nearest to `colour`, on its way to `towards`, that can be read on `on`."""
    tried = (mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next((one for one in tried if contrast(one, on) >= READABLE), towards)


@lru_cache(maxsize=64)
def shades_of(colour: str) -> Shades:
    """Return the shades made from a desk's colour, each readable where it is used."""
    return Shades(
        colour=readable(colour, WHITE, "#000000"),
        tint=mixed(colour, WHITE, 0.9),
        light=readable(colour, mixed(DARK, WHITE, 0.06), WHITE),
    )


@lru_cache(maxsize=64)
def logo_address(look: Look) -> str:
    """Return the logo as a `data:` address for a page that is shown alone; "" without one."""
    if not look.logo:
        return ""
    return f"data:{look.logo_type};base64,{b64encode(look.logo).decode()}"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(one / 255) for one in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
