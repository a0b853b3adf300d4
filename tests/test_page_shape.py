"""A page is read in the order the eye takes: its sides apart, bars and rules left out."""

from __future__ import annotations

from parsers.files.page_shape import shaped
from parsers.files.rows import Word


def word(text: str, left: float, top: float, high: float = 10.0) -> Word:
    return Word(text=text, left=left, top=top, right=left + 5.0 * len(text), bottom=top + high)


def texts(words: list[Word]) -> list[str]:
    return [row.text for row in shaped(words)]


def test_bars_part_cells_and_are_no_words() -> None:
    (row,) = shaped([word("|4711|Pumpe", 50, 50), word("|", 160, 50), word("2|", 165, 50)])
    assert [" ".join(word.text for word in cell) for cell in row.cells] == ["4711", "Pumpe", "2"]


def test_bars_between_words_of_an_address_stay() -> None:
    line = [word("Firma", 50, 50), word("|", 80, 50), word("Köln", 90, 50)]
    assert texts(line) == ["Firma | Köln"]


def test_rules_of_signs_are_no_rows_and_blanks_to_fill_in_are() -> None:
    assert texts([word("-" * 40, 50, 50), word("_" * 40, 50, 70)]) == ["_" * 40]


def side(rows: int, shift: float) -> list[Word]:
    left = [word(f"label{n}", 20, 50 + 20 * n) for n in range(rows)]
    right = [word(f"goods-and-more-words-{n}", 200, 50 + shift + 20 * n) for n in range(rows)]
    return left + right


def test_a_side_of_its_own_is_read_before_the_page() -> None:
    read = texts(side(8, shift=3.0))
    assert read[:8] == [f"label{n}" for n in range(8)]


def test_cells_on_one_line_are_a_table_and_stay_together() -> None:
    assert texts(side(8, shift=0.0))[0] == "label0 goods-and-more-words-0"
