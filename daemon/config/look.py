"""The look of a desk, read and checked: a colour that white words can be read on, a logo that fits."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.desk import Look
from handlers.errors import ConfigError
from templates.look import READABLE, WHITE, contrast, readable

if TYPE_CHECKING:
    from daemon.config.desk import LookSection
    from daemon.config.model import Configuration

LOGO_SIZE = 32 << 10  # octets: the logo travels in every message
LOGO_SIDE = 2000  # pixels
SHOWN_WIDTH, SHOWN_HEIGHT = 240, 48  # pixels: the room that a message gives the logo
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}


def look_of(configuration: Configuration, desk: str, section: LookSection) -> Look:
    """Return the look of a desk. Raises ConfigError, with the remedy, for a colour on which white words
    cannot be read and for a logo that cannot be shown."""
    place = f"{configuration.place('desks', desk, 'look')}"
    colour = section.colour.lower()
    if contrast(colour, WHITE) < READABLE:
        raise ConfigError(
            f"{place}: white words on colour {colour} have a contrast of"
            f" {contrast(colour, WHITE):.1f}, {READABLE} is needed to read them."
            f' Take a darker one, for example "{readable(colour, WHITE, "#000000")}".'
        )
    if not section.logo:
        return Look(colour=colour)
    return _with_logo(colour, configuration.folder / section.logo, place)


def _with_logo(colour: str, file: Path, place: str) -> Look:
    if not file.is_file():
        raise ConfigError(f"{place}: the logo {file} does not exist. Correct `logo`, or drop it.")
    data = file.read_bytes()
    if len(data) > LOGO_SIZE:
        raise ConfigError(
            f"{place}: the logo {file} has {len(data)} octets, {LOGO_SIZE} at most, because it travels"
            f" in every message. Save it smaller: {2 * SHOWN_HEIGHT} pixels high is enough."
        )
    kind, (width, height) = _opened(data, file, place)
    scale = min(SHOWN_WIDTH / width, SHOWN_HEIGHT / height, 1)
    return Look(
        colour=colour,
        logo=data,
        logo_type=FORMATS[kind],
        logo_width=max(1, round(width * scale)),
        logo_height=max(1, round(height * scale)),
    )


def _opened(data: bytes, file: Path, place: str) -> tuple[str, tuple[int, int]]:
    """Return the format and size in pixels, once the whole picture could be read."""
    from PIL import Image  # only where a logo is named: the daemon starts without a decoder

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(data), formats=tuple(FORMATS)) as picture:
                size, kind = picture.size, picture.format or ""
                if max(size) > LOGO_SIDE:
                    raise ConfigError(
                        f"{place}: the logo {file} has {size[0]} × {size[1]} pixels, {LOGO_SIDE} at"
                        f" most. Save it {2 * SHOWN_HEIGHT} pixels high."
                    )
                picture.load()
    except (OSError, ValueError, Warning, SyntaxError) as error:
        raise ConfigError(
            f"{place}: the logo {file} is no PNG or JPEG picture that can be read. Save it as PNG."
        ) from error
    return kind, size
