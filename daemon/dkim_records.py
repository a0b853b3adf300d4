"""Is the public half of each signing key where receivers look for it? For `savd doctor`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from daemon.config.dkim import public_half, record_name, zone_line
from templates.signature import DomainKey

Lookup = Callable[[str], tuple[str, ...]]
"""Returns the TXT records of a name, () for none. Raises OSError when nobody answers."""

SECONDS = 5.0
_TAG = re.compile(r"\s*([a-z][a-z0-9_]*)\s*=\s*([^;]*)")


def record_findings(keys: Iterable[DomainKey], lookup: Lookup) -> Iterator[tuple[bool, str]]:
    """Yield for each key whether receivers can check its signatures, and what is to be published
    when they cannot (RFC 6376 section 3.6)."""
    for key in keys:
        name = record_name(key)
        try:
            records = lookup(name)
        except OSError as error:
            yield False, f"{name}: nobody could be asked ({error}). Is there a name server?"
            continue
        trouble = _trouble(key, records)
        remedy = f"{trouble}. Publish: {zone_line(key)}"
        yield not trouble, f"{name}: {remedy if trouble else 'is published'}"


def _trouble(key: DomainKey, records: tuple[str, ...]) -> str:
    """Return what is wrong with the records of a key, "" when receivers will find it."""
    if not records:
        return "there is no TXT record"
    if len(records) > 1:
        return f"there are {len(records)} TXT records, receivers may take any"
    tags = dict(_TAG.findall(records[0]))
    found = re.sub(r"\s", "", tags.get("p", ""))
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return "the record is none of DKIM"
    if not found:
        return "the record says that the key is withdrawn (p= is empty)"
    if found != public_half(key):
        return "the record has another key"
    if tags.get("k", "rsa").strip() != key.algorithm.partition("-")[0]:
        return "the record names another kind of key (k=)"
    flags = tags.get("t", "").replace(" ", "").split(":")
    return "the record says that the domain only tests (t=y)" if "y" in flags else ""


def look_up(name: str) -> tuple[str, ...]:
    """Return the TXT records of a name as the resolver of this machine knows them. Raises OSError."""
    from dns.exception import DNSException
    from dns.rdatatype import TXT
    from dns.rdtypes.txtbase import TXTBase
    from dns.resolver import NXDOMAIN, NoAnswer, resolve

    try:
        answer = resolve(f"{name}.", TXT, lifetime=SECONDS)
    except (NXDOMAIN, NoAnswer):
        return ()
    except DNSException as error:
        raise OSError(str(error)) from error
    texts = (b"".join(one.strings) for one in answer if isinstance(one, TXTBase))
    return tuple(text.decode("ascii", "replace") for text in texts)
