"""A question, understood: which of the tickets or rows that a rule describes are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from handlers.process.query_rule import QueryRule
from handlers.word_lists import read_words

KEY = "key"  # the filter of tickets by the beginning of their number
TEXT, TEAM = "text", "team"

WORDS: Mapping[str, Any] = read_words("lists")
"""The words around questions, and the headings of lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What somebody asks. `values` are those of the rule's filters, as they were written (choices: their
    code), `also` further numbers like that of the rule's bare filter, `first` and `last` the days, None where
    open; `open` and `states` narrow tickets."""

    name: str
    rule: QueryRule
    values: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    open: bool | None = None
    states: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether the question says more than its name."""
        said = self.values or self.first or self.last or self.states
        return bool(said) or self.open is not self.rule.open

    @property
    def bare(self) -> str:
        """The filter that a number without words is a value of, "" for none."""
        return self.rule.bare or ("" if self.rule.table else KEY)

    def each(self) -> tuple[Query, ...]:
        """Return a query for each number that is asked about."""
        more = (replace(self, values={**self.values, self.bare: one}, also=()) for one in self.also)
        return (replace(self, also=()), *more)

    def column_of(self, name: str) -> str:
        """Return the column or field that a filter is about."""
        rule = self.rule.filters.get(name)
        return (rule.column if rule else "") or name

    def few_of(self, name: str) -> tuple[str, ...]:
        """Return the values that the words of a filter mean, () when a value itself was given."""
        rule = self.rule.filters.get(name)
        few = rule.few.get(self.values.get(name, "")) if rule else None
        return few.values if few else ()
