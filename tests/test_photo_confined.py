"""Photos of every form are read behind the walls as they are read in the open."""

from pathlib import Path

import pytest

from daemon.reading import is_sound
from daemon.workers import Workers
from parsers.files.attachment import sniff
from parsers.files.opening import open_file
from parsers.mail import Attachment

from .pictures import code, exif, label, quarters, scene, written

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


@pytest.mark.parametrize("data", PHOTOS.values(), ids=PHOTOS)
def test_a_photo_is_read_there_as_here_and_its_answer_is_believed(readers, data):
    nature = sniff(data, "")
    file = Attachment(
        filename="IMG_0001.JPG",
        content_type=nature.content_type,
        declared_type="",
        size=len(data),
        sha256="0" * 64,
        data=data,
        kind=nature.kind,
    )
    found = readers.read(file).result(60)
    assert found == open_file(file)
    assert found.photo
    assert is_sound(found)
