"""Read the XML that goes with a paper: inside a PDF (Factur-X, ZUGFeRD, Order-X) or alone (X-24).

The XML is what the sender's program meant; the drawn page is what it printed. The XML wins, the
page fills what it leaves out, and where they contradict one another a doubt says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from parsers.business import BusinessDocument, Confidence, DocumentKind, Party, Place, Source
from parsers.files.cii import read_cii
from parsers.files.pdf_objects import EmbeddedFile, files_in, open_pdf
from parsers.files.type_codes import is_root
from parsers.files.ubl import read_ubl
from parsers.files.xml_tree import LARGEST, parse

_NAMES = (
    "order-x.xml",
    "factur-x.xml",
    "xrechnung.xml",
    "zugferd-invoice.xml",
    "cii.xml",
    "ubl.xml",
)
_MOST_READ = 12
_MOST_OCTETS = 2 * LARGEST
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]{0,400}<")
_CII = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument", "SCRDMCCBDACIOMessageStructure"})
_SEVERAL = "several_xml"
_APART = "xml_and_paper"


def read_xml(data: bytes) -> BusinessDocument | None:
    """Return what an XML file says, None when it is no order, invoice or the like, or broken.

    Raises nothing but MemoryError. `text` holds its notes and descriptions, a line for each.
    """
    root = parse(data)
    if root is None or not is_root(root.tag):
        return None
    return read_cii(root) if root.tag in _CII else read_ubl(root)


def read_embedded(data: bytes) -> BusinessDocument | None:
    """Return what the XML inside a PDF says, None when it holds none of ours.

    Well-known names go first, then what looks like XML whatever its name; a PDF inside the PDF
    is another paper and is not opened. Files that contradict the one taken are a doubt,
    "several_xml". Raises nothing but MemoryError.
    """
    reader = open_pdf(data)
    found = list(_documents(files_in(reader))) if reader else []
    if not found:
        return None
    first = found[0]
    if any((one.number, one.kind) != (first.number, first.kind) for one in found):
        return replace(first, doubts=(*first.doubts, _SEVERAL))
    return first


def _documents(files: tuple[EmbeddedFile, ...]) -> Iterator[BusinessDocument]:
    """Read the most promising files, as long as they cost little."""
    left = _MOST_OCTETS
    for file in sorted(files, key=_rank)[:_MOST_READ]:
        content = file.content(LARGEST)
        left -= len(content)
        if left < 0:
            return
        document = read_xml(content) if _MARKUP.match(content) else None
        if document:
            yield replace(document, reasons=(f"{document.reasons[0]}, in {_printable(file.name)}",))


def _printable(name: str) -> str:
    """Return a name that can be written down, whatever a PDF calls its file."""
    sound = name.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in sound[:80])


def _rank(file: EmbeddedFile) -> int:
    """Order files: well-known names, then other XML, then the rest."""
    name = file.name.lower().replace("\\", "/").rpartition("/")[2]
    if name in _NAMES:
        return _NAMES.index(name)
    return len(_NAMES) + (not name.endswith(".xml"))


def completed(xml: BusinessDocument, paper: BusinessDocument) -> BusinessDocument:
    """Return the XML's document with its gaps filled from the page, field by field.

    A number, a gross amount, a date or a kind in which they contradict one another adds the doubt
    "xml_and_paper". A quote whose page is signed is a signed quote. A page that was only guessed
    adds nothing.
    """
    if paper.source is Source.GUESS:
        paper = BusinessDocument(readable=False, signs=paper.signs)
    signed = paper.readable and (xml.kind, paper.kind) == (
        DocumentKind.QUOTE,
        DocumentKind.SIGNED_QUOTE,
    )
    doubts = (_APART,) if _apart(xml, paper) else ()
    return replace(
        xml,
        kind=paper.kind if signed else xml.kind,
        confidence=paper.confidence if signed else _confidence(xml, paper),
        reasons=tuple(dict.fromkeys((*xml.reasons, *paper.reasons))) if signed else xml.reasons,
        source=Source.XML,
        readable=True,
        number=xml.number or paper.number,
        quotes=xml.quotes or paper.quotes,
        orders=xml.orders or paper.orders,
        invoices=xml.invoices or paper.invoices,
        rma_numbers=xml.rma_numbers or paper.rma_numbers,
        serials=xml.serials or paper.serials,
        seller=_party(xml.seller, paper.seller),
        buyer=_party(xml.buyer, paper.buyer),
        positions=xml.positions or paper.positions,
        **_sums(xml, paper),
        dated=xml.dated or paper.dated,
        valid_until=xml.valid_until or paper.valid_until,
        signs=tuple(dict.fromkeys((*xml.signs, *paper.signs))),
        doubts=tuple(dict.fromkeys((*xml.doubts, *doubts))),
        places=_places(xml, paper),
        text=paper.text or xml.text,
    )


def _sums(xml: BusinessDocument, paper: BusinessDocument) -> dict[str, Any]:
    """Return the totals; those of a page in another currency fill no gap."""
    other = xml.currency and paper.currency and xml.currency != paper.currency
    names = ("net_cents", "tax_cents", "gross_cents")
    said = {name: getattr(xml, name) for name in names}
    filled = {n: getattr(paper, n) if v is None and not other else v for n, v in said.items()}
    return {**filled, "currency": xml.currency or paper.currency}


def _confidence(xml: BusinessDocument, paper: BusinessDocument) -> Confidence:
    """Trust the XML's kind a little less when the page names another one."""
    if xml.confidence is Confidence.SURE and _other_kind(xml, paper):
        return Confidence.LIKELY
    return xml.confidence


def _other_kind(xml: BusinessDocument, paper: BusinessDocument) -> bool:
    unsaid = {DocumentKind.OTHER, xml.kind}
    quotes = {DocumentKind.QUOTE, DocumentKind.SIGNED_QUOTE}
    return paper.readable and paper.kind not in unsaid and not {xml.kind, paper.kind} <= quotes


def _apart(xml: BusinessDocument, paper: BusinessDocument) -> bool:
    """Tell whether the page says another number, amount, date or kind than the XML."""
    numbers = _bare(xml.number), _bare(paper.number)
    pairs = (
        numbers,
        (xml.gross_cents, paper.gross_cents),
        (xml.dated, paper.dated),
        (xml.currency, paper.currency),
    )
    apart = any(a not in {None, ""} and b not in {None, ""} and a != b for a, b in pairs)
    return apart or _other_kind(xml, paper)


def _bare(number: str) -> str:
    """Return the letters and digits of a number."""
    return "".join(character for character in number.upper() if character.isalnum())


def _party(xml: Party, paper: Party) -> Party:
    """Fill the gaps of a party, unless the page names another company."""
    if xml.siret and paper.siret and xml.siret[:9] != paper.siret[:9]:
        return xml
    return Party(
        name=xml.name or paper.name, siret=xml.siret or paper.siret, vat=xml.vat or paper.vat
    )


def _places(xml: BusinessDocument, paper: BusinessDocument) -> Mapping[str, Place]:
    """Return where each value that was taken stands: the page's only where the XML says nothing."""
    filling = {name: place for name, place in paper.places.items() if not _says(xml, name)}
    return {**filling, **xml.places}


def _says(xml: BusinessDocument, name: str) -> bool:
    """Tell whether the XML has a value of its own for the field of a place: "gross", "quotes.0"."""
    head = name.split(".", maxsplit=1)[0]
    value = getattr(xml, head, None) if hasattr(xml, head) else getattr(xml, f"{head}_cents", None)
    return value not in {None, "", (), Party()}
