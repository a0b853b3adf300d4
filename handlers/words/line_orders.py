"""What a mail says of the lines of its group: "CONFIRMER 1,3", "annuler ligne 2", "ligne 1 motif : …"
(A-30, A-34, A-64).

A line of text is read word by word; every language at once. A word for an intent counts with the
numbers right behind it, after "ligne 2 :" in front of it, or alone with courtesies. Anything less
clear is left to the intent of the whole mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.process.lines_rule import LinesRule
from handlers.process.workflow import Workflow
from handlers.word_lists import read_words
from handlers.words.field_values import vocabulary_of
from handlers.words.sheet import labelled_values
from parsers.fields.labels import labelled
from parsers.folding import compose, fold, key_of

MOST_DIGITS = 3
LONGEST = 20_000
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_WORDS = read_words("lines")
_ENDS = frozenset(".;!?)(")
_NUMBERED = re.compile(r"[ \t]*(\d{1,3})[ \t]?[.):-][ \t]+(?=[^\W\d])")
_HEAD = re.compile(
    r"[ \t]*(?:[^\W\d_]{1,12}[ \t]+)?(?:n[ \t]?°[ \t]?)?\d{1,3}[ \t]*[:.)–-]?[ \t]*", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LineOrder:
    """What is wanted of some lines; no `numbers` are all of them. `intent` is "" when only fields are
    given, or the line is only named. `words` are the customer's."""

    numbers: tuple[int, ...] = ()
    intent: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineText:
    """A mail taken apart: what it wants of lines, and the text that lists new ones. `unclear` says that
    it speaks of lines in a way that only a person understands: then nothing is carried out."""

    orders: tuple[LineOrder, ...] = ()
    added: str = ""
    unclear: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lexicon:
    """The phrases of a workflow as folded words, the longest first."""

    intents: tuple[tuple[tuple[str, ...], str], ...]
    line: frozenset[str]
    all: frozenset[str]
    add: tuple[tuple[str, ...], ...]


def read_line_text(text: str, workflow: Workflow) -> LineText:
    """Return what the new text of a mail says of lines; nothing for a workflow without `lines`."""
    if workflow.lines is None:
        return LineText()
    lexicon = _lexicon_of(workflow.lines)
    read = LineText()
    named: tuple[int, ...] = ()
    lines = compose(text[:LONGEST]).split("\n")
    for position, line in enumerate(lines):
        words = _TOKEN.findall(fold(line))
        if _begins(words, lexicon.add):
            added = "\n".join([_behind(line), *lines[position + 1 :]])
            return replace(read, added=added.strip())
        said = _said_in(line, words, lexicon)
        named = said.named or (named if words else ())
        fields = _fields_of(line, workflow, headed=bool(said.named)) if named else {}
        orders = [replace(order, words=line.strip()) for order in said.orders]
        if fields:
            orders.append(LineOrder(numbers=named, fields=fields, words=line.strip()))
        elif said.named and not said.numbered:
            orders.append(LineOrder(numbers=said.named, words=line.strip()))
        vague = said.vague and bool(orders or read.orders)
        unclear = read.unclear or said.unclear or vague
        read = replace(read, orders=(*read.orders, *orders), unclear=unclear)
    return read


_lexicons: dict[int, tuple[LinesRule, _Lexicon]] = {}


def _lexicon_of(rule: LinesRule) -> _Lexicon:
    kept = _lexicons.get(id(rule))
    if kept is None:  # the rule is kept too: its id stays its own
        kept = _lexicons[id(rule)] = (rule, _lexicon(rule))
    return kept[1]


def _lexicon(rule: LinesRule) -> _Lexicon:
    intents = [(words, kind) for kind, said in rule.words.items() for words in _phrases(said)]
    return _Lexicon(
        intents=tuple(sorted(intents, key=lambda one: -len(one[0]))),
        line=frozenset(" ".join(words) for words in _phrases(rule.line)),
        all=frozenset(" ".join(words) for words in _phrases(rule.all)),
        add=tuple(sorted(_phrases(rule.add), key=len, reverse=True)),
    )


def _phrases(said: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(key_of(one).split()) for phrases in said.values() for one in phrases]


def _words_of(name: str) -> frozenset[str]:
    return frozenset(fold(one) for phrases in _WORDS[name].values() for one in phrases)


BETWEEN, RANGES, FILLERS, DENIALS = map(_words_of, ("between", "ranges", "fillers", "denials"))


def _begins(words: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether a line begins with one of these phrases, courtesies passed over."""
    start = next((n for n, word in enumerate(words) if word not in FILLERS | {","}), len(words))
    return any(tuple(words[start : start + len(one)]) == one for one in phrases)


def _behind(text: str) -> str:
    """Return what follows the first word of a line: "Ajouter : Facture 12" adds "Facture 12"."""
    _, _, rest = text.strip().partition(" ")
    return rest.lstrip(" :")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What a line of text says. `named` are lines named without an order, `numbered` when only by a
    number in front. `vague` says that an order had no clear object, `unclear` that none can be read."""

    orders: tuple[LineOrder, ...] = ()
    named: tuple[int, ...] = ()
    numbered: bool = False
    vague: bool = False
    unclear: bool = False


def _said_in(text: str, words: Sequence[str], lexicon: _Lexicon) -> _Said:
    said = _Said()
    head = _NUMBERED.match(text)
    if head:
        words = words[len(_TOKEN.findall(head.group())) :]
        said = _Said(named=(int(head[1]),), numbered=True)
    for clause in _clauses(words):
        one = _of_clause(clause, lexicon, said.named if said.numbered else ())
        said = _Said(
            orders=(*said.orders, *one.orders),
            named=one.named or (() if one.orders else said.named),
            numbered=said.numbered and not one.named,
            vague=said.vague or one.vague,
            unclear=said.unclear or one.unclear,
        )
    return said


def _clauses(words: Sequence[str]) -> list[list[str]]:
    clauses: list[list[str]] = [[]]
    for word in words:
        clauses[-1].append(word)
        if word in _ENDS:
            clauses.append([])
    return [clause for clause in clauses if clause]


def _of_clause(clause: Sequence[str], lexicon: _Lexicon, waiting: tuple[int, ...]) -> _Said:
    """Return what one clause says; `waiting` are the lines named before it."""
    orders: list[LineOrder] = []
    named: tuple[int, ...] = ()
    counts = beside = False
    place = 0
    while place < len(clause):
        intent, length = _intent_at(clause, place, lexicon)
        if intent:
            numbers, place = _numbers_behind(clause, place + length, lexicon)
            counts |= not numbers and place < len(clause) and clause[place].isdecimal()
            orders.append(LineOrder(numbers=numbers or waiting, intent=intent))
            waiting = named = ()
            continue
        numbers, after = _named_lines(clause, place, lexicon)
        if numbers:
            waiting = named = numbers
            place = after
            continue
        beside |= clause[place].isalnum() and clause[place] not in FILLERS | lexicon.all
        place += 1
    speaks = bool(orders or named)
    if counts or (speaks and (clause[-1] == "?" or DENIALS & set(clause))):
        return _Said(unclear=True)
    clear = tuple(order for order in orders if order.numbers or not beside)
    return _Said(orders=clear, named=named, vague=len(clear) < len(orders))


def _intent_at(clause: Sequence[str], place: int, lexicon: _Lexicon) -> tuple[str, int]:
    for phrase, intent in lexicon.intents:
        if tuple(clause[place : place + len(phrase)]) == phrase:
            return intent, len(phrase)
    return "", 0


def _named_lines(
    clause: Sequence[str], place: int, lexicon: _Lexicon
) -> tuple[tuple[int, ...], int]:
    """Return the numbers of "lignes 1 et 2" at a place, () when it stands there not."""
    if clause[place] not in lexicon.line:
        return (), place
    return _numbers_behind(clause, place + 1, lexicon, explicit=True)


def _numbers_behind(
    clause: Sequence[str], place: int, lexicon: _Lexicon, *, explicit: bool = False
) -> tuple[tuple[int, ...], int]:
    """Return the line numbers that stand at a place, and where they end. Without the word for a line,
    before them or `explicit`, what follows must not be something that they count."""
    numbers: list[int] = []
    end, ranging = place, False
    for position in range(place, len(clause)):
        word = clause[position]
        if word in lexicon.line:
            explicit = True
        elif word.isdecimal() and len(word) <= MOST_DIGITS:
            first = numbers[-1] + 1 if ranging and numbers else int(word)
            numbers += range(first, int(word) + 1)
            end, ranging = position + 1, False
        elif numbers and (word in RANGES or word == "-"):
            ranging = True
        elif word not in BETWEEN | FILLERS | {",", "/", "&", "+", "°", ":", "#", "."}:
            break
    bare = numbers and not explicit and end < len(clause)
    if bare and clause[end].isalnum() and clause[end] not in FILLERS | BETWEEN | lexicon.all:
        return (), place  # "confirmer 2 cartons" counts something else
    return tuple(dict.fromkeys(numbers)), end if numbers else place


def _fields_of(text: str, workflow: Workflow, *, headed: bool) -> dict[str, str]:
    """Return the fields that a line of text fills behind their labels; one that is `headed` begins
    with the number of its line."""
    known = vocabulary_of(workflow).known
    bare = text[_end_of_head(text) :] if headed else text
    return labelled_values(((one.key, one.value) for one in labelled(bare, known)), workflow)


def _end_of_head(text: str) -> int:
    head = _HEAD.match(text)
    return head.end() if head else 0
