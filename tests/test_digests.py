"""A digest is sent once, whatever restarts and however many run, and says only what its reader may see."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from daemon.clock import SetClock
from daemon.office import Office
from daemon.pipeline import Pipeline
from handlers.decision import Verdict
from handlers.desk import Agent, Desk, DigestPlan, Team
from handlers.errors import StoreUnavailable
from handlers.ticket import Visibility
from handlers.token import KeyRing
from handlers.workflow_file import shipped
from storage import journal, outbox
from storage.journal import Summary
from storage.store import Store

from .stores import a_message, a_step, a_ticket, an_article, opened, raw, store, store_url, write

__all__ = ["store", "store_url"]

KEYS = KeyRing(current="k1", keys={"k1": b"0123456789abcdef0123456789abcdef"})
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # eight in Paris
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MANAGER = "director@desk.example"


def office(name="rma", site=None, **plan):
    plan = {"daily": "08:00", "teams": ("after_sales", "sales"), "managers": (MANAGER,)} | plan
    desk = Desk(
        name=name,
        workflow="rma",
        addresses=(f"{name}@desk.example",),
        title="SAV Exemple",
        agents=(Agent(address="ana@desk.example", name="Ana"),),
        teams=tuple(
            Team(name=team, addresses=(f"{team}@desk.example",))
            for team in ("after_sales", "sales")
        ),
        digest=DigestPlan(**plan),
    )
    return Office(desk=desk, workflow=shipped("rma"), keys=KEYS, templates_dir=site)


def pipeline(store, now, *offices):
    """A daemon that has been up for an hour."""
    known = {one.desk.name: one for one in offices or (office(),)}
    clock = SetClock(now - HOUR)
    made = Pipeline(store=store, offices=known, clock=clock)
    made._digests.due(clock.now())
    clock.set(now)
    return made


def waiting(
    store, number=7000, state="in_study", at=MONDAY - 2 * DAY, row="F-T1", desk="rma", **more
):
    """Store a ticket that came into a state, and how."""
    ticket = a_ticket(number, state=state, desk=desk, opened_at=at, requested_at=at, **more)
    step = a_step(at=at, transition=row, from_state="new", to_state=state)
    write(store, opened(ticket, steps=(step,)), desk=desk)


def sent(store):
    """Return every digest in the outbox as (recipient, subject, text)."""
    with store.write() as tx:
        found = outbox.claim(tx, 1, 100, MONDAY + 1000 * DAY)
        outbox.record(tx, [], MONDAY)
    return [one.message for one in found if one.message.notice.startswith("W_digest")]


def text_of(message):
    mail = message_from_bytes(message.data, policy=policy.default)
    return mail.get_body(("plain",)).get_content()


def test_it_goes_to_teams_and_managers_once_a_day_whatever_restarts(store):
    waiting(store)
    first = pipeline(store, MONDAY)
    assert first.send_digests() == 2  # after-sales and the manager; sales have nothing to hear
    assert [first.send_digests(), pipeline(store, MONDAY + HOUR).send_digests()] == [0, 0]
    told = sent(store)
    assert [one.recipient for one in told] == ["after_sales@desk.example", MANAGER]
    assert all(b"Auto-Submitted: auto-generated" in one.data for one in told)


def test_nothing_goes_before_its_time_or_on_a_closed_day(store):
    waiting(store)
    for now in (MONDAY - MINUTE, MONDAY - DAY, datetime(2026, 11, 11, 9, 0, tzinfo=UTC)):
        assert pipeline(store, now).send_digests() == 0


def test_two_nodes_send_it_once(store_url, store):
    waiting(store)
    other = Store.open(store_url, durable=False)
    nodes = [pipeline(one, MONDAY) for one in (store, other)]
    ready, counts = threading.Barrier(2), []

    def send(node):
        ready.wait()
        counts.append(node.send_digests())

    threads = [threading.Thread(target=send, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(counts) == [0, 2]


def test_days_that_were_missed_are_told_together_once(store):
    """Down from Friday evening to Tuesday noon: one digest, about all since Friday's."""
    waiting(store, at=MONDAY - 10 * DAY)
    friday = MONDAY - 3 * DAY
    assert pipeline(store, friday).send_digests() == 2
    waiting(store, 8000, at=friday + HOUR)
    late = pipeline(store, MONDAY + DAY + 4 * HOUR)
    assert [late.send_digests(), late.send_digests()] == [2, 0]
    told = text_of(sent(store)[-1])
    assert "Depuis le 20 novembre 2026 à 08:00" in told
    assert "Nouvelles – 1" in told


def test_what_waited_elsewhere_comes_in_before_a_late_digest(store):
    """The mails of an outage are decided in the first minutes after the start."""
    waiting(store, at=MONDAY - 10 * DAY)
    pipeline(store, MONDAY).send_digests()
    clock = SetClock(MONDAY + DAY + 4 * HOUR)
    node = Pipeline(store=store, offices={"rma": office()}, clock=clock)
    assert node.send_digests() == 0
    clock.set(clock.now() + 15 * MINUTE)
    assert [node.send_digests(), node.send_digests()] == [2, 0]


def test_the_first_digest_of_a_desk_waits_for_its_time(store):
    waiting(store)
    assert pipeline(store, MONDAY + 2 * HOUR).send_digests() == 0
    assert pipeline(store, MONDAY + DAY).send_digests() == 2


def test_it_is_sent_again_when_the_database_was_lost_before_it_was_kept(store):
    waiting(store)
    troubles = [StoreUnavailable("gone")]

    def ring(_tx):
        if troubles:
            raise troubles.pop()

    node = Pipeline(store=store, offices={"rma": office()}, clock=SetClock(MONDAY), ring=ring)
    with pytest.raises(StoreUnavailable):
        node.send_digests()
    assert [node.send_digests(), node.send_digests()] == [2, 0]


def test_a_silent_day_has_none_and_a_silent_week_has_one(store):
    assert pipeline(store, MONDAY).send_digests() == 0
    weekly = office(daily="", weekly="08:00", weekday=1)
    assert pipeline(store, MONDAY + DAY, weekly).send_digests() == 3


def test_a_team_is_told_of_its_own_tickets_only(store):
    waiting(store, 7000, subject="Secret of after-sales")
    waiting(store, 8000, state="quote_due", row="F-T5")
    pipeline(store, MONDAY).send_digests()
    after_sales, sales, manager = map(text_of, sent(store))
    assert "DEM-7000" in after_sales
    assert "DEM-8000" not in after_sales
    assert "DEM-8000" in sales
    assert "DEM-7000" not in sales
    assert "DEM-7000" in manager
    assert "DEM-8000" in manager


def test_no_word_that_anybody_wrote_is_in_it(store):
    """Least of all what people of a customer keep to themselves (R-8)."""
    said = [
        an_article("ordinary words"),
        an_article("kept among us", visibility=Visibility.INTERNAL),
        an_article("between agents", visibility=Visibility.NOTE),
    ]
    ticket = a_ticket(7000, state="in_study", opened_at=MONDAY - DAY, subject="their subject")
    fields = {"description": "the description", "serial": "SN-1"}
    write(store, opened(replace(ticket, fields=fields), articles=tuple(said)))
    pipeline(store, MONDAY).send_digests()
    for message in sent(store):
        told = text_of(message)
        assert "DEM-7000" in told
        for words in ("ordinary", "kept among", "between agents", "the description", "SN-1"):
            assert words not in told


def test_a_manager_of_several_desks_gets_one_mail_about_all(store):
    waiting(store, 7000)
    waiting(store, 8000, desk="other")
    offices = [office(teams=()), office("other", teams=(), managers=(MANAGER, "b@desk.example"))]
    assert pipeline(store, MONDAY, *offices).send_digests() == 2
    both, alone = sent(store)
    assert (both.recipient, alone.recipient) == (MANAGER, "b@desk.example")
    assert "DEM-7000" in text_of(both)
    assert "DEM-8000" in text_of(both)
    assert "DEM-7000" not in text_of(alone)
    assert "Par processus" in text_of(both)


def test_no_more_lines_than_wanted_and_the_rest_is_counted(store):
    for number in range(7000, 7006):
        waiting(store, number, key=f"DEM-{number}", draft_key=f"DEM-{number}")
    pipeline(store, MONDAY, office(lines=2, teams=())).send_digests()
    (message,) = sent(store)
    assert "Et 4 autres" in text_of(message)
    assert text_of(message).count("DEM-70") == 3  # two lines, and the oldest


def test_a_digest_that_fails_is_told_and_the_others_go(store, tmp_path, caplog):
    """A site's own template may ask for what is not there."""
    (tmp_path / "common").mkdir()
    broken = '---\nsubject: "{{ nothing_of_the_kind }}"\n---\nBonjour\n'
    (tmp_path / "common" / "W_digest_daily.fr.md").write_text(broken)
    waiting(store, 7000)
    waiting(store, 8000, desk="other")
    offices = [office(site=tmp_path, managers=()), office("other", managers=())]
    node = pipeline(store, MONDAY, *offices)
    assert [node.send_digests(), node.send_digests()] == [1, 0]
    assert "digest of rma could not be sent" in caplog.text


def test_the_weekly_one_takes_the_place_of_the_daily_one(store):
    waiting(store)
    both = office(weekly="08:00", teams=("after_sales",), managers=())
    assert pipeline(store, MONDAY, both).send_digests() == 1
    assert pipeline(store, MONDAY + DAY, both).send_digests() == 1
    assert [one.notice for one in sent(store)] == ["W_digest_weekly", "W_digest_daily"]


def test_a_first_answer_is_what_a_person_had_told(store):
    """Acknowledgements of ours, work items and internal messages are none."""
    asked = MONDAY - 3 * DAY
    waiting(store, at=asked)
    mail = {"ticket_id": 7000, "recipient": "anne@client.example"}
    with store.write() as tx:
        ids = _mails(tx, "anne@client.example", "ana@desk.example")
        for number, (cause, notice, later, more) in enumerate(
            [
                (f"m{ids[0]}", "N1", MINUTE, {}),
                (f"m{ids[1]}", "W_done", HOUR, {}),
                (f"m{ids[1]}", "N_comment", 2 * HOUR, {"visibility": "internal"}),
                ("t17", "N0_reminder", 3 * HOUR, {}),
                (f"m{ids[1]}", "N3", 5 * HOUR, {}),
            ]
        ):
            one = a_message(number, cause=cause, notice=notice, **mail, **more)
            outbox.queue(tx, "rma", [one], asked + later)
    pipeline(store, MONDAY, office(teams=())).send_digests()
    (told,) = sent(store)
    assert "Première réponse | 1 | 5 h | 5 h" in text_of(told)


def _mails(tx, *senders):
    """Settle a mail of each sender; return their journal ids."""
    ids = journal.append(tx, 1, [("rma", raw(text=who, sender=who)) for who in senders])
    for number, who in zip(ids, senders, strict=True):
        summary = Summary(
            sender=who, subject="", message_id="", body_digest="", visibility="public"
        )
        journal.settle(
            tx,
            number,
            verdict=Verdict.APPLIED,
            ticket_id=7000,
            now=MONDAY,
            summary=summary,
        )
    return ids


def test_its_labels_and_its_sentences_are_of_one_language(store):
    """Agents read French and English; who asks for Dutch gets the desk's own, whole."""
    waiting(store)
    dutch = office(teams=("after_sales",), managers=())
    desk = dutch.desk
    teams = tuple(replace(one, language="nl") for one in desk.teams)
    pipeline(store, MONDAY, replace(dutch, desk=replace(desk, teams=teams))).send_digests()
    (message,) = sent(store)
    assert "En étude" in text_of(message)
    assert "À nous de jouer" in text_of(message)
