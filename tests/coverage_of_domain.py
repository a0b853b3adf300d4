"""docs/coverage.md: what proves each requirement of the five processes: `make coverage-of-domain`.

An id counts where somebody wrote it on purpose: in the title or a note of a rehearsal, in the docstring
of a test or of its module, in `@pytest.mark.proves("A-7")`; a transition also where a rehearsal expects
it to fire. Rehearsals of one process prove nothing of another. Exit code 1 when something has no
proof and no reason why.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from handlers.workflow_file import shipped, shipped_names

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "coverage.md"
MOST_SHOWN = 5
HEADINGS = {
    "common": "What all five share",
    "rma": "Returns (`rma`)",
    "claims": "Claims of resellers (`claims`)",
    "dossier": "Messages on a file (`dossier`)",
    "complaints": "Complaints (`complaints`)",
    "repair_bonus": "Repair bonus (`repair_bonus`)",
}
PROCESSES = {"F": "rma", "A": "claims", "R": "dossier", "I": "complaints", "Q": "repair_bonus"}
_ID = re.compile(r"(?<![\w-])([XFARIQ])-([TUC]?)(\d{1,2})([a-z]?)(?![\w-])")
_RANGE = re.compile(
    r"(?<![\w-])([XFARIQ])-([TU]?)(\d{1,2})(?:\.\.\.?|…|–| to )(?:\1-\2)?(\d{1,2})(?![\w-])"
)
_LINK = re.compile(r"\(\.\./([^)]+)\)")
_TRANSITION = re.compile(r"[FARIQ]-[TU]\d+[a-z]?")


def main() -> int:
    """Write the page, tell what is missing."""
    PAGE.write_text(page(), encoding="utf-8")
    absent = missing()
    for one, what in absent.items():
        sys.stdout.write(f"{one}: {what}\n")
    total = sum(map(len, requirements().values()))
    sys.stdout.write(f"{total - len(absent)} of {total} have a proof or a reason\n")
    return int(bool(absent))


def requirements() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return what and why of every id, by process."""
    told = yaml.safe_load((TESTS / "requirements.yaml").read_text(encoding="utf-8"))
    return {
        process: {
            name: {"why": "", **one} if isinstance(one, dict) else {"what": one, "why": ""}
            for name, one in ids.items()
        }
        for process, ids in told.items()
    }


def missing() -> Mapping[str, str]:
    """Return what nothing proves and nothing excuses, by id."""
    known, proved = requirements(), proofs()
    return {
        name: one["what"]
        for ids in known.values()
        for name, one in ids.items()
        if not proved.get(name) and not one["why"]
    }


def unknown() -> Mapping[str, list[str]]:
    """Return the ids that are named somewhere and exist nowhere, with the files."""
    known = {name for ids in requirements().values() for name in ids}
    for name in shipped_names():
        known |= {row.id for row in shipped(name).transitions}
    return {
        name: [file.name for file in files] for name, files in _named().items() if name not in known
    }


def proofs() -> Mapping[str, list[Path]]:
    """Return the files that prove each id; a variant of a transition (F-T8a) proves it when nothing
    names it alone."""
    named, fired = of_their_process(_named()), of_their_process(_fired())
    found = {name: list(files) for name, files in named.items()}
    for name, files in fired.items():
        found.setdefault(name, list(files))
    for name in sorted({*named, *fired}):
        plain = name.rstrip("abcdefghijklmnopqrstuvwxyz")
        if _TRANSITION.fullmatch(name):
            found.setdefault(plain, found[name])
    return found


def of_their_process(found: Mapping[str, list[Path]]) -> Mapping[str, list[Path]]:
    """Leave out rehearsals of a process that name the id of another one."""
    counted = {}
    for name, files in found.items():
        strange = {f for prefix, f in PROCESSES.items() if not name.startswith((prefix, "X"))}
        own = [one for one in files if one.suffix == ".py" or one.parent.name not in strange]
        counted[name] = own
    return {name: files for name, files in counted.items() if files}


def page() -> str:
    """Return the page as rehearsals and tests say it should be."""
    proved = proofs()
    parts = [
        "# What proves what",
        "",
        "Every requirement of the five processes, with the rehearsals and tests that prove it. Made by",
        "`make coverage-of-domain` from the ids that stand in their titles; a test holds that it is true.",
        "",
    ]
    for process, ids in requirements().items():
        done = sum(bool(proved.get(name) or one["why"]) for name, one in ids.items())
        parts += [f"## {HEADINGS[process]}", "", f"{done} of {len(ids)}.", ""]
        parts += ["| id | what | proved by |", "| --- | --- | --- |"]
        for name, one in ids.items():
            told = _links(proved.get(name, [])) or one["why"] or "**nothing yet**"
            parts.append(f"| {name} | {one['what']} | {told} |")
        parts.append("")
    return "\n".join(parts)


def untrue(text: str) -> list[str]:
    """Return what a written page says that is not so: a row that is missing or of another sentence,
    a file that proves it no longer, nothing where there is something. A page that does not know the
    newest rehearsals yet is behind, not untrue: several people write them at a time."""
    rows = {row[1].strip(): row for row in _rows_of(text)}
    found = []
    proved = proofs()
    for ids in requirements().values():
        for name, one in ids.items():
            row = rows.get(name)
            files = {file.relative_to(TESTS.parent).as_posix() for file in proved.get(name, ())}
            if row is None or row[2].strip() != one["what"]:
                found.append(f"{name}: no such row")
                continue
            found += [f"{name}: {link}" for link in _LINK.findall(row[3]) if link not in files]
            if files and not _LINK.search(row[3]):
                found.append(f"{name}: has a proof by now")
    return found


def _rows_of(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("| ") and line.count(" | ") == 2:
            yield ["", *line.strip("| ").split(" | ")]


def ids_in(text: str) -> list[str]:
    """Return the requirement ids of a text, ranges written out."""
    found = [
        f"{kind}-{way}{number}"
        for kind, way, first, last in _RANGE.findall(text)
        for number in range(int(first), int(last) + 1)
    ]
    return [*found, *(f"{a}-{b}{c}{d}" for a, b, c, d in _ID.findall(text))]


def _links(files: Iterable[Path]) -> str:
    unique = sorted(set(files))
    rehearsals = [one for one in unique if one.suffix == ".yaml"]
    ordered = [*rehearsals, *(one for one in unique if one.suffix == ".py")]
    links = [
        f"[{one.stem}](../{one.relative_to(TESTS.parent).as_posix()})"
        for one in ordered[:MOST_SHOWN]
    ]
    more = len(ordered) - MOST_SHOWN
    return ", ".join(links) + (f" and {more} more" if more > 0 else "")


@cache
def _named() -> Mapping[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for file, script in _scripts():
        texts = [script["title"], *(step.get("note", "") for step in script.get("steps", ()))]
        for one in ids_in(" ".join(texts)):
            found.setdefault(one, []).append(file)
    for file in sorted(TESTS.glob("test_*.py")):
        for one in ids_in(" ".join(_words_of(ast.parse(file.read_text(encoding="utf-8"))))):
            found.setdefault(one, []).append(file)
    return found


def _fired() -> Mapping[str, list[Path]]:
    """Return where each transition is expected to fire."""
    found: dict[str, list[Path]] = {}
    for file, script in _scripts():
        for step in script.get("steps", ()):
            expect = step.get("expect", {})
            for one in (expect, *expect.get("tickets", {}).values()):
                told = one.get("fired", [])
                for name in told if isinstance(told, list) else [told]:
                    found.setdefault(name, []).append(file)
    return found


@cache
def _scripts() -> tuple[tuple[Path, dict], ...]:
    files = sorted((TESTS / "rehearsals").glob("**/[!_]*.yaml"))
    loaded = (yaml.load(one.read_text(encoding="utf-8"), yaml.CSafeLoader) for one in files)
    return tuple(zip(files, loaded, strict=True))


def _words_of(module: ast.Module) -> Iterator[str]:
    """Yield the docstrings of a test module and of its tests, and the words of their marks."""
    yield ast.get_docstring(module) or ""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield ast.get_docstring(node) or ""
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.proves":
                    yield ast.unparse(mark)


if __name__ == "__main__":
    raise SystemExit(main())
