"""The command line: stable words, sysexits codes, one sentence per accident (X-42)."""

import asyncio
import io
import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from imapclient import IMAPClient
from pydantic import BaseModel
from sqlalchemy import update

from daemon.commands import run
from daemon.config.desk import ReturnAddress
from daemon.config.file import load
from daemon.config.model import Config
from daemon.config.template import template
from daemon.office import offices_of
from daemon.probes import mailbox_trouble
from handlers.workflow_file import shipped, shipped_names
from storage import accounts
from storage.schema import journal
from storage.store import Store

from .configuration_page import model_in, sections
from .servers import Dovecot
from .services import configure, deliver, mail, running, until

ROOT = Path(__file__).parents[1]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A written configuration that every command finds."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("SAVD_CONFIG", str(configure(tmp_path)))
    return tmp_path


@pytest.fixture
def say(capsys):
    """Run a command; give exit code and what it printed."""

    def said(*arguments):
        code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return said


def inject(site, say, number=1):
    file = site / f"{number}.eml"
    file.write_bytes(mail(number))
    code, _, told = say("inject", file, "--rcpt", "rma@desk.example", "--from", "j@c.example")
    assert (code, told.startswith("accepted: ")) == (0, True)


def journal_counts(site):
    store = Store.open(f"sqlite:///{site}/savd.sqlite3")
    with store.read() as tx:
        found = dict(accounts.counts(tx))
    store.close()
    return found


def test_what_init_writes_is_whole_valid_and_private(tmp_path, say):
    folder = tmp_path / "new"
    assert say("init", folder)[0] == 0
    assert stat.S_IMODE((folder / "keys" / "k1").stat().st_mode) == 0o600
    assert say("check", "--config", folder / "savd.toml")[0] == 0
    assert say("import", "contacts", folder / "contacts.csv", "-c", folder / "savd.toml")[0] == 0


def test_the_services_own_configuration_keeps_its_database_where_the_unit_may_write(
    tmp_path, say, monkeypatch
):
    monkeypatch.setattr("daemon.commands.init.SERVICE_FOLDER", tmp_path / "etc")
    assert say("init", tmp_path / "etc")[0] == 0
    written = tomllib.loads((tmp_path / "etc" / "savd.toml").read_text())
    assert written["database"]["url"] == "sqlite:////var/lib/savd/savd.sqlite3"


def test_init_writes_a_desk_for_each_process_that_works_as_it_is(tmp_path, say):
    folder, wished = tmp_path / "new", [f"--workflow={name}" for name in shipped_names()]
    assert say("init", folder, *wished)[0] == 0
    code, told, _ = say("check", "--config", folder / "savd.toml")
    assert (code, f"{len(shipped_names())} desks" in told) == (0, True)
    desks = tomllib.loads((folder / "savd.toml").read_text())["desks"]
    assert list(desks) == list(shipped_names())


def test_check_names_what_a_desk_works_without(tmp_path, say):
    folder = tmp_path / "new"
    say("init", folder, "--workflow=repair_bonus")
    file = folder / "savd.toml"
    file.write_text(file.read_text().replace(".organisations.ecologic]", ".organisations.other]"))
    (folder / "brands.csv").write_text("brand;organisation\nLave-Bien;ecosystem\n")
    assert say("import", "brands", folder / "brands.csv", "--config", file)[0] == 0
    code, told, _ = say("check", "--config", file)
    assert code == 0
    assert "Add [desks.repair_bonus.organisations.ecologic] with its transport" in told
    assert "looks things up in bonus, codes, nothing was imported" in told


def test_init_overwrites_nothing(tmp_path, say):
    (tmp_path / "savd.toml").write_text("mine")
    code, _, told = say("init", tmp_path)
    assert (code, (tmp_path / "savd.toml").read_text()) == (78, "mine")
    assert "not overwritten" in told


def test_the_template_names_every_key_and_is_valid():
    text = template([shipped("rma")])
    Config.model_validate(tomllib.loads(text))
    for model in sections():
        for name, field in model.model_fields.items():
            if model not in (Config, ReturnAddress) and model_in(field.annotation) is BaseModel:
                assert f"\n{name} =" in text or f"\n#{name} =" in text, name


def test_every_key_says_what_it_means():
    for model in sections():
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__} {name}"


def test_a_wrong_configuration_ends_with_78_and_one_line_each(site, say):
    with (site / "savd.toml").open("a") as file:
        file.write("sizes = 3\nworkerz = 4\n")
    code, out, told = say("check")
    assert (code, out) == (78, "")
    assert len(told.splitlines()) == 2
    assert "Did you mean 'workers'?" in told


@pytest.mark.parametrize("words", [["nothing"], ["ticket", "show"], ["mail", "list", "--limit=x"]])
def test_wrong_usage_ends_with_64(say, words):
    assert say(*words)[0] == 64


@pytest.mark.parametrize(
    "words, code",
    [
        (["ticket", "show", "RMA-2026-000001"], 65),
        (["mail", "show", "7"], 65),
        (["outbox", "show", "7"], 65),
        (["explain", "<none@x>"], 65),
        (["workflow", "check", "nothing"], 78),
        (["import", "contacts", "/nonexistent.csv"], 65),
    ],
)
def test_what_does_not_exist_is_told_in_one_line(site, say, words, code):
    found, _, told = say(*words)
    assert (found, told.count("\n"), told.startswith("savd: ")) == (code, 1, True)


def test_injected_mail_is_in_the_journal(site, say):
    inject(site, say)
    assert journal_counts(site)["pending"] == 1
    code, out, _ = say("mail", "list", "--json", "--verdict", "pending")
    assert (code, json.loads(out)["path"]) == (0, "pipe")


@pytest.mark.parametrize("trouble", ["no configuration", "no file", "empty", "no database"])
def test_inject_ends_with_75_on_any_trouble(site, say, monkeypatch, trouble):
    file = site / "a.eml"
    file.write_bytes(b"" if trouble == "empty" else mail())
    if trouble == "no configuration":
        monkeypatch.setenv("SAVD_CONFIG", "/nonexistent")
    if trouble == "no database":
        (site / "savd.sqlite3").mkdir()
    if trouble == "no file":
        file.unlink()
    code, _, told = say("inject", file)
    assert (code, "try again" in told) == (75, True)


def test_inject_reads_standard_input_and_takes_all_or_nothing(site, say, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail())))
    assert say("inject", "-")[0] == 0
    (site / "good.eml").write_bytes(mail(2))
    assert say("inject", site / "good.eml", site / "none.eml")[0] == 75
    assert journal_counts(site)["received"] == 1


def test_parse_prints_one_object_a_line(site, say, monkeypatch):
    (site / "a.eml").write_bytes(mail())
    code, out, _ = say("parse", "--json", site / "a.eml", site / "a.eml")
    first, second = map(json.loads, out.splitlines())
    assert (code, first) == (0, second)
    assert (first["path"], first["from"]) == (str(site / "a.eml"), "jeanne@customer.example")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{site}/a.eml\n{site}/none.eml\n"))
    code, out, _ = say("parse", "--stdin-paths")
    assert code == 65
    assert [json.loads(line).get("error", "") for line in out.splitlines()] == [
        "",
        "No such file or directory",
    ]


def test_parse_shows_what_each_line_is(site, say):
    answer = (
        b"From: Ann <ann@x.example>\r\nSubject: Re: x\r\n\r\nyes\r\n\r\n> when?\r\n-- \r\nAnn\r\n"
    )
    (site / "a.eml").write_bytes(answer)
    code, out, _ = say("parse", site / "a.eml")
    assert code == 0
    assert "from         Ann <ann@x.example>" in out
    assert out.splitlines()[-6:] == [
        "new          | yes",
        "             |",
        "quote        | > when?",
        "signature    | --",
        "             | Ann",
        "",
    ]


def test_explain_tells_the_reasons_and_changes_nothing(site, say):
    (site / "a.eml").write_bytes(mail())
    code, out, _ = say("explain", site / "a.eml")
    assert code == 0
    assert "verdict" in out
    assert "because" in out
    assert journal_counts(site)["received"] == 0


def test_explain_finds_a_mail_that_was_accepted_and_replay_decides_it_on_paper(site, say):
    inject(site, say)
    code, out, _ = say("mail", "replay", "1", "--json")
    assert (code, json.loads(out)["id"]) == (0, 1)
    assert journal_counts(site)["pending"] == 1


def test_explain_tells_what_a_mail_of_the_past_brought_about(site, say, monkeypatch):
    async def story():
        async with running(site) as (service, relay):
            await asyncio.to_thread(deliver, service.ports[0], mail())
            await until(lambda: relay.taken)

    asyncio.run(story())
    code, out, _ = say("explain", "1@customer.example", "--json")
    told = json.loads(out)
    assert (code, told["verdict"], told["reason"]) == (0, "applied", "opened")
    assert told["files"] == []
    assert [(one["key"], one["to_state"]) for one in told["steps"]] == [
        ("DEM-000001", "to_complete")
    ]
    assert [one["recipient"] for one in told["messages"]] == ["jeanne@customer.example"]


def test_timers_outbox_tickets_and_notices_can_be_listed_empty(site, say):
    for words in ("ticket list", "timer list", "outbox list", "mail list"):
        assert say(*words.split(), "--json") == (0, "", "")
    assert say("timer", "run")[0] == 0
    assert say("notice", "list")[0] == 0
    assert say("workflow", "list")[0] == 0
    assert say("workflow", "draw", "rma")[1].startswith("stateDiagram-v2")


def test_recon_adds_up(site, say):
    inject(site, say)
    code, out, _ = say("mail", "recon", "--json")
    assert (code, json.loads(out)["received"], json.loads(out)["without_bytes"]) == (0, 1, 0)


MAILBOX = """
[[mailbox]]
name = "returns"
desk = "rma"
host = "{host}"
port = {port}
tls = "none"
user = "{user}"
password_file = "imap_password"
"""


def with_mailbox(site, dovecot, user):
    """Let the desk of `site` read a mailbox of the real server too."""
    told = MAILBOX.format(host=dovecot.host, port=dovecot.port, user=user)
    with (site / "savd.toml").open("a") as file:
        file.write(told)
    (site / "imap_password").write_text(dovecot.password)
    (site / "imap_password").chmod(0o600)


def test_recon_counts_what_lies_in_the_mailbox_and_is_not_ours(site, say, dovecot):
    with_mailbox(site, dovecot, "recon")
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as owner:
        owner.login("recon", dovecot.password)
        owner.append("INBOX", mail())
    code, out, _ = say("mail", "recon")
    assert code == 1
    assert out.startswith("returns: 1 in the mailbox, 0 known, 1 missing\n")


def test_a_mailbox_that_cannot_be_read_is_named_with_what_to_look_at(site, say):
    with_mailbox(site, Dovecot(host="127.0.0.1", port=1, tls_port=1, password="x", folder=""), "u")
    code, _, told = say("mail", "recon")
    assert code == 75
    assert "mailbox returns (u at 127.0.0.1:1): " in told
    assert "Check name, password" in told
    configuration = load(site / "savd.toml")
    assert mailbox_trouble(configuration, "returns", offices_of(configuration)) in told


@pytest.mark.parametrize(
    "words",
    [
        "mail list --verdict gone",
        "mail list --desk gone",
        "outbox list --state gone",
        "ticket list --state gone",
        "notice preview gone",
        "notice preview N3 --language gone",
    ],
)
def test_a_word_that_does_not_exist_is_no_empty_list(site, say, words):
    code, _, told = say(*words.split())
    assert code == 64
    assert "there is no 'gone'; known: " in told


def test_people_read_times_to_the_second_and_scripts_all_of_them(site, say):
    inject(site, say)
    (line,) = say("mail", "list", "--json")[1].splitlines()
    received = json.loads(line)["received_at"]
    assert f"{received[:19]}+00:00" in say("mail", "list")[1]
    assert f"{received[:19]}+00:00" in say("mail", "show", "1")[1]


def test_a_backup_can_be_restored_and_neither_overwrites(site, say):
    inject(site, say)
    copy = site / "copy.sqlite3"
    assert say("backup", copy)[0] == 0
    assert say("backup", copy)[0] == 65
    assert say("restore", copy)[0] == 65
    for name in ("savd.sqlite3", "savd.sqlite3-wal", "savd.sqlite3-shm"):
        (site / name).unlink(missing_ok=True)
    assert say("restore", copy)[0] == 0
    assert journal_counts(site)["received"] == 1


def test_a_file_that_is_no_backup_is_not_restored(site, say):
    (site / "bad").write_bytes(b"x" * 5000)
    code, _, told = say("restore", site / "bad")
    assert (code, "no sound savd database" in told) == (65, True)
    assert not (site / "savd.sqlite3").exists()


def test_import_can_be_tried_first(site, say):
    (site / "c.csv").write_text("address,name\na@b.example,A\n")
    code, out, _ = say("import", "contacts", site / "c.csv", "--dry-run")
    assert (code, out) == (0, "contacts of rma: 1 rows would be kept, 1 of them new, 0 changed\n")
    assert say("import", "contacts", site / "c.csv")[1].endswith("1 of them new, 0 changed\n")
    again = say("import", "contacts", site / "c.csv", "--replace")[1]
    assert again.endswith("1 rows kept, 0 of them new, 0 changed, 0 others dropped\n")
    (site / "c.csv").write_text("address\nnonsense\n")
    assert say("import", "contacts", site / "c.csv")[0] == 65


def test_tables_are_listed_and_shown_as_rules_see_them(site, say):
    (site / "i.csv").write_text(
        "invoice,date,account\n0034871205,2026-11-03,80538\n0034871206,2026-11-03,9\n"
    )
    assert say("import", "invoices", site / "i.csv")[0] == 0
    listed = say("table", "list", "--json")[1]
    assert json.loads(listed)["found_by"][:2] == ["invoice", "account + date"]
    shown = say("table", "show", "invoices", "invoice=34871205")[1].splitlines()
    assert [line.split() for line in shown] == [
        ["invoice", "date", "account"],
        ["0034871205", "2026-11-03", "80538"],
    ]
    assert say("table", "show", "invoices", "nonsense")[0] == 64
    assert say("table", "show", "invoices", "--desk", "none")[0] == 65


def test_who_gets_registered_has_what_was_held_decided_again(site, say):
    inject(site, say)
    inject(site, say, 2)
    store = Store.open(f"sqlite:///{site}/savd.sqlite3")
    with store.write() as tx:
        unknown = {"verdict": "held", "reason": "unknown_sender", "settled_at": None}
        tx.execute(update(journal).values(sender="Una@b.example", **unknown))
        tx.execute(update(journal).where(journal.c.id == 2).values(sender="other@d.example"))
    store.close()
    (site / "c.csv").write_text("address,name\na@b.example,A\n")
    assert "held" not in say("import", "contacts", site / "c.csv")[1]
    (site / "c.csv").write_text("address,name\nuna@b.example,Una\n")
    out = say("import", "contacts", site / "c.csv")[1]
    assert out.endswith("1 held mails of senders now known are decided again\n")
    assert journal_counts(site)["pending"] == journal_counts(site)["held"] == 1
    (site / "d.csv").write_text("domain,organisation\nd.example,D\n")
    assert "are decided again" in say("import", "domains", site / "d.csv")[1]


def test_doctor_makes_no_database(site, say):
    assert "none yet, the first `savd run` makes it" in say("doctor")[1]
    assert not (site / "savd.sqlite3").exists()


def test_doctor_finds_keys_that_others_may_read(site, say):
    (site / "keys" / "k1").chmod(0o644)
    code, out, _ = say("doctor")
    assert code == 1
    assert "BAD  secret" in out
    assert "chmod 600" in out
    assert "BAD  relay" in out


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['savd', '--help'];"
        "import daemon.commands as c; c.run(['--help']);"
        "print([m for m in ('sqlalchemy', 'pydantic', 'aiosmtpd', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_module_runs_and_a_closed_pipe_is_no_accident():
    done = subprocess.run(
        f"{sys.executable} -m daemon --version | true",
        shell=True,
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
