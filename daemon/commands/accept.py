"""savd inject: mail from a pipe, accepted as if delivered."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from daemon.commands import options

TRY_AGAIN = 75


def inject(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Mails; - or none: stdin.")
    ] = None,
    rcpt: Annotated[
        list[str] | None, typer.Option("--rcpt", metavar="ADDRESS", help="Envelope recipient.")
    ] = None,
    sender: Annotated[
        str, typer.Option("--from", metavar="ADDRESS", help="Envelope sender; none: null path.")
    ] = "",
    config: options.Config = "",
) -> None:
    """Accept mails as if delivered; a running daemon decides them within a second.

    For an MTA's pipe. Exit code 0 means durably stored; on any trouble it is 75, and nothing of
    what was given is stored: the sender keeps the mail and tries again.
    """
    try:
        ids = _accept(files or [Path("-")], tuple(rcpt or ()), sender, config)
    except Exception as error:  # noqa: BLE001 - a wrong configuration is no reason to bounce mail
        typer.echo(f"savd: not accepted, try again: {error}", err=True)
        raise typer.Exit(TRY_AGAIN) from None
    typer.echo(f"accepted: {', '.join(map(str, ids))}", err=True)


def _accept(
    files: Sequence[Path], recipients: tuple[str, ...], sender: str, config: str
) -> tuple[int, ...]:
    from daemon.address_book import AddressBook
    from daemon.clock import SystemClock
    from daemon.office import desk_of
    from handlers.envelope import Envelope, RawMail
    from storage import journal

    mails = [_bytes_of(file) for file in files]
    with options.opened(config) as (configuration, store):
        desks = (desk_of(configuration, *one) for one in configuration.values.desks.items())
        envelope = Envelope(
            reverse_path=sender.strip("<>"),
            recipients=recipients,
            path="pipe",
            received_at=SystemClock().now(),
        )
        found = AddressBook(desks).desks_for(envelope)
        batch = [(desk, RawMail(data=data, envelope=envelope)) for data in mails for desk in found]
        with store.write() as tx:
            return journal.append(tx, journal.NOBODY, batch)


def _bytes_of(file: Path) -> bytes:
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if not data.strip():
        raise ValueError(f"{file}: there is no mail in it")
    return data
