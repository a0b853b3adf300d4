"""The courier: every message once, in order, and its fate written down."""

import asyncio
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from daemon.clock import SetClock
from daemon.courier import Courier
from daemon.relay import RelayConnection, RelayDown, RelaySettings, wire_form
from handlers.errors import StoreUnavailable
from handlers.message import Message, OutboxState
from storage import outbox
from storage.migrations import migrate
from storage.schema import outbox as table
from storage.store import Store

from .relays import HANG_UP, Relay

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def message(number=1, recipient="jeanne@customer.example", data=b"Subject: Hello\r\n\r\n.dot\r\n"):
    return Message(
        message_id=f"<{number}@desk.example>",
        bounce_key=f"key{number}",
        reverse_path=f"rma+b.k1.key{number}@desk.example",
        recipient=recipient,
        subject="Hello",
        notice="N1",
        cause=f"m{number}",
        data=data,
    )


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def clock():
    return SetClock(START)


def queue(store, messages, now=START):
    with store.write() as tx:
        outbox.queue(tx, "rma", messages, now)


def rows(store):
    with store.read() as tx:
        asked = select(table.c.message_id, table.c.state, table.c.attempts, table.c.reply)
        return [tuple(row) for row in tx.execute(asked.order_by(table.c.id))]


def states(store):
    return [row[1] for row in rows(store)]


async def until(holds):
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - what is awaited is in a database
            await asyncio.sleep(0.01)


@asynccontextmanager
async def at_work(store, relay, clock, **options):
    settings = RelaySettings(port=relay.port, hello="desk.example", seconds=5)
    courier = Courier(store, 1, settings, clock=clock, **options)
    task = asyncio.create_task(courier.run())
    try:
        yield courier
    finally:
        courier.stop()
        await task


@asynccontextmanager
async def relay_that(behave=lambda command, argument: ""):
    relay = await Relay(behave).start()
    try:
        yield relay
    finally:
        await relay.stop()


def test_what_is_queued_arrives_byte_by_byte_and_is_recorded_as_sent(store, clock):
    async def story():
        queue(store, [message()])
        async with relay_that() as relay, at_work(store, relay, clock):
            await until(lambda: states(store) == ["sent"])
            (taken,) = relay.taken
            assert taken.data == message().data
            assert taken.recipient == "jeanne@customer.example"
            assert taken.sender == "rma+b.k1.key1@desk.example"

    asyncio.run(story())
    assert rows(store)[0][2:] == (1, "250 2.0.0 OK")


def test_many_messages_share_few_conversations_and_keep_their_order_per_recipient(store, clock):
    people = [f"p{n}@customer.example" for n in range(7)]

    async def story():
        queue(store, [message(n, people[n % 7]) for n in range(300)])
        async with relay_that() as relay, at_work(store, relay, clock, connections=3):
            await until(lambda: set(states(store)) == {"sent"})
            assert relay.conversations == 3
            return relay.taken

    taken = asyncio.run(story())
    assert len(taken) == 300
    for person in people:
        keys = [int(one.sender[len("rma+b.k1.key") :].split("@")[0]) for one in taken
                if one.recipient == person]  # fmt: skip
        assert keys == sorted(keys)


@pytest.mark.parametrize(
    "command, reply, state",
    [
        ("RCPT", "450 4.2.0 Greylisted", "deferred"),
        ("RCPT", "550 5.1.1 No such person", "bounced"),
        ("MAIL", "451 4.3.0 Try later", "deferred"),
        ("MAIL", "552 5.3.4 Too big", "bounced"),
        ("DATA", "554 5.5.1 No", "bounced"),
        ("DATA", "451 4.3.0 Busy", "deferred"),
        (".", "554 5.7.1 Spam", "bounced"),
        (".", "452 4.3.1 Full", "deferred"),
    ],
)
def test_what_the_relay_says_decides(store, clock, command, reply, state):
    refused = "refused@customer.example"
    asked = []

    def behave(said, argument):
        if said == "MAIL":
            asked.append(argument)
        return reply if said == command and "key1@" in asked[-1] else ""

    async def story():
        queue(store, [message(1, refused), message(2, "good@customer.example")])
        async with relay_that(behave) as relay, at_work(store, relay, clock, connections=1):
            await until(lambda: states(store) == [state, "sent"])

    asyncio.run(story())
    assert rows(store)[0][3] == reply


@pytest.mark.parametrize("command, state", [("DATA", "deferred"), (".", "uncertain")])
def test_a_line_lost_before_the_last_dot_defers_and_after_it_is_uncertain(
    store, clock, command, state
):
    async def story():
        queue(store, [message()])
        lost = lambda said, _: HANG_UP if said == command else ""  # noqa: E731
        async with relay_that(lost) as relay, at_work(store, relay, clock):
            await until(lambda: states(store) == [state])

    asyncio.run(story())


def test_one_bad_address_harms_nobody_else(store, clock):
    """Eight people, each with an envelope and a message of their own: two refused, one put off, one line
    lost, four served. Nobody gets anything twice, and of the others nobody hears again."""
    refused, later, lost = ("p1@", "p5@"), "p3@", "p6@"
    asked = {}

    def behave(said, argument):
        if said == "RCPT":
            asked[argument] = asked.get(argument, 0) + 1
        who = argument.partition("<")[2]
        if said == "RCPT" and who.startswith(refused):
            return "550 5.1.1 No such person"
        if said == "RCPT" and who.startswith(later):
            return "450 4.2.0 Later"
        return HANG_UP if said == "." and argument.startswith(lost) else ""

    async def story():
        queue(store, [message(n, f"p{n}@customer.example") for n in range(8)])
        async with relay_that(behave) as relay, at_work(store, relay, clock, connections=2):
            await until(lambda: not {"queued", "sending"} & set(states(store)))
            return relay.taken

    taken = asyncio.run(story())
    expected = ["sent", "bounced", "sent", "deferred", "sent", "bounced", "uncertain", "sent"]
    assert states(store) == expected
    assert sorted(one.recipient for one in taken) == [
        f"p{n}@customer.example" for n in (0, 2, 4, 7)
    ]
    assert set(asked.values()) == {1}


BIG = b"Subject: Hello\r\n\r\n" + b"x" * 70 * 400_000 + b"\r\n"  # more than any buffer on the way


@pytest.mark.parametrize(
    "data, heard, state",
    [
        (message().data, 3, "uncertain"),  # the kernel had all of it before the line broke
        (message().data, None, "uncertain"),
        (BIG, 0, "deferred"),
        (BIG, 100_000, "deferred"),
        (BIG, None, "uncertain"),
    ],
)
def test_only_what_may_have_been_heard_to_the_end_is_uncertain(store, clock, data, heard, state):
    """The line breaks after so many bytes of the message, None: after the final dot. Before the dot has
    left the relay cannot have the message, and it is simply tried again."""

    async def story():
        queue(store, [message(data=data)])
        async with relay_that() as relay, at_work(store, relay, clock, connections=1):
            relay.hears = len(wire_form(data)) if heard is None else heard
            await until(lambda: states(store) == [state])

    asyncio.run(story())


@pytest.mark.parametrize("words", ["354 Go on", "199 Hm", "Hello", "250-never ending"])
def test_an_answer_that_is_neither_yes_nor_no_is_uncertain(store, clock, words):
    async def story():
        queue(store, [message()])
        async with relay_that(lambda said, _: words if said == "." else "") as relay:
            settings = RelaySettings(port=relay.port, hello="a", seconds=5, last_seconds=0.3)
            attempt = await RelayConnection(settings).send(message())
            assert attempt.state is OutboxState.UNCERTAIN

    asyncio.run(story())


@pytest.mark.parametrize("words", ["250 2.0.0 OK", "251 Will forward", "200 fine"])
def test_any_yes_is_a_yes(words):
    async def story():
        async with relay_that(lambda said, _: words if said == "." else "") as relay:
            connection = RelayConnection(RelaySettings(port=relay.port, hello="a", seconds=5))
            attempt = await connection.send(message())
            await connection.quit()
            assert (attempt.state, attempt.reply) == (OutboxState.SENT, words)

    asyncio.run(story())


def test_a_refusal_before_the_message_is_complete_is_heard(store, clock):
    """A relay that knows half-way that it is too big says so, and the next message starts afresh."""

    async def story():
        queue(store, [message(1, data=BIG), message(2, "p2@customer.example")])
        async with relay_that() as relay, at_work(store, relay, clock, connections=1):
            relay.refuses_after = (100_000, "552 5.3.4 Too big")
            await until(lambda: states(store) == ["bounced", "sent"])

    asyncio.run(story())
    assert rows(store)[0][3] == "552 5.3.4 Too big"


def test_who_is_stopped_after_the_dot_says_so(store, clock):
    """Else the next start would send it again blindly."""

    async def story():
        queue(store, [message()])
        async with relay_that() as relay:
            relay.silent_after_dot = True
            async with at_work(store, relay, clock, stop_seconds=0.2) as courier:
                await until(lambda: relay.complete)
                courier.stop()

    asyncio.run(story())
    assert states(store) == ["uncertain"]


def test_a_relay_that_is_down_defers_and_is_asked_again(store, clock):
    async def story():
        relay = await Relay().start()
        await relay.stop()
        queue(store, [message()])
        async with at_work(store, relay, clock) as courier:
            await until(lambda: states(store) == ["deferred"])
            assert not courier.relay_is_up
            await relay.start()
            clock.advance(timedelta(hours=1))
            await until(lambda: states(store) == ["sent"])
            assert courier.relay_is_up
        await relay.stop()

    asyncio.run(story())
    assert rows(store)[0][2] == 2


def test_a_conversation_the_relay_ended_while_idle_costs_no_attempt(store, clock):
    async def story():
        async with relay_that() as relay, at_work(store, relay, clock, connections=1) as courier:
            queue(store, [message(1)])
            courier.wake()
            await until(lambda: states(store) == ["sent"])
            for writer in tuple(relay._writers):
                writer.close()
            queue(store, [message(2)])
            courier.wake()
            await until(lambda: states(store) == ["sent", "sent"])

    asyncio.run(story())
    assert [row[2] for row in rows(store)] == [1, 1]


def test_stopping_is_prompt_and_leaves_unsent_messages_to_be_adopted(store, clock):
    async def story():
        queue(store, [message(n, f"p{n}@customer.example") for n in range(50)])
        async with relay_that() as relay, at_work(store, relay, clock, connections=1) as courier:
            await until(lambda: relay.taken)
            courier.stop()
        return len(relay.taken)

    taken = asyncio.run(story())
    found = states(store)
    assert found.count("sent") == taken
    assert set(found) <= {"sent", "sending", "queued"}


class LosesAnswers:
    """A store that commits and then loses the line before it could say so."""

    def __init__(self, store, times):
        self.read = store.read
        self._store = store
        self._left = times

    @contextmanager
    def write(self):
        with self._store.write() as tx:
            yield tx
        if self._left:
            self._left -= 1
            raise StoreUnavailable("the connection was cut during COMMIT")


@pytest.mark.parametrize("times", [1, 2])
def test_a_claim_that_was_committed_unheard_is_sent_all_the_same(store, clock, times):
    """Else it would count as being sent until the next start. What is in hand is not sent twice."""

    async def play():
        queue(store, [message(n, f"p{n}@customer.example") for n in range(1, 4)])
        async with relay_that() as relay:
            async with at_work(LosesAnswers(store, times), relay, clock, connections=1):
                await until(lambda: states(store) == ["sent"] * 3)
            return relay.taken

    assert len(asyncio.run(play())) == 3


def test_two_lives_never_change_a_message(store, clock):
    """What a killed process was sending leaves again with the same Message-ID and bytes."""
    queue(store, [message()])
    with store.write() as tx:
        outbox.claim(tx, 99, 10, START)
    from storage.nodes import adopt_dead

    with store.write() as tx:
        adopt_dead(tx, 1)

    async def story():
        async with relay_that() as relay, at_work(store, relay, clock):
            await until(lambda: states(store) == ["sent"])
            return relay.taken

    assert [one.data for one in asyncio.run(story())] == [message().data]


def test_a_greeting_that_refuses_blames_no_message():
    async def story():
        async with relay_that(lambda said, _: "554 Go away" * (said == "CONNECT")) as relay:
            connection = RelayConnection(RelaySettings(port=relay.port, hello="a", seconds=5))
            with pytest.raises(RelayDown, match="Go away"):
                await connection.send(message())

    asyncio.run(story())


def test_an_address_outside_ascii_bounces_when_the_relay_cannot_take_it():
    async def story():
        async with relay_that() as relay:
            connection = RelayConnection(RelaySettings(port=relay.port, hello="a", seconds=5))
            attempt = await connection.send(message(recipient="jürg@customer.example"))
            good = await connection.send(message(2))
            await connection.quit()
            return attempt, good

    attempt, good = asyncio.run(story())
    assert attempt.state is OutboxState.BOUNCED
    assert good.state is OutboxState.SENT


def test_secure_means_secure():
    """A relay that offers no STARTTLS gets nothing when it was asked for."""

    async def story():
        async with relay_that() as relay:
            settings = RelaySettings(port=relay.port, hello="a", seconds=5, tls="starttls")
            with pytest.raises(RelayDown):
                await RelayConnection(settings).send(message())
            assert relay.taken == []

    asyncio.run(story())


@pytest.mark.parametrize(
    "data, wire",
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".a\r\n..b\r\n", b"..a\r\n...b\r\n.\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
    ],
)
def test_only_our_own_dot_ends_a_message(data, wire):
    assert wire_form(data) == wire
