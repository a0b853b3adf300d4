"""savd import: reference data from CSV files and XLSX workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.commands import options


def import_table(  # noqa: PLR0917 - typer calls it by name
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="invoices, articles, users, ...: any table.")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or XLSX with a line of column names.")
    ],
    desk: options.Desk = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Drop the rows that are not in the file.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and count, keep nothing.")
    ] = False,
    config: options.Config = "",
) -> None:
    """Load a file into a desk's reference data. All of it is taken, or nothing.

    Rows with a known key are replaced. Exit code 65 names every wrong line. Mails held because
    nobody knew their sender are decided again when people come.
    """
    from dataclasses import replace as replaced

    from daemon.clock import SystemClock
    from daemon.imports.importing import import_file, order_of
    from daemon.progress import Progress

    with options.opened(config) as (configuration, store):
        chosen = options.desk_of(configuration, desk)
        with Progress(f"{table} of {chosen}") as progress:
            order = replaced(order_of(configuration, chosen, table, file), replace=replace)
            now = SystemClock().now()
            brought = import_file(store, order, now=now, dry_run=dry_run, progress=progress.show)
    kept = "would be kept" if dry_run else "kept"
    told = f"{brought.loaded.added} of them new, {brought.loaded.changed} changed"
    gone = f", {brought.loaded.dropped} others dropped" if replace else ""
    typer.echo(f"{table} of {chosen}: {brought.loaded.rows} rows {kept}, {told}{gone}")
    if brought.released:
        again = "would be decided again" if dry_run else "are decided again"
        typer.echo(f"{brought.released} held mails of senders now known {again}")
