"""Read what a business paper says of itself from its pages, each value with its place (X-25).

Every reader looks at the lines for one matter; here their findings are put together and checked
against one another: what contradicts is kept and named in `doubts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from parsers.business import BusinessDocument, Confidence, DocumentKind, Place, Source
from parsers.fields.numbers import ticket_keys
from parsers.fields.serials import serials
from parsers.files.kind import PaperKind
from parsers.files.kind_cells import cells_of
from parsers.files.kind_extent import first_paper
from parsers.files.layout import Page, text_of
from parsers.files.paper_amounts import currency_of, decimal_mark_of
from parsers.files.paper_dates import day_valid, day_written
from parsers.files.paper_labels import Reading, names_columns
from parsers.files.paper_lines import LINES, Line, lines_of
from parsers.files.paper_numbers import Numbers, own_number, references
from parsers.files.paper_parties import read_parties
from parsers.files.paper_positions import read_positions
from parsers.files.paper_rows import Found, Positions
from parsers.files.paper_totals import Totals, read_totals

_MONTH_FIRST = "en-US"
_COUNTED = frozenset({DocumentKind.ORDER, DocumentKind.DELIVERY_NOTE})


def read_paper_pages(
    pages: Sequence[Page], told: PaperKind, *, signs: tuple[str, ...] = ()
) -> BusinessDocument:
    """Return what the pages of a paper of that kind say. `signs` are what else shows that
    somebody signed.

    Total, linear in the words. Text that a scanner laid under its picture only suggests: its
    source is `guess`.
    """
    # What was typed onto a page adds rows: where the first paper ends is looked for once more.
    end = first_paper(cells_of(pages)).end if len(pages) > 1 else LINES
    lines = tuple(line for count, line in enumerate(lines_of(pages)) if count < end)
    mark = decimal_mark_of(lines)
    table = read_positions(lines, mark, counted=told.kind in _COUNTED)
    totals = read_totals(_outside(lines, table), mark, _sum_of(table.found))
    amounts = _amounts(lines, mark, table, totals)
    read = _document(lines, told, table, amounts, text_of(pages))
    read = replace(read, signs=_each(*signs, *told.signs))
    if not any(page.guessed for page in pages):
        return read
    return replace(read, source=Source.GUESS, confidence=Confidence.UNSURE)


def _outside(lines: Sequence[Line], table: Positions) -> tuple[Line, ...]:
    """Return the lines that are not of the table of positions."""
    return tuple(line for index, line in enumerate(lines) if index not in table.lines)


def _begin(lines: Sequence[Line], table: Positions) -> int:
    """Return the index of the first line of the positions, heads above them included."""
    begin = min(table.lines, default=len(lines))
    while begin and begin < len(lines) and _is_head(lines[begin - 1]):
        begin -= 1
    return begin


def _of_papers(named: Mapping[str, Numbers], table: Positions) -> dict[str, Numbers]:
    """Leave out what is the number of an article: "Bestell-Nr.: KTY84.130" in a position."""
    articles = {one.position.reference.upper() for one in table.found}
    return {
        noun: tuple(number for number in numbers if number.value not in articles)
        for noun, numbers in named.items()
    }


def _is_head(line: Line) -> bool:
    """Tell the head of a table, whose "order no." is of articles."""
    return names_columns(line) and not any(map(str.isdigit, line.text))


def _amounts(lines: Sequence[Line], mark: str, table: Positions, totals: Totals) -> dict[str, Any]:
    """Return the fields of money: positions, totals, currency, and doubts about their sums."""
    currency, priced = currency_of(lines, mark)
    single = {"net": totals.net, "tax": totals.tax, "gross": totals.gross}
    places = {name: _place(one) for name, one in single.items() if one}
    places |= {f"positions.{count}": one.place for count, one in enumerate(table.found)}
    if priced is not None:
        places["currency"] = priced.place(0, len(priced.text))
    return {
        "positions": tuple(found.position for found in table.found),
        "net_cents": totals.net.value if totals.net else None,
        "tax_cents": totals.tax_cents,
        "gross_cents": totals.gross.value if totals.gross else None,
        "currency": currency,
        "doubts": tuple(_doubts(table.found, totals)),
        "places": places,
    }


def _document(
    lines: Sequence[Line],
    told: PaperKind,
    table: Positions,
    amounts: dict[str, Any],
    text: str,
) -> BusinessDocument:
    """Put numbers, days and parties together with the amounts."""
    own = own_number(_outside(lines, table), told.kind, told.title)
    named = _of_papers(references([x for x in lines if not _is_head(x)], told.kind, own), table)
    country = _MONTH_FIRST if amounts["currency"] == "USD" else ""
    written = day_written(lines, told.kind, country)
    ordered = told.kind is DocumentKind.ORDER
    valid = None if ordered else day_valid(lines, written, country)
    parties = read_parties(lines, told.kind, _begin(lines, table), told.title)
    places = dict(_places(told, named, number=own, dated=written, valid_until=valid))
    fields = {
        **amounts,
        "doubts": _each(*amounts["doubts"], *parties.doubts),
        "places": amounts["places"] | dict(parties.places) | places,
    }
    return BusinessDocument(
        kind=told.kind,
        confidence=told.confidence,
        reasons=told.reasons,
        number=own.value if own else "",
        quotes=_values(named["quote"]),
        orders=_values(named["order"]),
        invoices=_values(named["invoice"]),
        rma_numbers=_each(*ticket_keys(text), *_values(named["return_sheet"])),
        serials=_each(*serials(text), *(one for found in table.found for one in found.serials)),
        seller=parties.seller,
        buyer=parties.buyer,
        dated=written.value if written else None,
        valid_until=valid.value if valid else None,
        text=text,
        **fields,
    )


def _values(numbers: Numbers) -> tuple[str, ...]:
    return tuple(number.value for number in numbers)


def _each(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _places(
    told: PaperKind, named: Mapping[str, Numbers], **single: Reading[Any] | None
) -> Iterator[tuple[str, Place]]:
    """Give where the title, the numbers and the days stand."""
    if told.title:
        yield "kind", told.title
    for name, one in single.items():
        if one:
            yield name, _place(one)
    for noun, name in (("quote", "quotes"), ("order", "orders"), ("invoice", "invoices")):
        for count, one in enumerate(named[noun]):
            yield f"{name}.{count}", _place(one)


def _place(reading: Reading[Any]) -> Place:
    return reading.line.place(reading.start, reading.end)


def _sum_of(found: Sequence[Found]) -> int | None:
    """Return the sum of the positions, None when one of them has no amount."""
    amounts = [one.position.net_cents for one in found]
    return (
        sum(cents for cents in amounts if cents is not None)
        if amounts and None not in amounts
        else None
    )


def _doubts(found: Sequence[Found], totals: Totals) -> Iterator[str]:
    """Give "totals" and "positions" when they do not add up."""
    if totals.fits is False:
        yield "totals"
    total = _sum_of(found)
    if total is None or totals.net is None:
        return
    expected = {total, total + sum(totals.extras), *(total + extra for extra in totals.extras)}
    allowed = 2 + len(found)
    if all(abs(abs(totals.net.value) - abs(one)) > allowed for one in expected):
        yield "positions"
