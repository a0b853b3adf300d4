"""A whole savd asks an organisation by HTTP, hears its answer, and moves the ticket."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from daemon.config.file import load
from daemon.config.organisations import transports_of
from daemon.office import offices_of
from handlers.decision import Decision, TicketChange, Verdict
from handlers.errands.errand import Errand
from handlers.errors import ConfigError
from storage.apply import apply
from storage.errand_schema import errand
from storage.lookup import tickets_by_id

from .organisations import EcosystemHandler, organisation
from .services import configure, running, until
from .stores import NOW, a_ticket

BONUS = """
[desks.bonus]
addresses = ["bonus@desk.example"]
workflow = "repair_bonus"
accounts = "open"
work_item_window = 0

[desks.bonus.teams.back_office]
addresses = ["back@desk.example"]

[desks.bonus.organisations.ecosystem]
transport = "{transport}"
{more}
"""
HTTP = 'connector = "ecosystem"\nurl = "{url}"\nuser = "atelier"\nkey_file = "ecosystem.key"\n'
KEY = "m1.1000.submit.0"
FIELDS = {"organisation": "ecosystem", "product": "lave-linge", "brand": "Boréal", "serial": "SN1"}


def asked():
    ticket = a_ticket(
        desk="bonus",
        workflow="repair_bonus",
        state="ecosystem_to_create",
        fields=FIELDS,
        links={"asked": KEY},
        flags=frozenset(),
    )
    body = {"PurchaseOrderByCustomer": "QR-1", "RepairerId": "R1"}
    errand = Errand(
        key=KEY,
        desk="bonus",
        organisation="ecosystem",
        operation="submit",
        ticket_id=1000,
        body=body,
    )
    change = TicketChange(ticket=ticket, opened=True, errands=(errand,))
    return Decision(verdict=Verdict.APPLIED, changes=(change,))


def state_of(service):
    with service.store.read() as tx:
        return tickets_by_id(tx, {1000}, lock=False)[1000].state


def is_to_try_again(service):
    """Whether the lost answer is written down: only then has the next attempt its time."""
    with service.store.read() as tx:
        row = tx.execute(select(errand.c.state, errand.c.trouble)).one()
    return row.state == "queued" and row.trouble != ""


def ask(service):
    with service.store.write() as tx:
        apply(tx, asked(), (), desk="bonus", references={}, now=datetime.now(UTC))


def secret(folder):
    (folder / "ecosystem.key").write_text("geheim")
    (folder / "ecosystem.key").chmod(0o600)


def test_a_claim_is_created_although_the_first_answer_is_lost(tmp_path):
    """Asked once, looked up after the lost line, told to the technician (Q-26)."""
    secret(tmp_path)
    with organisation(EcosystemHandler) as (url, played):
        played.script = ["cut after"]
        extra = BONUS.format(transport="http", more=HTTP.format(url=url))

        async def play():
            async with running(tmp_path, extra=extra) as (service, relay):
                ask(service)
                await until(lambda: played.claims and is_to_try_again(service))
                with service.store.write() as tx:  # the minute until the next attempt is over
                    tx.execute(update(errand).values(next_try_at=NOW))
                await until(lambda: state_of(service) == "ecosystem_created")
                await until(lambda: relay.taken)
                return relay.taken

        messages = asyncio.run(play())
    assert len(played.claims) == 1
    assert any(b"cr=C3=A9=C3=A9e" in one.data or b"C1" in one.data for one in messages)


def test_an_answer_in_the_folder_moves_the_ticket(tmp_path):
    extra = BONUS.format(transport="folder", more='folder = "spool"')

    async def play():
        async with running(tmp_path, extra=extra) as (service, _):
            ask(service)
            out = tmp_path / "spool" / "out" / f"{KEY}.json"
            await until(out.exists)
            told = json.loads(out.read_text())
            part = tmp_path / "spool" / "answer.part"
            part.write_text(json.dumps({"errand": told["errand"], "result": "ok", "id": "C5"}))
            part.rename(tmp_path / "spool" / "in" / "answer.json")
            await until(lambda: state_of(service) == "ecosystem_created")

    asyncio.run(play())


@pytest.mark.parametrize(
    "transport,more,told",
    [
        ("mail", "", "transport 'mail' needs address"),
        ("folder", "", "transport 'folder' needs folder"),
        ("http", 'connector = "ecosystem"', "transport 'http' needs url"),
        ("http", 'connector = "ecologic"\nurl = "http://api.example"', "must begin with https://"),
        ("http", 'connector = "ecologic"\nurl = "https://api.example"', "needs key_file"),
    ],
)
def test_what_a_transport_lacks_is_named_before_anything_starts(tmp_path, transport, more, told):
    file = configure(tmp_path, extra=BONUS.format(transport=transport, more=more))
    with pytest.raises(ConfigError, match=told):
        offices_of(load(file))


def test_connectors_are_off_unless_they_are_configured(tmp_path):
    file = configure(tmp_path, extra=BONUS.format(transport="person", more=""))
    assert transports_of(load(file)) == {}
