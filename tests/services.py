"""A whole savd in this process, its relay beside it."""

from __future__ import annotations

import asyncio
import smtplib
from contextlib import asynccontextmanager

from daemon.config.file import load
from daemon.service import Service

from .relays import Relay

CONFIGURATION = """\
[relay]
port = {relay}
hello = "desk.example"

[[listen]]
port = 0
hostname = "desk.example"

[desks.rma]
addresses = ["rma@desk.example"]
accounts = "open"
work_item_window = 0
confirm_first_contact = false

[limits]
workers = 1
"""

MAIL = """\
From: Jeanne <{sender}>
To: rma@desk.example
Subject: {subject}
Message-ID: <{message_id}>
Date: Mon, 2 Mar 2026 10:00:00 +0100

{text}
"""


def mail(number=1, *, sender="jeanne@customer.example", text="My pump does not start any more."):
    """Return one mail of a customer."""
    written = MAIL.format(
        sender=sender,
        subject=f"Return {number}",
        message_id=f"{number}@customer.example",
        text=text,
    )
    return written.replace("\n", "\r\n").encode()


def configure(folder, *, relay=9, extra="", database="", desk=""):
    """Write a configuration with its key into `folder`; give its file. `desk` are lines of the desk."""
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "k1").write_text("0" * 64)
    file = folder / "savd.toml"
    head = f'[database]\nurl = "{database}"\n' if database else ""
    told = CONFIGURATION.format(relay=relay).replace("\n[limits]", f"{desk}\n[limits]")
    file.write_text(head + told + extra)
    return file


@asynccontextmanager
async def running(folder, *, rescan_seconds=60, **options):
    """Run savd; give it and its relay once it is ready."""
    relay = await Relay().start()
    configuration = load(configure(folder, relay=relay.port, **options))
    service = Service(configuration, rescan_seconds=rescan_seconds)
    ready = asyncio.Event()
    task = asyncio.create_task(service.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if not task.done():
            yield service, relay
    finally:
        service.stop()
        await task
        await relay.stop()


def deliver(port, *mails, recipient="rma@desk.example"):
    """Hand mails over by LMTP as an ordinary program does."""
    with smtplib.LMTP("127.0.0.1", port) as connection:
        for one in mails:
            connection.sendmail("jeanne@customer.example", [recipient], one)


async def until(holds, seconds=30):
    """Return when `holds()` is true; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is awaited is in a database
            await asyncio.sleep(0.02)
