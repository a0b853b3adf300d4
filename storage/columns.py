"""Column types: what goes into a column comes back equal, on either database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    Text,
    TypeDecorator,
    bindparam,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from parsers.folding import fold

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
loads = json.loads


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime. A naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the value in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware value, whatever the driver gave."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text out of a mail: any str can be stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the value without NUL and lone surrogates."""
        return value if value is None else storable(value)


class Exact(Words):
    """Text that is compared and sorted octet by octet, whatever the database's language."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type the driver sees."""
        return Text(collation="C") if dialect.name == "postgresql" else Text()


def storable(value: str) -> str:
    """Return `value` with NUL and lone surrogates replaced by U+FFFD."""
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


class _Values(TypeDecorator[Any]):
    """Many values in one parameter: JSON on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[str | int]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type the driver sees."""
        if dialect.name == "sqlite":
            return Text()
        return ARRAY(Text() if self.kind is str else BigInteger())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """Return the values as the driver wants them."""
        values = list(value or ())
        if dialect.name == "sqlite":
            return dumps(values)
        return [storable(one) for one in values] if self.kind is str else values


class _OneOf(FunctionElement[Any]):
    """No Boolean type on purpose: SQLAlchemy would write `= 1` behind it on SQLite."""

    name = "one_of"
    inherit_cache = True


def one_of(column: ColumnElement[Any], name: str, kind: type[str | int] = str) -> _OneOf:
    """Return `column IN :name`, where the parameter is a list (of str, unless said otherwise).

    Unlike SQLAlchemy's expanding IN the text of the statement stays the same for any number of
    values: it is compiled once, and PostgreSQL plans it once.
    """
    return _OneOf(column, bindparam(name, type_=_Values(kind)))


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - columns only


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({values})"


class Folded(FunctionElement[str]):
    """A text without case and accents, as `parsers.folding.fold` makes it."""

    name = "folded"
    type = Text()
    inherit_cache = True


def folded(value: str | None) -> str | None:
    """Return what SQLite shall take for `Folded`: PostgreSQL has a function of its own."""
    return value if value is None else fold(value)


_LETTERS = "".join(chr(c) for c in range(0xA0, 0x180) if fold(chr(c)) != chr(c))
_FOLDED_LETTERS = "".join(map(fold, _LETTERS))


@compiles(Folded, "sqlite")
def _folded_sqlite(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    return f"folded({compiler.process(element.clauses, **options)})"  # `storage.store` defines it


@compiles(Folded, "postgresql")
def _folded_postgresql(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    plain = func.translate(func.lower(column), _LETTERS, _FOLDED_LETTERS)
    return compiler.process(plain, **options)


class FieldValues(FunctionElement[str]):
    """The values of a JSON object of texts, a line each."""

    name = "field_values"
    type = Text()
    inherit_cache = True


@compiles(FieldValues, "sqlite")
def _values_sqlite(element: FieldValues, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(SELECT group_concat(value, char(10)) FROM json_each({column}))"  # noqa: S608 - columns only


@compiles(FieldValues, "postgresql")
def _values_postgresql(element: FieldValues, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(SELECT string_agg(value, chr(10)) FROM jsonb_each_text({column}))"  # noqa: S608 - columns only


Id = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER is SQLite's row id
Json = JSON().with_variant(JSONB(), "postgresql")


def dumps(value: Any) -> str:
    r"""Return `value` as JSON text that both databases store. NUL and surrogates become U+FFFD."""
    text = _encode(value)
    if text.isascii() and "\\u0000" not in text:
        return text
    return _encode(_clean(value))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value
