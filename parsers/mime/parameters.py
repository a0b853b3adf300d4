"""Read the parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2183, RFC 2231).

Missing quotes, missing semicolons, encoded words inside values and RFC 2231 written wrongly are
all met in the wild, most of all around file names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from parsers.mime.charset import decode
from parsers.mime.codec import codec_of
from parsers.mime.encoded_word import decode_words

VALUE_LIMIT = 8_192
PARAMETERS_LIMIT = 100

TYPE = re.compile(r"[\s\"';,]*([^\s;,(\"']+)")
NEXT = r"(?:charset|boundary|name|filename|format|delsp|type|size|report-type|protocol|micalg)"
PARAMETER = re.compile(
    r"[;\s]\s{0,99}([^\s=;\"()]{1,200})\s{0,99}=\s{0,99}"
    rf'("(?:[^"\\]|\\.)*"(?=\s{{0,99}}(?:[;,(]|\Z|{NEXT}\*?\d{{0,3}}\*?=))'
    rf"|(?:(?!\s{NEXT}\*?\d{{0,3}}\*?=)[^;])*)",
    re.DOTALL | re.IGNORECASE,
)
SLASH = re.compile(r"\s*/\s*")
SEGMENT = re.compile(r"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
FREE = frozenset({"name", "filename"})
"""Values with spaces when nobody quoted them; all others end at the first."""

BARE = re.compile(r"^([A-Za-z][\w.:-]{1,30})'[\w-]{0,12}'(.*%[0-9A-Fa-f]{2}.*)$", re.DOTALL)
ONE_QUOTE = re.compile(r"^([A-Za-z][\w.:-]{1,30})'([^']*)$", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")

Segments = dict[str, dict[int, tuple[str, bool]]]


@lru_cache(maxsize=512)
def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split a Content-Type or Content-Disposition value: (word in lower case, parameters).

    RFC 2231 continuations and charsets are resolved, encoded words inside values too. The
    dictionary is shared: do not change it.
    """
    value = SLASH.sub("/", value[:VALUE_LIMIT], count=1)
    word = TYPE.match(value)
    found: dict[str, str] = {}
    segments: Segments = {}
    if word and "=" in word[1]:  # the word is missing: parameters only
        value, word = f";{value}", None
    for count, match in enumerate(PARAMETER.finditer(value, word.end() if word else 0)):
        if count >= PARAMETERS_LIMIT:
            break
        name = match[1].lower()
        _keep(name, _unquote(match[2].strip(), name), found, segments)
    for name, parts in segments.items():
        found[name] = _join_segments(parts)
    return word[1].lower() if word else "", found


def _keep(name: str, value: str, found: dict[str, str], segments: Segments) -> None:
    match = SEGMENT.match(name) if "*" in name else None
    if match:
        parts = segments.setdefault(match[1], {})
        parts.setdefault(int(match[2] or 0), (value, match[3] is not None))
        return
    bare = BARE.match(value) if name in FREE else None
    if bare and codec_of(bare[1]):
        value = decode(unquote_to_bytes(bare[2].encode("utf-8", "replace")), bare[1])
    found.setdefault(name, CONTROL.sub("", decode_words(value)))


def _unquote(value: str, name: str) -> str:
    if len(value) > 2 and value[0] == value[-1] == "'" and name in FREE:
        return value[1:-1]
    if not value.startswith('"'):
        return value if name.partition("*")[0] in FREE else _first_word(value)
    value = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
    return ESCAPED.sub(r"\1", value) if "\\" in value else value


def _first_word(value: str) -> str:
    return (value.split(None, 1) or [""])[0].partition("(")[0].rstrip(",")


def _join_segments(parts: dict[int, tuple[str, bool]]) -> str:
    data, charset = b"", ""
    for number in sorted(parts):
        value, encoded = parts[number]
        if encoded and number == min(parts):
            charset, value = _charset_of(value)
        raw = value.encode("utf-8", "replace")
        data += unquote_to_bytes(raw) if encoded else raw
    text = decode(data, charset)
    return CONTROL.sub("", decode_words(text))


def _charset_of(value: str) -> tuple[str, str]:
    """Take `charset'language'` off the first segment; a quote may be missing."""
    if value.count("'") >= 2:
        charset, _, rest = value.split("'", 2)
        return charset, rest
    found = ONE_QUOTE.match(value)
    if found and codec_of(found[1]):
        return found[1], found[2]
    return "", value
