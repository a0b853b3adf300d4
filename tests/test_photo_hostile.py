"""Pictures made to hurt: refused before they are decoded, or at a cost that is bounded."""

import struct
import time
import zlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from parsers.files.attachment import sniff
from parsers.files.decoding import decode
from parsers.files.exif import Notes, read_exif
from parsers.files.photo import read_photo
from parsers.files.picture_bounds import MOST_SCANS, PictureRefused, count_scans

from .pictures import chunk, exif, png, quarters, scene, segment, with_segments, written

LARGE = written(scene(1_600, 1_200))


def verdict(data):
    """The refusal of a file, "" when it is read."""
    try:
        read_photo(data, sniff(data, "").content_type)
    except PictureRefused as refused:
        return refused.code
    return ""


def cost(data):
    before = time.process_time()
    verdict(data)
    return time.process_time() - before


def resized(jpeg, width, height):
    """Say another size in the head of a JPEG."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def gif(width, height):
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + bytes(60)


def bmp(width, height):
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head + bytes(200)


def tiff(width, height):
    rows = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 100)]  # fmt: skip
    table = b"".join(struct.pack("<HHII", *row) for row in rows)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(rows)) + table + bytes(200)


def webp(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return (
        b"RIFF"
        + struct.pack("<I", 90)
        + b"WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"
        + size
        + bytes(60)
    )


def heic(width, height, brand=b"heic"):
    size = struct.pack(">I4sIII", 20, b"ispe", 0, width, height)
    return struct.pack(">I4s4sI", 16, b"ftyp", brand, 0) + bytes(30) + size + bytes(60)


HUGE = {
    "169 megapixels of png": png(13_000, 13_000),
    "jpeg": resized(LARGE, 65_500, 65_500),
    "png": png(65_535, 65_535, rows=1),
    "gif": gif(65_535, 65_535),
    "bmp": bmp(65_535, 65_535),
    "tiff": tiff(65_535, 65_535),
    "webp": webp(16_000_000, 2_000),
    "heic": heic(65_535, 65_535),
    "avif": heic(65_535, 65_535, b"avif"),
}


@pytest.mark.parametrize("data", HUGE.values(), ids=HUGE)
def test_pictures_with_too_many_pixels_are_refused_before_they_are_decoded(data):
    assert len(data) < 500_000
    before = time.process_time()
    assert verdict(data) == "too_heavy"
    assert time.process_time() - before < 0.3


def test_the_bomb_of_the_issue_is_as_small_as_it_says():
    assert len(HUGE["169 megapixels of png"]) < 160_000


BROKEN = {
    "nothing behind the head": b"\xff\xd8\xff\xe0" + bytes(500),
    "garbage": png(64, 48)[:40] + bytes(range(256)) * 8,
    "no width": png(0, 10),
    "no height": resized(LARGE, 100, 0),
    "cut in the head": LARGE[:300],
    "no row came": LARGE[: LARGE.index(b"\xff\xda") + 20],
    "heic cut off": written(quarters(), "AVIF")[:300],
    "colour profile of 100 MB": png(
        64, 48, chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(100_000_000), 9))
    ),
    "text of 1 GB": png(
        64, 48, *[chunk(b"zTXt", b"k\x00\x00" + zlib.compress(bytes(1 << 20), 9))] * 999
    ),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_decoded_is_refused_as_broken(data):
    assert verdict(data) == "broken"


def test_a_jpeg_with_many_scans_costs_too_much():
    data = written(scene(), progressive=True)
    scan = data.index(b"\xff\xda")
    end = data.index(b"\xff", scan + 4)
    bomb = data[:scan] + data[scan:end] * 5_000 + data[end:]
    assert count_scans(data) <= 12
    assert count_scans(bomb) == MOST_SCANS + 1
    assert verdict(bomb) == "too_heavy"


def test_a_thumbnail_and_a_film_add_no_scans():
    inside = segment(0xE1, b"Exif\x00\x00" + written(quarters()))
    photo = with_segments(written(scene()), inside) + b"\xff\xda" * 500
    assert count_scans(photo) == 1


POLYGLOTS = {
    "jpeg and page": written(scene()) + b"<html><script>alert(1)</script></html>",
    "gif and page": written(scene(), "GIF") + b"<script>alert(1)</script>",
    "png and program": written(scene(), "PNG") + b"MZ" + bytes(200),
}


def with_archive(data):
    target = BytesIO(data)
    target.seek(0, 2)
    with ZipFile(target, "a") as archive:
        archive.writestr("virus.exe", b"MZ")
    return target.getvalue()


@pytest.mark.parametrize(
    "data", [*POLYGLOTS.values(), with_archive(written(scene()))], ids=[*POLYGLOTS, "jpeg and zip"]
)
def test_nothing_but_the_picture_of_a_double_file_is_copied(data):
    photo = read_photo(data, sniff(data, "").content_type)
    for copy in (photo.copy, photo.thumbnail):
        assert not any(
            word in copy for word in (b"<script", b"MZ\x00\x00\x00", b"PK\x03\x04", b"virus")
        )


def test_tables_of_exif_that_point_to_themselves_cost_nothing():
    loop = b"II*\x00\x08\x00\x00\x00\xff\xff" + struct.pack("<HHII", 0x8825, 4, 1, 8) * 5_000
    assert read_exif(b"Exif\x00\x00" + loop) == Notes()
    assert cost(with_segments(written(quarters()), segment(0xE1, b"Exif\x00\x00" + loop))) < 0.5


@given(st.binary(max_size=400))
def test_any_bytes_are_read_as_exif(data):
    for block in (data, b"II*\x00" + data, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + data):
        assert 1 <= read_exif(block).orientation <= 8


def test_a_place_in_either_order_of_octets_is_seen():
    block = exif(6).tobytes()
    assert read_exif(block) == Notes(orientation=6, located=True)


@settings(max_examples=150)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"]), st.data())
def test_a_damaged_picture_is_read_or_refused(form, data):
    whole = bytearray(written(quarters(), form))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    assert verdict(cut) in {"", "broken", "too_heavy"}


def test_many_pages_and_moments_cost_as_much_as_one():
    pages = [Image.new("L", (40, 40), n % 256) for n in range(1_000)]
    first = scene(40, 40)
    for form in ("TIFF", "WEBP", "GIF"):
        assert cost(written(first, form, save_all=True, append_images=pages)) < 1


def test_comments_are_walked_once():
    many, more = (
        with_segments(written(quarters()), *[segment(0xFE, bytes(900))] * count)
        for count in (2_000, 8_000)
    )
    assert cost(more) < 8 * cost(many) + 0.2


def test_a_camera_notes_no_hundred_times():
    notes = segment(0xE1, b"Exif\x00\x00" + bytes(900))
    assert verdict(with_segments(written(quarters()), *[notes] * 100)) == "too_heavy"
    assert verdict(with_segments(written(quarters()), *[notes] * 10)) == ""


def test_a_wrong_type_is_refused():
    with pytest.raises(PictureRefused):
        decode(written(scene(), "PNG"), "image/jpeg")
    with pytest.raises(PictureRefused):
        decode(b"<svg/>", "image/svg+xml")
