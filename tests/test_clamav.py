"""ClamAV is asked about every file; what it does not answer is unscanned, never clean."""

import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from daemon.clamav import Clamav, ClamavSettings
from daemon.commands import run
from daemon.config.file import load
from daemon.probes import clamav_trouble
from daemon.readers.reading import Costs, Reading
from daemon.readers.workers import Stopping

from .openings import do_as_told, understand
from .scanners import EICAR, ScriptedClamd, verdict
from .services import configure


@pytest.fixture
def asking():
    """Start clamds that answer as given; give the client of the last."""
    started, clients = [], []

    def ask(answer, *, most=1 << 30, **settings):
        started.append(ScriptedClamd(answer, most=most).__enter__())
        where = ClamavSettings(host="127.0.0.1", port=started[-1].port, **settings)
        clients.append(Clamav(where))
        return clients[-1]

    ask.started = started
    yield ask
    for one in clients:
        one.close()
    for one in started:
        one.__exit__()


def scan(client, data=b"file"):
    found = client.scan(data).result(30)
    return found.state, found.told


def test_a_clean_file_is_clean_and_was_shown_whole(asking):
    data = bytes(range(256)) * 1_000
    assert scan(asking(verdict), data) == ("clean", "")
    assert asking.started[0].seen == [data]


def test_what_was_found_is_named(asking):
    assert scan(asking(verdict), EICAR) == ("infected", "Eicar-Test-Signature")


@pytest.mark.parametrize(
    "answer",
    [
        "INSTREAM size limit exceeded. ERROR",
        "stream: Can't allocate memory ERROR",
        "UNKNOWN COMMAND",
        "stream:  FOUND",
        "OK",
        "stream: OK\nstream: OK",
        "x" * 100_000,
        None,
    ],
)
def test_whatever_else_it_says_is_unscanned(asking, answer):
    state, told = scan(asking(lambda _: answer))
    assert state == "unscanned"
    assert told


def test_a_reset_beyond_its_own_limit_is_unscanned(asking):
    assert scan(asking(verdict, most=1 << 20), bytes(8 << 20))[0] == "unscanned"


def test_what_is_longer_than_configured_is_not_even_shown(asking):
    state, told = scan(asking(verdict, size=10), b"eleven octet")
    assert (state, told) == ("unscanned", "longer than 10 octets")
    assert asking.started[0].seen == []


def test_a_late_answer_is_unscanned(asking):
    state, told = scan(asking(lambda _: "", seconds=0.3))
    assert (state, told) == ("unscanned", "timed out")


def test_nobody_listening_is_unscanned(tmp_path):
    for where in (
        ClamavSettings(host="127.0.0.1", port=1),
        ClamavSettings(path=f"{tmp_path}/none"),
    ):
        client = Clamav(where)
        assert scan(client)[0] == "unscanned"
        client.close()


def test_a_socket_file_is_as_good_as_a_port(tmp_path):
    path = f"{tmp_path}/clamd.ctl"
    with ScriptedClamd(verdict, path=path):
        client = Clamav(ClamavSettings(path=path))
        assert scan(client, EICAR)[0] == "infected"
        client.close()


def test_closing_waits_for_nobody(asking):
    client = asking(lambda _: "", seconds=60)
    asked, waiting = client.scan(b"a"), client.scan(b"b")
    while not asked.running():
        time.sleep(0.01)
    client.close()
    assert asked.result(5).state == "unscanned"
    for late in (waiting, client.scan(b"c")):
        with pytest.raises(CancelledError):
            late.result(5)


@pytest.fixture
def read(asking):
    """Read a mail whose lines are its files, with a clamd that answers as given."""
    made = []

    def read(answer, *contents, **settings):
        scanner = asking(answer, **settings)
        costs = Costs(workers=1, all_files_seconds=2)
        made.append(Reading(understand, costs, opening=do_as_told, scanner=scanner))
        return made[-1].read(b"\n".join(contents), "rma")

    yield read
    for one in made:
        one.close()


def told(reading):
    return [
        (one.scan, one.refusal, one.document.text if one.document else "")
        for one in reading.result(60).mail.attachments
    ]


def test_a_file_with_a_virus_is_never_opened_and_the_others_are(read, caplog):
    with caplog.at_level("WARNING"):
        found = told(read(verdict, b"before", EICAR, b"after"))
    assert found == [("clean", "", "before"), ("infected", "infected", ""), ("clean", "", "after")]
    said = [record.fields for record in caplog.records if record.getMessage() == "infected"]
    assert [one["signature"] for one in said] == ["Eicar-Test-Signature"]


def test_an_unscanned_file_is_still_read_behind_the_walls(read):
    found = told(read(lambda _: None, b"first", b"second"))
    assert found == [("unscanned", "", "first"), ("unscanned", "", "second")]


def test_a_scanner_that_hangs_holds_a_mail_up_for_its_budget_and_no_longer(read):
    begun = time.monotonic()
    found = told(read(lambda _: "", *[b"x"] * 20, seconds=0.7))
    assert found == [("unscanned", "", "x")] * 20
    assert time.monotonic() - begun < 15


def test_stopping_while_a_file_is_scanned_blames_no_mail(asking):
    with Reading(
        understand, Costs(workers=1), opening=do_as_told, scanner=asking(lambda _: "", seconds=60)
    ) as one:
        going = one.read(b"a\nb", "rma")
        while not asking.started[0].seen:
            time.sleep(0.01)
    with pytest.raises(Stopping):
        going.result(5)


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)

    def make(port):
        extra = f'[clamav]\nhost = "127.0.0.1"\nport = {port}\n'
        return str(configure(tmp_path, extra=extra))

    return make


def test_doctor_and_check_say_whether_it_answers(site, capsys):
    with ScriptedClamd(lambda _: "ClamAV 1.4.3/27800/Mon Nov  2 2026") as clamd:
        run(["doctor", "--config", site(clamd.port)])
        assert "ok   clamav         ClamAV 1.4.3/27800" in capsys.readouterr().out
    run(["doctor", "--config", site(1)])
    assert "BAD  clamav         does not answer" in capsys.readouterr().out
    assert "clamav does not answer" in clamav_trouble(load(Path(site(1))))
    with ScriptedClamd(lambda _: "220 mail.example ESMTP") as other:
        run(["doctor", "--config", site(other.port)])
        assert "which is not ClamAV" in capsys.readouterr().out
