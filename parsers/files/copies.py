"""Make the copies of a picture that may leave the house: upright, sRGB, nothing but pixels."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

LONGEST, LONGEST_OF_THUMBNAIL = 2_560, 320
QUALITY = 85
MOST_OCTETS_OF_THUMBNAIL = 15_000

_LARGEST_PROFILE = 4_000_000
_SRGB = ImageCms.createProfile("sRGB")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def shown(pixels: Image.Image, *, orientation: int, profile: bytes) -> Image.Image:
    """Return what a person sees, at most LONGEST pixels long: RGB or gray, the right way up."""
    image = pixels.copy() if max(pixels.size) <= LONGEST else _shrunk(pixels, LONGEST)
    image = in_srgb(image, profile)
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture in the colours every screen assumes. A profile that cannot be used, or
    none, changes nothing but CMYK."""
    mode = "L" if image.mode == "L" else "RGB"
    if mode == "RGB" and 0 < len(profile) <= _LARGEST_PROFILE and b"sRGB" not in profile:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        image = converted or image
    return image if image.mode == mode else image.convert(mode)


def copy_of(image: Image.Image) -> bytes:
    """Return a picture as a JPEG without any note."""
    return _jpeg(image, QUALITY)


def thumbnail_of(image: Image.Image) -> bytes:
    """Return a small JPEG without any note, below MOST_OCTETS_OF_THUMBNAIL."""
    small = _shrunk(image, LONGEST_OF_THUMBNAIL)
    for quality in (75, 60, 45, 30):
        data = _jpeg(small, quality)
        if len(data) < MOST_OCTETS_OF_THUMBNAIL:
            break
    return data


def _shrunk(image: Image.Image, longest: int) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return smaller


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Write pixels. Pillow would take a comment over from what it finds beside them."""
    plain = Image.new(image.mode, image.size)
    plain.paste(image)
    written = BytesIO()
    plain.save(written, "JPEG", quality=quality)
    return written.getvalue()
