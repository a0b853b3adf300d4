"""Readers of files that do what the file says, some of them taken over.

Every child imports this anew, so nothing heavy is imported here.
"""

import os
import signal
import time
from decimal import Decimal

from handlers.understanding import Understood
from parsers.business import BusinessDocument, Photo, Position
from parsers.files.opening import Opened
from parsers.mail import Attachment, FileKind, ParsedMail


def attached(*contents):
    """Return papers with these bytes, named after them."""
    return tuple(
        Attachment(
            filename=f"{content.decode()[:20]}.pdf",
            content_type="application/pdf",
            declared_type="application/pdf",
            size=len(content),
            sha256="0" * 64,
            data=content,
            kind=FileKind.PDF,
        )
        for content in contents
    )


def understand(data, desk):
    """Take the lines of a mail for its files; its desk is its text. A plain one has none."""
    if data == b"plain":
        return Understood(mail=ParsedMail(text=desk))
    if data == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    return Understood(mail=ParsedMail(text=desk, attachments=attached(*data.split(b"\n"))))


def nested():
    value = ()
    for _ in range(60):
        value = (value, value)
    return value


LIES = {
    b"another type": lambda: ParsedMail(text="ours too"),
    b"wrong field": lambda: Opened(document=BusinessDocument(gross_cents="12,00")),
    b"wrong list": lambda: Opened(document=BusinessDocument(quotes=["A-1"])),
    b"huge number": lambda: Opened(photo=Photo(width=10**5000, height=1)),
    b"endless decimal": lambda: Opened(
        document=BusinessDocument(positions=(Position(quantity=Decimal("1E+999999")),))
    ),
    b"no number": lambda: Opened(
        document=BusinessDocument(positions=(Position(quantity=Decimal("NaN")),))
    ),
    b"half a letter": lambda: Opened(document=BusinessDocument(text="\ud800")),
    b"holds itself": lambda: Opened(document=BusinessDocument(quotes=nested())),
    b"too many": lambda: Opened(document=BusinessDocument(quotes=("A",) * 1_000_000)),
    b"own refusal": lambda: Opened(refusal="nobody knows this"),
    b"no picture": lambda: Opened(photo=Photo(width=1, height=1, copy=b"MZ program")),
    b"too long": lambda: Opened(document=BusinessDocument(text="x" * (20 << 20))),
    b"half made": lambda: Opened.__new__(Opened),
    b"a function": lambda: print,
}


def do_as_told(file):
    """Do what a file says; else answer with its text and the number of the process."""
    word = file.data
    if word == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == b"hang":
        time.sleep(600)
    if word == b"spin":
        while True:
            pass
    if word == b"gulp":
        return bytearray(8 << 30)
    if word == b"fail":
        raise ValueError("cannot be read")
    if word.startswith(b"copy"):
        return Opened(photo=Photo(width=1, height=1, copy=b"\xff\xd8\xff" + bytes(15 << 20)))
    if word in LIES:
        return LIES[word]()
    return Opened(document=BusinessDocument(text=word.decode(), number=str(os.getpid())))
