"""Cut HTML into texts and tags, linear in its length whatever it is.

No tree is built: trees are what deep nests, thousands of attributes and unclosed formatting blow
up, in every HTML parser there is. Who reads the tags keeps a stack of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from string import ascii_letters

# Words and the tag behind them. Quotes count only behind "=" (HTML 13.2.5.36): `width=5">` ends at
# its bracket.
NEXT = re.compile(
    r"([^<]*+)<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)>",
)
NEXT_BARE = re.compile(r"([^<]*+)<(/?)([a-zA-Z][^\s/<>]*+)([^>]*+)>")
ATTRIBUTE = re.compile(
    r"([^\s=/\"'<>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>][^\s>]*+)))?+"
)
REFERENCE = re.compile(r"&#?\w{1,32};")
LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
RAW_ENDS = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in RAW}
MARKUP = frozenset(f"{ascii_letters}!?/")
CODE = frozenset({"script", "style"})
# A tag without end costs a look at all the rest: after so many, each ends at the next bracket.
FAILURES_LIMIT = 30
ATTRIBUTES_LENGTH = 4_000


Token = tuple[str, str, str, bool]
"""Words (entities undone), then the tag behind them, which may be missing: its name in small
letters, its attributes as written, and whether it is an end tag."""


def read_tokens(html: str) -> Iterator[Token]:
    """Give words and tags in order, without comments, scripts and styles.

    Total and linear. A comment that never ends hides nothing.
    """
    position, failures, comments_end = 0, 0, html.rfind("-->")
    endless: set[str] = set()
    while True:
        following = NEXT if failures < FAILURES_LIMIT else NEXT_BARE
        if found := following.match(html, position):
            words, closing, name, text = found.groups()
            name = name.lower()
            yield _plain(words) if "&" in words else words, name, text, closing == "/"
            position = found.end()
            if name in RAW and not closing:
                position = _raw_end(html, name, position, endless)
            continue
        start = html.find("<", position)
        if start < 0:
            break
        if start > position:
            yield _plain(html[position:start]), "", "", False
        letter = html[start + 1 : start + 2]
        if letter not in MARKUP:
            yield "<", "", "", False
            position = start + 1
            continue
        failures += letter not in {"!", "?"}
        comment = start + 2 <= comments_end and html.startswith("<!--", start)
        end = html.find("-->", start + 2) + 2 if comment else html.find(">", start)
        if end < 0:
            position = len(html) if _is_cut_tag(html, start) else start
            break
        position = end + 1
    if position < len(html):
        yield _plain(html[position:]), "", "", False


def _is_cut_tag(html: str, start: int) -> bool:
    """Tell a tag whose end was cut off from words behind a "<"."""
    return html[start + 1].isalpha() and "=" in html[start : start + 200]


def _raw_end(html: str, name: str, position: int, endless: set[str]) -> int:
    """Find the end tag of an element whose content is no markup.

    Without one, code takes all the rest and other content is read as if the tag were not there.
    """
    found = None if name in endless else RAW_ENDS[name].search(html, position)
    if found:
        return found.start()
    endless.add(name)
    return len(html) if name in CODE else position


def _plain(text: str) -> str:
    """Undo entities; numbers too long for any character become U+FFFD."""
    if "&#" in text:
        text = LONG_NUMBER.sub("\ufffd", text)
    return unescape(text)


def read_attributes(text: str) -> dict[str, str]:
    """Read the attributes of a tag: names in small letters, the first of a name wins.

    In values only references with a semicolon are undone: `?a=1&copy=2` is an address.
    """
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(text[:ATTRIBUTES_LENGTH]):
        value = double or single or bare
        if "&" in value:
            value = REFERENCE.sub(lambda reference: _plain(reference[0]), value)
        found.setdefault(name.lower(), value)
    return found
