"""Read who sells and who buys: by labels ("Fournisseur", "Bill to"), else by where they stand.

Words that stand together are blocks. Without a label the block at the head of the page is who
wrote the paper, the next address is whom it goes to; who writes an order buys, who writes
anything else sells. Company numbers belong to the block they stand in, those of the foot to the
writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.business import DocumentKind, Party, Place
from parsers.fields.check_digits import company_doubts
from parsers.files.paper_blocks import (
    Block,
    Name,
    blocks_of,
    key_of_name,
    letterhead_of,
    name_labelled,
    names_addressed,
)
from parsers.files.paper_lines import Line

_LINES = 120
_VAT = re.compile(
    r"(?<![a-z0-9])(?:fr ?[a-z0-9]{2} ?\d{3}[ .]?\d{3}[ .]?\d{3}|be ?[01]\d{3}[ .]?\d{3}[ .]?\d{3}"
    r"|de ?\d{3} ?\d{3} ?\d{3}|nl ?\d{9} ?b ?\d\d|lu ?\d{8}|at ?u\d{8}|gb ?\d{3} ?\d{4} ?\d\d"
    r"|che[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?: (?:mwst|tva|iva))?|it ?\d{11}|es ?[a-z0-9]\d{7}[a-z0-9]"
    r"|ie ?\d[a-z0-9]\d{5}[a-z]{1,2}|pl ?\d{10}|pt ?\d{9}|dk ?\d{8})(?![a-z0-9])"
)
_SIRET = re.compile(r"\bsiret\b[^0-9\t]{0,12}(\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5})(?!\d)")
_SIREN = re.compile(r"\b(?:siren|rcs)\b[^0-9\t]{0,24}(\d{3}[ .]?\d{3}[ .]?\d{3})(?! ?\d)")
_FOOT = 0.85


@dataclass(frozen=True, kw_only=True, slots=True)
class Parties:
    """Who sells and who buys, where their names stand, and doubts about their numbers."""

    seller: Party
    buyer: Party
    places: tuple[tuple[str, Place], ...] = ()
    doubts: tuple[str, ...] = ()


def read_parties(
    lines: Sequence[Line], kind: DocumentKind, table: int, title: Place | None = None
) -> Parties:
    """Return who sells and buys. `table` is the index of the first line of the positions: names
    stand above it. The title is nobody's name."""
    writer, reader = ("buyer", "seller") if kind is DocumentKind.ORDER else ("seller", "buyer")
    blocks = blocks_of(
        [_untitled(line, title) for line in lines[: min(table, _LINES)] if line.page == 1],
        {"from": writer, "to": reader},
    )
    named = {role: name_labelled(blocks, role) for role in ("seller", "buyer", "ship")}
    named["buyer"] = named["buyer"] or named["ship"]
    taken = {key_of_name(name[0]) for name in named.values() if name}
    free = [one for one in names_addressed(blocks) if key_of_name(one[0]) not in taken]
    if named[writer] is None:
        named[writer] = _writer(free, blocks, taken, _foot(lines), alone=named[reader] is None)
    rest = [one for one in free if one != named[writer] and not _same(one, named[writer])]
    named[reader] = named[reader] or next(iter(rest), None)
    parties = {
        role: Party(name=found[0] if (found := named[role]) else "") for role in ("seller", "buyer")
    }
    parties = _with_numbers(parties, lines, blocks, writer, named)
    places = tuple((role, found[1]) for role in parties if (found := named[role]))
    doubts = (code for one in parties.values() for code in company_doubts(one.siret, one.vat))
    return Parties(**parties, places=places, doubts=tuple(doubts))


def _untitled(line: Line, title: Place | None) -> Line:
    """Return a line without the cell of the title."""
    if title is None or not title.box or title.page != line.page or title.line != line.row.text:
        return line
    left, _, right, _ = title.box
    kept = (cell for cell in line.cells if cell.right <= left or cell.left >= right)
    return replace(line, cells=tuple(kept))


def _same(one: Name, other: Name | None) -> bool:
    return other is not None and key_of_name(one[0]) == key_of_name(other[0])


def _foot(lines: Sequence[Line]) -> str:
    """Return the folded text of the first page's foot: there stands who wrote the paper."""
    return "\n".join(
        line.folded for line in lines if line.page == 1 and line.top > _FOOT * line.page_height
    )


def _writer(
    free: Sequence[Name], blocks: Sequence[Block], taken: set[str], foot: str, *, alone: bool
) -> Name | None:
    """Return who wrote the paper: the address whose name stands in the foot as well; of several
    the first; of one the name of the letterhead above it, when whom it goes to is not labelled."""
    known = next((one for one in free if key_of_name(one[0]) in foot), None)
    if known:
        return known
    heads = (letterhead_of(block) for block in blocks if not block.role)
    head = next((one for one in heads if one and key_of_name(one[0]) not in taken), None)
    if head and (key_of_name(head[0]) in foot or (alone and len(free) < 2)):
        return head
    return next(iter(free), head)


def _with_numbers(
    parties: dict[str, Party],
    lines: Sequence[Line],
    blocks: Sequence[Block],
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


def _owner(block: Block, named: dict[str, tuple[str, Place] | None]) -> str:
    """Return whose name stands in a block."""
    texts = [key_of_name(text) for text in block.texts]
    for role, found in named.items():
        if (
            role != "ship"
            and found
            and any(text.startswith(key_of_name(found[0])) for text in texts)
        ):
            return role
    return ""


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
