"""Reference data comes from CSV files, whole or not at all; people are listed and erased."""

import json
import sqlite3

import pytest

from handlers.decision import NewDocument, Verdict
from handlers.desk import Contact
from handlers.errors import BadData
from handlers.ticket import Document, Participant, Role
from storage import accounts, directory, erase, journal, listing, outbox
from storage.book import StoredBook
from storage.journal import Summary
from storage.migrations import migrate
from storage.store import Store
from storage.tables import import_csv

from .stores import (
    ANNE,
    DESK,
    NOW,
    a_message,
    a_step,
    a_ticket,
    a_timer,
    accept,
    an_article,
    ask,
    opened,
    raw,
    store,
    store_url,
    write,
)

__all__ = ["store", "store_url"]


def load(store, table, data, name="file.csv"):
    with store.write() as tx:
        return import_csv(tx, DESK, table, name, data.encode() if isinstance(data, str) else data)


def contacts(store):
    with store.read() as tx:
        return directory.contacts(tx, DESK)


def test_contacts_come_from_a_file(store):
    done = load(
        store,
        "contacts",
        "Name;ADDRESS;organisation;language;scope_organisation\r\n"
        '"Durand; Anne";Anne@Client.example;C-42;FR;oui\r\n'
        "Bob;bob@client.example;;;\r\n",
    )
    assert (done.rows, done.added) == (2, 2)
    anne = Contact(
        address="Anne@Client.example",
        name="Durand; Anne",
        organisation="C-42",
        language="fr",
        scope_organisation=True,
    )
    assert contacts(store) == (anne, Contact(address="bob@client.example", name="Bob"))
    done = load(store, "contacts", "address,name\nANNE@client.example,Anne\nnew@c.example,New\n")
    assert (done.rows, done.added) == (2, 1)
    with store.read() as tx:
        assert directory.find_contact(tx, DESK, ANNE.upper()).name == "Anne"
        assert directory.find_contact(tx, "other", ANNE) is None


def test_domains_come_from_a_file(store):
    load(store, "domains", "domain\torganisation\nClient.example\tC-42\n")
    assert ask(store, addresses=("x@client.example",)).domains == {"client.example": "C-42"}


def test_any_other_table_is_kept_by_its_first_column(store):
    load(store, "shelves", "code,label\nACM,Acmé\nZZZ,Zèd\n".encode("cp1252"))
    with store.read() as tx:
        book = StoredBook(tx, DESK)
        assert book.rows("shelves", {"code": "acm"}) == ({"code": "ACM", "label": "Acmé"},)
        assert book.rows("other", {"code": "ACM"}) == ()


@pytest.mark.parametrize(
    "table, data, words",
    [
        ("contacts", "", "is empty"),
        ("contacts", "name\nAnne\n", "'address' is missing"),
        ("contacts", "address,fax\na@b,1\n", "'fax' is not known"),
        (
            "contacts",
            "address\na@b\nwrong\n@\n",
            "line 3: address: 'wrong' is no mail address; line 4: address: '@'",
        ),
        ("contacts", "address,name\na@b,x\nc@d\n", "line 3: not 2 columns"),
        ("contacts", "address,name\na@b,x,y\n", "line 2: not 2 columns"),
        ("contacts", "address,scope_organisation\na@b,maybe\n", "line 2: scope_organisation"),
        (
            "domains",
            "domain,organisation\nx@y.example,C\n",
            "line 2: domain: 'x@y.example' is no domain",
        ),
        ("domains", "domain,organisation\ny.example,\n", "line 2: organisation is empty"),
        ("shelves", "code,label\n,x\n", "line 2: code is empty"),
        (
            "shelves",
            'code\n"' + "x" * 200_000 + '"\n',
            "after line 1: the file is damaged or cannot be read (field larger",
        ),
    ],
)
def test_a_wrong_file_changes_nothing_and_says_which_line(store, table, data, words):
    load(store, "contacts", "address\nold@client.example\n")
    with pytest.raises(BadData) as caught:
        load(store, table, data)
    assert "file.csv" in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.exit_code == 65
    assert [one.address for one in contacts(store)] == ["old@client.example"]


def test_many_mistakes_are_cut_short(store):
    with pytest.raises(BadData, match="and 980 more"):
        load(store, "contacts", "address\n" + "wrong\n" * 1000)


PDF = Document(
    number=1,
    kind="order",
    filename="../bon.pdf",
    content_type="application/pdf",
    size=4,
    sha256="s1",
    author=ANNE,
    at=NOW,
    cause="m1",
)
SECRET = "tr0ub4dor"


def filled(store):
    """A ticket of Anne's with everything, each part holding the secret; and one of Bob's."""
    one, two = accept(store, raw(f"{SECRET} un"), raw("deux", sender="bob@c.example"))
    write(
        store,
        opened(
            a_ticket(subject=SECRET, fields={"serial": SECRET}, documents=(PDF,)),
            articles=(an_article(SECRET, author_name=SECRET),),
            steps=(a_step(why=SECRET),),
            documents=(NewDocument(document=PDF, data=SECRET.encode()),),
            started=(a_timer(),),
        ),
        a_message(subject=SECRET, data=SECRET.encode()),
        references={1000: (SECRET,)},
    )
    bob = Participant(address="bob@c.example", role=Role.CONTACT)
    write(store, opened(a_ticket(2000, contact="bob@c.example", participants=(bob,))))
    with store.write() as tx:
        about = Summary(sender=ANNE, subject=SECRET, message_id=f"<{SECRET}@x>")
        journal.settle(tx, one, verdict=Verdict.APPLIED, ticket_id=1000, now=NOW, summary=about,
                       evidence=(SECRET,))  # fmt: skip
        journal.settle(tx, two, verdict=Verdict.APPLIED, ticket_id=2000, now=NOW,
                       summary=Summary(sender="bob@c.example"))  # fmt: skip
        directory.save_contacts(tx, DESK, [Contact(address=ANNE, name=SECRET)])


def test_tickets_are_listed_and_found(store):
    filled(store)
    with store.read() as tx:
        assert [line["key"] for line in listing.tickets(tx)] == ["DEM-2000", "DEM-1000"]
        assert [line["id"] for line in listing.tickets(tx, contact=ANNE.upper())] == [1000]
        assert listing.tickets(tx, state="closed", open_only=True) == ()
        assert listing.tickets(tx, desk="other") == ()
        assert listing.ticket_id_of(tx, "dem-1000") == 1000
        assert listing.ticket_id_of(tx, "1000") == 1000
        assert listing.ticket_id_of(tx, "9" * 30) is None
        assert listing.show_ticket(tx, 5) is None


def test_a_ticket_is_shown_with_all_that_hangs_on_it_as_json(store):
    filled(store)
    with store.read() as tx:
        shown = json.loads(json.dumps(listing.show_ticket(tx, 1000)))
    assert shown["opened_at"] == NOW.isoformat()
    assert shown["participants"][0]["address"] == ANNE
    assert [shown["articles"][0]["text"], shown["steps"][0]["why"]] == [SECRET, SECRET]
    assert shown["timers"][0]["name"] == "T-relance"
    assert shown["mails"][0]["verdict"] == "applied"
    assert shown["messages"][0]["state"] == "queued"


def test_a_ticket_is_exported_with_its_files_which_stay_in_their_folder(store):
    filled(store)
    with store.read() as tx:
        files = listing.export_ticket(tx, 1000)
        assert listing.export_ticket(tx, 5) == {}
    assert set(files) == {"ticket.json", "documents/1-_bon.pdf", "mails/1.eml", "messages/1.eml"}
    assert files["mails/1.eml"] == raw(f"{SECRET} un").data


def test_mails_messages_and_timers_are_listed(store):
    filled(store)
    accept(store, raw("trois"))
    with store.read() as tx:
        assert [line["id"] for line in listing.mails(tx)] == [3, 2, 1]
        assert [line["id"] for line in listing.mails(tx, verdict="pending")] == [3]
        assert [line["id"] for line in listing.mails(tx, verdict="applied", sender=ANNE)] == [1]
        assert listing.show_mail(tx, 1)["evidence"] == [SECRET]
        assert listing.show_mail(tx, 9) is None
        assert [line["id"] for line in listing.messages(tx, state="queued")] == [1]
        assert listing.messages(tx, recipient="bob@c.example") == ()
        line, data = listing.show_message(tx, a_message().message_id)
        assert (line["id"], data) == (1, SECRET.encode())
        assert listing.show_message(tx, 9) is None
        assert [line["key"] for line in listing.timers(tx)] == ["DEM-1000"]
        assert accounts.unused_blobs(tx) == accounts.missing_blobs(tx) == ()


def test_an_erased_person_is_nowhere_and_the_history_stands(store):
    filled(store)
    with store.write() as tx:
        done = erase.erase(tx, ANNE.upper())
    assert done == {"contacts": 1, "mails": 1, "messages": 1, "tickets": 1, "rows": 0, "errands": 0}
    with store.read() as tx:
        everything = json.dumps(
            [
                listing.show_ticket(tx, 1000),
                listing.mails(tx),
                listing.show_mail(tx, 1),
                listing.messages(tx),
                [str(data) for data in listing.export_ticket(tx, 1000).values()],
            ]
        )
        assert SECRET not in everything
        assert ANNE not in everything
        assert [step["transition"] for step in listing.show_ticket(tx, 1000)["steps"]] == ["F-T1"]
        assert accounts.counts(tx)["applied"] == 2
        assert listing.show_ticket(tx, 2000)["contact"] == "bob@c.example"
        assert accounts.unused_blobs(tx) == accounts.missing_blobs(tx) == ()
        assert accounts.orphans(tx) == ()
    with store.write() as tx:
        assert outbox.claim(tx, 1, 10, NOW) == ()
    assert contacts(store) == ()


def test_erased_words_are_overwritten_on_disk(tmp_path):
    """A grep over the database and its log finds nothing."""
    path = tmp_path / "savd.sqlite3"
    store = Store.open(f"sqlite:///{path}")
    migrate(store)
    filled(store)
    with store.write() as tx:
        erase.erase(tx, ANNE)
    erase.scrub(store)
    for file in tmp_path.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file.name
        assert ANNE.encode() not in file.read_bytes(), file.name
    store.close()
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_two_people_sent_stays_for_the_other(store):
    filled(store)
    theirs = Document(**{f: getattr(PDF, f) for f in PDF.__slots__} | {"author": "bob@c.example"})
    new = NewDocument(document=theirs, data=SECRET.encode())
    write(
        store,
        opened(a_ticket(3000, contact="bob@c.example", documents=(theirs,)), documents=(new,)),
    )
    with store.write() as tx:
        erase.erase(tx, ANNE)
    with store.read() as tx:
        assert "documents/1-_bon.pdf" in listing.export_ticket(tx, 3000)
        assert accounts.unused_blobs(tx) == ()
