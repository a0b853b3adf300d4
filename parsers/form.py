"""Read what was typed into a form of ours that comes back (F-22, X-10).

We know the lines we sent. Each is looked for among the lines that came back, whatever quote marks,
spaces and wrapping the mail programs made of them; what stands behind it, or on lines of its own
below it, was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.folding import compose, fold

_QUOTE = re.compile(r"[ \t]*(?:[>|][ \t\u00a0]?)+")
_SPACE = re.compile(r"[\s*_\u00a0\u202f]+")
_WORD = re.compile(r"\w")
_AROUND = " \t\u00a0:;,->→=*_"
_LEAST = 4
_MOST_LENGTHS = 200
_MOST_TYPED_LINES = 30
_LONGEST = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was typed at a line of ours: the line as sent, and the words, wrapped lines joined by
    newlines."""

    line: str
    words: str


def typed_answers(sent: Sequence[str], came: Sequence[str]) -> tuple[Answer, ...]:
    """Return the answers typed into the lines we sent, in the order in which they came back.

    `sent` are our lines, `came` those of the quoted form, with or without quote marks. A line that
    came back as we sent it gives nothing; one that we wrapped or that was wrapped is put together
    again; a line of ours that holds a value already ("Société : Banque") gives the new one. What is
    typed on lines of its own belongs to the line of ours above it, up to a blank line. Linear.
    """
    form = _Form(sent)
    answers: list[Answer] = []
    position = 0
    while position < len(came):
        line, typed, position = form.read(came, position)
        below, position = _below(form, came, position) if line else ("", position)
        words = "\n".join(filter(None, (typed, below)))
        if line and words:
            answers.append(Answer(line=line, words=words))
    return tuple(answers)


class _Form:
    """The lines we sent, found by how they begin."""

    def __init__(self, sent: Sequence[str]) -> None:
        lines = [line.strip() for line in reversed(sent) if _WORD.search(line)]
        self.whole = {_bare(line): line for line in lines}
        self.labels = {_bare(line[: line.index(":")]): line for line in lines if ":" in line}
        self.ordered = sorted(self.whole)
        keys = {**self.labels, **self.whole}
        self.lengths = sorted({len(key) for key in keys}, reverse=True)[:_MOST_LENGTHS]
        self.begun = {key: line for key, line in keys.items() if len(key) >= _LEAST}
        self.starts = {key[:_LEAST] for key in keys}

    def is_ours(self, raw: str) -> bool:
        """Say whether a line is one of ours, or begins with one."""
        return bool(self._split(_unquoted(raw))[0])

    def read(self, came: Sequence[str], position: int) -> tuple[str, str, int]:
        """Return our line that stands here, what is typed behind it, and where to read on.

        A line that ends in the middle of one of ours is joined with the next.
        """
        text = _unquoted(came[position])
        line, typed = self._split(text)
        following = position + 1
        if following < len(came) and (not line or (typed and self._goes_on(text))):
            joined = f"{text} {_unquoted(came[following])}"
            longer, behind = self._split(joined)
            if longer and len(longer) > len(line) + len(typed) and _bare(longer) not in _bare(text):
                return longer, behind, following + 1
        return line, typed, following

    def _goes_on(self, text: str) -> bool:
        """Say whether a line of ours begins with these words and goes on."""
        bare = _bare(text)
        place = bisect_right(self.ordered, bare)
        return len(bare) >= _LEAST and any(
            k.startswith(bare) for k in self.ordered[place : place + 1]
        )

    def _split(self, text: str) -> tuple[str, str]:
        """Cut a line into the line of ours it begins with and what is typed behind; ("", "") for none."""
        bare = _bare(text)
        if bare[:_LEAST] not in self.starts:
            return "", ""
        if bare in self.whole:
            return self.whole[bare], ""
        colon = text.find(":")
        label = _bare(text[:colon]) if colon >= 0 else ""
        if label in self.labels:
            return self.labels[label], self._new(
                self.labels[label], text[colon + 1 :].strip(_AROUND)
            )
        return self._behind(text)

    def _new(self, line: str, value: str) -> str:
        """Return what is typed behind a label, without the value or the hint we had put there."""
        ours = line[line.index(":") + 1 :].strip()
        if ours and value.startswith(ours):
            return value[len(ours) :].strip(_AROUND)
        return value

    def _behind(self, text: str) -> tuple[str, str]:
        """Find a line of ours without colon before what is typed: "N° de série (ex. SN1) FX-80233"."""
        bare = _bare(text)
        for length in self.lengths:
            if (line := self.begun.get(bare[:length])) and (typed := _after(text, length)):
                return line, typed
        return "", ""


def _below(form: _Form, came: Sequence[str], position: int) -> tuple[str, int]:
    """Return the lines typed below a line of ours, up to a blank one or the next of ours."""
    typed: list[str] = []
    for raw in came[position : position + _MOST_TYPED_LINES]:
        text = _unquoted(raw)
        if not _WORD.search(text) or form.is_ours(raw):
            break
        typed.append(text)
    return "\n".join(typed), position + len(typed)


def _unquoted(raw: str) -> str:
    """Return a line without quote marks and outer spaces."""
    raw = compose(raw[:_LONGEST])
    quote = _QUOTE.match(raw)
    return (raw[quote.end() :] if quote else raw).strip(" \t\r\n\u00a0\u202f")


def _bare(text: str) -> str:
    """Return a line as it is compared: folded, without spaces and marks of emphasis."""
    return _SPACE.sub("", fold(text.strip("-–•· \t")))


def _after(text: str, count: int) -> str:
    """Return what follows the first `count` characters that are no space, "" inside a word."""
    text = text.strip("-–•· \t")
    seen = 0
    for place, character in enumerate(text):
        seen += not _SPACE.match(character)
        if seen == count:
            rest = text[place + 1 :]
            return "" if rest[:1].isalnum() else rest.strip(_AROUND)
    return ""
