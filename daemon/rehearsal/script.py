"""The script of a rehearsal: one YAML file, described by these models (docs/rehearsals.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from daemon.rehearsal.cast import (
    STRICT,
    AnswerPart,
    Cast,
    ContactPart,
    DeskPart,
    Paper,
    Rows,
    Words,
    read_casts,
)
from handlers.errors import ConfigError
from handlers.process.yaml_lines import Path as Place
from handlers.process.yaml_lines import line_of, mismatches, read_yaml

Said = Annotated[
    dict[str, Words], BeforeValidator(lambda v: v if isinstance(v, dict) else {"any": v})
]


class _Part(BaseModel):
    model_config = STRICT


class TicketPart(_Part):
    """A ticket that exists when the rehearsal begins; what is left out is as its cast says.

    `opened` is how long ago, as a delay ("5d"), it came into its state. `desk` is one of several.
    """

    state: str
    desk: str = ""
    contact: str = ""
    organisation: str | None = None
    language: str = ""
    number: int | None = None
    key: str = ""
    opened: str = "0d"
    subject: str = ""
    fields: dict[str, str] = {}
    links: dict[str, str] = {}
    group: str = ""
    flags: tuple[str, ...] = ()
    participants: dict[str, str] = {}
    documents: tuple[Paper, ...] = ()


class GivenPart(_Part):
    """What the desk knows before the first step."""

    contacts: dict[str, ContactPart] = {}
    domains: dict[str, str] = {}
    tables: dict[str, Rows] = {}
    tickets: dict[str, TicketPart] = {}


class MailPart(_Part):
    """A mail that comes in. `reply` answers a message of ours: "A" the last one, "A:N3" that notice;
    `taps` is what the link of it says that opened the mail."""

    sender: str = Field(alias="from")
    to: Words = ()
    cc: Words = ()
    reply: str = ""
    quoting: bool | Literal["unmarked"] = False
    fills: dict[str, str] = {}
    taps: str = ""
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
    received: str = ""


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
    group: Words | None = None
    notes: Words = ()
    asked: Words | None = None
    asks: dict[str, dict[str, str]] = {}
    desk_reads: Words = ()
    desk_reads_not: Words = ()


class Expect(TicketExpect):
    """What must be true after a step: of `ticket`, of further `tickets`, of everything sent."""

    ticket: str = ""
    tickets: dict[str, TicketExpect] = {}
    count: int | None = None
    verdict: Literal["applied", "duplicate", "ignored", "held", "rejected"] | None = None
    reason: str | None = None
    notices: Literal["any"] | dict[str, Words] | None = None
    nothing_sent: bool = False
    parked: dict[str, Words] | None = None
    says: Said = {}
    says_not: Said = {}
    subject: Said = {}
    attached: dict[str, Words] = {}
    csv: dict[str, tuple[Words, ...]] = {}
    csv_rows: dict[str, int] = {}
    cc: dict[str, Words] = {}
    headers: dict[str, dict[str, str]] = {}
    waiting: int | None = None
    reported: dict[str, str] = {}
    outbox: dict[str, str] = {}
    rows: dict[str, tuple[dict[str, str], ...]] = {}


class Step(_Part):
    """One moment: the clock moves, or we are `down` so long and start again; then a mail, a bounce or
    an organisation's answer comes in, then we look. From here on the `relay` answers so to what is for
    these people."""

    note: str = ""
    clock: str = ""
    down: str = ""
    imports: dict[str, str | Rows] = Field(default={}, alias="import")
    mail: MailPart | None = None
    bounce: BouncePart | None = None
    answer: AnswerPart | None = None
    relay: dict[str, str] = {}
    expect: Expect = Expect()


class Script(_Part):
    """A whole rehearsal."""

    title: str
    workflow: str = ""
    clock: str = ""
    desk: DeskPart = DeskPart()
    desks: dict[str, DeskPart] = {}
    given: GivenPart = GivenPart()
    steps: tuple[Step, ...]


class Source:
    """A script with its file, for the lines its differences name, and its casts with their folders."""

    def __init__(
        self,
        file: Path,
        script: Script,
        lines: dict[Place, int],
        casts: tuple[tuple[Path, Cast], ...],
    ) -> None:
        self.file = file
        self.script = script
        self.casts = casts
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
        script = Script.model_validate(data)
    except ValidationError as error:
        raise ConfigError(mismatches(error, str(file), lines)) from error
    return Source(file, script, lines, read_casts(file))
