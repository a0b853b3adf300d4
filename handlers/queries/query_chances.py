"""What can still be asked for a row of the reference book: possible, too late, not with us (A-8, A-12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from handlers.book import MOST_ROWS, Book, EmptyBook, Row
from handlers.process.query_rule import ChancesRule, LookRule
from handlers.process.workflow import Workflow, said
from handlers.queries.query_cells import Style
from handlers.steps.deadlines import chances
from handlers.steps.decision_table import decided_by


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


class Chances:
    """What can still be asked for the rows of one answer; rows alike in what counts are looked at once."""

    def __init__(self, rule: ChancesRule, book: Book, day: date, style: Style) -> None:
        self._rule = rule
        self._book = RememberedBook(book)
        self._day = day
        self._style = style
        self._counting = _counting(style.workflow)
        self._told: dict[tuple[object, ...], str] = {}

    def of(self, row: Row) -> str:
        """Return until when each choice is possible for a row, those with the same end together."""
        fields = {**row, **{f: row.get(column, "") for f, column in self._rule.fields.items()}}
        direct = any(_looked_up(look, row, self._book) == "yes" for look in self._rule.direct)
        alike = (direct, *(fields.get(name, "") for name in self._counting))
        if alike not in self._told:
            self._told[alike] = self._tell(fields, direct=direct)
        return self._told[alike]

    def _tell(self, fields: Mapping[str, str], *, direct: bool) -> str:
        style = self._style
        barred = set(_barred(self._rule, fields, style)) if direct else set()
        ends: dict[str, list[str]] = {}
        for chance in chances(self._book, style.workflow, fields, self._day, style.language):
            if chance["choice"] not in barred:
                ends.setdefault(_end(chance, style), []).append(chance["choice"])
        told = [f"{end} : {', '.join(named)}" for end, named in ends.items()]
        return " ; ".join([*told, *([style.word("direct")] if direct else [])])


def _counting(workflow: Workflow) -> tuple[str, ...]:
    """Return the fields on which it depends what is possible."""
    rule = workflow.deadlines
    if rule is None:
        return ()
    named = {name for row in workflow.decisions[rule.by] for name in row.when}
    return tuple(sorted({rule.since, rule.brand, *named}))


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
