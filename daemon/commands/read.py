"""savd parse: what a mail says to us."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options, reading

if TYPE_CHECKING:
    from daemon.readers.reading import Reading

BAD_DATA = 65


def parse(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Mails; -: standard input.")
    ] = None,
    as_json: options.AsJson = False,
    stdin_paths: Annotated[
        bool, typer.Option("--stdin-paths", help="Read paths from standard input, one a line.")
    ] = False,
) -> None:
    """Read mails without a database: text, quotes, signature, forward, bounce, attachments.

    With --json one object a line. With --stdin-paths one process reads any number of mails.
    """
    failed = False
    with reading.readers() as some:
        for path in _stdin_lines() if stdin_paths else map(str, files or [Path("-")]):
            failed |= not _parse(path, some, as_json=as_json or stdin_paths)
    if failed:
        raise typer.Exit(BAD_DATA)


def _stdin_lines() -> Iterator[str]:
    for line in sys.stdin:
        if path := line.rstrip("\n"):
            yield path


def _parse(path: str, some: Reading, *, as_json: bool) -> bool:
    from handlers.errors import BadData
    from parsers import report

    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        mail = reading.read_mail(data, some).mail
    except (OSError, BadData) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        typer.echo(f"savd: {path}: {told}", err=True)
        if as_json:
            _write_json({"path": path, "error": told})
        return False
    if as_json:
        _write_json({"path": path, **report.as_json(mail)})
    else:
        typer.echo("\n".join((f"--- {path}", *report.as_lines(mail), "")))
    return True


def _write_json(told: Mapping[str, object]) -> None:
    """Write one line at once: who asks through a pipe waits for it."""
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()
