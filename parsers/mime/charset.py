"""Turn bytes into text: the charset ladder (RFC 2045, RFC 2047, WHATWG).

A label that is wrong must not destroy a text. So UTF-8 is believed wherever the bytes are
valid UTF-8, the label wherever they are valid by it, and a detector comes last.
"""

from __future__ import annotations

import re

import chardet

from parsers.mime.codec import codec_of
from parsers.mime.iso2022 import from_iso2022_jp

SAMPLE = 16_384
"""Bytes shown to the detector: more costs milliseconds and tells nothing new."""

# Their bytes look like UTF-8 or ASCII: the declaration must be asked first.
STATEFUL = ("iso2022", "utf-7", "utf-16", "utf-32", "hz")
EASTERN = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "johab", "shift_jis_2004"})
WESTERN = frozenset({"cp1252", "iso8859-15", "mac-roman"})
VOWELS = tuple(b"aeiouyAEIOUY")
# A second reading of the same label: makers' extensions, or the pages WHATWG folds into one.
RELATIVES = {
    "euc_jp": ("euc_jis_2004",),
    "cp932": ("shift_jis_2004",),
    "big5hkscs": ("cp950",),
    "cp949": ("johab",),
}
# What the detector may name without another sign: others are guesses about rare machines.
LIKELY = re.compile(r"utf-|cp125|cp9[34]|cp874|gb|big5|euc|koi8-[ru]|iso8859-(?:2|5|7|8|15)$|shift")

FOREIGN = re.compile(r"cp125[1356]|cp9[34]|cp874|gb|big5|euc|koi8-[ru]|iso8859-(?:5|7|8)$|shift")
LATIN = re.compile(r"utf-|cp125[02457]|iso8859-(?:2|15)$")
HIGH = re.compile(rb"[\x80-\xff]+")
ANY = re.compile(".")

ESCAPES = re.compile(rb"\x1b[$(\-.]|\x00|\+[A-Za-z0-9/]{2,}-?|~\{")
JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOQ]|\([IJ])")
LETTER_BESIDE = re.compile("[A-Za-z][\x80-\u07ff]|[\x80-\u07ff][A-Za-z]")
SYMBOL_INSIDE = re.compile(
    "[A-Za-z][\x80-\x9f\xa1-\xac\xae-\xbf\u201a\u2026\u2020\u2021\u02c6\u2030\u2039\u201e\u0192\u2022]"
    "[A-Za-z]"
)
TWICE = re.compile("[\xc2-\xf4](?:[\x80-\xbf\u0152-\u2122])")


def decode(data: bytes, declared: str = "") -> str:
    """Decode by the ladder: UTF-8 if valid, declared, detected, cp1252. Never raises."""
    if data.isascii() and not ESCAPES.search(data):
        return data.decode("ascii")
    codec = codec_of(declared)
    if codec.startswith(STATEFUL):
        text = _stateful(data, codec)
        if text is not None:
            return text
        codec = ""
    if JAPANESE.search(data) and not codec.startswith("utf"):
        return from_iso2022_jp(data)
    text = _utf8(data, codec)
    if text is not None:
        return text
    return _labelled(data, codec) or _guess(data, codec)


def _stateful(data: bytes, codec: str) -> str | None:
    """Decode what has states or wide units; None when the bytes show that the label is wrong."""
    if codec.startswith(("utf-16", "utf-32")):
        return _wide(data, codec)
    if not data.isascii() and codec != "utf-7":
        return None
    if codec.startswith("iso2022_jp"):
        return from_iso2022_jp(data)
    return data.decode(codec, "replace")


def _wide(data: bytes, codec: str) -> str | None:
    """Decode UTF-16 and UTF-32: the mark decides, then the label, then where the zeros are."""
    if b"\x00" not in data and _strict(data, "utf-8") is not None:
        return None
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return data.decode("utf-32", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if codec in {"utf-16", "utf-32"}:
        codec += "-be" if _big_end(data) else "-le"
    return data.decode(codec, "replace").removeprefix("\ufeff")


def _big_end(data: bytes) -> bool:
    return data[0:SAMPLE:2].count(0) > data[1:SAMPLE:2].count(0)


def _utf8(data: bytes, codec: str) -> str | None:
    text = _strict(data, "utf-8")
    if text is None or text.isascii():
        wide = _unlabelled_wide(data) if text is None or "\x00" in text else None
        return text if wide is None else wide
    if codec in EASTERN and max(text) < "\u0800" and not LETTER_BESIDE.search(text):
        eastern = _strict(data, codec)
        return text.removeprefix("\ufeff") if eastern is None else eastern
    return _once(text.removeprefix("\ufeff"))


def _unlabelled_wide(data: bytes) -> str | None:
    """Read UTF-16 that nobody declared: by its mark, or when every second byte is zero."""
    sample = data[:SAMPLE]
    zeros = max(sample[0::2].count(0), sample[1::2].count(0))
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not marked and (len(sample) < 8 or zeros * 3 < len(sample)):
        return None
    if not marked and min(sample[0::2].count(0), sample[1::2].count(0)) * 8 > zeros:
        return None
    return _wide(data, "utf-16")


def _once(text: str) -> str:
    """Undo UTF-8 that was encoded twice, when the whole text bears it out."""
    found = TWICE.findall(text[:SAMPLE])
    if len(found) < 2:
        return text
    try:
        once = b"".join(map(_western_byte, text)).decode("utf-8")
    except (UnicodeError, ValueError):
        return text
    return once


def _western_byte(letter: str) -> bytes:
    if letter < "\x80" or "\x80" <= letter < "\xa0":
        return letter.encode("latin-1")
    return letter.encode("cp1252")


def _strict(data: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _labelled(data: bytes, codec: str) -> str | None:
    """Decode by the label, or by what is written under that label."""
    if codec == "ascii":
        return None
    if codec in WESTERN and _foreign(data):
        return _detected(data, FOREIGN) or _strict(data, codec)
    for candidate in (codec, *RELATIVES.get(codec, ())):
        text = _strict(data, candidate)
        if text is not None:
            return text
    if codec == "utf-8" or codec in EASTERN:
        text = data.decode(codec, "replace")
        return text if _mostly(text, 1 if codec == "utf-8" else 4) else None
    return None


def _foreign(data: bytes) -> bool:
    """Tell that a text labelled Western is none: accents are few there, and stand alone."""
    sample = data[:SAMPLE]
    accents = sum(byte >= 0xC0 for byte in sample)
    return accents >= 4 and 2 * accents > sum(map(sample.count, VOWELS))


def _mostly(text: str, share: int) -> bool:
    """Tell a text with a few broken bytes (cut in the middle) from another charset."""
    broken = text.count("\ufffd")
    return sum(1 for letter in text if letter > "\x7f") - broken >= share * broken


def _detected(data: bytes, among: re.Pattern[str]) -> str | None:
    """Decode by what the detector says, when it names one of these codecs."""
    found = codec_of(str(chardet.detect(data[:SAMPLE]).get("encoding") or ""))
    # the small letters are the same, and unlabelled Cyrillic comes from no Macintosh
    found = "cp1251" if found == "mac-cyrillic" and among is LIKELY else found
    return _strict(data, found) if among.match(found) else None


def _alone(data: bytes) -> bool:
    """Tell that foreign letters stand alone among ASCII ones: so are accents of Latin scripts."""
    runs = HIGH.findall(data[:SAMPLE])
    return 2 * sum(len(run) == 1 for run in runs) > sum(map(len, runs))


def _guess(data: bytes, codec: str) -> str:
    western = data.decode("cp1252", "replace")
    odd = "\ufffd" in western or SYMBOL_INSIDE.search(western) is not None
    text = _detected(data, ANY if odd else LATIN if _alone(data) else LIKELY)
    if text is not None:
        return text
    if "\ufffd" not in western or not codec:
        return western
    return data.decode(codec, "replace")


def clean(text: str) -> str:
    r"""Normalise line ends to \n and drop NUL, which no database stores."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "") if "\x00" in text else text
