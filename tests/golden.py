"""Compare the mails of tests/mails with what is expected of them; run as a module to renew it.

`python -m tests.golden` writes every expectation anew: read the difference before committing it.
"""

from __future__ import annotations

import json
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


def main() -> None:
    """Write every expectation anew: mails, notices, and the pages made from the program."""
    for path in mails():
        path.with_suffix(".json").write_text(got(path), "utf-8")
    golden_notices.write()
    configuration_page.write()
    process_page.write()


if __name__ == "__main__":
    main()
