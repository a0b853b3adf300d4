"""Statements that run for every mail: compiled once, handed to the driver without a detour.

SQLAlchemy writes the SQL and converts the values; only its per-execution bookkeeping is left out,
which on SQLite costs five times what the statement itself does. Everything else uses
`Connection.execute`. Lists are asked for with `one_of`: an expanding IN cannot be prepared.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Select

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    text: str
    fixed: Mapping[str, Any]  # values that stand in the statement
    binds: tuple[tuple[str, Convert], ...]
    positional: bool
    reads: tuple[Convert, ...]
    row: Any

    def arguments(self, values: Mapping[str, Any]) -> Any:
        """Return the values as the driver wants them."""
        given = {**self.fixed, **values}
        if self.positional:
            return [given[n] if c is None else c(given[n]) for n, c in self.binds]
        return {n: given[n] if c is None else c(given[n]) for n, c in self.binds}

    def rows(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        """Return the driver's rows with named, converted values (NULL stays None)."""
        return [
            self.row._make(
                [v if c is None or v is None else c(v) for v, c in zip(r, self.reads, strict=True)]
            )
            for r in raw
        ]


_prepared: dict[tuple[Executable, str, tuple[str, ...]], _Prepared] = {}


def fetch(tx: Connection, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
    """Return what a query finds."""
    known = _prepare(tx, statement, ())
    return known.rows(_cursor(tx).execute(known.text, known.arguments(values)).fetchall())


def fetch_column(tx: Connection, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
    """Return the first value of each row that a query finds."""
    return [row[0] for row in fetch(tx, statement, values)]


def write(tx: Connection, statement: Executable, *values: Mapping[str, Any]) -> int:
    """Run an INSERT, UPDATE or DELETE for each of `values`. Return how many rows changed."""
    if not values:
        return 0
    known = _prepare(tx, statement, tuple(values[0]))
    cursor = _cursor(tx)
    if len(values) == 1:
        cursor.execute(known.text, known.arguments(values[0]))
    else:
        cursor.executemany(known.text, [known.arguments(one) for one in values])
    return int(cursor.rowcount)


def _cursor(tx: Connection) -> Any:
    driver: Any = tx.connection.driver_connection
    return driver.cursor()


def _prepare(tx: Connection, statement: Any, keys: tuple[str, ...]) -> _Prepared:
    name = (statement, tx.dialect.name, keys)
    known = _prepared.get(name)
    if known is None:
        known = _prepared[name] = _compiled(tx.dialect, statement, keys)
    return known


def _compiled(dialect: Dialect, statement: Any, keys: tuple[str, ...]) -> _Prepared:
    columns = () if keys else tuple(statement.selected_columns)
    compiled = statement.compile(dialect=dialect, column_keys=list(keys) or None)
    converters = compiled._bind_processors  # noqa: SLF001 - what Connection.execute uses
    names = compiled.positiontup or list(compiled.params)
    return _Prepared(
        text=str(compiled),
        fixed=compiled.params,
        binds=tuple((one, converters.get(one)) for one in names),
        positional=bool(compiled.positional),
        reads=tuple(_reader(column, dialect) for column in columns),
        row=namedtuple("Found", [c.key for c in columns], rename=True),  # noqa: PYI024
    )


def _reader(column: Any, dialect: Dialect) -> Convert:
    read: Convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return read
