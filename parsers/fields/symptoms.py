"""Tell whether words describe what is wrong with a device (F-13)."""

from __future__ import annotations

import re

from parsers.folding import fold, key_of
from parsers.word_lists import phrases_in, read_words

_CLAUSE = re.compile(r"[.,;:!?\n()]")
_BLANK = re.compile(r"\n\s*\n")


def _pattern(phrase: str) -> str:
    ending = r"\w*" if phrase.endswith("*") else r"\b"
    return r"\W{1,2}".join(map(re.escape, key_of(phrase).split())) + ending


def _any(name: str) -> re.Pattern[str]:
    words = phrases_in(read_words("device"), name)
    return re.compile(rf"\b(?:{'|'.join(sorted(map(_pattern, words)))})")


_SYMPTOM = _any("symptoms")
_DENYING = _any("denying")
_DENIED = _any("denied")


def tells_symptom(text: str) -> bool:
    """Say whether a text tells of a fault: "ne lit plus", "klemt", "geht nicht an", "broken"."""
    folded = fold(text)
    if _SYMPTOM.search(folded):
        return True
    clauses = _CLAUSE.split(folded) if _DENYING.search(folded) else ()
    return any(_DENYING.search(one) and not _DENIED.search(one) for one in clauses)


def described(text: str) -> str:
    """Return the paragraphs of a text that tell what is wrong, from the first to the last such one."""
    paragraphs = _BLANK.split(text.strip())
    telling = [n for n, one in enumerate(paragraphs) if tells_symptom(one)]
    return "\n\n".join(paragraphs[telling[0] : telling[-1] + 1]).strip() if telling else ""
