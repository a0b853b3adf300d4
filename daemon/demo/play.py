"""`savd demo`: play a short conversation of each process through real sockets, and print it."""

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
from daemon.demo.desk import PATIENCE, DemoDesk, Outcome, open_desks, wait_for
from daemon.demo.sink import Sink, open_sink, readable, send, write
from daemon.demo.story import Scene, Story, stories
from handlers.process.workflow import said

WIDTH = 78
LINES_SHOWN = 2
BOLD, DIM, GREEN, RED = "1", "2", "32", "31"


def run(names: Sequence[str] = ()) -> int:
    """Play the stories of these names, all for none. Return 0 when everything came out as it should,
    else 1. Raises BadData for a name that is none."""
    return play(stories(names))


def play(told: Sequence[Story]) -> int:
    """Play stories and print them. Return 0 when everything came out as it should, else 1."""
    log.set_up(level="warning")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without accents still reads it
    with tempfile.TemporaryDirectory(prefix="savd-demo-", ignore_cleanup_errors=True) as folder:
        try:
            return asyncio.run(_play(Path(folder), told))
        except TimeoutError:
            _print_end([f"nothing came of it within {PATIENCE:g} s; the log lines tell why"])
            return 1


async def _play(folder: Path, told: Sequence[Story]) -> int:
    began = time.monotonic()
    clock = SetClock(told[0].scenes[0].moment)
    trouble: list[str] = []
    _print_head(told)
    async with open_sink() as sink, open_desks(folder, clock, sink.port, told) as desk:
        for number, story in enumerate(told, 1):
            trouble += await _tell(number, story, clock, desk, sink)
        await desk.all_sent()
        sent = sum(len(story.scenes) for story in told)
        trouble += _count(desk, sink, sent)
        _print_counts(desk, sink, sent, time.monotonic() - began)
    _print_end(trouble)
    return 1 if trouble else 0


async def _tell(
    number: int, story: Story, clock: SetClock, desk: DemoDesk, sink: Sink
) -> list[str]:
    """Play one story. Return what did not come out as it says."""
    _print_title(number, story)
    received: dict[str, EmailMessage] = {}
    trouble: list[str] = []
    for nth, scene in enumerate(story.scenes, 1):
        clock.set(scene.moment)
        _print_scene(story, scene)
        message_id = f"<{number}.{nth}.story@{story.writer(scene).address.partition('@')[2]}>"
        data, recipient = write(story, scene, message_id, received.get(scene.answers))
        await send(desk.port, data, story.writer(scene).address, recipient)
        outcome = await desk.outcome(message_id)
        fresh = await _messages(outcome, sink)
        received |= fresh
        _print_outcome(story, scene, outcome, fresh)
        trouble += _compare(scene, outcome, fresh)
    return trouble


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
    read = " ".join(readable(message) for message in fresh.values())
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


def _print_head(told: Sequence[Story]) -> None:
    desks = "one desk" if len(told) == 1 else f"{len(told)} desks in one daemon"
    print(_coloured("savd demo", BOLD), f"– {desks}, on this machine")
    print()
    words = (
        "Every mail goes through LMTP into the journal of an embedded database, every message"
        " leaves through SMTP. The clock is set by the stories; everybody in them is invented."
    )
    print(textwrap.fill(words, WIDTH))


def _print_title(number: int, story: Story) -> None:
    head = f"{number}. {story.title}"
    print(f"\n\n{_coloured(head, BOLD)}  {_coloured(f'({story.workflow})', DIM)}\n")
    print(textwrap.fill(f"{story.about} ({story.address})", WIDTH, break_on_hyphens=False))


def _print_scene(story: Story, scene: Scene) -> None:
    at = scene.moment
    when = f"{at:%a} {at.day} {at:%b %H:%M}"
    title = f"  {scene.title}"
    print(f"\n{_coloured(f'{title:<{WIDTH - len(when)}}', BOLD)}{_coloured(when, DIM)}")
    attached = [_file_of(paper) for paper in scene.attach]
    _print_text(f"{story.writer(scene).name} writes", scene.shown, attached)


def _file_of(paper: Mapping[str, object]) -> str:
    kind, details = next(iter(paper.items()))
    known = details if isinstance(details, Mapping) else {"name": details}
    return str(known.get("name") or f"{known.get('number', kind)}.pdf")


def _print_outcome(
    story: Story, scene: Scene, outcome: Outcome, fresh: Mapping[str, EmailMessage]
) -> None:
    customers = {one.address for one in story.people.values()}
    for message in (one for one in fresh.values() if _recipient(one) in customers):
        attached = [part.get_filename() or "" for part in message.iter_attachments()]
        gist = _gist(readable(message))
        shown = [line for line in _shown(scene, message) if line not in gist]
        lines = [_coloured(_short(message["Subject"], 8), BOLD), *gist, *shown]
        _print_text(f"savd answers {story.names[_recipient(message)]}", lines, attached)
    for notice, message in fresh.items():
        if _recipient(message) not in customers and notice != "W_done":
            who = story.names.get(_recipient(message), _recipient(message).partition("@")[0])
            print(_coloured(_short(f"    savd tells {who}: {message['Subject']}"), DIM))
            _print_lines(_shown(scene, message))
    _print_state(story, scene, outcome)


def _print_state(story: Story, scene: Scene, outcome: Outcome) -> None:
    key, state = "no ticket", ""
    if outcome.ticket:
        key, state = outcome.ticket["key"], outcome.ticket["state"]
    rule = story.process.states.get(state)
    label = f" – {said(rule.label, 'en')}" if rule else ""
    colour = GREEN if state == scene.state else RED
    print(f"    {key}  {_coloured(_short(f'{state}{label}', 6 + len(key)), colour)}")


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
    columns = [line for line in shown if "|" in line]  # columns stay columns
    rest = (part for line in shown if "|" not in line for part in _wrapped(line.strip()))
    return [*(_short(line, 8) for line in columns), *rest]


def _gist(text: str) -> list[str]:
    """Return the beginning of a message as lines of the terminal, without marker and greeting."""
    paragraphs = [block for block in text.split("\n\n") if block.strip()][2:]
    lines = [line for block in paragraphs for line in block.splitlines() if line.strip()]
    wrapped = [part for line in lines for part in _wrapped(line)]
    more = len(wrapped) > LINES_SHOWN
    return [*wrapped[: LINES_SHOWN - 1], f"{wrapped[LINES_SHOWN - 1]} …"] if more else wrapped


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH - 10)


def _short(line: object, indent: int = 0) -> str:
    """Return a line cut to the width of the terminal, less what stands in front of it."""
    text, room = str(line), WIDTH - indent
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _recipient(message: EmailMessage) -> str:
    return str(message["To"].addresses[0].addr_spec)


def _print_counts(desk: DemoDesk, sink: Sink, sent: int, seconds: float) -> None:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in desk.verdicts().items())
    known = sum(desk.verdicts().values())
    print()
    print()
    print(f"{sent} mails in ({verdicts}), {len(sink.taken)} messages out, {seconds:.1f} s")
    print(f"{sent} handed over, {known} in the journal, {sent - known} missing")


def _print_end(trouble: list[str]) -> None:
    print()
    for line in trouble:
        print(_coloured(f"wrong: {line}", RED))
    if not trouble:
        print("A desk of your own: `savd init FOLDER`, `savd check`, `savd run`; see README.md.")
        print("A process of your own, by files alone: docs/tutorial.md.")


def _coloured(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text
