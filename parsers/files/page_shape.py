"""Shapes of a page that letters alone do not tell: tables drawn with bars, a column of its own
beside the page.

Lists of old programs are drawn with "|" and "-----": the bars part cells and are no words. Where
a page has a side of its own, its rows are read before those beside it, not together with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.files.rows import Row, Word, rows_of

_BARS = "|¦│║┃"
_RULE = frozenset("-=_+*~─━═|¦│║┃ ")
_LONGEST_RULE = 10
_PULLED = 0.5
"""How far words are pulled back from a bar, of the height of a line: it parts two cells."""
_LEAST_ROWS = 6
_MOST_LEVEL = 2
_NARROWEST, _WIDEST = 0.12, 0.42
"""How much of the page's width a side of its own takes."""
_LEVEL, _HOLE, _FOOT = 0.06, 70.0, 0.9
_GUTTER = 0.5


def shaped(words: Iterable[Word]) -> tuple[Row, ...]:
    """Return the words of a page as rows, in the order in which they are read."""
    return sides_apart(unbarred(rows_of(words)))


def unbarred(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows without bars that part cells and without rules made of signs."""
    plain = (row for row in rows if not _is_rule(row))
    return tuple(row for row in map(_without_bars, plain) if row.words)


def _is_rule(row: Row) -> bool:
    """Tell a row of mere dashes from words. Dots and short strokes are blanks to be filled in."""
    text = row.text
    return len(text) >= _LONGEST_RULE and _RULE.issuperset(text) and not text.startswith("__")


def _without_bars(row: Row) -> Row:
    """Return a row between bars without them: "|4711|Pump |2|"."""
    text = row.text.strip()
    if text[:1] not in _BARS or text[-1:] not in _BARS or len(text) < 2:
        return row
    return replace(row, words=tuple(part for word in row.words for part in _parts(word)))


def _parts(word: Word) -> Iterator[Word]:
    """Give what stands between the bars of a word, pulled back from them."""
    wide = (word.right - word.left) / len(word.text)
    pulled = _PULLED * (word.bottom - word.top)
    start = 0
    for end in [*(n for n, sign in enumerate(word.text) if sign in _BARS), len(word.text)]:
        if end > start:
            left = word.left + wide * start + (pulled if start else 0.0)
            right = word.left + wide * end - (pulled if end < len(word.text) else 0.0)
            text = word.text[start:end]
            yield replace(word, text=text, left=left, right=max(right, left + 1.0))
        start = end + 1


def sides_apart(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows of a page that has a side of its own as those of the side, then the others;
    all as they are on any other page. Linear in the words, but for sorting them."""
    gutter = _gutter(rows)
    if gutter is None:
        return tuple(rows)
    left = tuple(_half(row, gutter, left=True) for row in rows)
    right = tuple(_half(row, gutter, left=False) for row in rows)
    return tuple(row for row in (*left, *right) if row.words)


def _half(row: Row, gutter: float, *, left: bool) -> Row:
    kept = (w for w in row.words if (w.left + w.right < 2 * gutter) is left)
    return replace(row, words=tuple(kept))


def _gutter(rows: Sequence[Row]) -> float | None:
    """Return where a side is parted from the page: nothing crosses, and the rows of both keep
    lines of their own."""
    spans = sorted(
        (cell[0].left, cell[-1].right, number)
        for number, row in enumerate(rows)
        for cell in row.cells
    )
    begin, reach = spans[0][:2] if spans else (0.0, 0.0)
    wide = max((right for _, right, _ in spans), default=0.0) - begin
    for place, (left, right, number) in enumerate(spans):
        high = rows[number].words[0].bottom - rows[number].words[0].top
        middle = (left + reach) / 2
        narrow = min(middle - begin, begin + wide - middle)
        wanted = left - reach > _GUTTER * high and _NARROWEST * wide < narrow < _WIDEST * wide
        if place and wanted and _is_apart(rows, middle):
            return middle
        reach = max(reach, right)
    return None


def _is_apart(rows: Sequence[Row], gutter: float) -> bool:
    """Tell whether what stands left and right of a gutter was set apart: many rows on either
    side, hardly one that runs on at the same height."""
    sides: list[tuple[list[Word], list[Word]]] = []
    for row in rows:
        left = [word for word in row.words if word.left + word.right < 2 * gutter]
        sides.append((left, [word for word in row.words if word not in left]))
    lefts, rights = (sum(bool(side[n]) for side in sides) for n in (0, 1))
    level = sum(_is_level(left, right) for left, right in sides if left and right)
    foot = _FOOT * max(row.words[0].bottom for row in rows)
    columns = [[side[n] for side in sides if side[n] and side[n][0].top < foot] for n in (0, 1)]
    narrow, wide = columns if _is_left(rows, gutter) else columns[::-1]
    whole = _widest_hole(narrow) <= _HOLE and _widest_hole(wide) <= 2 * _HOLE
    return min(lefts, rights) >= _LEAST_ROWS and level < _MOST_LEVEL and whole


def _is_left(rows: Sequence[Row], gutter: float) -> bool:
    """Tell whether the narrower side is the left one."""
    begin = min(row.words[0].left for row in rows)
    end = max(row.words[-1].right for row in rows)
    return gutter - begin < end - gutter


def _widest_hole(lines: Sequence[Sequence[Word]]) -> float:
    """Return the widest gap between lines that stand under one another, in points."""
    tops = sorted(words[0].top for words in lines)
    return max((below - above for above, below in pairwise(tops)), default=0.0)


def _is_level(left: Sequence[Word], right: Sequence[Word]) -> bool:
    """Tell words that stand on one line from those that happen to stand beside one another."""
    one, other = left[-1], right[0]
    high = max(one.bottom - one.top, other.bottom - other.top)
    return abs(one.bottom - other.bottom) <= _LEVEL * high
