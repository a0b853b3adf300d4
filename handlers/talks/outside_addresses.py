"""Read whom a mail is to be carried to: addresses apart by comma, semicolon or a new line (R-4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.people.respond import may_write_to
from parsers.mime.address import read_address

_APART = re.compile(r"[,;\n]")
_NAMED = re.compile(r"[^<>]{0,100}<([^<>\s]+)>")
MOST_LINES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Addresses in lower case, each once, what could not be read as one, and the words below them."""

    addresses: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    words: str = ""


def read_addresses(line: str, below: str) -> Addresses:
    """Return the addresses on the line of a tag and on the lines below that hold nothing else."""
    lines = below.split("\n")
    taken = 0
    while taken < min(len(lines), MOST_LINES) and _is_all_addresses(lines[taken]):
        taken += 1
    parts = [part.strip() for part in _APART.split("\n".join([line, *lines[:taken]]))]
    read = {part: _address(part) for part in parts if part}
    good = (address for address in read.values() if address)
    return Addresses(
        addresses=tuple(dict.fromkeys(good)),
        unreadable=tuple(part for part, address in read.items() if not address),
        words="\n".join(lines[taken:]).strip(),
    )


def _is_all_addresses(line: str) -> bool:
    parts = [part.strip() for part in _APART.split(line) if part.strip()]
    return bool(parts) and all("@" in part and " " not in part for part in parts)


def _address(part: str) -> str:
    """Return the address that a part is, with or without a name, "" for none that we may write to."""
    named = _NAMED.fullmatch(part)
    address = read_address(named[1] if named else part).lower()
    whole = (named[1] if named else part).lower() == address
    return address if whole and may_write_to(address) else ""
