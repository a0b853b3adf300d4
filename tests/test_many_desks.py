"""One daemon, a desk for every shipped process: nothing of one is visible in another."""

from __future__ import annotations

import asyncio
import email
import smtplib
import tomllib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, default
from types import SimpleNamespace

import pytest

from daemon.config.file import load
from daemon.config.model import Config
from daemon.config.template import toml_value
from daemon.demo.story import stories
from daemon.service import Service
from handlers.desk import Contact
from handlers.facts import Questions
from handlers.process.needs import tables_of
from storage import listing
from storage.book import StoredBook
from storage.directory import save_contacts
from storage.lookup import answer
from storage.tables import put_rows

from .relays import Relay
from .services import until
from .stores import store, store_url

__all__ = ["store", "store_url"]

MARIE = Contact(
    address="marie@pose.example", name="Marie Both", organisation="80538", language="fr"
)
STORIES = {story.workflow: story for story in stories()}
FIRST = {name: story.scenes[0] for name, story in STORIES.items()}


def _sections():
    """Return a desk for each process, as its story of the demo sets it up, the agent named after it."""
    return {name: story.section() for name, story in STORIES.items()}


def _configuration(folder, relay):
    (folder / "keys").mkdir()
    (folder / "keys" / "k1").write_text("0" * 64)
    head = f"[relay]\nport = {relay}\nhello = 'x.example'\n[[listen]]\nport = 0\n"
    desks = "".join(f"{name} = {toml_value(told)}\n" for name, told in _sections().items())
    file = folder / "savd.toml"
    file.write_text(f"{head}[limits]\nworkers = 1\n[desks]\n{desks}")
    Config.model_validate(tomllib.loads(file.read_text()))
    return load(file)


def _written(sender, to, subject, text, number, **headers):
    """Return a mail that the border of the desk it goes to vouches for."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Mon, 02 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = f"<{number}@pose.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    border, domain = f"mx.{to.partition('@')[2]}", sender.partition("@")[2]
    head = (
        f"Authentication-Results: {border}; dmarc=pass header.from={domain}\r\n"
        f"Received: from mail.{domain} by {border} with ESMTPS; Mon, 02 Nov 2026 10:00:00 +0100\r\n"
    )
    return head.encode() + mail.as_bytes()


class House:
    """The running daemon with all desks. It sends mails and looks at what came of them."""

    def __init__(self, service, relay):
        self.store, self.port, self.relay, self.sent = service.store, service.ports[0], relay, 0

    async def send(self, sender, to, subject, text, **headers):
        """Deliver a mail by LMTP; return its row of the journal, its messages and its ticket."""
        self.sent += 1
        data = _written(sender, to, subject, text, self.sent, **headers)
        await asyncio.to_thread(self._deliver, sender, to, data)
        message_id = f"<{self.sent}@pose.example>"
        await until(lambda: self._row(message_id) is not None)
        row = self._row(message_id)
        with self.store.read() as tx:
            every = listing.messages(tx, limit=1000)
            ticket = listing.show_ticket(tx, row["ticket_id"]) if row["ticket_id"] else None
        mine = [one for one in every if one["cause"] == f"m{row['id']}"]
        await until(lambda: {one["message_id"] for one in mine} <= self.taken().keys())
        return SimpleNamespace(row=row, messages=mine, ticket=ticket)

    def taken(self):
        """Return what the relay took, by Message-ID."""
        read = (email.message_from_bytes(one.data, policy=default) for one in self.relay.taken)
        return {one["Message-ID"]: one for one in read}

    def _deliver(self, sender, to, data):
        with smtplib.LMTP("127.0.0.1", self.port) as lmtp:
            lmtp.sendmail(sender, [to], data)

    def _row(self, message_id):
        with self.store.read() as tx:
            rows = listing.mails(tx, message_id=message_id)
        return rows[0] if rows and rows[0]["verdict"] != "pending" else None


async def _live(folder, act):
    relay = await Relay().start()
    service = Service(_configuration(folder, relay.port))
    ready = asyncio.Event()
    task = asyncio.create_task(service.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        with service.store.write() as tx:
            for name, story in STORIES.items():
                save_contacts(tx, name, [MARIE])
                for table, rows in story.tables.items():
                    put_rows(tx, name, table, rows)
        await act(House(service, relay))
    finally:
        service.stop()
        await task
        await relay.stop()


def _open_text(story):
    return "\n".join(story.scenes[0].shown), story.scenes[0].subject


def test_every_desk_answers_from_its_own_address_with_its_own_keys(tmp_path):
    """Separate addresses, numbers, teams and contacts; one mail of another desk's thread, key and reply
    address moves nothing there and shows nothing of it (X-1, X-3, X-7)."""

    async def act(house):
        opened = {}
        for name, story in STORIES.items():
            text, subject = _open_text(story)
            subject = "nouvelle demande" if name == "dossier" else subject
            opened[name] = await house.send(MARIE.address, story.address, subject, text)
            _is_of(house, name, opened[name])
        await _cross(house, opened)

    asyncio.run(_live(tmp_path, act))


async def _cross(house, opened):
    """Let each desk be written to in the thread of the next one, then commanded by its agent."""
    names, crossed = list(STORIES), 0
    for here, there in zip(names, [*names[1:], names[0]], strict=True):
        story, told = STORIES[here], _customers(house, opened[there])
        key, last = opened[there].ticket["key"], told[-1]
        before = _snapshot(house, opened[there])
        _is_unknown(house, here, last)
        detail = last["Reply-To"].addresses[0].addr_spec.partition("@")[0].partition("+")[2]
        local, _, domain = story.address.partition("@")
        got = await house.send(
            MARIE.address,
            f"{local}+{detail}@{domain}",
            f"Re: [{key}] merci de me dire où cela en est",
            "Bonjour, où en est ma demande ?",
            In_Reply_To=last["Message-ID"],
        )
        _is_of(house, here, got, not_said=[key])
        agent = next(iter(STORIES[there].agents.values())).address
        stranger = await house.send(agent, story.address, f"[{key}]", "#annuler")
        assert stranger.row["verdict"] in {"held", "applied"}
        assert not _did(stranger), f"an agent of {there} commands {here}"
        assert _snapshot(house, opened[there]) == before, f"{here} moved a ticket of {there}"
        crossed += 1
    assert crossed == len(names)


def _is_unknown(house, desk, message):
    """Assert that a desk finds neither a message that another one sent nor its words, nor counts it."""
    asked = Questions(
        desk=desk,
        message_ids=(message["Message-ID"],),
        addresses=("ana@x.example",),
        wants_answered=True,
    )
    with house.store.read() as tx:
        found = answer(tx, asked, now=datetime.now(UTC))
    assert (found.sent, found.answered) == ({}, b"")


def _did(outcome):
    return [one for one in outcome.messages if one["notice"] == "W_done"]


def _customers(house, outcome):
    return [
        house.taken()[one["message_id"]]
        for one in outcome.messages
        if one["recipient"] == MARIE.address
    ]


def _snapshot(house, outcome):
    with house.store.read() as tx:
        found = listing.show_ticket(tx, outcome.ticket["id"])
    return {name: found[name] for name in ("state", "key", "changed_at")}


def _is_of(house, name, outcome, *, not_said=()):
    """Assert that all that a mail caused belongs to the desk: ticket, senders, team addresses, words."""
    story = STORIES[name]
    assert outcome.row["desk"] == name
    assert outcome.ticket is None or outcome.ticket["desk"] == name
    mine = {MARIE.address, *story.names}
    for one in outcome.messages:
        message = house.taken()[one["message_id"]]
        assert message["From"].addresses[0].addr_spec == story.address
        assert one["recipient"] in mine or one["recipient"].endswith(f"@{story.domain}")
    for message in _customers(house, outcome):
        said = message.get_body(("plain",)).get_content()
        assert not [word for word in not_said if word in said]


@pytest.mark.parametrize("name", list(STORIES))
def test_reference_data_of_one_desk_is_unknown_to_the_others(store, name):
    """Tables, what is looked up in them, and serial numbers that only one desk keeps."""
    with store.write() as tx:
        for table, rows in STORIES[name].tables.items():
            put_rows(tx, name, table, rows)
    with store.read() as tx:
        for other in STORIES:
            known = {table for table in STORIES[name].tables if StoredBook(tx, other).has(table)}
            assert known == (set(STORIES[name].tables) if other == name else set())
        needed = set(tables_of(STORIES[name].process)) & set(STORIES[name].tables)
        assert not needed or all(StoredBook(tx, name).has(table) for table in needed)
