"""Agents and teams of imported tables work at the desk beside those of its configuration."""

from daemon.clock import SetClock
from daemon.office import Office
from daemon.pipeline import Pipeline, Read
from daemon.staff import office_of, staffed
from handlers.desk import Agent, Level, Team
from handlers.envelope import RawMail
from parsers.read import read
from storage import journal, listing
from storage.tables import import_csv

from .people import DESK, KEYS, NOW, RMA, desk, envelope
from .stores import store, store_url

__all__ = ["store", "store_url"]

AGENTS = b"address,name,level,language\nBO@desk.example,Bo,supervisor,en\nana@desk.example,X,,\n"
TEAMS = b"team,address\nstudy,zoe@desk.example\nnight,owl@desk.example\nstudy,study@desk.example\n"


def bring(store, **tables):
    with store.write() as tx:
        for table, data in tables.items():
            import_csv(tx, "rma", table, f"{table}.csv", data)


def test_a_desk_without_tables_is_what_its_configuration_says(store):
    with store.read() as tx:
        assert staffed(tx, desk()) == desk()
        assert office_of(tx, {}, "rma") is None


def test_imported_people_stand_beside_those_of_the_configuration(store):
    bring(store, agents=AGENTS, teams=TEAMS)
    with store.read() as tx:
        found = staffed(tx, desk())
        other = staffed(tx, desk(name="other"))
    bo = Agent(address="BO@desk.example", name="Bo", level=Level.SUPERVISOR, language="en")
    assert found.agents == (*desk().agents, bo)
    assert found.team("study").addresses == ("study@desk.example", "zoe@desk.example")
    assert found.team("night") == Team(name="night", addresses=("owl@desk.example",))
    assert other == desk(name="other")


def test_an_imported_agent_is_one_from_the_next_mail_on(store):
    bring(store, agents=AGENTS)
    office = Office(desk=desk(authserv_id="", border_host=""), workflow=RMA, keys=KEYS)
    pipeline = Pipeline(store=store, offices={"rma": office}, clock=SetClock(NOW))
    data = f"From: bo@desk.example\r\nTo: {DESK}\r\nSubject: x\r\n\r\n#admettre new@c.example\r\n"
    raw = RawMail(data=data.encode(), envelope=envelope())
    with store.write() as tx:
        (number,) = journal.append(tx, 1, [("rma", raw)])
    pipeline.process([Read(journal_id=number, desk="rma", raw=raw, mail=read(raw.data))])
    with store.read() as tx:
        row = listing.show_mail(tx, number)
    assert row["reason"] == "agent_not_authenticated"  # he is known as an agent, and must prove it
