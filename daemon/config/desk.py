"""The sections of a desk: its manners, its people, the files it takes."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from daemon.config.calendar import CalendarSection
from daemon.config.section import Address, Language, Name, Section
from handlers.desk import FILE_TYPES, FilePolicy, Look

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TimeOfDay: TypeAlias = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]
FileType: TypeAlias = Annotated[str, Field(pattern=rf"^({'|'.join(FILE_TYPES)})$")]


class AgentSection(Section):
    """A person of the desk."""

    address: Address = Field(description="The address the agent writes from.")
    name: str = Field(default="", description="Shown to customers.")
    level: Literal["agent", "supervisor"] = Field(
        default="agent", description="A supervisor may do what is reserved to one."
    )
    language: Language = Field(
        default="", description="Language of the work items. Empty: the first of the desk."
    )
    pin_file: str = Field(
        default="",
        description="A secret to write in commands where no server vouches for the sender.",
    )


class TeamSection(Section):
    """Where work items go."""

    addresses: tuple[Address, ...] = Field(
        min_length=1, description="Each gets its own message; they never see one another."
    )
    language: Language = Field(
        default="", description="Language of the work items. Empty: the first of the desk."
    )


class ReturnAddress(Section):
    """Where goods of one product family are sent."""

    references: str = Field(description='Pattern of the product reference, like `"LECT-*"`.')
    lines: tuple[str, ...] = Field(min_length=1, description="The address, one line each.")


class FilesSection(Section):
    """Which files a desk takes, and how large its messages are. Sizes in octets."""

    types: tuple[FileType, ...] = Field(
        default=FilePolicy().types,
        description="Types that are taken, told by the first octets. Without `heic`, senders of"
        " iPhone photos learn how to send JPEG; `other` takes whatever no name fits.",
    )
    size: int = Field(default=FilePolicy().size, ge=1024, description="Largest file.")
    ticket_size: int = Field(
        default=FilePolicy().ticket_size, ge=1024, description="All files of a ticket together."
    )
    message_size: int = Field(
        default=FilePolicy().message_size,
        ge=1024,
        description="Files in one message of ours; what does not fit is left out and named.",
    )


class LookSection(Section):
    """What the messages of the desk look like."""

    colour: str = Field(
        default=Look().colour,
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Colour of the band at the top, of links and buttons, with white words on it:"
        ' `"#rrggbb"`, dark enough to read them (contrast 4.5).',
    )
    logo: str = Field(
        default="",
        description="PNG or JPEG file shown above that band, 32 KiB at most; it travels inside each"
        " message to people outside the desk. It stands on white, at most 240 × 48 pixels; give it"
        " twice that for sharp screens. Empty: the desk's `title` in words.",
    )


class ImportSection(Section):
    """A folder where other programs put tables of reference data: `invoices.csv`, `users-2026-11-22.xlsx`.
    A file that does not change any more is imported and moves to `done`, or to `failed` with a text
    beside it that says why."""

    folder: str = Field(default="", description="The folder. Empty: none is watched.")
    every: str = Field(
        default="5m",
        pattern=r"^[1-9]\d{0,4}[smhd]$",
        description="How often it is looked into: `30s`, `5m`, `1h`, `1d`.",
    )
    whole: tuple[str, ...] = Field(
        default=(),
        description="Tables whose file is always the whole table: rows it does not have are dropped.",
    )


class OrganisationSection(Section):
    """An outside organisation that the desk asks for things: by a person, by mail, by a folder that a
    connector of your own works off, or by HTTP."""

    title: str = Field(default="", description="Its name as people read it.")
    transport: Literal["person", "mail", "folder", "http"] = Field(
        default="person",
        description="`person`: a work item asks somebody to do it, who answers `#resultat`; `mail`:"
        " JSON and files to `address`; `folder`: JSON and files in `folder`; `http`: its own interface.",
    )
    team: str = Field(default="", description="Who does it by hand. Empty: the first team.")
    address: str = Field(default="", description="Where `mail` goes.")
    folder: str = Field(default="", description="Spool directory of `folder`.")
    connector: Literal["", "ecosystem", "ecologic"] = Field(
        default="", description="Which interface `http` speaks."
    )
    url: str = Field(
        default="", description="Where that interface is: https, or http on this host."
    )
    user: str = Field(default="", description="Name to log in with (ecosystem).")
    key_file: str = Field(
        default="", description="A secret: the password of `user`, or the key (Ecologic)."
    )
    ca_file: str = Field(
        default="", description="Certificate authority to trust. Empty: those of the system."
    )
    seconds: float = Field(default=20, gt=0, description="How long one call may take.")
    language: Language = Field(default="fr", description="Language of what it gets by mail.")
    senders: tuple[str, ...] = Field(
        default=(),
        description="Addresses and domains it writes from by itself; such mails, direct or forwarded"
        " by an agent, are answers and never requests.",
    )
    account: dict[str, str | int | bool] = Field(
        default={},
        description="What it knows us by and what was agreed with it, as the workflow names it:"
        " `repairer_id`, `site`, `validation_sms`, `version`.",
    )
    file_size: int = Field(
        default=3 << 20, ge=1024, description="Largest file it takes, in octets."
    )
    payments_at: TimeOfDay = Field(
        default="",
        description="When it is asked each day what it paid: `02:30`. Empty: never.",
    )


class DigestSection(Section):
    """Who is told how the tickets stand, once a day, once a week: what waits for whom, what is overdue,
    how long people waited. Nothing is sent on weekends and public holidays."""

    daily: TimeOfDay = Field(
        default="",
        description="When, on the wall of the desk: `08:00`. Empty: never. A day on which nothing"
        " happened and nothing waits for us is left out.",
    )
    weekly: TimeOfDay = Field(
        default="",
        description="When, on `weekday`, in the place of that day's; on a closed day the next open one."
        " Empty: never.",
    )
    weekday: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = Field(default="monday", description="The day of the weekly one.")
    teams: tuple[Name, ...] | None = Field(
        default=None,
        description="Teams that are told of their own tickets. Unset: all of them; `[]`: none.",
    )
    managers: tuple[Address, ...] = Field(
        default=(),
        description="Addresses that are told of the whole desk. One whom several desks name gets one"
        " mail about all of them, from the first.",
    )
    lines: int = Field(default=15, ge=0, le=200, description="Tickets that are named at most.")


class DeskSection(Section):
    """A service address and its manners."""

    workflow: str = Field(
        default="rma", description="Name of the process: a shipped one, or that of `workflow_file`."
    )
    workflow_file: str = Field(default="", description="Your own process. Empty: the shipped one.")
    templates_dir: str = Field(
        default="",
        description="Folder with your own notices; they win over the shipped ones one by one."
        " Empty: the folder `templates` beside `workflow_file`, when there is one.",
    )
    addresses: tuple[Address, ...] = Field(
        min_length=1, description="All addresses of the desk; it writes from the first."
    )
    title: str = Field(default="", description="Name of the desk as customers read it.")
    phone: str = Field(default="", description="Phone number in notices.")
    languages: tuple[Language, ...] = Field(
        default=(),
        description="Languages spoken; the first is the last resort. Empty: those of the workflow.",
    )
    time_zone: str = Field(
        default="Europe/Paris", description="IANA time zone of days and deadlines."
    )
    country: str = Field(default="FR", description="Whose public holidays are no business days.")
    calendar: CalendarSection = Field(
        default=CalendarSection(), description=CalendarSection.__doc__
    )
    accounts: Literal["closed", "open"] = Field(
        default="closed",
        description="`closed`: only known addresses and organisations open tickets.",
    )
    confirm_first_contact: bool = Field(
        default=True, description="Ask an unknown sender to confirm before anything happens."
    )
    authserv_id: str = Field(
        default="", description="Whose Authentication-Results vouch for a sender. Empty: nobody's."
    )
    border_host: str = Field(
        default="", description="The `by` name in the Received line of that server."
    )
    return_address: tuple[str, ...] = Field(
        default=(), description="Where goods are sent, one line each."
    )
    return_addresses: tuple[ReturnAddress, ...] = Field(
        default=(),
        description="Other addresses for product families:"
        " `[[desks.NAME.return_addresses]]` with `references` and `lines`.",
    )
    budget_per_address: int = Field(
        default=20,
        ge=0,
        description="Automatic messages to one address in 24 hours; more are parked and a team is told."
        " 0: any number.",
    )
    budget_per_ticket: int = Field(
        default=20, ge=0, description="The same for all that is about one ticket. 0: any number."
    )
    budget_per_desk: int = Field(
        default=1000, ge=0, description="The same for the whole desk, in one hour. 0: any number."
    )
    work_item_window: int = Field(
        default=5,
        ge=0,
        le=60,
        description="Minutes that a work item waits for others about the same ticket; one mail then tells"
        " all of them. What is urgent never waits. 0: each leaves at once.",
    )
    settings: dict[str, str | int | bool] = Field(
        default={},
        description="Switches of the workflow. `rma`: `exchange_return_old` (`no`, `after_receipt`,"
        " `in_advance`), `notify_received`, `confirm_commands`, and the `currency` of quotes that"
        " name none (`EUR`).",
    )
    look: LookSection = Field(default=LookSection(), description=LookSection.__doc__)
    files: FilesSection = Field(default=FilesSection(), description=FilesSection.__doc__)
    import_: ImportSection = Field(
        default=ImportSection(), alias="import", description=ImportSection.__doc__
    )
    digest: DigestSection = Field(default=DigestSection(), description=DigestSection.__doc__)
    agents: tuple[AgentSection, ...] = Field(default=(), description="The people of the desk.")
    teams: dict[Name, TeamSection] = Field(default={}, description="Teams by name.")
    organisations: dict[Name, OrganisationSection] = Field(
        default={}, description="Outside organisations by name."
    )
