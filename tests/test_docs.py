"""The pages say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.decision import Verdict
from handlers.message import OutboxState
from handlers.proof.problems import problems
from handlers.workflow_file import load

from . import configuration_page, process_page, tables_page, workflow_page
from .processes import finished_names

DOCS = Path(__file__).parent.parent / "docs"


def test_every_key_of_the_configuration_is_on_its_page():
    assert configuration_page.PAGE.read_text(encoding="utf-8") == configuration_page.page(), (
        "run `make golden` and look at the difference"
    )


@pytest.mark.parametrize("word", [*Verdict, *OutboxState])
def test_every_verdict_and_outbox_state_is_explained(word):
    assert f"`{word}`" in (DOCS / "states.md").read_text(encoding="utf-8")


def test_the_glossary_has_the_words_that_bind():
    page = (DOCS / "glossary.md").read_text(encoding="utf-8").lower()
    words = (DOCS.parent / "tests" / "words_that_bind.txt").read_text(encoding="utf-8").split()
    for word in words:
        assert word in page


def test_the_page_of_each_process_is_current():
    for name in finished_names():
        written = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        assert written == process_page.page(name), f"docs/{name}.md: run `make golden`"


def test_the_known_tables_are_on_their_page():
    written = tables_page.PAGE.read_text(encoding="utf-8")
    assert written == tables_page.page(written), "run `make golden`"


def test_the_page_about_writing_a_process_names_every_section_and_step():
    written = workflow_page.PAGE.read_text(encoding="utf-8")
    assert written == workflow_page.page(), "docs/workflow.md: run `make golden`"


def test_the_process_on_that_page_is_one():
    """Its example is proved like any other, but for the words of its notices."""
    text = workflow_page.PAGE.read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    assert problems(load(example, "loans.yaml")) == ()


def test_the_configuration_in_the_readme_is_valid(tmp_path):
    from daemon.config.file import load

    blocks = re.findall(
        r"```toml\n(.*?)```", (DOCS.parent / "README.md").read_text("utf-8"), re.DOTALL
    )
    file = tmp_path / "savd.toml"
    file.write_text("\n".join(blocks), encoding="utf-8")
    assert load(file).values.desks.keys() == {"rma"}
