"""Number series: what the next ticket, reservation or return is called (F-12, A-31).

A series counts from 1 and never gives a number twice. Its name is what stands before the number:
"RMA-2026" counts the returns of a year; a series whose numbers do not show the year counts on
for ever. All turns of one decision draw from the same `Numbers`, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """Where the series of a desk stood when it was asked, how many numbers were drawn since, and how
    many tickets the rules opened."""

    next: Mapping[str, int] = field(default_factory=dict)
    drawn: Mapping[str, int] = field(default_factory=dict)
    children: int = 0

    def draw(self, series: str) -> tuple[int, Numbers]:
        """Return the next free number of a series, and the numbers without it."""
        drawn = self.drawn.get(series, 0)
        number = self.next.get(series, 1) + drawn
        return number, replace(self, drawn={**self.drawn, series: drawn + 1})

    def next_child(self) -> tuple[int, Numbers]:
        """Return the place of a ticket that the rules open now, from 0, and the numbers after it."""
        return self.children, replace(self, children=self.children + 1)


def furthest(numbers: Iterable[Numbers]) -> Numbers:
    """Return the numbers that hold every draw of a decision whose turns drew one after the other."""
    found, drawn, children = Numbers(), dict[str, int](), 0
    for one in numbers:
        children = max(children, one.children)
        found = one if one.next else found
        for series, count in one.drawn.items():
            drawn[series] = max(count, drawn.get(series, 0))
    return replace(found, drawn=drawn, children=children)
