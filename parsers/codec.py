"""Name the codec for a charset label (RFC 2978, WHATWG labels, and what mail programs write)."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What mail in the wild calls something else than Python does. The wider set is chosen wherever
# one contains the other: Latin-1 is written as cp1252 by every mail program, GB2312 as GB18030.
ALIASES = {
    "iso88591": "cp1252",
    "iso885911987": "cp1252",
    "88591": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
    "ansi": "cp1252",
    "ansix341968": "ascii",
    "iso646us": "ascii",
    "windows31j": "cp932",
    "mskanji": "cp932",
    "sjis": "cp932",
    "mssjis": "cp932",
    "mscp932": "cp932",
    "cp943": "cp932",
    "cp943c": "cp932",
    "shiftjis": "cp932",
    "eucjp": "euc_jp",
    "cp51932": "euc_jp",
    "eucjpms": "euc_jp",
    "iso2022jpms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "ksc56011989": "cp949",
    "euckr": "cp949",
    "cp51949": "cp949",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "gb23121980": "gb18030",
    "gbk": "gb18030",
    "cngb": "gb18030",
    "chinese": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "cp54936": "gb18030",
    "hzgb2312": "hz",
    "big5": "big5hkscs",
    "big5eten": "big5hkscs",
    "cnbig5": "big5hkscs",
    "chinesebig5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "iso88599": "cp1254",
    "latin5": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "unicode": "utf-16",
    "unicode11": "utf-16",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "unicode11utf7": "utf-7",
    "unicode20utf7": "utf-7",
    "macroman": "mac-roman",
    "macintosh": "mac-roman",
    "macce": "mac-latin2",
    "maccentraleurope": "mac-latin2",
    "maccentralroman": "mac-latin2",
    "maccyrillic": "mac-cyrillic",
    "macukrainian": "mac-cyrillic",
    "koi8": "koi8-r",
    "koi8ru": "koi8-u",
}

# Text codecs only: never idna, punycode (quadratic), undefined, rot13, zlib, unicode_escape.
ALLOWED = frozenset(
    """
    utf-8 utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be utf-8-sig big5 big5hkscs
    cp932 cp949 cp950 euc_jp euc_kr gb18030 gb2312 gbk hz iso2022_jp iso2022_jp_1 iso2022_jp_2
    iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr shift_jis shift_jis_2004 johab koi8-r
    koi8-u koi8-t kz1048 tis-620 viscii mac-roman mac-cyrillic mac-greek mac-turkish mac-latin2
    mac-iceland mac-croatian mac-romanian
    cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865
    cp866 cp869 cp874 cp1006 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257
    cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8
    iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 ascii
    """.split()  # noqa: SIM905 - a paragraph reads better than eighty lines
)

LABEL = re.compile(r"[\s\"'=]*(?:3d)?[\"']?([a-z0-9][a-z0-9._:+\-]{0,39})")
PREFIX = re.compile(
    r"^(?:x-)+(?:unicode-2-0-)?(?=.)|^cs(?=iso|koi|win|gb|big|shift|euc|unicode|vis)"
)
PAGE = re.compile(r"^(?:windows|win|cp|ibm|ms|dos|codepage)[-_]?(\d{3,5})(?!\d)")
ISO = re.compile(r"^iso[-_ ]?8859[-_ ]?(\d{1,2})(?!\d)")
ODD = re.compile(r"[^a-z0-9]")


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """Name the codec for a charset label, "" when it is unknown or not allowed.

    What stands behind the label (`utf-8; format=flowed`) and quotes around it are left out.
    """
    found = LABEL.match(label[:80].lower())
    if not found or len(label) > 80:
        return ""
    wanted = PREFIX.sub("", found[1].partition(":")[0].strip("-_."))
    short = ODD.sub("", wanted)
    page, iso = PAGE.match(wanted), ISO.match(wanted)
    if short in ALIASES:
        return ALIASES[short]
    if page:
        return ALIASES.get(f"cp{page[1]}") or _allowed(_page(page[1]))
    if iso:
        return ALIASES.get(f"iso8859{iso[1]}") or _allowed(f"iso8859-{iso[1]}")
    return _allowed(wanted) or _allowed(short) or ("utf-8" if short.startswith("utf8") else "")


def _page(number: str) -> str:
    numbers = {"65001": "utf-8", "20866": "koi8-r", "21866": "koi8-u", "28591": "cp1252"}
    return numbers.get(number, f"cp{number}")


def _allowed(name: str) -> str:
    try:
        found = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return ""
    return found if found in ALLOWED else ""
