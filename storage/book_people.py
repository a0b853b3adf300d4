"""Whom imported tables make known to a desk: contacts, and the organisations of domains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete

from handlers.desk import Contact
from handlers.process.table_rules import TableRule, known_tables
from storage.book import StoredBook
from storage.columns import one_of
from storage.directory import save_contacts, save_domains
from storage.schema import contact, domain


def put_people(
    tx: Connection,
    desk: str,
    rule: TableRule,
    columns: Sequence[str],
    rows: Callable[[], Iterable[Sequence[str]]],
) -> None:
    """Write the contacts and domains that the rows of a table are."""
    if rule.contacts:
        save_contacts(tx, desk, _contacts(rule.contacts, columns, rows()))
    if rule.domains:
        save_domains(tx, desk, _domains(rule.domains, columns, rows()))


def drop_people(
    tx: Connection,
    desk: str,
    rule: TableRule,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    """Drop the contacts and domains of rows that are gone, unless another table has them."""
    if rule.contacts and rows:
        gone = _contacts(rule.contacts, columns, rows)
        _drop_contacts(tx, desk, [one.address for one in gone])
    if rule.domains and rows:
        names = list(_domains(rule.domains, columns, rows))
        tx.execute(_DROP_DOMAINS.where(domain.c.desk == desk), {"names": names})


_DROP_DOMAINS = delete(domain).where(one_of(domain.c.domain, "names"))
_DROP_CONTACTS = delete(contact).where(one_of(contact.c.address_key, "addresses"))


def _contacts(
    named: Mapping[str, str], columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterable[Contact]:
    places = {of: columns.index(name) for of, name in named.items() if name in columns}
    for row in rows:
        values = {of: row[place] if place < len(row) else "" for of, place in places.items()}
        yield Contact(
            address=values["address"],
            name=values.get("name", ""),
            organisation=values.get("organisation", ""),
            language=values.get("language", ""),
            scope_organisation=values.get("scope_organisation") == "yes",
        )


def _domains(
    named: Mapping[str, str], columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> dict[str, str]:
    at, whose = columns.index(named["domain"]), columns.index(named["organisation"])
    return {row[at].lower(): row[whose] for row in rows}


def _drop_contacts(tx: Connection, desk: str, addresses: Sequence[str]) -> None:
    book = StoredBook(tx, desk)
    tables = {
        name: rule.contacts["address"] for name, rule in known_tables().items() if rule.contacts
    }
    gone = [
        address.lower()
        for address in addresses
        if not any(book.rows(table, {column: address}, limit=1) for table, column in tables.items())
    ]
    if gone:
        tx.execute(_DROP_CONTACTS.where(contact.c.desk == desk), {"addresses": gone})
