"""What is committed names no machine and no registry, and files have names that say something."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

REGISTRIES = ["pypi", "pythonhosted", "registry.npmjs", "proxy.golang", "deb.debian", "crates"]
HOST = re.compile(rf"\b({'|'.join(re.escape(name) for name in REGISTRIES)})\.(org|io|dev|com)\b")
PLACES = ["work", "root", "tmp/venv", "tmp/v", "opt/pypi", "opt/wheels", r"home/\w+"]
PLACE = re.compile(rf"(?<![\w.$}}-])/({'|'.join(PLACES)})/")
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "base", "engine", "core", "misc"}
EMPTY_WORDS |= {"common", "tools", "stuff", "lib"}


def committed():
    """Every committed file that is still there."""
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in done.stdout.split("\0") if (ROOT / name).is_file()]


def committed_text():
    for path in committed():
        data = path.read_bytes()
        if b"\0" not in data and path != Path(__file__):
            yield path.relative_to(ROOT).as_posix(), data.decode("utf-8", "replace")


def lines_with(pattern):
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in committed_text()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry_host():
    assert lines_with(HOST) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on():
    assert lines_with(PLACE) == []


def test_no_file_has_an_empty_name():
    names = {path: set(re.split(r"[_.-]", path.stem.lower())) for path in committed()}
    assert [path for path, words in names.items() if words & EMPTY_WORDS] == []


def test_the_top_level_holds_only_the_agreed_folders():
    folders = {path.relative_to(ROOT).parts[0] for path in committed() if path.parent != ROOT}
    ours = {"daemon", "handlers", "parsers", "storage", "templates"}
    assert folders <= ours | {"tests", "systemd", "docs", "benchmarks", ".ci"}


def test_every_link_between_pages_leads_somewhere():
    pages = [path for path in committed() if path.suffix == ".md"]
    links = [
        (page.relative_to(ROOT).as_posix(), link)
        for page in pages
        for link in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    ]
    assert [
        (page, link) for page, link in links if not (ROOT / page).parent.joinpath(link).exists()
    ] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_exact_hashed_and_hold_no_option(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        assert re.match(r"[a-z0-9.-]+==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def test_every_dependency_is_locked_and_told_in_why():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    told = (ROOT / "docs" / "why.md").read_text(encoding="utf-8").lower()
    for requirement in project["dependencies"]:
        name = re.match(r"[\w-]+", requirement)[0]
        assert re.search(rf"^{name}==", locked, re.MULTILINE), f"{name} is not locked: make lock"
        assert f"| {name}" in told, f"docs/why.md does not say why {name} is here"
