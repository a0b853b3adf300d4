"""Pictures for rehearsals: photos with codes and places, logos, pages photographed, and a bomb."""

from __future__ import annotations

import random
from datetime import datetime
from importlib import resources
from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from daemon.rehearsal.enclosure import Enclosure, Given, named

SIDE = 240
GPS = 0x8825  # the tag of the directory with the place (Exif 2.32 section 4.6.3)
PLACE = {1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 8.0)}
BOMB_SIDE = 13_000
PAGE_SCALE = 1.5


def photo(given: Given, now: datetime) -> Enclosure:
    """Make a photo nobody took: the same for the same `seed` (or name). `barcode` stands on it as
    `symbology`, `gps: true` says where it was taken, `quality` packs it anew."""
    del now
    name, target = named(given, "photo.jpg"), BytesIO()
    picture = noise(str(given.get("seed") or name), SIDE)
    if given.get("barcode"):
        picture = _with_barcode(picture, given)
    exif = Image.Exif()
    if given.get("gps"):
        exif.get_ifd(GPS).update(PLACE)
        exif[GPS] = exif.get_ifd(GPS)
    picture.save(target, "JPEG", quality=int(str(given.get("quality") or 90)), exif=exif)
    inline = "photo" if given.get("inline") else ""
    return Enclosure(
        name=name, content_type="image/jpeg", data=target.getvalue(), content_id=inline
    )


def heic(given: Given, now: datetime) -> Enclosure:
    """Give a photo as iPhones send it: small, on its side, with the place where it was taken."""
    del now
    data = (resources.files("daemon.rehearsal") / "photo.heic").read_bytes()
    return Enclosure(name=named(given, "IMG_0417.HEIC"), content_type="image/heic", data=data)


def logo(given: Given, now: datetime) -> Enclosure:
    """Make the little picture of a signature."""
    del now
    target = BytesIO()
    noise("logo", 32).save(target, "PNG")
    name = named(given, "image001.png")
    return Enclosure(name=name, content_type="image/png", data=target.getvalue(), content_id="logo")


def pixels(given: Given, now: datetime) -> Enclosure:
    """Make a file of some kilobytes that would be a picture of 169 million pixels."""
    del now
    target = BytesIO()
    Image.new("1", (BOMB_SIDE, BOMB_SIDE)).save(target, "PNG")
    name = named(given, "plan.png")
    return Enclosure(name=name, content_type="image/png", data=target.getvalue())


def photographed(page: bytes, name: str) -> Enclosure:
    """Return the first page of a PDF as somebody's telephone sees it."""
    target = BytesIO()
    page_picture(page).save(target, "JPEG", quality=80)
    return Enclosure(name=name, content_type="image/jpeg", data=target.getvalue())


def page_picture(page: bytes) -> Image.Image:
    """Return the first page of a PDF of ours as a picture."""
    paper = pypdfium2.PdfDocument(page)
    try:
        shown: Image.Image = paper[0].render(scale=PAGE_SCALE).to_pil().convert("RGB")
        return shown
    finally:
        paper.close()


def noise(seed: str, side: int) -> Image.Image:
    """Return a picture that is the same for the same seed, and as heavy as a real one."""
    return Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(3 * side * side))


def _with_barcode(picture: Image.Image, given: Given) -> Image.Image:
    """Return a picture of a label: the code on white, the photo around it."""
    form = getattr(zxingcpp.BarcodeFormat, str(given.get("symbology") or "Code128"))
    code: Any = zxingcpp.create_barcode(str(given["barcode"]), form).to_image(scale=3)
    drawn = memoryview(code)
    height, width = drawn.shape or (0, 0)
    bars = Image.frombytes("L", (width, height), drawn.tobytes())
    around = 60
    label = picture.resize((bars.width + 2 * around, bars.height + 2 * around))
    label.paste(Image.new("RGB", (bars.width + 40, bars.height + 40), "white"), (around - 20,) * 2)
    label.paste(bars, (around, around))
    return label
