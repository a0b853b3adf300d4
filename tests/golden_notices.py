"""The golden notices: what every sample says in each language. `write()` renews them."""

from functools import cache, lru_cache
from pathlib import Path

from handlers.workflow_file import shipped
from templates.message import render
from templates.notice import names
from templates.sample import sample
from templates.source import COMMON, PACKAGE

from .notice_desk import DESK, WORKFLOW

FOLDER = Path(__file__).parent / "golden" / "notices"
PROCESSES = ("rma", "claims", "complaints", "dossier", "repair_bonus")
SEEN_WHOLE = {("rma", name) for name in ("N0", "N1_group", "N3", "W_order")}


def cases(process="rma"):
    """The notices of a process as (name, language), those of every process with the first."""
    folders = [process, COMMON] if process == PROCESSES[0] else [process]
    return [
        (name, code)
        for name, codes in sorted(names(process).items())
        for code in sorted(codes)
        if any((PACKAGE / folder / f"{name}.{code}.md").is_file() for folder in folders)
    ]


def all_cases():
    return [(process, name, code) for process in PROCESSES for name, code in cases(process)]


@cache
def workflow_of(process):
    return WORKFLOW if process == PROCESSES[0] else shipped(process)


@lru_cache(maxsize=1024)
def rendered(name, code, process="rma"):
    return rendered_for(DESK, name, code, process)


def rendered_for(desk, name, code, process="rma"):
    one = sample(process, name, code)
    return render(one.notice, one.ticket, desk, workflow_of(process))


def place(name, code, process="rma"):
    return FOLDER / process / f"{name}.{code}.txt"


def golden(name, code, process="rma"):
    """The text part under its subject; a few notices, one for each kind of block, with their HTML."""
    said = rendered(name, code, process)
    html = f"\n{said.html}\n" if (process, name) in SEEN_WHOLE and code in ("fr", "en") else ""
    return f"Subject: {said.subject}\n\n{said.text}{html}"


def write():
    """Write every golden notice anew, and drop those without a sample."""
    wanted = {place(name, code, of): golden(name, code, of) for of, name, code in all_cases()}
    for file in FOLDER.rglob("*.txt"):
        if file not in wanted:
            file.unlink()
    for file, text in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
