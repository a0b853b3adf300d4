"""Read a question: "liste ouvertes du 01/11/2026 au 23/11/2026 type 63" (X-43, A-3, A-40).

A line is a question only when every word of it is understood: "facture 34871205" asks for an
invoice, "facture 34871205 fausse" says something about one. One letter of a longer word may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from handlers.process.query_rule import QueryRule
from handlers.process.workflow import Workflow
from handlers.queries.phrases import Meaning, Spelling, Word, meaning_at, phrase_at, words_of
from handlers.queries.query import KEY, WORDS, Query
from handlers.words.field_values import vocabulary_of
from parsers.fields.periods import Period, period_in
from parsers.fields.said import phrases_said
from parsers.folding import compose, key_of

LONGEST = 300  # characters of a line that may be a question
MOST_NUMBERS = 50  # of one question, beside the first
_MOST_NAMES = 3
_SHORT = 2  # words of a state that are rather "open" or "closed", when they may be both
_MOST_CUT = 3
_DIGIT = re.compile(r"\d")
_CLAUSE = re.compile(r"[(,;:–]")


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
    spelling: Spelling


def _keys(words: Iterable[str], meaning: Meaning) -> dict[str, Meaning]:
    return {key_of(word): meaning for word in words}


def _every(words: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for said in words.values() for word in said]


_FILLERS = _keys(_every(WORDS["fillers"]), meaning=True)
_OPEN: dict[str, bool | None] = {
    **_keys(WORDS["open"], meaning=True),
    **_keys(WORDS["closed"], meaning=False),
    **_keys(WORDS["all"], meaning=None),
}
_THINGS = _keys(WORDS["things"], meaning=True)
_known: dict[int, tuple[Workflow, _Phrases]] = {}


def read_question(line: str, workflow: Workflow, language: str, today: date) -> Query | None:
    """Return what a line asks, None when it says anything else. A day without a year is the last one."""
    line = compose(line.strip())
    if not workflow.queries or not line or len(line) > LONGEST:
        return None
    phrases = _phrases_of(workflow)
    words = words_of(line)
    before, start = _opening(words, phrases)
    head, after = meaning_at(words, start, phrases.heads)
    if head is None:
        return None
    words[after:] = map(phrases.spelling.right, words[after:])
    rule = workflow.queries[head.query]
    rest = [*before, *(words[start:] if head.filter else words[after:])]
    query = Query(name=head.query, rule=rule, open=rule.open)
    period = _period(line, words, language, today) if rule.period or not rule.table else None
    if period is not None:
        rest = [word for word in rest if not period.start <= word.start < period.end]
        query = replace(query, first=period.first, last=period.last)
    return _Reader(workflow=workflow, phrases=phrases, query=query).read(rest)


def is_polite(text: str) -> bool:
    """Tell whether a text has nothing but greetings, thanks and a name: "Hi, thanks, Tom"."""
    lines = [words_of(line) for line in text.splitlines()]
    return all(_is_polite(words) for words in lines)


def tells(text: str, workflow: Workflow) -> bool:
    """Tell whether a choice of the process stands in a text: what looks like a name may be a reason."""
    choices = vocabulary_of(workflow).choices.values()
    for words in map(words_of, text.splitlines()):
        places = range(len(words))
        if any(phrase_at(words, at, named) for named in choices for at in places):
            return True
    return False


def _is_polite(words: list[Word]) -> bool:
    behind = words[_behind_fillers(words, {}) :]
    named = all(one.written[0].isupper() and not _DIGIT.search(one.written) for one in behind)
    return named and len(behind) <= _MOST_NAMES


def _period(line: str, words: list[Word], language: str, today: date) -> Period | None:
    """Return the period of a line; a part of a word, like the year in "D-2026-118", is none."""
    for _ in range(_MOST_CUT):
        period = period_in(line, language, today)
        cut = next((w for w in words if period and _is_cut(w, period)), None)
        if cut is None:
            return period
        line = f"{line[: cut.start]}{' ' * (cut.end - cut.start)}{line[cut.end :]}"
    return None


def _is_cut(word: Word, period: Period) -> bool:
    inside = word.start < period.end and period.start < word.end
    return inside and not (period.start <= word.start and word.end <= period.end)


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
    also: list[str] = field(default_factory=list)

    def read(self, words: list[Word]) -> Query | None:
        """Return the query with all that the words say, None when one is not understood."""
        at, query = 0, self.query
        while at < len(words):
            few, after = meaning_at(words, at, self.phrases.few[query.name])
            self.values.update([few] if few else [])
            after = after if after != at else self._filter(words, at)
            if after == at:
                query, after = self._narrowed(query, words, at)
            after = after if after != at else meaning_at(words, at, _FILLERS)[1]
            after = after if after != at else self._bare(words, at)
            if after == at:
                return None
            at = after
        return self._finished(query)

    def _narrowed(self, query: Query, words: list[Word], at: int) -> tuple[Query, int]:
        """Take what tickets are in: a state, or open and closed, whichever says more ("clos" are all that
        are closed, "en cours de traitement" is a state); and the word for what they are. A table is only asked for all of it."""
        opened, told = phrase_at(words, at, _OPEN), phrase_at(words, at, self.phrases.states)
        if query.rule.table:
            every = opened is not None and _OPEN[opened[0]] is None
            return query, opened[1] if opened and every else at
        whole = told is not None and told[1] - at > _SHORT
        if told and (opened is None or told[1] >= opened[1] + (not whole)):
            self.states.extend(self.phrases.states[told[0]])
            return query, told[1]
        if opened:
            return replace(query, open=_OPEN[opened[0]]), opened[1]
        return query, meaning_at(words, at, _THINGS)[1]

    def _finished(self, query: Query) -> Query:
        states = tuple(self.states)
        said = replace(query, values=dict(self.values), also=tuple(self.also), states=states)
        everything = bool(states or KEY in self.values) and query.open is query.rule.open
        return replace(said, open=None) if everything else said

    def _filter(self, words: list[Word], at: int) -> int:
        """Take a filter and its value; return the place behind them, or the same for none."""
        name, after = meaning_at(words, at, self.phrases.filters[self.query.name])
        if name is None:
            return at
        behind = _behind_fillers(words, {}, after)
        choices = vocabulary_of(self.workflow).choices.get(self.query.column_of(name), {})
        code, end = meaning_at(words, behind, choices)
        if code is None and behind < len(words):
            code, end = words[behind].written, behind + 1
        if code is None:
            return at
        self.values[name] = code
        return end

    def _bare(self, words: list[Word], at: int) -> int:
        """Take a number that stands alone, or for a table with words for names all that is left."""
        rule, word, name = self.query.rule, words[at].written, self.query.bare
        if not name or (not rule.file and not _DIGIT.search(word)):
            return at
        if name in self.values and not rule.file:
            self.also.append(word)
            return at + 1 if len(self.also) < MOST_NUMBERS else at
        self.values[name] = f"{self.values.get(name, '')} {word}".strip()
        return at + 1


def _opening(words: list[Word], phrases: _Phrases) -> tuple[list[Word], int]:
    """Return the words before the head that narrow it ("my open requests"), and where it stands; a
    misspelt word there is put right."""
    at, narrowing = 0, list[Word]()
    while True:
        at = _behind_fillers(words, phrases.heads, at)
        if at == len(words) or phrase_at(words, at, phrases.heads):
            return narrowing, at
        opened, right = phrase_at(words, at, _OPEN), phrases.spelling.right(words[at])
        if opened is not None:
            narrowing += words[at : opened[1]]
            at = opened[1]
        elif right is words[at]:
            return narrowing, at
        else:
            words[at] = right


def _behind_fillers(words: list[Word], heads: Mapping[str, object], at: int = 0) -> int:
    """Return the first place where something is said."""
    while at < len(words) and meaning_at(words, at, heads)[0] is None:
        after = meaning_at(words, at, _FILLERS)[1]
        if after == at:
            break
        at = after
    return at


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
    every: tuple[Iterable[str], ...] = (
        heads,
        *filters.values(),
        *few.values(),
        states,
        _FILLERS,
        _OPEN,
        _THINGS,
    )
    spelling = Spelling(word for said in every for phrase in said for word in phrase.split())
    return _Phrases(heads=heads, filters=filters, few=few, states=states, spelling=spelling)


def _filter_phrases(rule: QueryRule) -> dict[str, str]:
    return {key_of(word): name for name, one in rule.filters.items() for word in _every(one.words)}


def _few_phrases(rule: QueryRule) -> dict[str, tuple[str, str]]:
    return {
        key_of(word): (name, code)
        for name, one in rule.filters.items()
        for code, few in one.few.items()
        for word in _every(few.words)
    }
