"""The golden notices: what every sample says in each language. `write()` renews them."""

from pathlib import Path

from templates.message import render
from templates.sample import sample, sample_names

from .notice_desk import DESK, WORKFLOW

FOLDER = Path(__file__).parent / "golden" / "notices"
LANGUAGES = ("fr", "en")
SEEN_WHOLE = ("N0", "N1_group", "N3", "W_order")


def cases():
    return [(name, code) for name in sample_names("rma") for code in LANGUAGES]


def rendered(name, code):
    one = sample("rma", name, code)
    return render(one.notice, one.ticket, DESK, WORKFLOW)


def golden(name, code):
    """The text part under its subject; a few notices, one for each kind of block, with their HTML."""
    said = rendered(name, code)
    html = f"\n{said.html}\n" if name in SEEN_WHOLE else ""
    return f"Subject: {said.subject}\n\n{said.text}{html}"


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
