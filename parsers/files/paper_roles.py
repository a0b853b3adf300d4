"""Tell by what stands in columns what they hold, where their heads do not say it or say it wrong.

"Product" heads names on one paper and codes on another; a column whose head no word list knows
may hold the codes, the names or the quantities.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.files.paper_codes import is_code, may_be_code

_COUNT = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?(?: ?[a-zA-Zé]{1,6}\.?)?")
_MOST = 0.6
_VAGUE = frozenset({"other", "line", "description", "reference"})
_LEAST_WORDS = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """How many cells a column has, the share of codes and of counts, and words of a cell."""

    cells: int
    codes: float
    counts: float
    words: float


def roles_by_content(meanings: Sequence[str], cells: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what columns hold: what their heads say, mended by the texts of their cells, where
    these say otherwise. Linear in the words."""
    looks = [_look(texts) for texts in cells]
    told = list(meanings)
    _settle_reference(told, looks)
    _settle_description(told, looks)
    counts = [n for n, look in enumerate(looks) if told[n] == "other" and look.counts >= _MOST]
    if "quantity" not in told and len(counts) == 1:
        told[counts[0]] = "quantity"
    return tuple(told)


def _settle_reference(told: list[str], looks: Sequence[_Look]) -> None:
    """Let the column of codes be the reference, and what was taken for it describe."""
    named = told.index("reference") if "reference" in told else -1
    if named >= 0 and looks[named].codes > 1 - _MOST:
        return
    vague = _VAGUE if named >= 0 else _VAGUE - {"description"}
    coded = [n for n, look in enumerate(looks) if told[n] in vague and look.codes >= _MOST]
    if not coded:
        return
    described = "description" in told and told[coded[0]] != "description"
    if named >= 0:
        told[named] = "other" if described else "description"
    told[coded[0]] = "reference"


def _settle_description(told: list[str], looks: Sequence[_Look]) -> None:
    """Let the column with the most words describe, when nothing else does."""
    texts = [n for n, meaning in enumerate(told) if meaning in ("other", "line")]
    best = max(texts, key=lambda n: looks[n].words, default=-1)
    if "description" not in told and best >= 0 and looks[best].words >= _LEAST_WORDS:
        told[best] = told[best] if looks[best].counts else "description"


def _runs(said: Sequence[str]) -> bool:
    """Tell running numbers, 1, 2, 3 or 0010, 0020, from codes."""
    numbers = [int(text.strip(".")) for text in said if text.strip(".").isdecimal()]
    steps = ([step * count for count in range(1, len(said) + 1)] for step in (1, 10, 100))
    return numbers in steps


def _look(texts: Sequence[str]) -> _Look:
    said = [text.strip() for text in texts if text.strip()]
    count = len(said) or 1
    sure = sum(map(is_code, said))
    codes = sum(map(may_be_code, said)) if sure * 2 >= len(said) else sure
    return _Look(
        cells=len(said),
        codes=max(codes, sure) / count if len(set(said)) == len(said) and not _runs(said) else 0.0,
        counts=sum(_COUNT.fullmatch(text) is not None for text in said) / count,
        words=sum(len(text.split()) for text in said) / count,
    )
