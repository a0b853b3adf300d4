"""Reference data from CSV files: contacts, domains, and any table a workflow asks for.

First line: the names of the columns, in any order. Comma, semicolon or tab; UTF-8, or what a
French or Dutch spreadsheet writes (Windows-1252). All of a file is taken, or nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Connection, func, select

from handlers.desk import Contact
from handlers.errors import BadData
from storage import directory
from storage.book_schema import book_table
from storage.book_writing import Layout, load
from storage.schema import contact, domain

CONTACT_COLUMNS = ("address", "name", "organisation", "language", "scope_organisation")
DOMAIN_COLUMNS = ("domain", "organisation")
YES_NO = {"yes": True, "no": False, "oui": True, "non": False, "1": True, "0": False, "": False}
MOST_SHOWN = 20  # mistakes in one message

Rows: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """How many rows a file brought: `added` are new, the others replaced earlier ones."""

    rows: int
    added: int


def import_csv(tx: Connection, desk: str, table: str, name: str, data: bytes) -> Imported:
    """Read a CSV file into `contacts`, `domains` or a reference table of the desk.

    The key of a reference table is its first column. Raises BadData naming the file, every wrong
    line and what was expected; nothing is written then. For a dry run roll the transaction back.
    """
    header, rows = _read(name, data)
    before = _size(tx, desk, table)
    if table == "contacts":
        directory.save_contacts(tx, desk, _contacts(name, header, rows))
    elif table == "domains":
        directory.save_domains(tx, desk, _domains(name, header, rows))
    else:
        layout = Layout(columns=tuple(header), keys=((header[0],),))
        lines = _rows(name, header[0], rows)
        kept = {layout.key_of(cells): cells for cells in lines}  # the last one counts
        load(tx, desk, table, layout, kept.values(), now=datetime.now(UTC))
    return Imported(rows=len(rows), added=_size(tx, desk, table) - before)


def put_rows(tx: Connection, desk: str, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Write a whole small table of the desk, whatever its columns: rows are told apart by their
    number, in the column `#`."""
    columns = tuple(dict.fromkeys(["#", *(name for row in rows for name in row)]))
    layout = Layout(columns=columns, keys=(("#",),))
    numbered = ({**row, "#": str(number)} for number, row in enumerate(rows, start=1))
    cells = [[row.get(name, "") for name in columns] for row in numbered]
    load(tx, desk, table, layout, cells, now=datetime.now(UTC), replace=True)


def _size(tx: Connection, desk: str, table: str) -> int:
    if table == "contacts":
        query = select(func.count()).select_from(contact).where(contact.c.desk == desk)
    elif table == "domains":
        query = select(func.count()).select_from(domain).where(domain.c.desk == desk)
    else:
        mine = book_table.c.desk == desk, book_table.c.name == table
        query = select(func.coalesce(func.max(book_table.c.rows), 0)).where(*mine)
    return tx.execute(query).scalar_one()


def _read(name: str, data: bytes) -> tuple[Sequence[str], Rows]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="+")
    try:
        header = [column.strip().lower() for column in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadData(f"{name} after line {reader.line_num}: {error}") from error
    if not any(header):
        raise BadData(f"{name} is empty: the first line names the columns")
    _check(name, [_width(line, row, len(header)) for line, row in rows])
    return header, [(n, {k: v.strip() for k, v in row.items()}) for n, row in rows]


def _width(line: int, row: Mapping[str, str | None], expected: int) -> str:
    if "+" in row or None in row.values():
        return f"line {line}: not {expected} columns as in the first line"
    return ""


def _check(name: str, mistakes: Sequence[str]) -> None:
    """Raise BadData when there is a mistake, with all of them at once."""
    found = [mistake for mistake in mistakes if mistake]
    if not found:
        return
    rest = f"; and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    raise BadData(f"{name}: {'; '.join(found[:MOST_SHOWN])}{rest}. Nothing was imported")


def _columns(name: str, header: Sequence[str], known: Sequence[str], needed: str) -> None:
    unknown = [f"column {column!r} is not known" for column in header if column not in known]
    missing = [] if needed in header else [f"column {needed!r} is missing"]
    _check(name, [*missing, *unknown, "" if not unknown else f"columns are {', '.join(known)}"])


def _contacts(name: str, header: Sequence[str], rows: Rows) -> list[Contact]:
    _columns(name, header, CONTACT_COLUMNS, "address")
    _check(name, [_contact_mistake(line, row) for line, row in rows])
    return [
        Contact(
            address=row["address"],
            name=row.get("name", ""),
            organisation=row.get("organisation", ""),
            language=row.get("language", "").lower(),
            scope_organisation=YES_NO[row.get("scope_organisation", "").lower()],
        )
        for _, row in rows
    ]


def _contact_mistake(line: int, row: Mapping[str, str]) -> str:
    local, at, host = row["address"].rpartition("@")
    if not (local and at and host) or any(c in row["address"] for c in " \t<>,;"):
        return f"line {line}: {row['address']!r} is no mail address"
    if row.get("scope_organisation", "").lower() not in YES_NO:
        return f"line {line}: scope_organisation is {row['scope_organisation']!r}, not yes or no"
    return ""


def _domains(name: str, header: Sequence[str], rows: Rows) -> dict[str, str]:
    _columns(name, header, DOMAIN_COLUMNS, "domain")
    _check(name, [_domain_mistake(line, row) for line, row in rows])
    return {row["domain"].lower(): row["organisation"] for _, row in rows}


def _domain_mistake(line: int, row: Mapping[str, str]) -> str:
    if "." not in row["domain"] or any(c in row["domain"] for c in "@ /"):
        return f"line {line}: {row['domain']!r} is no domain"
    return "" if row.get("organisation") else f"line {line}: organisation is empty"


def _rows(name: str, key: str, rows: Rows) -> list[list[str]]:
    _check(name, [f"line {line}: {key} is empty" for line, row in rows if not row[key]])
    return [list(row.values()) for _, row in rows]
