"""savd run, savd demo, savd rehearse: the whole daemon, for real or for show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.commands import options


def serve(config: options.Config = "") -> None:
    """Run as a service until SIGTERM: take mail in, decide it, send what follows.

    Logs one line per event on standard error. Exit codes: 0 stopped as asked, 75 the database
    cannot be reached (or another savd has it), 78 the configuration is wrong.
    """
    import asyncio
    import signal

    from daemon import log
    from daemon.service import Service

    configuration = options.configuration_of(config)
    chosen = configuration.values.log
    log.set_up(level=chosen.level, json_lines=chosen.json_lines)
    service = Service(configuration)

    async def work() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, service.stop)
        await service.run()

    asyncio.run(work())


def demo(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these: rma, claims, ...")
    ] = None,
) -> None:
    """Play a short conversation of each process through real sockets on a throw-away database."""
    from daemon.demo import play as played

    raise typer.Exit(played.run(names or ()))


def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Written conversations.")],
) -> None:
    """Play written conversations through the real pipeline on a throw-away database.

    Exit code 1 and a readable difference when one does not go as written.
    """
    from daemon.rehearsal.rehearse import main

    raise typer.Exit(main(files))
