"""From the configuration to what each part of the daemon asks for."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta

from daemon.clamav import Clamav, ClamavSettings
from daemon.config import model as config
from daemon.config.file import secret, secret_file
from daemon.config.model import Configuration, Listen, Mailbox, Relay, Tls
from daemon.imap.session import MailboxSettings, Security
from daemon.office import Office
from daemon.readers.reading import Costs, Reading
from daemon.relay import RelaySettings
from daemon.smtp.reception import Door, Limits
from handlers.errors import ConfigError
from handlers.undelivered import Waits
from handlers.understanding import Understanding

SCANS = 4
"""Files that ClamAV is asked about at once."""

_SECURITY: Mapping[Tls, Security] = {"implicit": "tls", "starttls": "starttls", "none": "plain"}


def door_of(configuration: Configuration, listen: Listen) -> Door:
    """Return where a listener stands. Raises ConfigError for a certificate that cannot be used."""
    return Door(
        hostname=listen.hostname or socket.gethostname(),
        host=listen.host,
        port=listen.port,
        protocol=listen.protocol,
        peers=listen.peers,
        tls=_server_context(configuration, listen),
        limits=Limits(
            size=listen.size,
            connections=listen.connections,
            connections_per_peer=listen.connections_per_peer,
            recipients=listen.recipients,
        ),
    )


def relay_of(configuration: Configuration, relay: Relay) -> RelaySettings:
    """Return how the relay is reached. Raises ConfigError for a missing secret."""
    return RelaySettings(
        host=relay.host,
        port=relay.port,
        tls=relay.tls,
        context=_client_context(configuration, relay.ca_file) if relay.tls != "none" else None,
        user=relay.user,
        password=secret(configuration, relay.password_file) if relay.password_file else "",
        hello=relay.hello or socket.gethostname(),
        seconds=relay.seconds,
    )


def waits_of(relay: Relay) -> Waits:
    """Return how long the courier waits before somebody is told of a message."""
    late, doubt = timedelta(hours=relay.late_hours), timedelta(minutes=relay.doubt_minutes)
    return Waits(late=late, doubt=doubt)


def mailbox_of(
    configuration: Configuration, mailbox: Mailbox, offices: Mapping[str, Office]
) -> MailboxSettings:
    """Return how a mailbox is read. Raises ConfigError for a missing secret."""
    context = _client_context(configuration, mailbox.ca_file) if mailbox.tls != "none" else None
    return MailboxSettings(
        name=mailbox.name,
        host=mailbox.host,
        port=mailbox.port,
        security=_SECURITY[mailbox.tls],
        tls=context,
        user=mailbox.user,
        password=secret(configuration, mailbox.password_file),
        address=offices[mailbox.desk].desk.address,
        folder=mailbox.folder,
        after=mailbox.after,
        keyword=mailbox.keyword,
        processed=mailbox.processed,
        fence=mailbox.fence,
        size_limit=mailbox.size,
    )


def _server_context(configuration: Configuration, listen: Listen) -> ssl.SSLContext | None:
    if not listen.certificate_file:
        return None
    chain = configuration.folder / listen.certificate_file
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(chain, secret_file(configuration, listen.key_file))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{configuration.file}: certificate {chain} with its key cannot be used ({error})."
            " Give a PEM chain and the key that belongs to it."
        ) from error
    return context


def _client_context(configuration: Configuration, ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(
            cafile=str(configuration.folder / ca_file) if ca_file else None
        )
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{configuration.file}: ca_file {ca_file} cannot be used ({error}). Give a PEM file."
        ) from error


def reading_of(configuration: Configuration, understanding: Understanding) -> Reading:
    """Start the reading of mails and files as configured, with the scanner if there is one."""
    settings = clamav_of(configuration.values.clamav)
    scanner = Clamav(settings, SCANS) if settings else None
    return Reading(understanding, costs_of(configuration.values.limits), scanner=scanner)


def costs_of(limits: config.Limits) -> Costs:
    """Return what reading may cost."""
    return Costs(
        workers=limits.workers,
        memory=limits.memory,
        seconds=limits.seconds,
        file_memory=limits.file_memory,
        file_seconds=limits.file_seconds,
        all_files_seconds=limits.all_files_seconds,
    )


def clamav_of(section: config.ClamavSection) -> ClamavSettings | None:
    """Return how ClamAV is reached, None when nobody is to be asked."""
    if not section.socket and not section.host:
        return None
    return ClamavSettings(
        path=section.socket,
        host=section.host,
        port=section.port,
        seconds=section.seconds,
        size=section.size,
    )
