"""Name the codec for a charset label (RFC 2978, WHATWG labels, and what mail programs write)."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What mail in the wild calls something else than Python does. The wider set is chosen wherever
# one contains the other: Latin-1 is written as cp1252 by every mail program, GB2312 as GB18030.
ALIASES = {
    "88591": "cp1252",
    "ansi": "cp1252",
    "latin0": "iso8859-15",
    "isoir179": "iso8859-13",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "windows31j": "cp932",
    "mskanji": "cp932",
    "sjiswin": "cp932",
    "macjapanese": "cp932",
    "mssjis": "cp932",
    "mscp932": "cp932",
    "cp943": "cp932",
    "cp943c": "cp932",
    "eucjpwin": "euc_jp",
    "eucpkdfmtjapanese": "euc_jp",
    "extendedunixcodepackedformatforjapanese": "euc_jp",
    "cp51932": "euc_jp",
    "eucjpms": "euc_jp",
    "iso2022jpms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "ksc56011989": "cp949",
    "isoir149": "cp949",
    "mackorean": "cp949",
    "cp51949": "cp949",
    "iso58gb231280": "gb18030",
    "macchinesesimp": "gb18030",
    "gb231280": "gb18030",
    "gb23121980": "gb18030",
    "cngb": "gb18030",
    "chinese": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "cp54936": "gb18030",
    "hzgb2312": "hz",
    "macchinesetrad": "big5hkscs",
    "big5eten": "big5hkscs",
    "cnbig5": "big5hkscs",
    "chinesebig5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "unicode": "utf-16",
    "unicode11": "utf-16",
    "unicodefffe": "utf-16-be",
    "unicodefeff": "utf-16-le",
    "iso10646ucs2": "utf-16",
    "ucs2": "utf-16",
    "iso10646ucs4": "utf-32",
    "ucs4": "utf-32",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "unicode11utf7": "utf-7",
    "unicode20utf7": "utf-7",
    "mac": "mac-roman",
    "macroman": "mac-roman",
    "macintosh": "mac-roman",
    "macce": "mac-latin2",
    "maccentraleurope": "mac-latin2",
    "maccentralroman": "mac-latin2",
    "maccyrillic": "mac-cyrillic",
    "macukrainian": "mac-cyrillic",
    "macicelandic": "mac-iceland",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8ru": "koi8-u",
    "pt154": "ptcp154",
    "pcmultilingual850euro": "cp858",
}

# The narrow codecs Python gives for labels that nobody means narrowly.
WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}

# Numbers of Windows code pages that are no numbers of Python's.
PAGES = {
    "1200": "utf-16-le",
    "1201": "utf-16-be",
    "12000": "utf-32-le",
    "12001": "utf-32-be",
    "65000": "utf-7",
    "65001": "utf-8",
    "20127": "ascii",
    "20866": "koi8-r",
    "21866": "koi8-u",
    "1361": "johab",
    "10000": "mac-roman",
    "10006": "mac-greek",
    "10007": "mac-cyrillic",
    "10029": "mac-latin2",
    "10081": "mac-turkish",
}

# Text codecs only: never idna, punycode (quadratic), undefined, rot13, zlib, unicode_escape.
ALLOWED = frozenset(
    """
    utf-8 utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be utf-8-sig big5 big5hkscs
    cp932 cp949 cp950 euc_jp euc_kr gb18030 gb2312 gbk hz iso2022_jp iso2022_jp_1 iso2022_jp_2
    iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr shift_jis shift_jis_2004 johab koi8-r
    koi8-u koi8-t kz1048 ptcp154 tis-620 mac-roman mac-cyrillic mac-greek mac-turkish mac-latin2
    mac-iceland mac-croatian mac-romanian
    cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865
    cp866 cp869 cp874 cp1006 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257
    cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8
    iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 ascii
    """.split()  # noqa: SIM905 - a paragraph reads better than eighty lines
)

LABEL = re.compile(r"[\s\"'=]*(?:3d)?[\"']?([a-z0-9][a-z0-9._:+\-]{0,59})")
PREFIX = re.compile(
    r"^(?:x-)+(?:unicode-2-0-)?(?=.)|^cs(?=iso|koi|ksc|mac|win|gb|big|shift|euc|pt|ucs|unicode|vis)"
)
PAGE = re.compile(
    r"^(?:windows|win|w|cp|pc|ibm|ms|dos|ccsid|codepage)[-_]?0{0,2}([1-9]\d{2,4})(?!\d)"
)
ISO = re.compile(r"^(?:iso[-_ ]?)?8859[-_ ]?(\d{1,2})(?!\d)")
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
        return _allowed(f"iso8859-{iso[1]}")
    names = (wanted, short, ODD.sub("", found[1]), short.removeprefix("iso"))
    return next(filter(None, map(_allowed, names)), "utf-8" if short.startswith("utf8") else "")


def _page(number: str) -> str:
    if "28591" <= number <= "28606" and len(number) == 5:
        return f"iso8859-{int(number) - 28590}"
    return PAGES.get(number, f"cp{number}")


def _allowed(name: str) -> str:
    """Name Python's codec, or the one that holds it, when mail may be written in it."""
    try:
        found = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return ""
    return WIDER.get(found, found) if found in ALLOWED else ""
