"""What the fork server loads once, so that its children need no file afterwards.

Importing this is the work: a reading process can open nothing once it is confined, so whatever
Python or a library would load at its first use is used here. Children share all of it. A fork
server says nothing when this fails, so each child asks for it again before it is confined.
"""

from __future__ import annotations

import encodings
import gc
import pkgutil
from contextlib import suppress
from datetime import date
from importlib import import_module
from io import BytesIO

import chardet
import openpyxl
import pi_heif
from PIL import AvifImagePlugin, Image

import handlers.understanding
import parsers
from parsers.files.opening import open_file
from parsers.files.table_lines import lines_of
from parsers.mail import Attachment, FileKind
from parsers.read import read

_WORDS = "Où est l'élève? Größe, façade à réparer, garçon, naïf, œuvre; Straße überall, bêtise. "
_OTHERS = (
    "Привет, как у вас дела сегодня? ",
    "こんにちは、修理をお願いします。",
    "您好，请修理设备。",
)
_MAIL = """\
From: a@a.example
Subject: =?utf-8?q?R=C3=A9paration?=
Content-Type: text/html; charset=utf-8

<p>{}</p><p>-- <br>A</p><blockquote type=cite>&gt;</blockquote>
"""
_SAID = (
    "Bonjour, je veux que vous répariez l'appareil 123456, merci de me dire combien de jours.",
    "Hello, please repair the device 123456 and tell me how many days it will take, thank you.",
    "Guten Tag, bitte reparieren Sie das Gerät 123456 und sagen Sie mir, wann es fertig ist.",
    "Goedendag, gelieve het toestel 123456 te herstellen en laat me weten wanneer het klaar is.",
)


_PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
/Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>> endobj
4 0 obj <</Length 73>> stream
BT /F 12 Tf 50 700 Td (Bon de commande BC-1, total TTC : 12,00 EUR) Tj ET
endstream endobj
"""
# A library that loads parts of itself only when a file asks for them.
_LAZY = ("pdfminer", "pdfplumber", "pypdf", "lxml")


def load_codecs() -> None:
    """Load every codec of Python, and the tables that some fetch at their first letter."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):  # those of other systems
            import_module(f"encodings.{module.name}")
        for text in (_WORDS, *_OTHERS):
            with suppress(LookupError, UnicodeError):  # those that are no codec of texts
                text.encode(module.name, "ignore").decode(module.name, "ignore")


def load_detector() -> None:
    """Load the tables by which unknown charsets are told apart."""
    for text in (_WORDS, *_OTHERS):
        for codec in ("utf-8", "cp1252", "koi8-r", "shift_jis", "gb18030"):
            chardet.detect((text * 4).encode(codec, "ignore"))


def load_words() -> None:
    """Read a mail in each language: patterns are compiled when their words are first met."""
    for said in _SAID:
        read(_MAIL.format(said).encode())


def load_readers() -> None:
    """Load whatever any file may need: all of our own readers, and all parts of their libraries."""
    for name in _LAZY:
        for module in pkgutil.iter_modules(import_module(name).__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                with suppress(Exception):  # parts that need what is not installed
                    import_module(module.name)
    for module in pkgutil.walk_packages(parsers.__path__, "parsers."):
        import_module(module.name)
    Image.init()
    # One processor for one file; each thread would also reserve memory of the file's share.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener()


def load_files() -> None:
    """Open a paper, so that tables are there before a file needs them."""
    paper = _paper()
    open_file(
        Attachment(
            filename="BC-1.pdf",
            content_type="application/pdf",
            declared_type="application/pdf",
            size=len(paper),
            sha256="",
            data=paper,
            kind=FileKind.PDF,
        )
    )


def load_workbooks() -> None:
    """Read a workbook as a table."""
    book, data = openpyxl.Workbook(), BytesIO()
    book.create_sheet().append([1, "a", 1.5, True, date.min])
    book.save(data)
    list(lines_of(data.getvalue()))


def _paper() -> bytes:
    """Return a whole PDF with one line on its page."""
    places = [_PDF.index(b"%d 0 obj" % number) for number in range(1, 5)]
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    tail = b"trailer <</Size 5 /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(_PDF)
    return _PDF + head + table + tail


load_codecs()
load_detector()
load_words()
load_readers()
load_files()
load_workbooks()
gc.collect()
gc.freeze()  # what is never looked at stays shared with the children
LOADED = handlers.understanding
