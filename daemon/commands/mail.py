"""savd mail: what came in and what became of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options, reading

if TYPE_CHECKING:
    from daemon.config.model import Configuration
    from storage.store import Store

app = typer.Typer(
    help="Mails that came in: list, show, replay, release, recon.", no_args_is_help=True
)
Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="Numbers of the journal.")]
COLUMNS = ("id", "verdict", "reason", "received_at", "sender", "subject")


@app.command("list")
def list_mails(
    *,
    verdict: Annotated[
        str, typer.Option(help="applied, duplicate, ignored, held, rejected or pending.")
    ] = "",
    sender: Annotated[str, typer.Option(help="Only of this address.")] = "",
    desk: options.Desk = "",
    limit: options.Limit = 100,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """List mails, the newest first."""
    from handlers.decision import Verdict
    from storage import listing

    options.chosen(verdict, [*Verdict, "pending"])
    with options.opened(config) as (configuration, store), store.read() as tx:
        options.chosen(desk, tuple(configuration.values.desks))
        lines = listing.mails(tx, desk=desk, verdict=verdict, sender=sender, limit=limit)
    options.show(lines, COLUMNS, as_json=as_json)


@app.command("show")
def show_mail(
    number: Annotated[int, typer.Argument(metavar="ID", help="Number of the journal.")],
    raw: Annotated[
        bool, typer.Option("--raw", help="Print the mail itself, byte by byte.")
    ] = False,
    as_json: options.AsJson = False,
    config: options.Config = "",
) -> None:
    """Show a mail: envelope, verdict, the evidence for it."""
    from handlers.errors import BadData
    from storage import journal, listing

    with options.opened(config) as (_, store), store.read() as tx:
        line, found = listing.show_mail(tx, number), journal.read(tx, number)
        shown = listing.may_read_mail(tx, number)
    if line is None or found is None:
        raise BadData(f"{number}: there is no such mail. `savd mail list` shows the numbers.")
    if raw and not shown:
        raise BadData(f"{number}: {options.INTERNAL}")
    if raw:
        sys.stdout.buffer.write(found.raw.data)
    else:
        options.show_all(line, as_json=as_json)


@app.command("release")
def release_mails(
    numbers: Ids,
    requester: Annotated[
        str, typer.Option("--requester", metavar="ADDRESS", help="Who the mail really is from.")
    ] = "",
    config: options.Config = "",
) -> None:
    """Let held mails go: a running daemon decides them again within a second."""
    from daemon.clock import SystemClock
    from storage.held import release

    with options.opened(config) as (_, store), store.write() as tx:
        found = release(tx, numbers, SystemClock().now(), requester=requester)
    options.tell_changed(numbers, "released", found)


@app.command("replay")
def replay_mails(
    numbers: Ids, as_json: options.AsJson = False, config: options.Config = ""
) -> None:
    """Decide stored mails anew on paper: what today's rules would do. Changes nothing."""
    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from daemon.pipeline import Pipeline
    from storage import journal

    with (
        options.opened(config) as (configuration, store),
        reading.readers(configuration) as some,
    ):
        clock = SystemClock()
        pipeline = Pipeline(store=store, offices=offices_of(configuration), clock=clock)
        for number in numbers:
            with store.read() as tx:
                found = journal.read(tx, number)
            if found is None:
                typer.echo(f"{number}: there is no such mail", err=True)
                continue
            mail = reading.read_mail(found.raw.data, some).mail
            decision = pipeline.explain(found.raw, mail, found.desk, number)
            told = {"id": number, "verdict": decision.verdict.value, "reason": decision.reason}
            states = [f"{c.ticket.key} {c.ticket.state}" for c in decision.changes]
            notices = [f"{n.template} to {n.to.address}" for n in decision.notices]
            options.show_all({**told, "tickets": states, "notices": notices}, as_json=as_json)


@app.command("recon")
def reconcile(as_json: options.AsJson = False, config: options.Config = "") -> None:
    """Compare each mailbox with the journal, mail by mail, and add up the journal itself.

    Exit code 1 when a mail is missing.
    """
    from storage import accounts

    missing = 0
    with options.opened(config) as (configuration, store):
        for name, there, known in _mailboxes(configuration, store):
            missing += there - known
            told = {"mailbox": name, "there": there, "known": known, "missing": there - known}
            text = f"{name}: {there} in the mailbox, {known} known, {there - known} missing"
            options.show_all(told, as_json=True) if as_json else typer.echo(text)
        with store.read() as tx:
            counted, orphans = accounts.counts(tx), accounts.orphans(tx)
    missing += len(orphans)
    options.show_all({**counted, "without_bytes": len(orphans)}, as_json=as_json)
    if missing:
        raise typer.Exit(1)


def _mailboxes(configuration: Configuration, store: Store) -> list[tuple[str, int, int]]:
    """Return name, mails there, and those the journal knows, for each mailbox."""
    from daemon.imap.ledger import JournalLedger
    from daemon.office import offices_of
    from daemon.probes import listed
    from daemon.wiring import mailbox_of

    offices = offices_of(configuration)
    found = []
    for section in configuration.values.mailbox:
        uidvalidity, uids = listed(mailbox_of(configuration, section, offices))
        ledger = JournalLedger(store, section.desk)
        lacking = ledger.missing(section.name, uidvalidity, uids)
        found.append((section.name, len(uids), len(uids) - len(lacking)))
    return found
