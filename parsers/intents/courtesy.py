"""Take greetings and good wishes off a text that is quoted as a description (F-13)."""

from __future__ import annotations

from parsers.intents.intent import intent_of
from parsers.language import language_of
from parsers.mail import IntentKind

_COURTEOUS = (IntentKind.EMPTY, IntentKind.THANKS)
_LINES_AT_START = 2
_LINES_AT_END = 6
_WORDS_OF_A_NAME = 5
# No wish is longer than this, however polite.
_LONGEST_COURTESY = 200


def without_courtesies(text: str, language: str = "") -> str:
    """Return a text without the greeting before it, and thanks, wishes and name behind it.

    Whole lines only, and only at the two ends; a text that is nothing else stays as it is.
    """
    lines = text.strip().splitlines()
    language = language or language_of(text)
    start = _first(lines, language)
    end = _last(lines, start, language)
    kept = "\n".join(lines[start:end]).strip()
    return kept or text.strip()


def is_courtesy(text: str, language: str) -> bool:
    """Tell whether a text is nothing but a greeting, thanks, wishes and a name; also an empty one."""
    lines = [line for line in text.splitlines() if line.strip()]
    language = language or language_of(text)
    if len(lines) > _LINES_AT_START + _LINES_AT_END:
        return False
    return all(_may_be_name(line) or _is_courtesy(line, language) for line in lines)


def only_greets(text: str) -> bool:
    """Tell whether every line of a text is a greeting, thanks or a wish. A name alone may be a word for
    what is wrong and is none."""
    language = language_of(text)
    return all(_is_courtesy(line, language) for line in text.splitlines() if line.strip())


def _first(lines: list[str], language: str) -> int:
    """Return where the matter begins: after at most two lines of greeting."""
    start = seen = 0
    for number, line in enumerate(lines):
        if line.strip():
            seen += 1
            if seen > _LINES_AT_START or not _is_courtesy(line, language):
                break
            start = number + 1
    return start


def _last(lines: list[str], start: int, language: str) -> int:
    """Return where the matter ends: before the first closing line near the end, if what follows
    is courtesies and a name."""
    filled = [n for n in range(start, len(lines)) if lines[n].strip()][-_LINES_AT_END:]
    end = len(lines)
    for number in reversed(filled):
        if _is_courtesy(lines[number], language):
            end = number
        elif end < len(lines) or not _may_be_name(lines[number]):
            break
    return end


def _is_courtesy(line: str, language: str) -> bool:
    if len(line) > _LONGEST_COURTESY:
        return False
    intent = intent_of(line, language)
    return intent.only and intent.kind in _COURTEOUS


def _may_be_name(line: str) -> bool:
    words = line.split()
    plain = len(words) <= _WORDS_OF_A_NAME and not any(c.isdigit() for c in line)
    return plain and all(word[:1].isupper() or len(word) <= 3 for word in words)
