"""A real `savd run` as a process of its own, and a relay that counts what leaves."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from handlers.desk import Contact
from storage.directory import save_contacts
from storage.migrations import migrate
from storage.store import Store

from .relays import Relay

ROOT = Path(__file__).parents[1]
ADDRESS = "rma@desk.example"
BORDER = "mx.desk.example"
PATIENCE = 60.0

CONFIGURATION = """\
[database]
url = "{database}"

[relay]
port = {relay_port}
hello = "desk.example"

[desks.rma]
addresses = ["rma@desk.example"]
title = "Desk"
return_address = ["Desk", "1 rue des Essais", "29200 Brest"]
authserv_id = "mx.desk.example"
border_host = "mx.desk.example"
budget_per_address = 100
budget_per_desk = 100_000
work_item_window = 0
agents = [{{address = "ana@desk.example", name = "Ana"}}]

[desks.rma.teams]
after_sales = {{addresses = ["after_sales@desk.example"]}}
sales = {{addresses = ["sales@desk.example"]}}
logistics = {{addresses = ["logistics@desk.example"]}}
"""
DOOR = """
[[listen]]
protocol = "{protocol}"
port = {port}
hostname = "mx.desk.example"
connections_per_peer = 100
"""
MAILBOX = """
[[mailbox]]
name = "box"
desk = "rma"
host = "{host}"
port = {port}
tls = "none"
user = "{user}"
password_file = "imap_password"
fence = 2000-01-01T00:00:00Z
"""
Found = TypeVar("Found")


def configure(
    folder: Path,
    relay_port: int,
    *,
    database: str = "sqlite:///savd.sqlite3",
    doors: Iterable[str] = ("lmtp",),
    mailbox: dict[str, Any] | None = None,
    name: str = "savd.toml",
) -> Path:
    """Write a configuration with a door per protocol on any free port. Return the file."""
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "k1").write_text("0123456789abcdef" * 4)
    text = CONFIGURATION.format(database=database, relay_port=relay_port)
    text += "".join(DOOR.format(protocol=protocol, port=0) for protocol in doors)
    if mailbox:
        (folder / "imap_password").write_text(mailbox["password"])
        text += MAILBOX.format(**mailbox)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def open_store(file: Path) -> Store:
    """Open the database of a configuration, with its tables."""
    url = re.search(r'url = "(.+)"', file.read_text(encoding="utf-8"))[1]
    store = Store.open(url.replace("sqlite:///savd", f"sqlite:///{file.parent}/savd"))
    migrate(store)
    return store


def introduce(store: Store, addresses: Iterable[str]) -> None:
    """Let the desk know these people."""
    with store.write() as tx:
        save_contacts(
            tx,
            "rma",
            [
                Contact(address=a, name=a.partition("@")[0], organisation="Test SA")
                for a in addresses
            ],
        )


class Savd:
    """A running `savd run`; what it logs is in `log`."""

    def __init__(self, file: Path, *, command: tuple[str, ...] = ("-m", "daemon", "run")) -> None:
        self.file = file
        self.log = file.with_suffix(f".{time.monotonic_ns()}.log")
        with self.log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--config", str(file)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )

    def text(self) -> str:
        """Return what it logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self) -> None:
        """Wait for `started`. Fails with the log when it ends instead."""
        wait_for(lambda: " started " in self.text() or self._ended(), "savd to start")
        assert self.process.poll() is None, self.text()

    def says(self, words: str) -> bool:
        """Tell whether these words are in its log."""
        return words in self.text()

    def port(self, protocol: str = "lmtp") -> int:
        """Return where it listens."""
        return int(re.search(rf"listening protocol={protocol} .*port=(\d+)", self.text())[1])

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> tuple[int, float]:
        """Send SIGTERM. Return the exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE), time.monotonic() - began

    def _ended(self) -> bool:
        return self.process.poll() is not None


@contextmanager
def running(file: Path) -> Iterator[Savd]:
    """Run savd until the block ends."""
    savd = Savd(file)
    try:
        savd.wait_until_ready()
        yield savd
    finally:
        savd.kill()


class Sink:
    """A relay in a thread of its own."""

    def __init__(self) -> None:
        self.relay = Relay()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._call(self.relay.start())

    @property
    def port(self) -> int:
        return self.relay.port

    def message_ids(self) -> list[str]:
        """Return the Message-IDs as they came, repeated ones repeated."""
        return [message_id_of(taken.data) for taken in tuple(self.relay.taken)]

    def close(self) -> None:
        self._call(self.relay.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, coroutine) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)


@contextmanager
def open_sink() -> Iterator[Sink]:
    sink = Sink()
    try:
        yield sink
    finally:
        sink.close()


def message_id_of(data: bytes) -> str:
    """Return the Message-ID of a mail, folded or not."""
    found = re.search(rb"(?im)^message-id:\s*(<[^>]+>)", data)
    return found[1].decode() if found else ""


def wait_for(look: Callable[[], Found], what: str, *, patience: float = PATIENCE) -> Found:
    """Return what `look` finds as soon as it is true; fail when that takes too long."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {patience:g} s for {what}"
        time.sleep(0.02)


def mail(number: int, sender: str, words: str = "") -> bytes:
    """A request that lacks something, as our border server hands it over; each is another."""
    return (
        f"Authentication-Results: {BORDER}; dmarc=pass header.from={sender.partition('@')[2]}\r\n"
        f"Received: from out.example by {BORDER} with ESMTP; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
        f"From: <{sender}>\r\nTo: <{ADDRESS}>\r\nSubject: Lecteur {number} en panne\r\n"
        f"Date: Mon, 2 Nov 2026 08:59:00 +0000\r\nMessage-ID: <mail{number}@client.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"Bonjour,\r\n\r\nNotre lecteur, numéro de série TS{number:06}, ne lit plus rien. {words}\r\n"
        f"Il est hors garantie, merci de le réparer.\r\n\r\nClient {number}\r\n"
    ).encode()


def environment() -> dict[str, str]:
    """Return the environment for commands that are run from elsewhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
