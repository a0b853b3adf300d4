"""The stage of a rehearsal: a real desk on a throw-away database, with a clock that is set.

Mails go the whole way: journal, reading, pipeline, outbox. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from daemon.clock import SetClock
from daemon.office import Office
from daemon.pipeline import Pipeline, Read
from daemon.rehearse_script import DeskPart
from handlers.calendar import after
from handlers.desk import Agent, Contact, Desk, FilePolicy, Team
from handlers.envelope import Envelope, RawMail
from handlers.errors import ConfigError
from handlers.token import KeyRing
from handlers.workflow import Workflow
from parsers.files.opening import with_opened_files
from parsers.read import read
from storage import journal, listing, timers
from storage.directory import save_contacts, save_domains
from storage.store import Store

DESK = "rma"
BORDER = "mx.desk.example"
MOST_ROUNDS = 500
KEYS = KeyRing(current="k1", keys={"k1": b"rehearsals need no secret, only a key"})
PEOPLE = {
    "claire": Contact(
        address="claire@dupont.example", name="Claire Martin", organisation="Dupont", language="fr"
    ),
    "marc": Contact(
        address="marc@dupont.example", name="Marc Petit", organisation="Dupont", language="fr"
    ),
    "tom": Contact(
        address="tom@baker.example", name="Tom Baker", organisation="Baker Ltd", language="en"
    ),
}
DOMAINS = {"dupont.example": "Dupont", "baker.example": "Baker Ltd"}
AGENTS = {"ana": ("Ana Lopez", "fr"), "bob": ("Bob Reed", "en")}


def rehearsed_desk(part: DeskPart, name: str, teams: Mapping[str, object]) -> Desk:
    """Return the desk every rehearsal plays at, set as the script says."""
    agents = (
        Agent(
            address=f"{short}@desk.example", name=full, language=code, pin=part.pins.get(short, "")
        )
        for short, (full, code) in AGENTS.items()
    )
    return Desk(
        name=DESK,
        workflow=name,
        addresses=("rma@desk.example",),
        title="SAV Exemple",
        phone="01 23 45 67 89",
        accounts=part.accounts,
        confirm_first_contact=part.confirm_first_contact,
        agents=tuple(agents),
        teams=tuple(Team(name=team, addresses=(f"{team}@desk.example",)) for team in teams),
        return_address=("SAV Exemple", "1 rue des Ateliers", "75000 Paris"),
        authserv_id=BORDER,
        border_host=BORDER,
        budget_per_address=part.budget_per_address,
        settings=dict(part.settings),
        files=FilePolicy(**part.files.model_dump()),
    )


class Stage:
    """A desk at work. `people` are the short names a script may use for addresses."""

    def __init__(self, store: Store, desk: Desk, workflow: Workflow, start: str) -> None:
        self.store = store
        self.desk = desk
        self.workflow = workflow
        self.clock = SetClock(self._instant(start))
        self.people: dict[str, Contact] = {**PEOPLE}
        self.people |= {
            short: Contact(address=f"{short}@desk.example", name=full)
            for short, (full, _) in AGENTS.items()
        }
        self._opened: dict[int, EmailMessage] = {}
        self.people |= {team.name: Contact(address=team.addresses[0]) for team in desk.teams}
        office = Office(desk=desk, workflow=workflow, keys=KEYS)
        self._pipeline = Pipeline(store=store, offices={DESK: office}, clock=self.clock)

    def know(self, contacts: Mapping[str, Contact], domains: Mapping[str, str]) -> None:
        """Fill the directory: the people of every rehearsal and those of this script."""
        self.people |= contacts
        with self.store.write() as tx:
            save_contacts(tx, DESK, [*PEOPLE.values(), *contacts.values()])
            save_domains(tx, DESK, {**DOMAINS, **domains})

    def now_here(self) -> datetime:
        """Return the time on the wall of the desk."""
        return self.clock.now().astimezone(ZoneInfo(self.desk.time_zone))

    def deliver(
        self, data: bytes, reverse_path: str, recipients: tuple[str, ...], *, mute: bool = False
    ) -> int:
        """Let a mail come in, all the way to its verdict. Return its journal id."""
        envelope = Envelope(
            reverse_path=reverse_path,
            recipients=recipients,
            path="lmtp",
            received_at=self.clock.now(),
            mute=mute,
        )
        with self.store.write() as tx:
            batch = [(DESK, RawMail(data=data, envelope=envelope))]
            (journal_id,) = journal.append(tx, journal.NOBODY, batch)
        self._work_off()
        return journal_id

    def move(self, to: str) -> None:
        """Move the clock on; timers fire on the way, in order, each at its time."""
        target = self._instant(to)
        for _ in range(MOST_ROUNDS):
            with self.store.read() as tx:
                due = timers.next_due(tx)
            if due is None or due > target:
                break
            self.clock.set(max(due, self.clock.now()))
            self._pipeline.fire_timers()
        self.clock.set(target)

    def mail(self, journal_id: int) -> dict[str, Any]:
        """Return what the journal says of a mail."""
        with self.store.read() as tx:
            return listing.show_mail(tx, journal_id) or {}

    def mails(self, verdict: str) -> int:
        """Return how many mails ended with this verdict."""
        with self.store.read() as tx:
            return len(listing.mails(tx, verdict=verdict, limit=1000))

    def tickets(self) -> dict[int, dict[str, Any]]:
        """Return everything known of every ticket, by id."""
        with self.store.read() as tx:
            ids = sorted(line["id"] for line in listing.tickets(tx, limit=1000))
            return {i: listing.show_ticket(tx, i) or {} for i in ids}

    def messages(self, since: int = 0) -> list[tuple[dict[str, Any], EmailMessage]]:
        """Return the messages written after the outbox id `since`, oldest first."""
        with self.store.read() as tx:
            lines = [one for one in listing.messages(tx, limit=10_000)[::-1] if one["id"] > since]
            for line in lines:
                if line["id"] not in self._opened:
                    shown = listing.show_message(tx, line["id"])
                    self._opened[line["id"]] = _parsed(shown[1] if shown else b"")
        return [(line, self._opened[line["id"]]) for line in lines]

    def _work_off(self) -> None:
        """Decide what waits in the journal, and what deciding it set free again."""
        for _ in range(MOST_ROUNDS):
            with self.store.read() as tx:
                waiting = journal.pending(tx, journal.NOBODY, 100, self.clock.now())
            if not waiting:
                return
            self._pipeline.process(
                [
                    Read(
                        journal_id=one.id,
                        desk=one.desk,
                        raw=one.raw,
                        mail=with_opened_files(read(one.raw.data)),
                        attempts=one.attempts,
                        fingerprint=one.fingerprint,
                        requester=one.requester,
                    )
                    for one in waiting
                ]
            )

    def _instant(self, told: str) -> datetime:
        """Return the instant of "2026-11-20 08:00" on the desk's wall, or of "+7d", "+2bd"."""
        if told.startswith("+"):
            return after(self.clock.now(), told[1:], self.desk.time_zone, self.desk.country)
        try:
            wall = datetime.fromisoformat(told)
        except ValueError as error:
            raise ConfigError(
                f"clock: {told!r} is no time. Write 2026-11-20 08:00 or +7d."
            ) from error
        return wall.replace(tzinfo=ZoneInfo(self.desk.time_zone))


def _parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a message of ours, every run of white space as one space."""
    body = message.get_body(("plain",))
    return " ".join(str(body.get_content()).split()) if body is not None else ""
