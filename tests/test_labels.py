"""Processes are called something in each of their languages, and a language is added by files."""

import re
from pathlib import Path

import pytest

from handlers.process.translated import translated
from handlers.proof.problems import problems
from handlers.sentence import WORDS, Sentence
from handlers.word_lists import load_yaml
from handlers.workflow_file import shipped

PLACES = re.compile(r"\{(\w+)")
LABELS = Path(__file__).parents[1] / "handlers" / "workflows" / "labels"


def french(part):
    """Every French label of a process."""
    if isinstance(part, dict):
        if isinstance(part.get("fr"), str):
            yield part["fr"]
        part = list(part.values())
    for one in part if isinstance(part, list) else ():
        yield from french(one)


def test_a_label_gets_its_words_of_further_languages_by_the_french_ones():
    process = {
        "states": {"closed": {"label": {"fr": "Close", "en": "Closed"}}},
        "rows": [{"fr": "Oui"}],
    }
    words = {"nl": {"Close": "Afgesloten", "Oui": "Ja"}, "de": {"Oui": "Ja"}}
    assert translated(process, words) == {
        "states": {"closed": {"label": {"fr": "Close", "en": "Closed", "nl": "Afgesloten"}}},
        "rows": [{"fr": "Oui", "nl": "Ja", "de": "Ja"}],
    }


def test_what_a_process_says_itself_wins_over_its_file_of_labels():
    label = {"fr": "Suivi", "nl": "Opvolging"}
    assert translated(label, {"nl": {"Suivi": "Status"}}) == label


def test_phrases_are_no_labels():
    phrases = {"fr": ["sous garantie"]}
    assert translated(phrases, {"nl": {"sous garantie": "onder garantie"}}) == phrases


def test_the_shipped_parts_speak_dutch_and_german():
    documents = shipped("rma").documents
    assert documents["order"] | {"nl": "Bestelbon", "de": "Bestellung"} == documents["order"]


def test_a_language_without_a_label_for_customers_is_a_problem():
    workflow = shipped("rma").model_copy(update={"languages": ("fr", "en", "xx")})
    told = [one for one in problems(workflow) if "no label in xx" in one]
    assert any(one.startswith("rma.yaml:") and "states in_study label" in one for one in told)


def test_agents_may_be_written_in_fewer_languages():
    wider = {"languages": ("fr", "en", "xx"), "agent_languages": ("fr", "en")}
    workflow = shipped("rma").model_copy(update=wider)
    assert workflow.languages_for("N1") == ("fr", "en", "xx")
    assert workflow.languages_for("W_new") == ("fr", "en")
    assert not any("commands" in one for one in problems(workflow))


def test_a_sentence_speaks_each_language_it_has_a_file_for():
    assert Sentence(code="agrees").said("en") == "agrees"
    assert Sentence(code="agrees").said("xx") == "conforme"


@pytest.mark.parametrize("code", ["en", "nl", "de"])
def test_a_sentence_in_another_language_takes_the_same_values(code):
    for labels in WORDS.values():
        if code in labels:
            assert sorted(PLACES.findall(labels[code])) == sorted(PLACES.findall(labels["fr"]))


@pytest.mark.parametrize("file", sorted(LABELS.glob("*.yaml")), ids=lambda file: file.name)
def test_a_file_of_labels_translates_only_what_its_process_says(file):
    """A label whose French words changed would stay behind, and mislead whoever translates."""
    name = file.name.split(".")[0]
    process = next(f for f in LABELS.parent.rglob(f"{name}.yaml") if f.parent != LABELS)
    said = set(french(load_yaml(process.read_text(encoding="utf-8"))))
    assert set(load_yaml(file.read_text(encoding="utf-8"))) - said == set()
