"""The charset ladder: UTF-8 if valid, then declared, detected, Windows-1252."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.mime.charset import clean, decode
from parsers.mime.codec import codec_of


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


@pytest.mark.parametrize(
    "text, codec, label",
    [
        ("洗衣机坏了, 臺灣 镕", "gb18030", "gb2312"),
        ("①㈱ こんにちは", "cp932", "shift_jis"),
        ("①株式会社", "euc_jis_2004", "euc-jp"),
        ("똠방각하 펲시콜라", "cp949", "euc-kr"),
        ("香港嘅洗衣機", "big5hkscs", "big5"),
        ("สวัสดีครับ", "cp874", "windows-874"),
        ("Привіт, ґанок", "koi8-u", "koi8-u"),
        ("שלום", "iso8859_8", "iso-8859-8-i"),
        ("Référence", "mac-roman", "x-mac-roman"),
        ("Größe", "utf-8", "us-ascii"),
        ("Größe", "utf-8", "iso-8859-1"),
        ("Größe", "cp1252", "us-ascii"),
        ("80 € n° 5", "cp1252", ""),
        ("Größe", "utf-7", "unicode-1-1-utf-7"),
        ("déjà 😀", "utf-8", "utf8mb4"),
        ("déjà", "utf-8", "utf-8; format=flowed"),
        ("déjà vu", "utf-16-le", "utf-16"),
        ("déjà vu", "utf-16-be", "utf-16"),
        ("déjà vu, très bien", "utf-16-le", ""),
        ("déjà", "utf-8", "utf-16"),
        ("你好", "hz", "hz-gb-2312"),
        ("日本語のメール", "iso2022_jp", ""),
        ("日本語のメール", "cp932", "iso-2022-jp"),
        ("Здравствуйте, не работает", "cp1251", "iso-8859-1"),
        ("Здравствуйте, не работает", "koi8-r", ""),
        ("联通", "gb18030", "gb2312"),
        ("test äöüßÄÖÜß€", "iso8859-15", "iso-8859-15"),
        ("Référence cassée", "utf-8", "gb2312"),
        ("Proszę o naprawę pralki, Łódź", "cp1250", ""),
        ("Crème brûlée", "cp1252", "utf-8"),
        ("Délai dépassé", "cp1252", ""),
        ("Я в Киеве и жду ответа", "cp1251", ""),
        ("שלום, המכונה לא עובדת, אנא עזרו לי", "cp1255", ""),
        ("Қазақ тілі, ғылым", "ptcp154", "pt154"),
        ("Стиральная машина", "utf-16-be", "iso-10646-ucs-2"),
    ],
)
def test_wrong_and_missing_labels_destroy_nothing(text, codec, label):
    assert decode(text.encode(codec), label) == text


def test_japanese_mail_keeps_the_makers_signs_and_half_width_kana():
    raw = b'\x1b$B-!-j\x1b(B \x1b(I1\x1b(J ok \x1b$B$"\nnext'
    assert decode(raw, "iso-2022-jp") == "①㈱ ｱ ok あ\nnext"


def test_text_encoded_twice_is_undone_only_when_all_of_it_was():
    twice = "Référence cassée, 80 €".encode().decode("cp1252").encode()
    assert decode(twice, "utf-8") == "Référence cassée, 80 €"
    assert decode("Ã© and é and Ã¨".encode(), "utf-8") == "Ã© and é and Ã¨"


@pytest.mark.parametrize(
    "label, codec",
    [
        ('"UTF-8"', "utf-8"),
        ("3Dutf-8", "utf-8"),
        ("ISO_8859-1:1987", "cp1252"),
        ("windows-1252http-equiv", "cp1252"),
        ("x-sjis", "cp932"),
        ("ibm850", "cp850"),
        ("csISO2022JP", "iso2022_jp"),
        ("ks_c_5601-1987", "cp949"),
        ("csKSC56011987", "cp949"),
        ("csISOLatin1", "cp1252"),
        ("csISOLatin2", "iso8859-2"),
        ("iso-latin-1", "cp1252"),
        ("8859-15", "iso8859-15"),
        ("latin5", "cp1254"),
        ("cp28592", "iso8859-2"),
        ("IBM00858", "cp858"),
        ("pc850", "cp850"),
        ("cp1201", "utf-16-be"),
        ("Extended_UNIX_Code_Packed_Format_for_Japanese", "euc_jp"),
        ("cp28599999", ""),
        ("cp00000", ""),
    ],
)
def test_labels_are_understood_as_programs_write_them(label, codec):
    assert codec_of(label) == codec


@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "utf-16", "iso-2022-jp", "gb2312"]))
def test_any_bytes_become_text_a_database_takes(data, label):
    decode(data, label).encode("utf-8")
