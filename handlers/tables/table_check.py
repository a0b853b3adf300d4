"""Check a table against its description: every mistake with its line, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.book import value_key
from handlers.process.table_rules import ColumnRule, TableRule
from handlers.sentence import Sentence
from handlers.tables.table_values import read_cell, wrong_cell
from parsers.files.table_line import Line, Read, Unread

MOST_MISTAKES = 20
LONGEST_KEY = 200  # characters of a value by which a row is named
FILE_COLUMNS = ("digest", "content_type", "size")
_PLAIN = ColumnRule()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file that a row names: its digest, type by its octets, and size."""

    digest: str
    content_type: str
    size: int


TakeFile = Callable[[str], StoredFile | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """The columns of a file: `names` as the book calls them, and where each stands."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    width: int


class TableCheck:
    """Reads lines once. `rows` yields what is right; afterwards `mistakes` is complete: the first
    twenty, each a sentence, and `count` of all."""

    def __init__(self, rule: TableRule, lines: Iterable[Read], take_file: TakeFile) -> None:
        self._rule = rule
        self._take_file = take_file
        self._lines = iter(lines)
        self._seen: dict[str, int] = {}
        self.mistakes: list[Sentence] = []
        self.count = 0
        self.heading = self._read_heading()
        files = any(self._rule_of(name).type == "file" for name in self.heading.names)
        self.columns = (*self.heading.names, *(FILE_COLUMNS if files else ()))
        self.keys = rule.keys or (self.heading.names[:1],)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows without mistakes, their cells in the order of `columns`."""
        if self.count:
            return
        rules = [self._rule_of(name) for name in self.heading.names]
        named_by = [self.columns.index(n) for n in self.keys[0] if n in self.columns]
        for line in self._lines:
            if isinstance(line, Unread):
                self._note(after(line))
                return
            cells = self._read_row(line, rules)
            if cells and self._is_first(line.number, [cells[place] for place in named_by]):
                yield tuple(cells)

    def _read_row(self, line: Line, rules: Sequence[ColumnRule]) -> list[str]:
        """Return the cells of a row, [] when it has a mistake."""
        before, heading = self.count, self.heading
        if len(line.cells) != heading.width:
            self._wrong(line, Sentence(code="row_width", values={"count": str(heading.width)}))
            return []
        cells = []
        more: list[str] = []
        for name, place, rule in zip(heading.names, heading.places, rules, strict=True):
            text = line.cells[place]
            value, code = read_cell(text, rule)
            if not value and not code and rule.required:
                code = "cell_empty"
            if rule.type == "file":
                more = self._file(value)
                code = code or ("cell_file" if value and not more[0] else "")
            if code:
                self._wrong(line, wrong_cell(code, name, text, rule))
            cells.append(value)
        return [] if self.count > before else [*cells, *more]

    def _file(self, name: str) -> list[str]:
        found = self._take_file(name) if name else None
        return [found.digest, found.content_type, str(found.size)] if found else ["", "", ""]

    def _is_first(self, number: int, values: Sequence[str]) -> bool:
        """Tell whether no earlier row has the same key, and it can be one."""
        named = " ".join(filter(None, values))
        key = "\x1f".join(map(value_key, values))
        wrong: Sentence | None = None
        if not value_key(values[0]):
            wrong = Sentence(code="cell_empty", values={"name": self.keys[0][0]})
        elif len(key) >= LONGEST_KEY:
            wrong = Sentence(code="row_long_key", values={"name": self.keys[0][0]})
        elif key in self._seen:
            line = str(self._seen[key])
            wrong = Sentence(code="row_again", values={"word": named, "line": line})
        if wrong:
            self._note(at(number, wrong))
            return False
        self._seen[key] = number
        return True

    def _read_heading(self) -> Heading:
        line = next(self._lines, None)
        if not isinstance(line, Line):
            self._note(after(line) if line else Sentence(code="table_empty"))
            return Heading(names=("",), places=(0,), width=1)
        named = [(self._rule.column_named(cell), place) for place, cell in enumerate(line.cells)]
        found = [(name, place) for name, place in named if name]
        names = tuple(name for name, _ in found)
        for sentence in self._wrong_columns(names):
            self._note(sentence)
        places = tuple(place for _, place in found)
        return Heading(names=names, places=places, width=len(line.cells))

    def _wrong_columns(self, names: Sequence[str]) -> Iterator[Sentence]:
        rule, known = self._rule, ", ".join(self._rule.columns)
        for name in dict.fromkeys((*rule.required, *(key[0] for key in rule.keys[:1]))):
            if name not in names:
                yield Sentence(code="column_missing", values={"word": name})
        for name in dict.fromkeys(names):
            if rule.closed and name not in rule.columns:
                yield Sentence(code="column_unknown", values={"word": name, "choices": known})
            if names.count(name) > 1:
                yield Sentence(code="column_twice", values={"word": name})

    def _rule_of(self, name: str) -> ColumnRule:
        return self._rule.columns.get(name, _PLAIN)

    def _wrong(self, line: Line, sentence: Sentence) -> None:
        self._note(at(line.number, sentence))

    def _note(self, sentence: Sentence) -> None:
        self.count += 1
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(sentence)

    def told(self, language: str) -> list[str]:
        """Return the mistakes in a language, and how many more there are."""
        shown = [placed(one, language) for one in self.mistakes]
        more = self.count - len(shown)
        rest = Sentence(code="more_mistakes", values={"count": str(more)}).said(language)
        return [*shown, rest] if more else shown


def at(number: int, sentence: Sentence) -> Sentence:
    """Return the sentence with the line it is about."""
    return Sentence(code=sentence.code, values={**sentence.values, "at": str(number)})


def after(unread: Unread) -> Sentence:
    """Return why reading ended, and after which line."""
    where = {"after": str(unread.after)} if unread.after else {}
    return Sentence(code=f"table_{unread.code}", values={"word": unread.told, **where})


def placed(sentence: Sentence, language: str) -> str:
    """Return a sentence with the line in front of it, when it has one."""
    said, values = sentence.said(language), sentence.values
    for name, code in (("at", "at_line"), ("after", "after_line")):
        if name in values:
            where = {"line": values[name], "word": said}
            return Sentence(code=code, values=where).said(language)
    return said
