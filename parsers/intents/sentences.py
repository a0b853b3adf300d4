"""Tell what a text asks from what it tells."""

from __future__ import annotations

import re

from parsers.folding import fold, key_of
from parsers.word_lists import phrases_in, read_words

# Tried where a sentence begins, not at each of its letters.
_QUESTION = re.compile(r"(?<![^.!?\n])[^.!?\n]*\?")


def _pattern(phrase: str) -> str:
    return r"\W{1,2}".join(map(re.escape, key_of(phrase).split())) + (
        r"\w*" if phrase.endswith("*") else r"\b"
    )


_ASKS_TO_DO = re.compile(
    rf"\b(?:{'|'.join(map(_pattern, phrases_in(read_words('device'), 'asking_to_do')))})"
)


def without_questions(text: str) -> str:
    """Return a text without its questions: "encore sous garantie ?" tells nothing.

    "Pouvez-vous le réparer ?" stays, it asks us to do something.
    """
    if "?" not in text:
        return text
    return _QUESTION.sub(_kept, text)


def _kept(question: re.Match[str]) -> str:
    return question.group() if _ASKS_TO_DO.search(fold(question.group())) else " "
