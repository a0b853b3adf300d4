"""What a customer's people say among themselves is shown by no command and stands in no message (R-8)."""

import ast
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from daemon.commands import run
from daemon.rehearsal.expect import differences
from daemon.rehearsal.play import Play
from daemon.rehearsal.scene import scenes_of
from daemon.rehearsal.script import read_script
from daemon.rehearsal.stage import Stage
from handlers.ticket import Role
from handlers.token import reply_address
from storage import listing
from storage.articles import internal_words
from storage.migrations import migrate
from storage.schema import journal, journal_raw, outbox, outbox_raw
from storage.store import Store

from .services import configure

ROOT = Path(__file__).parents[1]
SCRIPT = Path(__file__).parent / "rehearsals" / "dossier" / "16-no-way-to-read-it.yaml"
WORD = "zibeline"
INSIDERS = {
    "claire@pose.example", "claire.privee@courrier.example", "marc@pose.example", "lea@pose.example",
}  # fmt: skip
READERS = {"articles", "listing", "lookup", "pictures", "unscanned"}
"""Modules of storage that show rows of articles and documents: they ask `storage.audience`."""
OTHERS = {"accounts", "apply", "blobs", "erase", "schema"}
"""Modules that name these tables and show none of their words: they count, write, erase, hold bytes."""
SHOWN = {"digest_rows", "history", "listing"}
UNSHOWN = {
    *(
        "accounts",
        "digest_schema",
        "erase",
        "gathering",
        "held",
        "journal",
        "lookup",
        "nodes",
        "outbox",
        "past",
    ),
    *("budget", "budget_schema", "parked", "schema", "sent", "timers", "undelivered"),
}
"""Modules that decide, send, count or erase mails and messages, and show none of their words."""
DESK = """
[desks.dossier]
workflow = "dossier"
addresses = ["dossiers@desk.example"]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A configuration whose database holds everything that the script says, each expectation met."""
    folder = tmp_path_factory.mktemp("internal")
    store = Store.open(f"sqlite:///{folder}/savd.sqlite3", durable=False)
    migrate(store)
    source = read_script(SCRIPT)
    scenes = scenes_of(source)
    play = Play(source, Stage(store, scenes, scenes[0].cast.clock))
    for step in source.script.steps:
        found = tuple(differences(step.expect, play.act(step)))
        assert not found, (step.note, found)
    store.close()
    configure(folder, extra=DESK)
    return folder


@pytest.fixture
def say(site, capsys):
    """Run a command on that database; give all that it printed."""

    def said(*arguments):
        code = run([*map(str, arguments), "--config", str(site / "savd.toml")])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return said


def rows(site, *columns):
    store = Store.open(f"sqlite:///{site}/savd.sqlite3")
    with store.read() as tx:
        found = tx.execute(columns[0].table.select().with_only_columns(*columns)).all()
    store.close()
    return found


def test_the_word_is_there_to_be_found(site):
    raws = rows(site, outbox_raw.c.data)
    assert any(WORD in text_of(data) for (data,) in raws)


def test_no_command_shows_it(site, say):
    mails = [number for (number,) in rows(site, journal.c.id)]
    sent = [number for (number,) in rows(site, outbox.c.id)]
    inside = [
        n for n, v in rows(site, journal.c.message_id, journal.c.visibility) if v == "internal"
    ]
    names = list(filter(None, inside))[:4]  # each starts processes that read mails
    asked = [
        ("ticket", "list"),
        ("ticket", "show", "RD-2026-004512"),
        ("ticket", "show", "RD-2026-004512", "--json"),
        ("mail", "list"),
        ("mail", "list", "--verdict", "held", "--json"),
        ("outbox", "list", "--json"),
        ("timer", "list"),
        ("doctor",),
        *(("mail", "show", one) for one in mails),
        ("mail", "replay", *mails[:3]),
        *(("outbox", "show", one) for one in sent),
        *(("explain", one) for one in names),
    ]
    for command in asked:
        assert WORD not in say(*command)[1].lower(), command


def test_the_bytes_of_mails_and_messages_are_kept_back(site, say):
    for command, table in (("mail", journal), ("outbox", outbox)):
        for number, visibility in rows(site, table.c.id, table.c.visibility):
            if visibility == "internal":
                code, told = say(command, "show", number, "--raw")
                assert code != 0
                assert "does not read it" in told
    assert {"internal", "public"} == {v for (v,) in rows(site, journal.c.visibility)}
    assert {"internal", "public"} == {v for (v,) in rows(site, outbox.c.visibility)}


def test_an_export_has_nothing_of_it(site, say):
    code, _ = say("ticket", "export", "RD-2026-004512", site / "out")
    assert code == 0
    files = [one for one in (site / "out").rglob("*") if one.is_file()]
    assert len(files) > 5
    for file in files:
        assert WORD not in file.name.lower()
        assert WORD not in text_of(file.read_bytes()), file


def test_a_public_mail_that_quotes_it_keeps_its_bytes_to_itself(site, say):
    """R-8c: the remark is read, what stands quoted under it is not, nor are the bytes of the mail."""
    raws = dict(rows(site, journal_raw.c.journal_id, journal_raw.c.data))
    dragged = [n for n, data in raws.items() if "un plan en couleur" in text_of(data)]
    assert len(dragged) == 1
    assert WORD in text_of(raws[dragged[0]])
    assert say("mail", "show", dragged[0], "--raw")[0] != 0


def test_no_message_to_anybody_else_has_it(site):
    store = Store.open(f"sqlite:///{site}/savd.sqlite3")
    with store.read() as tx:
        query = outbox.join(outbox_raw, outbox_raw.c.message_id == outbox.c.message_id).select()
        found = tx.execute(query.with_only_columns(outbox.c.recipient, outbox_raw.c.data)).all()
    store.close()
    others = [(to, data) for to, data in found if to not in INSIDERS]
    assert len(others) >= 10
    for to, data in others:
        assert WORD not in text_of(data), to


def test_evidence_and_histories_do_not_name_it(site):
    store = Store.open(f"sqlite:///{site}/savd.sqlite3")
    with store.read() as tx:
        for table in ("ticket", "step", "reference", "timer", "picture_piece"):
            told = tx.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert WORD not in str(told).lower(), table
        assert WORD not in str(tx.exec_driver_sql("SELECT evidence FROM journal").all()).lower()
    store.close()


def test_internal_words_are_read_with_the_own_customer_number_alone(site):
    store = Store.open(f"sqlite:///{site}/savd.sqlite3")
    with store.read() as tx:
        number = listing.ticket_id_of(tx, "RD-2026-004512")
        said = {one: internal_words(tx, "dossier", number, one) for one in ("80538", "70001", "")}
        elsewhere = internal_words(tx, "rma", number, "80538")
    store.close()
    assert any(WORD in one.text for one in said["80538"])
    assert said["70001"] == said[""] == elsewhere == ()


def test_every_module_that_names_these_tables_is_known():
    """A new reader of articles or documents must decide here whether it shows their words."""
    found = {file.stem for file in (ROOT / "storage").glob("*.py") if names_tables(file)}
    assert found == READERS | OTHERS


def test_every_module_that_selects_mails_and_messages_is_known():
    """The same for the journal and the outbox: `history` and `listing` show their words."""
    found = {
        f.stem for f in (ROOT / "storage").glob("*.py") if names_tables(f, {"journal", "outbox"})
    }
    assert found == SHOWN | UNSHOWN


@pytest.mark.parametrize("name", sorted(READERS | SHOWN))
def test_whoever_shows_words_asks_who_may_read_them(name):
    text = (ROOT / "storage" / f"{name}.py").read_text(encoding="utf-8")
    assert re.search(r"from storage\.audience import .*(readable|INTERNAL)", text)


def test_the_daemon_reads_no_table_by_itself():
    """All words come through storage: no module above it selects from these tables."""
    for file in (ROOT / "daemon").rglob("*.py"):
        if file.relative_to(ROOT).as_posix() != "daemon/rehearsal/room.py":
            assert not names_tables(file), file


def test_the_internal_reply_address_is_signed_apart():
    """A reply address of the ticket cannot be turned into one of the internal talk, nor back."""
    from daemon.rehearsal.stage import KEYS

    public = reply_address(KEYS, "d@desk.example", 7000, Role.OBSERVER, "a@x.example")
    internal = reply_address(KEYS, "d@desk.example", 7000, Role.INTERNAL, "a@x.example")
    assert public.partition("@")[0][-26:] != internal.partition("@")[0][-26:]


def text_of(data: bytes) -> str:
    """Return all that a person could read in a file or a message, decoded."""
    told = data.decode("utf-8", "replace")
    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        payload = part.get_payload(decode=True)
        told += part.get_filename() or ""
        told += payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return (told + str(message["Subject"])).lower()


def names_tables(file: Path, tables: frozenset[str] = frozenset({"article", "document"})) -> bool:
    """Tell whether a module imports the tables of articles or documents, or defines them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "storage.schema"
        for name in node.names
    }
    return bool(imported & tables) or file.name == "schema.py"
