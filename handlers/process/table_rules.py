"""How a table of reference data is described: as data, in `tables.yaml` or in a workflow file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Literal

from pydantic import TypeAdapter, ValidationError, model_validator

from handlers.errors import ConfigError
from handlers.process.call import Part
from handlers.process.yaml_lines import mismatches, read_yaml
from parsers.folding import key_of

Kind = Literal[
    "text", "date", "amount", "number", "yes_no", "choice", "address", "domain", "language", "file"
]
MOST_KEYS = 12


class ColumnRule(Part):
    """A column. `aliases` are other names that files give it, `choices` the values of a choice with
    the words that mean them."""

    type: Kind = "text"
    required: bool = False
    choices: dict[str, tuple[str, ...]] = {}
    aliases: tuple[str, ...] = ()


class TableRule(Part):
    """A table. `keys` are the columns by which rows are looked up; the first key names a row. `names` are
    what agents call it in their language. A `closed` table has no other columns than these. `contacts` makes every row a contact of the desk:
    which column is its name, organisation and so on; `domains` the same for a domain."""

    columns: dict[str, ColumnRule] = {}
    keys: tuple[tuple[str, ...], ...] = ()
    closed: bool = False
    names: tuple[str, ...] = ()
    contacts: dict[str, str] = {}
    domains: dict[str, str] = {}

    @model_validator(mode="after")
    def _keys_are_columns(self) -> TableRule:
        for name in (*(n for key in self.keys for n in key), *self.contacts.values()):
            if name not in self.columns:
                raise ValueError(f"there is no column {name!r}")
        if len(self.keys) > MOST_KEYS:
            raise ValueError(f"more than {MOST_KEYS} keys")
        return self

    @property
    def required(self) -> tuple[str, ...]:
        """The columns no row may leave empty."""
        return tuple(name for name, rule in self.columns.items() if rule.required)

    def column_named(self, heading: str) -> str:
        """Return the column that a heading means: by its name or an alias, else the heading itself as
        a name; "" for an empty one."""
        key = key_of(heading)
        for name, rule in self.columns.items():
            if key in map(key_of, (name, *rule.aliases)):
                return name
        return key.replace(" ", "_")


@lru_cache(maxsize=1)
def known_tables() -> Mapping[str, TableRule]:
    """Return the tables that savd knows, by name."""
    text = (resources.files("handlers") / "tables.yaml").read_text(encoding="utf-8")
    data, lines = read_yaml(text, "tables.yaml")
    try:
        return TypeAdapter(dict[str, TableRule]).validate_python(data)
    except ValidationError as error:
        raise ConfigError(mismatches(error, "tables.yaml", lines)) from error


def table_named(word: str, tables: Mapping[str, TableRule]) -> str:
    """Return the table that a word means, by its name or one in another language; "" for none."""
    said = key_of(word)
    fit = (n for n, rule in tables.items() if said in map(key_of, (n, *rule.names)))
    return next(fit, "")


def rule_of(name: str, own: Mapping[str, TableRule]) -> TableRule:
    """Return how a table is described: by the workflow, by savd, or by nobody (any columns, the first
    one is the key)."""
    return own.get(name) or known_tables().get(name) or TableRule()
