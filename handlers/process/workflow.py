"""A workflow: a process written as data.

One YAML file holds the states, fields, documents, commands, transitions, timers and notices of a
process. Read the transitions from top to bottom: of those that leave the ticket's state and
match the event, the first whose guards all hold is the one that fires. Guards and effects are
names of functions in `handlers.steps.guards` and `handlers.steps.effects`, never expressions, so that a
file can be proved before it runs (`handlers.proof.problems`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PrivateAttr

from handlers.desk import Level
from handlers.process.call import GivenCall, Labels, Part
from handlers.process.command_rule import CommandRule
from handlers.process.deadline_rule import DeadlineRule
from handlers.process.errand_rule import CodeRule, ErrandRule
from handlers.process.lines_rule import LinesRule
from handlers.process.match_rule import MatchRule
from handlers.process.notice_rule import NoticeRule
from handlers.process.paper_rule import PaperRule
from handlers.process.proof_rule import CheckRule, DecisionRow, ProofRule, SlotRule
from handlers.process.query_rule import QueryRule
from handlers.process.question_rule import QuestionRule
from handlers.process.register_rule import RegisterRule, ResponsibleRule
from handlers.process.table_rules import TableRule
from handlers.process.tag_rule import TagRule
from handlers.process.timer_rule import TimerRule
from handlers.process.yaml_lines import Path

NEW = "new"
ANY = "any"
WrittenLevel: TypeAlias = Literal[
    "unknown", "known", "organisation", "participant", "agent", "supervisor"
]


class State(Part):
    """A state as customers read it. `waits_for` tells whose turn it is, `expects` which documents
    a mail without words may bring, `collects` which fields are read from free text ("*" = all),
    `colour` how lists mark it, `closes` where agents end a ticket from here. In a state with a `closed_question` a bare "oui" or "ok" accepts, the one
    exception to X-16 (A-50)."""

    label: Labels
    open: bool = True
    waits_for: Literal["customer", "desk", "nobody"] = "desk"
    expects: tuple[str, ...] = ()
    collects: tuple[str, ...] = ()
    note: Labels = {}
    colour: Labels = {}
    closed_question: bool = False
    closes: str = ""


class Choice(Part):
    """One value of a choice field; `words` are phrases that mean it, per language."""

    label: Labels
    words: dict[str, tuple[str, ...]] = {}


class FieldRule(Part):
    """A field of the sheet. `names` are the labels people write in front of its value.

    `required` is "always", "never", or a mapping of fields to the values that make it required.
    `pattern` is a regular expression the whole value must match. `kept` fields are set by the desk,
    `only` names fields and values without which it stands in no form.
    The choices of a `numbered` one are offered with their numbers, and a number answers (A-18).
    A `personal` one says who somebody is: it goes when the person it tells of is erased.
    A `count` is a whole number of pieces. `currency` is the field that holds the currency of an amount; `rows` are kept as JSON.
    """

    label: Labels
    names: tuple[str, ...] = ()
    type: Literal[
        "text", "choice", "date", "amount", "address", "serial", "long", "rows", "count"
    ] = "text"
    choices: dict[str, Choice] = {}
    numbered: bool = False
    required: Literal["always", "never"] | dict[str, str] = "never"
    pattern: str = ""
    currency: str = ""
    example: Labels = {}
    form: bool = True
    only: dict[str, str] = {}
    kept: bool = False
    personal: bool = False


class MailMatch(Part):
    """Which mails of a customer a transition listens to."""

    documents: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    any: bool = False


class Hearing(Part):
    """What a transition listens to; exactly one of these is given. The command "*" is any command;
    with `again` the command is looked up once more in the state that was entered. The answer "*" is
    an organisation's to anything it was asked. A `signal` comes from another ticket (`fire_in`)."""

    opening: bool = False
    automatic: bool = False
    mail: MailMatch | None = None
    command: str = ""
    given: dict[str, str] = {}
    again: bool = False
    timer: str = ""
    answer: str = ""
    signal: str = ""


def _read_on(value: object) -> object:
    return {value: True} if value in ("opening", "automatic") else value


def _as_list(value: object) -> object:
    """Accept one element where a list is meant."""
    return value if isinstance(value, list | tuple) else (value,)


def _usual_level(row: dict[str, Any]) -> WrittenLevel:
    """Return who may fire a row that does not say it: commands are for agents, and whoever is known
    may open a ticket."""
    hears: tuple[Hearing, ...] = row.get("hears", ())
    if hears and all(on.command or on.timer or on.automatic for on in hears):
        return "agent" if any(on.command for on in hears) else "participant"
    return "known" if any(on.opening for on in hears) else "participant"


class Transition(Part):
    """One row of the table. An empty `target` keeps the state; the source "any" is every state.
    `needs` tells an agent what is missing when the guards refuse."""

    id: str
    source: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = Field(alias="from")
    target: str = Field(default="", alias="to")
    hears: Annotated[
        tuple[Annotated[Hearing, BeforeValidator(_read_on)], ...], BeforeValidator(_as_list)
    ]
    level: WrittenLevel = Field(default_factory=_usual_level)
    guards: tuple[GivenCall, ...] = ()
    effects: tuple[GivenCall, ...] = ()
    why: str = ""
    needs: Labels = {}

    @property
    def minimum(self) -> Level:
        """The least authority that may fire it (X-3)."""
        return Level[self.level.upper()]


class Keys(Part):
    """The prefixes of the key: `draft` until a number is assigned, then `final`."""

    draft: str
    final: str


class Sections(Part):
    """What a process is made of, and a part of one that several processes include."""

    fields: dict[str, FieldRule] = {}
    documents: dict[str, Labels] = {}
    commands: dict[str, CommandRule] = {}
    transitions: tuple[Transition, ...] = ()
    timers: dict[str, TimerRule] = {}
    notices: dict[str, NoticeRule] = {}
    papers: dict[str, PaperRule] = {}
    flags: dict[str, Labels] = {}
    tags: dict[str, TagRule] = {}
    queries: dict[str, QueryRule] = {}
    questions: dict[str, QuestionRule] = {}


class Workflow(Sections):
    """A whole process. Load one with `handlers.workflow_file`.

    `includes` are parts whose sections stand behind the own ones; an own name or transition id
    wins, and `without` leaves rows of a part out. `reentry` is the state that reopens (the first). `front` is
    the team that gets what no row gives to another (the first one by default), unless the ticket is
    assigned to a team or its field `handled_by` names one. `opens` tells what
    a new mail opens a ticket for: each device or line it names, or itself; `lines` how customers then
    speak of their lines. `registry` is a table whose rows are tickets, `responsible` who gets the work
    items of a team in its place. `answers` says who gets an agent's words:
    the contact, or the author of what they answer. `closes` is the state in which agents end a ticket out of turn. `recap` are the fields a status shows, `listed` the columns of a list.
    `agent_languages` are those its agents are written in, `languages` when there are none.
    With `reads_forwards` what a requester forwards counts as the requester's own words.
    """

    name: str = Field(alias="workflow")
    label: Labels
    keys: Keys
    languages: tuple[str, ...]
    agent_languages: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    reentry: str = ""
    reopen_days: int = 14
    reads_forwards: bool = False
    front: str = ""
    handled_by: str = ""
    opens: Literal["device", "line", "mail"] = "device"
    lines: LinesRule | None = None
    closes: str = ""
    answers: Literal["contact", "author"] = "contact"
    registry: RegisterRule | None = None
    responsible: dict[str, tuple[ResponsibleRule, ...]] = {}
    recap: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    states: dict[str, State]
    teams: dict[str, Labels]
    tables: dict[str, TableRule] = {}
    errands: dict[str, dict[str, ErrandRule]] = {}
    codes: dict[str, dict[str, CodeRule]] = {}
    checks: dict[str, dict[str, CheckRule]] = {}
    decisions: dict[str, tuple[DecisionRow, ...]] = {}
    slots: dict[str, SlotRule] = {}
    proof: ProofRule | None = None
    deadlines: DeadlineRule | None = None
    match: MatchRule | None = None
    watches: dict[str, dict[str, tuple[str, ...]]] = {}
    _lines: dict[Path, str] = PrivateAttr(default_factory=dict)

    def place(self, *path: str | int) -> str:
        """Return where a part of the workflow is written: "rma.yaml:118"."""
        known = (path[:length] for length in range(len(path), -1, -1))
        return next((self._lines[one] for one in known if one in self._lines), self.name)

    def team_of(self, notice: str, handler: str = "") -> str:
        """Return the team that gets a work item whose row names none: the notice's own, else the
        ticket's `handler`, where that is a team."""
        rule = self.notices.get(notice)
        own = (rule.team if rule else "") or (handler if handler in self.teams else "")
        return own or self.front or next(iter(self.teams), "")

    def leaving(self, state: str) -> Iterator[Transition]:
        """Yield the transitions that leave `state`, in the order of the file."""
        anywhere = state != NEW
        return (r for r in self.transitions if state in r.source or (anywhere and ANY in r.source))

    def reopens(self, state: str) -> bool:
        """Tell whether a customer's mail can lead from this state back into the process (X-34)."""
        back = (row for row in self.leaving(state) if row.target == self.reentry)
        return any(on.mail is not None for row in back for on in row.hears)

    def closing_state(self, state: str) -> str:
        """Return where agents end a ticket out of turn: what its state or the process `closes` with,
        else the first closed one."""
        ends = (name for name, rule in self.states.items() if not rule.open)
        return self.states[state].closes or self.closes or next(ends, next(iter(self.states)))

    def languages_for(self, notice: str) -> tuple[str, ...]:
        """Return the languages a notice is written in: agents may be written in fewer (X-38)."""
        for_agents = self.notices[notice].audience == "agent" if notice in self.notices else False
        return (self.agent_languages or self.languages) if for_agents else self.languages

    def is_open(self, state: str) -> bool:
        """Tell whether a ticket in this state still runs."""
        return self.states[state].open

    def required_fields(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the fields that must be filled, given the values so far."""
        return tuple(name for name, rule in self.fields.items() if _is_required(rule, values))


def said(labels: Labels, language: str) -> str:
    """Return the label in a language, else the first one given, else ""."""
    return labels.get(language) or next(iter(labels.values()), "")


def _is_required(rule: FieldRule, values: Mapping[str, str]) -> bool:
    if isinstance(rule.required, str):
        return rule.required == "always"
    return all(values.get(name) == value for name, value in rule.required.items())
