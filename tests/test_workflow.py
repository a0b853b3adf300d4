"""A workflow file is proved before it runs; every error names file, line and remedy."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
import yaml

from handlers.errors import ConfigError
from handlers.process.draw import draw
from handlers.proof.problems import problems
from handlers.word_lists import load_yaml
from handlers.workflow_file import load, shipped, shipped_names

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(
    file
    for folder in ("handlers", "templates", "parsers")
    for file in (ROOT / folder).rglob("*.yaml")
)
SOURCE = (resources.files("handlers") / "workflows" / "rma.yaml").read_text(encoding="utf-8")


def test_two_commands_with_one_name_are_told():
    text = (resources.files("handlers") / "workflows" / "rma.yaml").read_text(encoding="utf-8")
    doubled = load(text.replace("names: [refuser,", "names: [refuser, devis,"), "rma.yaml")
    assert any("#devis is a name of" in told for told in problems(doubled))


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_workflow_is_proved(name):
    assert problems(shipped(name)) == ()


@pytest.mark.parametrize("name", shipped_names())
def test_a_process_keeps_what_the_notices_and_commands_of_all_processes_mean(name):
    """W_uncertain once told of a lost message in all processes, and of an organisation in one."""
    own, shared = (load_yaml(text(file)) for file in (f"{name}.yaml", "parts/conversation.yaml"))
    for section, meaning in (("notices", "values"), ("commands", "effects")):
        for twice in own[section].keys() & shared[section].keys():
            mine, ours = own[section][twice], shared[section][twice]
            assert mine.get(meaning, ours.get(meaning)) == ours.get(meaning), f"{section} {twice}"


def text(file):
    return (resources.files("handlers") / "workflows" / file).read_text(encoding="utf-8")


def test_every_row_of_the_specification_is_there():
    wanted = {f"F-T{n}" for n in range(1, 22)} | {"F-T6b", "F-T7b", "F-T9b", "F-T11b"}
    assert wanted <= {row.id for row in shipped("rma").transitions}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    to: submitted", "    to: submited", "'submited' is no state"),
        ("guards: [closed_lately", "guards: [closed_latly", "no guard is called 'closed_latly'"),
        (
            "- record_consent",
            "- record_consnt",
            "no effect is called 'record_consnt'",
        ),
        ("notice: N3c, to: contact", "notice: N3z, to: contact", "notice 'N3z' is not declared"),
        ("{set_flag: reopened}", "{set_flag: reopend}", "flag 'reopend' is not declared"),
        (
            "hears: {command: quote_needed}",
            "hears: {command: quote_neded}",
            "#quote_neded is no command",
        ),
        (
            "T-devis: {states: [quote_due], after: [3bd]",
            "T-devis: {states: [quote_due], after: [3 days]",
            "is no delay",
        ),
        ("field_empty: action", "field_emtpy: action", "no guard is called 'field_emtpy'"),
        ("  - id: F-T20\n", "  - id: F-T6\n", "the id is used twice"),
        (
            "copy_field: {source: return_kind, target",
            "copy_field: {sorce: return_kind, target",
            "missing a required argument: 'source'",
        ),
        ("{fr: Prise en compte, en: Registered}", "{fr: Prise en compte}", "no label in en"),
    ],
)
def test_a_broken_name_is_found_and_named(old, new, told):
    assert old in SOURCE
    found = problems(load(SOURCE.replace(old, new, 1), "rma.yaml"))
    assert any(told in problem for problem in found), found
    assert all(re.match(r"rma\.yaml:\d+: ", problem) for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    hears: automatic", "    heers: automatic", "heers: there is no such key"),
        (
            "open: false, waits_for: nobody}\n  refused",
            "open: perhaps, waits_for: nobody}\n  refused",
            "valid boolean",
        ),
        ("workflow: rma", "workflow: rma\nworkflow: rma", "given twice"),
        ("reentry: in_study", "reentry: [in_study", "not YAML"),
    ],
)
def test_a_broken_file_names_file_and_line(old, new, told):
    assert old in SOURCE
    with pytest.raises(ConfigError, match=r"rma\.yaml:\d+: ") as caught:
        load(SOURCE.replace(old, new, 1), "rma.yaml")
    assert told in str(caught.value)


def test_an_unknown_workflow_is_named_with_those_that_exist():
    with pytest.raises(ConfigError, match=r"Known workflows: .*rma"):
        shipped("rmaa")


def test_the_diagram_shows_every_state_and_every_move():
    drawn = draw(shipped("rma"), "fr")
    assert drawn.startswith("stateDiagram-v2\n")
    assert "quote_sent --> order_to_check: F-T8 order, signed_quote" in drawn
    assert "submitted: Prise en compte" in drawn


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_data_is_read_alike_with_and_without_the_loader_in_c(file):
    """PyYAML has no C loader everywhere, and the other one takes fewer plain texts."""
    text = file.read_text(encoding="utf-8")
    assert yaml.safe_load(text) == load_yaml(text)
