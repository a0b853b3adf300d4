"""A desk: one service address with its workflow, people and manners. Plain values, from configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from fnmatch import fnmatchcase

from handlers.calendar import USUAL, Calendar

AT_ONCE = timedelta(0)


class Level(IntEnum):
    """How far a sender is believed on a ticket (X-3). A token is never authority, it only routes."""

    UNKNOWN = 0
    KNOWN = 1
    ORGANISATION = 2
    PARTICIPANT = 3
    AGENT = 4
    SUPERVISOR = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent:
    """A person of the desk. `pin`, when set, replaces a missing DMARC result (X-41)."""

    address: str
    name: str
    level: Level = Level.AGENT
    language: str = "fr"
    pin: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """Where work items go: `addresses` receive one message each, never see one another."""

    name: str
    addresses: tuple[str, ...]
    language: str = "fr"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Someone the desk knows (imported, admitted or confirmed by challenge).

    `organisation` is a customer number or name, "" for none; `scope_organisation` lets the
    contact list every ticket of the organisation (F-37). `verified` says that the address
    answered a challenge or came from an import.
    """

    address: str
    name: str = ""
    organisation: str = ""
    language: str = ""
    scope_organisation: bool = False
    verified: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """An outside organisation that is asked for things (`handlers.errands.errand`).

    `transport` says who carries what is asked: "person" (a work item for `team`), "mail" (to `address`,
    JSON and files), "folder" or "http" (the daemon). `senders` are the addresses and domains it writes
    from by itself. `account` is what it knows us by and what was agreed with it: "repairer_id",
    "version". `file_size` is the largest file it takes, in octets.
    `payments_at` is the time of day at which it is asked what it paid, "" for never.
    """

    name: str
    title: str = ""
    transport: str = "person"
    team: str = ""
    address: str = ""
    language: str = "fr"
    senders: tuple[str, ...] = ()
    account: Mapping[str, str | int | bool] = field(default_factory=dict)
    file_size: int = 3 << 20
    payments_at: str = ""

    @property
    def is_carried(self) -> bool:
        """Whether the daemon carries its errands, apart from deciding."""
        return self.transport in ("folder", "http")


FILE_TYPES = (
    *("pdf", "jpeg", "png", "heic", "webp", "avif", "gif", "tiff", "bmp", "mp4"),
    *("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf"),
    *("xml", "txt", "csv", "html", "eml", "msg", "other"),
)
"""The types of files that a desk can take, as its configuration names them. `other` is whatever
none of the other names fits; programs, macros and archives are never taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePolicy:
    """Which files a desk takes (X-20, X-22). `types` are told by the first bytes of a file, never by
    its name; without `heic` the sender learns how to send another format. Sizes are octets: of one
    file, of all files of a ticket, and of a message the desk writes. `lists` are the digests of files that
    list what a mail asks for: part of the request, they are taken whatever their type; `forms` those of
    our own forms that came back: no paper, unless the state waits for it."""

    types: tuple[str, ...] = FILE_TYPES[:-1]
    size: int = 20 << 20
    ticket_size: int = 100 << 20
    message_size: int = 20 << 20
    lists: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What the messages of a desk look like: `colour` is "#rrggbb", dark enough for white words on it;
    `logo` the bytes of a picture, b"" for none, `logo_type` its content type. The logo is shown
    `logo_width` pixels wide and `logo_height` high."""

    colour: str = "#1c4f8c"
    logo: bytes = field(default=b"", repr=False)
    logo_type: str = ""
    logo_width: int = 0
    logo_height: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestPlan:
    """When a desk tells its people how its tickets stand, and whom: `daily` and `weekly` are times of
    day, "" for never, `weekday` is counted from Monday, 0. `teams` get their own tickets,
    `managers` (addresses) those of the whole desk; `lines` tickets are named at most."""

    daily: str = ""
    weekly: str = ""
    weekday: int = 0
    teams: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    lines: int = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One service address and all that configuration says of it.

    `addresses` are every address that reaches the desk, the first is the one it writes from.
    `calendar` says when it works. `accounts` is "closed" (address or organisation must be known) or "open" (X-36).
    `confirm_first_contact` sends the challenge of X-37. `return_address` has one line per element; `return_addresses`
    are others for product families, by a pattern of the reference ("LECT-*").
    `authserv_id` and `border_host` name who may vouch for a sender (RFC 8601); "" = nobody.
    `digest` says who is told how its tickets stand. `settings` are the workflow's own switches; `budget_per_address`
    and `budget_per_ticket` say how many automatic messages may go to one address, or be about one ticket, in
    24 hours, `budget_per_desk` how many may leave in an hour; 0 = any number (X-30). `files` says which files it takes, `organisations` which others it asks for things.
    `look` is what its messages look like. A work item waits `gathering` long for others about the same
    ticket, at most.
    """

    name: str
    workflow: str
    addresses: tuple[str, ...]
    title: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ("fr", "en")
    calendar: Calendar = USUAL
    accounts: str = "closed"
    confirm_first_contact: bool = True
    agents: tuple[Agent, ...] = ()
    teams: tuple[Team, ...] = ()
    return_address: tuple[str, ...] = ()
    return_addresses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    authserv_id: str = ""
    border_host: str = ""
    budget_per_address: int = 20
    budget_per_ticket: int = 20
    budget_per_desk: int = 1000
    settings: Mapping[str, str | int | bool] = field(default_factory=dict)
    files: FilePolicy = FilePolicy()
    organisations: tuple[Organisation, ...] = ()
    look: Look = Look()
    digest: DigestPlan = DigestPlan()
    gathering: timedelta = AT_ONCE

    @property
    def address(self) -> str:
        """The address the desk writes from."""
        return self.addresses[0]

    @property
    def language(self) -> str:
        """The language of last resort (X-38)."""
        return self.languages[0]

    @property
    def time_zone(self) -> str:
        """Whose clocks the desk goes by."""
        return self.calendar.time_zone

    def return_address_for(self, reference: str) -> tuple[str, ...]:
        """Return where a product is sent back to, by the family its reference belongs to (F-20)."""
        for pattern, lines in self.return_addresses:
            if fnmatchcase(reference.upper(), pattern.upper()):
                return lines
        return self.return_address

    def team(self, name: str) -> Team | None:
        """Return the team called `name`, or None."""
        return next((team for team in self.teams if team.name == name), None)

    def agent(self, address: str) -> Agent | None:
        """Return the agent with this address, or None."""
        return next((a for a in self.agents if a.address.lower() == address.lower()), None)

    def organisation(self, name: str) -> Organisation | None:
        """Return the outside organisation called `name`, or None."""
        return next((one for one in self.organisations if one.name == name), None)
