"""The identity of a mail's content, whatever path it came by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

IDENTITY = (b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to")
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")


def fingerprint(data: bytes) -> str:
    """Return the identity of a mail's content: the same mail by LMTP and by IMAP gives the same.

    SHA-256 in hex over the header fields a sender writes (unfolded, blanks folded to one) and the
    body with its line ends as LF. Trace fields (Received, Return-Path, Delivered-To, ...) differ
    by path and do not count. Linear in the size, any bytes will do.
    """
    end = _HEADER_END.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    digest = hashlib.sha256()
    for name, value in sorted(_identity_fields(head)):
        digest.update(name + b":" + b" ".join(value.split()) + b"\n")
    digest.update(b"\n")
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    digest.update(body.rstrip(b"\n"))
    return digest.hexdigest()


def _identity_fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    name, parts = b"", list[bytes]()
    for line in head.splitlines():
        if line[:1] in {b" ", b"\t"}:
            parts.append(line)
            continue
        if name in IDENTITY:
            yield name, b" ".join(parts)
        name, _, value = line.partition(b":")
        name, parts = name.strip().lower(), [value]
    if name in IDENTITY:
        yield name, b" ".join(parts)
