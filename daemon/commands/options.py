"""What many commands share: options, the open database, and how lists are printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from daemon.config.model import Configuration
    from storage.store import Store

Config = Annotated[
    str,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        show_default=False,
        help="The configuration. Default: $SAVD_CONFIG, else /etc/savd/savd.toml.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Desk = Annotated[str, typer.Option("--desk", metavar="NAME", help="Only this desk.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many.")]
Line = Mapping[str, Any]
INTERNAL = "people of the customer wrote this among themselves; the desk does not read it."
EMPTY: tuple[object, ...] = ("", None, [], {}, ())
_FRACTION = re.compile(r"(?<=:\d\d)\.\d+(?=[+Z]|$)")


def configuration_of(config: str) -> Configuration:
    """Return the configuration of a command. Raises ConfigError."""
    from daemon.config.file import chosen_file, load

    return load(chosen_file(config))


def desk_of(configuration: Configuration, name: str) -> str:
    """Return the desk that is named, the first one for "". Raises BadData."""
    from handlers.errors import BadData

    chosen = name or next(iter(configuration.values.desks))
    if chosen not in configuration.values.desks:
        known = ", ".join(configuration.values.desks)
        raise BadData(f"there is no desk {chosen!r}. Known desks: {known}.")
    return chosen


@contextmanager
def opened(config: str) -> Iterator[tuple[Configuration, Store]]:
    """Open configuration and database. An empty database gets its tables; an old one is refused."""
    from daemon.config.file import database_url
    from handlers.errors import SchemaMismatch
    from storage.migrations import HEAD, migrate, schema_version
    from storage.store import Store

    configuration = configuration_of(config)
    store = Store.open(database_url(configuration))
    try:
        found = schema_version(store)
        if found is None:
            migrate(store)
        elif found != HEAD:
            raise SchemaMismatch(
                f"{store.url.render_as_string()}: the database has schema {found}, this savd has"
                f" {HEAD}. Start `savd run` of the newest version once: it upgrades."
            )
        yield configuration, store
    finally:
        store.close()


def show(lines: Iterable[Line], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows: as JSON all they have, else a table of these columns, times to the second."""
    rows = list(lines)
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    cells = [list(columns), *([_cell(row, name) for name in columns] for row in rows)]
    widths = [min(60, max(len(line[i]) for line in cells)) for i in range(len(columns))]
    for texts in cells:
        line = "  ".join(f"{text[:60]:<{width}}" for text, width in zip(texts, widths, strict=True))
        typer.echo(line.rstrip())


def show_all(line: Line, *, as_json: bool) -> None:
    """Print everything of one row; lists in it one entry a line."""
    if as_json:
        typer.echo(json.dumps(line, ensure_ascii=False))
        return
    for name, value in line.items():
        if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            typer.echo(f"{name}:")
            for one in value:
                told = "  ".join(f"{k}={_cell(one, k)}" for k, v in one.items() if v not in EMPTY)
                typer.echo(f"    {told}")
        elif value not in EMPTY:
            typer.echo(f"{name:<15} {_cell(line, name)}")


def _cell(line: Line, name: str) -> str:
    """Return a value for people: instants to the second, the rest as it is."""
    value = printable(line.get(name))
    return _FRACTION.sub("", value) if name.endswith(("at", "since")) else value


def printable(value: object) -> str:
    """Return a value as one line that moves no cursor, whatever a mail put into it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(printable, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {printable(one)}" for name, one in value.items())
    return "".join(c if c.isprintable() else " " for c in str(value))


def tell_changed(numbers: Sequence[int], what: str, found: int) -> None:
    """Print how many rows were changed; end with 1 when some were not."""
    typer.echo(f"{found} of {len(numbers)} {what}")
    if found < len(numbers):
        raise typer.Exit(1)


def chosen(value: str, known: Sequence[str]) -> str:
    """Return a word given to an option, "" for none. Raises BadParameter for one that is unknown."""
    if value and value not in known:
        raise typer.BadParameter(f"there is no {value!r}; known: {', '.join(known)}")
    return value
