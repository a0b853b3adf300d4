"""An office: a desk with its workflow, its keys and its own notices, ready to work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from daemon.config.calendar import calendar_of
from daemon.config.contradictions import signs_for
from daemon.config.desk import WEEKDAYS, AgentSection, DeskSection
from daemon.config.dkim import domain_keys
from daemon.config.file import secret, secrets_in
from daemon.config.look import look_of
from daemon.config.model import Configuration
from daemon.config.organisations import organisations_of
from handlers import workflow_file
from handlers.desk import Agent, Desk, DigestPlan, FilePolicy, Level, Team
from handlers.errors import ConfigError
from handlers.process.workflow import Workflow
from handlers.token import KeyRing
from handlers.word_lists import load_yaml

if TYPE_CHECKING:
    from templates.signature import DomainKey

SHORTEST_KEY = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A desk at work. `templates_dir` holds the site's own notices, None for none; `signing` are the keys
    that sign what it writes."""

    desk: Desk
    workflow: Workflow
    keys: KeyRing
    templates_dir: Path | None = None
    signing: tuple[DomainKey, ...] = ()


def offices_of(configuration: Configuration) -> dict[str, Office]:
    """Return every office by the name of its desk. Raises ConfigError with all problems."""
    found: dict[str, Office] = {}
    problems: list[str] = []
    keys = KeyRing(current="", keys={})
    signing: tuple[DomainKey, ...] = ()
    try:
        keys = key_ring(configuration)
    except ConfigError as error:
        problems.append(str(error))
    try:
        signing = domain_keys(configuration)
    except ConfigError as error:
        problems.append(str(error))
    for name, section in configuration.values.desks.items():
        try:
            office = _office(configuration, name, section, keys)
            found[name] = replace(office, signing=_signing_for(office.desk, signing))
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return found


def _signing_for(desk: Desk, keys: Sequence[DomainKey]) -> tuple[DomainKey, ...]:
    """Return the keys that sign what a desk writes."""
    domain = desk.address.rpartition("@")[2].lower()
    return tuple(key for key in keys if signs_for(key.domain, domain))


def key_ring(configuration: Configuration) -> KeyRing:
    """Return the keys that sign and verify. Raises ConfigError when one is missing or short."""
    section = configuration.values.keys
    names = dict(section.files) or _keys_in(configuration)
    keys = {key_id: secret(configuration, name).encode() for key_id, name in names.items()}
    if section.current not in keys:
        known = ", ".join(sorted(keys)) or "none"
        raise ConfigError(
            f"{configuration.place('keys', 'current')}: keys.current is {section.current!r}, and there is no such key"
            f" (found: {known}). Write 32 random bytes in hex to"
            f" {configuration.folder / section.directory / section.current}, mode 0600."
        )
    short = [key_id for key_id, key in keys.items() if len(key) < SHORTEST_KEY]
    if short:
        raise ConfigError(
            f"{configuration.file}: key {', '.join(short)} is shorter than {SHORTEST_KEY}"
            " characters. Write 32 random bytes in hex."
        )
    return KeyRing(current=section.current, keys=keys)


def desk_of(
    configuration: Configuration,
    name: str,
    section: DeskSection,
    languages: tuple[str, ...] = ("fr", "en"),
    for_agents: tuple[str, ...] = ("fr", "en"),
) -> Desk:
    """Return the desk a section describes, in the languages given where it names none itself: its
    agents read the first of the desk's that they are written in."""
    languages = section.languages or languages
    inside = next((code for code in languages if code in for_agents), for_agents[0])
    teams = (
        Team(name=team, addresses=one.addresses, language=one.language or inside)
        for team, one in section.teams.items()
    )
    return Desk(
        name=name,
        workflow=section.workflow,
        addresses=section.addresses,
        title=section.title,
        phone=section.phone,
        languages=languages,
        calendar=calendar_of(section.calendar, section.time_zone, section.country),
        accounts=section.accounts,
        confirm_first_contact=section.confirm_first_contact,
        agents=tuple(_agent(configuration, one, inside) for one in section.agents),
        teams=tuple(teams),
        return_address=section.return_address,
        return_addresses=tuple((r.references, r.lines) for r in section.return_addresses),
        authserv_id=section.authserv_id,
        border_host=section.border_host,
        budget_per_address=section.budget_per_address,
        budget_per_ticket=section.budget_per_ticket,
        budget_per_desk=section.budget_per_desk,
        settings=section.settings,
        files=FilePolicy(**section.files.model_dump()),
        organisations=organisations_of(configuration, name, section),
        look=look_of(configuration, name, section.look),
        digest=_digest(section),
        gathering=timedelta(minutes=section.work_item_window),
    )


def _digest(section: DeskSection) -> DigestPlan:
    told = section.digest
    return DigestPlan(
        daily=told.daily,
        weekly=told.weekly,
        weekday=WEEKDAYS.index(told.weekday),
        teams=tuple(section.teams) if told.teams is None else told.teams,
        managers=told.managers,
        lines=told.lines,
    )


def _office(configuration: Configuration, name: str, section: DeskSection, keys: KeyRing) -> Office:
    workflow = workflow_of(configuration, name, section)
    inside = workflow.agent_languages or workflow.languages
    return Office(
        desk=desk_of(configuration, name, section, workflow.languages, inside),
        workflow=workflow,
        keys=keys,
        templates_dir=_templates_dir(configuration, name, section),
    )


def workflow_of(configuration: Configuration, name: str, section: DeskSection) -> Workflow:
    """Return the process of a desk. Raises ConfigError."""
    found = _written_workflow(configuration, name, section)
    foreign = [code for code in section.languages if code not in found.languages]
    if foreign:
        raise ConfigError(
            f"{configuration.place('desks', name, 'languages')}: the process {found.name} does not"
            f" speak {', '.join(foreign)}. Choose among: {', '.join(found.languages)}."
        )
    _spoken_to_agents(configuration, name, section, found)
    return found


def _spoken_to_agents(
    configuration: Configuration, name: str, section: DeskSection, found: Workflow
) -> None:
    """Raise ConfigError where a team or an agent reads a language that agents are not written in."""
    known = found.agent_languages or found.languages
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("teams", team), one.language) for team, one in section.teams.items()
    ]
    named += [(("agents", n), one.language) for n, one in enumerate(section.agents)]
    for where, code in named:
        if code and code not in known:
            raise ConfigError(
                f"{configuration.place('desks', name, *where, 'language')}: the process {found.name}"
                f" does not write to agents in {code}. Choose among: {', '.join(known)}."
            )


def _written_workflow(configuration: Configuration, name: str, section: DeskSection) -> Workflow:
    if not section.workflow_file:
        if section.workflow not in workflow_file.shipped_names():
            raise ConfigError(
                f"{configuration.place('desks', name, 'workflow')}: there is no workflow"
                f" {section.workflow!r}. Known: {', '.join(workflow_file.shipped_names())}; or name"
                " your own by workflow_file."
            )
        return workflow_file.shipped(section.workflow)
    file = configuration.folder / section.workflow_file
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{configuration.place('desks', name, 'workflow_file')}: {file} cannot be read"
            f" ({error}). Correct the name, or save it as UTF-8."
        ) from error
    return workflow_file.load(text, str(file), _labels_beside(configuration, name, file))


def _labels_beside(
    configuration: Configuration, name: str, file: Path
) -> dict[str, dict[str, str]]:
    """Return the labels of a desk's own process in further languages: `NAME.nl.yaml` beside it."""
    found = {}
    for one in sorted(file.parent.glob(f"{file.stem}.??.yaml")):
        try:
            found[one.suffixes[-2][1:]] = dict(load_yaml(one.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, ValueError) as error:
            raise ConfigError(
                f"{configuration.place('desks', name, 'workflow_file')}: {one} cannot be read ({error})."
                " It maps each French label to one of its language; correct it."
            ) from error
    return found


def _templates_dir(configuration: Configuration, name: str, section: DeskSection) -> Path | None:
    if not section.templates_dir:
        return templates_beside(configuration.folder / section.workflow_file)
    folder = configuration.folder / section.templates_dir
    if not folder.is_dir():
        raise ConfigError(
            f"{configuration.place('desks', name, 'templates_dir')}: {folder} is no folder. Create"
            " it or correct it."
        )
    return folder


def templates_beside(workflow_file: Path) -> Path | None:
    """Return the folder of notices that stands beside a process of the site, None without one."""
    folder = workflow_file.parent / "templates"
    return folder if workflow_file.is_file() and folder.is_dir() else None


def _agent(configuration: Configuration, section: AgentSection, usual: str) -> Agent:
    return Agent(
        address=section.address,
        name=section.name,
        level=Level[section.level.upper()],
        language=section.language or usual,
        pin=secret(configuration, section.pin_file) if section.pin_file else "",
    )


def _keys_in(configuration: Configuration) -> dict[str, str]:
    names = secrets_in(configuration, configuration.values.keys.directory)
    ids = ((name.rpartition("/")[2], name) for name in names)
    return {key_id: name for key_id, name in ids if re.fullmatch(r"[a-z0-9]{1,8}", key_id)}
