"""Can what the configuration names be reached? For `savd check --connect` and `savd doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from imapclient.exceptions import IMAPClientError

from daemon.clamav import Clamav
from daemon.config.file import database_url
from daemon.config.model import Configuration
from daemon.imap.mailboxes import list_uids
from daemon.imap.session import MailboxSettings
from daemon.office import Office
from daemon.relay import RelayConnection, RelayDown
from daemon.wiring import clamav_of, mailbox_of, relay_of
from handlers.errors import SavdError, TemporaryFailure
from storage.migrations import schema_version
from storage.store import Store


def unreachable(configuration: Configuration, offices: Mapping[str, Office]) -> Iterator[str]:
    """Yield a sentence for each of database, relay, scanner and mailboxes that cannot be reached."""
    troubles = (database_trouble, relay_trouble, clamav_trouble)
    for trouble in (find(configuration) for find in troubles):
        if trouble:
            yield trouble
    for section in configuration.values.mailbox:
        trouble = mailbox_trouble(configuration, section.name, offices)
        if trouble:
            yield trouble


def database_trouble(configuration: Configuration) -> str:
    """Return why the database cannot be used, "" when it can."""
    try:
        store = Store.open(database_url(configuration))
        try:
            schema_version(store)
        finally:
            store.close()
    except SavdError as error:
        return f"database: {error}"
    return ""


def relay_trouble(configuration: Configuration) -> str:
    """Return why the relay does not talk to us (login included), "" when it does."""
    settings = relay_of(configuration, configuration.values.relay)

    async def greet() -> str:
        connection = RelayConnection(settings)
        try:
            await connection.greet()
        except RelayDown as error:
            return f"relay {settings.host}:{settings.port}: {error}. Is it running, and the port right?"
        await connection.quit()
        return ""

    return asyncio.run(greet())


def clamav_trouble(configuration: Configuration) -> str:
    """Return why ClamAV does not answer, "" when it does or nobody is to be asked."""
    try:
        clamav_version(configuration)
    except OSError as error:
        where = configuration.place("clamav")
        return f"{where}: clamav does not answer: {error}. Is clamd running, and the place right?"
    return ""


def clamav_version(configuration: Configuration) -> str:
    """Return what the configured ClamAV says of itself, "" when there is none. Raises OSError."""
    settings = clamav_of(configuration.values.clamav)
    if settings is None:
        return ""
    scanner = Clamav(settings)
    try:
        return scanner.version()
    finally:
        scanner.close()


def mailbox_trouble(configuration: Configuration, name: str, offices: Mapping[str, Office]) -> str:
    """Return why a mailbox cannot be opened, "" when it can."""
    section = next(one for one in configuration.values.mailbox if one.name == name)
    try:
        listed(mailbox_of(configuration, section, offices))
    except TemporaryFailure as error:
        return str(error)
    return ""


def listed(settings: MailboxSettings) -> tuple[int, Sequence[int]]:
    """Return (UIDVALIDITY, UIDs) of a mailbox, untouched. Raises TemporaryFailure naming it."""
    try:
        return list_uids(settings)
    except (IMAPClientError, OSError) as error:
        where = f"mailbox {settings.name} ({settings.user} at {settings.host}:{settings.port})"
        raise TemporaryFailure(
            f"{where}: {_words_of(error)}. Check name, password, port and `tls` in its [[mailbox]]."
        ) from error


def _words_of(error: Exception) -> str:
    """Return what the server said; the library shows the bytes of a refusal as Python writes them."""
    said = str(error)
    return said[2:-1] if said.startswith(("b'", 'b"')) else said
