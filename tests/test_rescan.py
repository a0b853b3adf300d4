"""Files that were kept while clamd was down are scanned once it answers."""

import asyncio
import hashlib
from contextlib import contextmanager
from email.message import EmailMessage

from daemon.clamav import Clamav, ClamavSettings
from daemon.clock import SetClock
from daemon.commands import run
from daemon.office import Office
from daemon.rescan import AT_ONCE, MOST_TRIES, Rescan
from handlers.decision import Decision, NewDocument, TicketChange, Verdict
from handlers.ticket import Document
from storage import listing
from storage.lookup import tickets_by_id
from storage.schema import UNSCANNED
from storage.unscanned import count_unscanned, unscanned

from .papers import order_pdf
from .people import CLAIRE, KEYS, NOW, RMA, desk, ticket
from .scanners import EICAR, ScriptedClamd, living
from .services import deliver, running, until
from .stores import store, store_url
from .stores import write as apply

__all__ = ["store", "store_url"]

OFFICE = Office(desk=desk(), workflow=RMA, keys=KEYS)


def kept(number, data, kind="order"):
    """A document that no scanner has seen, with its bytes."""
    one = Document(
        number=number, kind=kind, filename=f"{number}.pdf", content_type="application/pdf",
        size=len(data), sha256=hashlib.sha256(data).hexdigest(), author=CLAIRE, at=NOW,
        cause="m1", flags=frozenset({"unscanned"}),
    )  # fmt: skip
    return NewDocument(document=one, data=data)


def put(store, *news, number=7000):
    """Store a ticket with documents."""
    documents = tuple(new.document for new in news)
    key = f"RMA-2026-{number:06}"
    one = ticket(
        id=number, key=key, draft_key=key, documents=documents, fields={"order_number": "BC-1"}
    )
    change = TicketChange(ticket=one, opened=True, documents=news)
    apply(store, Decision(verdict=Verdict.APPLIED, changes=(change,)))


def documents(store, number=7000):
    with store.read() as tx:
        return tickets_by_id(tx, {number}, lock=False)[number].documents


@contextmanager
def rescanning(store, answer=living, **settings):
    with ScriptedClamd(answer) as clamd:
        scanner = Clamav(ClamavSettings(host="127.0.0.1", port=clamd.port, **settings))
        yield clamd, Rescan(store, scanner, {"rma": OFFICE}, SetClock(NOW))
        scanner.close()


def told(store):
    """What went into the outbox: who gets which notice, and its bytes."""
    with store.read() as tx:
        lines = listing.messages(tx)
        return [
            (one["recipient"], one["notice"], listing.show_message(tx, one["id"])[1])
            for one in lines
        ]


def why(store):
    with store.read() as tx:
        return [step["why"] for step in listing.show_ticket(tx, 7000)["steps"]]


def test_a_clean_file_may_be_used_and_the_agents_get_it(store, caplog):
    put(store, kept(1, b"%PDF the order"))
    with rescanning(store) as (_, rescan), caplog.at_level("INFO"):
        assert rescan.round() == 1
        assert rescan.round() == 0
    assert documents(store)[0].flags == set()
    assert why(store) == ["document 1 scanned: clean"]
    ((address, notice, data),) = told(store)
    assert (address, notice) == ("after_sales@desk.example", "W_scanned")
    assert b"filename=1.pdf" in data
    assert [r.fields["file"] for r in caplog.records if r.getMessage() == "scanned"] == ["1.pdf"]


def test_an_infected_file_counts_no_more_goes_to_nobody_and_the_agents_are_told(store):
    put(store, kept(1, b"%PDF" + EICAR), kept(2, b"%PDF fine", kind="invoice"))
    with rescanning(store) as (_, rescan):
        assert rescan.round() == 2
    bad, good = documents(store)
    assert (bad.flags, bad.usable, good.flags) == ({"infected"}, False, set())
    assert why(store) == ["document 1 refused: Eicar-Test-Signature", "document 2 scanned: clean"]
    with store.read() as tx:
        assert "order_number" not in tickets_by_id(tx, {7000}, lock=False)[7000].fields
    ((_, _, data),) = told(store)
    assert b"filename=2.pdf" in data
    assert b"filename=1.pdf" not in data
    assert b"virus" in data


def test_while_nobody_answers_everything_waits(store):
    put(store, kept(1, b"%PDF"))
    scanner = Clamav(ClamavSettings(host="127.0.0.1", port=1))
    assert Rescan(store, scanner, {"rma": OFFICE}, SetClock(NOW)).round() == 0
    scanner.close()
    assert documents(store)[0].flags == {"unscanned"}
    assert told(store) == []


def test_a_file_that_is_never_answered_holds_up_no_other_and_is_not_asked_about_for_ever(store):
    put(store, kept(1, b"odd"), kept(2, b"fine"))

    def answer(data):
        return "stream: Can't allocate memory ERROR" if data == b"odd" else living(data)

    with rescanning(store, answer) as (clamd, rescan):
        assert [rescan.round() for _ in range(9)] == [1] + [0] * 8
        assert clamd.seen.count(b"odd") == MOST_TRIES
    assert [one.flags for one in documents(store)] == [{"unscanned"}, set()]


def test_what_is_longer_than_clamd_takes_is_not_shown_to_it(store):
    put(store, kept(1, b"eleven octet"))
    with rescanning(store, size=10) as (clamd, rescan):
        assert rescan.round() == 0
        assert clamd.seen == []


def test_rounds_go_on_where_the_last_one_ended(store):
    for number in range(AT_ONCE + 2):
        put(store, kept(1, b"%d" % number), number=8000 + number)
    with rescanning(store) as (_, rescan):
        assert [rescan.round() for _ in range(3)] == [AT_ONCE, 2, 0]
    with store.read() as tx:
        assert (count_unscanned(tx), unscanned(tx, 9)) == (0, ())


def test_a_ticket_of_a_desk_that_is_gone_waits_for_it(store):
    put(store, kept(1, b"%PDF"))
    with rescanning(store) as (_, rescan):
        rescan._offices = {}
        assert rescan.round() == 1
    assert documents(store)[0].flags == {"unscanned"}


def test_the_few_are_found_by_their_index(store):
    ask = {
        "sqlite": "EXPLAIN QUERY PLAN SELECT number FROM document WHERE {}",
        "postgresql": "EXPLAIN SELECT number FROM document WHERE {}",
    }[store.dialect]
    where = dict(zip(("sqlite", "postgresql"), UNSCANNED, strict=True))[store.dialect]
    with store.read() as tx:
        if store.dialect == "postgresql":  # it reads a small table whole
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        assert "document_unscanned" in str(tx.exec_driver_sql(ask.format(where)).all())


def letter():
    written = EmailMessage()
    for name, value in (
        ("From", "jeanne@customer.example"),
        ("To", "rma@desk.example"),
        ("Subject", "Panne"),
    ):
        written[name] = value
    written.set_content("Mon lecteur ne marche plus.")
    written.add_attachment(order_pdf(), maintype="application", subtype="pdf", filename="bc.pdf")
    return bytes(written)


def test_the_daemon_scans_what_came_while_clamd_was_down_and_doctor_counts_it(tmp_path, capsys):
    path = f"{tmp_path}/clamd.ctl"

    def waiting(service):
        with service.store.read() as tx:
            return count_unscanned(tx)

    async def play():
        extra = f'[clamav]\nsocket = "{path}"\n'
        async with running(tmp_path, extra=extra, rescan_seconds=0.1) as (service, _):
            await asyncio.to_thread(deliver, service.ports[0], letter())
            await until(lambda: waiting(service) == 1)
            await asyncio.to_thread(run, ["doctor", "--config", str(tmp_path / "savd.toml")])
            with ScriptedClamd(living, path=path):
                await until(lambda: waiting(service) == 0)

    asyncio.run(play())
    assert "BAD  unscanned      1 files wait for clamd" in capsys.readouterr().out
