"""Which kind of message a customer's mail is: by its tag, its words, its files (R-1, R-36)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources

import yaml

from handlers.process.tag_rule import TagRule
from parsers.fields.said import phrases_said
from parsers.folding import fold, key_of
from parsers.mail import ParsedMail

TagRules = Mapping[str, TagRule]

_TAG = re.compile(r"#\s?([^\W\d_][\w-]*)(.*)$")
_ARGUMENT = re.compile(r"""([^\s="'«“]+)\s?=\s?(?:"([^"]*)"|«\s?([^»]*?)\s?»|“([^”]*)”|([^\s]*))""")
_WORDS = yaml.safe_load((resources.files("handlers.words") / "tags.yaml").read_text("utf-8"))
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
        _written(first, below.strip(), rules)
        or _retyped(first, below.strip(), rules)
        or _alone(first, words, rules)
        or _in_subject(mail, words, rules)
        or _guessed(mail, words, rules)
    )


def _written(line: str, words: str, rules: TagRules) -> Tag | None:
    match = _TAG.match(line.strip())
    name = _named(match[1], rules) if match else ""
    if match is None or not name:
        return None
    rest = match[2].strip()
    arguments = dict(_arguments(rest, rules[name]))
    return Tag(name=name, rest=rest, arguments=arguments, words=words, plain=True)


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
            rest = match[2].strip()
            arguments = dict(_arguments(rest, rules[name]))
            return Tag(name=name, rest=rest, arguments=arguments, words=words, plain=True)
    return None


def _guessed(mail: ParsedMail, words: str, rules: TagRules) -> Tag:
    for name, rule in rules.items():
        if phrases_said(words, (one for said in rule.words.values() for one in said)):
            return Tag(name=name, words=words)
    brings = any(not file.decor for file in mail.attachments)
    by_files = (name for name, rule in rules.items() if rule.files and brings)
    usual = (name for name, rule in rules.items() if rule.usual)
    return Tag(name=next(by_files, "") or next(usual, ""), words=words)


def _named(word: str, rules: TagRules) -> str:
    said = fold(word).replace("_", "-")
    return next((n for n, r in rules.items() if said in {fold(one) for one in r.names}), "")


def _arguments(rest: str, rule: TagRule) -> Iterator[tuple[str, str]]:
    for key, *values in _ARGUMENT.findall(rest):
        for name, names in rule.arguments.items():
            if fold(key) in {fold(one) for one in (name, *names)}:
                yield name, next((value for value in values if value), "").strip()
