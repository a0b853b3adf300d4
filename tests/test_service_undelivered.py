"""A whole savd, a relay that refuses or falls silent, and kill -9 in between (X-28)."""

import json
import random
import smtplib
import time

from sqlalchemy import text

from daemon.commands import run

from .running import (
    ADDRESS,
    Savd,
    configure,
    introduce,
    mail,
    message_id_of,
    open_sink,
    open_store,
    running,
    wait_for,
)

PEOPLE = [
    f"p{n}@client.example" for n in range(4)
]  # a fifth refused alike, and the relay is to blame


def deliver(savd, people):
    with smtplib.LMTP("127.0.0.1", savd.port(), local_hostname="mx.example") as line:
        for number, who in enumerate(people):
            line.sendmail(who, [ADDRESS], mail(number, who))


def refuse_customers(said, argument):
    unknown = said == "RCPT" and "@client.example" in argument
    return "550 5.1.1 User unknown" if unknown else ""


def asked(store, query):
    with store.read() as tx:
        return [tuple(row) for row in tx.execute(text(query))]


def states(store):
    return [row[0] for row in asked(store, "SELECT state FROM outbox ORDER BY id")]


def test_each_refusal_is_told_once_however_often_savd_is_killed(tmp_path):
    chance = random.Random(time.time_ns())
    with open_sink() as sink:
        file = configure(tmp_path, sink.port)
        store = open_store(file)
        introduce(store, PEOPLE)
        sink.relay.behave = refuse_customers
        for _ in range(2):
            savd = Savd(file)
            savd.wait_until_ready()
            deliver(savd, PEOPLE)
            time.sleep(chance.uniform(0, 0.6))
            savd.kill()
        with running(file):
            wait_for(lambda: not asked(store, "SELECT 1 FROM journal WHERE verdict IS NULL"), "all")
            wait_for(lambda: {"sent", "bounced"} == set(states(store)), "the last message")
            wait_for(lambda: not asked(store, "SELECT 1 FROM undelivered"), "every decision")
            wait_for(lambda: {"sent", "bounced"} == set(states(store)), "the last work item")
        told = "SELECT ticket_id, count(*) FROM outbox WHERE notice = 'W_bounce' GROUP BY ticket_id"
        lost = "SELECT ticket_id, count(*) FROM outbox WHERE state = 'bounced' GROUP BY ticket_id"
        flagged = "SELECT id FROM ticket WHERE flags LIKE '%address_invalid%'"
        assert dict(asked(store, told)) == dict(asked(store, lost))
        assert {row[0] for row in asked(store, flagged)} == dict(asked(store, told)).keys()
        assert len(asked(store, flagged)) == len(PEOPLE)
        store.close()


def test_who_dies_after_the_dot_sends_again_with_the_same_message_id(tmp_path):
    """A duplicate is seen, a lost message is not (docs/states.md)."""
    with open_sink() as sink:
        file = configure(tmp_path, sink.port)
        store = open_store(file)
        introduce(store, PEOPLE[:1])
        sink.relay.silent_after_dot = True
        with running(file) as savd:
            deliver(savd, PEOPLE[:1])
            wait_for(lambda: sink.relay.complete, "the dot")
        assert states(store)[0] == "sending"
        sink.relay.silent_after_dot = False
        with running(file):
            wait_for(lambda: set(states(store)) == {"sent"}, "the message")
        ids = asked(store, "SELECT message_id FROM outbox")
        assert sorted(sink.message_ids()) == sorted(row[0] for row in ids)
        assert {message_id_of(one.data) for one in sink.relay.taken} == {row[0] for row in ids}
        store.close()


def test_who_is_told_to_stop_after_the_dot_asks_a_person(tmp_path, capsys):
    with open_sink() as sink:
        file = configure(tmp_path, sink.port)
        store = open_store(file)
        introduce(store, PEOPLE[:1])
        sink.relay.silent_after_dot = True
        savd = Savd(file)
        savd.wait_until_ready()
        deliver(savd, PEOPLE[:1])
        wait_for(lambda: sink.relay.complete, "the dot")
        assert savd.terminate()[0] == 0
        assert "uncertain" in states(store)
        _look_and_settle(file, store, capsys)
        store.close()


def _look_and_settle(file, store, capsys):
    """Doctor says what to do; doing it is enough, and not possible twice."""
    config = ["--config", str(file)]
    (number,) = asked(store, "SELECT id FROM outbox WHERE state = 'uncertain' LIMIT 1")[0]
    assert run(["doctor", "--json", *config]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = next(one["found"] for one in lines if one["what"] == "uncertain")
    assert "savd outbox settle ID sent" in told
    assert run(["outbox", "settle", str(number), "bounced", *config]) == 64
    assert run(["outbox", "settle", str(number), "sent", *config]) == 0
    assert run(["outbox", "settle", str(number), "sent", *config]) == 1
    assert asked(store, f"SELECT state FROM outbox WHERE id = {number}") == [("sent",)]
