"""The service: from the socket through the process to the relay, and a clean end."""

import asyncio
import socket
import time

import pytest

from storage import accounts, journal
from storage.store import Store

from .running import Savd, configure
from .services import deliver, mail, running, until


def verdicts(store):
    with store.read() as tx:
        return dict(accounts.counts(tx))


def test_a_mail_by_lmtp_comes_back_as_a_notice_at_the_relay(tmp_path):
    async def story():
        async with running(tmp_path) as (service, relay):
            await asyncio.to_thread(deliver, service.ports[0], mail())
            await until(lambda: relay.taken)
            assert relay.taken[0].recipient == "jeanne@customer.example"
            assert verdicts(service.store)["pending"] == 0

    asyncio.run(story())


def test_it_stops_within_seconds_while_mails_arrive_and_loses_none(tmp_path):
    async def story():
        async with running(tmp_path) as (service, _relay):
            mails = [mail(n, sender=f"p{n}@customer.example") for n in range(100)]
            await asyncio.to_thread(deliver, service.ports[0], *mails)
            begun = time.monotonic()
        assert time.monotonic() - begun < 10

    asyncio.run(story())
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    assert verdicts(store)["received"] == 100
    store.close()


def test_a_port_in_use_is_named_with_the_remedy(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file = configure(tmp_path, 9)
        file.write_text(file.read_text().replace("port = 0", f"port = {port}"))
        savd = Savd(file)
        assert savd.process.wait(60) == 69
    assert f"{file}: cannot listen on 127.0.0.1:{port}" in savd.text()
    assert "change host or port" in savd.text()


@pytest.mark.proves("X-44")
def test_what_an_earlier_life_accepted_is_decided_at_the_next_start(tmp_path):
    async def first():
        async with running(tmp_path) as (service, _relay):
            return service.store.url

    asyncio.run(first())
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    from datetime import UTC, datetime

    from handlers.envelope import Envelope, RawMail

    envelope = Envelope(
        reverse_path="jeanne@customer.example",
        recipients=("rma@desk.example",),
        path="pipe",
        received_at=datetime.now(UTC),
    )
    with store.write() as tx:
        journal.append(tx, 999, [("rma", RawMail(data=mail(7), envelope=envelope))])
    store.close()

    async def second():
        async with running(tmp_path) as (service, relay):
            await until(lambda: verdicts(service.store)["pending"] == 0)
            await until(lambda: relay.taken)

    asyncio.run(second())
