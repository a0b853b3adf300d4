"""Turn bytes into text: the charset ladder (RFC 2045, RFC 2047, WHATWG labels)."""

from __future__ import annotations

import codecs
import re

import chardet

SAMPLE = 16_384
"""Bytes shown to the detector: more costs milliseconds and tells nothing new."""

# What mail in the wild calls something else than Python does. Latin-1 is written as cp1252 by
# every mail program (WHATWG says the same).
ALIASES = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "x-ansi": "cp1252",
    "windows-31j": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
}

# Text codecs only: never idna, punycode (quadratic), undefined, rot13, zlib, unicode_escape.
ALLOWED = frozenset(
    """
    utf-8 utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be utf-8-sig big5 big5hkscs
    cp932 cp949 euc_jp euc_kr gb18030 gb2312 gbk hz iso2022_jp iso2022_jp_1 iso2022_jp_2
    iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr shift_jis shift_jis_2004 johab koi8-r
    koi8-u koi8-t kz1048 tis-620 viscii mac-roman mac-cyrillic mac-greek mac-turkish mac-latin2
    cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865
    cp866 cp869 cp874 cp1006 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257
    cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8
    iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 ascii
    """.split()  # noqa: SIM905 - a paragraph reads better than eighty lines
)

# Their bytes look like UTF-8 or ASCII: the declaration must be asked first.
STATEFUL = ("iso2022", "utf-7", "utf-16", "utf-32", "hz")

ESCAPES = re.compile(rb"\x1b\$|\x1b\(|\x1b-|\x00|\+[A-Za-z0-9/]{2,}-?|~\{")


def codec_of(label: str) -> str:
    """Name the codec for a charset label, "" when it is unknown or not allowed."""
    wanted = label.strip().strip("\"'").lower()[:40]
    wanted = ALIASES.get(wanted, wanted)
    if wanted.startswith(("cp-", "cp_")):
        wanted = "cp" + wanted[3:]
    try:
        name = codecs.lookup(wanted).name if wanted.isascii() and wanted else ""
    except (LookupError, ValueError):
        return ""
    return name if name in ALLOWED else ""


def decode(data: bytes, declared: str = "") -> str:
    """Decode by the ladder: UTF-8 if valid, declared, detected, cp1252. Never raises."""
    if data.isascii() and not ESCAPES.search(data):
        return data.decode("ascii")
    codec = codec_of(declared)
    if codec.startswith(STATEFUL):
        return data.decode(codec, "replace")
    for candidate in ("utf-8-sig", codec):
        text = _strict(data, candidate)
        if text is not None:
            return text
    return _guess(data, codec)


def _strict(data: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _guess(data: bytes, codec: str) -> str:
    if codec == "utf-8" and _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    found = codec_of(str(chardet.detect(data[:SAMPLE]).get("encoding") or ""))
    for candidate in (found, "cp1252"):
        text = _strict(data, candidate)
        if text is not None:
            return text
    return data.decode(codec or "cp1252", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Tell a UTF-8 text with a few broken bytes (cut in the middle) from another charset."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(1 for letter in text if letter > "\x7f") >= 2 * broken


def clean(text: str) -> str:
    r"""Normalise line ends to \n and drop NUL, which no database stores."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "") if "\x00" in text else text
