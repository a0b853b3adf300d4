"""savd digest prints any day; the configuration says who is told, and what is wrong with it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from daemon.commands import run
from daemon.config.file import load
from daemon.office import offices_of
from handlers.errors import ConfigError
from storage import digest_leavers
from storage.migrations import migrate
from storage.store import Store

from .stores import a_step, a_ticket, opened, write

CONFIGURATION = """\
[desks.rma]
addresses = ["rma@desk.example"]

[desks.rma.teams.after_sales]
addresses = ["team@desk.example"]

[desks.rma.digest]
"""
YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - any day that is over


@pytest.fixture
def site(tmp_path):
    """A desk with one ticket that waits since a week ago; returns its configuration."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "k1").write_text("0" * 64)
    file = tmp_path / "savd.toml"
    file.write_text(CONFIGURATION + 'daily = "08:00"\n')
    store = Store.open(f"sqlite:///{tmp_path / 'savd.sqlite3'}", durable=False)
    migrate(store)
    at = datetime.now(UTC) - timedelta(days=7)
    ticket = a_ticket(7000, state="in_study", opened_at=at, requested_at=at)
    step = a_step(at=at, transition="F-T1", from_state="new", to_state="in_study")
    write(store, opened(ticket, steps=(step,)))
    store.close()
    return file


@pytest.fixture
def say(site, capsys):
    def said(*arguments):
        code = run(["digest", "--config", str(site), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return said


def test_it_prints_the_digest_of_a_day(say):
    code, told, _ = say("--day", YESTERDAY.isoformat())
    assert (code, "DEM-7000" in told) == (0, True)
    assert told.startswith("Subject: Overview of ")
    assert "1 request waits for us" in told
    assert "No request waits" in say("--day", (YESTERDAY - timedelta(days=30)).isoformat())[1]


def test_it_prints_a_week_of_a_team_in_its_language(say):
    _, told, _ = say("--week", "--team", "after_sales", "--language", "fr")
    assert "Service après-vente" in told
    assert "DEM-7000" in told
    assert "DEM-7000" not in say("--team", "sales")[1]


def test_its_figures_are_there_as_json(say):
    told = json.loads(say("--json")[1])
    assert (told["ours"], told["late"], told["lines"][0]["key"]) == (1, 1, "DEM-7000")


@pytest.mark.parametrize(
    "arguments, remedy",
    [
        (("--day", "3026-01-01"), "has not been yet"),
        (("--day", "yesterday"), "is no day"),
        (("--team", "nobody"), "known: "),
        (("--desk", "other"), "known: rma"),
        (("--language", "sv"), "known: "),
    ],
)
def test_what_it_cannot_print_is_said(say, arguments, remedy):
    code, _, told = say(*arguments)
    assert code == 64
    assert remedy in told


def test_what_is_to_come_is_among_the_timers(site, capsys):
    assert run(["timer", "list", "--config", str(site)]) == 0
    told = capsys.readouterr().out
    assert "daily digest" in told
    assert "tell after_sales how the tickets stand" in told
    assert '[desks.rma.digest] daily = "08:00"' in told


def plan(site, text):
    site.write_text(CONFIGURATION + text)
    return offices_of(load(site))["rma"].desk.digest


def test_the_configuration_says_who_is_told_and_when(site):
    told = plan(site, 'daily = "08:00"\nweekly = "07:30"\nweekday = "friday"\n')
    assert (told.daily, told.weekly, told.weekday) == ("08:00", "07:30", 4)
    assert (told.teams, told.managers) == (("after_sales",), ())
    told = plan(site, 'daily = "08:00"\nteams = []\nmanagers = ["boss@desk.example"]\n')
    assert (told.teams, told.managers) == ((), ("boss@desk.example",))


@pytest.mark.parametrize(
    "text, told",
    [
        ('daily = "8 o\'clock"', "daily"),
        ('weekday = "lundi"', "weekday"),
        (
            'daily = "08:00"\nteams = ["sales"]',
            "there is no team 'sales'. Known teams: after_sales.",
        ),
        ('daily = "08:00"\nteams = []', "nobody would get it"),
        ('managers = ["boss@desk.example"]', "Give a time as daily or weekly"),
    ],
)
def test_what_is_wrong_with_it_is_named_with_its_line(site, text, told):
    with pytest.raises(ConfigError, match=r"savd\.toml:") as caught:
        plan(site, text + "\n")
    assert told in str(caught.value)


def test_who_wanted_no_more_of_it_is_asked_back(site, capsys):
    store = Store.open(f"sqlite:///{site.parent / 'savd.sqlite3'}", durable=False)
    with store.write() as tx:
        digest_leavers.settle(tx, "rma", {"chief@desk.example": False}, datetime.now(UTC))
    store.close()
    run(["doctor", "--config", str(site)])
    assert "wanted no more: chief@desk.example (rma)" in capsys.readouterr().out
    assert run(["digest", "--again", "Chief@desk.example", "--config", str(site)]) == 0
    assert "1 of 1 readers get their digests again" in capsys.readouterr().out
    assert run(["digest", "--again", "chief@desk.example", "--config", str(site)]) == 1
