"""Absent people's machines and present people: one is a note, the other is heard (X-26, X-27)."""

import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.machines.absence import is_absence_notice, is_absence_subject
from parsers.machines.return_day import return_day
from parsers.mail import Machine
from parsers.read import read

HERE = Path(__file__).parent
SENT = date(2026, 11, 9)


def cases(name):
    lists = yaml.safe_load((HERE / name).read_text("utf-8"))
    return [(language, *case) for language, found in lists.items() for case in found]


ABSENCES = cases("absences.yaml")
PERSONS = cases("persons.yaml")


def mail(subject, text, *fields):
    head = "".join(f"{field}\r\n" for field in fields)
    return read(
        f"From: Ana <ana@cafe.example>\r\nTo: rma@desk.example\r\nSubject: {subject}\r\n"
        f"Date: Mon, 9 Nov 2026 09:12:44 +0100\r\n{head}"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    )


@pytest.mark.parametrize("language, subject, text, back", ABSENCES)
def test_a_notice_without_a_header_is_known_and_its_day_is_read(language, subject, text, back):
    found = mail(subject, text)
    assert found.machine is Machine.AUTO_REPLY
    assert found.back_on == (back or None)


@pytest.mark.parametrize("language, subject, text", PERSONS)
def test_a_person_who_speaks_of_such_things_stays_a_person(language, subject, text):
    assert mail(subject, text).machine is Machine.NONE


@pytest.mark.parametrize("language, subject, text, back", ABSENCES)
def test_a_person_who_quotes_a_notice_below_an_answer_stays_a_person(language, subject, text, back):
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    answer = f"Merci, j'attends. / Thanks, I will wait.\n\nAna wrote:\n{quoted}"
    assert mail(f"Re: {subject}", answer).machine is Machine.NONE


@pytest.mark.parametrize(
    "subject, text",
    [
        ("Re: Automatic reply: quote", "Thanks, I saw your automatic reply. Yes, please go on."),
        (
            "Absence hier",
            "J'étais absent hier. En cas d'urgence, pourriez-vous sonner en face le 4/12.",
        ),
    ],
)
def test_a_person_who_answers_a_notice_or_asks_for_something_stays_a_person(subject, text):
    assert mail(subject, text).machine is Machine.NONE


@pytest.mark.parametrize(
    "text, expected",
    [
        ("back on 20 October", None),  # long past: a notice somebody forgot
        ("de retour le 15 janvier", date(2027, 1, 15)),
        ("de retour le 15 janvier 2026", None),
        ("de retour le 8 novembre 2028", None),  # more than a year away
        ("mon retour est prévu le 12. Le 20 décembre, autre chose.", None),
        ("jusqu'au 31/12/2026 inclus", date(2027, 1, 1)),
        ("from Monday to Friday we answer within two days", None),
        ("de retour le 30 février", None),
    ],
)
def test_a_day_that_is_not_sure_is_not_read(text, expected):
    assert return_day(text, SENT) == expected


def test_without_a_date_of_sending_only_a_whole_date_is_read():
    assert return_day("back on 4 December", None) is None
    assert return_day("back on Monday", None) is None
    assert return_day("back on 4 December 2026", None) == date(2026, 12, 4)


@settings(deadline=None)
@given(st.text(max_size=300), st.dates(min_value=date(2000, 1, 1)))
def test_any_text_and_any_day_give_an_answer(text, sent):
    return_day(text, sent)
    is_absence_notice(text[:80], text)
    is_absence_subject(text[:80])


SHAPES = ["a", "du 1 ", "jusqu'au ", "from 1 to ", "le x", "> ", "-", "re: [x] ", "back on 4/12 "]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_text_takes_time_in_proportion_to_its_length(shape):
    def cost(count):
        best = 9.0
        for _ in range(5):
            start = time.process_time()
            return_day(shape * count, SENT)
            is_absence_notice("absence", shape * count)
            best = min(best, time.process_time() - start)
        return best

    length = 20_000 // len(shape)
    assert cost(2 * length) <= 2.5 * cost(length) + 0.02
