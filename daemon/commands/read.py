"""savd parse, savd explain: what a mail says to us, and what would be done about it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options, reading

if TYPE_CHECKING:
    from daemon.config import Configuration
    from daemon.reading import Reading
    from handlers.decision import Decision
    from storage.store import Store

BAD_DATA = 65


def parse(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Mails; -: standard input.")
    ] = None,
    as_json: options.AsJson = False,
    stdin_paths: Annotated[
        bool, typer.Option("--stdin-paths", help="Read paths from standard input, one a line.")
    ] = False,
) -> None:
    """Read mails without a database: text, quotes, signature, forward, bounce, attachments.

    With --json one object a line. With --stdin-paths one process reads any number of mails.
    """
    failed = False
    with reading.readers() as some:
        for path in _stdin_lines() if stdin_paths else map(str, files or [Path("-")]):
            failed |= not _parse(path, some, as_json=as_json or stdin_paths)
    if failed:
        raise typer.Exit(BAD_DATA)


def explain(
    what: Annotated[str, typer.Argument(metavar="FILE|MESSAGE-ID", help="A mail.")],
    config: options.Config = "",
    desk: options.Desk = "",
    as_json: options.AsJson = False,
) -> None:
    """Tell what would be done with a mail in a file, or what was done with one we got, and why.

    Evidence found, ticket, authority, transitions, notices. Changes nothing.
    """
    with options.opened(config) as (configuration, store):
        if Path(what).is_file():
            decision = _decide(configuration, store, Path(what).read_bytes(), desk)
            _show_decision(decision, as_json=as_json)
        else:
            _show_past(store, what, as_json=as_json)


def _stdin_lines() -> Iterator[str]:
    for line in sys.stdin:
        if path := line.rstrip("\n"):
            yield path


def _parse(path: str, some: Reading, *, as_json: bool) -> bool:
    from handlers.errors import BadData
    from parsers import report

    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        mail = reading.read_mail(data, some).mail
    except (OSError, BadData) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        typer.echo(f"savd: {path}: {told}", err=True)
        if as_json:
            _write_json({"path": path, "error": told})
        return False
    if as_json:
        _write_json({"path": path, **report.as_json(mail)})
    else:
        typer.echo("\n".join((f"--- {path}", *report.as_lines(mail), "")))
    return True


def _write_json(told: Mapping[str, object]) -> None:
    """Write one line at once: who asks through a pipe waits for it."""
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def _decide(configuration: Configuration, store: Store, data: bytes, desk: str) -> Decision:
    from daemon.address_book import AddressBook
    from daemon.clock import SystemClock
    from daemon.office import offices_of
    from daemon.pipeline import Pipeline
    from handlers.envelope import Envelope, RawMail

    offices = offices_of(configuration)
    clock = SystemClock()
    with reading.readers(configuration) as some:
        mail = reading.read_mail(data, some).mail
    envelope = Envelope(
        reverse_path=mail.sender.address,
        recipients=mail.recipients,
        path="pipe",
        received_at=clock.now(),
    )
    book = AddressBook(office.desk for office in offices.values())
    chosen = desk or book.desks_for(envelope)[0]
    if chosen not in offices:
        raise typer.BadParameter(f"there is no desk {chosen!r}; known: {', '.join(offices)}")
    pipeline = Pipeline(store=store, offices=offices, clock=clock)
    return pipeline.explain(RawMail(data=data, envelope=envelope), mail, chosen)


def _show_decision(decision: Decision, *, as_json: bool) -> None:
    changes = [
        {
            "ticket": change.ticket.key,
            "opened": change.opened,
            "state": change.ticket.state,
            "steps": [
                f"{s.transition or '-'} {s.from_state} -> {s.to_state}" for s in change.steps
            ],
        }
        for change in decision.changes
    ]
    notices = [
        {"notice": one.template, "to": one.to.address, "language": one.to.language}
        for one in decision.notices
    ]
    told = {
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "evidence": list(decision.evidence),
        "changes": changes,
        "notices": notices,
    }
    _tell(told, as_json=as_json)


def _show_past(store: Store, message_id: str, *, as_json: bool) -> None:
    from handlers.errors import BadData
    from storage import listing

    name = message_id if message_id.startswith("<") else f"<{message_id}>"
    with store.read() as tx:
        found = listing.mails(tx, message_id=name) or listing.mails(tx, message_id=name[1:-1])
        rows = [dict(listing.show_mail(tx, line["id"]) or {}) for line in found]
        pasts = [row | listing.show_consequences(tx, row["id"]) for row in rows]
    if not pasts:
        raise BadData(f"{message_id}: neither a file nor the Message-ID of a mail we got.")
    for past in pasts:
        _tell(past, as_json=as_json)


def _tell(told: Mapping[str, object], *, as_json: bool) -> None:
    evidence = told.get("evidence")
    if as_json or not isinstance(evidence, list):
        options.show_all(told, as_json=as_json)
        return
    options.show_all({k: v for k, v in told.items() if k != "evidence"}, as_json=False)
    for sentence in evidence:
        typer.echo(f"  because {options.printable(sentence)}")
