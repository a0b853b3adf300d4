"""savd outbox: what goes out and what became of it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from daemon.commands import options

app = typer.Typer(
    help="Messages that go out: list, show, retry, settle, preview.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(metavar="ID", help="Number, or Message-ID.")]
COLUMNS = ("id", "state", "notice", "recipient", "attempts", "next_try_at", "report", "reply")


@app.command("list")
def list_messages(
    state: Annotated[
        str, typer.Option(help="queued, sending, sent, deferred, bounced or uncertain.")
    ] = "",
    recipient: Annotated[str, typer.Option(help="Only to this address.")] = "",
    limit: options.Limit = 100,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """List messages, the newest first."""
    from handlers.message import OutboxState
    from storage import listing

    options.chosen(state, tuple(OutboxState))
    with options.opened(config) as (_, store), store.read() as tx:
        lines = listing.messages(tx, state=state, recipient=recipient, limit=limit)
    options.show(lines, COLUMNS, as_json=as_json)


@app.command("show")
def show_message(
    name: Name,
    raw: Annotated[bool, typer.Option("--raw", help="Print the message, byte by byte.")] = False,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """Show a message: to whom, why, and what the relay said."""
    line, data = _found(name, config, bytes_wanted=raw)
    if raw:
        sys.stdout.buffer.write(data)
    else:
        options.show_all(line, as_json=as_json)


@app.command("preview")
def preview_message(name: Name, config: options.Config = "") -> None:
    """Print a message as its recipient reads it."""
    from email import message_from_bytes, policy

    _, data = _found(name, config, bytes_wanted=True)
    message = message_from_bytes(data, policy=policy.default)
    for header in ("From", "To", "Subject", "Reply-To"):
        typer.echo(f"{header}: {options.printable(message[header])}")
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    typer.echo("\n".join(["", *text.splitlines()]))
    for part in message.iter_attachments():
        typer.echo(f"[{options.printable(part.get_filename())}, {part.get_content_type()}]")


@app.command("retry")
def retry_messages(
    numbers: Annotated[list[int], typer.Argument(metavar="ID...", help="Numbers.")],
    config: options.Config = "",
) -> None:
    """Queue deferred, bounced or uncertain messages again, with the same Message-ID."""
    from daemon.clock import SystemClock
    from storage import outbox

    with options.opened(config) as (_, store), store.write() as tx:
        found = outbox.retry(tx, numbers, SystemClock().now())
    options.tell_changed(numbers, "queued again", found)


@app.command("settle")
def settle_message(
    number: Annotated[int, typer.Argument(metavar="ID", help="Number.")],
    fate: Annotated[str, typer.Argument(help="sent: its recipient has it.")],
    config: options.Config = "",
) -> None:
    """Say what became of an uncertain message, when you asked its recipient. What did not arrive is sent
    again by `savd outbox retry`."""
    from daemon.clock import SystemClock
    from handlers.message import OutboxState
    from storage import outbox

    options.chosen(fate, (OutboxState.SENT,))
    with options.opened(config) as (_, store), store.write() as tx:
        found = outbox.settle(tx, number, SystemClock().now())
    options.tell_changed([number], fate, int(found))


def _found(name: str, config: str, *, bytes_wanted: bool) -> tuple[options.Line, bytes]:
    from handlers.errors import BadData
    from storage import listing

    with options.opened(config) as (_, store), store.read() as tx:
        found = listing.show_message(tx, int(name) if name.isdigit() else name)
    if found is None:
        raise BadData(f"{name}: there is no such message. `savd outbox list` shows the numbers.")
    if bytes_wanted and not found[1]:
        raise BadData(f"{name}: {options.INTERNAL}")
    return found
