"""savd table: what was imported, and what stands in it."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.commands import options

app = typer.Typer(help="Reference tables: list, show.", no_args_is_help=True)
COLUMNS = ("desk", "table", "rows", "changed_at", "found_by")


@app.command("list")
def list_tables(
    desk: options.Desk = "", as_json: options.AsJson = False, config: options.Config = ""
) -> None:
    """List the tables that were imported, how many rows each has and by what they are found."""
    from storage.book import list_tables as listed

    with options.opened(config) as (_, store), store.read() as tx:
        lines = listed(tx, desk)
    options.show(lines, COLUMNS, as_json=as_json)


@app.command("show")
def show_rows(  # noqa: PLR0917 - typer calls it by name
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Its name.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[COLUMN=VALUE]...", help="Only rows with these values."),
    ] = None,
    desk: options.Desk = "",
    limit: options.Limit = 100,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """Show rows of a table as rules see them: case, accents, blanks and leading zeros do not count."""
    from storage.book import StoredBook

    equal = dict(_pair(one) for one in values or ())
    with options.opened(config) as (configuration, store), store.read() as tx:
        chosen = options.desk_of(configuration, desk)
        rows = StoredBook(tx, chosen).rows(table, equal, limit=limit)
    columns = [name for name in (rows[0] if rows else {}) if any(row[name] for row in rows)]
    options.show(rows, columns, as_json=as_json)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r}: write COLUMN=VALUE")
    return name, value
