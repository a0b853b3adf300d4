"""The golden notices: what every sample says in each language. `write()` renews them."""

from pathlib import Path

from templates.message import render
from templates.sample import sample, sample_names

from .notice_desk import DESK, WORKFLOW

FOLDER = Path(__file__).parent / "golden" / "notices"
LANGUAGES = ("fr", "en")


def cases():
    return [(name, code) for name in sample_names("rma") for code in LANGUAGES]


def rendered(name, code):
    one = sample("rma", name, code)
    return render(one.notice, one.ticket, DESK, WORKFLOW)


def golden(name, code):
    """The text part under its subject; the HTML is the same source, seen in a few files."""
    said = rendered(name, code)
    return f"Subject: {said.subject}\n\n{said.text}"


def write():
    """Write every golden notice anew, and drop those without a sample."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {FOLDER / f"{name}.{code}.txt": golden(name, code) for name, code in cases()}
    for file in FOLDER.glob("*.txt"):
        if file not in wanted:
            file.unlink()
    for file, text in wanted.items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
