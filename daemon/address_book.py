"""Which desk an address belongs to, sub-addresses (RFC 5233) included."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.desk import Desk
from handlers.envelope import Envelope


class AddressBook:
    """The addresses of all desks. Asked for every RCPT: it must not block."""

    def __init__(self, desks: Iterable[Desk]) -> None:
        self._desks = {address.lower(): desk.name for desk in desks for address in desk.addresses}

    def desk_of(self, address: str) -> str:
        """Return the desk that an address reaches, "" when none."""
        low = address.strip("<>").lower()
        local, _, domain = low.rpartition("@")
        return self._desks.get(low) or self._desks.get(f"{local.partition('+')[0]}@{domain}", "")

    def knows(self, address: str) -> bool:
        """Tell whether an address reaches a desk."""
        return bool(self.desk_of(address))

    def desks_for(self, envelope: Envelope) -> tuple[str, ...]:
        """Return every desk a mail is for, each once.

        A mail whose envelope names none of ours (a pipe without recipients) is for the first.
        """
        found = dict.fromkeys(filter(None, map(self.desk_of, envelope.recipients)))
        return tuple(found) or tuple(dict.fromkeys(self._desks.values()))[:1]
