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
    pattern = pattern.replace(" ... ", " " + _WINDOW)
    return pattern[:-1].rstrip() + "(?= [,.?] )" if pattern.endswith("$") else pattern


def alternatives(phrases: Iterable[str], sets: Mapping[str, Iterable[str]] | None = None) -> str:
    """Join phrases into one alternation, longest first, so that the fuller phrase wins."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(pattern_of(phrase, sets) for phrase in ordered)


def read_words(name: str) -> Words:
    """Load the packaged word list `words/<name>.yaml`."""
    text = files("parsers").joinpath("words", f"{name}.yaml").read_text("utf-8")
    return cast(Words, yaml.safe_load(text))


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
