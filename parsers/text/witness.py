"""Let the HTML part of a mail tell what its plain part does not: where quotations and signatures
stand. Plain parts of Outlook, phones and webmails have no quote marks.

Both texts are reduced to their letters and digits, so that wrapped lines and other punctuation do
not matter, and the HTML's stretches of one kind are looked up one after the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from parsers.html.text import Rendering

LINK = re.compile(r"<(?:https?|mailto|tel):[^<>\s]*>|\[(?:cid|image):[^\[\]\n]*\]", re.IGNORECASE)
NOISE = re.compile(r"[\W_]+")
PROBE = 40
SHORTEST = 6
RUNS_LIMIT = 60
QUOTE_SIGNS = (
    "gmail_quote", "divRplyFwdMsg", "cite", "yahoo_quoted", "moz-forward", "E1E1E1", "B5C4DF",
    "reference-message", "OLK_SRC", "__QUOTED", "zwchr", "protonmail_quote", "messageReply",
    'name="quote"', "appendonsend", "stopSpelling", "reply-intro", "border-left",
)  # fmt: skip
SIGNATURE_SIGNS = ("ignature", "__SIG_P", "composer_sig", "bloop_sign", "_rc_sig")
DASHES = ("\n-- \n", "\n--\n")
TABLE_ROWS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """The letters and digits of a text in one string; `starts` tells where each line begins."""

    text: str
    starts: list[int]

    def line_of(self, offset: int) -> int:
        """Give the number of the line in which a letter stands."""
        return bisect_right(self.starts, offset) - 1

    def begins_line(self, offset: int) -> bool:
        """Tell whether the letter is the first of its line."""
        return self.starts[self.line_of(offset)] == offset


def letters_of(lines: list[str]) -> Letters:
    """Reduce lines to what programs never change when they wrap, quote or mark them."""
    keys = [_key(line) for line in lines]
    starts = list(accumulate((len(key) for key in keys[:-1]), initial=0))
    return Letters(text="".join(keys), starts=starts)


def _key(line: str) -> str:
    if "<" in line or "[" in line:
        line = LINK.sub("", line)
    return NOISE.sub("", line).casefold()


def may_tell(html: str, text: str) -> bool:
    """Tell cheaply whether HTML as written may know of this plain text what it does not show."""
    if "\n>" not in text and any(sign in html for sign in QUOTE_SIGNS):
        return True
    signed = any(dashes in text for dashes in DASHES)
    return not signed and any(sign in html for sign in SIGNATURE_SIGNS)


def told(text: str, seen: Rendering) -> Rendering:
    """Give the plain text with the marks of the HTML's rendering, where the words are the same."""
    lines = text.split("\n")
    letters = letters_of(lines)
    marked: dict[str, set[int]] = {"attribution": set(), "signature": set(), "older": set()}
    cursor, rest = 0, -1
    for kind, words, last in _runs(seen):
        found = _find(letters, words, cursor)
        if found < 0:
            continue
        end = letters.text.find(words[-PROBE:], found + max(0, len(words) - PROBE))
        end = found + len(words[:PROBE]) if end < 0 else end + len(words[-PROBE:])
        start_line, end_line = letters.line_of(found), letters.line_of(end - 1) + 1
        cursor = end
        if kind == "older" and last:
            rest, end_line = start_line, len(lines)
        if kind != "new":
            marked[kind].update(range(start_line, end_line))
    return Rendering(
        text=text,
        attributions=_written(marked["attribution"], lines),
        signatures=_written(marked["signature"], lines),
        older=_unquoted(marked["older"], lines),
        history=-1 if rest < 0 or lines[rest].lstrip().startswith(">") else rest,
    )


def _runs(seen: Rendering) -> Iterator[tuple[str, str, bool]]:
    """Give the stretches of one kind: kind, letters, and whether nothing else comes below."""
    kinds: list[str] = []
    keys: list[list[str]] = []
    for number, line in enumerate(seen.text.split("\n")):
        key = _key(line)
        if not key:
            continue
        kind = _kind(number, line, seen)
        if not kinds or kinds[-1] != kind:
            kinds.append(kind)
            keys.append([])
        keys[-1].append(key)
    for number, kind in enumerate(kinds[:RUNS_LIMIT]):
        yield kind, "".join(keys[number]), number == len(kinds) - 1


def _kind(number: int, line: str, seen: Rendering) -> str:
    if number in seen.attributions:
        return "attribution"
    if number in seen.older or line.startswith(">"):
        return "older"
    return "signature" if number in seen.signatures else "new"


def _find(letters: Letters, words: str, cursor: int) -> int:
    """Find where a stretch begins: at the start of a line, behind the stretch before; or -1."""
    probe = words[:PROBE]
    if len(probe) < SHORTEST:
        return -1
    found = letters.text.find(probe, cursor)
    for _ in range(4):
        if found < 0 or letters.begins_line(found):
            return found
        found = letters.text.find(probe, found + 1)
    return -1


def _written(numbers: set[int], lines: list[str]) -> frozenset[int]:
    return frozenset(number for number in numbers if lines[number].strip())


def _unquoted(numbers: set[int], lines: list[str]) -> frozenset[int]:
    return frozenset(n for n in numbers if not lines[n].lstrip().startswith(">"))


def are_same(one: str, other: str) -> bool:
    """Tell whether two texts have the same words."""
    return letters_of(one.split("\n")).text == letters_of(other.split("\n")).text


def is_poorer(text: str, seen: Rendering) -> bool:
    """Tell whether a plain text lost much of what the HTML shows: most words, or a table's rows."""
    plain = letters_of(text.split("\n"))
    shown = letters_of(seen.text.split("\n"))
    if len(plain.text) * 3 < len(shown.text) and len(shown.text) > 200:
        return True
    return _broken_rows(plain, seen) >= TABLE_ROWS


def _broken_rows(plain: Letters, seen: Rendering) -> int:
    """Count the customer's own table rows that the plain text spreads over several lines."""
    skipped = seen.older | seen.signatures
    broken = cursor = 0
    for number, line in enumerate(seen.text.split("\n")):
        if "\t" not in line or line.startswith(">") or number in skipped:
            continue
        words = _key(line)
        found = plain.text.find(words, cursor) if len(words) >= SHORTEST else -1
        if found >= 0:
            cursor = found + len(words)
            broken += plain.line_of(found) != plain.line_of(cursor - 1)
    return broken
