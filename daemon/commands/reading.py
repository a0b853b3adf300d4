"""How commands read mails: behind the same walls as the daemon, never in their own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from daemon.config.model import Configuration
    from daemon.readers.reading import Reading
    from handlers.understanding import Understood


def readers(configuration: Configuration | None = None) -> Reading:
    """Start one reader of mails and one of files, bound as configured; the scanner is asked where
    there is one. Close them in the end."""
    from daemon.readers.child import prepare

    prepare()  # it takes as long as what follows

    from dataclasses import replace

    from daemon.clamav import Clamav
    from daemon.readers.reading import Costs, Reading
    from daemon.wiring import clamav_of, costs_of
    from handlers.understanding import Understanding

    values = configuration.values if configuration else None
    bounds = replace(costs_of(values.limits) if values else Costs(), workers=1)
    settings = clamav_of(values.clamav) if values else None
    return Reading(
        Understanding(workflows={}),
        bounds,
        scanner=Clamav(settings) if settings else None,
        on_unopened=_tell_unopened,
    )


def read_mail(data: bytes, reading: Reading) -> Understood:
    """Return a mail with its files. Raises BadData when it is too much for its reader."""
    from daemon.readers.workers import ReadingFailed
    from handlers.errors import BadData

    try:
        return reading.read(data, "").result()
    except ReadingFailed as error:
        raise BadData(f"the mail cannot be read: {error}") from error


def _tell_unopened(*, file: str, sha256: str, reason: str) -> None:
    typer.echo(f"savd: {options.printable(file) or sha256}: not opened: {reason}", err=True)
