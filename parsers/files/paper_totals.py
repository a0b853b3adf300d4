"""Read what a paper amounts to: without tax, the tax, and all in all.

Labels propose amounts, arithmetic decides: of several candidates those win that add up, net and
tax to gross. A row with a rate and two amounts that fit it is a line of a tax table, whatever
it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from parsers.files.paper_amounts import Written, numbers_in
from parsers.files.paper_labels import Label, Reading, labels_in, names_columns, phrases_named
from parsers.files.paper_lines import Line, beneath
from parsers.files.paper_sums import composed

Money = Reading[int]
_CANDIDATES = 10
_TOLERANCE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """The amounts of a paper in cents, each with where it stands, None when not found. `fits` is
    whether net and tax make gross, None when one of them is missing."""

    net: Money | None = None
    tax: Money | None = None
    gross: Money | None = None
    tax_cents: int | None = None
    extras: tuple[int, ...] = ()
    fits: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """Candidates by the meaning of their label, last ones first, and the lines of a tax table."""

    by_meaning: dict[str, list[Money]]
    rates: dict[Decimal, Money] = field(default_factory=dict)

    def of(self, *meanings: str) -> list[Money]:
        """Return the candidates of some meanings, each meaning's last ones first."""
        found = [money for name in meanings for money in self.by_meaning.get(name, [])[::-1]]
        return found[:_CANDIDATES]


def read_totals(lines: Sequence[Line], mark: str, sum_of_positions: int | None = None) -> Totals:
    """Return the totals of a paper. `lines` are those outside the table of positions, whose sum
    helps to tell what a bare "total" is."""
    found = _candidates(lines, mark)
    extras = _extras(found)
    for gross, net, tax, cents in _sums(found):
        return Totals(net=net, tax=tax, gross=gross, tax_cents=cents, extras=extras, fits=True)
    told = added_up(lines, mark, sum_of_positions)
    if told and _agrees(told, found):
        return replace(told, extras=extras)
    return _unproven(found, sum_of_positions, extras)


def _agrees(told: Totals, found: _Found) -> bool:
    """Tell whether sums nobody labelled are those that some label names."""
    named = {money.value for many in found.by_meaning.values() for money in many}
    sums = {money.value for money in (told.net, told.tax, told.gross) if money}
    return not named or bool(named & sums)


def added_up(lines: Sequence[Line], mark: str, positions: int | None) -> Totals | None:
    """Return net, tax and gross that add up and make a usual rate, whatever stands beside them:
    the net is the sum of the positions. None when there are none."""
    if not positions:
        return None
    money = [
        _money(line, written)
        for line in lines
        for written in numbers_in(line.text, mark)
        if written.is_money
    ][-_LAST:]
    known = {one.value: one for one in money}
    net = known.get(positions)
    for gross in reversed(money):
        tax = known.get(gross.value - positions)
        if net and tax and _LOWEST <= tax.value / positions <= _HIGHEST:
            return Totals(net=net, tax=tax, gross=gross, tax_cents=tax.value, fits=True)
    return None


_LAST, _LOWEST, _HIGHEST = 60, 0.02, 0.28
"""Amounts looked at, and the rates of tax that there are."""


def _candidates(lines: Sequence[Line], mark: str) -> _Found:
    found = _Found(by_meaning={})
    for index, line in enumerate(lines):
        labels = _outer(line, composed(line, labels_in(line, phrases_named("totals"))))
        if names_columns(line):
            continue
        for label, following in pairwise([*labels, None]):
            money = _amount_of(lines, index, label, following, mark) if label else None
            if label and money:
                found.by_meaning.setdefault(label.meaning, []).append(money)
        _add_rates(line, labels, mark, found.rates)
    return found


def _outer(line: Line, labels: Sequence[Label]) -> list[Label]:
    """Leave out labels in brackets behind another: "Total TTC (dont TVA 20 %) 412,80"."""
    kept: list[Label] = []
    for label in labels:
        before = line.folded[kept[-1].end : label.start] if kept else ""
        if not ("(" in before and ")" not in before):
            kept.append(label)
    return kept


def _amount_of(
    lines: Sequence[Line], index: int, label: Label, following: Label | None, mark: str
) -> Money | None:
    """Return the amount behind a label, before the next one; else the one under it."""
    line = lines[index]
    end = following.start if following else len(line.text)
    written = [
        w for w in numbers_in(line.text, mark) if label.start < w.start and label.end < w.end <= end
    ]
    money = [w for w in written if w.is_money and not _is_base(line, w)]
    if money:
        return _money(line, money[-1])
    if any(not w.percent and not w.is_money for w in written):
        return None
    cell = line.cells[line.cell_at(label.start)]
    for other, under in beneath(lines, index, cell, most=1):
        alone = [w for w in numbers_in(other.text, mark) if under.start <= w.start < under.end]
        if len(alone) == 1 and alone[0].is_money and not _has_words(other):
            return _money(other, alone[0])
    return None


_OF = (" on ", " sur ", " auf ", " von ", " over ", " van ", " of ")


def _is_base(line: Line, written: Written) -> bool:
    """Tell what a tax is raised on: "VAT 20 % on 1,394.60"."""
    return line.folded[: written.start].endswith(_OF)


def _has_words(line: Line) -> bool:
    """Tell a line of the table from a row of mere amounts."""
    return sum(word.isalpha() and len(word) > 3 for word in line.folded.split()) > 0


def _money(line: Line, written: Written) -> Money:
    return Reading(value=written.cents, line=line, start=written.start, end=written.end)


def _add_rates(line: Line, labels: Iterable[Label], mark: str, rates: dict[Decimal, Money]) -> None:
    """Note the tax of a rate: a row with a rate and two amounts that fit it, or "TVA 20 % 68,80"."""
    written = numbers_in(line.text, mark)
    percents = [w for w in written if w.percent and 0 < w.value < 50]
    money = [w for w in written if w.is_money]
    if len(percents) != 1 or not money:
        return
    rate = percents[0].value
    for base, tax in ((a, b) for a in money for b in money if a is not b):
        if abs(base.cents * rate / 100 - tax.cents) <= 1 and tax.cents:
            rates[rate] = _money(line, tax)
            return
    if len(money) == 1 and any(label.meaning == "tax" for label in labels):
        rates.setdefault(rate, _money(line, money[0]))


def _sums(found: _Found) -> Iterator[tuple[Money, Money, Money | None, int]]:
    """Give the combinations that add up, most telling labels first: gross, net, tax."""
    taxes = list(_taxes(found))
    allowed = _TOLERANCE * max(1, len(found.rates))
    for gross in found.of("gross", "total", "due"):
        for net in found.of("net", "subtotal", "total"):
            for tax, cents in taxes:
                if abs(net.value + cents - gross.value) <= allowed and net is not gross:
                    yield gross, net, tax, cents


def _taxes(found: _Found) -> Iterator[tuple[Money | None, int]]:
    """Give what the tax may be: of all rates together, of a label, none at all."""
    rates = list(found.rates.values())
    if rates:
        yield rates[-1], sum(tax.value for tax in rates)
    labelled = found.of("tax")
    for tax in labelled:
        yield tax, tax.value
    if len(labelled) > 1:
        each = {tax.value: tax for tax in labelled}
        yield labelled[0], sum(tax.value for tax in labelled)
        yield labelled[0], sum(each)
    if not any(tax.value for tax in (*rates, *labelled)):
        yield (labelled[0] if labelled else None), 0


def _unproven(found: _Found, positions: int | None, extras: tuple[int, ...]) -> Totals:
    """Return the last amount of each label when nothing adds up or something is missing."""
    net = next(iter(found.of("net")), None)
    gross = next(iter(found.of("gross")), None)
    tax = next((told for told in _taxes(found) if told[0]), (None, None))
    bare = next(iter(found.of("total")), None)
    if bare and gross is None and (net is not None or bare.value != positions):
        gross = bare if net is None or bare.value > net.value else None
    elif bare and net is None and bare.value == positions:
        net = bare
    gross = gross or _paid(found)
    net = net or (next(iter(found.of("subtotal")), None) if gross or tax[0] else None)
    return Totals(
        net=net,
        tax=tax[0],
        gross=gross,
        tax_cents=tax[1] if tax[0] else None,
        extras=extras,
        fits=False if net and gross and tax[0] else None,
    )


def _paid(found: _Found) -> Money | None:
    """Return what is to be paid when nothing was paid before: then it is all there is."""
    return None if found.of("deposit") else next(iter(found.of("due")), None)


def _extras(found: _Found) -> tuple[int, ...]:
    """Return what may come between the positions and the net: shipping, and discounts below 0."""
    shipping = [money.value for money in found.of("shipping")]
    return (*shipping, *(-abs(money.value) for money in found.of("discount")))
