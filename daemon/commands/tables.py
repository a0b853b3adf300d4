"""savd import: reference data from CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.commands import options


def import_table(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="contacts, domains, or a table of the process.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a line of column names.")],
    desk: options.Desk = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and count, keep nothing.")
    ] = False,
    config: options.Config = "",
) -> None:
    """Load a CSV file into a desk's reference data. All of it is taken, or nothing.

    Rows with a known key are replaced. Exit code 65 names every wrong line. Mails held because
    nobody knew their sender are decided again when contacts or domains come.
    """
    from daemon.clock import SystemClock
    from handlers.errors import BadData
    from storage.held import release_strangers
    from storage.tables import import_csv

    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadData(f"{file}: cannot be read ({error.strerror}).") from error
    with options.opened(config) as (configuration, store):
        chosen = desk or next(iter(configuration.values.desks))
        if chosen not in configuration.values.desks:
            known = ", ".join(configuration.values.desks)
            raise BadData(f"there is no desk {chosen!r}. Known desks: {known}.")
        with store.write() as tx:
            brought = import_csv(tx, chosen, table, str(file), data)
            of_people = table in {"contacts", "domains"}
            released = release_strangers(tx, chosen, SystemClock().now()) if of_people else 0
            if dry_run:
                tx.rollback()
    kept = "would be kept" if dry_run else "kept"
    typer.echo(f"{table} of {chosen}: {brought.rows} rows {kept}, {brought.added} of them new")
    if released:
        again = "would be decided again" if dry_run else "are decided again"
        typer.echo(f"{released} held mails of senders now known {again}")
