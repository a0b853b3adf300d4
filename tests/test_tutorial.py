"""docs/tutorial.md: every command of the page is typed, and prints what the page says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.commands import run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tutorial.md"
PATIENCE = 60.0
SWAKS = """\
import smtplib, sys
given = dict(zip(sys.argv[1:], sys.argv[2:]))
host, port = given["--server"].split(":")
body = given["--body"].replace("\\\\n", "\\r\\n")
mail = f"From: {given['--from']}\\r\\nTo: {given['--to']}\\r\\n{given['--header']}\\r\\n\\r\\n{body}"
with smtplib.LMTP(host, int(port), local_hostname="localhost") as lmtp:
    lmtp.sendmail(given["--from"], [given["--to"]], mail.encode())
"""
"""What stands in for swaks where it is not installed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """One command of the page and the lines it prints there; "…" stands for anything."""

    command: str
    printed: tuple[str, ...]


def typed() -> list[Typed]:
    """Return the commands of the page in order."""
    found: list[Typed] = []
    page = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    for line in page.splitlines():
        if line.startswith("    $ "):
            found.append(Typed(command=line[6:], printed=()))
        elif line.startswith("    ") and found:
            last = found.pop()
            found.append(Typed(command=last.command, printed=(*last.printed, line[4:])))
    return found


def as_printed(expected: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of an output: a line of "…" is any lines, within a line any words."""
    text = "".join(".*?" if line == "…" else f"{_line(line)}\n" for line in expected)
    return re.compile(rf"{text}\s*", re.DOTALL)


def _line(line: str) -> str:
    return r"[^\n]*".join(re.escape(part.rstrip()) for part in line.split("…"))


class Shell:
    """A shell in a folder of its own. Commands of savd run in this process, the service in another."""

    def __init__(self, folder: Path, port: int, monkeypatch, capfd) -> None:
        self._port, self._monkeypatch, self._capfd = str(port), monkeypatch, capfd
        tools = folder / "tools"
        tools.mkdir()
        _script(tools / "savd", f'exec {sys.executable} -m daemon "$@"')
        if shutil.which("swaks") is None:
            (tools / "swaks.py").write_text(SWAKS)
            _script(tools / "swaks", f'exec {sys.executable} {tools / "swaks.py"} "$@"')
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
        self.running: list[subprocess.Popen[bytes]] = []

    def type(self, command: str) -> str:
        """Run a command and return what it prints."""
        words = shlex.split(command.replace("8024", self._port))
        if words[0] == "cd":
            self._monkeypatch.chdir(words[1])
        elif words[0] == "export":
            self._monkeypatch.setenv(*words[1].split("="))
        elif words[0] == "kill":
            self.stop()
        elif words[-1] == "&":
            self.running.append(subprocess.Popen(f"exec {command.removesuffix(' &')}", shell=True))
        elif words[0] == "savd":
            run(words[1:])
        else:
            typed_there = command.replace("8024", self._port)
            subprocess.run(typed_there, shell=True, check=False, timeout=PATIENCE)
        if words[:2] == ["savd", "init"]:
            file = Path("savd.toml")
            file.write_text(file.read_text().replace("port = 8024", f"port = {self._port}"))
        told = "".join(self._capfd.readouterr())
        return "".join(f"{line}\n" for line in told.splitlines())

    def stop(self) -> None:
        """End what runs in the background."""
        for one in self.running:
            one.terminate()
            one.wait(PATIENCE)
        self.running.clear()


def _script(file: Path, command: str) -> None:
    file.write_text(f"#!/bin/sh\n{command}\n")
    file.chmod(0o755)


@pytest.fixture
def shell(monkeypatch, capfd, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    shutil.copytree(ROOT / "docs" / "tutorial", tmp_path / "docs" / "tutorial")
    made = Shell(tmp_path, port, monkeypatch, capfd)
    yield made
    made.stop()


def test_a_stranger_gets_a_process_running_by_files_alone(shell):
    """Every step of the page: checked, drawn, rehearsed, configured, previewed, run, a mail sent."""
    for one in typed():
        wanted, until = as_printed(one.printed), time.monotonic() + PATIENCE
        told = shell.type(one.command)
        while not wanted.fullmatch(told) and shell.running and time.monotonic() < until:
            time.sleep(0.2)  # what the service does, it does a moment later
            told = shell.type(one.command)
        if one.printed:
            assert wanted.fullmatch(told), f"$ {one.command}\n{told}"


def test_what_the_page_shows_of_files_is_what_they_say():
    page = PAGE.read_text(encoding="utf-8")
    shown = ("loan.yaml", "rehearsals/02-overdue.yaml", "templates/loan/N_lent.en.md")
    for name in shown:
        assert (ROOT / "docs" / "tutorial" / name).read_text(encoding="utf-8") in page, name


def test_the_whole_process_is_short():
    """What somebody writes for five states, seven notices and two rehearsals fits on two pages."""
    files = [file for file in (ROOT / "docs" / "tutorial").rglob("*") if file.is_file()]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert sum(bool(line.strip()) for line in lines) < 150
