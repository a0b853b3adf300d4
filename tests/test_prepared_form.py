"""The form in the body of a prepared mail: what we know comes back as it was, gaps are taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.rehearsal.tap import opened
from handlers.process.workflow import said
from handlers.words.sheet import read_answers
from handlers.workflow_file import shipped
from templates.answering import LONGEST, Answering
from templates.language import language
from templates.view import TicketView

from .stores import a_ticket

RMA = shipped("rma")
WORD = st.text(st.sampled_from("abcdefghijklmnoprstuvéèàçöß"), min_size=3, max_size=9)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
NUMBER = st.from_regex(r"[A-Z]{2}[0-9]{5,9}", fullmatch=True)
VALUES = {
    "return_kind": st.sampled_from(sorted(RMA.fields["return_kind"].choices)),
    "action": st.sampled_from(sorted(RMA.fields["action"].choices)),
    "reference": NUMBER,
    "serial": NUMBER,
    "purchase_proof": st.sampled_from(["12/03/2026", "F-2026-118"]),
    "company": WORDS.map(str.title),
    "return_address": st.lists(WORDS, min_size=1, max_size=3).map("\n".join),
    "description": WORDS,
}
KNOWN = st.fixed_dictionaries({}, optional=VALUES)
LANGUAGES = st.sampled_from(["fr", "en", "nl", "de"])


def body_of(known: dict[str, str], code: str) -> str:
    """What the button of the form opens."""
    ticket = replace(a_ticket(), key="RMA-2026-000001", fields=known, state="to_complete")
    spoken = language(code, "Europe/Paris")
    answering = Answering(
        address="rma+t1.cabcdefgh.k1.mac@desk.example", key=ticket.key, code="(m1.N0)"
    )
    pairs = TicketView(ticket, RMA, spoken).form
    link = answering.form_link("Il nous manque des informations", pairs, spoken.words["form_colon"])
    assert len(link) < LONGEST
    return opened(link).body


@settings(max_examples=60, deadline=None)
@given(KNOWN, LANGUAGES)
def test_what_comes_back_untouched_changes_nothing(known: dict[str, str], code: str) -> None:
    """Every value that we filled in is read as the same value."""
    read = read_answers(body_of(known, code), RMA, ("*",), known)
    assert {name: value for name, value in read.items() if known.get(name) != value} == {}


@settings(max_examples=60, deadline=None)
@given(KNOWN, st.sampled_from(sorted(VALUES)), LANGUAGES, st.data())
def test_gaps_that_are_filled_are_taken(
    known: dict[str, str], gap: str, code: str, data: st.DataObject
) -> None:
    """Typed behind the label, in the reader's language."""
    known.pop(gap, None)
    rule, value = RMA.fields[gap], data.draw(VALUES[gap]).replace("\n", ", ")
    typed = said(rule.choices[value].label, code) if rule.type == "choice" else value
    label = said(rule.label, code)
    lines = body_of(known, code).split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(label))
    lines[at] = f"{lines[at].rstrip()} {typed}"
    assert read_answers("\n".join(lines), RMA, ("*",), known).get(gap) == value


@pytest.mark.parametrize("code", ["fr", "en", "nl", "de"])
def test_a_form_that_is_too_long_keeps_its_gaps(code: str) -> None:
    """A long description is left out whole, the empty lines stay."""
    known = {"description": "x" * 3000, "company": "Dupont"}
    body = body_of(known, code)
    assert said(RMA.fields["serial"].label, code) in body
    assert "xxx" not in body
    assert read_answers(body, RMA, ("*",), known) == {"company": "Dupont"}
