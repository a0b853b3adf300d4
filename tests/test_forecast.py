"""What `savd timer list` says will happen is what then happens."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.clock import SetClock
from daemon.commands import run
from daemon.config.file import chosen_file, load
from daemon.office import offices_of
from daemon.pipeline import Pipeline
from handlers.advance import start_timer
from handlers.forecast import forecast
from handlers.ticket import NEVER
from handlers.timekeeping import decide_timer
from handlers.turn import Actor, Event, EventKind, Turn
from storage import listing
from storage.apply import apply
from storage.store import Store

from .people import CLAIRE, NOW, RMA, desk, facts, ticket
from .services import configure
from .stores import opened


def planned(one, name):
    """The firings of a timer that starts now on a ticket."""
    event = Event(
        kind=EventKind.OPENING,
        actor=Actor(address=CLAIRE),
        cause="m1",
        at=NOW,
        requested_at=NOW,
    )
    turn = Turn(workflow=RMA, desk=desk(), event=event, ticket=one)
    return start_timer(turn, name, RMA.timers[name]).started


def said(timer, one):
    return forecast(timer, facts(one, timers={one.id: (timer,)}), desk=desk(), workflow=RMA)


def test_a_reminder_tells_to_whom_it_goes_and_which_it_is():
    first, _ = planned(ticket(), "T-relance-devis")
    found = said(first, ticket())
    assert found.will == f"sends N3_reminder to {CLAIRE}"
    assert (first.nth, found.of, found.state, found.held) == (1, 2, "", "")
    assert found.rule.startswith("rma.yaml:")


def test_an_end_tells_where_it_leads():
    (end,) = planned(ticket(), "T-validite")
    found = said(end, ticket())
    assert (found.fired, found.state) == (("F-T19",), "expired")
    assert found.sends == (f"N_expired to {CLAIRE}",)


def test_a_clock_that_stands_still_tells_what_holds_it_and_what_is_left():
    (end,) = planned(ticket(), "T-validite")
    held = replace(
        end, held_by="address_invalid", held_at=NOW, left=timedelta(days=12), due_at=NEVER
    )
    found = said(held, ticket(flags=frozenset({"address_invalid"})))
    assert (found.due_at, found.held) == (None, "address_invalid, 12 d left")
    assert found.state == "expired"


def test_the_forecast_is_what_is_decided_when_the_time_has_come():
    for name in ("T-relance-devis", "T-validite"):
        timer = planned(ticket(), name)[0]
        known = facts(ticket(), timers={ticket().id: (timer,)})
        found = forecast(timer, known, desk=desk(), workflow=RMA)
        done = decide_timer(timer, known, desk=desk(), workflow=RMA, timer_id=1, now=timer.due_at)
        told = tuple(f"{one.template} to {one.to.address}" for one in done.notices)
        assert found.sends == told


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A configuration with a store that holds Claire's ticket and its clocks."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("SAVD_CONFIG", str(configure(tmp_path)))
    assert run(["timer", "list"]) == 0  # makes the tables
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3", durable=False)
    clocks = (*planned(ticket(), "T-relance-devis"), *planned(ticket(), "T-validite"))
    with store.write() as tx:
        apply(tx, opened(ticket(), started=clocks), (), desk="rma", references={}, now=NOW)
    yield store
    store.close()


def lines(capsys, *arguments):
    capsys.readouterr()
    assert run(["timer", "list", "--json", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_list_tells_when_on_the_clock_of_the_desk_what_and_why(site, capsys):
    first, second, end = lines(capsys)
    assert first["due"] == "Mon 2026-11-09 10:00:00"
    assert (first["timer"], second["timer"], end["timer"]) == (
        "T-relance-devis 1/2",
        "T-relance-devis 2/2",
        "T-validite",
    )
    assert first["sends"] == [f"N3_reminder to {CLAIRE}"]
    assert (end["fires"], end["leads_to"]) == (["F-T19"], "expired")
    assert end["why"].startswith("quote_sent since Mon 2026-11-02 10:00:00 (rma.yaml:")


def test_the_list_is_narrowed_by_ticket_and_days_and_changes_nothing(site, capsys):
    assert len(lines(capsys, "--ticket", ticket().key)) == 3
    assert len(lines(capsys, "--days", "3650")) == 3
    assert lines(capsys, "--desk", "rma", "--limit", "1")[0]["nth"] == 1
    assert run(["timer", "list", "--ticket", "RMA-2026-999999"]) != 0
    with site.read() as tx:
        assert len(listing.timers(tx)) == 3


def test_what_the_list_says_comes_true(site, capsys):
    told = lines(capsys)[0]
    offices = offices_of(load(chosen_file()))
    clock = SetClock(NOW + timedelta(days=7))
    assert Pipeline(store=site, offices=offices, clock=clock).fire_timers() == 1
    with site.read() as tx:
        (sent,) = listing.messages(tx)
    assert told["sends"] == [f"{sent['notice']} to {sent['recipient']}"]
