"""Let a commitment bind only when it says what it is about, or when nothing else is said (X-16).

"We accept the quote" names its object. "I agree" agrees with whatever was said, so it binds only
alone: beside a clause that no phrase of ours accounts for, it may mean that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from parsers.intents.binding_words import BindingWords
from parsers.intents.canonical import Canonical
from parsers.intents.hits import POLITE, Hit, Reading
from parsers.intents.lexicon import IDENTIFIER, Lexicon

# What becomes of a commitment to something unknown: a loose yes, a limit to another yes, talk.
_LOOSENED = {"acceptance": "loose", "refusal": "limit", "cancellation": "told"}
# Words in these phrases are accounted for.
_ACCOUNTED = POLITE | _LOOSENED.keys() | {"thanks", "weak", "lukewarm", "neutral", "but"}
# A clause that begins so asks for something besides, or is polite.
_BESIDES = POLITE | {"asking", "interrogative", "thanks", "status", "reminder"}
# These end the clause of a commitment: what follows is weighed by itself.
_TAKING_BACK = frozenset({"condition", "unless", "but"})
# So far around a commitment is read, and so many commitments of one text: more bind no better.
_REACH = 300
_MOST = 30
_NAME_WORDS = 4
_PARTICLE = 3
_SENTENCE_END = re.compile(" [.?] ")


class _Clause(NamedTuple):
    """A stretch of the canonical text between two marks."""

    start: int
    end: int


class _Said(NamedTuple):
    """A commitment, its clause, those before and after it in its sentence up to `end`, and the
    phrases near it."""

    hit: Hit
    own: _Clause
    before: tuple[_Clause, ...]
    after: tuple[_Clause, ...]
    near: tuple[Hit, ...]
    end: int
    text: Canonical
    words: BindingWords


def settle(reading: Reading, text: Canonical, lexicon: Lexicon) -> Reading:
    """Return the reading with each commitment loosened that binds to nothing of ours.

    An acceptance becomes `loose`, a refusal a `limit`, a cancellation is `told`. Linear.
    """
    left = _MOST
    settled: list[Hit] = []
    for number, hit in enumerate(reading.hits):
        if hit.group in _LOOSENED:
            left -= 1
            group = _settled(_said(number, reading, text, lexicon)) if left >= 0 else "told"
            settled.append(hit._replace(group=group))
        else:
            settled.append(hit)
    return replace(reading, hits=tuple(settled)) if left < _MOST else reading


def _said(number: int, reading: Reading, text: Canonical, lexicon: Lexicon) -> _Said:
    """Gather what stands around a commitment."""
    hit, whole = reading.hits[number], text.text
    low, high = max(0, hit.start - _REACH), hit.end + _REACH
    start = max(whole.rfind(" . ", low, hit.start), whole.rfind(" ? ", low, hit.start))
    end = _SENTENCE_END.search(whole, hit.end, high + 1)
    stop = end.start() if end else min(high, len(whole))
    clauses = _clauses(whole, start + 2 if start >= 0 else low, stop, hit)
    own = next(n for n, clause in enumerate(clauses) if clause.end >= hit.end)
    near = reading.hits[max(0, number - _MOST) : number + _MOST]
    taken = (h.start for h in near if h.group in _TAKING_BACK and h.start >= hit.end)
    back = min(taken, default=high) - 1
    after = tuple(clause for clause in clauses[own + 1 :] if clause.start < back)
    clause = clauses[own]._replace(end=min(clauses[own].end, back))
    return _Said(hit, clause, tuple(clauses[:own]), after, near, stop, text, lexicon.binding)


def _clauses(text: str, start: int, end: int, hit: Hit) -> list[_Clause]:
    """Cut a sentence at its commas, not within the commitment."""
    clauses: list[_Clause] = []
    comma = text.find(" ,", start, end)
    while comma >= 0:
        if not hit.start <= comma < hit.end:
            clauses.append(_Clause(start, comma))
            start = comma + 2
        comma = text.find(" ,", comma + 2, end)
    return [*clauses, _Clause(start, end)]


def _settled(said: _Said) -> str:
    """Name the group of a commitment: its own when it names its object or stands alone."""
    group = said.hit.group
    if _is_elsewhere(said):
        return "told"
    if _runs_on(said):
        return "limit" if group == "refusal" else "told"
    return group if _names_object(said) or _stands_alone(said) else _LOOSENED[group]


def _is_elsewhere(said: _Said) -> bool:
    """Say whether an acceptance tells of another offer, or of an earlier time."""
    words = _words(said, said.hit.start, said.own.end)
    return said.hit.group == "acceptance" and not said.words.elsewhere.isdisjoint(words)


def _runs_on(said: _Said) -> bool:
    """Say whether what is agreed to, or refused, is told behind it: "I agree that"."""
    ours = said.words
    rest = _words(said, said.hit.end, said.own.end)
    if (
        not rest and said.after and said.hit.group == "refusal"
    ):  # "ich lehne es ab, noch drei Wochen zu warten"
        rest = _words(said, *said.after[0])
        told = len(rest) > 1 and rest[-2] in ours.infinitives and rest[0] not in ours.asks
        if told and not _holds_object(ours, rest):
            return bool(_unknown(said, *said.after[0]))
    later = (_words(said, *clause)[:1] for clause in said.after)
    told = any(not ours.runs_on.isdisjoint(first) for first in later)
    return told or (len(rest) > 1 and rest[0] in ours.runs_on)


def _names_object(said: _Said) -> bool:
    """Say whether the clause names what is committed to, with no unknown word between.

    A refusal may call it names: "we refuse this ridiculous price".
    """
    hit, own = said.hit, said.own
    if _holds_object(said.words, _words(said, own.start, hit.end)):
        return True
    if any(_holds_object(said.words, _words(said, *clause)) for clause in said.before):
        return not _unknown(said, hit.start, own.end)
    rest = _words(said, hit.end, own.end)
    named = hit.group == "refusal" and said.words.infinitives.isdisjoint(rest[:1])
    for word in rest:
        if _holds_object(said.words, (word,)):
            return True
        if not _is_known(said, word):
            if not named:
                return False
            named = False
    return False


def _stands_alone(said: _Said) -> bool:
    """Say whether nothing is said beside a commitment that it could be about."""
    hit, own = said.hit, said.own
    words = f" {said.text.text[hit.start : hit.end]} "
    formula = _holds(words, said.words.formulas)
    if not formula and _unknown(said, _subject(said), hit.end):
        return False
    if not formula and (_names_other(said) or not _is_besides(said, _Clause(hit.end, own.end))):
        return False
    echo = not formula and _holds(words, said.words.echoes)
    if hit.group != "acceptance" and not echo:
        return True
    if not all(_is_besides(said, c) or (formula and _is_ours(said, c)) for c in said.after):
        return False
    return not echo or _answers_us(said)


def _names_other(said: _Said) -> bool:
    """Say whether an article behind the commitment leads to something that is not ours."""
    rest = _words(said, said.hit.end, said.own.end)
    if said.hit.group == "cancellation" or rest[:1] == [] or rest[0] not in said.words.articles:
        return False
    named = next((word for word in rest if word not in said.words.articles), "")
    return named.isalpha() and named not in said.words.asides


def _subject(said: _Said) -> int:
    """Return where the clause has its subject: what stands before is when, or after what."""
    text, (start, end) = said.text.text, said.own
    end = text.find(" ", said.hit.start)
    words = _words(said, start, end)
    subjects = [n for n, word in enumerate(words) if word in said.words.subjects]
    return end - len(" ".join(words[subjects[-1] :])) if subjects else start


def _answers_us(said: _Said) -> bool:
    """Say whether an "I agree" can only mean what we proposed."""
    text, hit = said.text.text, said.hit
    if any(h.group == "but" and said.own.start <= h.start < hit.start for h in said.near):
        return True
    low = max(0, hit.start - _REACH)
    if _holds_object(said.words, _words(said, low, hit.start)):
        return True
    if low or any(_unknown(said, *clause) for clause in _sentences(text, 0, said.own.start)):
        return False
    following = next(_sentences(text, said.end + 2, min(len(text), said.end + _REACH)), None)
    return following is None or _is_besides(said, following) or text[following.end + 1] == "?"


def _sentences(text: str, start: int, end: int) -> Iterator[_Clause]:
    """Cut a stretch at the marks of sentences."""
    for mark in _SENTENCE_END.finditer(text, start, end):
        if mark.start() > start:
            yield _Clause(start, mark.start())
        start = mark.end() - 1
    if start < end - 2:
        yield _Clause(start, end - 2)


def _is_besides(said: _Said, clause: _Clause) -> bool:
    """Say whether a clause after an agreement leaves it alone: a request, a wish, a name."""
    words = _words(said, *clause)
    if not words or _is_named(said, clause):
        return True
    if not _unknown(said, *clause):
        return words[0] not in said.words.subjects or _is_told(said, clause)
    first = next((h for h in said.near if h.start >= clause.start and h.end <= clause.end), None)
    opened = first is not None and not _words(said, clause.start, first.start)
    asks = words[0] in said.words.asks or (opened and first is not None and first.group in _BESIDES)
    return asks and said.words.firsts.isdisjoint(words)


def _is_ours(said: _Said, clause: _Clause) -> bool:
    """Say whether a clause behind a formula tells of what is ours: "the order follows"."""
    return _holds_object(said.words, _words(said, *clause))


def _is_told(said: _Said, clause: _Clause) -> bool:
    """Say whether a phrase of ours tells what the subject of a clause does: "I thank you"."""
    return any(h.start >= clause.start and h.end <= clause.end + 1 for h in said.near)


def _words(said: _Said, start: int, end: int) -> list[str]:
    """Return the words of a stretch."""
    return said.text.text[start:end].split()


def _holds(words: str, phrases: Iterable[str]) -> bool:
    """Say whether one of the phrases stands in these words."""
    return any(f" {phrase} " in words for phrase in phrases)


def _holds_object(ours: BindingWords, words: Iterable[str]) -> bool:
    """Say whether a word names what our commitments are about."""
    return any(word in ours.objects or word.startswith(ours.deeds) for word in words)


def _is_known(said: _Said, word: str) -> bool:
    """Say whether a word says nothing beside a commitment."""
    ours = said.words
    made = ours.yes_words if said.hit.group == "acceptance" else ours.no_words
    return (
        word in made
        or word.startswith(ours.known_stems)
        or not word.isalpha()
        or IDENTIFIER.fullmatch(word) is not None
    )


def _unknown(said: _Said, start: int, end: int) -> tuple[str, ...]:
    """Return the words of a stretch that nothing accounts for."""
    left: list[str] = []
    for hit in said.near:
        if hit.start >= end or start >= end:
            break
        inside = said.hit.start <= hit.start and hit.end <= said.hit.end
        if hit.end > start and hit.group in _ACCOUNTED and not inside:
            left += _words(said, start, hit.start)
            start = hit.end
    left += _words(said, start, end)
    return tuple(word for word in left if not _is_known(said, word))


def _is_named(said: _Said, clause: _Clause) -> bool:
    """Say whether all that is unknown in a clause is a name: "Approved, John Smith"."""
    unknown = _unknown(said, *clause)
    text = said.text.text
    at = text.find(f" {' '.join(unknown)} ", clause.start, clause.end + 1)
    known = [word for word in _words(said, *clause) if word.isalpha() and word not in unknown]
    if at < 0 or len(unknown) > _NAME_WORDS or len(known) > 1:
        return False
    own = said.text.original(at + 1, at + 1 + len(" ".join(unknown))).split()
    return own[0].istitle() and all(w[:1].isupper() or len(w) <= _PARTICLE for w in own)
