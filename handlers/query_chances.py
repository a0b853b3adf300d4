"""What can still be asked for a row of the reference book: possible, too late, not with us (A-8, A-12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from handlers.book import MOST_ROWS, Book, EmptyBook, Row
from handlers.deadlines import chances
from handlers.decision_table import decided_by
from handlers.query_cells import Style
from handlers.query_rule import ChancesRule, LookRule
from handlers.workflow import said


class RememberedBook(EmptyBook):
    """A book that is asked the same thing once: thousands of rows share a few limits."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[tuple[object, ...], tuple[Row, ...]] = {}

    def rows(
        self,
        table: str,
        equal: Mapping[str, str],
        *,
        between: tuple[str, str, str] | None = None,
        on: date | None = None,
        limit: int = MOST_ROWS,
    ) -> tuple[Row, ...]:
        """Return the rows of the book."""
        asked = (table, *equal.items(), between, on, limit)
        if asked not in self._known:
            self._known[asked] = self._book.rows(table, equal, between=between, on=on, limit=limit)
        return self._known[asked]

    def file(self, digest: str) -> bytes:
        """Return the octets of a file of the book."""
        return self._book.file(digest)


def possible(rule: ChancesRule, row: Row, book: Book, day: date, style: Style) -> str:
    """Return until when each choice is possible for a row, those with the same end together."""
    fields = {**row, **{field: row.get(column, "") for field, column in rule.fields.items()}}
    direct = any(_looked_up(look, row, book) == "yes" for look in rule.direct)
    barred = set(_barred(rule, fields, style)) if direct else set()
    ends: dict[str, list[str]] = {}
    for chance in chances(book, style.workflow, fields, day, style.language):
        if chance["choice"] not in barred:
            ends.setdefault(_end(chance, style), []).append(chance["choice"])
    told = [f"{end} : {', '.join(named)}" for end, named in ends.items()]
    return " ; ".join([*told, *([style.word("direct")] if direct else [])])


def _end(chance: Mapping[str, str], style: Style) -> str:
    if not chance["last_day"]:
        return style.word("possible")
    day = style.day(date.fromisoformat(chance["last_day"]))
    return style.word("too_late" if chance["late"] else "possible_until", day=day)


def _looked_up(look: LookRule, row: Row, book: Book) -> str:
    wanted = {theirs: row.get(ours, "") for theirs, ours in look.by.items()}
    if not all(wanted.values()):
        return ""
    return next((one.get(look.column, "") for one in book.rows(look.table, wanted, limit=1)), "")


def _barred(rule: ChancesRule, fields: Mapping[str, str], style: Style) -> Iterator[str]:
    """Yield the choices that are the manufacturer's alone."""
    deadlines = style.workflow.deadlines
    if deadlines is None:
        return
    rows = style.workflow.decisions[deadlines.by]
    for name, choice in style.workflow.fields[deadlines.choices].choices.items():
        decided = decided_by(rows, {**fields, deadlines.choices: name})
        if any(set(decided.get(column, ())) & set(few) for column, few in rule.barred.items()):
            yield said(choice.label, style.language)
