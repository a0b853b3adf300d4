"""savd timer: what will happen by itself."""

from __future__ import annotations

import typer

from daemon.commands import options

app = typer.Typer(help="Timers: list, run.", no_args_is_help=True)
COLUMNS = ("due_at", "key", "name", "nth", "state")


@app.command("list")
def list_timers(
    desk: options.Desk = "",
    limit: options.Limit = 100,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """List the timers that run, the next due first."""
    from storage import listing

    with options.opened(config) as (_, store), store.read() as tx:
        lines = listing.timers(tx, desk=desk, limit=limit)
    options.show(lines, COLUMNS, as_json=as_json)


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
