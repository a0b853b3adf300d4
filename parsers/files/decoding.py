"""Decode a picture into plain pixels, within bounds, whatever camera wrote it.

One thread, no file: every decoder is imported here, because a confined reader can load nothing
later. Nothing of what stands beside the pixels goes on from here but which way is up, the colour
profile and whether a place was told.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

import pi_heif
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from parsers.files.exif import read_exif, tells_place
from parsers.files.picture_bounds import (
    MOST_PIXELS,
    PictureRefused,
    refuse_heavy,
    refuse_large,
)

pi_heif.register_heif_opener(
    decode_threads=0, thumbnails=False, depth_images=False, aux_images=False
)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
PLUGINS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""Imported for what they register."""

_FORMATS = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/tiff": ("TIFF",),
    "image/bmp": ("BMP",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
    "image/heif": ("HEIF", "AVIF"),
    "image/avif": ("AVIF",),
}
_HALVED = 24_000_000
"""Larger pictures are worked on at half their sides: 48 megapixels become twelve."""

_WITH_ALPHA = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})
_DEEP = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """Pixels as stored (RGB, CMYK or gray of eight bits), and what is needed to show them.

    `width` and `height` are those of the file; the pixels may be fewer. `orientation` is what
    EXIF says, `profile` an ICC profile or b"".
    """

    pixels: Image.Image
    width: int
    height: int
    orientation: int = 1
    located: bool = False
    profile: bytes = b""


def decode(data: bytes, content_type: str) -> Decoded:
    """Decode the first picture of a file of a known type (by its magic bytes).

    A picture cut off on its way is decoded as far as it goes. Raises PictureRefused, and
    MemoryError when it needs more than there is.
    """
    refuse_heavy(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd in a file; what matters raises
            return _decode(data, _FORMATS.get(content_type, ()))
    except (PictureRefused, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise PictureRefused("too_heavy") from None
    except Exception:  # noqa: BLE001 - decoders stumble in every way over broken files
        raise PictureRefused("broken") from None


def _decode(data: bytes, formats: tuple[str, ...]) -> Decoded:
    image = Image.open(BytesIO(data), formats=formats)
    refuse_large(*image.size)
    width, height = image.size
    if width * height > _HALVED:
        image.draft(None, (width // 2, height // 2))  # JPEG: costs a quarter
    _load(image)
    refuse_large(*image.size)  # HEIC may say one size and hold another
    is_tiff = image.format == "TIFF"  # Pillow turns it itself
    notes = read_exif(data if is_tiff else image.info.get("exif") or b"")
    profile = image.info.get("icc_profile") or b""
    return Decoded(
        pixels=_plain(image),
        width=width,
        height=height,
        orientation=1 if is_tiff else notes.orientation,
        located=notes.located or tells_place(data, image.info),
        profile=profile,
    )


def _load(image: Image.Image) -> None:
    """Load the pixels; of a picture cut off keep what came, unless that is nothing.

    A decoder leaves in the image what it wrote before it stumbled.
    """
    try:
        image.load()
    except MemoryError:
        raise
    except Exception:
        image.tile = []  # type: ignore[attr-defined]  # nothing more is to be loaded
        image.load()  # raises when not a single row came
        if image.convert("L").getcolors(1) is not None:
            raise


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels as RGB, CMYK or L, halved when they are many, on white when see-through."""
    if image.mode in _DEEP:
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in {"P", "1"} or image.mode not in {"L", "RGB", "CMYK", *_WITH_ALPHA}:
        image = image.convert(_mode_of(image))
    if image.width * image.height > _HALVED:
        image = image.reduce(2)
    return _on_white(image) if image.mode in _WITH_ALPHA or _is_keyed(image) else image


def _mode_of(image: Image.Image) -> str:
    if image.mode in {"1", "F"}:
        return "L"
    return "RGBA" if "transparency" in image.info else "RGB"


def _is_keyed(image: Image.Image) -> bool:
    """Tell whether one colour of a picture means see-through."""
    return "transparency" in image.info and image.mode in {"L", "RGB"}


def _on_white(image: Image.Image) -> Image.Image:
    shown = image.convert("RGBA")
    white = Image.new("RGB", shown.size, "white")
    white.paste(shown, mask=shown.getchannel("A"))
    return white
