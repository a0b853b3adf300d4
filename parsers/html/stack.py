"""Keep the open elements of a page: what a tag closes, in constant time for each tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.html.marks import Traits
from parsers.html.page import Flow

INLINE_REACH = 20
SCOPES = frozenset({"table", "td", "th", "caption"})
ROWS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"})
PARTS = ROWS | SCOPES


@dataclass(kw_only=True, slots=True)
class Element:
    """An open element and what to set back when it ends."""

    name: str
    traits: Traits
    before: bool
    shown: bool = False
    framed: bool = False
    indent: str = ""
    marks: int = 0
    flow: Flow | None = None
    line: int = 0


@dataclass(kw_only=True, slots=True)
class Stack:
    """The open elements, counted by name in the table or cell they stand in."""

    elements: list[Element] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    scopes: list[tuple[int, dict[str, int]]] = field(default_factory=list)

    def push(self, element: Element) -> None:
        """Open an element."""
        name = element.name
        self.elements.append(element)
        self.counts[name] = self.counts.get(name, 0) + 1
        if name in SCOPES:
            self.scopes.append((len(self.elements), self.counts))
            self.counts = {}

    def pop(self) -> Element:
        """Close the innermost element."""
        if self.scopes and self.scopes[-1][0] == len(self.elements):
            self.counts = self.scopes.pop()[1]
        element = self.elements.pop()
        self.counts[element.name] -= 1
        return element

    def is_open(self, name: str) -> bool:
        """Tell whether an element of this name is open in the same cell."""
        return self.counts.get(name, 0) > 0

    def closed(self, name: str, *, block: bool) -> Iterable[Element]:
        """Close what an end tag closes, innermost first; an end tag without start closes nothing.

        Ends of blocks close all that is open inside them, but never leave their cell. Ends of
        other elements close that element alone, if it is near.
        """
        if self.elements and self.elements[-1].name == name:
            return (self.pop(),)
        if not block:
            return self._inline(name)
        return self._until(name) if self.is_open(name) or self._is_around(name) else ()

    def implied(self, name: str) -> Iterable[Element]:
        """Close what the start of this block closes without an end tag (HTML 13.2.6.4.7)."""
        if name in ROWS:
            return self._row_parts(name)
        if name == "li" and self._item_is_open():
            return self._until("li")
        return self._until("p") if self.counts.get("p") else ()

    def _row_parts(self, name: str) -> Iterator[Element]:
        for part in ("td", "th", "caption"):
            if self._is_around(part):
                yield from self._until(part)
        if name not in {"td", "th"} and self.is_open("tr"):
            yield from self._until("tr")

    def _item_is_open(self) -> bool:
        """Tell whether an item is open in the innermost list."""
        if not self.is_open("li"):
            return False
        for element in self.elements[: -INLINE_REACH - 1 : -1]:
            if element.name == "li":
                return True
            if element.name in {"ul", "ol"}:
                return False
        return False

    def _is_around(self, name: str) -> bool:
        """Tell whether a part of a table is open around this cell."""
        if not self.scopes or name not in PARTS:
            return False
        owner = self.elements[self.scopes[-1][0] - 1].name
        if owner == "table":
            return name == "table"
        if self.scopes[-1][1].get(name):
            return True
        return name == "table" and len(self.scopes) > 1

    def _until(self, name: str) -> Iterator[Element]:
        while self.elements:
            element = self.pop()
            yield element
            if element.name == name:
                return

    def _inline(self, name: str) -> Iterator[Element]:
        if not self.is_open(name):
            return
        last = len(self.elements)
        first = max(self.scopes[-1][0] if self.scopes else 0, last - INLINE_REACH)
        for position in range(last - 1, first - 1, -1):
            if self.elements[position].name == name:
                self.counts[name] -= 1
                yield self.elements.pop(position)
                return
