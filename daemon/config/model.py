"""The configuration: every section and key of savd.toml, with what it means.

These models are the only description of the keys: `savd check` reads errors from them,
docs/configuration.md is made from them. `daemon.config.file` loads a file into them,
`daemon.office` turns a desk section into a `Desk`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork

from daemon.config.desk import DeskSection
from daemon.config.section import Name, Section
from handlers.process import yaml_lines

Tls: TypeAlias = Literal["none", "starttls", "implicit"]
Port: TypeAlias = Annotated[int, Field(ge=0, le=65535)]


class Database(Section):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///savd.sqlite3",
        description="`sqlite:///FILE` (relative to this file's folder; four slashes for an absolute"
        " path) or `postgresql://user@host/name`. PostgreSQL lets several nodes share the work.",
    )
    url_file: str = Field(
        default="",
        description="A secret that holds the URL, when it contains a password. Wins over `url`.",
    )


class Log(Section):
    """One line per event, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severity that is written."
    )
    json_lines: bool = Field(
        default=False, description="Write one JSON object a line instead of `event key=value`."
    )


class Relay(Section):
    """The mail server that takes what goes out."""

    host: str = Field(default="127.0.0.1", description="Host name or address.")
    port: Port = Field(
        default=25, description="25 for a Postfix beside us, 587 or 465 for a provider."
    )
    tls: Tls = Field(
        default="none",
        description="`none` (only on this machine or in a network of your own, and never with a"
        " password), `starttls` (required, never given up) or `implicit`. Certificates are verified.",
    )
    ca_file: str = Field(
        default="", description="Certificate authority to trust. Empty: those of the system."
    )
    user: str = Field(default="", description="Name to log in with. Empty: no login.")
    password_file: str = Field(default="", description="A secret that holds the password.")
    hello: str = Field(default="", description="Name said in EHLO. Empty: the host's name.")
    connections: int = Field(default=4, ge=1, le=50, description="How many connections at once.")
    seconds: float = Field(
        default=60,
        gt=0,
        description="How long one step of a conversation may take; the answer to a whole message may take"
        " ten minutes (RFC 5321): whoever is less patient there doubts what only took long.",
    )
    late_hours: float = Field(
        default=4,
        gt=0,
        description="After so many hours a message that the relay puts off counts as late:"
        " `savd doctor` says so. After five days it is given up, and the team is told.",
    )
    doubt_minutes: float = Field(
        default=60,
        gt=0,
        description="So long an answer or a report may show that an uncertain message arrived; then the"
        " team is asked.",
    )


class Listen(Section):
    """A door for mail."""

    protocol: Literal["smtp", "lmtp"] = Field(
        default="lmtp", description="`lmtp` behind Postfix (recommended) or `smtp`."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: Port = Field(default=8024, description="Port to listen on; 0 takes a free one (tests).")
    hostname: str = Field(default="", description="Name in our greeting. Empty: the host's name.")
    peers: tuple[IPvAnyNetwork, ...] = Field(
        default=(), description="Networks that may connect. Empty: all who reach the address."
    )
    certificate_file: str = Field(
        default="", description="PEM chain: offers STARTTLS. Needs `key_file`."
    )
    key_file: str = Field(default="", description="A secret that holds the key of the certificate.")
    size: int = Field(default=35 << 20, ge=1024, description="Largest mail, in octets.")
    connections: int = Field(default=500, ge=1, description="Connections at once.")
    connections_per_peer: int = Field(
        default=20, ge=1, description="Connections at once of one address."
    )
    recipients: int = Field(default=100, ge=1, description="Recipients of one mail.")


class Mailbox(Section):
    """A mailbox elsewhere, read by IMAP."""

    name: Name = Field(description="How the mailbox is called in the journal. Never change it.")
    desk: Name = Field(description="The desk its mails are for.")
    host: str = Field(description="IMAP server.")
    port: Port = Field(default=993, description="993, or 143 with `starttls`.")
    tls: Tls = Field(
        default="implicit", description="`implicit`, `starttls` or `none` (loopback only)."
    )
    ca_file: str = Field(
        default="", description="Certificate authority to trust. Empty: those of the system."
    )
    user: str = Field(description="Name to log in with.")
    password_file: str = Field(description="A secret that holds the password.")
    folder: str = Field(default="INBOX", description="Folder to read.")
    after: Literal["flag", "move", "leave"] = Field(
        default="flag",
        description="What happens to a mail once it is ours: it gets `keyword`, is moved to"
        " `processed`, or is left alone. Read or unread is never touched.",
    )
    keyword: str = Field(default="$savd", description="Keyword for `flag`.")
    processed: str = Field(default="Processed", description="Folder for `move`.")
    fence: datetime | None = Field(
        default=None,
        description="Mails older than this instant are filed and never answered. Unset: the"
        " moment of the first connection.",
    )
    size: int = Field(default=35 << 20, ge=1024, description="Largest mail, in octets.")


class Keys(Section):
    """The secrets that sign reply addresses."""

    current: str = Field(
        default="k1",
        pattern=r"^[a-z0-9]{1,8}$",
        description="Id of the key that signs. All verify.",
    )
    directory: str = Field(
        default="keys", description="Folder whose files are the keys; a file's name is its id."
    )
    files: dict[Annotated[str, Field(pattern=r"^[a-z0-9]{1,8}$")], str] = Field(
        default={}, description="Key id = secret, instead of `directory` (for systemd credentials)."
    )


class Dkim(Section):
    """A key that signs what leaves (DKIM), for the desks that write from its domain or below it. Without
    one nothing is signed here: let the relay sign, it does so for all mail of the domain. Several keys
    of a domain sign side by side: RSA for everybody, Ed25519 for who knows it. It costs a message less than a
    millisecond. `savd dkim key` makes a key, `savd dkim record` prints
    what to publish, `savd doctor` looks whether it is."""

    domain: str = Field(
        pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$",
        max_length=253,
        description="The signing domain: that of a desk's first address, or above it.",
    )
    selector: str = Field(
        pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$",
        max_length=63,
        description="Name of the key in DNS: `SELECTOR._domainkey.DOMAIN`. A new key gets a new one.",
    )
    key_file: str = Field(
        description="A secret that holds the private key as PEM: RSA of 2048 to 4096 bits, or Ed25519."
    )


class Limits(Section):
    """What reading may cost."""

    workers: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Processes that read mails, and as many that open files. 0: one per core.",
    )
    memory: int = Field(
        default=1 << 30, ge=128 << 20, description="Octets that a reader of mails may map."
    )
    seconds: float = Field(
        default=20, gt=0, description="Wall clock time for one mail without its files, in seconds."
    )
    file_memory: int = Field(
        default=1 << 30, ge=256 << 20, description="Octets that may be mapped to open one file."
    )
    file_seconds: float = Field(
        default=10, gt=0, description="Wall clock time for one file, in seconds."
    )
    all_files_seconds: float = Field(
        default=60,
        gt=0,
        description="Wall clock time for all files of one mail, in seconds. Files beyond it are"
        " kept, not opened.",
    )
    in_memory: int = Field(
        default=1000, ge=1, description="Accepted mails kept in memory; more wait in the database."
    )


class ClamavSection(Section):
    """A virus scanner to ask about every file. Without `socket` and `host` nobody is asked."""

    socket: str = Field(default="", description="Path of clamd's socket. Wins over `host`.")
    host: str = Field(default="", description="Host of clamd, where it listens on TCP.")
    port: Port = Field(default=3310, description="Port of clamd.")
    seconds: float = Field(
        default=20, gt=0, description="Time for one file, in seconds. Late is `unscanned`."
    )
    size: int = Field(
        default=25 << 20,
        ge=1,
        description="Longest file shown to it, in octets: not more than its `StreamMaxLength`."
        " What is longer is `unscanned`. Set `AlertExceedsMax yes` in clamd.conf: without it clamd"
        " calls clean what was too much for it.",
    )


class Config(Section):
    """A whole savd.toml."""

    database: Database = Field(default=Database(), description=Database.__doc__)
    log: Log = Field(default=Log(), description=Log.__doc__)
    relay: Relay = Field(default=Relay(), description=Relay.__doc__)
    listen: tuple[Listen, ...] = Field(default=(), description=Listen.__doc__)
    mailbox: tuple[Mailbox, ...] = Field(default=(), description=Mailbox.__doc__)
    desks: dict[Name, DeskSection] = Field(min_length=1, description=DeskSection.__doc__)
    keys: Keys = Field(default=Keys(), description=Keys.__doc__)
    dkim: tuple[Dkim, ...] = Field(default=(), description=Dkim.__doc__)
    limits: Limits = Field(default=Limits(), description=Limits.__doc__)
    clamav: ClamavSection = Field(default=ClamavSection(), description=ClamavSection.__doc__)


class Configuration(BaseModel):
    """A loaded configuration: its values and where it lies (relative names count from there)."""

    model_config = ConfigDict(frozen=True)
    values: Config
    file: Path
    lines: dict[yaml_lines.Path, int] = Field(default_factory=dict, repr=False)

    def place(self, *path: str | int) -> str:
        """Return "FILE:LINE" of a key or of what contains it."""
        return f"{self.file}:{yaml_lines.line_of(self.lines, path)}"

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self.file.parent
