"""What a digest shows is there in text too, and every value is escaped."""

import re

from templates.digest import bars, lasting, tasks

UNITS = ("h", "min")


def test_bars_are_on_one_scale_and_bear_their_numbers():
    shown = bars([["En étude", 8], ["Reçu", 2], ["Rien", 0]])
    assert shown.text == f"- En étude – 8 {'■' * 20}\n- Reçu – 2 {'■' * 5}\n- Rien – 0"
    assert re.findall(r'class="bar1" width="(\d+)%"', shown.html) == ["82", "20"]
    assert re.findall(r"<strong>(\d+)</strong>", shown.html) == ["8", "2", "0"]


def test_two_bars_share_a_row_and_a_legend_names_them():
    shown = bars([["lun.", 1, 3]], ["nouvelles", "closes"])
    assert shown.text == f"nouvelles / closes\n- lun. – 1 {'■' * 7}, 3 {'■' * 20}"
    assert 'class="bar2"' in shown.html


def test_no_number_at_all_draws_nothing():
    assert bars([["Nouvelles", 0]]).text == "- Nouvelles – 0"
    assert bars([]).text == ""


def test_a_ticket_is_one_line_of_text_and_what_is_late_stands_out():
    one = {"key": "RMA-1", "step": "<b>", "who": "A & B", "since": "", "due": "hier", "late": True}
    shown = tasks([one, one | {"late": False}])
    assert shown.text.splitlines()[0] == "- RMA-1 – <b> – A & B – hier"
    assert "&lt;b&gt;" in shown.html
    assert "A &amp; B" in shown.html
    assert shown.html.count('class="late"') == 1


def test_times_are_said_as_people_say_them():
    said = {0: "0 min", 2700: "45 min", 5400: "1 h 30", 7200: "2 h", 100_000: "27 h 46"}
    for seconds, words in said.items():
        assert lasting(seconds, UNITS) == words
    assert lasting(788_400, UNITS) == "219 h"
