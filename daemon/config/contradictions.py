"""What single values of a configuration cannot show: keys that do not go together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import TypeAlias
from zoneinfo import available_timezones

from daemon.config.calendar import calendar_problems
from daemon.config.desk import DeskSection
from daemon.config.model import Config
from handlers.process.yaml_lines import Path
from handlers.public_holidays import has_holidays

Found: TypeAlias = Iterator[tuple[Path, str]]

_DATABASE = re.compile(r"(sqlite|postgresql)(\+[a-z]+)?:")
IN_A_MAIL = 1.37
"""How much larger a file is in a mail: base64 (RFC 2045 section 6.8) with its line ends."""

GUESS_OCTETS, GUESS_SECONDS = 3 << 29, 30
"""What opening one scan may take with the extra `ocr`: 1.5 GiB, half a minute."""

CLEAR = "sends the password in the clear to another machine. Write `starttls` or `implicit`."


def contradictions(values: Config) -> Found:
    """Yield what is wrong: the path of a key and a sentence with its remedy."""
    if not values.database.url_file and not _DATABASE.match(values.database.url):
        told = f"{values.database.url!r} is no database savd knows. Write sqlite:///FILE or"
        yield ("database", "url"), f"{told} postgresql://user@host/name."
    yield from _of_relay(values)
    yield from _of_desks(values)
    yield from _of_mailboxes(values)
    for index, listen in enumerate(values.listen):
        if bool(listen.certificate_file) != bool(listen.key_file):
            yield ("listen", index), "certificate_file and key_file go together. Give both."
    yield from _of_dkim(values)
    yield from _of_sizes(values)


def advice(values: Config, *, guesses: bool) -> Found:
    """Yield what works and costs something, the remedy named. `guesses`: the extra `ocr` is
    installed, whose models need room and time (`parsers/files/ocr.py`)."""
    least = {"file_memory": GUESS_OCTETS, "file_seconds": GUESS_SECONDS} if guesses else {}
    for name, needed in least.items():
        if getattr(values.limits, name) < needed:
            told = f"{name} is little for the extra `ocr`: scans may be refused as too heavy."
            yield (
                ("limits", name),
                f"{told} Write {needed} or more under [limits], or uninstall it.",
            )


def _of_relay(values: Config) -> Found:
    relay = values.relay
    if bool(relay.user) != bool(relay.password_file):
        yield ("relay",), "user and password_file go together. Give both or none."
    if relay.user and relay.tls == "none" and not _is_here(relay.host):
        yield ("relay", "tls"), CLEAR


def _of_desks(values: Config) -> Found:
    owners: dict[str, str] = {}
    for name, desk in values.desks.items():
        for address in desk.addresses:
            other = owners.setdefault(address.lower(), name)
            if other != name:
                yield (
                    ("desks", name, "addresses"),
                    f"{address} belongs to the desk {other!r} too. Give it to one of them.",
                )
        yield from _of_place(name, desk)
        yield from _of_digest(name, desk)


def _of_dkim(values: Config) -> Found:
    """Yield keys that sign for nobody here: a receiver only counts a signature of the domain in From, or
    of one above it, and names that two keys would share."""
    written_from = sorted(
        {d.addresses[0].rpartition("@")[2].lower() for d in values.desks.values()}
    )
    names: set[tuple[str, str]] = set()
    for index, key in enumerate(values.dkim):
        if not any(signs_for(key.domain, domain) for domain in written_from):
            told = f"no desk writes from {key.domain} or below it, so nobody would count the signature."
            yield ("dkim", index, "domain"), f"{told} Desks write from: {', '.join(written_from)}."
        if (key.domain, key.selector) in names:
            told = (
                f"another key of {key.domain} has the selector {key.selector!r}. Give each its own."
            )
            yield ("dkim", index, "selector"), told
        names.add((key.domain, key.selector))


def signs_for(signing: str, written_from: str) -> bool:
    """Tell whether a signature of one domain speaks for mail from another: the same, or one below it
    (RFC 7489 section 3.1.1)."""
    return f".{written_from}".endswith(f".{signing}")


def _of_place(name: str, desk: DeskSection) -> Found:
    if desk.time_zone not in available_timezones():
        yield (
            ("desks", name, "time_zone"),
            f"{desk.time_zone!r} is no time zone. Write one like Europe/Paris.",
        )
    if not has_holidays(desk.country):
        yield (
            ("desks", name, "country"),
            f"the holidays of {desk.country!r} are not known. Write a code of ISO 3166 like FR.",
        )
        return
    for key, told in calendar_problems(desk.calendar, desk.country):
        yield ("desks", name, "calendar", *key), told


def _of_digest(name: str, desk: DeskSection) -> Found:
    """Yield teams that are not there, and digests that nobody would get."""
    digest, place = desk.digest, ("desks", name, "digest")
    for team in digest.teams or ():
        if team not in desk.teams:
            known = ", ".join(desk.teams) or "none"
            yield (*place, "teams"), f"there is no team {team!r}. Known teams: {known}."
    told = desk.teams if digest.teams is None else digest.teams
    if (digest.daily or digest.weekly) and not told and not digest.managers:
        yield place, "nobody would get it. Name teams or managers, or leave the times out."
    if not (digest.daily or digest.weekly) and (digest.teams or digest.managers):
        yield place, "nothing would be sent. Give a time as daily or weekly: 08:00."


def _of_mailboxes(values: Config) -> Found:
    names = [mailbox.name for mailbox in values.mailbox]
    for index, mailbox in enumerate(values.mailbox):
        if mailbox.desk not in values.desks:
            known = ", ".join(values.desks)
            yield (
                ("mailbox", index, "desk"),
                f"there is no desk {mailbox.desk!r}. Known desks: {known}.",
            )
        if mailbox.name in names[:index]:
            yield (
                ("mailbox", index, "name"),
                f"{mailbox.name!r} is the name of another mailbox. Choose another.",
            )
        if mailbox.tls == "none" and not _is_here(mailbox.host):
            yield ("mailbox", index, "tls"), CLEAR


def _of_sizes(values: Config) -> Found:
    """Yield doors too narrow for a mail with the largest file that a desk takes (X-20)."""
    for name, desk in values.desks.items():
        if desk.files.ticket_size < desk.files.size:
            told = f"is less than one file may have ({desk.files.size} octets). Write more."
            yield ("desks", name, "files", "ticket_size"), told
    needed = {name: int(desk.files.size * IN_A_MAIL) for name, desk in values.desks.items()}
    for index, listen in enumerate(values.listen):
        name = max(needed, key=lambda desk: needed[desk])
        if listen.size < needed[name]:
            yield ("listen", index, "size"), _too_narrow(listen.size, name, needed[name])
    for index, mailbox in enumerate(values.mailbox):
        if mailbox.size < needed.get(mailbox.desk, 0):
            wanted = needed[mailbox.desk]
            yield ("mailbox", index, "size"), _too_narrow(mailbox.size, mailbox.desk, wanted)


def _too_narrow(size: int, desk: str, needed: int) -> str:
    return (
        f"{size} octets do not hold a mail with the largest file of the desk {desk!r}, which grows"
        f" by a third on its way. Write {needed} or more, or lower desks.{desk}.files.size."
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
