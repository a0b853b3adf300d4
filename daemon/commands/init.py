"""savd init: a configuration that works at once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

SERVICE_FOLDER = Path("/etc/savd")
SERVICE_DATABASE = "sqlite:////var/lib/savd/savd.sqlite3"  # all that the unit may write
CONTACTS = """\
address,name,organisation,language,scope_organisation
jeanne.martin@customer.example,Jeanne Martin,C-1001,fr,no
purchasing@customer.example,Purchasing,C-1001,en,yes
"""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if needed.")],
    workflow: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE", help="A process; a desk for each. Default: rma."),
    ] = None,
) -> None:
    """Write a commented savd.toml with a fresh key. Never overwrites anything."""
    from daemon.commands.workflow import workflow_named
    from daemon.config.template import template
    from handlers.errors import ConfigError

    url = SERVICE_DATABASE if folder.absolute() == SERVICE_FOLDER else ""
    given = {name: workflow_named(name) for name in workflow or ("rma",)}
    own = {one.name: _as_seen_from(folder, name) for name, one in given.items() if _is_file(name)}
    configuration = template(tuple(given.values()), database=url, files=own)
    files = {"savd.toml": configuration, "contacts.csv": CONTACTS}
    key = folder / "keys" / "k1"
    taken = [path for path in (*(folder / name for name in files), key) if path.exists()]
    if taken:
        raise ConfigError(f"{taken[0]} exists and is not overwritten. Choose another directory.")
    folder.mkdir(parents=True, exist_ok=True)
    key.parent.mkdir(mode=0o700, exist_ok=True)
    key.touch(mode=0o600)
    key.write_text(f"{secrets.token_hex(32)}\n", encoding="ascii")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    typer.echo(f"Written: {folder}/savd.toml, {folder}/keys/k1 (keep it secret), contacts.csv")
    typer.echo("Next: put your addresses into it, then")
    typer.echo(f"    savd check --config {folder}/savd.toml")
    typer.echo(f"    savd run --config {folder}/savd.toml    (or the service: see README.md)")
    desk = " --desk NAME" if len(given) > 1 else ""
    typer.echo(f"    savd import contacts {folder}/contacts.csv{desk} --config {folder}/savd.toml")


def _is_file(name: str) -> bool:
    return Path(name).suffix != ""


def _as_seen_from(folder: Path, file: str) -> str:
    """Return the name of a file as a configuration in `folder` writes it."""
    return os.path.relpath(Path(file).resolve(), folder.resolve())
