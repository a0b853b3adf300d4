"""What is done to a printed paper: XML put in, signed electronically, scanned."""

from __future__ import annotations

import random
from io import BytesIO

import pypdfium2
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)  # fmt: skip
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .einvoices import NAMES, cii
from .paper import Paper
from .ubl import ubl

Box = tuple[float, float, float, float]


def finished(paper: Paper, data: bytes, box: Box) -> bytes:
    """Return the file as it is sent."""
    xml = paper.extra.get("xml", "")
    if paper.extra.get("plain"):
        return ubl(paper) if xml == "ubl" else cii(paper)
    sign = paper.extra.get("sign", {})
    if paper.extra.get("sign_field"):
        sign = {"field": ""}
    fields = sign.get("fields") or paper.extra.get("empty_fields")
    if fields:
        data = filled(data, fields, box)
    if {"note", "stamp", "hand", "digital", "field"} & sign.keys():
        data = signed(data, sign, box)
    if paper.extra.get("scan"):
        data = scanned(data, paper.extra["scan"], len(paper.file))
    if xml:
        data = embedded(data, paper, xml)
    return data


def embedded(data: bytes, paper: Paper, xml: str) -> bytes:
    """Embed the XML as Factur-X, Order-X or a UBL file."""
    writer = PdfWriter(clone_from=BytesIO(data))
    name = {"ubl": f"{paper.number}.xml", "zugferd": "ZUGFeRD-invoice.xml"}.get(xml)
    content = ubl(paper) if xml == "ubl" else cii(paper)
    writer.add_attachment(name or NAMES[paper.form], content)
    return _saved(writer)


def _saved(writer: PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _rectangle(box: tuple[float, ...]) -> ArrayObject:
    return ArrayObject([FloatObject(one) for one in box])


def signed(data: bytes, sign: dict[str, str], box: Box) -> bytes:
    """Put a note, a stamp, a hand's line or a signature field on the last page."""
    writer = PdfWriter(clone_from=BytesIO(data))
    page = len(PdfReader(BytesIO(data)).pages) - 1
    if "note" in sign:
        note = FreeText(text=sign["note"], rect=box, font="Helvetica", font_size="11pt")
        writer.add_annotation(page, note)
    if "stamp" in sign:
        writer.add_annotation(
            page, _annotation("/Stamp", box, Contents=sign["stamp"], Name="/Approved")
        )
    if "hand" in sign:
        left, low, *_ = box
        points = ((left + 10 + 9 * n + 5 * (n % 3), low + 6 + 17 * (n % 3)) for n in range(12))
        line = [FloatObject(one) for point in points for one in point]
        mark = _annotation("/Ink", box, Contents=sign["hand"])
        mark[NameObject("/InkList")] = ArrayObject([ArrayObject(line)])
        writer.add_annotation(page, mark)
    if "digital" in sign or "field" in sign:
        _signature_field(writer, page, sign.get("digital", ""), box)
    return _saved(writer)


def _annotation(subtype: str, box: Box, **texts: str) -> DictionaryObject:
    mark = DictionaryObject()
    mark[NameObject("/Type")] = NameObject("/Annot")
    mark[NameObject("/Subtype")] = NameObject(subtype)
    mark[NameObject("/Rect")] = _rectangle(box)
    mark[NameObject("/F")] = NumberObject(4)
    for name, text in texts.items():
        is_name = name == "Name"
        mark[NameObject(f"/{name}")] = NameObject(text) if is_name else TextStringObject(text)
    return mark


def _signature_field(writer: PdfWriter, page: int, by: str, box: Box) -> None:
    """Add a field to sign in, signed by somebody or still empty."""
    mark = _annotation("/Widget", box, T="Signature1")
    mark[NameObject("/FT")] = NameObject("/Sig")
    if by:
        value = DictionaryObject()
        value[NameObject("/Type")] = NameObject("/Sig")
        value[NameObject("/Filter")] = NameObject("/Adobe.PPKLite")
        value[NameObject("/SubFilter")] = NameObject("/ETSI.CAdES.detached")
        value[NameObject("/Name")] = TextStringObject(by)
        value[NameObject("/M")] = TextStringObject("D:20261105101502+01'00'")
        value[NameObject("/ByteRange")] = ArrayObject(NumberObject(n) for n in (0, 10, 20, 30))
        value[NameObject("/Contents")] = ByteStringObject(b"\x30\x82" + bytes(200))
        mark[NameObject("/V")] = writer._add_object(value)
    writer.add_annotation(page, mark)
    fields = ArrayObject([writer.pages[page]["/Annots"][-1].indirect_reference])
    form = DictionaryObject()
    form[NameObject("/Fields")] = fields
    form[NameObject("/SigFlags")] = NumberObject(3 if by else 1)
    writer._root_object[NameObject("/AcroForm")] = form


def scanned(data: bytes, way: str, seed: int) -> bytes:
    """Return pages that are only pictures, as a scanner or a telephone makes them."""
    chance = random.Random(seed)
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    document = pypdfium2.PdfDocument(data)
    for page in document:
        picture = page.render(scale=1.6).to_pil().convert("L")
        canvas.drawImage(ImageReader(_worn(picture, way, chance)), 0, 0, *A4)
        canvas.showPage()
    document.close()
    canvas.save()
    return target.getvalue()


def joined(first: bytes, second: bytes) -> bytes:
    """Return one file with the pages of both."""
    writer = PdfWriter(clone_from=BytesIO(first))
    for page in PdfReader(BytesIO(second)).pages:
        writer.add_page(page)
    return _saved(writer)


def filled(data: bytes, fields: dict[str, str], box: Box) -> bytes:
    """Add a form to fill in into the box; what somebody typed is only in its fields."""
    writer = PdfWriter(clone_from=BytesIO(data))
    page = len(writer.pages) - 1
    left, low, right, top = box
    height = (top - low) / max(1, len(fields))
    marks = ArrayObject()
    for count, (name, value) in enumerate(fields.items()):
        place = (left, top - (count + 1) * height, right, top - count * height)
        mark = _annotation("/Widget", place, T=name, V=value or "", DA="/Helv 9 Tf 0 g")
        mark[NameObject("/FT")] = NameObject("/Tx")
        writer.add_annotation(page, mark)
        marks.append(writer.pages[page]["/Annots"][-1].indirect_reference)
    form = DictionaryObject()
    form[NameObject("/Fields")] = marks
    writer._root_object[NameObject("/AcroForm")] = form
    return _saved(writer)


def with_hidden_text(pictures: bytes, text: bytes) -> bytes:
    """Lay the invisible text of a scanner's own OCR over its pictures."""
    writer = PdfWriter(clone_from=BytesIO(pictures))
    for page, words in zip(writer.pages, PdfReader(BytesIO(text)).pages, strict=True):
        page.merge_page(words)
    return _saved(writer)


def _worn(picture: Image.Image, way: str, chance: random.Random) -> Image.Image:
    if way == "clean":
        return picture
    turned = picture.rotate(chance.uniform(-1.6, 1.6), Image.Resampling.BICUBIC, fillcolor=246)
    noise = Image.frombytes("L", turned.size, chance.randbytes(turned.width * turned.height))
    return Image.blend(turned, noise, 0.12 if way == "noisy" else 0.05)
