"""A database is created whole, upgraded in one transaction, and refused when it is newer."""

import shutil
import subprocess
import sys

import pytest
from sqlalchemy import inspect, text

import storage.migrations
from handlers.errors import SchemaMismatch
from storage.book import StoredBook
from storage.migrations import HEAD, HERE, migrate, schema_version
from storage.schema import metadata
from storage.store import Conflict, Store

from .stores import SINCE_BUDGETS, store, store_url

__all__ = ["store", "store_url"]

STEP = """
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.create_table("extra", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("contact", sa.Column("phone", sa.Text, nullable=False, server_default=""))
    op.execute("INSERT INTO number_series VALUES ('rma', 'RMA-2026', 7)")
    {accident}
"""


@pytest.fixture
def steps(tmp_path):
    """The shipped steps, and room for one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(HERE, folder)
    return folder


def add_step(folder, accident=""):
    (folder / "versions" / "v9999.py").write_text(STEP.format(head=HEAD, accident=accident))


def tables(store):
    with store.read() as tx:
        return set(inspect(tx).get_table_names())


def test_an_empty_database_gets_every_table(store_url):
    store = Store.open(store_url, durable=False)
    assert schema_version(store) is None
    migrate(store)
    migrate(store)
    assert schema_version(store) == HEAD
    assert tables(store) == {*metadata.tables, "alembic_version"}
    store.close()


def test_the_last_step_is_the_version_of_this_program():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(HERE))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_older_database_is_upgraded(store, steps):
    add_step(steps)
    migrate(store, folder=steps, head="9999")
    assert schema_version(store) == "9999"
    assert "extra" in tables(store)


def test_a_step_that_fails_leaves_the_old_database(store, steps):
    """Tables are changed in the transaction too: nothing half done is left behind."""
    add_step(steps, "op.execute(\"INSERT INTO number_series VALUES ('rma', 'RMA-2026', 7)\")")
    with pytest.raises(Conflict):
        migrate(store, folder=steps, head="9999")
    assert schema_version(store) == HEAD
    assert "extra" not in tables(store)
    with store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM number_series")).scalar() == 0
        assert "phone" not in {column["name"] for column in inspect(tx).get_columns("contact")}
    add_step(steps)
    migrate(store, folder=steps, head="9999")
    assert schema_version(store) == "9999"


def test_a_newer_database_is_refused(store):
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="9999") as caught:
        migrate(store)
    assert caught.value.exit_code == 78
    assert HEAD in str(caught.value)


def test_a_database_that_is_current_never_loads_alembic(tmp_path):
    """It takes longer to import than everything else of a command."""
    program = f"""
import sys
from storage.migrations import migrate
from storage.store import Store
store = Store.open("sqlite:///{tmp_path}/savd.sqlite3")
migrate(store)
migrate(store)
sys.exit("alembic" in sys.modules)
"""
    root = HERE.parent.parent
    assert storage.migrations.HEAD
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


BEFORE_PICTURES = (
    *SINCE_BUDGETS,
    "DROP TABLE outbox_notice",
    "DROP TABLE digest_round",
    "DROP INDEX ticket_opened",
    "DROP INDEX ticket_closed",
    "DROP INDEX step_at",
    "DROP INDEX outbox_written",
    "DROP TABLE ticket_field",
    "DROP TABLE errand",
    "DROP TABLE book_file",
    "DROP TABLE book_value",
    "DROP TABLE book_row",
    "DROP TABLE book_table",
    "DROP TABLE picture_piece",
    "DROP INDEX document_copy",
    "DROP INDEX document_thumbnail",
    "ALTER TABLE document DROP COLUMN copy_sha256",
    "ALTER TABLE document DROP COLUMN thumbnail_sha256",
    "ALTER TABLE document DROP COLUMN fingerprint",
    "DROP INDEX document_unscanned",
    "ALTER TABLE journal DROP COLUMN visibility",
    "ALTER TABLE outbox DROP COLUMN visibility",
    "ALTER TABLE ticket DROP COLUMN former",
    "ALTER TABLE timer DROP COLUMN held_by",
    "ALTER TABLE timer DROP COLUMN held_at",
    "ALTER TABLE timer DROP COLUMN left_seconds",
    "DROP INDEX ticket_group",
    'ALTER TABLE ticket DROP COLUMN "group"',
    "DROP TABLE number_series",
    "CREATE TABLE number_series (desk TEXT, year INTEGER, next BIGINT, PRIMARY KEY (desk, year))",
    "INSERT INTO number_series VALUES ('rma', 2026, 8)",
    "UPDATE alembic_version SET version_num = '0001'",
)


def shape(store):
    """Tables, their columns, keys and indexes, as the database tells them."""
    with store.read() as tx:
        seen = inspect(tx)
        return {
            table: (
                sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)),
                seen.get_pk_constraint(table)["constrained_columns"],
                sorted((i["name"], i["column_names"]) for i in seen.get_indexes(table)),
            )
            for table in seen.get_table_names()
        }


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_a_database_of_the_first_schema_becomes_what_a_new_one_is(store):
    new = shape(store)
    with store.write() as tx:
        for statement in BEFORE_PICTURES:
            tx.execute(text(statement))
    migrate(store)
    assert schema_version(store) == HEAD
    assert shape(store) == new
    with store.read() as tx:
        counted = tx.execute(text("SELECT desk, series, next FROM number_series")).all()
    assert [tuple(row) for row in counted] == [("rma", "RMA-2026", 8)]


OLD_ROWS = (
    ("serials", "SN-01", '{"a"\\: "x", "b"\\: "SN-01"}'),
    ("mailbox_fence", "m", '{"at"\\: "m"}'),
)


def test_an_older_database_keeps_what_was_imported(store):
    """Rows of the tables before the book are found as before, and by any spelling."""
    with store.write() as tx:
        for statement in BEFORE_PICTURES:
            tx.execute(text(statement))
        for row in OLD_ROWS:
            tx.execute(text("INSERT INTO table_row VALUES ('rma', '{}', '{}', '{}')".format(*row)))
    migrate(store)
    with store.read() as tx:
        assert StoredBook(tx, "rma").rows("serials", {"b": "sn-01"}) == ({"a": "x", "b": "SN-01"},)
        left = tx.execute(text('SELECT "table" FROM table_row')).scalars().all()
    assert left == ["mailbox_fence"]
