"""One HTTP call with JSON, and what it means for an errand when it goes wrong.

A call that was never sent may be repeated; one whose answer was lost may have arrived. No redirect is
followed, no more than a few megabytes are read, and the whole call ends in its time.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

LARGEST: Final = 4 << 20
CHUNK: Final = 1 << 16
JSON_TYPE: Final = "application/json"


class NotSent(Exception):
    """The call did not leave: it can be made again."""


class AnswerLost(Exception):
    """The call left, and no whole answer came back: it may have arrived."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back. `data` is None when it is no JSON."""

    status: int
    data: Any = None

    @property
    def is_ok(self) -> bool:
        """Whether the call succeeded."""
        return 200 <= self.status < 300

    @property
    def is_busy(self) -> bool:
        """Whether the server did nothing and asks us to come again (RFC 9110 sections 15.6.4, RFC 6585)."""
        return self.status in (429, 503)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where an interface is. `headers` hold the credentials; they never stand in a message."""

    url: str
    seconds: float = 20.0
    context: ssl.SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make one call with a JSON body. Raises NotSent or AnswerLost."""
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": JSON_TYPE} if data is not None else {}
        target = f"{self.url.rstrip('/')}/{path.lstrip('/')}"
        asked = urlencode(query or {}, quote_via=quote)
        known = {"Accept": JSON_TYPE, **kind, **self.headers, **(headers or {})}
        return self._send(method, f"{target}?{asked}" if asked else target, data, known)

    def put(self, url: str, data: bytes, content_type: str) -> Reply:
        """Put a file to an address that the site gave us, without our credentials."""
        return self._send("PUT", url, data, {"Content-Type": content_type})

    def _send(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> Reply:
        deadline = time.monotonic() + self.seconds
        connection = self._connected(url)
        parts = urlsplit(url)
        try:
            path = parts.path or "/"
            target = f"{path}?{parts.query}" if parts.query else path
            connection.request(method, target, body=data, headers=dict(headers))
            response = connection.getresponse()
            return Reply(status=response.status, data=_json(_read(response, deadline)))
        except (OSError, http.client.HTTPException, TimeoutError) as error:
            raise AnswerLost(f"{parts.hostname}: {str(error) or type(error).__name__}") from error
        finally:
            connection.close()

    def _connected(self, url: str) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        if not (secure or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
            raise NotSent(f"{parts.hostname}: only https is spoken")
        host = parts.hostname or ""
        connection = (
            http.client.HTTPSConnection(
                host, parts.port, timeout=self.seconds, context=self.context
            )
            if secure
            else http.client.HTTPConnection(host, parts.port, timeout=self.seconds)
        )
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotSent(f"{host}: {error}") from error
        return connection


LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read a body in time and within its limit. Raises TimeoutError or IncompleteRead."""
    read = bytearray()
    while chunk := response.read1(CHUNK):
        read += chunk
        if time.monotonic() > deadline:
            raise TimeoutError("the answer takes too long")
        if len(read) > LARGEST:
            raise http.client.IncompleteRead(b"")
    if response.length:  # fewer octets than announced
        raise http.client.IncompleteRead(bytes(read), response.length)
    return bytes(read)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
