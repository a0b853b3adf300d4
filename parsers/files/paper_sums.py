"""Tell what a sum is by the words its label is made of, in any order: "Total net value excl. tax",
"Gesamtnettowert ohne USt", "Montant de la commande T.T.C."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from parsers.files.paper_labels import Label, tokens_of
from parsers.files.paper_lines import Cell, Line
from parsers.word_lists import mapping_in, read_words

_FIGURE = re.compile(
    r"(?<![\w.,])(?:[€£$]|(?:eur|chf|gbp|usd)(?=[ \d]))? ?-?\d[\d.,']*(?P<rate> ?%)?"
)
_MOST = 8
_COMPOUND = re.compile(r"(?:gesamt|summe|total|rechnungs|auftrags|bestell|angebots|end|waren)\w+")


def composed(line: Line, labels: Sequence[Label]) -> list[Label]:
    """Return the labels of a line; where all words before a figure are words of sums, they are
    one label."""
    kept = list(labels)
    for cell in line.cells:
        end = _label_end(line, cell)
        meaning = meaning_of(line.folded[cell.start : end])
        if meaning:
            kept = [one for one in kept if not cell.start <= one.start < end]
            kept.append(Label(meaning=meaning, start=cell.start, end=end))
    return sorted(kept, key=lambda one: one.start)


def _label_end(line: Line, cell: Cell) -> int:
    """Return where the words before the first figure of a cell end."""
    figures = _FIGURE.finditer(line.folded, cell.start, cell.end)
    found = next((one for one in figures if not one["rate"]), None)
    said = line.folded[cell.start : found.start() if found else cell.end]
    return cell.start + len(said.rstrip(" :.=-("))


@lru_cache(maxsize=1_024)
def meaning_of(folded: str) -> str:
    """Return what words say of a sum: net, tax, gross, due, total, subtotal; "" for other words,
    for one word alone, and for words that say two things."""
    said = [token.text for token in tokens_of(folded)]
    kinds = [_kind(word) for word in said]
    if not 1 < len(said) <= _MOST or "" in kinds:
        return ""
    return _meant(kinds)


def _meant(kinds: Sequence[str]) -> str:
    """Return the meaning of kinds of words."""
    told = set(kinds)
    if "with" in told and told & {"without", "net"}:
        return ""
    if "with" in told:
        return "gross" if told & {"sum", "tax", "goods"} else ""
    if "without" in told:
        return "net" if told & {"sum", "tax", "goods", "net"} else ""
    if "tax" in told:
        return "tax" if not told & {"net", "goods", "pay"} else ""
    if "pay" in told:
        return "due" if told & {"sum", "net"} else ""
    if "net" in told:
        return "net" if told & {"sum", "goods"} else ""
    if "goods" in told:
        return "subtotal"
    return "total" if "sum" in told else ""


def _kind(word: str) -> str:
    """Return what a word tells of a sum, "" for a word that labels none."""
    kind = _kinds().get(word, "")
    if kind or not _COMPOUND.fullmatch(word):
        return kind
    return "net" if "netto" in word else "with" if "brutto" in word else "sum"


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {
        word: kind
        for kind, words in mapping_in(read_words("paper"), "sums").items()
        for word in words
    }


_kinds()  # a process that may load nothing any more finds them made
