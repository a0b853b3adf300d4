"""Split a mail into its parts (RFC 2045, RFC 2046) in one pass over its lines, with limits.

Header blocks are read, bodies are left as they came: `Part.data` undoes the transfer encoding
when somebody asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from parsers.containers.outlook import as_mail
from parsers.containers.unwrap import Splitter, unwrap
from parsers.mime.header import BLANK, BLOCK_LIMIT, Headers, read_header
from parsers.mime.parameters import read_parameters
from parsers.mime.part import Part, leaf_of

__all__ = ["Part", "Structure", "split", "type_of"]

DEPTH_LIMIT = 20
PARTS_LIMIT = 500
BOUNDARY_LIMIT = 200
UNWRAP_LIMIT = 3
LINE_LIMIT = BOUNDARY_LIMIT + 50

LEADING = re.compile(
    rb"\A(?:[ \t]*\r*\n){1,9}(?=(?:from|to|cc|subject|date|received|return-path|delivered-to"
    rb"|reply-to|message-id|mime-version|content-type|x-[!-9;-~]{1,99})[ \t]*:)",
    re.IGNORECASE,
)
"""Empty lines that somebody left above a saved mail; a relay puts its fields above any."""

WORDS = {"text": "text/plain", "html": "text/html", "plain": "text/plain"}


@dataclass(kw_only=True, slots=True)
class Structure:
    """A mail: its header block and its leaves in order."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    parts: list[Part]
    defects: list[str]


@dataclass(kw_only=True, slots=True)
class _Entity:
    """A header block, its content type, and where its body begins."""

    headers: Headers
    start: int
    content_type: str
    parameters: dict[str, str]


@dataclass(kw_only=True, slots=True)
class _Frame:
    """An open multipart. `alternative` numbers the multipart/alternative its leaves stand in."""

    entity: _Entity
    boundary: bytes
    alternative: int
    opened: bool = False


def split(raw: bytes) -> Structure:
    """Split a mail into leaves. Never raises; limits reached are named in `defects`.

    Containers other than MIME are opened, too: a leaf is a text or a file. The bytes of a .msg
    file do as well as those of a mail.
    """
    return _split(raw, 0)


def _split(raw: bytes, depth: int) -> Structure:
    raw = LEADING.sub(b"", as_mail(raw), count=1)
    headers, start = read_header(raw)
    content_type, parameters = type_of(headers, "text/plain")
    mail = Structure(
        headers=headers,
        content_type=content_type,
        parameters=parameters,
        parts=[],
        defects=list(headers.defects),
    )
    top = _Entity(headers=headers, start=start, content_type=content_type, parameters=parameters)
    _Walk(raw, mail).run(top)
    mail.parts, found = unwrap(mail.parts, _inner(depth + 1))
    mail.defects += found
    mail.defects = list(dict.fromkeys(mail.defects))
    mail.headers = replace(headers, charset=_charset(mail))
    return mail


def _inner(depth: int) -> Splitter | None:
    """Give the function that cuts a mail inside a container."""
    if depth > UNWRAP_LIMIT:
        return None

    def cut(raw: bytes) -> tuple[list[Part], list[str]]:
        mail = _split(raw, depth)
        return mail.parts, mail.defects

    return cut


def _charset(mail: Structure) -> str:
    """Name the charset of the first text: raw 8-bit header fields are written in it."""
    texts = (part for part in mail.parts if part.content_type.startswith("text/"))
    return next((part.parameters["charset"] for part in texts if "charset" in part.parameters), "")


def type_of(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """Read the Content-Type field; a missing or broken one gives `default`."""
    word, parameters = read_parameters(headers.plain("content-type"))
    word = WORDS.get(word.strip("/"), word)
    if "/" in word.strip("/"):
        return word, parameters
    # a word that is no type, and a name: a file and no text
    return ("application/octet-stream" if word and "name" in parameters else default), parameters


@dataclass(slots=True)
class _Walk:
    """One pass over the delimiter lines of a mail.

    `frames` are the open multiparts, outermost first, `depths` their boundaries. `lapsed` are
    boundaries of multiparts that an outer delimiter ended.
    """

    raw: bytes
    mail: Structure
    frames: list[_Frame] = field(default_factory=list)
    depths: dict[bytes, int] = field(default_factory=dict)
    lapsed: set[bytes] = field(default_factory=set)
    leaf: _Entity | None = None
    counter: int = 0

    def run(self, top: _Entity) -> None:
        """Read all parts below `top`."""
        position = self._enter(top)
        while self.frames:
            start, end, depth, closing = self._next_delimiter(position, len(self.raw))
            if start < 0:
                break
            self._keep(start)
            self._close(depth + 1, start, self.lapsed)
            if closing:
                self._close(depth, start, set())
                position = end
                continue
            self.frames[depth].opened = True
            if self.counter >= PARTS_LIMIT:
                self.mail.defects.append("too_many_parts")
                break
            position = self._enter(self._entity(end))
        self._keep(len(self.raw))
        if any(frame.opened for frame in self.frames):
            self.mail.defects.append("unclosed_multipart")
        self._close(0, len(self.raw), set())

    def _entity(self, position: int) -> _Entity:
        """Read the header block of a part; a delimiter line inside it ends it."""
        blank = BLANK.search(self.raw, position, position + BLOCK_LIMIT)
        block = blank.end() if blank else min(position + BLOCK_LIMIT, len(self.raw))
        first, _, _, _ = self._next_delimiter(position, block)
        headers, start = read_header(self.raw, position, first if first >= 0 else None)
        self.mail.defects.extend(headers.defects)
        around = self.frames[-1].entity.content_type
        default = "message/rfc822" if around == "multipart/digest" else "text/plain"
        content_type, parameters = type_of(headers, default)
        return _Entity(
            headers=headers, start=start, content_type=content_type, parameters=parameters
        )

    def _enter(self, entity: _Entity) -> int:
        """Open a multipart or begin a leaf; give where to look for delimiters."""
        self.counter += 1
        boundary = entity.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        multipart = entity.content_type.startswith("multipart/")
        if multipart and len(self.frames) >= DEPTH_LIMIT:
            self.mail.defects.append("too_deep")
        elif multipart and 0 < len(boundary) <= BOUNDARY_LIMIT:
            self._open(entity, boundary)
        else:
            self.leaf = self._as_text(entity) if multipart else entity
        return entity.start

    def _as_text(self, entity: _Entity) -> _Entity:
        """Take a multipart nobody can cut for text: nothing in it may be lost."""
        self.mail.defects.append("broken_multipart")
        return replace(entity, content_type="text/plain")

    def _open(self, entity: _Entity, boundary: bytes) -> None:
        around = self.frames[-1].alternative if self.frames else 0
        number = self.counter if entity.content_type == "multipart/alternative" else around
        self.frames.append(_Frame(entity=entity, boundary=boundary, alternative=number))
        self.depths[boundary] = len(self.frames) - 1

    def _close(self, depth: int, end: int, lapsed: set[bytes]) -> None:
        """Close the multiparts from `depth` on; one without any delimiter is kept as text."""
        while len(self.frames) > depth:
            frame = self.frames.pop()
            lapsed.add(frame.boundary)
            if not frame.opened:
                self.leaf = self._as_text(frame.entity)
                self._keep(end)
        self.depths = {frame.boundary: n for n, frame in enumerate(self.frames)}

    def _next_delimiter(self, position: int, stop: int) -> tuple[int, int, int, bool]:
        """Find the next delimiter line: (start, end, frame, closing); start -1 when none is."""
        start = self.raw.find(b"--", position, stop)
        while start >= 0:
            end = self.raw.find(b"\n", start)
            end = len(self.raw) if end < 0 else end + 1
            if start == 0 or self.raw[start - 1] in b"\r\n":
                depth, closing = self._match(self.raw[start + 2 : min(end, start + LINE_LIMIT)])
                if depth >= 0:
                    return start, end, depth, closing
            start = self.raw.find(b"--", end - 1, stop)
        return -1, -1, -1, False

    def _match(self, line: bytes) -> tuple[int, bool]:
        """Say which open multipart a line delimits, innermost first; -1: none of them."""
        line = line.rstrip(b" \t\r\n")
        if line in self.depths:
            return self.depths[line], False
        if line.endswith(b"--") and line[:-2] in self.depths:
            return self.depths[line[:-2]], True
        # its multipart was ended by an outer one, and yet goes on
        return (len(self.frames) - 1 if line in self.lapsed else -1), False

    def _keep(self, end: int) -> None:
        """End the leaf that was begun."""
        entity, self.leaf = self.leaf, None
        if entity is None:
            return
        content = self.raw[entity.start : end]
        if self.frames:
            content = self._without_glued(_without_break(content), end)
        part = leaf_of(
            entity.headers,
            content,
            entity.content_type,
            parameters=entity.parameters,
            above=tuple(frame.entity.content_type for frame in self.frames),
            alternative=self.frames[-1].alternative if self.frames else 0,
        )
        self.mail.parts.append(part)

    def _without_glued(self, content: bytes, end: int) -> bytes:
        """Drop the closing delimiter of a program that forgot the line break before it."""
        ending = content[-LINE_LIMIT:].rstrip() if end == len(self.raw) else b""
        for frame in self.frames:
            closing = b"--" + frame.boundary + b"--"
            if ending.endswith(closing):
                return content.rstrip()[: -len(closing)]
        return content


def _without_break(content: bytes) -> bytes:
    r"""Drop the line break that belongs to the delimiter (RFC 2046 section 5.1.1)."""
    if content.endswith(b"\r\n"):
        return content[:-2]
    return content[:-1] if content.endswith((b"\n", b"\r")) else content
