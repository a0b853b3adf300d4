"""Reading the structure of a mail is linear: twice the input takes at most 2.5 times as long."""

import struct
import time

import pytest

from parsers.containers.cms import open_cms
from parsers.containers.enriched import from_enriched
from parsers.containers.outlook import as_mail
from parsers.containers.rtf import from_compressed, read_rtf
from parsers.containers.tnef import read_tnef
from parsers.files.picture import measure
from parsers.mime.address import read_addresses
from parsers.mime.authentication import read_authentication
from parsers.mime.charset import decode
from parsers.mime.encoded_word import decode_words
from parsers.mime.header import split_mail
from parsers.mime.parameters import read_parameters
from parsers.mime.transfer import from_base64, undo_encoding
from parsers.structure import split

from .outlook_files import attribute, message, msg, prop, properties, tnef

MULTIPART = b"Content-Type: multipart/mixed; boundary=b\n\n"


def nested(depth):
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(depth)
    )


def words(n):
    return "=?utf-8?Q?" * n


def names(n):
    """Name a file at length, then shortly, again and again."""
    long, short = (properties(prop(0x1E, *said)) for said in ((0x3707, b"x" * n), (0x3704, b"x")))
    again = [attribute(0x00069005, short)] * (n // 10)
    return tnef(attribute(0x00069002, b""), attribute(0x00069005, long), *again)


CASES = {
    "delimiters": lambda n: split(MULTIPART + b"--b\n\nx\n" * n),
    "false delimiters": lambda n: split(MULTIPART + b"--b\n\n" + b"--bx\n" * n),
    "nested": lambda n: split(nested(20) + b"--x\n" * n),
    "deep": lambda n: split(nested(n // 10)),
    "headers without end": lambda n: split(MULTIPART + b"--b\nA: 1\n" * n),
    "dashes": lambda n: split(MULTIPART + b"-" * 20 * n),
    "uuencode": lambda n: split(b"\n" + b"begin 644 x\nM\n" * n),
    "blanks for a file name": lambda n: split(b"\nbegin 644 " + b" " * n + b"x"),
    "blanks in short lines": lambda n: split(b"\n" + (b"begin 644" + b" " * 300 + b"x\n") * (n // 100)),
    "uuencoded lines": lambda n: split(b"\nbegin 644 x\n" + (b"M" + b"a" * 60 + b"\n") * n),
    "soft breaks": lambda n: undo_encoding(b"=" + b" " * n + b"= " * n, "quoted-printable"),
    "empty lines": lambda n: from_base64(b"\n \n\r" * n),
    "lines of base64": lambda n: from_base64(b"YWJj" * n + b"\n\n" + b"YWJj\n\n" * n),
    "above a header": lambda n: split(b" " * n + b"\r" * n + b"\n" * n),
    "enriched": lambda n: from_enriched("<param>" * n + "<" * n + "\n" * n + "<a" * n),
    "backslashes": lambda n: read_addresses("(" + "\\" * 4 * n),
    "fields": lambda n: split_mail(b"A: 1\n" * n),
    "folds": lambda n: split_mail(b"A: 1\n" + b" x\n" * n),
    "no fields": lambda n: split_mail(b"A: 1\n" + b"xxxx\nB: 1\n" * n),
    "carriage returns": lambda n: split_mail(b"A: " + b"\r" * 20 * n),
    "open words": lambda n: decode_words(words(n)),
    "words": lambda n: decode_words("=?utf-8?Q?a?= " * n),
    "base64 words": lambda n: decode_words("=?utf-8?B?w6?= " * n),
    "semicolons": lambda n: read_parameters.__wrapped__("a/b" + ";" * 10 * n),
    "quotes": lambda n: read_parameters.__wrapped__('a/b; a="' + '\\";' * n),
    "open quotes": lambda n: read_parameters.__wrapped__("a/b" + '; a="' * n),
    "segments": lambda n: read_parameters.__wrapped__("a/b" + "; a*1*=x" * n),
    "addresses": lambda n: read_addresses("a@b.example, " * n),
    "commas": lambda n: read_addresses("x," * n),
    "colons": lambda n: read_addresses("a@" + ":" * n),
    "groups": lambda n: read_addresses("a:;" * n),
    "comments": lambda n: read_addresses("(" * 4 * n),
    "quoted names": lambda n: read_addresses('"\\' * 4 * n),
    "angles": lambda n: read_addresses("<" * 4 * n),
    "results": lambda n: read_authentication(
        split_mail(b"Authentication-Results: a; " + b"x=y (c) " * n)[0]
    ),
    "unlabelled": lambda n: decode(b"caf\xe9 " * n),
    "twice": lambda n: decode(("Ã©" * n).encode(), "utf-8"),
    "japanese": lambda n: decode(b'\x1b$B$"\x1b(B' * n, "iso-2022-jp"),
    "escapes": lambda n: decode(b"\x1b$B\x1b(I" * n),
    "utf-7": lambda n: decode(b"+AOk-" * n, "utf-7"),
    "attributes": lambda n: read_tnef(tnef(attribute(0x00069002, b"") * n)),
    "short names": lambda n: read_tnef(names(n)),
    "nested tnef": lambda n: read_tnef(tnef(*[attribute(0x00069003, b"\xff" * 9)] * n)),
    "der": lambda n: open_cms(b"\x30\x80" * 10 * n),
    "rich text": lambda n: read_rtf(b"{\\b x\\'e9" * n),
    "packed": lambda n: from_compressed(
        struct.pack("<4xIII", 20 * n, 0x75465A4C, 0) + b"\xff" + b"\x00\x0f" * 8 * (n // 8)
    ),
    "outlook": lambda n: as_mail(msg(message(p0037="x", p1000="y" * n))),
    "jpeg": lambda n: measure(b"\xff\xd8" + b"\xff" * 20 * n),
}  # fmt: skip


def seconds(case, n):
    best = 9.0
    for _ in range(3):
        start = time.process_time()
        case(n)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("name", CASES)
def test_twice_the_input_takes_at_most_two_and_a_half_times_as_long(name):
    case, n = CASES[name], 4_000
    while seconds(case, n) < 0.02 and n < 400_000:  # too quick to be measured
        n *= 4
    for _ in range(3):  # a busy machine may spoil one measurement, not three
        once, twice = seconds(case, n), seconds(case, 2 * n)
        if twice < 2.5 * once + 0.05:  # the kernel takes its time with large pieces of memory
            return
    pytest.fail(f"{n}: {once:.3f} s, {2 * n}: {twice:.3f} s")
