"""The stage of a rehearsal: real desks on a throw-away database, with a clock that is set.

Mails go the whole way: journal, reading, pipeline, outbox. Nothing here decides anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.clock import SetClock
from daemon.office import Office
from daemon.pipeline import Pipeline, Read
from daemon.rehearsal.cast import Rows
from daemon.rehearsal.organisations import Organisations
from daemon.rehearsal.relay import HEARD, RehearsedRelay
from daemon.rehearsal.scene import Scene, contact_of, import_tables, put_tables
from daemon.rehearsal.script import GivenPart
from handlers.desk import Contact
from handlers.digest.rounds import KINDS, next_round
from handlers.envelope import Envelope, RawMail
from handlers.errors import ConfigError
from handlers.message import OutboxState
from handlers.token import KeyRing
from parsers.files.opening import with_opened_files
from parsers.read import read
from storage import journal, listing, outbox, timers, undelivered
from storage.book import StoredBook
from storage.directory import save_contacts, save_domains
from storage.held import release_strangers
from storage.store import Store

MOST_ROUNDS = 500
MOST_SENT = 1000
NODE = 1
KEYS = KeyRing(current="k1", keys={"k1": b"rehearsals need no secret, only a key"})


class Stage:
    """Desks at work. `people` are the short names a script may use for addresses."""

    def __init__(self, store: Store, scenes: tuple[Scene, ...], start: str) -> None:
        self.store = store
        self.scenes = scenes
        self.desk = scenes[0].desk
        self.clock = SetClock(self._instant(start))
        self.people: dict[str, Contact] = {}
        for scene in reversed(scenes):
            self.people |= scene.people
        self._sent: dict[int, EmailMessage] = {}
        self.relay = RehearsedRelay()
        offices = {
            one.desk.name: Office(
                desk=one.desk, workflow=one.workflow, keys=KEYS, templates_dir=one.templates_dir
            )
            for one in scenes
        }
        self._pipeline = Pipeline(store=store, offices=offices, clock=self.clock)
        self.organisations = Organisations(store, scenes, self.clock)

    def scene(self, name: str) -> Scene:
        """Return the desk of that name with all that belongs to it, the first for ""."""
        for one in self.scenes:
            if name in ("", one.desk.name):
                return one
        known = ", ".join(one.desk.name for one in self.scenes)
        raise ConfigError(f"no desk is called {name!r} here. Known: {known}.")

    def scene_at(self, address: str) -> Scene | None:
        """Return the desk that an address, or a reply address made of it, reaches; None for others."""
        local, _, host = address.lower().partition("@")
        plain = f"{local.partition('+')[0]}@{host}"
        return next((one for one in self.scenes if plain in one.desk.addresses), None)

    def is_agent(self, address: str) -> bool:
        """Tell whether an agent of any desk has this address."""
        return any(one.desk.agent(address) for one in self.scenes)

    def team_addresses(self) -> set[str]:
        """Return the addresses of the teams of every desk."""
        teams = [team for one in self.scenes for team in one.desk.teams]
        return {address for team in teams for address in team.addresses}

    def know(self, known: GivenPart) -> None:
        """Fill directory and tables of every desk: what its cast says, and this script."""
        own = {short: contact_of(part) for short, part in known.contacts.items()}
        self.people |= own
        with self.store.write() as tx:
            for scene in self.scenes:
                name = scene.desk.name
                save_contacts(tx, name, [*scene.known.values(), *own.values()])
                save_domains(tx, name, {**scene.cast.domains, **known.domains})
                put_tables(tx, scene, known.tables if scene is self.scenes[0] else {})
        self._pipeline.send_digests()  # a daemon that has just started waits with those of before

    def bring_in(self, given: Mapping[str, str | Rows], folder: Path) -> None:
        """Import tables of the first desk; what was held for who is known now is decided again."""
        with self.store.write() as tx:
            import_tables(tx, self.scenes[0], given, folder)
            release_strangers(tx, self.desk.name, self.clock.now())
        self.work_off()

    def now_here(self) -> datetime:
        """Return the time on the wall of the desk."""
        return self.clock.now().astimezone(ZoneInfo(self.desk.time_zone))

    def deliver(
        self, data: bytes, reverse_path: str, recipients: tuple[str, ...], *, mute: bool = False
    ) -> int:
        """Let a mail come in, all the way to its verdict: once for each desk it is addressed to.
        Return its journal id, that of the first desk."""
        reached: dict[str, list[str]] = {}
        for one in recipients:
            scene = self.scene_at(one) or self.scenes[0]
            reached.setdefault(scene.desk.name, []).append(one)
        batch = [
            (desk, RawMail(data=data, envelope=self._envelope(reverse_path, to, mute)))
            for desk, to in reached.items()
        ]
        with self.store.write() as tx:
            journal_ids = journal.append(tx, journal.NOBODY, batch)
        self.work_off()
        return journal_ids[0]

    def _envelope(self, reverse_path: str, recipients: list[str], mute: bool) -> Envelope:
        return Envelope(
            reverse_path=reverse_path,
            recipients=tuple(recipients),
            path="lmtp",
            received_at=self.clock.now(),
            mute=mute,
        )

    def move(self, to: str) -> None:
        """Move the clock on; timers fire on the way, in order, each at its time."""
        target = self._instant(to)
        for _ in range(MOST_ROUNDS):
            due = self._next_moment()
            if due is None or due > target:
                break
            self.clock.set(max(due, self.clock.now()))
            self._pipeline.fire_timers()
            self._pipeline.hear_relay()
            self.work_off()
            self._pipeline.send_digests()
        self.clock.set(target)

    def sleep(self, to: str) -> None:
        """Move the clock on while we are down: nothing is read, nothing fires; then start again."""
        self.clock.set(self._instant(to))
        while self._pipeline.fire_timers():
            self.work_off()
        self._pipeline.send_digests()

    def wall(self, told: str) -> datetime:
        """Return the moment "2026-11-20 08:00" on the wall of the desk, "" now."""
        zone = ZoneInfo(self.desk.time_zone)
        return self._instant(told).astimezone(zone) if told else self.now_here()

    def _next_moment(self) -> datetime | None:
        """Return when a timer fires, an errand is tried again or a digest goes out."""
        with self.store.read() as tx:
            due, doubt = timers.next_due(tx), undelivered.next_due(tx)
        now, desks = self.clock.now(), [one.desk for one in self.scenes]
        digests = [next_round(desk, kind, now) for desk in desks for kind in KINDS]
        moments = (due, doubt, self.organisations.next_attempt(), *digests)
        return min((one for one in moments if one is not None), default=None)

    def mail(self, journal_id: int) -> dict[str, Any]:
        """Return what the journal says of a mail."""
        with self.store.read() as tx:
            return listing.show_mail(tx, journal_id) or {}

    def mails(self, verdict: str) -> int:
        """Return how many mails ended with this verdict."""
        with self.store.read() as tx:
            return len(listing.mails(tx, verdict=verdict, limit=1000))

    def parked(self) -> list[tuple[str, str]]:
        """Return (notice, recipient) of the messages that are over a budget and wait for a person."""
        with self.store.read() as tx:
            lines = listing.messages(tx, state=OutboxState.PARKED.value, limit=1000)
        return [(line["notice"], line["recipient"].lower()) for line in lines]

    def tickets(self) -> dict[int, dict[str, Any]]:
        """Return everything known of every ticket, by id."""
        with self.store.read() as tx:
            ids = sorted(line["id"] for line in listing.tickets(tx, limit=1000))
            return {i: listing.show_ticket(tx, i) or {} for i in ids}

    def read_at_desk(self, ticket_id: int) -> str:
        """Return all words of a ticket that storage lets anybody at the desk read, as its export."""
        with self.store.read() as tx:
            files = listing.export_ticket(tx, ticket_id)
        words = [_words_in(name, data) for name, data in files.items()]
        return " ".join(" ".join([*files, *words]).split())

    def rows(self, table: str, equal: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        """Return the rows of a table of the first desk that have these values."""
        with self.store.read() as tx:
            return StoredBook(tx, self.desk.name).rows(table, equal)

    def messages(self, since: int = 0) -> list[tuple[dict[str, Any], EmailMessage]]:
        """Return the messages sent after the first `since` ones, in the order they left; what waits for
        the end of quiet hours is none of them yet."""
        self._send()
        with self.store.read() as tx:
            lines = {one["id"]: one for one in listing.messages(tx, limit=10_000)}
        return [(lines[sent], self._sent[sent]) for sent in list(self._sent)[since:]]

    def fates(self) -> dict[str, str]:
        """Return in which state the last message of each notice is in the outbox."""
        with self.store.read() as tx:
            return {one["notice"]: one["state"] for one in reversed(listing.messages(tx))}

    def _send(self) -> None:
        """Be the courier: nobody else sees every message, those that the desk may not read too."""
        with self.store.write() as tx:
            now = self.clock.now()
            while found := outbox.claim(tx, NODE, MOST_SENT, now):
                tried = [(one, self.relay.attempt(one.message)) for one in found]
                heard = (one for one, attempt in tried if attempt.state in HEARD)
                self._sent |= {one.id: _parsed(one.message.data) for one in heard}
                outbox.record(tx, [(one.id, attempt) for one, attempt in tried], now)
        if self._pipeline.hear_relay():
            self._send()

    def work_off(self) -> None:
        """Decide what waits in the journal, and what deciding it set free again."""
        for _ in range(MOST_ROUNDS):
            with self.store.read() as tx:
                waiting = journal.pending(tx, journal.NOBODY, 100, self.clock.now())
            if not waiting:
                break
            self._pipeline.process(
                [
                    Read(
                        journal_id=one.id,
                        desk=one.desk,
                        raw=one.raw,
                        mail=with_opened_files(read(one.raw.data)),
                        attempts=one.attempts,
                        requester=one.requester,
                    )
                    for one in waiting
                ]
            )
        self.organisations.work(self._pipeline.hear_answers)

    def _instant(self, told: str) -> datetime:
        """Return the instant of "2026-11-20 08:00" on the desk's wall, or of "+7d", "+2bd"."""
        if told.startswith("+"):
            return self.desk.calendar.after(self.clock.now(), told[1:])
        try:
            wall = datetime.fromisoformat(told)
        except ValueError as error:
            raise ConfigError(
                f"clock: {told!r} is no time. Write 2026-11-20 08:00 or +7d."
            ) from error
        return wall.replace(tzinfo=ZoneInfo(self.desk.time_zone))


def _parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def _words_in(name: str, data: bytes) -> str:
    """Return the words of an exported file: of a mail its subject and text, of JSON all of it."""
    if name.endswith(".eml"):
        mail = _parsed(data)
        return f"{mail['Subject']} {text_of(mail)}"
    return str(json.loads(data)) if name.endswith(".json") else ""


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a message of ours, every run of white space as one space."""
    body = message.get_body(("plain",))
    return " ".join(str(body.get_content()).split()) if body is not None else ""
