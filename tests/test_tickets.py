"""A Decision is written whole, and the facts of the next mail show it."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from handlers.decision import Decision, NewDocument, TicketChange, Verdict
from handlers.desk import Contact
from handlers.ticket import Document, Participant, Role, Visibility
from storage import accounts, directory, journal, lookup
from storage.apply import apply
from storage.journal import Summary
from storage.migrations import migrate
from storage.schema import article, blob, step
from storage.store import Conflict, Store, savepoint

from .stores import (
    ANNE,
    DESK,
    HOUR,
    NOW,
    a_message,
    a_step,
    a_ticket,
    a_timer,
    accept,
    an_article,
    ask,
    changed,
    opened,
    raw,
    store,
    store_url,
    write,
)

__all__ = ["store", "store_url"]

BOB = "bob@client.example"
PDF = Document(
    number=1,
    kind="order",
    filename="bon é.pdf",
    content_type="application/pdf",
    size=4,
    sha256="s1",
    author=ANNE,
    at=NOW,
    cause="m1",
    fields={"number": "BC-1"},
    flags=frozenset({"to_attach"}),
)


def count(store, table):
    with store.read() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar()


def the_ticket(store, number=1000):
    return ask(store, ticket_ids=(number,)).tickets[number]


def test_a_ticket_comes_back_equal(store):
    ticket = a_ticket(documents=(PDF,), closed_at=NOW)
    write(store, opened(ticket, documents=(NewDocument(document=PDF, data=b"%PDF"),)))
    assert the_ticket(store) == ticket


def test_everything_of_a_decision_is_written(store):
    decision = opened(
        articles=(an_article("un"), an_article("deux", visibility=Visibility.NOTE)),
        steps=(a_step(),),
        started=(a_timer(),),
        documents=(NewDocument(document=PDF, data=b"%PDF"),),
    )
    write(store, decision, a_message())
    facts = ask(store, ticket_ids=(1000,))
    assert [one.text for one in facts.articles[1000]] == ["un", "deux"]
    assert facts.articles[1000][1] == an_article("deux", visibility=Visibility.NOTE)
    assert facts.told == {(1000, "N1")}
    assert facts.tickets[1000].documents == (PDF,)
    assert (count(store, step), count(store, blob)) == (1, 1)


def test_a_decision_that_fails_half_way_leaves_nothing(store):
    twice = replace(opened(articles=(an_article(),)), changes=opened().changes * 2)
    with pytest.raises(Conflict):
        write(store, twice)
    assert ask(store, ticket_ids=(1000,)).tickets == {}
    assert count(store, article) == 0


def test_applying_twice_collides_instead_of_doubling(store):
    write(store, opened(articles=(an_article(),)), a_message())
    with pytest.raises(Conflict):
        write(store, opened(articles=(an_article(),)), a_message())
    assert count(store, article) == 1


def test_the_version_moves_with_every_change(store):
    write(store, opened())
    ticket = the_ticket(store)
    write(store, changed(replace(ticket, state="submitted")))
    assert the_ticket(store) == replace(ticket, state="submitted", version=ticket.version + 1)


def test_a_stale_ticket_is_a_conflict_and_the_group_goes_on(store):
    """The other mails of the same transaction are not touched."""
    write(store, opened())
    ticket = the_ticket(store)
    write(store, changed(replace(ticket, state="submitted")))
    with store.write() as tx:
        with pytest.raises(Conflict, match="DEM-1000"), savepoint(tx):
            _apply(tx, changed(replace(ticket, state="lost"), articles=(an_article(),)))
        _apply(tx, opened(a_ticket(2000)))
    assert the_ticket(store).state == "submitted"
    assert the_ticket(store, 2000).id == 2000
    assert count(store, article) == 0


def _apply(tx, decision):
    from storage.apply import apply

    apply(tx, decision, (), desk=DESK, references={}, now=NOW)


def test_every_key_a_ticket_ever_had_leads_to_it(store):
    write(store, opened())
    write(store, changed(replace(the_ticket(store), key="RMA-2026-000001")))
    facts = ask(store, keys=("DEM-1000", "RMA-2026-000001", "RMA-2026-000009"))
    assert facts.by_key == {"DEM-1000": 1000, "RMA-2026-000001": 1000}
    assert ask(store, desk="other", keys=("DEM-1000",)).by_key == {}


def test_one_key_never_belongs_to_two_tickets(store):
    write(store, opened(a_ticket(1000, key="RMA-1")))
    with pytest.raises(Conflict):
        write(store, opened(a_ticket(2000, key="RMA-1")))
    write(store, opened(a_ticket(3000)))
    with pytest.raises(Conflict):
        write(store, changed(replace(the_ticket(store, 3000), key="RMA-1")))


def test_references_lead_to_tickets_and_are_replaced(store):
    write(store, opened(), references={1000: ("sn-1", "DV-7", "SN-1")})
    write(store, opened(a_ticket(2000)), references={2000: ("DV-7",)})
    facts = ask(store, references=("SN-1", "DV-7", "DV-8"))
    assert facts.by_reference == {"SN-1": (1000,), "DV-7": (1000, 2000)}
    assert set(facts.tickets) == {1000, 2000}
    write(store, changed(the_ticket(store)), references={1000: ("SN-1",)})
    assert ask(store, references=("DV-7",)).by_reference == {"DV-7": (2000,)}


def test_people_and_documents_follow_the_ticket(store):
    write(
        store, opened(a_ticket(documents=(PDF,)), documents=(NewDocument(document=PDF, data=b"%"),))
    )
    second = replace(PDF, number=2, sha256="s2", flags=frozenset())
    replaced = replace(PDF, flags=frozenset({"replaced"}))
    people = (Participant(address=BOB, role=Role.PENDING),)
    ticket = replace(the_ticket(store), documents=(replaced, second), participants=people)
    write(store, changed(ticket, documents=(NewDocument(document=second, data=b"2"),)))
    assert the_ticket(store).documents == (replaced, second)
    assert the_ticket(store).participants == people
    assert the_ticket(store).latest("order") == second


def test_the_same_file_on_two_tickets_is_kept_once(store):
    new = NewDocument(document=PDF, data=b"%PDF")
    write(store, opened(a_ticket(1000, documents=(PDF,)), documents=(new,)))
    write(store, opened(a_ticket(2000, documents=(PDF,)), documents=(new,)))
    assert count(store, blob) == 1


def test_tickets_are_found_by_contact_and_participant_whatever_the_case(store):
    people = (Participant(address="Bob@Client.example", role=Role.OBSERVER),)
    write(store, opened(a_ticket(1000, contact="Anne@Client.example", participants=())))
    write(store, opened(a_ticket(2000, contact="x@y.example", participants=people)))
    assert set(ask(store, addresses=(ANNE,)).tickets) == {1000}
    assert set(ask(store, addresses=(BOB,)).tickets) == {2000}
    assert set(ask(store, addresses=(ANNE, BOB)).tickets) == {1000, 2000}
    assert ask(store, addresses=("c@client.example",)).tickets == {}


def test_tickets_of_another_desk_are_never_shown(store):
    write(store, opened(a_ticket(1000, desk="other", contact=ANNE)))
    facts = ask(store, addresses=(ANNE,), ticket_ids=(1000,), keys=("DEM-1000",))
    assert (facts.tickets, facts.by_key, facts.articles) == ({}, {}, {})


@pytest.mark.parametrize("known_by", ["contact", "domain"])
def test_tickets_of_the_organisation_are_not_locked_for_its_people(store, known_by):
    write(store, opened(a_ticket(organisation="C-42", contact="old@client.example")))
    with store.write() as tx:
        if known_by == "contact":
            directory.save_contacts(tx, DESK, [Contact(address=BOB, organisation="C-42")])
        else:
            directory.save_domains(tx, DESK, {"Client.example": "C-42"})
    facts = ask(store, addresses=(BOB,))
    assert facts.tickets == {}
    assert facts.contacts.get(BOB, Contact(address=BOB)).organisation in {"", "C-42"}
    assert facts.domains in ({}, {"client.example": "C-42"})


def test_closed_tickets_are_found_for_thirty_days(store):
    write(store, opened(a_ticket(closed_at=NOW)))
    late = NOW + timedelta(days=31)
    assert set(ask(store, addresses=(ANNE,), now=late - 2 * HOUR * 24).tickets) == {1000}
    assert ask(store, addresses=(ANNE,), now=late).tickets == {}
    assert set(ask(store, ticket_ids=(1000,), now=late).tickets) == {1000}


def test_our_messages_lead_to_their_ticket(store):
    write(store, opened(), a_message(), a_message(2, ticket_id=None))
    ids = tuple(a_message(n).message_id for n in (1, 2, 3))
    facts = ask(store, message_ids=ids)
    assert {i: (s.ticket_id, s.recipient, s.notice) for i, s in facts.sent.items()} == {
        ids[0]: (1000, ANNE, "N1"),
        ids[1]: (None, ANNE, "N1"),
    }
    assert set(facts.tickets) == {1000}


def test_our_messages_are_found_by_bounce_key(store):
    write(store, opened(), a_message())
    facts = ask(store, bounce_keys=("key1", "key2"))
    assert {key: sent.message_id for key, sent in facts.sent.items()} == {
        "key1": a_message().message_id
    }
    assert set(facts.tickets) == {1000}


def test_automatic_messages_are_counted_for_a_day(store):
    relayed = a_message(3, automatic=False, notice="N_status")
    write(store, opened(), a_message(1), a_message(2, recipient="Anne@Client.example"), relayed)
    facts = ask(store, addresses=(ANNE,), now=NOW + 23 * HOUR)
    assert facts.automatic_today == {ANNE: 2}
    assert facts.told == {(1000, "N1"), (1000, "N_status")}
    assert ask(store, addresses=(ANNE,), now=NOW + 25 * HOUR).automatic_today == {}


def test_what_was_told_before_the_state_was_entered_is_forgotten(store):
    write(store, opened(), a_message())
    moved = replace(the_ticket(store), state="quote_sent", state_since=NOW + HOUR)
    write(store, Decision(verdict=Verdict.APPLIED, changes=(TicketChange(ticket=moved),)))
    assert ask(store, ticket_ids=(1000,)).told == frozenset()


def test_an_acknowledgement_is_remembered_for_ten_minutes(store):
    write(store, opened(), a_message(), a_message(2, recipient=BOB, automatic=False))
    soon, later = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)
    assert ask(store, ticket_ids=(1000,), now=soon).acknowledged == {(1000, ANNE)}
    assert ask(store, ticket_ids=(1000,), now=later).acknowledged == frozenset()


def drawing(numbers, *series):
    """A decision that draws one number of each of these series."""
    for one in series:
        _, numbers = numbers.draw(one)
    return Decision(verdict=Verdict.APPLIED, numbers=numbers)


def test_numbers_are_given_once_per_desk_and_series(store):
    assert ask(store).numbers.draw("RMA-2026")[0] == 1
    write(store, drawing(ask(store).numbers, "RMA-2026", "RMA-2026", "RES-2026"))
    write(store, drawing(ask(store).numbers, "RMA-2026"))
    assert dict(ask(store).numbers.next) == {"RMA-2026": 4, "RES-2026": 2}
    assert ask(store).numbers.draw("RMA-2027")[0] == 1
    assert not ask(store, desk="other").numbers.next


def test_a_number_that_was_given_meanwhile_is_a_conflict(store):
    """Two decisions read the same series: the second is decided again."""
    for _ in range(2):
        read = ask(store).numbers
        write(store, drawing(read, "RES-2026"))
        with pytest.raises(Conflict):
            write(store, drawing(read, "RES-2026"))
    assert ask(store).numbers.next["RES-2026"] == 3


def test_the_whole_group_comes_along_with_one_of_its_tickets(store):
    """But not the group of a ticket that is only found through its people."""
    write(store, opened(a_ticket(1000, group="DEM-1")))
    write(store, opened(a_ticket(2000, group="DEM-1")))
    write(store, opened(a_ticket(3000, group="DEM-3")))
    assert set(ask(store, ticket_ids=(2000,)).tickets) == {1000, 2000}
    assert set(ask(store, ticket_ids=(3000,)).tickets) == {3000}
    assert ask(store, ticket_ids=(3000,)).tickets[3000].group == "DEM-3"


def test_parent_and_children_come_along_with_one_of_them(store):
    """And the group of either; not what merely cites the same customer."""
    write(store, opened(a_ticket(1000, links={"child": "DEM-2000 DEM-3000"})))
    write(store, opened(a_ticket(2000, links={"parent": "DEM-1000"}, group="DEM-2000")))
    write(store, opened(a_ticket(3000, links={"parent": "DEM-1000"})))
    write(store, opened(a_ticket(4000, group="DEM-2000")))
    write(store, opened(a_ticket(5000)))
    for known in (1000, 2000, 3000, 4000):
        assert set(ask(store, ticket_ids=(known,)).tickets) == {1000, 2000, 3000, 4000}


def test_held_mails_on_a_ticket_are_found_released_or_turned_away(store):
    one, two = accept(store, raw("un"), raw("deux"))
    write(store, opened())
    with store.write() as tx:
        for row in (one, two):
            journal.settle(tx, row, verdict=Verdict.HELD, ticket_id=1000, now=NOW,
                           summary=Summary(sender=BOB))  # fmt: skip
    assert [h.journal_id for h in ask(store, ticket_ids=(1000,), addresses=(BOB,)).held] == [
        one,
        two,
    ]
    write(
        store, Decision(verdict=Verdict.APPLIED, replay=(one,), replay_for=BOB, turned_away=(two,))
    )
    assert ask(store, ticket_ids=(1000,)).held == ()
    with store.read() as tx:
        assert accounts.counts(tx)["pending"] == accounts.counts(tx)["rejected"] == 1
        assert journal.read(tx, one).requester == BOB


def test_contacts_of_a_decision_enter_the_directory(store):
    bob = Contact(address="Bob@Client.example", name="Bob", language="nl", scope_organisation=True)
    write(store, Decision(verdict=Verdict.APPLIED, contacts=(bob,)))
    assert ask(store, addresses=(BOB,)).contacts == {BOB: bob}
    write(store, Decision(verdict=Verdict.APPLIED, contacts=(replace(bob, name="Robert"),)))
    assert ask(store, addresses=(BOB,)).contacts[BOB].name == "Robert"
    assert ask(store, desk="other", addresses=(BOB,)).contacts == {}


def test_hostile_questions_find_nothing_and_do_not_fail(store):
    many = tuple(f"K{n}" for n in range(5000))
    facts = ask(
        store,
        addresses=("'; DROP TABLE ticket; --@x\0\udc80", *many),
        keys=many,
        references=many,
        message_ids=("<\0>", *many),
        ticket_ids=tuple(range(10**17, 10**17 + 5000)),
    )
    assert facts.tickets == {}


def test_articles_are_those_of_the_tickets_named(store):
    write(store, opened(a_ticket(1000), articles=(an_article("un"),)))
    write(store, opened(a_ticket(2000), articles=(an_article("deux"),)))
    facts = ask(store, keys=("DEM-2000",), addresses=(ANNE,))
    assert set(facts.tickets) == {1000, 2000}
    assert {i: [a.text for a in found] for i, found in facts.articles.items()} == {2000: ["deux"]}


def test_a_ticket_is_locked_until_the_decision_is_applied(store):
    """Of two nodes on one ticket the second waits: both changes survive."""
    import threading

    write(store, opened())
    reading = threading.Barrier(2)

    def chase():
        reading.wait()
        with store.write() as tx:
            found = lookup.tickets_by_id(tx, (1000,))[1000]
            times = int(found.fields.get("chased", "0")) + 1
            _apply(tx, changed(replace(found, fields={"chased": str(times)})))

    threads = [threading.Thread(target=chase) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert the_ticket(store).fields == {"chased": "2"}


def test_a_new_document_needs_not_be_listed_on_the_ticket_too(store):
    write(store, Decision(verdict=Verdict.APPLIED, changes=(
        TicketChange(ticket=a_ticket(), opened=True,
                     documents=(NewDocument(document=PDF, data=b"%"),)),)))  # fmt: skip
    assert the_ticket(store).documents == (PDF,)


def test_a_line_that_joined_while_we_waited_for_its_group_is_a_conflict(postgres_url):
    """Two nodes: one adds a line, the other would decide about the group without it (A-34)."""
    opened_store = Store.open(postgres_url, durable=False)
    migrate(opened_store)
    write(opened_store, opened(a_ticket(1000, group="DEM-1", links={})))
    with ThreadPoolExecutor(1) as other:
        with opened_store.write() as tx:
            lookup.tickets_by_id(tx, {1000})
            asked = other.submit(ask, opened_store, ticket_ids=(1000,))
            _wait_for_lock(opened_store)
            apply(tx, opened(a_ticket(2000, group="DEM-1")), (), desk=DESK, references={}, now=NOW)
        with pytest.raises(Conflict, match="joined"):
            asked.result(timeout=30)
    assert list(ask(opened_store, ticket_ids=(1000,)).tickets) == [1000, 2000]
    opened_store.close()


def _wait_for_lock(opened_store):
    """Return when somebody waits for a row that we hold."""
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with opened_store.read() as tx:
            if tx.execute(waits).scalar():
                return
    raise AssertionError("nobody waited")
