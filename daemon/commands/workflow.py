"""savd workflow: the processes as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handlers.process.workflow import Workflow

app = typer.Typer(help="Processes: list, check, draw.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A shipped one, or your file.")]


@app.command("list")
def list_workflows(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")] = False,
) -> None:
    """List the processes that come with savd."""
    from daemon.commands.options import show
    from handlers.process.workflow import said
    from handlers.workflow_file import shipped, shipped_names

    found = [shipped(name) for name in shipped_names()]
    lines = [
        {
            "name": one.name,
            "label": said(one.label, "en"),
            "states": len(one.states),
            "transitions": len(one.transitions),
            "notices": len(one.notices),
        }
        for one in found
    ]
    show(lines, ("name", "label", "states", "transitions", "notices"), as_json=as_json)


@app.command("check")
def check_workflow(name: Name) -> None:
    """Prove a process: every name known, every state reachable, nobody stuck. Exit code 78 if not."""
    from handlers.errors import ConfigError
    from handlers.proof.problems import problems

    found = workflow_named(name)
    told = problems(found)
    if told:
        raise ConfigError("\n".join(told))
    typer.echo(f"{found.name}: {len(found.transitions)} transitions, nothing wrong")


@app.command("draw")
def draw_workflow(
    name: Name,
    language: Annotated[str, typer.Option(help="Language of the labels.")] = "en",
) -> None:
    """Print the diagram of a process (Mermaid)."""
    from handlers.process.draw import draw

    typer.echo(draw(workflow_named(name), language), nl=False)


def workflow_named(name: str) -> Workflow:
    """Return a process that comes with savd, or that of a file. Raises ConfigError or BadData."""
    from handlers.errors import BadData
    from handlers.workflow_file import load, shipped

    file = Path(name)
    if not (file.suffix or file.exists()):
        return shipped(name)
    try:
        return load(file.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(
            f"{name}: cannot be read ({error}). Correct the name, or save it as UTF-8."
        ) from error
