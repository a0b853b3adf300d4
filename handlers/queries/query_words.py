"""Read a question: "liste ouvertes du 01/11/2026 au 23/11/2026 type 63" (X-43, A-3, A-40).

A line is a question only when every word of it is understood: "facture 34871205" asks for an
invoice, "facture 34871205 fausse" says something about one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from handlers.process.query_rule import QueryRule
from handlers.process.workflow import Workflow
from handlers.queries.query import KEY, WORDS, Query
from handlers.words.field_values import vocabulary_of
from parsers.fields.periods import period_in
from parsers.fields.said import phrases_said
from parsers.folding import compose, key_of

LONGEST = 300  # characters of a line that may be a question
_MOST_WORDS = 6  # of one phrase
_TOKEN = re.compile(r"[^\s'’\"«»“”(),;:!?#]+")
_CLAUSE = re.compile(r"[(,;:–]")
_Meaning = TypeVar("_Meaning")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a line as written, and as it is compared."""

    written: str
    key: str
    start: int


@dataclass(frozen=True, slots=True)
class _Head:
    """What a line begins with: the words of a query, or of one of its filters."""

    query: str
    filter: str = ""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of one workflow's questions, folded."""

    heads: Mapping[str, _Head]
    filters: Mapping[str, Mapping[str, str]]
    few: Mapping[str, Mapping[str, tuple[str, str]]]
    states: Mapping[str, tuple[str, ...]]


def _keys(words: Iterable[str], meaning: _Meaning) -> dict[str, _Meaning]:
    return {key_of(word): meaning for word in words}


_FILLERS = _keys(WORDS["fillers"], meaning=True)
_OPEN: dict[str, bool | None] = {
    **_keys(WORDS["open"], meaning=True),
    **_keys(WORDS["closed"], meaning=False),
    **_keys(WORDS["all"], meaning=None),
}
_known: dict[int, tuple[Workflow, _Phrases]] = {}


def read_question(line: str, workflow: Workflow, language: str, today: date) -> Query | None:
    """Return what a line asks, None when it says anything else. A day without a year is the last one."""
    line = compose(line.strip())
    if not workflow.queries or not line or len(line) > LONGEST:
        return None
    phrases, words = _phrases_of(workflow), _words(line)
    start = _behind_fillers(words, phrases.heads)
    head, after = _meant(words, start, phrases.heads)
    if head is None:
        return None
    rule = workflow.queries[head.query]
    rest = words[start:] if head.filter else words[after:]
    query = Query(name=head.query, rule=rule, open=rule.open)
    period = period_in(line, language, today) if rule.period or not rule.table else None
    if period is not None:
        rest = [word for word in rest if not period.start <= word.start < period.end]
        query = replace(query, first=period.first, last=period.last)
    return _Reader(workflow=workflow, phrases=phrases, query=query).read(rest)


def read_free_words(name: str, text: str, workflow: Workflow, language: str, today: date) -> Query:
    """Return what running words ask of a query that their intent names: open, closed or all, and when."""
    rule, text = workflow.queries[name], text[:2000]
    query = Query(name=name, rule=rule, open=rule.open)
    period = period_in(text, language, today)
    if period is not None:
        query = replace(query, first=period.first, last=period.last)
    for words, meant in (("closed", False), ("open", True), ("all", None)):
        if phrases_said(text, WORDS[words]):
            return replace(query, open=meant)
    return query


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """Reads the words behind the head of a question, one after the other."""

    workflow: Workflow
    phrases: _Phrases
    query: Query
    values: dict[str, str] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)

    def read(self, words: list[_Word]) -> Query | None:
        """Return the query with all that the words say, None when one is not understood."""
        at, query, rule = 0, self.query, self.query.rule
        while at < len(words):
            few, after = _meant(words, at, self.phrases.few[query.name])
            self.values.update([few] if few else [])
            after = after if after != at else self._filter(words, at)
            if after == at and not rule.table and (opened := _said(words, at, _OPEN)):
                query, after = replace(query, open=_OPEN[opened[0]]), opened[1]
            if after == at:
                states, after = _meant(words, at, {} if rule.table else self.phrases.states)
                self.states.extend(states or ())
            after = after if after != at else _meant(words, at, _FILLERS)[1]
            after = after if after != at else self._bare(words, at)
            if after == at:
                return None
            at = after
        return self._finished(query)

    def _finished(self, query: Query) -> Query:
        states = tuple(self.states)
        said = replace(query, values=dict(self.values), states=states)
        everything = bool(states or KEY in self.values) and query.open is query.rule.open
        return replace(said, open=None) if everything else said

    def _filter(self, words: list[_Word], at: int) -> int:
        """Take a filter and its value; return the place behind them, or the same for none."""
        name, after = _meant(words, at, self.phrases.filters[self.query.name])
        if name is None:
            return at
        behind = _behind_fillers(words, {}, after)
        choices = vocabulary_of(self.workflow).choices.get(self.query.column_of(name), {})
        code, end = _meant(words, behind, choices)
        if code is None and behind < len(words):
            code, end = words[behind].written, behind + 1
        if code is None:
            return at
        self.values[name] = code
        return end

    def _bare(self, words: list[_Word], at: int) -> int:
        """Take a number that stands alone, or for a table with words for names all that is left."""
        rule, word = self.query.rule, words[at].written
        name = rule.bare or ("" if rule.table else KEY)
        if not name or (not rule.file and not any(map(str.isdigit, word))):
            return at
        if name in self.values and not rule.file:
            return at
        self.values[name] = f"{self.values.get(name, '')} {word}".strip()
        return at + 1


def _words(line: str) -> list[_Word]:
    found = ((m.group().strip("."), m.start()) for m in _TOKEN.finditer(line))
    return [_Word(word, key_of(word), start) for word, start in found if key_of(word)]


def _behind_fillers(words: list[_Word], heads: Mapping[str, object], at: int = 0) -> int:
    """Return the first place where something is said."""
    while at < len(words) and _meant(words, at, heads)[0] is None:
        after = _meant(words, at, _FILLERS)[1]
        if after == at:
            break
        at = after
    return at


def _meant(
    words: list[_Word], at: int, phrases: Mapping[str, _Meaning]
) -> tuple[_Meaning | None, int]:
    """Return what the longest phrase at a place means and the place behind it; None for nothing."""
    said = _said(words, at, phrases)
    return (phrases[said[0]], said[1]) if said else (None, at)


def _said(words: list[_Word], at: int, phrases: Mapping[str, object]) -> tuple[str, int] | None:
    """Return the longest phrase that stands at a place, and the place behind it."""
    for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
        key = " ".join(word.key for word in words[at : at + count])
        if key in phrases:
            return key, at + count
    return None


def _phrases_of(workflow: Workflow) -> _Phrases:
    kept = _known.get(id(workflow))
    if kept is None:  # the workflow is kept too: its id stays its own
        kept = _known[id(workflow)] = (workflow, _phrases(workflow))
    return kept[1]


def _phrases(workflow: Workflow) -> _Phrases:
    heads: dict[str, _Head] = {}
    filters: dict[str, dict[str, str]] = {}
    few: dict[str, dict[str, tuple[str, str]]] = {}
    for name, rule in workflow.queries.items():
        filters[name] = _filter_phrases(rule)
        few[name] = _few_phrases(rule)
        heads = _keys(_every(rule.words), _Head(name)) | heads
        for filtered, one in rule.filters.items():
            if one.asks:
                heads = _keys(_every(one.words), _Head(name, filtered)) | heads
    states: dict[str, tuple[str, ...]] = {}
    for name, state in workflow.states.items():
        for label in state.label.values():
            for said in {key_of(label), key_of(_CLAUSE.split(label)[0])}:
                states[said] = (*states.get(said, ()), name)
    return _Phrases(heads=heads, filters=filters, few=few, states=states)


def _filter_phrases(rule: QueryRule) -> dict[str, str]:
    return {key_of(word): name for name, one in rule.filters.items() for word in _every(one.words)}


def _few_phrases(rule: QueryRule) -> dict[str, tuple[str, str]]:
    return {
        key_of(word): (name, code)
        for name, one in rule.filters.items()
        for code, few in one.few.items()
        for word in _every(few.words)
    }


def _every(words: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for said in words.values() for word in said]
