"""`savd ticket list`: the engine that answers questions by mail, on the command line."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from daemon.commands import run
from handlers.decision import Decision, TicketChange, Verdict
from handlers.ticket import Participant, Role, Ticket
from storage.apply import apply
from storage.store import Store

from .services import configure
from .stores import store_url

__all__ = ["store_url"]

NOW = datetime.now(UTC).replace(hour=12, minute=0)


@pytest.fixture
def say(capsys):
    """Run a command; give exit code and what it printed."""

    def said(*arguments):
        code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return said


def ticket(number, **changes):
    key = f"RMA-2026-{number:06d}"
    values = {
        "id": number * 1000,
        "desk": "rma",
        "workflow": "rma",
        "key": key,
        "draft_key": key,
        "state": "in_progress",
        "opened_at": NOW - timedelta(days=number),
        "requested_at": NOW,
        "state_since": NOW,
        "changed_at": NOW - timedelta(minutes=number),
        "contact": "jeanne@customer.example",
        "participants": (Participant(address="jeanne@customer.example", role=Role.CONTACT),),
        "fields": {"serial": f"SN{number}", "reference": "LECT-400"},
    }
    return Ticket(**{**values, **changes})


@pytest.fixture
def filled(tmp_path, monkeypatch, say, store_url):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("SAVD_CONFIG", str(configure(tmp_path, database=store_url)))
    assert say("ticket", "list")[0] == 0  # makes the tables
    store = Store.open(store_url)
    tickets = (
        ticket(1, fields={"serial": "=1+1", "reference": "LECT-400", "action": "repair"}),
        ticket(2, state="closed", closed_at=NOW),
        ticket(40, assignee="after_sales", subject="Lecteur du hall"),
    )
    with store.write() as tx:
        decision = Decision(
            verdict=Verdict.APPLIED,
            changes=tuple(TicketChange(ticket=one, opened=True) for one in tickets),
        )
        apply(tx, decision, [], desk="rma", references={}, now=NOW)
    store.close()


@pytest.mark.usefixtures("filled")
@pytest.mark.proves("X-43")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [1, 2, 40]),
        (("--open",), [1, 40]),
        (("--closed",), [2]),
        (("--state", "closed"), [2]),
        (("RMA-2026-0000",), [1, 2, 40]),
        (("rma-2026-000040",), [40]),
        (("--field", "N° de série=sn2"), [2]),
        (("--field", "action=réparation"), [1]),
        (("--team", "after_sales"), [40]),
        (("--text", "du HALL"), [40]),
        (("--text", "reference"), []),
        (("--text", "lect"), [1, 2, 40]),
        (("--to", "9999-12-31"), [1, 2, 40]),
        (("--from", "0001-01-01", "--to", "9999-12-30"), [1, 2, 40]),
        (("--assignee", "AFTER_sales"), [40]),
        (("--contact", "jeanne@customer.example", "--open"), [1, 40]),
        (("--contact", "nobody@customer.example"), []),
        (("--limit", "1"), [1]),
        (("--limit", "2", "--text", "sn4"), [40]),
        (("--team", "Service après-vente"), [40]),
    ],
)
def test_a_list_is_narrowed_as_by_mail(say, words, found):
    code, out, told = say("ticket", "list", *words, "--json")
    assert code == 0, told
    keys = [json.loads(line)["key"] for line in out.splitlines()]
    assert keys == [f"RMA-2026-{one:06d}" for one in found]


@pytest.mark.usefixtures("filled")
def test_a_short_list_has_the_tickets_changed_last_not_those_opened_last(say, store_url):
    store = Store.open(store_url)
    with store.write() as tx:
        old = ticket(3, opened_at=NOW - timedelta(days=400), changed_at=NOW + timedelta(minutes=1))
        decision = Decision(
            verdict=Verdict.APPLIED, changes=(TicketChange(ticket=old, opened=True),)
        )
        apply(tx, decision, [], desk="rma", references={}, now=NOW)
    store.close()
    code, out, _ = say("ticket", "list", "--limit", "1", "--json")
    assert (code, json.loads(out)["key"]) == (0, "RMA-2026-000003")


@pytest.mark.usefixtures("filled")
def test_a_list_as_csv_is_the_file_of_a_mail_and_runs_nothing(say):
    code, out, _ = say("ticket", "list", "--csv", "--open")
    assert code == 0
    lines = out.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("N°;")
    assert "'=1+1" in lines[1]
    assert len(lines) == 3


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--from", "soon"), "'soon' is no day"),
        (("--during", "soon"), "is no period"),
        (("--field", "serial"), "NAME=VALUE"),
    ],
)
def test_what_is_not_understood_is_said(say, words, why):
    code, _, told = say("ticket", "list", *words)
    assert code != 0
    assert why in told


@pytest.mark.usefixtures("filled")
def test_days_and_periods_are_those_of_the_opening(say):
    first = (NOW - timedelta(days=3)).date().isoformat()
    code, out, _ = say("ticket", "list", "--from", first, "--json")
    assert (code, len(out.splitlines())) == (0, 2)
    assert say("ticket", "list", "--to", "01/01/2020", "--json") == (0, "", "")
