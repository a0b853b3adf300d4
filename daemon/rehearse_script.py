"""The script of a rehearsal: one YAML file, described by these models (docs/rehearsals.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from handlers.desk import FilePolicy
from handlers.errors import ConfigError
from handlers.yaml_lines import Path as Place
from handlers.yaml_lines import line_of, mismatches, read_yaml

Setting: TypeAlias = "str | int | bool"
Paper: TypeAlias = "dict[str, str | dict[str, str | int | bool | list[str]]]"


def _as_tuple(value: object) -> object:
    """Accept one element where a list is meant."""
    return value if isinstance(value, list | tuple) else (value,)


Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Said = Annotated[
    dict[str, Words], BeforeValidator(lambda v: v if isinstance(v, dict) else {"any": v})
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class FilesPart(_Part):
    """Which files the desk takes, where it differs from the usual: sizes are octets."""

    types: Words = FilePolicy().types
    size: int = FilePolicy().size
    ticket_size: int = FilePolicy().ticket_size
    message_size: int = FilePolicy().message_size


class DeskPart(_Part):
    """How the desk is set, where it differs from the one every rehearsal begins with."""

    accounts: Literal["open", "closed"] = "closed"
    confirm_first_contact: bool = True
    settings: dict[str, Setting] = {}
    budget_per_address: int = 20
    pins: dict[str, str] = {}
    files: FilesPart = FilesPart()


class ContactPart(_Part):
    """Someone the desk knows."""

    address: str
    name: str = ""
    organisation: str = ""
    language: str = ""
    scope_organisation: bool = False
    verified: bool = True


class TicketPart(_Part):
    """A ticket that exists when the rehearsal begins; what is left out is a complete request.

    `opened` is how long ago, as a delay ("5d"), it came into its state.
    """

    state: str
    contact: str = "claire"
    organisation: str = "Dupont"
    language: str = "fr"
    number: int | None = None
    opened: str = "0d"
    fields: dict[str, str] = {}
    flags: tuple[str, ...] = ()
    participants: dict[str, str] = {}
    documents: tuple[Paper, ...] = ()


class GivenPart(_Part):
    """What the desk knows before the first step."""

    contacts: dict[str, ContactPart] = {}
    domains: dict[str, str] = {}
    tickets: dict[str, TicketPart] = {}


class MailPart(_Part):
    """A mail that comes in. `reply` answers a message of ours: "A" the last one, "A:N3" that notice."""

    sender: str = Field(alias="from")
    to: Words = ()
    cc: Words = ()
    reply: str = ""
    quoting: bool | Literal["unmarked"] = False
    fills: dict[str, str] = {}
    subject: str | None = None
    text: str = ""
    html: str = ""
    file: str = ""
    attach: tuple[Paper, ...] = ()
    authentication: Literal["pass", "fail", "none"] = "pass"
    in_reply_to: str | None = None
    message_id: str = ""
    headers: dict[str, str] = {}
    reverse_path: str | None = None
    times: int = 1
    mute: bool = False


class BouncePart(_Part):
    """A delivery report about a message of ours, sent to its reverse path. `of` is "A:N3"."""

    of: str
    status: str = "5.1.1"
    reason: str = "user unknown"


class TicketExpect(_Part):
    """What must be true of one ticket after a step. What is not named is not looked at."""

    state: str | None = None
    fired: Words | None = None
    key: str | None = None
    contact: str | None = None
    assignee: str | None = None
    priority: str | None = None
    language: str | None = None
    requested: str | None = None
    fields: dict[str, str] = {}
    flags: Words | None = None
    documents: Words | None = None
    participants: dict[str, str] = {}
    links: dict[str, str] = {}
    notes: Words = ()


class Expect(TicketExpect):
    """What must be true after a step: of `ticket`, of further `tickets`, of everything sent."""

    ticket: str = ""
    tickets: dict[str, TicketExpect] = {}
    count: int | None = None
    verdict: Literal["applied", "duplicate", "ignored", "held", "rejected"] | None = None
    reason: str | None = None
    notices: Literal["any"] | dict[str, Words] | None = None
    nothing_sent: bool = False
    says: Said = {}
    says_not: Said = {}
    subject: Said = {}
    attached: dict[str, Words] = {}
    waiting: int | None = None
    reported: dict[str, str] = {}


class Step(_Part):
    """One moment: the clock moves, then a mail or a bounce comes in, then we look."""

    note: str = ""
    clock: str = ""
    mail: MailPart | None = None
    bounce: BouncePart | None = None
    expect: Expect = Expect()


class Script(_Part):
    """A whole rehearsal."""

    title: str
    workflow: str = "rma"
    clock: str = "2026-11-02 09:00"
    desk: DeskPart = DeskPart()
    given: GivenPart = GivenPart()
    steps: tuple[Step, ...]


class Source:
    """A script with its file, for the lines its differences name."""

    def __init__(self, file: Path, script: Script, lines: dict[Place, int]) -> None:
        self.file = file
        self.script = script
        self._lines = lines

    def line(self, *place: str | int) -> int:
        """Return the line (from 1) where this part of the script stands."""
        return line_of(self._lines, place)


def read_script(file: Path) -> Source:
    """Return the rehearsal in a file. Raises ConfigError naming file, line and what is expected."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file}: cannot be read ({error}). Correct the name, or save it as UTF-8."
        ) from error
    data, lines = read_yaml(text, str(file))
    try:
        return Source(file, Script.model_validate(data), lines)
    except ValidationError as error:
        raise ConfigError(mismatches(error, str(file), lines)) from error
