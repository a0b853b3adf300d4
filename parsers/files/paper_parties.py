"""Read who sells and who buys: by labels ("Fournisseur", "Bill to"), else by where they stand.

Words that stand together are blocks. Without a label the block at the head of the page is who
wrote the paper, the next address is whom it goes to; who writes an order buys, who writes
anything else sells. Company numbers belong to the block they stand in, those of the foot to the
writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers.business import DocumentKind, Party, Place
from parsers.fields.check_digits import siren_holds, siret_holds, vat_holds, vat_is_known
from parsers.files.paper_labels import SEPARATORS, labels_in, phrases_named, phrases_of, words_named
from parsers.files.paper_lines import Cell, Line
from parsers.folding import fold
from parsers.word_lists import mapping_in, read_words

_LINES = 120
_VAT = re.compile(
    r"(?<![a-z0-9])(?:fr ?[a-z0-9]{2} ?\d{3}[ .]?\d{3}[ .]?\d{3}|be ?[01]\d{3}[ .]?\d{3}[ .]?\d{3}"
    r"|de ?\d{3} ?\d{3} ?\d{3}|nl ?\d{9} ?b ?\d\d|lu ?\d{8}|at ?u\d{8}|gb ?\d{3} ?\d{4} ?\d\d"
    r"|che[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?: (?:mwst|tva|iva))?|it ?\d{11}|es ?[a-z0-9]\d{7}[a-z0-9]"
    r"|ie ?\d[a-z0-9]\d{5}[a-z]{1,2}|pl ?\d{10}|pt ?\d{9}|dk ?\d{8})(?![a-z0-9])"
)
_SIRET = re.compile(r"\bsiret\b[^0-9\t]{0,12}(\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5})(?!\d)")
_SIREN = re.compile(r"\b(?:siren|rcs)\b[^0-9\t]{0,24}(\d{3}[ .]?\d{3}[ .]?\d{3})(?! ?\d)")
_POSTCODE = re.compile(
    r"(?:^|[ ,])(?:[a-z]{1,2}-)?\d{4,5}(?: [a-z]{2})? [a-z]{2}|[a-z]{1,2}\d[a-z0-9]? \d[a-z]{2}\b"
)
_NOT_NAME = re.compile(
    r"\d{2} \d{2} \d{2}|@|www\.|^(?:tel|fax|n |no |nr|siret|siren|tva|vat|btw|ust|rcs|page|date|datum|attn|"
    r"a l'attention|z\. ?hd|t\.a\.v|m\. |mme |mr |herr |frau |iban)"
)
_NEAR = 1.9


@dataclass(slots=True)
class _Block:
    """Cells that stand under one another, and whose they are by their label."""

    cells: list[tuple[Line, Cell]]
    role: str = ""

    @property
    def texts(self) -> list[str]:
        """The text of each cell."""
        return [line.text[cell.start : cell.end] for line, cell in self.cells]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parties:
    """Who sells and who buys, where their names stand, and doubts about their numbers."""

    seller: Party
    buyer: Party
    places: tuple[tuple[str, Place], ...] = ()
    doubts: tuple[str, ...] = ()


def read_parties(lines: Sequence[Line], kind: DocumentKind, table: int) -> Parties:
    """Return who sells and buys. `table` is the index of the first line of the positions: names
    stand above it."""
    writer, reader = ("buyer", "seller") if kind is DocumentKind.ORDER else ("seller", "buyer")
    blocks = _blocks([line for line in lines[: min(table, _LINES)] if line.page == 1])
    named = {role: _named(blocks, role) for role in ("seller", "buyer", "ship")}
    named["buyer"] = named["buyer"] or named["ship"]
    free = [block for block in blocks if not block.role and _is_address(block)]
    taken = {_key(name[0]) for name in named.values() if name}
    for role in (writer, reader):
        named[role] = named[role] or _first_free(free, taken, blocks if role == writer else [])
        if found := named[role]:
            taken.add(_key(found[0]))
    parties = {
        role: Party(name=found[0] if (found := named[role]) else "") for role in ("seller", "buyer")
    }
    parties = _with_numbers(parties, lines, blocks, writer, named)
    places = tuple((role, found[1]) for role in parties if (found := named[role]))
    return Parties(**parties, places=places, doubts=tuple(_doubts(parties.values())))


def _key(name: str) -> str:
    return fold(name).strip()


def _blocks(lines: Sequence[Line]) -> list[_Block]:
    """Return the cells of a head as blocks, in the order in which they begin."""
    blocks: list[_Block] = []
    open_blocks: list[_Block] = []
    for line in lines:
        open_blocks = [
            b for b in open_blocks if line.top - b.cells[-1][0].top <= _NEAR * line.height
        ]
        for cell in line.cells:
            role = _role(line, cell)
            block = None if role else _above(open_blocks, cell, line)
            if block is None:
                block = _Block([], role)
                blocks.append(block)
                open_blocks.append(block)
            block.cells.append((line, cell))
    return blocks


def _above(blocks: Iterable[_Block], cell: Cell, line: Line) -> _Block | None:
    """Return the block a cell goes on: it begins at the same left edge, or right under it."""
    best: tuple[float, _Block] | None = None
    for block in blocks:
        last, above = block.cells[-1]
        if last is line or abs(above.left - cell.left) > 40:
            continue
        if best is None or abs(above.left - cell.left) < best[0]:
            best = (abs(above.left - cell.left), block)
    return best[1] if best else None


def _role(line: Line, cell: Cell) -> str:
    """Return whose block a cell begins, "" when it says nothing: the label stands at its start
    and is alone, or a colon follows."""
    for label in labels_in(line, phrases_named("parties")):
        if cell.start <= label.start < cell.end and not line.folded[cell.start : label.start].strip(
            " -*"
        ):
            rest = line.folded[label.end : cell.end].lstrip(" )/")
            if (
                not rest
                or rest.startswith((":", "("))
                or line.text[label.start : label.end].isupper()
            ):
                return label.meaning
    return ""


def _named(blocks: Sequence[_Block], role: str) -> tuple[str, Place] | None:
    """Return the name in the first block with such a label, beside the label or under it."""
    for number, block in enumerate(blocks):
        if block.role != role:
            continue
        line, cell = block.cells[0]
        beside = _behind_colon(line, cell)
        cells = [(line, beside)] if beside else []
        cells += block.cells[1:] or _right_of(blocks, number)
        for one, place in cells:
            if name := _name(one, place):
                return name, one.place(place.start, place.end)
    return None


def _behind_colon(line: Line, cell: Cell) -> Cell | None:
    """Return what follows the label of a cell, in it."""
    label = next(
        (one for one in labels_in(line, phrases_named("parties")) if one.start >= cell.start), None
    )
    start = label.end if label else cell.end
    while start < cell.end and line.folded[start] in SEPARATORS + ")":
        start += 1
    return replace(cell, start=start) if start < cell.end else None


def _right_of(blocks: Sequence[_Block], number: int) -> list[tuple[Line, Cell]]:
    """Return the block right of a label that stands alone."""
    line, cell = blocks[number].cells[0]
    for block in blocks[number + 1 :]:
        if block.cells[0][0] is line and not block.role and block.cells[0][1].left > cell.right:
            return block.cells
    return []


def _name(line: Line, cell: Cell) -> str:
    """Return the text of a cell when it can be the name of a firm, "" otherwise."""
    text = line.text[cell.start : cell.end].strip(" :-,|")
    folded = fold(text)
    letters = sum(map(str.isalpha, text))
    code = " " not in text and any(map(str.isdigit, text))
    wrong = letters < 3 or code or text[0].isdigit() or _NOT_NAME.search(folded)
    if wrong or _POSTCODE.search(folded) or _is_label(line, cell):
        return ""
    return text[:120]


def _is_label(line: Line, cell: Cell) -> bool:
    """Tell a label, a title or a date from a name."""
    text = line.folded[cell.start : cell.end]
    titles = mapping_in(read_words("paper"), "nouns")
    first = [one for one in labels_in(line, phrases_of(titles)) if one.start == cell.start]
    rest = text[first[0].end - cell.start :].strip(" .:#°-") if first else text
    numbered = bool(first) and (not rest or any(map(str.isdigit, rest)))
    dates = phrases_of(
        {"date": (*words_named("dated"), *words_named("others"), *words_named("valid"))}
    )
    dated = any(one.start == cell.start for one in labels_in(line, dates))
    return numbered or (dated and (":" in text or any(map(str.isdigit, text))))


def _is_address(block: _Block) -> bool:
    """Tell a block with a postcode and a town."""
    return any(_POSTCODE.search(fold(text)) for text in block.texts)


def _first_free(
    free: Sequence[_Block], taken: set[str], blocks: Sequence[_Block]
) -> tuple[str, Place] | None:
    """Return the name of the first address nobody has; without one that of the first block."""
    for block in (*free, *(one for one in blocks if not one.role)):
        for line, cell in block.cells[:2]:
            name = _name(line, cell)
            if name and _key(name) not in taken:
                return name, line.place(cell.start, cell.end)
            if name:
                break
    return None


def _with_numbers(
    parties: dict[str, Party],
    lines: Sequence[Line],
    blocks: Sequence[_Block],
    writer: str,
    named: dict[str, tuple[str, Place] | None],
) -> dict[str, Party]:
    """Give each party the company numbers of its blocks; those of nobody's to the writer."""
    owners: dict[int, str] = {}
    for block in blocks:
        role = "buyer" if block.role == "ship" else block.role or _owner(block, named)
        for line, cell in block.cells:
            owners[id(line) ^ cell.start] = role
    for line in lines:
        for cell in line.cells:
            told = line.folded[cell.start : cell.end]
            role = _said(told) or owners.get(id(line) ^ cell.start) or writer
            parties[role] = _with_number(parties[role], told)
    return parties


def _owner(block: _Block, named: dict[str, tuple[str, Place] | None]) -> str:
    """Return whose name stands in a block."""
    texts = {_key(text.strip(" :-,|")) for text in block.texts}
    return next(
        (r for r, found in named.items() if r != "ship" and found and _key(found[0]) in texts), ""
    )


_THEIRS = {
    "buyer": re.compile(r"(?:tva|siret|vat|btw)[^:]{0,25}\b(?:client|customer|buyer|klant)\b|\b(?:client|customer|klant|kunden?)\b[^:]{0,12}(?:tva|vat|btw|ust)|\b(?:ihre|uw|votre|your) (?:ust|btw|n° (?:de )?tva|vat)"),
}  # fmt: skip


def _said(told: str) -> str:
    """Return whose number a line says it is, "" when it does not."""
    return next((role for role, pattern in _THEIRS.items() if pattern.search(told)), "")


def _with_number(party: Party, told: str) -> Party:
    """Return the party with the numbers of a folded text, those it has kept."""
    vat = _VAT.search(told) if not party.vat else None
    siret = _SIRET.search(told) if len(party.siret) < 14 else None
    siren = _SIREN.search(told) if not party.siret else None
    number = siret or siren
    return replace(
        party,
        vat=re.sub(r"[ .-]|(?:MWST|TVA|IVA)$", "", vat[0].upper()) if vat else party.vat,
        siret=re.sub(r"\D", "", number[1]) if number else party.siret,
    )


def _doubts(parties: Iterable[Party]) -> Iterable[str]:
    """Give "siret" and "vat" when a number cannot exist."""
    for party in parties:
        if party.siret and not (siret_holds if len(party.siret) > 9 else siren_holds)(party.siret):
            yield "siret"
        if party.vat and vat_is_known(party.vat) and not vat_holds(party.vat):
            yield "vat"
