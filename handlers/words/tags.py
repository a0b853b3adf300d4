"""Which kind of message a customer's mail is: by its tag, its words, its files (R-1, R-36)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from handlers.process.tag_rule import TagRule
from handlers.references import keys_in
from handlers.word_lists import read_words
from parsers.fields.said import phrases_said
from parsers.folding import fold, key_of
from parsers.intents.intent import intent_of
from parsers.mail import Intent, IntentKind, ParsedMail

TagRules = Mapping[str, TagRule]

_TAG = re.compile(r"#\s?([^\W\d_][\w-]*)(.*)$")
_TOKEN = re.compile(r"(?<![\w#/&])#([^\W\d_][\w-]*)")
_AROUND = " \t*_«»“”\"'•·-–—:;,.\u200b\ufeff"  # what programs and people put around a tag
LIKE = 0.8  # how much a word must be like a name to be a slip of it
LONGEST = 30
_ARGUMENT = re.compile(r"""([^\s="'«“]+)\s?=\s?(?:"([^"]*)"|«\s?([^»]*?)\s?»|“([^”]*)”|([^\s]*))""")
_WORDS = read_words("tags")
RETYPE = frozenset(key_of(word) for words in _WORDS["retype"].values() for word in words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """What was taken from a mail: the `name` of the tag ("" for none), the `rest` of its line, the
    arguments in it, the words below. `plain` tags were written, others guessed. `retypes` is True when
    the tag is for the message before ("type plainte")."""

    name: str = ""
    rest: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    plain: bool = False
    retypes: bool = False


def read_tag(mail: ParsedMail, words: str, rules: TagRules) -> Tag:
    """Return the tag of a mail whose new text is `words`."""
    if not rules:
        return Tag(words=words)
    first, _, below = words.strip().partition("\n")
    return (
        _kept_inside(words, rules)
        or _written(first, below.strip(), rules)
        or _retyped(first, below.strip(), rules)
        or _alone(first, words, rules)
        or _in_subject(mail, words, rules)
        or _guessed(mail, words, rules)
    )


def intent_with(tag: Tag, intent: Intent, rules: TagRules, language: str) -> Intent:
    """Return what a mail wants once its tag is read as the sentence it stands for: "COMMANDER" accepts,
    "COMMANDER, à condition que …" binds nobody (R-33, X-16)."""
    rule = rules.get(tag.name)
    said = rule.accepts if rule is not None and tag.plain else {}
    tried = [one for one in said if one == language] or list(said)
    read = [intent_of(f"{said[one]}\n{tag.words}", one) for one in tried]
    doubts = (one for one in read if one.kind is not IntentKind.ACCEPTANCE)
    return next(doubts, read[0]) if read else intent


def _kept_inside(words: str, rules: TagRules) -> Tag | None:
    """Return the tag that keeps a talk internal, wherever it stands in the words: below a greeting, in a
    sentence, at the beginning of a line with a slip in it. What the desk has read once, nobody takes
    back (R-8)."""
    inside = {name: rule for name, rule in rules.items() if rule.audience == "internal"}
    if not inside:
        return None
    for token in _TOKEN.finditer(words):
        name = _named(token[1], inside)
        if name:
            return _inside_tag(name, words[: token.start()], words[token.end() :])
    return _with_slip(words.split("\n"), inside, rules)


def _with_slip(lines: list[str], inside: TagRules, rules: TagRules) -> Tag | None:
    for place, line in enumerate(lines):
        match = _TAG.match(line.lstrip(_AROUND).rstrip())
        name = _meant(match[1], inside, rules) if match else ""
        if match is not None and name:
            below = "\n".join((match[2], *lines[place + 1 :]))
            return _inside_tag(name, "\n".join(lines[:place]), below)
    return None


def _inside_tag(name: str, above: str, below: str) -> Tag:
    said = (above.strip("«“\"' \n*_"), below.lstrip(_AROUND + "\n").rstrip())
    return Tag(name=name, words="\n".join(filter(None, said)), plain=True)


def _meant(word: str, inside: TagRules, rules: TagRules) -> str:
    """Return the internal tag that a word is, or is a slip of; "" when it is another tag's name."""
    said = fold(word)[:LONGEST]
    if _named(word, rules) not in ("", *inside):
        return ""
    for name, rule in inside.items():
        if get_close_matches(said, map(fold, rule.names), n=1, cutoff=LIKE):
            return name
    return ""


def _written(line: str, words: str, rules: TagRules) -> Tag | None:
    match = _TAG.match(line.lstrip(_AROUND).rstrip())
    name = _named(match[1], rules) if match else ""
    if match is None or not name:
        return None
    return _with_rest(name, match[2], words, rules)


def _with_rest(name: str, rest: str, words: str, rules: TagRules) -> Tag:
    """Return a written tag. What stands behind it on its line are words too, unless the tag takes
    arguments or addresses there."""
    rule = rules[name]
    apart = bool(rule.arguments) or rule.audience == "external"
    said = words if apart else "\n".join(filter(None, (rest.lstrip(_AROUND).rstrip(), words)))
    given = dict(_arguments(rest, rule))
    return Tag(name=name, rest=rest.strip(), arguments=given, words=said, plain=True)


def _retyped(line: str, words: str, rules: TagRules) -> Tag | None:
    said = key_of(line.rstrip(" .!")).split()
    if len(said) != 2 or said[0] not in RETYPE:
        return None
    name = _named(said[1], rules)
    if not name or not rules[name].retype:
        return None
    return Tag(name=name, words=words, plain=True, retypes=True)


def _alone(line: str, words: str, rules: TagRules) -> Tag | None:
    """Return the tag of a first line that is one bare word, such as COMMANDER (R-33)."""
    said = fold(line.strip(" .!«»\"'"))
    for name, rule in rules.items():
        if rule.alone and said in map(fold, rule.names):
            return Tag(name=name, words=words, plain=True)
    return None


def _in_subject(mail: ParsedMail, words: str, rules: TagRules) -> Tag | None:
    """Return the tag of the subject. In an answer only what keeps a talk internal still counts."""
    for match in _TAG.finditer(mail.subject):
        name = _named(match[1], rules)
        if name and (not mail.in_reply_to or rules[name].audience == "internal"):
            tag = _with_rest(name, match[2], words, rules)
            said = words if words.strip() else _said_in_subject(mail, tag.words)
            return replace(tag, words=said)
    return None


def _said_in_subject(mail: ParsedMail, behind: str) -> str:
    """Return what stands behind the tag of a subject when the mail has no other words: nothing in an
    answer, whose subject is an old one, and no number that only says which ticket is meant."""
    if mail.in_reply_to:
        return ""
    words = [one for one in behind.split() if not keys_in(one)]
    return " ".join(words) if any(one.strip("[](){}:;,.–-") for one in words) else ""


def _guessed(mail: ParsedMail, words: str, rules: TagRules) -> Tag:
    for name, rule in rules.items():
        if phrases_said(words, (one for said in rule.words.values() for one in said)):
            return Tag(name=name, words=words)
    brings = any(not file.decor for file in mail.attachments)
    by_files = (name for name, rule in rules.items() if rule.files and brings)
    usual = (name for name, rule in rules.items() if rule.usual)
    return Tag(name=next(by_files, "") or next(usual, ""), words=words)


def _named(word: str, rules: TagRules) -> str:
    said = fold(word).replace("_", "-").strip("-")
    return next((n for n, r in rules.items() if said in {fold(one) for one in r.names}), "")


def _arguments(rest: str, rule: TagRule) -> Iterator[tuple[str, str]]:
    for key, *values in _ARGUMENT.findall(rest):
        for name, names in rule.arguments.items():
            if fold(key) in {fold(one) for one in (name, *names)}:
                yield name, next((value for value in values if value), "").strip()
