"""Pictures: photos told from logos by their size in pixels, read and never decoded."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.files.picture import is_decor, measure


def png(width, height, size=100, moving=False):
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return head + (b"acTL" if moving else b"") + bytes(size)


def gif(width, height, size=100, moving=False):
    loop = b"NETSCAPE2.0" if moving else b""
    return b"GIF89a" + struct.pack("<HH", width, height) + loop + bytes(size)


def jpeg(width, height, size=100):
    exif = b"\xff\xe1" + struct.pack(">H", 2_002) + bytes(2_000)
    frame = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, height, width)
    return b"\xff\xd8" + exif + b"\xff" + frame + bytes(size)


def bmp(width, height):
    return b"BM" + bytes(16) + struct.pack("<ii", width, -height) + bytes(50)


def webp(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + size


def heic(*sizes):
    boxes = b"".join(b"\x00\x00\x00\x14ispe" + struct.pack(">III", 0, *size) for size in sizes)
    return b"\x00\x00\x00\x18ftypheic" + bytes(40) + boxes


@pytest.mark.parametrize(
    "data",
    [
        png(640, 480),
        gif(640, 480),
        jpeg(640, 480),
        bmp(640, 480),
        webp(640, 480),
        heic((320, 240), (640, 480), (512, 512)),
    ],
    ids=["png", "gif", "jpeg", "bmp", "webp", "heic"],
)
def test_the_size_in_pixels_is_read_from_every_format(data):
    picture = measure(data)
    assert (picture.width, picture.height) == (640, 480)


def test_simple_webp_is_measured_too():
    lossy = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(10) + struct.pack("<HH", 640, 480)
    bits = struct.pack("<I", 639 | 479 << 14)
    plain = b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(5) + bits
    assert [measure(data).width for data in (lossy, plain)] == [640, 640]
    assert [measure(data).height for data in (lossy, plain)] == [480, 480]


@pytest.mark.parametrize(
    "data",
    [
        png(1, 1),
        png(120, 120, 90_000),
        png(600, 120, 90_000),
        gif(300, 200, 70_000, moving=True),
        png(1_200, 500, 8_000),
        b"unknown",
    ],
    ids=["pixel", "icon", "banner", "moving", "large logo", "small unknown"],
)
def test_logos_icons_banners_and_pixels_inside_the_text_are_decor(data):
    assert is_decor(data, inline=True)


@pytest.mark.parametrize(
    "data",
    [
        jpeg(4_032, 3_024, 900_000),
        jpeg(1_280, 720, 30_000),
        png(1_024, 768, 35_000),
        png(900, 700, 200_000),
        gif(1_000, 800, 300_000, moving=True),
        heic((4_032, 3_024)) + bytes(50_000),
        bytes(50_000),
    ],
    ids=["phone", "packed photo", "screenshot", "table", "recording", "heic", "large unknown"],
)
def test_photos_and_screenshots_inside_the_text_are_documents(data):
    assert not is_decor(data, inline=True)


def test_a_picture_attached_by_hand_is_decor_only_when_nobody_can_see_it():
    assert not is_decor(png(120, 60), inline=False)
    assert is_decor(png(1, 1), inline=False)


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8", b"BM", b"RIFF", b"abcdftyp"]),
    st.binary(max_size=80),
)
def test_any_bytes_are_measured_or_not(head, rest):
    measure(head + rest)
    is_decor(head + rest, inline=True)
