"""The journal keeps every accepted mail and gives each exactly one verdict."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.decision import Verdict
from storage import accounts, held, journal
from storage.fingerprint import fingerprint
from storage.journal import Summary
from storage.store import Conflict

from .stores import DESK, HOUR, NOW, accept, ask, raw, store, store_url

__all__ = ["store", "store_url"]

LATER = datetime(2999, 1, 1, tzinfo=UTC)


def pending(store, now=NOW, **arguments):
    with store.read() as tx:
        return journal.pending(tx, 1, 100, now, **arguments)


def settle(store, row, verdict=Verdict.APPLIED, **arguments):
    with store.write() as tx:
        return journal.settle(tx, row, verdict=verdict, now=NOW, **arguments)


def counts(store):
    with store.read() as tx:
        return accounts.counts(tx)


def test_mails_come_back_exactly_as_they_were_accepted(store):
    mails = [raw("un", mute=True, peer="192.0.2.1"), raw("deux", to_path="imap:INBOX", key="7:12")]
    ids = accept(store, *mails)
    found = pending(store)
    assert [one.id for one in found] == list(ids)
    assert [one.raw for one in found] == mails
    assert {(one.desk, one.attempts) for one in found} == {(DESK, 0)}


@pytest.mark.parametrize("data", [b"", b"\0\xff\r\n", b"\n" * 10, b"x" * 300_000])
def test_any_bytes_can_be_journaled(store, data):
    mail = raw()
    mail = type(mail)(data=data, envelope=mail.envelope)
    (row,) = accept(store, mail)
    with store.read() as tx:
        assert journal.read(tx, row).raw.data == data


def test_an_imap_mail_fetched_again_keeps_its_row(store):
    first = accept(store, raw("un", to_path="imap:INBOX", key="7:1"))
    again = accept(
        store,
        raw("un", to_path="imap:INBOX", key="7:1"),
        raw("deux", to_path="imap:INBOX", key="7:2"),
        raw("deux", to_path="imap:INBOX", key="7:2"),
        raw("un", to_path="imap:INBOX", key="8:1"),
        raw("un", to_path="imap:Other", key="7:1"),
    )
    assert again[0] == first[0]
    assert again[1] == again[2]
    assert len(set(again)) == 4
    assert counts(store)["received"] == 4


def test_what_the_journal_misses_of_a_mailbox_is_known(store):
    accept(store, *(raw(to_path="imap:INBOX", key=f"7:{uid}") for uid in (1, 3)))
    with store.read() as tx:
        missing = journal.missing_uids(tx, DESK, "INBOX", 7, [4, 3, 2, 1])
        other = journal.missing_uids(tx, DESK, "INBOX", 8, range(1, 2500))
    assert missing == (4, 2)
    assert len(other) == 2499


def test_a_mail_is_pending_until_it_has_a_verdict(store):
    one, two = accept(store, raw("un"), raw("deux"))
    assert settle(store, one, reason="new", evidence=("token",), ticket_id=1000)
    assert [mail.id for mail in pending(store)] == [two]
    assert pending(store, busy={two}) == ()


def test_a_backlog_of_large_mails_is_taken_up_in_portions(store):
    """Memory is bounded by octets, and one mail larger than the bound still gets its turn."""
    ids = accept(store, *(raw(str(n) * 1000) for n in range(4)))
    size = pending(store)[0].raw.data
    assert [mail.id for mail in pending(store, octets=1)] == [ids[0]]
    assert [mail.id for mail in pending(store, octets=len(size) + 1)] == [*ids[:2]]
    assert [mail.id for mail in pending(store, octets=1, busy={ids[0]})] == [ids[1]]


def test_a_verdict_is_given_once(store):
    (one,) = accept(store, raw())
    assert settle(store, one, Verdict.IGNORED)
    assert not settle(store, one, Verdict.APPLIED)
    assert counts(store)["ignored"] == 1
    with store.write() as tx:
        journal.fail(tx, one, "late", None, NOW)
    assert counts(store)["held"] == 0


def test_every_mail_is_counted_under_exactly_one_verdict(store):
    ids = accept(store, *(raw(str(n)) for n in range(7)))
    for row, verdict in zip(ids, Verdict, strict=False):
        settle(store, row, verdict)
    counted = dict(counts(store))
    assert counted.pop("received") == 7 == sum(counted.values())
    assert counted == {
        "applied": 1,
        "duplicate": 1,
        "ignored": 1,
        "held": 1,
        "rejected": 1,
        "pending": 2,
    }
    with store.read() as tx:
        assert accounts.orphans(tx) == ()
        assert accounts.counts(tx, "other")["received"] == 0


def test_a_claimed_mail_is_unsettled_and_nobody_elses(store):
    one, two, three = accept(store, raw("un"), raw("deux"), raw("trois"))
    settle(store, two)
    with store.write() as tx:
        assert journal.claim(tx, [one, two, three]) == {one, three}
        if store.dialect == "postgresql":
            with store.write() as other:
                assert journal.claim(other, [one, three]) == set()
    with store.write() as tx:
        assert journal.claim(tx, []) == set()


def test_a_failed_mail_waits_and_is_then_held(store):
    (one,) = accept(store, raw())
    with store.write() as tx:
        journal.fail(tx, one, "parser died", NOW + HOUR, NOW)
    assert pending(store) == ()
    assert pending(store, NOW + HOUR)[0].attempts == 1
    with store.write() as tx:
        journal.fail(tx, one, "parser died again", None, NOW)
    assert pending(store, NOW + HOUR) == ()
    assert counts(store)["held"] == 1


def test_a_released_mail_is_pending_again_and_keeps_its_claim(store):
    one, two = accept(store, raw(), raw())
    with store.write() as tx:
        assert journal.first_of(tx, DESK, one) == one
    settle(store, one, Verdict.HELD, summary=Summary(sender="Anne@Client.example"))
    with store.write() as tx:
        assert held.release(tx, [one, two], NOW, node=1) == 1
    assert [mail.id for mail in pending(store)] == [one, two]
    with store.write() as tx:
        assert journal.first_of(tx, DESK, one) == one
        assert journal.first_of(tx, DESK, two) == one


def test_the_same_content_twice_is_recognised_on_each_desk(store):
    one, two = accept(store, raw("un"), raw("un", to_path="imap:INBOX", key="1:1"))
    with store.write() as tx:
        assert journal.first_of(tx, DESK, one) == one
        assert journal.first_of(tx, DESK, two) == one
        assert journal.first_of(tx, "other", two) == two


def test_two_nodes_at_once_agree_which_copy_is_first(store):
    ids = accept(store, raw(), raw())
    start, firsts = threading.Barrier(2), {}

    def decide(row):
        start.wait()
        with store.write() as tx:
            firsts[row] = journal.first_of(tx, DESK, row)

    threads = [threading.Thread(target=decide, args=(row,)) for row in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(firsts.values())) == 1


def test_a_race_on_one_imap_mail_is_a_conflict_and_no_second_row(store):
    if store.dialect == "sqlite":
        return  # there is one writer: the second sees what the first wrote
    mail = raw(to_path="imap:INBOX", key="7:1")
    with pytest.raises(Conflict), store.write() as slow:
        slow.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        slow.exec_driver_sql("SELECT 1")
        accept(store, mail)
        journal.append(slow, 2, [(DESK, mail)])
    assert counts(store)["received"] == 1


def test_a_twin_is_an_earlier_settled_mail_with_the_same_text(store):
    one, two, three = accept(store, *(raw(str(n)) for n in range(3)))
    about = Summary(sender="Anne@client.example", body_digest="d1")
    asked = {"addresses": ("anne@client.example",), "body_digest": "d1"}
    assert ask(store, **asked).twin is None
    settle(store, one, summary=about)
    settle(store, two, Verdict.DUPLICATE, summary=about)
    assert ask(store, **asked).twin == one
    assert ask(store, **asked, now=NOW + timedelta(hours=25)).twin is None
    assert ask(store, **asked | {"addresses": ("bob@client.example",)}).twin is None
    assert ask(store, **asked | {"desk": "other"}).twin is None
    assert three


def test_held_mails_are_found_by_sender(store):
    one, two = accept(store, raw("un"), raw("deux"))
    settle(store, one, Verdict.HELD, reason="challenge", summary=Summary(sender="A@b.example"))
    settle(store, two, Verdict.APPLIED, summary=Summary(sender="A@b.example"))
    (waiting,) = ask(store, addresses=("a@b.example",)).held
    assert (waiting.journal_id, waiting.sender, waiting.reason) == (one, "a@b.example", "challenge")
    assert ask(store, addresses=("c@b.example",)).held == ()


def test_held_mails_without_a_sender_are_found_by_the_next_one(store):
    """A flood of them is told once a day, not once for each."""
    (one,) = accept(store, raw("un"))
    settle(store, one, Verdict.HELD, reason="no_sender", summary=Summary())
    assert [mail.journal_id for mail in ask(store, addresses=()).held] == [one]


def test_images_of_applied_mails_are_known_next_time(store):
    one, two = accept(store, raw("un"), raw("deux"))
    logo = Summary(sender="A@b.example", images=("s1", "s1", "s2"))
    settle(store, one, Verdict.HELD, summary=logo)
    assert ask(store, addresses=("a@b.example",)).known_images == frozenset()
    settle(store, two, summary=logo)
    assert ask(store, addresses=("a@b.example",)).known_images == {"s1", "s2"}


ENDLESS = """
import sys
from datetime import UTC, datetime
from handlers.envelope import Envelope, RawMail
from storage import journal
from storage.store import Store

store = Store.open(sys.argv[1])
for n in range(100_000):
    envelope = Envelope(
        reverse_path="a@b", recipients=("c@d",), path="lmtp", received_at=datetime.now(UTC)
    )
    with store.write() as tx:
        mails = [("rma", RawMail(data=b"%d-%d" % (n, k), envelope=envelope)) for k in range(3)]
        ids = journal.append(tx, 1, mails)
    print(*ids, *(mail.data.decode() for _, mail in mails), flush=True)
"""


def test_what_was_accepted_survives_a_kill_and_groups_are_whole(store, store_url):
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, store_url],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = [writer.stdout.readline() for _ in range(20)]
    writer.kill()
    lines += writer.communicate()[0].splitlines()
    with store.read() as tx:
        kept = {one.id: one.raw.data.decode() for one in journal.pending(tx, 1, 10**6, LATER)}
        assert accounts.orphans(tx) == ()
    for line in filter(str.strip, lines):
        *ids, one, two, three = line.split()
        assert [kept[int(i)] for i in ids] == [one, two, three]
    assert len(kept) % 3 == 0


HEAD = b"From: a@b\r\nSubject: one\r\n two\r\nMessage-ID: <1@b>\r\n"


@pytest.mark.parametrize(
    "other",
    [
        b"Received: from x\r\n by y\r\n" + HEAD + b"\r\nbody\r\n",
        HEAD.replace(b"\r\n", b"\n") + b"\nbody\n\n",
        b"Return-Path: <q@r>\r\nDelivered-To: rma@d\r\n" + HEAD + b"\r\nbody",
        b"subject:  one two\r\nFROM: a@b\r\nMessage-Id: <1@b>\r\n\r\nbody\r\n",
        b"Authentication-Results: d; dmarc=pass\r\n" + HEAD + b"X-Spam: no\r\n\r\nbody\r\n",
    ],
)
def test_trace_fields_folding_and_line_ends_do_not_change_the_content(other):
    assert fingerprint(other) == fingerprint(HEAD + b"\r\nbody\r\n")


@pytest.mark.parametrize(
    "other",
    [
        HEAD + b"\r\nBody\r\n",
        HEAD.replace(b"one", b"two") + b"\r\nbody\r\n",
        HEAD.replace(b"<1@b>", b"<2@b>") + b"\r\nbody\r\n",
        HEAD + b"Cc: c@d\r\n\r\nbody\r\n",
        HEAD + b"\r\n\r\nbody\r\n",
    ],
)
def test_what_the_sender_wrote_changes_the_content(other):
    assert fingerprint(other) != fingerprint(HEAD + b"\r\nbody\r\n")


@given(st.binary(max_size=400))
def test_any_bytes_have_a_fingerprint(data):
    assert len(fingerprint(data)) == 64
