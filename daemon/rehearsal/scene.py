"""A desk as its cast and a script describe it, with its people and tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from daemon.config.calendar import calendar_of
from daemon.office import templates_beside
from daemon.rehearsal.cast import (
    HOST,
    AgentPart,
    Cast,
    ContactPart,
    DeskPart,
    DigestPart,
    Rows,
    TeamPart,
    laid_over,
)
from daemon.rehearsal.script import Script, Source
from handlers.desk import Agent, Contact, Desk, DigestPlan, FilePolicy, Level, Organisation, Team
from handlers.errors import ConfigError
from handlers.process.table_rules import rule_of
from handlers.process.workflow import Workflow
from handlers.workflow_file import load, shipped
from storage.tables import import_csv, put_rows

BORDER = "mx.desk.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One desk with its process, its cast, the folder the cast names files in, and that of the
    notices beside a process of one's own."""

    desk: Desk
    workflow: Workflow
    cast: Cast
    folder: Path
    templates_dir: Path | None = None

    @property
    def known(self) -> Mapping[str, Contact]:
        """The people in the directory of this desk, by short name."""
        return {short: contact_of(part) for short, part in self.cast.people.items()}

    @property
    def people(self) -> Mapping[str, Contact]:
        """Everybody a script may call by a short name: contacts, agents, teams."""
        agents = zip(self.cast.desk.agents, self.desk.agents, strict=True)
        called = {short: Contact(address=one.address, name=one.name) for short, one in agents}
        teams = {team.name: Contact(address=team.addresses[0]) for team in self.desk.teams}
        far = {f"{self.desk.name}.{name}": contact for name, contact in teams.items()}
        return {**self.known, **called, **far, **teams}


def scenes_of(source: Source) -> tuple[Scene, ...]:
    """Return the desks of a rehearsal, the first is the one its script sets by `desk`.

    Raises ConfigError for a workflow, team or desk that does not exist.
    """
    script = source.script
    found = []
    for number, (folder, cast) in enumerate(source.casts):
        first = number == 0
        workflow, templates_dir = _workflow(source, folder, cast, script.workflow if first else "")
        part = laid_over(cast.desk, script.desk) if first else cast.desk
        part = laid_over(part, script.desks.get(part.name or workflow.name, DeskPart()))
        found.append(
            Scene(
                desk=_desk(part, workflow),
                workflow=workflow,
                cast=cast.model_copy(update={"desk": part}),
                folder=folder,
                templates_dir=templates_dir,
            )
        )
    _check_desks(source, script, {one.desk.name for one in found})
    return tuple(found)


def put_tables(tx: Connection, scene: Scene, more: Mapping[str, Rows]) -> None:
    """Write the reference tables of a desk: those of its cast, and rows of the script behind them."""
    for table, file in scene.cast.files.items():
        rule = rule_of(table, scene.workflow.tables)
        data = (scene.folder / file).read_bytes()
        import_csv(tx, scene.desk.name, table, file, data, rule=rule)
    for table in {**scene.cast.tables, **more}:
        rows = (*scene.cast.tables.get(table, ()), *more.get(table, ()))
        put_rows(tx, scene.desk.name, table, rows, rule=rule_of(table, scene.workflow.tables))


def import_tables(
    tx: Connection, scene: Scene, given: Mapping[str, str | Rows], folder: Path
) -> None:
    """Import tables as `savd import` does: each is a CSV file in the folder, or rows."""
    for table, told in given.items():
        rule = rule_of(table, scene.workflow.tables)
        data = (folder / told).read_bytes() if isinstance(told, str) else _as_csv(told)
        import_csv(tx, scene.desk.name, table, f"{table}.csv", data, rule=rule)


def _as_csv(rows: Rows) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, restval="", delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()


def contact_of(part: ContactPart) -> Contact:
    """Return the contact a file describes."""
    return Contact(**part.model_dump())


def _check_desks(source: Source, script: Script, known: set[str]) -> None:
    for name in script.desks:
        if name not in known:
            place = f"{source.file}:{source.line('desks', name)}"
            raise ConfigError(
                f"{place}: no desk is called {name!r} here. Known: {', '.join(known)}."
            )


def _desk(part: DeskPart, workflow: Workflow) -> Desk:
    name = part.name or workflow.name
    languages = part.languages or workflow.languages
    teams = {**dict.fromkeys(workflow.teams, TeamPart()), **part.teams}
    return Desk(
        name=name,
        workflow=workflow.name,
        addresses=part.addresses or (f"{name}@{HOST}",),
        title=part.title or "SAV Exemple",
        phone=part.phone,
        languages=languages,
        calendar=calendar_of(part.calendar, part.time_zone, part.country),
        accounts=part.accounts,
        confirm_first_contact=part.confirm_first_contact,
        agents=tuple(
            _agent(short, one, part.pins, languages[0]) for short, one in part.agents.items()
        ),
        teams=tuple(_team(short, one, languages[0]) for short, one in teams.items()),
        return_address=part.return_address,
        authserv_id=BORDER,
        border_host=BORDER,
        budget_per_address=part.budget_per_address,
        budget_per_ticket=part.budget_per_ticket,
        budget_per_desk=part.budget_per_desk,
        settings=dict(part.settings),
        files=FilePolicy(**part.files.model_dump()),
        organisations=tuple(
            Organisation(name=one, **told.model_dump(exclude={"answers"}))
            for one, told in part.organisations.items()
        ),
        digest=_digest(part.digest, tuple(teams), part.agents),
        gathering=timedelta(minutes=part.work_item_window),
    )


def _digest(
    part: DigestPart, teams: tuple[str, ...], agents: Mapping[str, AgentPart]
) -> DigestPlan:
    """Return when and whom a desk tells how its tickets stand; a manager may be an agent's short name."""
    managers = (
        agents[one].address or f"{one}@{HOST}" if one in agents else one for one in part.managers
    )
    told = teams if part.teams is None else part.teams
    return DigestPlan(**{**part.model_dump(), "teams": told, "managers": tuple(managers)})


def _agent(short: str, part: AgentPart, pins: Mapping[str, str], usual: str) -> Agent:
    return Agent(
        address=part.address or f"{short}@{HOST}",
        name=part.name or short.capitalize(),
        level=Level[part.level.upper()],
        language=part.language or usual,
        pin=pins.get(short, ""),
    )


def _team(name: str, part: TeamPart, usual: str) -> Team:
    addresses = part.addresses or (f"{name}@{HOST}",)
    return Team(name=name, addresses=addresses, language=part.language or usual)


def _workflow(source: Source, folder: Path, cast: Cast, own: str) -> tuple[Workflow, Path | None]:
    """Return the workflow a script or its cast names, one that comes with savd or a file beside, and
    the folder of the notices that stand beside it."""
    name = own or cast.workflow
    if not name.endswith(".yaml"):
        return shipped(name), None
    file = (source.file.parent if own else folder) / name
    try:
        return load(file.read_text(encoding="utf-8"), str(file)), templates_beside(file)
    except OSError as error:
        place = f"{source.file}:{source.line('workflow')}"
        raise ConfigError(f"{place}: {file} cannot be read ({error}). Correct the name.") from error
