"""Find where the first paper of a file ends: before another paper, or before general terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.files.kind_cells import Cell
from parsers.files.kind_title import Title, titles_of
from parsers.files.kind_weight import kind_of_sort

_MAIN = 6.0
"""What a title weighs that begins another paper on a later page."""
_TOP = 0.4
_COVER = 12
"""A first page with fewer rows is a cover."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstPaper:
    """The cells of the first paper and the titles that may be its own.

    They end before row `end`, and the titles stand on `page`. `behind` is the sort of the paper that
    follows, "" without any. `late` are sentences why its title stands on a later page than the first; `others` name the
    papers behind it.
    """

    cells: tuple[Cell, ...] = ()
    titles: tuple[Title, ...] = ()
    late: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    page: int = 1
    end: float = float("inf")
    behind: str = ""


def first_paper(cells: Sequence[Cell]) -> FirstPaper:
    """Return the first paper among the cells of a file."""
    titles = titles_of(cells)
    if not titles:
        return FirstPaper(cells=tuple(cells))
    page = titles[0].place.page
    lead = [title for title in titles if title.place.page == page]
    terms = next((t.row for t in lead[1:] if t.sort == "terms" and t.heads), None)
    if terms is not None:
        lead = [title for title in lead if title.row < terms]
    other = next(_others(titles, lead), None)
    starts = {c.page: c.row for c in reversed(cells)}
    ends: list[float] = [terms] if terms is not None else []
    ends += [starts[other.place.page]] if other else []
    end = min(ends, default=float("inf"))
    return FirstPaper(
        cells=tuple(cell for cell in cells if cell.row < end),
        titles=tuple(lead),
        late=_late(cells, page),
        others=tuple(_sentences(other)),
        page=page,
        end=end,
        behind=other.sort if other else "",
    )


def _others(titles: Sequence[Title], lead: Sequence[Title]) -> Iterator[Title]:
    """Give the titles that begin another paper, or terms, on later pages."""
    kinds = {kind_of_sort(title.sort) for title in lead} | {title.sort for title in lead}
    for title in titles:
        if title.place.page == lead[0].place.page or title.sort in kinds:
            continue
        begins = title.sort == "terms" or (title.weight >= _MAIN and title.depth < _TOP)
        if begins and title.heads:
            yield title


def _late(cells: Sequence[Cell], page: int) -> tuple[str, ...]:
    """Return why a title behind the first page is doubted; behind a mere cover it is not."""
    first = cells[0].page
    if page == first or sum(cell.page == first for cell in cells) < _COVER:
        return ()
    return (f"page {first} has no title, page {page} has",)


def _sentences(other: Title | None) -> Iterator[str]:
    """Name the paper behind the first, unless it is its general terms."""
    if other is not None and other.sort != "terms":
        kind = other.sort.replace("_", " ")
        yield f"page {other.place.page} begins another paper ({kind}), the first page decides"
