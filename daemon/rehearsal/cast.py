"""The cast of rehearsals: the desk, who is known to it, its tables, what a given ticket holds.

One `_cast.yaml` beside the rehearsals of a process, or in the nearest folder above; without one the
returns desk plays that comes with savd (`cast.yaml`). docs/rehearsals.md describes it.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from daemon.config.calendar import CalendarSection
from handlers.desk import FilePolicy
from handlers.errors import ConfigError
from handlers.process.yaml_lines import mismatches, read_yaml

NAME = "_cast.yaml"
USUAL = "usual"
HOST = "desk.example"
STRICT = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)
"""What people write by hand: unknown keys are mistakes, numbers are taken as text."""

Setting: TypeAlias = "str | int | bool"
Paper: TypeAlias = "dict[str, str | dict[str, str | int | bool | list[str]]]"
Rows: TypeAlias = tuple[dict[str, str], ...]


def as_tuple(value: object) -> object:
    """Accept one element where a list is meant."""
    return value if isinstance(value, list | tuple) else (value,)


Words = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


class _Part(BaseModel):
    model_config = STRICT


class FilesPart(_Part):
    """Which files the desk takes, where it differs from the usual: sizes are octets."""

    types: Words = FilePolicy().types
    size: int = FilePolicy().size
    ticket_size: int = FilePolicy().ticket_size
    message_size: int = FilePolicy().message_size


class AgentPart(_Part):
    """A person of the desk; the address is made of the short name when it is left out."""

    address: str = ""
    name: str = ""
    language: str = ""
    level: Literal["agent", "supervisor"] = "agent"


class TeamPart(_Part):
    """Where the work of a team goes; the address is made of its name when it is left out."""

    addresses: Words = ()
    language: str = ""


class AnswerPart(_Part):
    """What an organisation answers to an operation. `unreachable` and `lost` are attempts that did
    not arrive, or may have."""

    organisation: str = ""
    operation: str = ""
    about: str = ""
    result: Literal["ok", "invalid", "failed", "uncertain", "unreachable", "lost"] = "ok"
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    payments: tuple[dict[str, str], ...] = ()


class OrganisationPart(_Part):
    """An outside organisation; `answers` says what it answers at once, by operation."""

    title: str = ""
    transport: Literal["person", "mail", "folder", "http"] = "person"
    team: str = ""
    address: str = ""
    language: str = "fr"
    senders: Words = ()
    account: dict[str, Setting] = {}
    file_size: int = 3 << 20
    payments_at: str = ""
    answers: dict[str, AnswerPart] = {}


class DigestPart(_Part):
    """Who is told how the tickets stand, and when; all teams unless some are named."""

    daily: str = ""
    weekly: str = ""
    weekday: int = 0
    teams: Words | None = None
    managers: Words = ()
    lines: int = 15


class DeskPart(_Part):
    """How a desk is set. A rehearsal may say it again for itself: what it names counts."""

    name: str = ""
    addresses: Words = ()
    title: str = ""
    phone: str = ""
    return_address: Words = ()
    languages: Words = ()
    time_zone: str = "Europe/Paris"
    country: str = "FR"
    calendar: CalendarSection = CalendarSection()
    accounts: Literal["open", "closed"] = "closed"
    confirm_first_contact: bool = True
    settings: dict[str, Setting] = {}
    budget_per_address: int = 20
    budget_per_ticket: int = 20
    budget_per_desk: int = 1000
    agents: dict[str, AgentPart] = {}
    teams: dict[str, TeamPart] = {}
    pins: dict[str, str] = {}
    files: FilesPart = FilesPart()
    organisations: dict[str, OrganisationPart] = {}
    digest: DigestPart = DigestPart()
    work_item_window: int = 0


class ContactPart(_Part):
    """Someone the desk knows."""

    address: str
    name: str = ""
    organisation: str = ""
    language: str = ""
    scope_organisation: bool = False
    verified: bool = True


class HeldPart(_Part):
    """What a given ticket holds. Values may have holes: `{serial}` is another field of the ticket,
    `{+30d}` the day so long after it came into its state. `key` is how its number is written,
    "{number:012d}"."""

    fields: dict[str, str] = {}
    flags: Words = ()
    documents: tuple[Paper, ...] = ()
    numbered: bool = True
    key: str = ""


class UsualTicket(HeldPart):
    """What every given ticket holds, and what more in some states."""

    contact: str = ""
    organisation: str = ""
    language: str = ""
    subject: str = ""
    states: dict[str, HeldPart] = {}


class Cast(_Part):
    """Everything that is there before the first step of a rehearsal.

    `tables` are reference tables row by row, `files` the same as CSV files beside the cast.
    `together` names casts of further desks that play in the same rehearsals, `usual` the one that comes
    with savd.
    """

    workflow: str = ""
    clock: str = "2026-11-02 09:00"
    desk: DeskPart = DeskPart()
    people: dict[str, ContactPart] = {}
    domains: dict[str, str] = {}
    tables: dict[str, Rows] = {}
    files: dict[str, str] = {}
    ticket: UsualTicket = UsualTicket()
    together: Words = ()


Some = TypeVar("Some", bound=BaseModel)


def read_casts(file: Path) -> tuple[tuple[Path, Cast], ...]:
    """Return the cast of a rehearsal, then those that play together with it, each with its folder.

    Raises ConfigError naming file, line and what is expected.
    """
    near = (folder / NAME for folder in file.resolve().parents)
    found = next((one for one in near if one.is_file()), None)
    if found is None:
        return ((file.parent, _usual_cast()),)
    first = _read_file(found)
    others = [found.parent / name for name in first.together if name != USUAL]
    more = [(one.parent, _read_file(one)) for one in others]
    usual = [(file.parent, _usual_cast())] if USUAL in first.together else []
    own = [(found.parent, first)] if first.workflow else []
    return (*own, *usual, *more)


def laid_over(usual: Some, own: Some) -> Some:
    """Return `usual` with all that `own` names; what both name piece by piece is laid over alike."""
    named = {}
    for key in own.model_fields_set:
        before, now = getattr(usual, key), getattr(own, key)
        if isinstance(now, BaseModel):
            now = laid_over(before, now)
        elif isinstance(now, dict):
            now = {**before, **now}
        named[key] = now
    return usual.model_copy(update=named)


def _usual_cast() -> Cast:
    file = resources.files("daemon.rehearsal") / "cast.yaml"
    return _read(file.read_text(encoding="utf-8"), file.name)


def _read_file(file: Path) -> Cast:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = f"{file}: cannot be read ({error}). Correct the name, or save it as UTF-8."
        raise ConfigError(told) from error
    return _read(text, str(file))


def _read(text: str, file: str) -> Cast:
    data, lines = read_yaml(text, file)
    try:
        return Cast.model_validate(data)
    except ValidationError as error:
        raise ConfigError(mismatches(error, file, lines)) from error
