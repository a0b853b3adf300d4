"""`savd demo`: play one return through real sockets and print it as it happens."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
import textwrap
import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from daemon import log
from daemon.clock import SetClock
from daemon.demo_desk import PATIENCE, DemoDesk, Outcome, open_desk, wait_for
from daemon.demo_sink import Sink, open_sink, readable, send, write
from daemon.demo_story import ADDRESS, CLAIRE, MARC, STORY, Scene
from handlers.workflow import said
from handlers.workflow_file import shipped

WIDTH = 78
LINES_SHOWN = 7
PEOPLE = {person.address: person.name for person in (CLAIRE, MARC)}
BOLD, DIM, GREEN, RED = "1", "2", "32", "31"


def run(story: Sequence[Scene] = STORY) -> int:
    """Play a story and print it. Return 0 when everything came out as it should, else 1."""
    log.set_up(level="warning")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without accents still reads it
    with tempfile.TemporaryDirectory(prefix="savd-demo-", ignore_cleanup_errors=True) as folder:
        try:
            return asyncio.run(_play(Path(folder), story))
        except TimeoutError:
            _print_end([f"nothing came of it within {PATIENCE:g} s; the log lines tell why"])
            return 1


async def _play(folder: Path, story: Sequence[Scene]) -> int:
    began = time.monotonic()
    clock = SetClock(story[0].at)
    trouble: list[str] = []
    _print_head()
    async with open_sink() as sink, open_desk(folder, clock, sink.port) as desk:
        received: dict[str, EmailMessage] = {}
        for number, scene in enumerate(story, 1):
            clock.set(scene.at)
            _print_scene(number, scene)
            message_id = f"<{number}.story@{scene.who.address.partition('@')[2]}>"
            data, recipient = write(scene, message_id, received.get(scene.answers))
            await send(desk.port, data, scene, recipient)
            outcome = await desk.outcome(message_id)
            fresh = await _messages(outcome, sink)
            received |= fresh
            _print_outcome(scene, outcome, fresh)
            trouble += _compare(scene, outcome, fresh)
        await desk.all_sent()
        trouble += _count(desk, sink, len(story))
        _print_counts(desk, sink, len(story), time.monotonic() - began)
    _print_end(trouble)
    return 1 if trouble else 0


async def _messages(outcome: Outcome, sink: Sink) -> dict[str, EmailMessage]:
    """Wait until what a mail caused is at the sink. Return the messages by notice."""
    return {
        line["notice"]: await wait_for(partial(sink.find, line["message_id"]))
        for line in outcome.messages
    }


def _compare(scene: Scene, outcome: Outcome, fresh: Mapping[str, EmailMessage]) -> list[str]:
    """Return what is not as the scene says it should be."""
    state = outcome.ticket["state"] if outcome.ticket else "no ticket"
    told = tuple(line["notice"] for line in outcome.messages if line["notice"] != "W_done")
    trouble = []
    if state != scene.state:
        trouble.append(f"{scene.title}: the state is {state}, it should be {scene.state}")
    if sorted(told) != sorted(scene.told):
        expected = ", ".join(scene.told)
        trouble.append(f"{scene.title}: {', '.join(told) or 'nothing'} left, not {expected}")
    read = "\n".join(line for message in fresh.values() for line in _shown(scene, message))
    trouble += [f"{scene.title}: nobody reads {one!r}" for one in scene.shows if one not in read]
    return trouble


def _count(desk: DemoDesk, sink: Sink, sent: int) -> list[str]:
    """Return what does not add up at the end."""
    verdicts, messages = desk.verdicts(), desk.messages()
    trouble = []
    if dict(verdicts) != {"applied": sent}:
        trouble.append(f"{sent} mails were sent, the journal has {dict(verdicts)}")
    distinct = {message["Message-ID"] for message in sink.taken}
    if not messages.get("sent") == len(sink.taken) == len(distinct):
        trouble.append(f"the sink has {len(sink.taken)} messages, the outbox {messages}")
    return trouble


def _print_head() -> None:
    print(_coloured("savd demo", BOLD), "– one return, from the first mail to the end")
    print()
    words = (
        f"{CLAIRE.name} has a broken device. She writes to {ADDRESS}; {MARC.name} works"
        " there. Every mail goes through LMTP into the journal of an embedded database, every"
        " message leaves through SMTP, all on this machine. The clock is set by the story."
    )
    print(textwrap.fill(words, WIDTH))


def _print_scene(number: int, scene: Scene) -> None:
    when = f"{scene.at:%a} {scene.at.day} {scene.at:%b %H:%M}"
    title = f"{number:>2}  {scene.title}"
    print()
    print(_coloured(f"{title:<{WIDTH - len(when)}}", BOLD) + _coloured(when, DIM))
    machine = " (an automatic reply)" if scene.is_automatic else ""
    attached = [scene.file.name] if scene.file else []
    _print_text(f"{scene.who.name} writes{machine}", scene.text.strip().splitlines(), attached)


def _print_outcome(scene: Scene, outcome: Outcome, fresh: dict[str, EmailMessage]) -> None:
    to_customer = [m for m in fresh.values() if _recipient(m) == CLAIRE.address]
    for message in to_customer:
        attached = [part.get_filename() or "" for part in message.iter_attachments()]
        lines = [_coloured(message["Subject"], BOLD), "", *_gist(readable(message))]
        _print_text(f"savd answers {CLAIRE.name}", lines, attached)
    if not to_customer:
        print(f"    {CLAIRE.name} is not written to")
    for message in fresh.values():
        if message not in to_customer:
            who = PEOPLE.get(_recipient(message), _recipient(message))
            print(_coloured(f"    savd tells {who}: {message['Subject']}", DIM))
            _print_lines(_shown(scene, message))
    _print_state(scene, outcome)


def _print_state(scene: Scene, outcome: Outcome) -> None:
    key, state = "no ticket", ""
    if outcome.ticket:
        key, state = outcome.ticket["key"], outcome.ticket["state"]
    rule = shipped("rma").states.get(state)
    label = f" – {said(rule.label, 'en')}" if rule else ""
    colour = GREEN if state == scene.state else RED
    print(f"    {key}  {_coloured(f'{state}{label}', colour)}")


def _print_text(head: str, lines: list[str], attached: list[str]) -> None:
    print(f"    {head}")
    _print_lines([*lines, *(f"+ {name}" for name in attached)])


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        print(f"      │ {line}".rstrip())


def _shown(scene: Scene, message: EmailMessage) -> list[str]:
    """Return the lines of a work item that the scene wants read."""
    lines = readable(message).splitlines()
    shown = [line for line in lines if any(words in line for words in scene.shows)]
    return [line if "|" in line else line.strip() for line in shown]  # columns stay columns


def _gist(text: str) -> list[str]:
    """Return the beginning of a message as lines of the terminal, without marker and greeting."""
    paragraphs = [block for block in text.split("\n\n") if block.strip()][2:]
    lines: list[str] = []
    for paragraph in paragraphs:
        if len(lines) > LINES_SHOWN:
            return [*lines, "…"]
        for line in paragraph.splitlines():
            lines += textwrap.wrap(line, WIDTH - 8)
        lines.append("")
    return lines[:-1]


def _recipient(message: EmailMessage) -> str:
    return str(message["To"].addresses[0].addr_spec)


def _print_counts(desk: DemoDesk, sink: Sink, sent: int, seconds: float) -> None:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in desk.verdicts().items())
    known = sum(desk.verdicts().values())
    print()
    print(f"{sent} mails in ({verdicts}), {len(sink.taken)} messages out, {seconds:.1f} s")
    print(f"{sent} handed over, {known} in the journal, {sent - known} missing")


def _print_end(trouble: list[str]) -> None:
    print()
    for line in trouble:
        print(_coloured(f"wrong: {line}", RED))
    if not trouble:
        print("Your own desk: `savd init FOLDER`, then `savd check` and `savd run`; see README.md.")


def _coloured(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text
