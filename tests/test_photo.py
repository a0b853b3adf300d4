"""Photos: read whatever camera wrote them, shown upright, copied without place or comment."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from parsers.business import Confidence, DocumentKind
from parsers.files.attachment import sniff
from parsers.files.opening import open_file
from parsers.files.photo import read_photo
from parsers.files.picture import measure
from parsers.mail import Attachment, FileKind

from .pictures import (
    GPS,
    GPS_TABLE,
    code,
    exif,
    grains,
    label,
    quarters,
    scene,
    segment,
    with_segments,
    written,
)

HEIC = Path(__file__).parent / "photos" / "small_gps_rotated.heic"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="50,38N"/></x:xmpmeta>'
)
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0a\x1c\x02\x5a\x00\x05Lille"
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(90) + b"\xa9xyz\x00\x12\x15\xc7+50.6366+003.0633/"
TINT = {"red": (230, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 230)}


def attached(data, filename="IMG_0001.JPG", declared="image/jpeg"):
    nature = sniff(data, declared, filename)
    return Attachment(
        filename=filename, content_type=nature.content_type, declared_type=declared,
        size=len(data), sha256="", data=data, kind=nature.kind,
    )  # fmt: skip


def read(data):
    return read_photo(data, sniff(data, "").content_type)


def picture(data):
    return Image.open(BytesIO(data))


def near(seen, wanted):
    return all(abs(a - b) < 40 for a, b in zip(seen, wanted, strict=True))


def corners(data):
    """Name the colours at the four corners, line by line."""
    image = picture(data).convert("RGB")
    right, bottom = image.width - 6, image.height - 6
    colours = [image.getpixel(at) for at in ((5, 5), (right, 5), (5, bottom), (right, bottom))]
    names = {**TINT, "white": (255, 255, 255)}
    return [next((n for n, c in names.items() if near(seen, c)), str(seen)) for seen in colours]


def marks(jpeg):
    """The marks of all segments of a JPEG, up to its pixels."""
    found, position = [], 2
    while position < len(jpeg) and jpeg[position + 1] != 0xDA:
        found.append(jpeg[position + 1])
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
    return found


FORMS = {
    "JPEG": {},
    "PNG": {},
    "WEBP": {},
    "AVIF": {},
    "GIF": {},
    "TIFF": {"compression": "tiff_lzw"},
    "BMP": {},
}


@pytest.mark.parametrize("form, how", FORMS.items(), ids=FORMS)
def test_every_form_of_picture_becomes_a_photo(form, how):
    photo = read(written(scene(320, 240), form, **how))
    assert (photo.width, photo.height, photo.located) == (320, 240, False)
    assert len(photo.fingerprint) == 16
    assert picture(photo.copy).format == picture(photo.thumbnail).format == "JPEG"


@pytest.mark.parametrize("orientation, seen", [
    (1, "red green blue white"), (2, "green red white blue"), (3, "white blue green red"),
    (4, "blue white red green"), (5, "red blue green white"), (6, "blue red white green"),
    (7, "white green blue red"), (8, "green white red blue"),
])  # fmt: skip
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_is_shown_the_right_way_up(form, orientation, seen):
    photo = read(written(quarters(), form, exif=exif(orientation)))
    assert corners(photo.copy) == corners(photo.thumbnail) == seen.split()
    assert (photo.width, photo.height) == ((64, 48) if orientation < 5 else (48, 64))
    assert picture(photo.copy).size == (photo.width, photo.height)


def test_a_tiff_is_turned_by_its_own_table():
    photo = read(written(quarters(), "TIFF", tiffinfo={0x0112: 6}))
    assert corners(photo.copy) == ["blue", "red", "white", "green"]


def test_a_photo_of_an_iphone_is_upright_and_loses_its_place():
    photo = read(HEIC.read_bytes())
    assert (photo.width, photo.height, photo.located) == (240, 320, True)
    assert picture(photo.copy).size == (240, 320)


@pytest.mark.parametrize("data", [
    written(scene(), exif=exif(6)),
    written(scene(), exif=exif(), comment=b"50.6366 N 3.0633 E"),
    written(scene(), "PNG", exif=exif()),
    written(scene(), "WEBP", exif=exif()),
    written(scene(), "AVIF", exif=exif()),
    written(scene(), "TIFF", tiffinfo={GPS_TABLE: GPS}),
    written(scene(), "WEBP", xmp=XMP),
    with_segments(written(scene()), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP)),
    with_segments(written(scene()), segment(0xED, IPTC)),
    written(scene()) + FILM,
    HEIC.read_bytes(),
], ids=["jpeg", "comment", "png", "webp", "avif", "tiff", "xmp webp", "xmp", "iptc", "film", "heic"])  # fmt: skip
def test_the_place_is_told_of_and_in_no_copy(data):
    photo = read(data)
    assert photo.located
    for copy in (photo.copy, photo.thumbnail):
        assert set(marks(copy)) <= {0xE0, 0xDB, 0xC0, 0xC4}, "nothing but pixels and their tables"
        assert copy.endswith(b"\xff\xd9")
        assert not {b"Exif", b"GPS", b"50.63", b"Exemple", b"ftyp", b"Lille"} & {
            word
            for word in (b"Exif", b"GPS", b"50.63", b"Exemple", b"ftyp", b"Lille")
            if word in copy
        }


def test_a_camera_without_a_place_is_not_located():
    assert not read(written(scene(), exif=exif(6, gps=False))).located


def test_a_comment_never_leaves():
    photo = read(written(scene(), comment=b"call me at home"))
    assert b"home" not in photo.copy + photo.thumbnail


def test_copies_are_bounded_and_never_enlarged():
    large, small = read(written(scene(3_000, 1_500))), read(written(scene(200, 100)))
    assert picture(large.copy).size == (2_560, 1_280)
    assert picture(large.thumbnail).size == (320, 160)
    assert picture(small.copy).size == picture(small.thumbnail).size == (200, 100)


def test_a_thumbnail_fits_into_a_work_item():
    noise = grains((1_200, 1_200), 74).convert("RGB")
    assert len(read(written(noise, "PNG")).thumbnail) < 15_000


@pytest.mark.parametrize("image", [
    quarters().convert("CMYK"), quarters().convert("P"), quarters().convert("YCbCr"),
    quarters().convert("RGBA"),
], ids=["cmyk", "palette", "ycbcr", "alpha"])  # fmt: skip
def test_colours_are_those_that_were_photographed(image):
    form = {"CMYK": "JPEG", "YCbCr": "TIFF"}.get(image.mode, "PNG")
    assert corners(read(written(image, form)).copy) == ["red", "green", "blue", "white"]


def test_see_through_pictures_lie_on_white():
    clear = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    clear.paste(Image.new("RGBA", (32, 24), (230, 20, 20, 255)))
    keyed = written(clear.convert("RGB"), "PNG", transparency=(0, 0, 0))
    palette = written(clear.quantize(8), "PNG")
    for data in (written(clear, "PNG"), written(clear, "WEBP", lossless=True), keyed, palette):
        assert corners(read(data).copy) == ["red", "white", "white", "white"]


def test_sixteen_bits_of_gray_become_eight():
    image = Image.new("I;16", (64, 48), 32_768)
    for at in range(64 * 24):
        image.putpixel((at % 32, at // 32), 60_000)
    copy = picture(read(written(image, "PNG")).copy)
    assert copy.mode == "L"
    assert abs(copy.getpixel((10, 10)) - 234) < 4
    assert abs(copy.getpixel((50, 10)) - 128) < 4


def swapped():
    """A profile in which what is stored as red is blue, and the other way round."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_other_colour_spaces_become_the_one_of_screens(form):
    photo = read(written(quarters(), form, icc_profile=swapped()))
    assert corners(photo.copy) == corners(photo.thumbnail) == ["blue", "green", "red", "white"]
    assert b"ICC_PROFILE" not in photo.copy + photo.thumbnail


def test_a_profile_that_cannot_be_used_changes_nothing():
    for profile in (ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), b"x" * 500):
        data = written(quarters(), icc_profile=profile)
        assert corners(read(data).copy) == ["red", "green", "blue", "white"]


def test_a_picture_cut_off_on_its_way_is_read_as_far_as_it_goes():
    for form in ("JPEG", "PNG"):
        data = written(scene(), form)
        photo = read(data[: len(data) * 2 // 3])
        assert (photo.width, photo.height) == (640, 480)
        top = picture(photo.copy).convert("RGB").getpixel((300, 20))
        assert near(top, scene().getpixel((300, 20)))


def test_of_several_pages_or_moments_the_first_is_shown():
    first, second = quarters(), Image.new("RGB", (64, 48), "black")
    for form in ("TIFF", "GIF", "WEBP", "PNG"):
        data = written(first, form, save_all=True, append_images=[second], loop=0)
        assert corners(read(data).copy) == ["red", "green", "blue", "white"]
        measured = measure(data)
        assert measured is None or (measured.width, measured.height, measured.moving) == (
            64,
            48,
            True,
        )


def test_a_photo_with_a_second_picture_inside_shows_the_first():
    data = written(quarters(), "MPO", save_all=True, append_images=[scene(64, 48)], exif=exif(6))
    photo = read(data)
    assert corners(photo.copy) == ["blue", "red", "white", "green"]
    assert photo.located


def test_the_name_of_a_file_says_nothing():
    opened = open_file(attached(written(scene(), "PNG"), "facture.pdf", "application/pdf"))
    assert opened.document.kind is DocumentKind.PHOTO
    assert opened.photo.width == 640


def test_opening_a_photo_says_what_its_codes_show():
    plate = label(code("(01)03453120000011(21)AX99812", "DataMatrix", gs1=True))
    opened = open_file(attached(written(plate)))
    assert opened.document.kind is DocumentKind.PHOTO_NAMEPLATE
    assert opened.document.confidence is Confidence.LIKELY
    assert opened.document.serials == ("AX99812",)
    assert opened.document.reasons == ("A barcode holds a serial number: AX99812",)


def test_a_picture_that_cannot_be_decoded_is_refused_with_its_reason():
    opened = open_file(attached(b"\xff\xd8\xff\xe0" + bytes(500)))
    assert (opened.refusal, opened.document, opened.photo) == ("broken", None, None)


def test_a_drawing_in_xml_is_no_photo():
    assert (
        attached(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg").kind is not FileKind.IMAGE
    )
