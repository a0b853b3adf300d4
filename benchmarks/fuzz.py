"""Read mutated mails of ours until the time is up; name what raises, differs or is slow.

    python -m benchmarks.fuzz [--seconds 60] [--seed N] [--slow 1.0]

The mails are those of the tests, cut, joined, repeated and sprinkled with what parsers trip over.
Exit code 1 when something was found; each find is one line with the seed and number that make it
again, and its octets are kept in a file of the temporary folder.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from parsers.read import read

MAILS = Path(__file__).parents[1] / "tests" / "mails"
SPICES = (
    *(b"\x00", b"\r", b"\xff", b"\xed\xa0\x80", b"=?", b"?=", b"=?utf-8?b?", b"--", b"\n\n", b"\t"),
    *(b"<", b"</", b"<!--", b"<div", b"<table>", b"&#x110000;", b"> ", b">>>>", b"-- \n", b'"', b"("),
    *(b"On ", b" wrote:\n", b"De : ", b"From: ", b"\nContent-Type: ", b"; charset=utf-7", b"@", b"\\"),
    *(b"\nContent-Transfer-Encoding: base64\n", b"%PDF-1.4\n", b"\x78\x9f\x3e\x22", b"\xe2\x80\xa8"),
    *("é".encode(), "\u0301".encode() * 40, b"1.1.2026 ", b"12,50 EUR", b":", b";", b"=", b"\x1b$B"),
)  # fmt: skip
MOST_OCTETS = 200_000


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--slow", type=float, default=1.0, help="CPU seconds one mail may take")
    asked = parser.parse_args(arguments)
    print(f"seed {asked.seed}, {asked.seconds:g} s", flush=True)
    grown = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]
    end, number, finds = time.monotonic() + asked.seconds, 0, 0
    while time.monotonic() < end:
        raw = mutated(grown, random.Random(f"{asked.seed}/{number}"))
        trouble = trouble_of(raw, asked.slow)
        if trouble:
            finds += 1
            file = Path(tempfile.gettempdir(), f"savd-fuzz-{asked.seed}-{number}.eml")
            file.write_bytes(raw)
            print(f"  {number}: {trouble} ({len(raw)} octets, {file})", flush=True)
        number += 1
    print(f"{number} mails, {finds} finds")
    return int(bool(finds))


def mutated(grown: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a mail of the corpus after one to eight mutations."""
    raw = bytearray(chance.choice(grown))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(raw) + 1)
        length = chance.choice((1, 10, 100, 1_000))
        what = chance.randrange(6)
        if what == 0:
            del raw[at : at + length]
        elif what == 1:
            raw[at:at] = chance.choice(SPICES)
        elif what == 2:
            raw[at:at] = chance.choice(SPICES) * chance.choice((10, 500, 5_000))
        elif what == 3:
            raw[at:at] = raw[at : at + length] * chance.choice((2, 20, 200))
        elif what == 4:
            other = chance.choice(grown)
            begin = chance.randrange(len(other) + 1)
            raw[at:at] = other[begin : begin + length]
        elif at < len(raw):
            raw[at] = chance.randrange(256)
        del raw[MOST_OCTETS:]
    return bytes(raw)


def trouble_of(raw: bytes, slow: float) -> str:
    """Say what is wrong with the reading of a mail, "" when nothing is."""
    began = time.process_time()
    try:
        mail = read(raw)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"raised {type(error).__name__}: {error}"
    spent = time.process_time() - began
    unread = [defect for defect in mail.defects if defect.startswith("unreadable")]
    if unread:
        return unread[0]
    if "".join(segment.text for segment in mail.segments) != mail.text:
        return "the segments joined are not the text"
    if read(raw) != mail:
        return "read twice, it differs"
    return f"{spent:.2f} s" if spent > slow else ""


if __name__ == "__main__":
    sys.exit(main())
