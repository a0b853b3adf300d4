"""savd errand: what outside organisations were asked, and what came of it."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.commands import options

app = typer.Typer(help="What organisations were asked: list.", no_args_is_help=True)
COLUMNS = ("id", "state", "organisation", "operation", "ticket_id", "attempts", "trouble")


@app.command("list")
def list_errands(
    state: Annotated[
        str,
        typer.Option(
            help="queued, sending, sent, with_person, answered, done, failed or uncertain."
        ),
    ] = "",
    desk: options.Desk = "",
    limit: options.Limit = 100,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """List what was asked, the newest first; JSON shows what was told and answered."""
    from handlers.errands.errand import ErrandState
    from storage import listing

    options.chosen(state, tuple(ErrandState))
    with options.opened(config) as (_, store), store.read() as tx:
        lines = listing.errands(tx, state=state, desk=desk, limit=limit)
    options.show(lines, COLUMNS, as_json=as_json)
