"""E-documents are read in the confined process exactly as outside of it: nothing is loaded late."""

import hashlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from daemon.readers.belief import is_believed
from daemon.readers.workers import Workers
from parsers.business import DocumentKind
from parsers.files.opening import Opened, open_file
from parsers.mail import Attachment, FileKind

from .einvoices import cii, order_x, packed, ubl
from .papers import text_pdf


@pytest.fixture(scope="module")
def confined():
    workers = Workers(open_file, 1, life=50, threads=True)
    yield lambda file: workers.read(file).result(60)
    workers.close()


def file(data, kind=FileKind.PDF, name="commande.pdf"):
    return Attachment(
        filename=name,
        content_type="application/pdf",
        declared_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        kind=kind,
    )


def locked(user, algorithm, data):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt(user, "boss", algorithm=algorithm)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


HYBRID = packed(("order-x.xml", order_x()))
LATIN = cii().replace("UTF-8", "ISO-8859-15").replace("Banque", "Société").encode("iso8859-15")
FILES = {
    "hybrid": file(HYBRID),
    "forbidding rc4": file(locked("", "RC4-128", HYBRID)),
    "forbidding aes": file(locked("", "AES-256", HYBRID)),
    "locked rc4": file(locked("secret", "RC4-128", HYBRID)),
    "locked aes": file(locked("secret", "AES-256", HYBRID)),
    "odd name": file(packed(("\u202e\x07factur.xml", cii()))),
    "program": file(packed(("a.exe", b"MZ"))),
    "no xml": file(text_pdf(["FACTURE N° FA-1", "Total TTC 12,00 €"])),
    "broken": file(HYBRID[:600] + b"%%EOF"),
    "xml": file(order_x().encode(), FileKind.XML, "order.xml"),
    "ubl": file(ubl().encode("utf-16"), FileKind.XML, "ubl.xml"),
    "latin": file(LATIN, FileKind.XML, "cii.xml"),
    "entity": file(
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', FileKind.XML
    ),
}


@pytest.mark.parametrize("one", FILES)
def test_a_confined_reader_says_what_a_free_one_says(confined, one):
    opened = confined(FILES[one])
    assert opened == open_file(FILES[one])
    assert is_believed(opened, Opened)


@pytest.mark.parametrize("one", ["hybrid", "forbidding rc4", "forbidding aes", "xml"])
def test_an_order_is_read_from_its_xml(confined, one):
    document = confined(FILES[one]).document
    assert (document.kind, document.number) == (DocumentKind.ORDER, "BC-4471")
    assert document.quotes == ("D-2026-118",)


@pytest.mark.parametrize(
    "one, refusal",
    [("locked rc4", "encrypted"), ("locked aes", "encrypted"), ("program", "executable")],
)
def test_what_may_not_be_opened_is_refused(one, refusal):
    assert open_file(FILES[one]) == Opened(refusal=refusal)
