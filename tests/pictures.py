"""Pictures made on the spot: scenes with detail, barcodes on labels, cameras' notes, traps."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from zxingcpp import BarcodeFormat

GPS = {1: "N", 2: (50.0, 38.0, 12.0), 3: "E", 4: (3.0, 3.0, 48.0)}
ORIENTATION, GPS_TABLE, MAKER, MODEL = 0x0112, 0x8825, 0x010F, 0x0110


def scene(width=640, height=480, seed=1):
    """A picture like no other: shapes of all sizes on a shaded ground, a little noise."""
    chance = random.Random(seed)
    top, bottom = (tuple(chance.randrange(40, 216) for _ in range(3)) for _ in range(2))
    shade = Image.linear_gradient("L").resize((width, height))
    image = Image.composite(
        Image.new("RGB", (width, height), bottom), Image.new("RGB", (width, height), top), shade
    )
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chance.randrange(-width // 5, width), chance.randrange(-height // 5, height)
        box = (x, y, x + chance.randrange(width // 12, width // 2), y + height // 4)
        colour = tuple(chance.randrange(256) for _ in range(3))
        chance.choice((draw.ellipse, draw.rectangle))(box, fill=colour)
    return Image.blend(image, grains((width, height), 12, seed).convert("RGB"), 0.08)


def grains(size, spread, seed=1):
    """Gray grains of a standard deviation, the same each time."""
    noise = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    return noise.point(lambda value: 128 + (value - 128) * spread / 74)


def quarters(width=64, height=48):
    """Red, green above blue, white: what is turned shows."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    half, middle = width // 2, height // 2
    draw.rectangle((0, 0, half - 1, middle - 1), fill=(230, 20, 20))
    draw.rectangle((half, 0, width, middle - 1), fill=(20, 200, 20))
    draw.rectangle((0, middle, half - 1, height), fill=(20, 20, 230))
    return image


def written(image, form="JPEG", **how):
    target = BytesIO()
    image.save(target, form, **how)
    return target.getvalue()


def exif(orientation=1, *, gps=True):
    notes = Image.Exif()
    notes[ORIENTATION], notes[MAKER], notes[MODEL] = orientation, "Exemple", "E-1"
    if gps:
        notes.get_ifd(GPS_TABLE).update(GPS)
    return notes


def code(text, kind="Code128", *, scale=4, gs1=False):
    """A barcode with its quiet zone, black on white."""
    options = {"gs1": True} if gs1 else {}
    made = zxingcpp.create_barcode(text, getattr(BarcodeFormat, kind), **options)
    image = Image.fromarray(made.to_image(scale=scale))
    framed = Image.new("L", (image.width + 12 * scale, image.height + 12 * scale), 255)
    framed.paste(image, (6 * scale, 6 * scale))
    return framed


def label(*codes, width=900, margin=30):
    """A white label with codes one under the other and words between them."""
    height = margin + sum(one.height + margin + 30 for one in codes)
    image = Image.new(
        "RGB", (max(width, *(one.width + 2 * margin for one in codes)), height), "white"
    )
    draw, y = ImageDraw.Draw(image), margin
    font = ImageFont.load_default(20)
    for one in codes:
        draw.text((margin, y), "TYPE E-400  230 V~ 50 Hz", font=font, fill="black")
        image.paste(one, (margin, y + 30))
        y += one.height + margin + 30
    return image


def photographed(shown, size=(4032, 3024), *, angle=0.0, tilt=0.0, noise=0.0, blur=0.0, share=0.35):
    """Photograph a label: on a scene, turned by degrees, seen from the side (`tilt` of its
    height is lost at one end), with grains of sensor noise, out of focus by pixels.

    `share` is how much of the picture's width the label takes.
    """
    image = scene(*(side // 8 for side in size), seed=7).resize(size, Image.Resampling.BICUBIC)
    seen = shown.convert("RGBA")
    wide = int(size[0] * share)
    seen = seen.resize((wide, max(1, seen.height * wide // seen.width)), Image.Resampling.BICUBIC)
    seen = _tilted(seen, tilt).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    image.paste(seen, ((size[0] - seen.width) // 2, (size[1] - seen.height) // 2), seen)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    if noise:
        image = Image.blend(image, grains(size, noise).convert("RGB"), 0.25)
    return image


def _tilted(image, tilt):
    """See it in perspective: the right side is farther away."""
    if not tilt:
        return image
    width, height = image.size
    lost = tilt * height / 2
    corners = [(0, 0), (width, lost), (width, height - lost), (0, height)]
    return image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        _coefficients(corners, [(0, 0), (width, 0), (width, height), (0, height)]),
        Image.Resampling.BICUBIC,
    )


def _coefficients(targets, sources):
    """Solve the eight unknowns that carry each target onto its source (Gauss, by hand)."""
    rows = []
    for (x, y), (u, v) in zip(targets, sources, strict=True):
        rows += [
            [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
            [0, 0, 0, x, y, 1, -v * x, -v * y, v],
        ]
    for pivot in range(8):
        best = max(range(pivot, 8), key=lambda row: abs(rows[row][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        rows[pivot] = [value / rows[pivot][pivot] for value in rows[pivot]]
        for row in range(8):
            if row != pivot:
                factor = rows[row][pivot]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[pivot], strict=True)]
    return [row[8] for row in rows]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *between, depth=1, rows=None):
    """A PNG written by hand, its chunks `between` head and pixels. `rows`: how many are there."""
    count = height if rows is None else rows
    packer = zlib.compressobj(9)
    line = bytes(1 + (width * depth + 7) // 8)
    packed = b"".join(packer.compress(line * min(64, count - n)) for n in range(0, count, 64))
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", packed + packer.flush())
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + b"".join(between)
        + pixels
        + chunk(b"IEND", b"")
    )


def segment(mark, data):
    return b"\xff" + bytes([mark]) + struct.pack(">H", len(data) + 2) + data


def with_segments(jpeg, *segments):
    """Put segments behind the start of a JPEG."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]
