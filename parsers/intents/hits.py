"""Find the phrases of one language in a text, and the words that no phrase accounts for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from parsers.folding import fold
from parsers.intents.canonical import Canonical
from parsers.intents.lexicon import Lexicon
from parsers.intents.meaning import BINDING, group_of

POLITE = frozenset({"closing", "courtesy", "greeting"})
# The words of these are content: they tell of something else.
_TELLING = frozenset({"neutral", "doubt", "trouble"})
_SILENT = POLITE | {"thanks", "asking", "interrogative", "but"}
# A "not" within these says nothing of what follows: "no problem, we accept".
_EXPLAINED = POLITE | {"neutral", "thanks", "weak"}
# A command that binds says little besides: "I confirm" does, "I confirm I will be there" not.
_ASIDES = 3
# A name under a greeting or a closing is no content, a sentence is.
_NAME_WORDS = 3
_SIGNATURE_WORDS = 15
# Words left over are counted so far: more of them change nothing.
_ENOUGH = 20
_COMMAND_LENGTH = 120


class Hit(NamedTuple):
    """A phrase found: its group and place in the canonical text, and whether it is only asked."""

    group: str
    start: int
    end: int
    sentence: int
    asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one language makes of a text: hits in order, words left over, whether it asks."""

    hits: tuple[Hit, ...]
    content: tuple[str, ...]
    asks: bool


class _Sentence(NamedTuple):
    """A stretch of the canonical text between two sentence marks: spaces at both ends."""

    text: str
    start: int
    end: int
    number: int
    question: bool


def read(text: Canonical, lexicon: Lexicon) -> Reading:
    """Read a canonical text sentence by sentence. Linear in its length."""
    found = _phrases(text, lexicon)
    hits: list[Hit] = []
    content: list[str] = []
    closed, asks = False, False
    done = 0
    for sentence in _sentences(text.text):
        first = done
        while done < len(found) and found[done].start() < sentence.end:
            done += 1
        own = _hits(sentence, found[first:done], lexicon)
        if len(content) < _ENOUGH:
            content += _left_over(sentence, own, lexicon, closed)
        if own:
            closed = closed or any(hit.group == "closing" for hit in own)
            hits += own
        asks = asks or sentence.question or (bool(own) and _starts_asking(sentence, own))
    if content and _is_name(text, content):
        content = []
    return Reading(hits=tuple(hits), content=tuple(content), asks=asks)


def _phrases(text: Canonical, lexicon: Lexicon) -> list[re.Match[str]]:
    """Find the phrases of a text, one after the other. None goes beyond a sentence mark."""
    found: list[re.Match[str]] = []
    whole, patterns = text.text, lexicon.phrases
    start, end = 1, 0
    for word in text.words:
        pattern = patterns[word]
        if pattern is not None and start >= end:
            match = pattern.match(whole, start)
            if match and match.end() > start:
                found.append(match)
                end = match.end()
        start += len(word) + 1
    return found


def _sentences(text: str) -> Iterator[_Sentence]:
    """Cut a canonical text at its sentence marks; what is nothing but marks is no sentence."""
    start = number = 0
    for stretch in text.split(" ."):
        for piece in stretch.split(" ?"):
            end = start + len(piece)
            if end - start > 1:
                question = text.startswith(" ?", end)
                yield _Sentence(text, start, end, number, question)
                number += 1
            start = end + 2


def _hits(sentence: _Sentence, matches: list[re.Match[str]], lexicon: Lexicon) -> list[Hit]:
    """Name the phrases of a sentence, its opening words and what it says when it is a command."""
    found: list[Hit] = []
    if not matches and not _may_answer(sentence, lexicon):
        return found
    for match in matches:
        explained = found and found[-1].group in _EXPLAINED
        before = found[-1].end if explained else sentence.start
        group = group_of(match, before, lexicon)
        found.append(Hit(group, match.start(), _end(match), sentence.number))
    short = sentence.end - sentence.start <= _COMMAND_LENGTH
    if short and all(hit.group in _SILENT for hit in found):
        found += _command(sentence, found, lexicon)
    if found:
        found += _limits(found, sentence, lexicon)
    opened = _openings(sentence, found, lexicon)
    if opened:  # the "maar" of "doe maar" is no "but"
        found = [hit for hit in found if not _is_within(hit, opened)] + opened
    if not found:
        return found
    found.sort(key=_start)
    asking = _starts_asking(sentence, found)
    if not asking and not sentence.question:
        return found
    return [_asked(hit, sentence, found, asking) for hit in found]


def _is_within(hit: Hit, opened: list[Hit]) -> bool:
    """Say whether a hit lies within one of these, which are in order."""
    before = bisect_right(opened, hit.start, key=_start)
    return before > 0 and hit.end <= opened[before - 1].end


def _may_answer(sentence: _Sentence, lexicon: Lexicon) -> bool:
    """Say whether a sentence without phrases may be a command or an answer: look at its start."""
    weight = lexicon.weight
    begin = sentence.text[sentence.start : min(sentence.end, sentence.start + _COMMAND_LENGTH)]
    for word in begin.split():
        if weight[word]:
            return weight[word] > 1
    return False


def _limits(found: list[Hit], sentence: _Sentence, lexicon: Lexicon) -> list[Hit]:
    """Read an acceptance with a limiting word in it as a condition besides."""
    return [
        hit._replace(group="condition")
        for hit in found
        if hit.group == "acceptance"
        and not lexicon.limits.isdisjoint(sentence.text[hit.start : hit.end].split())
    ]


def _end(match: re.Match[str]) -> int:
    """Return the place behind the last word of a match, where its space stands."""
    return match.end() - match.string.startswith(" ", match.end() - 1)


def _start(hit: Hit) -> int:
    """Order hits by place."""
    return hit.start


def _command(sentence: _Sentence, found: list[Hit], lexicon: Lexicon) -> Iterator[Hit]:
    """Read a sentence that is nothing but one word of command, like "statut" (X-43)."""
    if sentence.text.startswith(" ,", sentence.end - 2):  # "Liste :" tells what follows
        return
    body = sentence.text[sentence.start : sentence.end + 3]
    for hit in found:
        start, end = hit.start - sentence.start, hit.end - sentence.start
        body = body[:start] + "," * (end - start) + body[end:]
    words = body[:-3].split()
    position = 1
    for number, word in enumerate(words):
        pattern = lexicon.alone[word]
        match = pattern.match(body, position) if pattern else None
        if match and match.end() > position:
            after = words[number + match.group().count(" ") + 1 :]
            group = match.lastgroup or ""
            brief = group not in BINDING or len(after) <= _ASIDES
            if brief and all(w in lexicon.filler or _is_aside(w) for w in after):
                start, end = sentence.start + position, sentence.start + _end(match)
                yield Hit(group, start, end, sentence.number)
                return
        if word not in lexicon.filler and not _is_aside(word):
            return
        position += len(word) + 1


def _is_aside(word: str) -> bool:
    """Say whether this is a number or the commas that stand for a phrase."""
    return word[0] == "," or any(map(str.isdigit, word))


def _openings(sentence: _Sentence, found: list[Hit], lexicon: Lexicon) -> list[Hit]:
    """Read "ok", "oui", "non" where a sentence begins; elsewhere they answer nothing."""
    opened: list[Hit] = []
    text, position = sentence.text, sentence.start + 1
    ahead = iter(found)
    hit = next(ahead, None)
    while position < sentence.end:
        while hit and hit.start < position:
            hit = next(ahead, None)
        if hit and hit.start == position:
            if hit.group not in _SILENT:
                break
            position = hit.end + 1
            continue
        word = text[position : text.find(" ", position)]
        pattern = lexicon.opening[word]
        match = pattern.match(text, position) if pattern else None
        if match:
            opened.append(Hit(match.lastgroup or "", position, _end(match), sentence.number))
            position = _end(match) + 1
        elif word == ",":
            position += 2
        else:
            break
    return opened


def _starts_asking(sentence: _Sentence, found: Iterable[Hit]) -> bool:
    """Say whether the sentence begins with a question word, greetings apart."""
    position = sentence.start + 1
    for hit in found:
        if hit.group == "interrogative":
            return sentence.text[position : hit.start].strip(" ,") == ""
        if hit.group not in POLITE:
            return False
        position = hit.end
    return False


def _asked(hit: Hit, sentence: _Sentence, found: list[Hit], asking: bool) -> Hit:
    """Mark a hit that stands in a question: before its `?`, or after its question word."""
    if sentence.question:
        tail = sentence.text.find(" ,", hit.end, sentence.end) < 0
        after = any(
            h.group in ("interrogative", "condition") and h.start < hit.start for h in found
        )
        asked_back = any(h.group == "tag" and h.start > hit.start for h in found)
        asking = tail or after or asked_back
    return hit._replace(asked=True) if asking else hit


def _left_over(sentence: _Sentence, found: list[Hit], lexicon: Lexicon, closed: bool) -> list[str]:
    """Return the words of a sentence that say something beyond its phrases."""
    left: list[str] = []
    position, named, signing = sentence.start, False, closed
    tells = lexicon.telling
    for hit in [*found, None]:
        end = hit.start if hit else sentence.end + 1
        stretch = sentence.text[position:end].split()
        words = [word for word in stretch if tells[word]]
        # "Bonjour Madame Martin," names; "Bonjour, le lecteur que j'ai reçu fume" tells.
        name = named and stretch[:1] != [","] and sum(map(str.isalpha, stretch)) <= _NAME_WORDS
        limit = _SIGNATURE_WORDS if signing else _NAME_WORDS if name else 0
        if len(words) > limit:
            left += words
        if hit:
            named = hit.group == "greeting"
            signing = signing or hit.group == "closing"
            position = hit.start if hit.group in _TELLING else hit.end
    return left


def _is_name(text: Canonical, content: list[str]) -> bool:
    """Say whether all that is left over is a name signed under the text."""
    last = text.source.rstrip().rpartition("\n")[2].strip(" -.,")
    return (
        len(content) <= _NAME_WORDS
        and last.istitle()
        and fold(last).replace("-", " ").split()[-len(content) :] == content
    )
