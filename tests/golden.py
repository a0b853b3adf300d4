"""Compare the mails of tests/mails with what is expected of them; run as a module to renew it.

`python -m tests.golden` writes every expectation and the pages made from the program anew,
`python -m tests.golden 27 31` those two mails. The difference is the review: an expectation says
what is right, and is never renewed to make a wrong reading green.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parsers.read import read
from parsers.report import as_json

from . import (
    configuration_page,
    golden_notices,
    notices_page,
    papers_page,
    process_page,
    tables_page,
    workflow_page,
)

FOLDER = Path(__file__).parent / "mails"


def mails() -> list[Path]:
    """List the golden mails in order."""
    return sorted(FOLDER.glob("*.eml"))


def got(path: Path) -> str:
    """Read one mail and write its JSON as the expectation files are written."""
    shown = as_json(read(path.read_bytes()))
    return json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def renew(numbers: tuple[str, ...] = ()) -> None:
    """Write the expectations of these mails anew, of all of them when none is named."""
    for path in mails():
        if not numbers or path.stem.partition("-")[0] in numbers:
            path.with_suffix(".json").write_text(got(path), "utf-8")


def main() -> None:
    """Renew the mails named on the command line; without any, every mail, notice and page."""
    renew(tuple(sys.argv[1:]))
    if not sys.argv[1:]:
        golden_notices.write()
        notices_page.write()
        papers_page.write()
        configuration_page.write()
        process_page.write()
        workflow_page.write()
        tables_page.write()


if __name__ == "__main__":
    main()
