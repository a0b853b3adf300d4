"""savd timer: what will happen by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.commands import options

app = typer.Typer(help="Timers: list, run.", no_args_is_help=True)
COLUMNS = ("due", "key", "timer", "will", "held", "why")


@app.command("list")
def list_timers(
    desk: options.Desk = "",
    ticket: Annotated[str, typer.Option(metavar="KEY", help="Only of this ticket.")] = "",
    days: Annotated[
        int | None, typer.Option(min=0, help="Only what is due in so many days.")
    ] = None,
    *,
    limit: options.Limit = 100,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """List what will happen by itself, the next due first: when (on the clock of the desk), what as
    things stand now, what holds it, and why."""
    from datetime import timedelta

    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from daemon.timer_list import digest_lines, timer_lines
    from storage import listing

    with options.opened(config) as (configuration, store), store.read() as tx:
        offices = offices_of(configuration)
        options.chosen(desk, tuple(offices))
        ticket_id = listing.ticket_id_of(tx, ticket, desk=desk) if ticket else None
        if ticket and ticket_id is None:
            raise typer.BadParameter(f"there is no ticket {ticket!r}")
        now = SystemClock().now()
        until = None if days is None else now + timedelta(days=days)
        lines = [
            *timer_lines(tx, offices, desk=desk, ticket_id=ticket_id, until=until, limit=limit),
            *(() if ticket else digest_lines(offices, now, desk=desk, until=until)),
        ]
        lines.sort(key=lambda one: (one["due_at"] is None, one["due_at"] or ""))
        options.show(lines[:limit], COLUMNS, as_json=as_json)


@app.command("run")
def run_timers(config: options.Config = "") -> None:
    """Fire the timers that are due, now. A running daemon does so each second by itself."""
    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from daemon.pipeline import Pipeline

    with options.opened(config) as (configuration, store):
        offices = offices_of(configuration)
        fired = Pipeline(store=store, offices=offices, clock=SystemClock()).fire_timers()
    typer.echo(f"{fired} timers looked at")
