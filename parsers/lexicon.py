"""Find the phrases of one language in a text, and the words that no phrase accounts for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.folding import fold
from parsers.phrases import (
    ANY,
    Canonical,
    Words,
    alternatives,
    beginnings,
    mapping_in,
    patterns,
    phrases_in,
    read_words,
)

# Groups of the word lists, in the order in which they win when they begin at the same word.
_GROUPS = (
    "neutral", "closing", "courtesy", "refusal", "unless", "condition", "cancellation", "acceptance",
    "list", "form", "sheet", "connection", "resend", "status", "reminder", "gratitude", "asking",
    "thanks", "greeting", "but", "interrogative",
)  # fmt: skip
POLITE = frozenset({"closing", "courtesy", "greeting"})
_SILENT = POLITE | {"thanks", "asking", "interrogative", "but"}
_SENTENCE = re.compile(r" [^.?]*(?P<mark>[.?])(?= )")
_IDENTIFIER = re.compile(r"\d\w*|[a-z]{1,3}\d\w*|[€$£%,.?]")
# A name under a greeting or a closing is no content, a sentence is.
_NAME_WORDS = 3
_SIGNATURE_WORDS = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A phrase found: its group and place in the canonical text, and whether it is only asked."""

    group: str
    start: int
    end: int
    sentence: int
    asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one language makes of a text: hits in order, words left over, words it knows."""

    hits: tuple[Hit, ...]
    content: tuple[str, ...]
    known: int
    asks: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The compiled words of one language."""

    phrases: dict[str, re.Pattern[str]]
    alone: tuple[tuple[str, re.Pattern[str]], ...]
    opening: re.Pattern[str]
    filler: frozenset[str]
    negators: frozenset[str]
    yet: frozenset[str]


def lexicon_of(language: str) -> Lexicon:
    """Compile the word list `words/intent.<language>.yaml`."""
    words = read_words(f"intent.{language}")
    sets = mapping_in(words, "sets")
    filler = frozenset(fold(str(words.get("filler", ""))).split())
    loose = rf"(?:(?:{'|'.join(sorted(filler))}|\w*\d\w*|,+) )*"
    opening = "|".join(
        f"(?P<{name}>{alternatives(phrases_in(words, name), sets)})" for name in ("weak", "no")
    )
    return Lexicon(
        phrases=_by_letter(words, sets),
        alone=tuple(
            (group, re.compile(f" {loose}?(?P<words>{alternatives(phrases, sets)}) {loose}"))
            for group, phrases in mapping_in(words, "alone").items()
        ),
        opening=re.compile(f" (?:{opening})(?= )"),
        filler=filler,
        negators=frozenset(phrases_in(words, "negators")),
        yet=frozenset(phrases_in(words, "yet")),
    )


def _by_letter(words: Words, sets: dict[str, tuple[str, ...]]) -> dict[str, re.Pattern[str]]:
    """Compile, for each letter, the phrases of all groups that can begin with it."""
    groups = {group: patterns(phrases_in(words, group), sets) for group in _GROUPS}
    firsts = {pattern: beginnings(pattern) for many in groups.values() for pattern in many}
    symptom = alternatives(phrases_in(words, "symptom"), sets)
    # A reader that no longer accepts badges refuses no quote.
    tails = {
        "refusal": rf"(?! (?:(?!{alternatives(sets['quote'])})[^ ,.?]+ ){{0,2}}(?:{symptom}) )"
    }
    compiled = {}
    for letter in set().union(*firsts.values()):
        branches = []
        for group, many in groups.items():
            fitting = [p for p in many if firsts[p] & {letter, ANY}]
            if fitting:
                branches.append(f"(?P<{group}>(?:{'|'.join(fitting)}){tails.get(group, '')})")
        compiled[letter] = re.compile(f"(?:{'|'.join(branches)})(?= )")
    return compiled


def _matches(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    """Find the phrases between two places, one after the other.

    They may look three characters further: the mark of the sentence, for those ending in `$`.
    """
    position = start
    rest = lexicon.phrases.get(ANY)
    while 0 <= position < end:
        word = position + 1
        phrases = lexicon.phrases.get(text[word], rest)
        match = phrases.match(text, word, end + 3) if phrases else None
        if match and match.end() > word:
            yield match
            position = match.end()
        else:
            position = text.find(" ", word, end)


def read(text: Canonical, lexicon: Lexicon) -> Reading:
    """Read a canonical text sentence by sentence. Linear in its length."""
    hits: list[Hit] = []
    content: list[str] = []
    words, closed, asks = 0, False, False
    for number, match in enumerate(_SENTENCE.finditer(text.text)):
        sentence = _Sentence(
            text=text.text,
            start=match.start(),
            end=match.end() - 2,
            number=number,
            question=match["mark"] == "?",
        )
        found = _hits(sentence, lexicon)
        words += sentence.text.count(" ", sentence.start, sentence.end)
        content += _left_over(sentence, found, lexicon, closed)
        closed = closed or any(hit.group == "closing" for hit in found)
        asks = asks or sentence.question or _starts_asking(sentence, found)
        hits += found
    if content and _is_name(text, content):
        content = []
    return Reading(hits=tuple(hits), content=tuple(content), known=words - len(content), asks=asks)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sentence:
    """A stretch of the canonical text between two sentence marks."""

    text: str
    start: int
    end: int
    number: int
    question: bool


def _hits(sentence: _Sentence, lexicon: Lexicon) -> list[Hit]:
    """Find the phrases of a sentence, its opening words and what it says when it is a command."""
    found = [
        Hit(
            group=_group(match, sentence, lexicon),
            start=match.start(),
            end=match.end(),
            sentence=sentence.number,
        )
        for match in _matches(sentence.text, sentence.start, sentence.end, lexicon)
    ]
    if all(hit.group in _SILENT for hit in found):
        found += _command(sentence, found, lexicon)
    found += _openings(sentence, found, lexicon)
    found.sort(key=lambda hit: hit.start)
    asking = _starts_asking(sentence, found)
    return [_asked(hit, sentence, found, asking) for hit in found]


def _group(match: re.Match[str], sentence: _Sentence, lexicon: Lexicon) -> str:
    """Name the group of a phrase. An acceptance with a "not" in it or before it is none (X-17)."""
    group = match.lastgroup or ""
    if group == "gratitude":
        return "thanks"
    if group != "acceptance":
        return group
    inside = set(match.group().split())
    clause = sentence.text.rfind(" ,", sentence.start, match.start()) + 1 or sentence.start
    before = set(sentence.text[clause : match.start()].split()[-3:])
    if inside & lexicon.negators:
        return "doubt" if inside & lexicon.yet else "refusal"
    return "doubt" if before & lexicon.negators else group


def _command(sentence: _Sentence, found: list[Hit], lexicon: Lexicon) -> Iterator[Hit]:
    """Read a sentence that is nothing but one word of command, like "statut" (X-43)."""
    if sentence.end - sentence.start > 120:
        return
    body = sentence.text[sentence.start : sentence.end + 1]
    for hit in found:
        start, end = hit.start - sentence.start, hit.end - sentence.start
        body = body[:start] + "," * (end - start) + body[end:]
    for group, pattern in lexicon.alone:
        match = pattern.fullmatch(body)
        if match:
            start = sentence.start + match.start("words")
            end = sentence.start + match.end("words")
            yield Hit(group=group, start=start, end=end, sentence=sentence.number)
            return


def _openings(sentence: _Sentence, found: list[Hit], lexicon: Lexicon) -> Iterator[Hit]:
    """Read "ok", "oui", "non" where a sentence begins; elsewhere they answer nothing."""
    position = sentence.start
    skip = {hit.start: hit.end for hit in found if hit.group in _SILENT}
    taken = {hit.start for hit in found if hit.group not in _SILENT}
    while position < sentence.end and position + 1 not in taken:
        match = lexicon.opening.match(sentence.text, position, sentence.end + 3)
        if position + 1 in skip:
            position = skip[position + 1]
        elif match:
            start, position = match.start() + 1, match.end()
            group = match.lastgroup or ""
            yield Hit(group=group, start=start, end=position, sentence=sentence.number)
        elif sentence.text.startswith(" ,", position):
            position += 2
        else:
            return


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
        asking = tail or after
    if not asking:
        return hit
    return Hit(group=hit.group, start=hit.start, end=hit.end, sentence=hit.sentence, asked=True)


def _left_over(sentence: _Sentence, found: list[Hit], lexicon: Lexicon, closed: bool) -> list[str]:
    """Return the words of a sentence that say something beyond its phrases."""
    left: list[str] = []
    position, named, signing = sentence.start, False, closed
    for hit in [*found, None]:
        end = hit.start if hit else sentence.end + 1
        stretch = sentence.text[position:end].split()
        words = [w for w in stretch if w not in lexicon.filler and not _IDENTIFIER.fullmatch(w)]
        # "Bonjour Madame Martin," names; "Bonjour, le lecteur que j'ai reçu fume" tells.
        name = named and stretch[:1] != [","] and sum(map(str.isalpha, stretch)) <= _NAME_WORDS
        limit = _SIGNATURE_WORDS if signing else _NAME_WORDS if name else 0
        if len(words) > limit:
            left += words
        if hit:
            named = hit.group == "greeting"
            signing = signing or hit.group == "closing"
            position = hit.start if hit.group == "neutral" else hit.end
    return left


def _is_name(text: Canonical, content: list[str]) -> bool:
    """Say whether all that is left over is a name signed under the text."""
    last = text.source.rstrip().rpartition("\n")[2].strip(" -.,")
    return (
        len(content) <= _NAME_WORDS
        and last.istitle()
        and fold(last).replace("-", " ").split()[-len(content) :] == content
    )
