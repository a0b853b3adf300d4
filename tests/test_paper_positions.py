"""Positions are read by their arithmetic and their codes, whatever the paper looks like (X-25)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers.business import Position
from parsers.files.layout import pages_of
from parsers.files.paper_amounts import decimal_mark_of
from parsers.files.paper_codes import Segment, codes_of, is_code
from parsers.files.paper_lines import lines_of
from parsers.files.paper_positions import read_positions
from parsers.files.paper_roles import roles_by_content


def positions_in(*rows: str, counted: bool = False) -> list[Position]:
    lines = lines_of(pages_of("\n".join(rows)))
    read = read_positions(lines, decimal_mark_of(lines), counted=counted)
    return [one.position for one in read.found]


def figures(positions: list[Position]) -> list[tuple[str, str, str, int | None]]:
    return [(p.reference, str(p.quantity), str(p.unit_price), p.net_cents) for p in positions]


WAYS = {
    "without a head": ["2\tLECT-400\tLecteur\t172,00\t344,00", "5\tCYL-30\tCylindre\t48,90\t244,50"],
    "backwards": ["344,00\t172,00\t2\tLecteur\tLECT-400", "244,50\t48,90\t5\tCylindre\tCYL-30"],
    "as cards": [
        "Lecteur\t344,00 €", "LECT-400 · 2 × 172,00 €",
        "Cylindre\t244,50 €", "CYL-30 · 5 × 48,90 €",
    ],
    "in sentences": [
        "- 2 pièces Lecteur (LECT-400) à 172,00 € = 344,00 €",
        "- 5 pièces Cylindre (CYL-30) à 48,90 € = 244,50 €",
    ],
    "with words for each figure": [
        "Lecteur\t344,00", "Réf. : LECT-400", "Quantité : 2\tPrix : 172,00",
        "Cylindre\t244,50", "Réf. : CYL-30", "Quantité : 5\tPrix : 48,90",
    ],
    "under heads nobody knows": [
        "Sigle\tChose\tCombien\tChacun\tEnsemble",
        "LECT-400\tLecteur\t2\t172,00\t344,00",
        "CYL-30\tCylindre\t5\t48,90\t244,50",
    ],
    "between bars": [
        "|LECT-400\t|Lecteur\t|2\t|172,00\t|344,00\t|", "|CYL-30\t|Cylindre\t|5\t|48,90\t|244,50\t|",
    ],
}  # fmt: skip


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_quantity_times_a_price_is_a_position(way: str) -> None:
    assert figures(positions_in(*WAYS[way], "Total HT\t588,50")) == [
        ("LECT-400", "2", "172.00", 34400),
        ("CYL-30", "5", "48.90", 24450),
    ]


def test_sums_and_taxes_are_no_positions() -> None:
    assert positions_in("Total HT\t100,00", "TVA 20 %\t20,00", "Total TTC\t120,00") == []


def test_a_discount_is_taken_from_the_price() -> None:
    (position,) = positions_in("3\tRX-45\tKit\t621,64\t12,5 %\t1 631,81")
    assert (position.quantity, position.net_cents) == (3, 163181)


def test_a_price_for_a_hundred_is_told_for_one() -> None:
    (position,) = positions_in("250\tVIS-M8\tVis\t18,00\t100\t45,00")
    assert (position.quantity, position.unit_price) == (250, Decimal("0.18"))


def test_a_count_with_its_unit_stuck_to_it_is_a_count() -> None:
    positions = positions_in(
        "Réf.\tDésignation\tQté\tPU\tMontant", "A-44\tPompe\t4pce\t10,00\t40,00"
    )
    assert figures(positions) == [("A-44", "4", "10.00", 4000)]


def test_counts_and_articles_are_read_without_prices_when_asked() -> None:
    rows = ("2 x\tLECT-400\tLecteur", "12 x\t7700100\tRelais 24 V")
    assert positions_in(*rows) == []
    assert figures(positions_in(*rows, counted=True)) == [
        ("LECT-400", "2", "None", None),
        ("7700100", "12", "None", None),
    ]


def test_counts_without_articles_are_no_positions() -> None:
    assert positions_in("3\tjours de délai", "2\texemplaires", counted=True) == []


@pytest.mark.parametrize("word", ["LECT-400", "7712034", "S/450-12", "100.482.07", "8843-CPU2"])
def test_letters_with_digits_or_many_digits_are_a_code(word: str) -> None:
    assert is_code(word)


@pytest.mark.parametrize("word", ["24V", "0,75", "4-20", "2026", "10.10.26", "300kg", "pompe"])
def test_measures_years_and_days_are_no_code(word: str) -> None:
    assert not is_code(word)


def test_the_place_where_each_position_has_a_code_holds_the_codes() -> None:
    texts = [("Relais 24 V", "REL-7"), ("Filtre G4 fin", "F4-220"), ("Pompe", "P-1")]
    segments = [[Segment(text=text) for text in pair] for pair in texts]
    assert [code.code if code else "" for code in codes_of(segments)] == ["REL-7", "F4-220", "P-1"]


def test_a_column_of_codes_is_the_reference_whatever_its_head_says() -> None:
    cells = [["Bearing kit", "O-ring 12 x 3 mm"], ["RX-450/2", "GH12-M6"], ["3", "12"]]
    assert roles_by_content(("reference", "other", "quantity"), cells) == (
        "description",
        "reference",
        "quantity",
    )


def test_running_numbers_are_no_reference() -> None:
    cells = [["0010", "0020"], ["Pumpe groß", "Ventil klein"], ["3", "12"]]
    assert roles_by_content(("line", "description", "quantity"), cells)[0] == "line"
