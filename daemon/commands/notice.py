"""savd notice: what we say, before we say it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from daemon.office import Office

app = typer.Typer(help="Notices: list, preview, papers.", no_args_is_help=True)


@app.command("list")
def list_notices(
    desk: options.Desk = "", as_json: options.AsJson = False, config: options.Config = ""
) -> None:
    """List the notices of a desk's process."""
    notices = _office(config, desk).workflow.notices
    lines = [
        {"notice": name, "to": rule.audience, "about": rule.about} for name, rule in notices.items()
    ]
    options.show(lines, ("notice", "to", "about"), as_json=as_json)


@app.command("preview")
def preview_notice(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A notice.")] = "",
    language: Annotated[str, typer.Option(help="Language.")] = "en",
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every notice as one HTML page.")
    ] = None,
    desk: options.Desk = "",
    config: options.Config = "",
) -> None:
    """Print a notice with sample values, or write all of them as one page to look at."""
    from templates.message import render
    from templates.preview import contact_sheet
    from templates.sample import sample

    office = _office(config, desk)
    options.chosen(language, office.workflow.languages)
    if html is not None:
        count = contact_sheet(office.workflow, office.desk, html, office.templates_dir)
        typer.echo(f"{html}: {count} notices")
        return
    options.chosen(name, tuple(office.workflow.notices))
    one = sample(office.workflow.name, name, language, office.templates_dir)
    told = render(one.notice, one.ticket, office.desk, office.workflow, office.templates_dir)
    typer.echo(f"Subject: {told.subject}\n\n{told.text}")


@app.command("papers")
def write_papers(
    name: Annotated[str, typer.Argument(help="A notice.")],
    directory: Annotated[Path, typer.Argument(help="Where to write them.")],
    language: Annotated[str, typer.Option(help="Language.")] = "en",
    desk: options.Desk = "",
    config: options.Config = "",
) -> None:
    """Write the papers that a notice brings as PDF, with sample values, to look at."""
    from templates.message import papers_of
    from templates.preview import sent_by
    from templates.sample import sample

    office = _office(config, desk)
    options.chosen(language, office.workflow.languages)
    options.chosen(name, tuple(office.workflow.notices))
    one = sample(office.workflow.name, name, language, office.templates_dir)
    notice = sent_by(one, office.workflow)
    directory.mkdir(parents=True, exist_ok=True)
    made = papers_of(notice, one.ticket, office.desk, office.workflow, office.templates_dir)
    for paper in made:
        (directory / paper.name).write_bytes(paper.data)
        typer.echo(directory / paper.name)


def _office(config: str, desk: str) -> Office:
    from daemon.office import offices_of
    from handlers.errors import BadData

    offices = offices_of(options.configuration_of(config))
    chosen = desk or next(iter(offices))
    if chosen not in offices:
        raise BadData(f"there is no desk {chosen!r}. Known desks: {', '.join(offices)}.")
    return offices[chosen]
