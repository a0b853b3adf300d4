"""Files: known by their bytes, decor told from photos, refusals by reason code (X-20, X-21, X-23)."""

import base64
import io
import zipfile

import pytest

from parsers.files.attachment import refusal_of, sniff
from parsers.mail import FileKind
from parsers.read import read

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data, kind, content_type",
    [
        (b"%PDF-1.7\n", FileKind.PDF, "application/pdf"),
        (b"junk\n%PDF-1.4\n", FileKind.PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0", FileKind.IMAGE, "image/jpeg"),
        (PNG, FileKind.IMAGE, "image/png"),
        (b"\x00\x00\x00\x18ftypheic", FileKind.IMAGE, "image/heic"),
        (b"RIFF\x00\x00\x00\x00WEBP", FileKind.IMAGE, "image/webp"),
        (b"MZ\x90\x00", FileKind.EXECUTABLE, "application/vnd.microsoft.portable-executable"),
        (b"Rar!\x1a\x07\x00", FileKind.ARCHIVE, "application/vnd.rar"),
        (zipped("a.txt"), FileKind.ARCHIVE, "application/zip"),
        (
            zipped("word/document.xml", "word/vbaProject.bin"),
            FileKind.MACRO,
            "application/vnd.ms-office",
        ),
        (b"<?xml version='1.0'?><a/>", FileKind.XML, "application/xml"),
        (b"BEGIN:VCALENDAR\r\n", FileKind.CALENDAR, "text/calendar"),
        (b"just words", FileKind.TEXT, "text/plain"),
        (b"", FileKind.EMPTY, "application/octet-stream"),
        (b"\x00\x01\x02\x03" * 9, FileKind.OTHER, "application/octet-stream"),
    ],
)
def test_bytes_decide_what_a_file_is(data, kind, content_type):
    nature = sniff(data, "application/octet-stream")
    assert (nature.kind, nature.content_type) == (kind, content_type)


def test_a_word_file_is_an_office_file_and_no_archive():
    assert sniff(zipped("[Content_Types].xml", "word/document.xml"), "").kind is FileKind.OFFICE


def test_a_script_is_an_executable_by_its_name_alone():
    assert sniff(b"var a = 1", "text/plain", "Invoice.JS").kind is FileKind.EXECUTABLE


@pytest.mark.parametrize(
    "data, kind, code",
    [
        (b"", FileKind.EMPTY, "empty"),
        (b"MZ", FileKind.EXECUTABLE, "executable"),
        (b"PK", FileKind.ARCHIVE, "archive"),
        (b"x", FileKind.MACRO, "macro"),
        (b"%PDF-1.4\ntrailer<</Encrypt 5 0 R>>\nstartxref", FileKind.PDF, ""),
        (b"%PDF-1.4\nno end", FileKind.PDF, "broken"),
        (b"%PDF-1.4\nstartxref\n0\n%%EOF", FileKind.PDF, ""),
        (PNG, FileKind.IMAGE, ""),
        (PNG[:10], FileKind.IMAGE, "broken"),
        (b"words", FileKind.TEXT, ""),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQ", FileKind.TEXT, "encrypted"),
        (bytes.fromhex("300d06092a864886f70d010703a000"), FileKind.OTHER, "encrypted"),
    ],
)
def test_files_nobody_may_open_are_refused_with_a_reason(data, kind, code):
    assert refusal_of(data, kind) == code


def picture(size, disposition):
    data = base64.encodebytes(PNG + bytes(size))
    (file,) = read(
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x</p>"
        b"\n--b\nContent-Type: image/png; name=p.png\nContent-ID: <p@x>\nContent-Disposition: "
        + disposition + b"\nContent-Transfer-Encoding: base64\n\n" + data + b"\n--b--\n"
    ).attachments  # fmt: skip
    return file


def test_small_inline_pictures_are_decor_and_large_ones_are_photos():
    assert picture(500, b"inline").decor
    assert not picture(60_000, b"inline").decor
    assert not picture(500, b"attachment").decor
    assert picture(500, b"inline").content_id == "p@x"


def test_a_signature_part_is_a_signature_and_the_signed_text_is_read():
    mail = read(
        b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nyes\n--b\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\n0x\n--b--\n"
    )
    assert mail.text == "yes"
    assert [file.kind for file in mail.attachments] == [FileKind.SIGNATURE]


def test_a_picture_shown_twice_in_a_mail_is_a_logo():
    data = base64.encodebytes(PNG + bytes(60_000))
    part = (
        b"--b\nContent-Type: image/png; name=p.png\nContent-ID: <p@x>\n"
        b"Content-Disposition: inline\nContent-Transfer-Encoding: base64\n\n" + data + b"\n"
    )
    once = b"Content-Type: multipart/related; boundary=b\n\n" + part
    assert [file.decor for file in read(once).attachments] == [False]
    assert [file.decor for file in read(once + part).attachments] == [True, True]


def test_a_picture_called_a_text_is_a_file():
    mail = read(
        b"Content-Type: text/plain; name=x.txt\nContent-Transfer-Encoding: base64\n\nR0lGODlhZAAE\n"
    )
    assert (mail.text, [file.content_type for file in mail.attachments]) == ("", ["image/gif"])


@pytest.mark.parametrize(
    "data, kind",
    [
        (b"BMW 320, portiere gauche", FileKind.TEXT),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00", FileKind.IMAGE),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", FileKind.IMAGE),
        (b"bonjour WEBP", FileKind.TEXT),
        (b"\x00\x00\x00\x20ftypheisheic", FileKind.IMAGE),
    ],
)
def test_letters_that_look_like_a_picture_by_chance_are_none(data, kind):
    assert sniff(data, "text/plain").kind is kind
