"""Compare what was sent in a step of a rehearsal with what the script expects of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any, TypeAlias

from daemon.rehearsal.script import Expect, Said
from daemon.rehearsal.stage import text_of

Row: TypeAlias = "dict[str, Any]"
Found: TypeAlias = "tuple[tuple[str, ...], object, object]"
Sent: TypeAlias = "tuple[Row, EmailMessage]"
Address: TypeAlias = Callable[[str], str]


def sent_otherwise(expect: Expect, sent: Sequence[Sent], address: Address) -> Iterator[Found]:
    """Yield (place in the script, expected, got) for every message that is not as it should be.

    `sent` are the outbox rows of the step with their messages; `address` reads a short name.
    """
    yield from _of_notices(expect, sent, address)
    yield from _of_words(expect, sent)
    yield from _of_files(expect, sent)
    yield from _of_tables(expect, sent)
    yield from _of_headers(expect, sent, address)


def _of_notices(expect: Expect, sent: Sequence[Sent], address: Address) -> Iterator[Found]:
    got = sorted((line["notice"], line["recipient"].lower()) for line, _ in sent)
    if expect.nothing_sent and got:
        yield ("nothing_sent",), "nothing sent", _told(got)
    if isinstance(expect.notices, dict):
        wanted = _wanted(expect.notices, address)
        if wanted != got:
            yield ("notices",), _told(wanted), _told(got)


def parked_otherwise(
    expect: Expect, parked: Sequence[tuple[str, str]], address: Address
) -> Iterator[Found]:
    """Yield (place, expected, got) when other messages are parked now than should be; `parked` are
    (notice, recipient)."""
    if expect.parked is not None and _wanted(expect.parked, address) != sorted(parked):
        yield ("parked",), _told(_wanted(expect.parked, address)), _told(sorted(parked))


def _wanted(notices: Mapping[str, Sequence[str]], address: Address) -> list[tuple[str, str]]:
    pairs = ((name, who) for name, people in notices.items() for who in people)
    return sorted((name, address(who).lower()) for name, who in pairs)


def _told(sent: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{notice} to {recipient}" for notice, recipient in sent]


def _of_words(expect: Expect, sent: Sequence[Sent]) -> Iterator[Found]:
    asked = (
        ("says", expect.says, text_of, True),
        ("says_not", expect.says_not, _all_of, False),
        ("subject", expect.subject, _subject, True),
    )
    for place, said, part, wanted in asked:
        for notice, words, texts in _texts(said, sent, part):
            for phrase in words:
                if any(_plain(phrase) in text for text in texts) is not wanted:
                    told = f"{notice}: {'' if wanted else 'not '}{phrase}"
                    yield (place,), told, texts or "no such notice"


def _of_files(expect: Expect, sent: Sequence[Sent]) -> Iterator[Found]:
    for notice, names in expect.attached.items():
        got = [_files(message) for message in _called(notice, sent)]
        if not got or any(one != sorted(names) for one in got):
            yield ("attached",), f"{notice}: {sorted(names)}", got or "no such notice"


def _of_tables(expect: Expect, sent: Sequence[Sent]) -> Iterator[Found]:
    """Look into the CSV files: the rows named stand there, in this order, and so many in all."""
    for notice, wanted in expect.csv.items():
        got = [row for message in _called(notice, sent) for row in _table(message)]
        left = iter(got)
        for cells in wanted:
            if not any(_in_order(cells, row) for row in left):
                yield ("csv",), f"{notice}: {list(cells)}", [str(row) for row in got] or "no table"
                break
    for notice, count in expect.csv_rows.items():
        tables = [_table(message) for message in _called(notice, sent)]
        if not tables or any(len(one) - 1 != count for one in tables):
            rows = [str(row) for table in tables for row in table]
            yield ("csv_rows",), f"{notice}: {count} under the heading", rows or "no table"


def _of_headers(expect: Expect, sent: Sequence[Sent], address: Address) -> Iterator[Found]:
    for notice, people in expect.cc.items():
        wanted = sorted(address(who).lower() for who in people)
        got = [_copied(message) for message in _called(notice, sent)]
        if not got or any(one != wanted for one in got):
            yield ("cc",), f"{notice}: {wanted}", got or "no such notice"
    for notice, headers in expect.headers.items():
        for name, value in headers.items():
            told = [str(message[name] or "") for message in _called(notice, sent)]
            if not told or any(one != value for one in told):
                yield ("headers",), f"{notice}: {name}: {value}", told or "no such notice"


def _called(notice: str, sent: Sequence[Sent]) -> list[EmailMessage]:
    return [message for line, message in sent if notice in ("any", line["notice"])]


def _texts(
    asked: Said, sent: Sequence[Sent], part: Callable[[EmailMessage], str]
) -> Iterator[tuple[str, Sequence[str], list[str]]]:
    for notice, words in asked.items():
        yield notice, words, [part(message) for message in _called(notice, sent)]


def _table(message: EmailMessage) -> list[list[str]]:
    """Return the rows of the CSV files of a message, headings too."""
    rows: list[list[str]] = []
    for part in message.iter_attachments():
        if part.get_content_type() == "text/csv":
            text = _octets(part).decode("utf-8-sig")
            delimiter = max(";,\t", key=text.partition("\n")[0].count)
            rows += csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return rows


def _octets(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _in_order(cells: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether these cells stand in a row, in this order, others between them or not."""
    left = iter(row)
    return all(cell in left for cell in cells)


def _copied(message: EmailMessage) -> list[str]:
    headers = [str(one) for one in message.get_all("Cc", ())]
    return sorted(address.lower() for _, address in getaddresses(headers))


def _subject(message: EmailMessage) -> str:
    return " ".join(str(message["Subject"]).split())


def _all_of(message: EmailMessage) -> str:
    return f"{_subject(message)} {text_of(message)}"


def _files(message: EmailMessage) -> list[str]:
    return sorted(part.get_filename() or "" for part in message.iter_attachments())


def _plain(text: str) -> str:
    return " ".join(text.split())
