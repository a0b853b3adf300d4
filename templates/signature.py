"""Sign a message for its domain: DKIM (RFC 6376), RSA or Ed25519 (RFC 8463), once, when it is written.

What is signed is known here and never changes between attempts, so the signature is part of the
message. Ours are seven-bit with CRLF, each field once: of the standard that leaves a page. `cryptography`
does the arithmetic; the tests verify with a library that shares nothing with this.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from templates.encode import field as header_field

SIGNED = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *("Auto-Submitted", "List-Id", "List-Unsubscribe"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
)
"""The fields that a signature covers, as far as a message has them."""

SEALED = ("From", "Subject")
"""Named once more than they stand there: a second one would break the signature (section 8.15)."""

PIECE = 72
"""Characters of the value on a line."""

_BLANKS = re.compile(rb"[ \t]+")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainKey:
    """What signs for a domain, and under which name its public half is found: `selector`._domainkey.`domain`."""

    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        """What the signature calls itself."""
        return f"{'rsa' if isinstance(self.private, RSAPrivateKey) else 'ed25519'}-sha256"

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest (RFC 8463 section 3 for Ed25519)."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(digest, PKCS1v15(), Prehashed(hashes.SHA256()))
        return self.private.sign(digest)


def signed(data: bytes, keys: Sequence[DomainKey], now: datetime) -> bytes:
    """Return a message with a DKIM-Signature of each key in front. The whole body is signed: no `l=`,
    nobody may add to it."""
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(map(_canonical_field, _FIELD_END.split(head)))
    body_hash = b64encode(sha256(canonical_body(body)).digest()).decode()
    return b"".join((*(_signature(key, fields, body_hash, now) for key in keys), data))


def canonical_body(body: bytes) -> bytes:
    """Return a body as it is hashed: runs of blanks are one, none stand at the end of a line, no empty
    lines at the end of it all (RFC 6376 section 3.4.4)."""
    lines = _BLANKS.sub(b" ", body + b"\r\n").replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""


def _canonical_field(raw: bytes) -> tuple[bytes, bytes]:
    """Return the name of a field, and its line as it is hashed (section 3.4.2)."""
    name, _, value = raw.partition(b":")
    flat = _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip()
    return name.lower(), name.lower() + b":" + flat


def _signature(
    key: DomainKey, fields: Mapping[bytes, bytes], body_hash: str, now: datetime
) -> bytes:
    there = [name for name in SIGNED if name.lower().encode() in fields]
    told = _tags(key, [*there, *SEALED], body_hash, now)
    lines = [fields[name.lower().encode()] for name in there]
    _, own = _canonical_field(f"DKIM-Signature: {' '.join(told)}".encode())
    value = b64encode(key.sign(sha256(b"\r\n".join((*lines, own))).digest())).decode()
    pieces = [value[start : start + PIECE] for start in range(0, len(value), PIECE)]
    return header_field("DKIM-Signature", [*told, *pieces])


def _tags(key: DomainKey, names: Sequence[str], body_hash: str, now: datetime) -> list[str]:
    """Return the signature without its value, as words that a line may be broken between (section 3.5)."""
    first, *middle, last = (f"{name}:" for name in names)
    return [
        *("v=1;", f"a={key.algorithm};", "c=relaxed/relaxed;", f"d={key.domain};"),
        *(f"s={key.selector};", f"t={int(now.timestamp())};", f"h={first}"),
        *middle,
        *(f"{last[:-1]};", f"bh={body_hash};", "b="),
    ]
