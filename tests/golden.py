"""Compare the mails of tests/mails with what is expected of them; run as a module to renew it.

`python -m tests.golden` writes the notices and the pages anew and names the mails that are read
otherwise than expected; `python -m tests.golden 27 31` renews those two, `all` renews every one.
An expectation says what is right: a mail that is red stays red until the reader is right, and is
never renewed to make it green. Read the difference before committing it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parsers.read import read
from parsers.report import as_json

from . import configuration_page, golden_notices, process_page

FOLDER = Path(__file__).parent / "mails"


def mails() -> list[Path]:
    """List the golden mails in order."""
    return sorted(FOLDER.glob("*.eml"))


def got(path: Path) -> str:
    """Read one mail and write its JSON as the expectation files are written."""
    shown = as_json(read(path.read_bytes()))
    return json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def renew(names: tuple[str, ...]) -> None:
    """Write the expectations of these mails anew, named by their numbers or by "all"."""
    for path in mails():
        if "all" in names or path.stem.partition("-")[0] in names:
            path.with_suffix(".json").write_text(got(path), "utf-8")


def tell_different() -> None:
    """Print the mails that are read otherwise than expected, one a line."""
    for path in mails():
        if got(path) != path.with_suffix(".json").read_text("utf-8"):
            print(f"{path.stem}: is read otherwise than expected")


def main() -> None:
    """Renew the mails named on the command line; without any, everything but the mails."""
    if sys.argv[1:]:
        renew(tuple(sys.argv[1:]))
        return
    golden_notices.write()
    configuration_page.write()
    process_page.write()
    tell_different()


if __name__ == "__main__":
    main()
