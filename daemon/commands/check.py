"""savd check: prove everything that can be proved before a mail comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from daemon.config.model import Configuration
    from daemon.office import Office


def check(
    config: options.Config = "",
    connect: Annotated[
        bool, typer.Option("--connect", help="Also reach database, relay and mailboxes.")
    ] = False,
) -> None:
    """Prove configuration, secrets, processes and every notice in every language.

    Names file, line and remedy of everything that is wrong, all at once; exit code 78 then.
    """
    from daemon.office import offices_of
    from handlers.errors import ConfigError, TemporaryFailure

    configuration = options.configuration_of(config)
    offices = offices_of(configuration)
    told = [*_of_settings(configuration, offices), *_of_processes(configuration, offices)]
    if told:
        raise ConfigError("\n".join(dict.fromkeys(told)))
    if connect:
        from daemon.probes import unreachable

        found = list(unreachable(configuration, offices))
        if found:
            raise TemporaryFailure("\n".join(found))
    notices = sum(len(one.workflow.notices) for one in offices.values())
    counted = f"{len(offices)} {'desk' if len(offices) == 1 else 'desks'}, {notices} notices"
    typer.echo(f"{configuration.file}: {counted}, nothing wrong")
    for hint in _advice(configuration, offices, connect=connect):
        typer.echo(hint)


def _advice(
    configuration: Configuration, offices: dict[str, Office], *, connect: bool
) -> Iterator[str]:
    """Yield what could be better, and is no fault."""
    from importlib.util import find_spec

    from daemon.config.contradictions import advice
    from daemon.config.lacking import lacks

    guesses = find_spec("rapidocr") is not None  # to ask the reader itself would load its models
    for path, told in advice(configuration.values, guesses=guesses):
        yield f"{configuration.place(*path)}: {told}"
    yield from lacks(configuration, offices, connect=connect)


def _of_settings(configuration: Configuration, offices: dict[str, Office]) -> Iterator[str]:
    """Yield what is wrong with secrets and certificates."""
    from functools import partial

    from daemon.imports.folders import folder_settings
    from daemon.wiring import door_of, mailbox_of, relay_of
    from handlers.errors import ConfigError

    values = configuration.values
    tries: list[Callable[[], object]] = [partial(relay_of, configuration, values.relay)]
    tries += [partial(door_of, configuration, one) for one in values.listen]
    tries += [partial(mailbox_of, configuration, one, offices) for one in values.mailbox]
    tries.append(partial(folder_settings, configuration))
    for attempt in tries:
        try:
            attempt()
        except ConfigError as error:
            yield str(error)


def _of_processes(configuration: Configuration, offices: dict[str, Office]) -> Iterator[str]:
    """Yield what is wrong with each desk's process and notices."""
    from handlers.proof.problems import problems
    from templates import preview

    for name, office in offices.items():
        yield from problems(office.workflow)
        for told in preview.problems(office.workflow, office.desk, office.templates_dir):
            yield f"{configuration.place('desks', name)}: {told}"
        missing = [team for team in office.workflow.teams if office.desk.team(team) is None]
        if missing:
            yield (
                f"{configuration.place('desks', name)}: no addresses for the team"
                f" {', '.join(missing)}. Add [desks.{name}.teams.{missing[0]}] with addresses."
            )
