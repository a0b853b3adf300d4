"""savd doctor: is everything as it should be, now?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from daemon.commands import options

if TYPE_CHECKING:
    from daemon.config.model import Configuration
    from daemon.office import Office
    from storage.store import Store

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, what was found."""

PATIENCE = timedelta(minutes=5)
MOST_PARKED = 5
"""Addresses that are named."""


def doctor(config: options.Config = "", as_json: options.AsJson = False) -> None:
    """Look at configuration, secrets, database, journal, outbox, relay, published keys, kernel and scanner. Changes nothing.

    Exit code 1 when something needs a person.
    """
    from daemon.office import offices_of

    configuration = options.configuration_of(config)
    offices = offices_of(configuration)
    found = [(True, "configuration", str(configuration.file))]
    found += _secrets(configuration)
    found += _agents(offices)
    found += _database(configuration, config)
    found += _relay(configuration)
    found += _dkim(configuration)
    found += _walls()
    found += _clamav(configuration)
    for well, what, told in found:
        if as_json:
            options.show_all({"well": well, "what": what, "found": told}, as_json=True)
        else:
            typer.echo(f"{'ok ' if well else 'BAD'}  {what:<14} {options.printable(told)}")
    if not all(well for well, _, _ in found):
        raise typer.Exit(1)


def _secrets(configuration: Configuration) -> Iterator[Finding]:
    from daemon.config.file import secret_file, secrets_in

    values = configuration.values
    names = list(values.keys.files.values())
    if not names:
        names = list(secrets_in(configuration, values.keys.directory))
    names += [one.password_file for one in values.mailbox] + [values.relay.password_file]
    desks = values.desks.values()
    names += [one.key_file for one in values.dkim]
    names += [one.key_file for desk in desks for one in desk.organisations.values()]
    for file in (secret_file(configuration, name) for name in names if name):
        mode = file.stat().st_mode & 0o777 if file.exists() else 0
        open_to_others = bool(mode & 0o077)
        remedy = f"others may read it (mode {mode:o}): chmod 600" if open_to_others else "private"
        yield not open_to_others, "secret", f"{file}: {remedy}"


def _agents(offices: dict[str, Office]) -> Iterator[Finding]:
    """Yield the agents whose commands nobody can vouch for (X-41)."""
    for name, office in offices.items():
        desk = office.desk
        mute = [one.address for one in desk.agents if not one.pin and not desk.authserv_id]
        if mute:
            told = f"desk {name}: nobody vouches for {', '.join(mute)}, their commands are refused"
            remedy = "set authserv_id and border_host, or give each a pin_file"
            yield False, "agents", f"{told}: {remedy}"
        else:
            yield True, "agents", f"desk {name}: {len(desk.agents)} agents can be believed"


def _database(configuration: Configuration, config: str) -> Iterator[Finding]:
    from daemon.clock import SystemClock
    from daemon.config.file import database_url
    from handlers.errors import SavdError

    scheme, _, file = database_url(configuration).partition(":///")
    if scheme.startswith("sqlite") and not Path(file).exists():
        yield True, "database", f"{file}: none yet, the first `savd run` makes it"
        return
    try:
        with options.opened(config) as (_, store):
            yield True, "database", store.url.render_as_string()
            yield from _journal(store, SystemClock().now())
            yield from _unscanned(store)
            yield from _outbox(store)
            yield from _errands(store)
            yield from _leavers(store)
            yield from _clock(store, SystemClock().now)
    except SavdError as error:
        yield False, "database", str(error)


def _journal(store: Store, now: datetime) -> Iterator[Finding]:
    from storage import accounts, listing

    with store.read() as tx:
        counted, orphans = accounts.counts(tx), accounts.orphans(tx)
        lost = accounts.missing_blobs(tx)
        waiting = listing.mails(tx, verdict="pending", limit=100_000)
    told = ", ".join(f"{number} {name}" for name, number in counted.items())
    yield not orphans, "journal", f"{told}; {len(orphans)} without bytes"
    yield not lost, "documents", f"{len(lost)} without their file"
    yield not counted["held"], "held", f"{counted['held']} wait for a person: savd mail list"
    if waiting:
        since = datetime.fromisoformat(waiting[-1]["received_at"])
        late = now - since > PATIENCE
        yield not late, "waiting", f"the oldest since {since.isoformat(timespec='seconds')}"
    else:
        yield True, "waiting", "nothing"


def _unscanned(store: Store) -> Iterator[Finding]:
    """Yield how many files wait for the virus scanner, and reach nobody until then."""
    from storage.unscanned import count_unscanned

    with store.read() as tx:
        count = count_unscanned(tx)
    told = f"{count} files wait for clamd, nobody gets them until it has seen them"
    yield not count, "unscanned", told if count else "no file waits for a scanner"


def _outbox(store: Store) -> Iterator[Finding]:
    from storage import outbox, undelivered
    from storage.parked import standing

    with store.read() as tx:
        depth, late, parked = outbox.depth(tx), undelivered.delayed(tx), standing(tx)
        refused, words = undelivered.refused_like_all(tx)
    stuck = depth["bounced"] + depth["uncertain"]
    told = ", ".join(f"{number} {name}" for name, number in depth.items())
    yield not stuck, "outbox", f"{told}{': savd outbox list' if stuck else ''}"
    if depth["uncertain"]:
        ask = "ask the recipient, then `savd outbox settle ID sent` or `savd outbox retry ID`"
        yield False, "uncertain", f"{depth['uncertain']} may have arrived: {ask}"
    if refused:
        told = f"{refused} wait, the relay refuses everybody: mend it, they leave by themselves"
        yield False, "relay", f"{told}. It says: {words}"
    if late:
        yield False, "late", f"{late} are put off for hours: savd outbox list --state deferred"
    for desk, recipient, number in parked[:MOST_PARKED]:
        remedy = f"savd outbox release --address {recipient}, or discard"
        yield False, "parked", f"desk {desk}: {number} to {recipient} over a budget: {remedy}"
    if len(parked) > MOST_PARKED:
        left = len(parked) - MOST_PARKED
        yield False, "parked", f"and to {left} others: savd outbox list --state parked"


def _errands(store: Store) -> Iterator[Finding]:
    """Yield what became of what organisations were asked; nothing when nobody was ever asked."""
    from storage import errands

    with store.read() as tx:
        depth = errands.depth(tx)
    stuck = depth.get("failed", 0) + depth.get("uncertain", 0)
    told = ", ".join(f"{number} {name}" for name, number in sorted(depth.items()))
    if depth:
        yield not stuck, "errands", f"{told}{': savd errand list' if stuck else ''}"


def _leavers(store: Store) -> Iterator[Finding]:
    """Yield who gets no digests although the configuration names them; nothing when nobody left."""
    from storage.digest_leavers import every_leaver

    with store.read() as tx:
        left = [f"{address} ({desk})" for desk, address in every_leaver(tx)]
    if left:
        told = f"wanted no more: {', '.join(left)}; savd digest --again ADDRESS undoes it"
        yield True, "digests", told


def _clock(store: Store, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Yield whether the clock went back: nothing may have been received in the future."""
    from storage import listing

    with store.read() as tx:
        newest = listing.mails(tx, limit=1)
    ahead = bool(newest) and datetime.fromisoformat(newest[0]["received_at"]) > now()
    yield not ahead, "clock", "mails come from the future" if ahead else "runs forward"


def _relay(configuration: Configuration) -> Iterator[Finding]:
    from daemon.probes import relay_trouble

    trouble = relay_trouble(configuration)
    relay = configuration.values.relay
    yield not trouble, "relay", trouble or f"{relay.host}:{relay.port} answers"


def _dkim(configuration: Configuration) -> Iterator[Finding]:
    """Yield whether receivers find the keys that sign what leaves; nothing when nothing is signed here."""
    if not configuration.values.dkim:
        return
    from daemon.config.dkim import domain_keys
    from daemon.dkim_records import look_up, record_findings

    for well, told in record_findings(domain_keys(configuration), look_up):
        yield well, "dkim", told


def _clamav(configuration: Configuration) -> Iterator[Finding]:
    """Yield whether the scanner answers; without one every file is only read behind walls."""
    from daemon.probes import clamav_version

    try:
        version = clamav_version(configuration)
    except OSError as error:
        remedy = "files are read as unscanned until clamd answers"
        yield False, "clamav", f"does not answer ({error}): {remedy}"
        return
    yield True, "clamav", version or "none is asked"


def _walls() -> Iterator[Finding]:
    """Yield what this kernel offers to confine the reading processes with."""
    from daemon.readers.sandbox import lacking, offered

    walls = offered()
    yield (
        True,
        "readers",
        f"confined by {walls}" + (f"; {lacking(walls)}" if lacking(walls) else ""),
    )
