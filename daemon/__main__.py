"""The command `savd`. Reading processes import this file too, so it loads nothing by itself."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with a code of sysexits.h."""
    from daemon.commands import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
