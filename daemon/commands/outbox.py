"""savd outbox: what goes out and what became of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.parked import Parked

app = typer.Typer(
    help="Messages that go out: list, show, retry, settle, release, discard, preview.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(metavar="ID", help="Number, or Message-ID.")]
COLUMNS = ("id", "state", "notice", "recipient", "attempts", "next_try_at", "report", "reply")
PARKED_COLUMNS = (
    "id",
    "desk",
    "notice",
    "recipient",
    "ticket_id",
    "parked_for",
    "queued_at",
    "outdated",
)
Numbers = Annotated[list[int] | None, typer.Argument(metavar="[ID...]", help="Numbers.")]
Address = Annotated[str, typer.Option(help="All to this address.")]
Ticket = Annotated[str, typer.Option(metavar="KEY", help="All about this ticket.")]


@app.command("list")
def list_messages(
    state: Annotated[
        str,
        typer.Option(
            help="queued, sending, sent, deferred, bounced, uncertain, parked, discarded."
        ),
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
    columns = PARKED_COLUMNS if state == OutboxState.PARKED.value else COLUMNS
    options.show(lines, columns, as_json=as_json)


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
    numbers: Numbers = None,
    hours: Annotated[
        int,
        typer.Option(min=0, help="All that bounced and were written in the last so many hours."),
    ] = 0,
    config: options.Config = "",
) -> None:
    """Queue deferred, bounced or uncertain messages again, with the same Message-ID. The addresses they
    go to are believed again, the clocks of their tickets go on."""
    from datetime import timedelta

    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from daemon.retrying import retry_failed
    from handlers.errors import BadData
    from storage import outbox

    if not (numbers or hours):
        raise BadData("Say which: numbers (savd outbox list), or --hours.")
    now = SystemClock().now()
    with options.opened(config) as (configuration, store), store.write() as tx:
        rows = outbox.chosen(tx, numbers or (), now - timedelta(hours=hours) if hours else None)
        found = retry_failed(tx, offices_of(configuration), rows, now)
    options.tell_changed(numbers or [one.id for one in rows], "queued again", found)


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


@app.command("release")
def release_messages(
    numbers: Numbers = None,
    address: Address = "",
    ticket: Ticket = "",
    desk: options.Desk = "",
    config: options.Config = "",
) -> None:
    """Send parked messages after all. Those to one person leave in the order in which they were written."""
    _end(_Chosen(numbers or [], address, ticket, desk), config, "released")


@app.command("discard")
def discard_messages(
    numbers: Numbers = None,
    address: Address = "",
    ticket: Ticket = "",
    desk: options.Desk = "",
    config: options.Config = "",
) -> None:
    """Never send parked messages. Rows and bytes stay; the history of the ticket says so."""
    _end(_Chosen(numbers or [], address, ticket, desk), config, "discarded")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which parked messages: numbers, or all to an address, about a ticket, of a desk."""

    numbers: list[int]
    address: str
    ticket: str
    desk: str

    def rows(self, tx: Connection) -> tuple[Parked, ...]:
        """Return those that are parked. Raises BadData when nothing was chosen or no ticket has the key."""
        from handlers.errors import BadData
        from storage import listing, parked

        if not (self.numbers or self.address or self.ticket or self.desk):
            raise BadData("Say which: numbers (savd outbox list), --address, --ticket or --desk.")
        about = listing.ticket_id_of(tx, self.ticket, desk=self.desk) if self.ticket else None
        if self.ticket and about is None:
            raise BadData(f"{self.ticket}: there is no such ticket, or several desks have one.")
        return parked.chosen(
            tx, ids=self.numbers, address=self.address, ticket_id=about, desk=self.desk
        )


def _end(chosen: _Chosen, config: str, fate: str) -> None:
    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from daemon.releasing import end_parked
    from storage import parked

    with options.opened(config) as (configuration, store), store.write() as tx:
        rows = chosen.rows(tx)
        found = end_parked(tx, offices_of(configuration), rows, fate, SystemClock().now())
        behind = parked.left_behind(tx, rows) if fate == parked.RELEASED else 0
    if behind:
        typer.echo(f"{behind} older to the same people stay parked: these leave before them")
    options.tell_changed(chosen.numbers or [one.id for one in rows], fate, found)


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
