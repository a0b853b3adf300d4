"""`savd check` names every notice that could not be written, before a customer waits for it."""

import shutil
from pathlib import Path

import pytest

from daemon.commands import run

LOANS = Path(__file__).parent.parent / "docs" / "tutorial"


@pytest.fixture
def checked(tmp_path, capsys):
    """Check a desk of loans after something was changed in its folder; give exit code and words."""
    shutil.copytree(LOANS, tmp_path, dirs_exist_ok=True)
    assert run(["init", str(tmp_path), "--workflow", str(tmp_path / "loan.yaml")]) == 0

    def check(file="", old="", new=""):
        if file:
            place = tmp_path / file
            text = place.read_text(encoding="utf-8")
            assert old in text
            place.write_text(text.replace(old, new), encoding="utf-8")
        capsys.readouterr()
        code = run(["check", "--config", str(tmp_path / "savd.toml")])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return check


NOTICE = "templates/loan/N_lent.en.md"
BROKEN = {
    "a value nobody gives": (NOTICE, "Please bring", "{{ nobody }}", "'nobody' is undefined"),
    "a template that is not closed": (NOTICE, "Please bring", "{{ ticket.key", NOTICE[10:]),
    "a language without words": (
        *("loan.yaml", "languages: [en]", "languages: [en, it]"),
        "'it'",
    ),
    "a label in one language only": (
        *("loan.yaml", "label: Returned,", "label: {fr: Rendu},"),
        "no label in en",
    ),
    "a colour that white words cannot be read on": (
        *("savd.toml", '#colour = "#1c4f8c"', 'colour = "#ffdd00"'),
        "Take a darker one",
    ),
}


def test_a_whole_desk_passes(checked):
    assert checked()[0] == 0


@pytest.mark.parametrize("fault", BROKEN)
def test_check_fails_and_names(checked, fault):
    file, old, new, told = BROKEN[fault]
    code, words = checked(file, old, new)
    assert code == 78
    assert told in " ".join(words.split())


def test_a_notice_without_its_source_in_a_language_is_named(checked, tmp_path):
    (tmp_path / NOTICE).unlink()
    code, words = checked()
    assert code == 78
    assert "notice loan/N_lent.en.md does not exist" in " ".join(words.split())
