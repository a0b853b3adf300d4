"""The command line. Each command is a small function; heavy libraries load when it needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from daemon.commands import (
    accept,
    backup,
    check,
    digest,
    dkim,
    doctor,
    errand,
    explain,
    init,
    mail,
    notice,
    outbox,
    read,
    serve,
    table,
    tables,
    ticket,
    timer,
    workflow,
)
from handlers.errors import SavdError

USAGE = 64
UNAVAILABLE = 69
INTERRUPTED = 130

EPILOG = (
    "Exit codes: 0 done, 1 found something, 64 usage, 65 bad data, 69 unavailable, 75 try again,"
    " 78 configuration."
)

app = typer.Typer(
    name="savd",
    help="The after-sales desk that lives in the mailbox.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo", short_help="Play a conversation of each process.")(serve.demo)
app.command("init", short_help="Write a commented configuration.")(init.init)
app.command("check", short_help="Prove configuration, processes and notices.")(check.check)
app.command("run", short_help="Run as a service.")(serve.serve)
app.command("parse", short_help="Read mails, without a database.")(read.parse)
app.command("explain", short_help="Tell what would be, or was, done with a mail, and why.")(
    explain.explain
)
app.command("inject", short_help="Accept mail from an MTA's pipe.")(accept.inject)
app.command("rehearse", short_help="Play written conversations, show what differs.")(serve.rehearse)
app.add_typer(ticket.app, name="ticket")
app.add_typer(mail.app, name="mail")
app.add_typer(outbox.app, name="outbox")
app.add_typer(errand.app, name="errand")
app.add_typer(timer.app, name="timer")
app.command("digest", short_help="Tell how the tickets stood on any day.")(digest.digest)
app.add_typer(workflow.app, name="workflow")
app.add_typer(notice.app, name="notice")
app.add_typer(table.app, name="table")
app.command("import", short_help="Load a table of reference data: CSV, XLSX.")(tables.import_table)
app.add_typer(dkim.app, name="dkim")
app.command("backup", short_help="Copy the database to a file (SQLite).")(backup.backup)
app.command("restore", short_help="Put a backup in place (SQLite).")(backup.restore)
app.command("doctor", short_help="Look whether all is well.")(doctor.doctor)


@app.callback(invoke_without_command=True)
def _version(
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    if version:
        from daemon.version import program_version

        typer.echo(f"savd {program_version()}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. Accidents are one line on standard error."""
    try:
        app(list(arguments), prog_name="savd")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
        return USAGE if code == 2 else code
    except SavdError as error:
        typer.echo(f"savd: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:  # `savd mail list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        typer.echo(f"savd: {error}", err=True)
        return UNAVAILABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0
