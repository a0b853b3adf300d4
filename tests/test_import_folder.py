"""What other programs put into a folder is imported once it is whole, and moved with a reason."""

import asyncio
import os

import pytest

from daemon.clock import SetClock
from daemon.config.file import load
from daemon.imports.folder import Ended, FolderSettings, FolderWatch, ImportFolder
from daemon.imports.folders import ImportProcess, folder_settings, folders_of
from handlers.errors import ConfigError, TemporaryFailure
from handlers.process.table_rules import known_tables
from storage.book import StoredBook
from storage.migrations import migrate
from storage.store import Store

from .people import NOW
from .services import configure, running, until

EVERY = 300.0


class Importer:
    """Notes what it is asked to import, and ends as it is told."""

    def __init__(self):
        self.asked = []
        self.ended = Ended(code=0, told="1 rows kept")

    def __call__(self, table, file, whole):
        self.asked.append((table, file.name, whole))
        return self.ended


@pytest.fixture(name="run")
def importer():
    return Importer()


@pytest.fixture(name="folder")
def watched(tmp_path, run):
    settings = FolderSettings(desk="rma", folder=tmp_path, seconds=EVERY, whole=("users",))
    return ImportFolder(settings, known_tables(), run, SetClock(NOW))


def names(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def put(folder, name, text="a\n1\n"):
    (folder / name).write_text(text)
    return folder / name


def test_a_file_is_imported_once_it_does_not_change_any_more(tmp_path, folder, run):
    file = put(tmp_path, "invoices.csv")
    assert folder.look() == (0, 10.0)
    file.write_text("a\n1\n2\n")
    os.utime(file, (1, 1))
    assert folder.look() == (0, 10.0)
    assert run.asked == []
    assert folder.look() == (1, EVERY)
    assert run.asked == [("invoices", "invoices.csv", False)]
    assert names(tmp_path) == ["done/20261102T090000Z-invoices.csv"]
    assert folder.look() == (0, EVERY)


@pytest.mark.parametrize(
    "name, table, whole",
    [
        ("factures-2026-11-22.csv", "invoices", False),
        ("invoice_lines_20261122.XLSX", "invoice_lines", False),
        ("Invoice lines 3.tsv", "invoice_lines", False),
        ("users.csv", "users", True),
    ],
)
def test_a_file_is_named_after_its_table(tmp_path, folder, run, name, table, whole):
    put(tmp_path, name)
    folder.look()
    folder.look()
    assert run.asked == [(table, name, whole)]


def test_a_file_of_no_table_fails_and_names_the_tables(tmp_path, folder, run):
    put(tmp_path, "invoises.csv")
    folder.look()
    assert folder.look()[0] == 1
    assert run.asked == []
    kept = "failed/20261102T090000Z-invoises.csv"
    assert names(tmp_path) == [kept, f"{kept}.txt"]
    assert "invoice_lines" in (tmp_path / f"{kept}.txt").read_text()


def test_hidden_files_links_and_other_types_are_left_alone(tmp_path, folder, run):
    for name in (".invoices.csv", "~invoices.xlsx", "doa.pdf", "invoices.csv.part"):
        put(tmp_path, name)
    (tmp_path / "users.csv").symlink_to(tmp_path / "doa.pdf")
    folder.look()
    folder.look()
    assert run.asked == []


def test_a_refused_file_says_why_and_does_not_come_back(tmp_path, folder, run):
    run.ended = Ended(code=65, told="line 3: date is empty")
    put(tmp_path, "invoices.csv")
    folder.look()
    assert folder.look()[0] == 1
    kept = "failed/20261102T090000Z-invoices.csv"
    assert names(tmp_path) == [kept, f"{kept}.txt"]
    assert (tmp_path / f"{kept}.txt").read_text() == "line 3: date is empty\n"
    folder.look()
    assert len(run.asked) == 1


def test_a_database_that_is_away_blames_no_file(tmp_path, folder, run):
    run.ended = Ended(code=75, told="the database cannot be used")
    put(tmp_path, "invoices.csv")
    for _ in range(6):
        assert folder.look()[0] == 0
    assert names(tmp_path) == ["invoices.csv"]


def test_a_file_that_ends_its_process_thrice_is_given_up(tmp_path, folder, run):
    run.ended = Ended(code=-9, told="")
    put(tmp_path, "invoices.csv")
    assert [folder.look()[0] for _ in range(4)] == [0, 0, 0, 1]
    assert names(tmp_path)[0].startswith("failed/")


def test_a_folder_that_is_gone_is_looked_for_again(tmp_path, run):
    settings = FolderSettings(desk="rma", folder=tmp_path / "x", seconds=EVERY)
    folder = ImportFolder(settings, known_tables(), run, SetClock(NOW))
    assert folder.look() == (0, EVERY)


def test_a_folder_is_watched_by_the_node_that_has_it(tmp_path, folder, run):
    """Another node has it at first; once, the database is away."""
    put(tmp_path, "invoices.csv")
    folder.look()
    answers = iter([True])
    settled = []

    def take(desk):
        assert desk == "rma"
        if settled:
            raise TemporaryFailure
        return next(answers)

    watch = FolderWatch(folder, "rma", take, lambda: settled.append(1))
    watch.start()
    for _ in range(1000):
        watch._thread.join(0.01)
        if settled:
            break
    watch.close(5)
    assert settled == [1]
    assert not watch._thread.is_alive()


def test_the_process_imports_and_says_what_is_wrong(tmp_path):
    file = configure(tmp_path)
    (tmp_path / "in").mkdir()
    process = ImportProcess(file, "rma")
    good = put(tmp_path / "in", "invoices.csv", "invoice,date,account\n1,2026-11-03,80538\n")
    done = process("invoices", good, True)
    assert (done.code, done.told) == (
        0,
        "invoices of rma: 1 rows kept, 1 of them new, 0 changed, 0 others dropped",
    )
    bad = put(tmp_path / "in", "bad.csv", "invoice,date,account\n1,soon,80538\n")
    wrong = process("invoices", bad, False)
    assert (wrong.code, "line 2: date: 'soon' is no date" in wrong.told) == (65, True)
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    migrate(store)
    with store.read() as tx:
        assert StoredBook(tx, "rma").rows("invoices", {"invoice": "1"})
    store.close()
    process.stop()
    assert process("invoices", good, True) == Ended(code=75, told="stopping")


def test_the_configuration_names_the_folder(tmp_path):
    told = '[desks.rma.import]\nfolder = "in"\nevery = "30s"\nwhole = ["users"]\n'
    configuration = load(configure(tmp_path, extra=told))
    with pytest.raises(ConfigError, match=r"savd.toml:\d+: .*/in is no folder"):
        folder_settings(configuration)
    (tmp_path / "in").mkdir()
    (found,) = folder_settings(configuration)
    assert (found.folder, found.seconds, found.whole) == (tmp_path / "in", 30, ("users",))
    folders = folders_of(configuration, lambda _desk: False, lambda: None)
    folders.start()
    folders.close()
    assert folder_settings(load(configure(tmp_path))) == ()


@pytest.mark.parametrize(
    "extra, words",
    [
        ('whole = ["userz"]\n', "there is no table userz"),
        (
            '[desks.two]\naddresses = ["two@desk.example"]\n[desks.two.import]\nfolder = "./in"\n',
            "in is the folder of the desk rma",
        ),
    ],
)
def test_a_folder_that_cannot_work_is_told(tmp_path, extra, words):
    (tmp_path / "in").mkdir()
    told = f'[desks.rma.import]\nfolder = "in"\n{extra}'
    with pytest.raises(ConfigError, match=words):
        folder_settings(load(configure(tmp_path, extra=told)))


def test_a_running_savd_imports_what_is_put_into_its_folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    async def story():
        told = '[desks.rma.import]\nfolder = "in"\nevery = "1s"\n'
        async with running(tmp_path, extra=told) as (service, _relay):
            put(folder, "users.csv", "address,account\nnew@client.example,80538\n")
            await until(
                lambda: (folder / "done").exists() and any((folder / "done").iterdir()), 120
            )
            with service.store.read() as tx:
                return StoredBook(tx, "rma").rows("users", {"account": "80538"})

    (row,) = asyncio.run(story())
    assert row["address"] == "new@client.example"
    assert names(folder)[0].endswith("-users.csv")
