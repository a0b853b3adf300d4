"""Loops and storms over real sockets: bounded by the budgets, nothing lost, all that is over them kept
(F26, T13, T16, X-30)."""

from __future__ import annotations

import asyncio
import itertools
import smtplib
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from storage import accounts, outbox

from .services import deliver, mail, running, until

TEAM = "team@desk.example"
TEAMS = f'\n[desks.rma.teams]\nafter_sales = {{addresses = ["{TEAM}"]}}\n'
PATIENCE = 120


def verdicts(service):
    with service.store.read() as tx:
        return accounts.counts(tx)


def depth(service):
    with service.store.read() as tx:
        return outbox.depth(tx)


def outcome(service):
    """(notice, state) of every message but those to the team, counted."""
    with service.store.read() as tx:
        rows = tx.execute(text("SELECT notice, state FROM outbox WHERE notice LIKE 'N%'"))
        return Counter(tuple(row) for row in rows)


def is_quiet(service):
    """Ask for the mails first: what one of them causes is queued when it is no longer pending."""
    if verdicts(service)["pending"]:
        return False
    waits = depth(service)
    return not any(waits[state] for state in ("queued", "sending", "deferred"))


def hand_over(port, sender, data):
    """Deliver a mail with this envelope sender."""
    with smtplib.LMTP("127.0.0.1", port) as connection:
        connection.sendmail(sender, ["rma@desk.example"], data)


@dataclass
class Proxy:
    """Stands between two desks: hands what one sends to the other, as another mail from somebody else.

    `sender(n)` writes the n-th mail; `strips` takes every header of ours away and gives the mail words
    that nobody wrote before: a machine of the worst kind.
    """

    sides: tuple
    sender: object
    strips: bool = True
    seen: list = field(default_factory=lambda: [0, 0])
    numbers: object = field(default_factory=lambda: itertools.count(1))

    async def run(self, most=400):
        """Carry mails to and fro until both are quiet, or `most` were carried."""
        async with asyncio.timeout(PATIENCE):
            while not self._is_over() and sum(self.seen) < most:
                for here, there in ((0, 1), (1, 0)):
                    taken = self.sides[here][1].taken
                    for one in taken[self.seen[here] :]:
                        self.seen[here] += 1
                        await self._carry(one, self.sides[there][0].ports[0])
                await asyncio.sleep(0.02)

    def _is_over(self):
        """Ask first whether they are quiet: what they sent until then is at their relays."""
        quiet = all(is_quiet(service) for service, _ in self.sides)
        carried = (
            len(relay.taken) == n for (_, relay), n in zip(self.sides, self.seen, strict=True)
        )
        return quiet and all(carried)

    async def _carry(self, one, port):
        if one.recipient == TEAM:
            return
        if self.strips:
            sender, data = self._stripped(one.data)
        else:
            sender, data = one.recipient, one.data
        await asyncio.to_thread(hand_over, port, sender, data)

    def _stripped(self, data):
        number = next(self.numbers)
        sender = self.sender(number)
        said = message_from_bytes(data, policy=policy.default).get_body(("plain",)).get_content()
        bare = EmailMessage()
        bare["From"], bare["To"] = sender, "rma@desk.example"
        bare["Subject"], bare["Message-ID"] = f"Notice {number}", f"<{number}@peer.example>"
        bare["Date"] = "Mon, 2 Mar 2026 10:00:00 +0100"
        bare.set_content(f"Our machine number {number} does not start any more.\n\n> {said}")
        return sender, bare.as_bytes(policy=policy.SMTP)


@asynccontextmanager
async def facing(folder, desk):
    """Two services and their relays."""
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    async with (
        running(folder / "a", desk=desk, extra=TEAMS) as left,
        running(folder / "b", desk=desk, extra=TEAMS) as right,
    ):
        yield left, right


def nothing_is_lost(service):
    """Every mail has its verdict, every message over a budget is kept with its octets."""
    counted = verdicts(service)
    assert counted["pending"] == 0
    assert counted["received"] == sum(
        counted[name] for name in ("applied", "duplicate", "ignored", "held", "rejected")
    )
    with service.store.read() as tx:
        kept = tx.execute(
            text(
                "SELECT count(*) FROM outbox JOIN outbox_raw USING (message_id)"
                " WHERE state = 'parked' AND length(data) > 1000"
            )
        ).scalar()
    assert kept == depth(service)["parked"]


def customers_mails(relay):
    return [one for one in relay.taken if one.recipient != TEAM]


def alarms(relay):
    told = (one.data for one in relay.taken if one.recipient == TEAM)
    subjects = [str(message_from_bytes(one, policy=policy.default)["Subject"]) for one in told]
    return [one for one in subjects if "retenu" in one]


@pytest.mark.proves("X-26", "X-30")
def test_two_desks_that_face_each_other_stop_after_one_mail(tmp_path):
    """Our own headers tell the other one what we are (RFC 3834)."""

    async def story():
        async with facing(tmp_path, "") as sides:
            proxy = Proxy(sides, sender=None, strips=False)
            await asyncio.to_thread(deliver, sides[0][0].ports[0], mail())
            await until(lambda: sides[0][1].taken)
            await proxy.run()
            assert [len(customers_mails(relay)) for _, relay in sides] == [1, 0]
            assert verdicts(sides[1][0])["ignored"] == 1
            for service, _ in sides:
                nothing_is_lost(service)

    asyncio.run(story())


@pytest.mark.proves("X-30")
@pytest.mark.parametrize(
    ("desk", "most", "parked"), [("", 2, 0), ("budget_per_address = 1\n", 1, 1)]
)
def test_a_proxy_that_strips_our_headers_is_answered_twice_at_most(tmp_path, desk, most, parked):
    """What it says next within ten minutes is filed and not acknowledged; were it other than that, the
    budget of its address would end it."""

    async def story():
        async with facing(tmp_path, desk) as sides:
            proxy = Proxy(sides, sender=lambda _: "loop@peer.example")
            first = mail(sender="loop@peer.example")
            await asyncio.to_thread(hand_over, sides[0][0].ports[0], "loop@peer.example", first)
            await until(lambda: sides[0][1].taken)
            await proxy.run()
            assert all(len(customers_mails(relay)) <= most for _, relay in sides)
            assert sum(depth(service)["parked"] for service, _ in sides) == parked
            assert sum(len(alarms(relay)) for _, relay in sides) == parked
            for service, _ in sides:
                nothing_is_lost(service)

    asyncio.run(story())


@pytest.mark.proves("X-30")
def test_senders_that_change_each_time_are_stopped_by_the_budget_of_the_desk(tmp_path):
    async def story():
        desk = "budget_per_address = 4\nbudget_per_desk = 6\n"
        async with facing(tmp_path, desk) as sides:
            proxy = Proxy(sides, sender=lambda number: f"p{number}@peer.example")
            for n in (1, 2, 3):
                who = f"q{n}@peer.example"
                started = mail(n, sender=who, text=f"Pump {n} is dead")
                await asyncio.to_thread(hand_over, sides[0][0].ports[0], who, started)
            await until(lambda: sides[0][1].taken)
            await proxy.run()
            assert all(len(customers_mails(relay)) <= 6 for _, relay in sides)
            assert sum(depth(service)["parked"] for service, _ in sides) == 3
            assert all(len(alarms(relay)) <= 1 for _, relay in sides)
            for service, _ in sides:
                nothing_is_lost(service)

    asyncio.run(story())


@pytest.mark.proves("X-30")
def test_two_hundred_mails_of_one_sender_are_all_filed_and_answered_twenty_times(tmp_path):
    """The rest waits for a person; the team is told once (storm-same-sender-200)."""

    async def story():
        async with running(tmp_path, extra=TEAMS) as (service, relay):
            storm = [mail(n, text=f"My pump number {n} does not start.") for n in range(200)]
            await asyncio.to_thread(deliver, service.ports[0], *storm)
            await until(lambda: is_quiet(service), PATIENCE)
            assert verdicts(service)["applied"] == 200
            assert len(customers_mails(relay)) == 20
            assert depth(service)["parked"] == 180
            assert len(alarms(relay)) == 1
            nothing_is_lost(service)

    asyncio.run(story())


@pytest.mark.proves("X-30")
def test_a_storm_on_one_ticket_is_acknowledged_once_in_ten_minutes(tmp_path):
    async def story():
        async with running(tmp_path, extra=TEAMS) as (service, relay):
            await asyncio.to_thread(deliver, service.ports[0], mail())
            await until(lambda: customers_mails(relay))
            answer = message_from_bytes(customers_mails(relay)[0].data, policy=policy.default)
            to = answer["Reply-To"].addresses[0].addr_spec
            more = [mail(n, text=f"Did you know fact number {n} of it?") for n in range(2, 42)]
            await asyncio.to_thread(deliver, service.ports[0], *more, recipient=to)
            await until(lambda: verdicts(service)["received"] == 41 and is_quiet(service), PATIENCE)
            assert verdicts(service)["applied"] == 41
            assert len(customers_mails(relay)) <= 2
            assert depth(service)["parked"] == 0

    asyncio.run(story())
