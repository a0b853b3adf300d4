"""The charset ladder: UTF-8 if valid, then declared, detected, Windows-1252."""

import pytest

from parsers.charset import clean, decode
from parsers.codec import codec_of


@pytest.mark.parametrize(
    "data, declared, expected",
    [
        (b"plain", "utf-16-nonsense", "plain"),
        ("déjà".encode(), "iso-8859-1", "déjà"),
        (b"80 \x80", "iso-8859-1", "80 €"),
        (b"80 \x80", "us-ascii", "80 €"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本"),
        ("Zürich".encode("utf-16"), "utf-16", "Zürich"),
        ("é".encode("cp850"), "cp-850", "é"),
        ("\ufeffBOM".encode(), "", "BOM"),
        ("très bien".encode() + b"\xff", "utf-8", "très bien\ufffd"),
    ],
)
def test_bytes_become_the_text_that_was_meant(data, declared, expected):
    assert decode(data, declared) == expected


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "undefined", "rot13", "zlib", "hex", "x" * 90, ""]
)
def test_codecs_that_are_no_charsets_are_refused(label):
    assert codec_of(label) == ""
    assert decode(b"caf\xe9", label)


def test_line_ends_are_normal_and_nul_is_gone():
    assert clean("a\r\nb\rc\x00d") == "a\nb\ncd"
