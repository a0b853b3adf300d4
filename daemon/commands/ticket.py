"""savd ticket: what a sysadmin asks about tickets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from daemon.ticket_list import Wanted

app = typer.Typer(help="Tickets: list, show, export, erase.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(metavar="KEY", help="Such as RMA-2026-000412, or the id.")]
COLUMNS = ("key", "state", "desk", "contact", "subject", "changed_at")


@app.command("list")
def list_tickets(  # noqa: PLR0913 - one option for each thing a list can be narrowed by
    key: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help="Beginning of the number, such as RMA-2026.")
    ] = "",
    *,
    which: Annotated[
        bool | None, typer.Option("--open/--closed", help="Only open or only closed ones.")
    ] = None,
    state: Annotated[str, typer.Option(help="Only in this state.")] = "",
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Only with this, several times.")
    ] = None,
    contact: Annotated[str, typer.Option(help="Only of this address.")] = "",
    assignee: Annotated[str, typer.Option(help="Only what this agent has.")] = "",
    team: Annotated[str, typer.Option(help="Only what this team has.")] = "",
    text: Annotated[str, typer.Option(help="Only with these words in it.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="Opened since.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Opened until.")] = "",
    during: Annotated[str, typer.Option(metavar="PERIOD", help="Such as '1 week'.")] = "",
    desk: options.Desk = "",
    limit: options.Limit = 100,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="The file that a mail would bring.")
    ] = False,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """List tickets, the last changed first."""
    from daemon.ticket_list import Wanted

    wanted = Wanted(
        key=key,
        open=which,
        state=state,
        contact=contact,
        assignee=assignee,
        team=team,
        text=text,
        fields=tuple(field or ()),
        first=first,
        last=last,
        during=during,
    )
    _print(wanted, desk=desk, limit=limit, as_csv=as_csv, as_json=as_json, config=config)


def _print(
    wanted: Wanted, *, desk: str, limit: int, as_csv: bool, as_json: bool, config: str
) -> None:
    from daemon import ticket_list
    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from storage import listing

    with options.opened(config) as (configuration, store), store.read() as tx:
        offices = offices_of(configuration)
        options.chosen(desk, tuple(offices))
        states = {one for o in offices.values() for one in o.workflow.states}
        options.chosen(wanted.state, sorted(states))
        listed = ticket_list.list_tickets(
            tx, offices, desk, wanted, SystemClock().now(), limit=limit
        )
        if as_csv:
            typer.echo(ticket_list.as_csv(listed), nl=False)
            return
        found = [one.id for one in ticket_list.every_ticket(listed)][:limit]
        lines = listing.tickets_of(tx, found)
    options.show(lines, COLUMNS, as_json=as_json)


@app.command("show")
def show_ticket(
    key: Key, desk: options.Desk = "", as_json: options.AsJson = False, config: options.Config = ""
) -> None:
    """Show a ticket: fields, people, documents, articles, every step, mails and messages."""
    from storage import listing

    with options.opened(config) as (_, store), store.read() as tx:
        line = listing.show_ticket(tx, _id_of(tx, key, desk))
    options.show_all(line or {}, as_json=as_json)


@app.command("export")
def export_ticket(
    key: Key,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New directory to write into.")],
    desk: options.Desk = "",
    config: options.Config = "",
) -> None:
    """Write everything of a ticket as files: data, mails, messages, documents."""
    from handlers.errors import BadData
    from storage import listing

    if folder.exists():
        raise BadData(f"{folder} exists and is not overwritten. Choose another name.")
    with options.opened(config) as (_, store), store.read() as tx:
        files = listing.export_ticket(tx, _id_of(tx, key, desk))
    folder.mkdir(mode=0o700, parents=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    typer.echo(f"{len(files)} files written to {folder}")


@app.command("erase")
def erase_person(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Of the person.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """Erase a person everywhere: what they wrote and who they are. It cannot be undone."""
    from daemon.office import offices_of
    from storage.erase import erase, scrub

    if not yes:
        typer.confirm(f"Erase everything of {address} for good?", abort=True)
    with options.opened(config) as (configuration, store):
        workflows = [office.workflow for office in offices_of(configuration).values()]
        personal = {
            one.name: frozenset(name for name, rule in one.fields.items() if rule.personal)
            for one in workflows
        }
        with store.write() as tx:
            counted = erase(tx, address, personal)
        scrub(store)
    options.show_all(counted, as_json=as_json)


def _id_of(tx: Connection, key: str, desk: str) -> int:
    from handlers.errors import BadData
    from storage import listing

    found = listing.ticket_id_of(tx, key, desk=desk)
    if found is None:
        raise BadData(f"{key}: there is no such ticket, or two desks have one: name it by --desk.")
    return found
