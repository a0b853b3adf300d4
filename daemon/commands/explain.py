"""savd explain: what would be, or was, done with a mail, and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.commands import options, reading
from handlers.errors import BadData
from parsers.file_report import file_as_json, file_as_lines

if TYPE_CHECKING:
    from daemon.config.model import Configuration
    from daemon.readers.reading import Reading
    from handlers.decision import Decision
    from parsers.mail import ParsedMail
    from storage.store import Store


def explain(
    what: Annotated[str, typer.Argument(metavar="FILE|MESSAGE-ID", help="A mail.")],
    config: options.Config = "",
    desk: options.Desk = "",
    as_json: options.AsJson = False,
) -> None:
    """Tell what would be done with a mail in a file, or what was done with one we got, and why.

    Evidence found, ticket, authority, transitions, notices; for each file what it was taken for, why,
    and from which line of it each value came. Changes nothing.
    """
    with options.opened(config) as (configuration, store):
        if Path(what).is_file():
            decision, mail = _decide(configuration, store, Path(what).read_bytes(), desk)
            _show_decision(decision, mail, as_json=as_json)
        else:
            _show_past(configuration, store, what, as_json=as_json)


def _decide(
    configuration: Configuration, store: Store, data: bytes, desk: str
) -> tuple[Decision, ParsedMail]:
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
    return pipeline.explain(RawMail(data=data, envelope=envelope), mail, chosen), mail


def _show_decision(decision: Decision, mail: ParsedMail, *, as_json: bool) -> None:
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
    _tell(told, mail, as_json=as_json)


def _show_past(
    configuration: Configuration, store: Store, message_id: str, *, as_json: bool
) -> None:
    from storage import journal, listing

    name = message_id if message_id.startswith("<") else f"<{message_id}>"
    with store.read() as tx:
        found = listing.mails(tx, message_id=name) or listing.mails(tx, message_id=name[1:-1])
        rows = [dict(listing.show_mail(tx, line["id"]) or {}) for line in found]
        pasts = [row | listing.show_consequences(tx, row["id"]) for row in rows]
        shown = [listing.may_read_mail(tx, row["id"]) for row in rows]
        raws = [journal.read(tx, r["id"]) if s else None for r, s in zip(rows, shown, strict=True)]
    if not pasts:
        raise BadData(f"{message_id}: neither a file nor the Message-ID of a mail we got.")
    with reading.readers(configuration) as some:
        for past, kept in zip(pasts, raws, strict=True):
            mail = _read_again(kept.raw.data if kept else b"", some)
            _tell(past, mail, as_json=as_json)


def _read_again(data: bytes, some: Reading) -> ParsedMail | None:
    """Return a mail of the past as it is read today, None when it was erased or is too much."""
    try:
        return reading.read_mail(data, some).mail if data else None
    except BadData as error:
        typer.echo(f"savd: {error}", err=True)
        return None


def _tell(told: Mapping[str, object], mail: ParsedMail | None, *, as_json: bool) -> None:
    """Print what came of a mail, why, and what its files say, from which line of them."""
    files = mail.attachments if mail else ()
    if as_json:
        options.show_all({**told, "files": [file_as_json(file) for file in files]}, as_json=True)
        return
    options.show_all({k: v for k, v in told.items() if k != "evidence"}, as_json=False)
    evidence = told.get("evidence")
    for sentence in evidence if isinstance(evidence, list) else ():
        typer.echo(f"  because {options.printable(sentence)}")
    for file in files:
        typer.echo()
        for line in file_as_lines(file):
            typer.echo(f"  {options.printable(line)}")
