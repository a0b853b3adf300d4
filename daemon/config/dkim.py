"""The keys that sign what leaves: read, checked, and told to the world as TXT records (RFC 6376)."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from daemon.config.file import secret
from handlers.errors import ConfigError

if TYPE_CHECKING:
    from daemon.config.model import Configuration, Dkim
    from templates.signature import DomainKey

RSA_BITS = range(2048, 4097)  # RFC 8301 section 3.2; longer ones do not fit every resolver
STRING = 255  # octets of one string of a TXT record (RFC 1035 section 3.3.14)
HOW = "Make one with `savd dkim key FILE`."


def domain_keys(configuration: Configuration) -> tuple[DomainKey, ...]:
    """Return the keys of [[dkim]]. Raises ConfigError with all that cannot be used, and the remedies."""
    found, problems = [], []
    for number, section in enumerate(configuration.values.dkim):
        try:
            found.append(_domain_key(configuration, section, number))
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(found)


def _domain_key(configuration: Configuration, section: Dkim, number: int) -> DomainKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from templates.signature import DomainKey

    place = f"{configuration.place('dkim', number, 'key_file')}: {section.key_file}"
    try:
        key = load_pem_private_key(secret(configuration, section.key_file).encode(), password=None)
    except (ValueError, TypeError) as error:  # no PEM; a password is asked for
        raise ConfigError(f"{place} holds no private key without a password. {HOW}") from error
    if isinstance(key, RSAPrivateKey):
        if key.key_size not in RSA_BITS:
            told = (
                f"is an RSA key of {key.key_size} bits, {RSA_BITS[0]} to {RSA_BITS[-1]} are taken"
            )
            raise ConfigError(f"{place} {told}. {HOW}")
    elif not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{place} is neither an RSA key nor Ed25519. {HOW}")
    return DomainKey(domain=section.domain, selector=section.selector, private=key)


def record_name(key: DomainKey) -> str:
    """Return the name under which the public half is looked up."""
    return f"{key.selector}._domainkey.{key.domain}"


def record_of(key: DomainKey) -> str:
    """Return the text of the TXT record that tells the world the public half (RFC 6376 section 3.6.1)."""
    kind = key.algorithm.partition("-")[0]
    return f"v=DKIM1; k={kind}; p={public_half(key)}"


def public_half(key: DomainKey) -> str:
    """Return the public key as the record writes it: base64 of the whole structure for RSA, of the bare 32
    octets for Ed25519 (RFC 8463 section 4)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = key.private.public_key()
    if isinstance(public, Ed25519PublicKey):
        return b64encode(public.public_bytes_raw()).decode()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return b64encode(public.public_bytes(serialization.Encoding.DER, form)).decode()


def zone_line(key: DomainKey) -> str:
    """Return the record as a line of a zone file, in strings that a record can hold."""
    text = record_of(key)
    strings = (f'"{text[start : start + STRING]}"' for start in range(0, len(text), STRING))
    return f"{record_name(key)}. IN TXT ( {' '.join(strings)} )"
