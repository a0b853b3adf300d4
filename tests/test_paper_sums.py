"""Labels of sums and numbers are understood by the words they are made of (X-25)."""

from __future__ import annotations

import pytest

from parsers.files.layout import pages_of
from parsers.files.paper_amounts import decimal_mark_of
from parsers.files.paper_labels import labels_in
from parsers.files.paper_lines import line_of, lines_of
from parsers.files.paper_number_labels import number_labels
from parsers.files.paper_sums import meaning_of
from parsers.files.paper_totals import read_totals

SUMS = {
    "net": ["total net value excl tax", "gesamtnettowert ohne ust eur", "totaal ex. btw"],
    "gross": ["montant total de la commande ttc", "totaal inc. btw", "total value incl tax"],
    "tax": ["total btw", "montant tva"],
    "due": ["total a regler", "te betalen bedrag eur"],
    "subtotal": ["total des articles", "goederen eur"],
    "": ["total", "adresse de livraison", "total ht ttc", "delivery total time"],
}


@pytest.mark.parametrize(
    ("meaning", "label"), [(m, one) for m, many in SUMS.items() for one in many]
)
def test_a_label_means_what_its_words_say(meaning: str, label: str) -> None:
    assert meaning_of(label) == meaning


def test_sums_that_add_up_are_read_without_their_labels() -> None:
    lines = lines_of(pages_of("Bla\t430,50\nFoo 21 %\t90,41\nBar\t520,91"))
    totals = read_totals(lines, decimal_mark_of(lines), 43050)
    assert (totals.net and totals.net.value, totals.tax_cents) == (43050, 9041)
    assert totals.gross and totals.gross.value == 52091


NUMBERS = [
    ("Bestellnummer Kunde\tBE-1188", "order+"),
    ("Angebot vom / Nr.\t10.11.2026 / VA-4480", "quote+"),
    ("Devis accepté\tDE04431", "quote+"),
    ("V/réf. (devis)\tDE04418", "quote+"),
    ("OFFERTENUMMERS\t26.1190, 26.1194", "quote+"),
    ("Ursprungsrechnung Nr.\tRE-7", "invoice+"),
]


@pytest.mark.parametrize(("text", "meaning"), NUMBERS)
def test_words_of_one_kind_of_paper_label_its_number(text: str, meaning: str) -> None:
    line = line_of(text)
    assert line is not None
    assert [label.meaning for label in number_labels(line)] == [meaning]


def test_the_address_of_a_page_labels_no_number() -> None:
    line = line_of("https://portal.example/po/print?id=88712")
    assert line is not None
    assert number_labels(line) == ()
    assert labels_in(line, {}) == ()
