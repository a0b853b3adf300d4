"""Photos of every form are read behind the walls as they are read in the open."""

from pathlib import Path

import pytest

from daemon.readers.reading import is_sound
from daemon.readers.workers import Workers
from parsers.files.attachment import sniff
from parsers.files.opening import open_file
from parsers.mail import Attachment

from .pictures import code, exif, label, photographed, quarters, scene, written

PLATE = label(code("(01)03453120000011(21)AX99812", "DataMatrix", gs1=True))
PHOTOS = {
    "jpeg": written(scene(), exif=exif(6), comment=b"home"),
    "jpeg cut off": written(scene())[:9_000],
    "two in one jpeg": written(scene(), "MPO", save_all=True, append_images=[quarters()]),
    "cmyk": written(scene().convert("CMYK")),
    "plate": written(PLATE, "PNG"),
    "palette": written(scene().quantize(64), "PNG", transparency=3),
    "gif": written(scene(), "GIF"),
    "webp": written(scene(), "WEBP", lossless=True),
    "avif": written(scene(), "AVIF"),
    "tiff": written(scene(), "TIFF", compression="tiff_lzw"),
    "tiff of jpeg": written(scene(), "TIFF", compression="jpeg"),
    "bmp": written(scene(), "BMP"),
    "heic": (Path(__file__).parent / "photos" / "small_gps_rotated.heic").read_bytes(),
    "heic of 12 megapixels": (
        Path(__file__).parent / "photos" / "phone12_gps_rotated.heic"
    ).read_bytes(),
}


@pytest.fixture(scope="module")
def readers():
    some = Workers(open_file, 1, life=1, threads=True, name="files")
    yield some
    some.close()


def sent(data):
    """The file of a mail as it goes to a reader."""
    nature = sniff(data, "")
    return Attachment(
        filename="IMG_0001.JPG",
        content_type=nature.content_type,
        declared_type="",
        size=len(data),
        sha256="0" * 64,
        data=data,
        kind=nature.kind,
    )


@pytest.mark.parametrize("data", PHOTOS.values(), ids=PHOTOS)
def test_a_photo_is_read_there_as_here_and_its_answer_is_believed(readers, data):
    file = sent(data)
    found = readers.read(file).result(60)
    assert found == open_file(file)
    assert found.photo
    assert is_sound(found)


def test_codes_turned_noisy_and_in_perspective_are_read_there_within_three_seconds(readers):
    plate = label(code("AX99812B", "DataMatrix"), code("3453120000011", "EAN13"), width=400)
    photo = photographed(plate, angle=10, noise=30, tilt=0.1, share=0.2)
    assert photo.width * photo.height > 12_000_000
    file = sent(written(photo, quality=90))
    costs = []
    for _ in range(3):  # one busy moment must not spoil it
        reply = readers.read(file)
        codes = reply.result(60).photo.barcodes
        assert {one.text for one in codes} == {"AX99812B", "3453120000011"}
        costs.append(reply.seconds)
    assert min(costs) < 3
