"""From the configuration to the organisations of a desk, and to what carries errands to them."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping

from daemon.clock import Clock, SystemClock
from daemon.config.desk import DeskSection, OrganisationSection
from daemon.config.file import secret
from daemon.config.model import Configuration
from daemon.organisations.ecologic import Ecologic
from daemon.organisations.ecosystem import Ecosystem
from daemon.organisations.envoy import Envoy, Transport
from daemon.organisations.envoys import Envoys
from daemon.organisations.folder import FolderTransport
from daemon.organisations.http import LOOPBACK, Site
from handlers.desk import Organisation
from handlers.errors import ConfigError
from storage.store import Store

NEEDS = {"person": (), "mail": ("address",), "folder": ("folder",), "http": ("connector", "url")}


def organisations_of(
    configuration: Configuration, desk: str, section: DeskSection
) -> tuple[Organisation, ...]:
    """Return the organisations of a desk. Raises ConfigError naming what a transport lacks."""
    return tuple(
        _organisation(configuration, desk, name, one) for name, one in section.organisations.items()
    )


def envoys_of(
    configuration: Configuration,
    store: Store,
    node: Callable[[], int],
    on_answer: Callable[[], None],
    clock: Clock | None = None,
) -> Envoys:
    """Return an envoy for each organisation that is reached by a folder or by HTTP."""
    made = (
        Envoy(
            store,
            node,
            transport,
            desk=desk,
            organisation=name,
            clock=clock or SystemClock(),
            on_answer=on_answer,
        )
        for (desk, name), transport in transports_of(configuration).items()
    )
    return Envoys(tuple(made))


def transports_of(configuration: Configuration) -> Mapping[tuple[str, str], Transport]:
    """Return what carries errands, by desk and organisation. Raises ConfigError for a missing secret."""
    return {
        (desk, name): transport
        for desk, section in configuration.values.desks.items()
        for name, one in section.organisations.items()
        if (transport := _transport(configuration, one)) is not None
    }


def _organisation(
    configuration: Configuration, desk: str, name: str, section: OrganisationSection
) -> Organisation:
    _check(configuration, ("desks", desk, "organisations", name), section)
    return Organisation(
        name=name,
        title=section.title,
        transport=section.transport,
        team=section.team,
        address=section.address,
        language=section.language,
        senders=tuple(one.lower() for one in section.senders),
        account=section.account,
        file_size=section.file_size,
        payments_at=section.payments_at,
    )


def _check(
    configuration: Configuration, place: tuple[str, ...], section: OrganisationSection
) -> None:
    where = configuration.place(*place)
    for key in NEEDS[section.transport]:
        if not getattr(section, key):
            raise ConfigError(f"{where}: transport {section.transport!r} needs {key}. Add it.")
    if section.transport != "http":
        return
    scheme, _, rest = section.url.partition("://")
    host = rest.partition("/")[0].partition(":")[0]
    if scheme != "https" and not (scheme == "http" and host in LOOPBACK):
        raise ConfigError(f"{where}: url must begin with https://. Correct it.")
    if not section.key_file:
        raise ConfigError(f"{where}: transport 'http' needs key_file, a secret. Add it.")


def _transport(configuration: Configuration, section: OrganisationSection) -> Transport | None:
    if section.transport == "folder":
        return FolderTransport(configuration.folder / section.folder)
    if section.transport != "http":
        return None
    key, context = secret(configuration, section.key_file), _context(configuration, section)
    if section.connector == "ecosystem":
        site = Site(url=section.url, seconds=section.seconds, context=context)
        return Ecosystem(site, section.file_size, user=section.user, password=key)
    site = Site(url=section.url, seconds=section.seconds, context=context, headers={"api_key": key})
    return Ecologic(site, section.file_size)


def _context(configuration: Configuration, section: OrganisationSection) -> ssl.SSLContext | None:
    if not section.url.startswith("https:"):
        return None
    file = configuration.folder / section.ca_file if section.ca_file else None
    try:
        return ssl.create_default_context(cafile=str(file) if file else None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{configuration.file}: ca_file {section.ca_file} cannot be used ({error})."
            " Give a PEM file."
        ) from error
