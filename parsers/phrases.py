"""Turn word lists of the data files into one compiled pattern.

The lists are written for people: a phrase is words with spaces. `*` stands for any ending of a
word, `(a|b )` for a choice, `...` for up to four words of the same clause, a final `$` for the
end of the clause, `<name>` for the choice of that name under `sets`. Case, accents and
apostrophes do not count.

Phrases are matched against the canonical form of a text (`canonical`): folded words and clause
marks, each with one space around it. Every repetition is bounded, so matching is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

import yaml

from parsers.folding import compose, fold

Words = Mapping[str, object]

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)+|[^\W_]+|[?!.,;:()\n€$£%]|(?<=\s)[-–—](?=\s)"
    r"|[\U0001F44D\U0001F44C\U0001F64F\u2705\U0001F197\U0001F642\U0001F600-\U0001F60A]"
)
_MARKS = {
    "!": ".", ";": ".", "\n": ".", ":": ",", "(": ",", ")": ",", "-": ",", "–": ",", "—": ",",
}  # fmt: skip
_WINDOW = r"(?:[^ ,.?]+ ){0,4}?"
_SET = re.compile(r"<(\w+)>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Canonical:
    """A text as folded words and clause marks (`,` `.` `?`), with the way back to the text."""

    text: str
    source: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> str:
        """Return the writer's own characters for a stretch of the canonical text."""
        inside = [s for p, s in zip(self.starts, self.spans, strict=True) if start <= p < end]
        return self.source[inside[0][0] : inside[-1][1]] if inside else ""


def canonical(text: str) -> Canonical:
    """Cut a text into folded words and marks. A line that goes on in lower case is one sentence."""
    source = compose(text)
    folded = fold(source)
    parts: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    position = 1
    for match in _TOKEN.finditer(folded):
        word = match.group()
        if word == "\n" and _runs_on(source, match.end()):
            continue
        word = _MARKS.get(word, word)
        if word == "." and parts[-1:] in (["."], ["?"]):
            continue
        if len(word) > 1:  # the comma of an amount ends no clause
            word = word.replace(",", "_").replace(".", "_")
        parts.append(word)
        starts.append(position)
        spans.append(match.span())
        position += len(word) + 1
    joined = " " + "".join(f"{part} " for part in parts) + ". "
    return Canonical(text=joined, source=source, starts=tuple(starts), spans=tuple(spans))


def _runs_on(source: str, position: int) -> bool:
    """Say whether the line that starts here continues the sentence of the line before."""
    return source[position : position + 1].islower()


def pattern_of(phrase: str, sets: Mapping[str, Iterable[str]] | None = None) -> str:
    """Write one phrase of a data file as a regular expression over canonical text."""
    expanded = _SET.sub(lambda m: "(" + "|".join((sets or {})[m.group(1)]) + ")", phrase)
    folded = fold(expanded).replace("'", " ").replace("-", " ")
    pattern = re.sub(r" +", " ", folded).strip().replace(" |) ", " |)")
    pattern = pattern.replace("(", "(?:").replace("*", r"\w*")
    pattern = pattern.replace("... ", _WINDOW)
    return pattern[:-1].rstrip() + "(?= [,.?] )" if pattern.endswith("$") else pattern


def patterns(phrases: Iterable[str], sets: Mapping[str, Iterable[str]] | None = None) -> list[str]:
    """Write phrases as regular expressions, longest first, so that the fuller phrase wins."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return [pattern_of(phrase, sets) for phrase in ordered]


def alternatives(phrases: Iterable[str], sets: Mapping[str, Iterable[str]] | None = None) -> str:
    """Join phrases into one alternation."""
    return "|".join(patterns(phrases, sets))


def beginnings(pattern: str) -> frozenset[str]:
    """Return the characters a pattern of `pattern_of` can begin with, ANY among them for unknown.

    Trying only the phrases that can begin with the letter at hand makes reading ten times faster.
    """
    letters, _, _ = _beginnings(pattern, 0)
    return frozenset(letters)


ANY = "*"
_REPEAT = re.compile(r"\{(\d+),\d+\}\??")


def _beginnings(pattern: str, position: int) -> tuple[set[str], bool, int]:
    """Walk the branches of one group: their first letters, whether it may be empty, its end."""
    letters: set[str] = set()
    empty, open_branch = False, True
    while position < len(pattern) and pattern[position] != ")":
        if pattern[position] == "|":
            empty, open_branch, position = empty or open_branch, True, position + 1
            continue
        first, optional, position = _element(pattern, position)
        if open_branch:
            letters |= first
            open_branch = optional
    return letters, empty or open_branch, position


def _element(pattern: str, position: int) -> tuple[set[str], bool, int]:
    """Walk one element: a group, a class, an escape or a letter, with its repetition."""
    if pattern.startswith("(?:", position):
        first, optional, position = _beginnings(pattern, position + 3)
        position += 1
    elif pattern.startswith("(?", position):  # a look-ahead ends every phrase that has one
        return {ANY}, False, len(pattern)
    elif pattern[position] in "\\[":
        closing = pattern.find("]", position) + 1
        first, optional = {ANY}, False
        position = closing if pattern[position] == "[" else position + 2
    else:
        first, optional, position = {pattern[position]}, False, position + 1
    repeat = _REPEAT.match(pattern, position)
    if repeat:
        return first, optional or repeat[1] == "0", repeat.end()
    starred = pattern[position : position + 1] in ("*", "?") and position < len(pattern)
    return first, optional or starred, position + starred


def read_words(name: str) -> Words:
    """Load the packaged word list `words/<name>.yaml`."""
    text = files("parsers").joinpath("words", f"{name}.yaml").read_text("utf-8")
    # The base loader knows texts only: to the others "no" and "yes" are truth values.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return cast(Words, yaml.load(text, Loader=loader))  # noqa: S506 - makes nothing but texts


def phrases_in(words: Words, name: str) -> tuple[str, ...]:
    """Return the list of that name as texts, () when the file has none."""
    value = words.get(name) or ()
    return tuple(str(phrase) for phrase in value) if isinstance(value, list) else ()


def mapping_in(words: Words, name: str) -> dict[str, tuple[str, ...]]:
    """Return the mapping of that name from text to list of texts, {} when the file has none."""
    value = words.get(name)
    if not isinstance(value, dict):
        return {}
    return {str(key): tuple(str(item) for item in items) for key, items in value.items()}
