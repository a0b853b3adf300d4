"""What a desk lacks for its process to do all it can: tables, organisations, agents who are believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from daemon.config.file import database_url
from daemon.config.model import Configuration
from daemon.office import Office
from handlers.process.needs import organisations_of, tables_of
from storage.book import StoredBook
from storage.migrations import HEAD, schema_version
from storage.store import Store


def lacks(
    configuration: Configuration, offices: Mapping[str, Office], *, connect: bool = False
) -> Iterator[str]:
    """Yield a sentence with its remedy for each thing a desk works without.

    Whether a table was imported is asked of a database on this machine, of one elsewhere only when
    `connect` says so; before the first run every table is to be imported.
    """
    filled = _filled_tables(configuration, offices, connect=connect)
    for name, office in offices.items():
        place = configuration.place("desks", name)
        for organisation in organisations_of(office.workflow):
            if office.desk.organisation(organisation) is None:
                where = f"[desks.{name}.organisations.{organisation}]"
                yield f"{place}: nobody asks {organisation} for anything. Add {where} with its transport."
        needed = tables_of(office.workflow) if filled is not None else ()
        empty = [table for table in needed if (name, table) not in (filled or ())]
        if empty:
            told = f"the process looks things up in {', '.join(empty)}, nothing was imported."
            yield f"{place}: {told} Say `savd import {empty[0]} FILE --desk {name}`."


def _filled_tables(
    configuration: Configuration, offices: Mapping[str, Office], *, connect: bool
) -> frozenset[tuple[str, str]] | None:
    """Return the (desk, table) that have rows, none of them in a database that is not there yet; None
    when nobody is to ask."""
    url = database_url(configuration)
    scheme, _, file = url.partition(":///")
    if scheme.startswith("sqlite") and not Path(file).is_file():
        return frozenset()
    if not (connect or scheme.startswith("sqlite")):
        return None
    store = Store.open(url)
    try:
        if schema_version(store) != HEAD:
            return frozenset()
        with store.read() as tx:
            return frozenset(
                (name, table)
                for name, office in offices.items()
                for table in tables_of(office.workflow)
                if StoredBook(tx, name).has(table)
            )
    finally:
        store.close()
