"""savd digest: how the tickets stood on any day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from datetime import date, datetime

    from daemon.digests import Reader
    from daemon.office import Office


def digest(
    day: Annotated[str, typer.Option(metavar="DAY", help="2026-11-20. Default: today.")] = "",
    *,
    week: Annotated[bool, typer.Option("--week", help="The seven days before.")] = False,
    team: Annotated[str, typer.Option(metavar="NAME", help="Only this team's tickets.")] = "",
    language: Annotated[str, typer.Option(help="Language.")] = "en",
    desk: options.Desk = "",
    again: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Send it again to who wanted no more of it.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    config: options.Config = "",
) -> None:
    """Print the digest of a day, as it was or would have been sent at its hour: of all desks, of one,
    or of a team."""
    from daemon.clock import SystemClock
    from daemon.digests import digest_of
    from daemon.office import offices_of
    from handlers.digest.rounds import DAILY, WEEKLY
    from templates.message import render

    if again:
        _send_again(again, desk, config)
        return
    with options.opened(config) as (configuration, store), store.read() as tx:
        offices, now = offices_of(configuration), SystemClock().now()
        reader = _reader(offices, desk, team, language)
        first = offices[reader.desks[0]]
        wanted = _day(day, first, now)
        notice = digest_of(tx, offices, reader, WEEKLY if week else DAILY, day=wanted, now=now)
    if as_json:
        typer.echo(json.dumps(notice.values, ensure_ascii=False))
        return
    told = render(notice, None, first.desk, first.workflow, first.templates_dir)
    typer.echo(f"Subject: {told.subject}\n\n{told.text}", nl=False)


def _send_again(address: str, desk: str, config: str) -> None:
    from storage.digest_leavers import come_back

    with options.opened(config) as (_, store), store.write() as tx:
        found = come_back(tx, address, desk)
    options.tell_changed([1], "readers get their digests again", min(found, 1))


def _reader(offices: Mapping[str, Office], desk: str, team: str, language: str) -> Reader:
    """Return who a printed digest is for: everybody at the desks, or a team of one. Raises BadParameter."""
    from daemon.digests import Reader

    options.chosen(desk, tuple(offices))
    names = tuple(name for name in offices if desk in ("", name))
    if team:
        known = sorted({one for name in names for one in offices[name].workflow.teams})
        options.chosen(team, known)
        names = tuple(name for name in names if team in offices[name].workflow.teams)[:1]
    options.chosen(language, offices[names[0]].workflow.languages)
    return Reader(address="nobody", language=language, desks=names, team=team)


def _day(told: str, office: Office, now: datetime) -> date:
    from datetime import date

    today = office.desk.calendar.day_of(now)
    try:
        found = date.fromisoformat(told) if told else today
    except ValueError as error:
        raise typer.BadParameter(f"{told!r} is no day. Write 2026-11-20.") from error
    if found > today:
        raise typer.BadParameter(f"{told} has not been yet. The last possible day is {today}.")
    return found
