"""Who and what the desk knows: contacts, domains of organisations, reference tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.desk import Contact
from storage.rows import contact_of, contact_row
from storage.schema import contact, domain, table_row


def _upsert(table: Any, *key: str) -> Any:
    new = insert_or(table)
    values = {c.name: new.excluded[c.name] for c in table.c if c.name not in key}
    return new.on_conflict_do_update(index_elements=list(key), set_=values)


_SAVE_CONTACT = _upsert(contact, "desk", "address_key")
_SAVE_DOMAIN = _upsert(domain, "desk", "domain")
_SAVE_ROW = _upsert(table_row, "desk", "table", "key")


def save_contacts(tx: Connection, desk: str, contacts: Iterable[Contact]) -> None:
    """Add contacts of a desk, or replace those with the same address (whatever its case)."""
    rows = {one.address.lower(): contact_row(desk, one) for one in contacts}
    if rows:
        # One order for everybody: two nodes wait instead of deadlocking.
        tx.execute(_SAVE_CONTACT, [rows[key] for key in sorted(rows)])


def find_contact(tx: Connection, desk: str, address: str) -> Contact | None:
    """Return the contact of the desk with this address, or None."""
    mine = contact.c.desk == desk, contact.c.address_key == address.lower()
    row = tx.execute(select(contact).where(*mine)).first()
    return contact_of(row) if row else None


def contacts(tx: Connection, desk: str) -> tuple[Contact, ...]:
    """Return the contacts of a desk, by address."""
    rows = tx.execute(select(contact).where(contact.c.desk == desk).order_by(contact.c.address_key))
    return tuple(map(contact_of, rows))


def save_domains(tx: Connection, desk: str, domains: Mapping[str, str]) -> None:
    """Say which organisation each domain belongs to."""
    rows = [{"desk": desk, "domain": d.lower(), "organisation": o} for d, o in domains.items()]
    if rows:
        tx.execute(_SAVE_DOMAIN, rows)


def save_rows(
    tx: Connection, desk: str, table: str, rows: Sequence[tuple[str, Mapping[str, str]]]
) -> None:
    """Add rows to a reference table of the desk, or replace those with the same key."""
    values = [{"desk": desk, "table": table, "key": k, "data": dict(d)} for k, d in rows]
    if values:
        tx.execute(_SAVE_ROW, values)


def find_row(tx: Connection, desk: str, table: str, key: str) -> Mapping[str, str] | None:
    """Return one row of a reference table, or None."""
    mine = table_row.c.desk == desk, table_row.c.table == table, table_row.c.key == key
    found: Mapping[str, str] | None = tx.execute(select(table_row.c.data).where(*mine)).scalar()
    return found


def clear_rows(tx: Connection, desk: str, table: str) -> int:
    """Empty a reference table of the desk. Return how many rows it had."""
    mine = table_row.c.desk == desk, table_row.c.table == table
    return tx.execute(delete(table_row).where(*mine)).rowcount
