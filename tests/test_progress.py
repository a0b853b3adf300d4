"""Long commands say on a terminal how far they are, and nowhere else."""

import io

from daemon.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(out):
    with Progress("invoices of claims", out) as progress:
        for what in ("read", "written"):
            for done in range(0, 30_001, 5_000):
                progress.show(done, what)
    return [line for line in out.getvalue().split("\r") if line.strip()]


def test_the_line_is_written_over_and_goes_away():
    out = Terminal()
    assert shown(out) == [
        f"invoices of claims: {count} rows {what}"
        for what in ("read", "written")
        for count in ("10,000", "20,000", "30,000")
    ]
    assert out.getvalue().endswith(" \r")


def test_a_pipe_gets_nothing():
    assert shown(io.StringIO()) == []
