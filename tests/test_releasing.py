"""savd outbox release and discard: an operator ends the wait of parked messages, and it is told (X-30)."""

import asyncio
import json

import pytest

from daemon.commands import run
from storage import accounts, outbox

from .services import deliver, mail, running, until

TEAMS = '\n[desks.rma.teams]\nafter_sales = {addresses = ["team@desk.example"]}\n'
JEANNE = "jeanne@customer.example"


@pytest.fixture
def say(capsys):
    """Run a command; give exit code and what it printed."""

    def said(*arguments):
        code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return said


def is_quiet(service):
    with service.store.read() as tx:
        waits = outbox.depth(tx)
        return not accounts.counts(tx)["pending"] and not (waits["queued"] or waits["sending"])


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A desk that has answered one mail of three; two answers wait for a person."""

    async def story():
        async with running(tmp_path, desk="budget_per_address = 1\n", extra=TEAMS) as (service, _):
            three = [mail(n, text=f"My pump number {n} does not start.") for n in (1, 2, 3)]
            await asyncio.to_thread(deliver, service.ports[0], *three)
            await until(lambda: is_quiet(service))

    asyncio.run(story())
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("SAVD_CONFIG", str(tmp_path / "savd.toml"))
    return tmp_path


def parked(say):
    lines = say("outbox", "list", "--state", "parked", "--json")[1].splitlines()
    return [json.loads(line) for line in lines][::-1]


def history(say, ticket_id):
    told = json.loads(say("ticket", "show", ticket_id, "--json")[1])
    return [step["why"] for step in told["steps"]], told["flags"]


def test_an_operator_sees_releases_and_discards_what_is_parked(site, say):
    first, second = parked(say)
    assert {(one["parked_for"], one["outdated"]) for one in (first, second)} == {("address", False)}
    code, out, _ = say("doctor")
    assert (code, f"2 to {JEANNE} over a budget" in out) == (1, True)
    assert f"savd outbox release --address {JEANNE}" in out

    code, out, _ = say("outbox", "release", second["id"])
    assert (code, out) == (
        0,
        "1 older to the same people stay parked: these leave before them\n1 of 1 released\n",
    )
    steps, flags = history(say, second["ticket_id"])
    assert steps[-1].endswith(f"to {JEANNE} released")
    assert flags == []
    assert parked(say) == [first]

    assert say("outbox", "discard", "--address", JEANNE)[:2] == (0, "1 of 1 discarded\n")
    steps, flags = history(say, first["ticket_id"])
    assert (steps[-1].endswith("discarded"), flags, parked(say)) == (True, [], [])
    shown = json.loads(say("outbox", "show", first["id"], "--json")[1])
    assert shown["state"] == "discarded"
    assert JEANNE in say("outbox", "show", first["id"], "--raw")[1]


def test_nothing_is_released_by_accident(site, say):
    both = [one["id"] for one in parked(say)]
    assert say("outbox", "release")[0] == 65
    assert say("outbox", "release", "--ticket", "RMA-9999-000009")[0] == 65
    assert say("outbox", "release", 1, both[0])[0] == 1, "the first one was sent long ago"
    assert [one["id"] for one in parked(say)] == both[1:]
    assert say("outbox", "release", "--desk", "rma")[1] == "1 of 1 released\n"


def test_those_of_one_ticket_can_be_chosen(site, say):
    first, second = parked(say)
    assert say("outbox", "release", "--ticket", second["ticket_id"])[0] == 0
    assert parked(say) == [first]
