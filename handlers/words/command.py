"""What an agent writes: `#` lines are commands, the rest a comment, from `#note` on a note (X-39).

#devis numero=D-2026-118 montant_ht=343,17 montant_ttc="412,80" validite=31/12/2026
#commande ok
Nous préparons l'échange.            <- public comment
#note client pressé                  <- from here on internal
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.papers.paper_fields import amount_text
from handlers.process.command_rule import CommandRule
from handlers.process.workflow import Workflow
from handlers.sentence import Sentence
from handlers.words.field_values import currencies_in
from parsers.fields.amounts import amount_of
from parsers.fields.days import date_of
from parsers.folding import fold

_COMMAND = re.compile(r"^\s*#\s?([^\W\d_][\w-]*)(.*)$")
_KEY = re.compile(r"[A-Za-z]{2,6}-\d{4,}(?:-\d{1,8})?|\d{6,20}")
_LINES_GIVEN = re.compile(r'([^\W\d_]+)\s?=\s?("[^"]*"|\S+)')
LINES = "lines"
"""The argument in which stands for which lines of its group a command is."""

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_QUOTES = "\"\"''«»“”„“‘’"
CURRENCY = "currency"
_PART = re.compile(
    r"""([^\s="'«“]+)\s?=\s?(?:"([^"]*)"|'([^']*)'|«\s?([^»]*?)\s?»|“([^”]*)”|([^\s]*))|(\S+)"""
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One command as it was written, its name and arguments translated to ours."""

    line: str
    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class AgentText:
    """A mail of an agent, taken apart. Any error means that nothing may be applied (X-39)."""

    commands: tuple[Written, ...] = ()
    comment: str = ""
    note: str = ""
    errors: tuple[Sentence, ...] = ()
    pin: str = ""


def read_agent_text(text: str, workflow: Workflow, language: str) -> AgentText:
    """Take the new text of an agent's mail apart."""
    commands: list[Written] = []
    comment: list[str] = []
    errors: list[Sentence] = []
    pin, lines = "", text.splitlines()
    for index, line in enumerate(lines):
        match = _COMMAND.match(line)
        if match is None:
            comment.append(line)
        elif fold(match[1]) in ("note", "notitie", "notiz"):
            note = "\n".join([match[2].strip(), *lines[index + 1 :]]).strip()
            return _text(commands, comment, errors, pin, note)
        elif fold(match[1]) == "pin":
            pin = match[2].strip()
        else:
            written, wrong = _read_command(match[1], match[2].strip(), workflow, language)
            commands += written
            errors += wrong
    return _text(commands, comment, errors, pin, "")


def without_pin(text: str) -> str:
    """Return an agent's text without the lines that hold a pin: it is never shown or kept (X-41)."""
    lines = ((line, _COMMAND.match(line)) for line in text.splitlines())
    return "\n".join(line for line, match in lines if not match or fold(match[1]) != "pin")


def holds_command(text: str) -> bool:
    """Tell whether any line of a text begins like a command."""
    return any(_COMMAND.match(line) for line in text.splitlines())


def _text(
    commands: list[Written], comment: list[str], errors: list[Sentence], pin: str, note: str
) -> AgentText:
    return AgentText(
        commands=tuple(commands),
        comment="\n".join(comment).strip(),
        note=note,
        errors=tuple(errors),
        pin=pin,
    )


def _read_command(
    name: str, rest: str, workflow: Workflow, language: str
) -> tuple[list[Written], list[Sentence]]:
    found = next((n for n, r in workflow.commands.items() if _is_named(name, r.names)), None)
    if found is None:
        return [], [Sentence(code="unknown_command", values={"name": name})]
    rule = workflow.commands[found]
    bare, lines = _without_lines(rest, workflow)
    arguments, errors = _read_arguments(name, bare, rule)
    arguments, wrong = _normalised(name, arguments, rule, language)
    arguments |= {LINES: lines} if lines else {}
    return [
        Written(line=f"#{name} {rest}".strip(), name=found, arguments=arguments)
    ], errors + wrong


def _without_lines(rest: str, workflow: Workflow) -> tuple[str, str]:
    """Return what is behind a command without the lines of a group that it is for, and these:
    "lignes=1,3 motif=x" is "motif=x" for "1,3"."""
    said = workflow.lines.line.values() if workflow.lines is not None else ()
    names = tuple(word for words in said for word in words)
    for match in _LINES_GIVEN.finditer(rest):
        if _is_named(match[1], names):
            return f"{rest[: match.start()]} {rest[match.end() :]}".strip(), match[2].strip('"')
    return rest, ""


def _read_arguments(
    name: str, rest: str, rule: CommandRule
) -> tuple[dict[str, str], list[Sentence]]:
    if rule.free:
        return ({rule.free: rest.strip(_QUOTES + " ")} if rest else {}), []
    if set(rule.arguments) == {"*"} and rest.count("=") == 1:
        label, _, value = rest.partition("=")
        return {label.strip(_QUOTES + " "): value.strip(_QUOTES + " ")}, []
    arguments: dict[str, str] = {}
    errors: list[Sentence] = []
    for match in _PART.finditer(rest):
        key, *quoted, bare = match.groups()
        if key is not None:
            meant = _meant(key, rule)
            given = next((value for value in quoted if value is not None), "").strip()
            arguments[meant or key] = _word(rule, meant, given)
            known = bool(meant) or "*" in rule.arguments
            if meant in rule.words and arguments[meant] not in rule.words[meant]:
                errors.append(Sentence(code="no_such_choice", values={"name": key, "word": given}))
        else:
            if rule.tickets and (key := _KEY.fullmatch(bare.strip(",;"))):
                named = arguments.get("tickets", "").split()
                arguments["tickets"] = " ".join(dict.fromkeys((*named, key[0].upper())))
                continue
            argument = _argument_of(bare, rule)
            known = bool(argument)
            arguments.update({argument: _word(rule, argument, bare)} if argument else {})
        if not known:
            errors.append(_not_understood(name, key or bare))
    return arguments, errors


def _not_understood(name: str, word: str) -> Sentence:
    return Sentence(code="no_such_argument", values={"name": name, "word": word})


def _meant(key: str, rule: CommandRule) -> str:
    """Return our name of an argument, "" when the command has none of that name."""
    return next((n for n, names in rule.arguments.items() if _is_named(key, (n, *names))), "")


def _argument_of(word: str, rule: CommandRule) -> str:
    """Return the argument for which this bare word is a value."""
    for argument, values in rule.words.items():
        if any(_is_named(word, names) for names in values.values()):
            return argument
    return ""


def _word(rule: CommandRule, argument: str, given: str) -> str:
    """Return our word for a value when the argument has a fixed set of them."""
    values = rule.words.get(argument, {})
    return next((ours for ours, names in values.items() if _is_named(given, names)), given)


def _normalised(
    name: str, arguments: dict[str, str], rule: CommandRule, language: str
) -> tuple[dict[str, str], list[Sentence]]:
    """Write amounts as 412.80 and dates as 2026-11-30; say which cannot be read."""
    arguments, errors = _with_currency(name, arguments, rule)
    for key in (k for k in (*rule.amounts, *rule.dates) if arguments.get(k)):
        amount = key in rule.amounts
        given = arguments[key]
        read = amount_text(amount_of(given)) if amount else _date(given, language)
        if read:
            arguments[key] = read
        else:
            code = "not_an_amount" if amount else "not_a_date"
            errors.append(Sentence(code=code, values={"name": name, "word": arguments[key]}))
    return arguments, errors


def _with_currency(
    name: str, arguments: dict[str, str], rule: CommandRule
) -> tuple[dict[str, str], list[Sentence]]:
    """Add the currency that amounts bear; refuse two of them."""
    if CURRENCY not in rule.arguments:
        return arguments, []
    borne = (one for key in rule.amounts for one in currencies_in(arguments.get(key, "")))
    named = dict.fromkeys(one for one in (arguments.get(CURRENCY, ""), *borne) if one)
    if len(named) > 1:
        return arguments, [_not_understood(name, " / ".join(named))]
    if named:
        arguments = {**arguments, CURRENCY: next(iter(named))}
    return arguments, []


def _date(text: str, language: str) -> str:
    # The usage we show to English readers has the day first.
    day = date_of(text, "en-GB" if language == "en" else language)
    return day.isoformat() if day else ""


def _is_named(word: str, names: tuple[str, ...]) -> bool:
    written = (*names, *(name.translate(_SPELT_OUT) for name in names))
    return fold(word).replace("_", "-") in {fold(name).replace("_", "-") for name in written}
