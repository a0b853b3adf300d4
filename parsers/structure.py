"""Split a mail into its parts (RFC 2045, RFC 2046), iteratively and with limits.

Header blocks are read, bodies are left as they came: `Part.data` undoes the transfer encoding
when somebody asks.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.header import Headers, as_text, decode_words, from_base64, read_parameters, split_mail

DEPTH_LIMIT = 20
PARTS_LIMIT = 500
BOUNDARY_LIMIT = 200

UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)


@dataclass(kw_only=True, slots=True)
class Part:
    """A leaf of the mail. `alternative` numbers the multipart/alternative it stands in (0: none).

    `container` is the content type of the multipart around it, "" at the top. `above` names all
    of them, outermost first.
    """

    headers: Headers
    raw: bytes
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    alternative: int = 0
    container: str = ""
    above: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """The content with the transfer encoding undone; never raises."""
        encoding = self.headers.plain("content-transfer-encoding").strip(' "').lower()
        return undo_encoding(self.raw, encoding.partition(" ")[0])

    @property
    def content_id(self) -> str:
        """The Content-ID without angle brackets."""
        return self.headers.plain("content-id").strip("<> ")


@dataclass(kw_only=True, slots=True)
class Structure:
    """A mail: its header block and its leaves in order."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    parts: list[Part]
    defects: list[str]


@dataclass(kw_only=True, slots=True)
class _Task:
    headers: Headers
    body: bytes
    above: tuple[str, ...]
    alternative: int


def undo_encoding(raw: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding (RFC 2045 section 6); unknown ones leave the bytes."""
    if encoding == "base64":
        return from_base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _undo_uu(raw)
    return raw


def _undo_uu(raw: bytes) -> bytes:
    begin = UU_BEGIN.search(raw)
    if not begin:
        return raw
    pieces: list[bytes] = []
    for line in raw[begin.end() :].splitlines():
        if line.strip() in {b"end", b"`"}:
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(pieces)


def split(raw: bytes) -> Structure:
    """Split a mail into leaves. Never raises; limits reached are named in `defects`."""
    headers, body = split_mail(raw)
    content_type, parameters = type_of(headers, "text/plain")
    mail = Structure(
        headers=headers,
        content_type=content_type,
        parameters=parameters,
        parts=[],
        defects=list(headers.defects),
    )
    tasks = [_Task(headers=headers, body=body, above=(), alternative=0)]
    counter = 0
    while tasks:
        counter += 1
        tasks.extend(reversed(_open(tasks.pop(), mail, counter)))
        if len(tasks) + len(mail.parts) > PARTS_LIMIT:
            mail.defects.append("too_many_parts")
            break
    mail.defects = list(dict.fromkeys(mail.defects))
    return mail


def type_of(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """Read the Content-Type field; a missing or broken one gives `default`."""
    word, parameters = read_parameters(headers.plain("content-type"))
    word = "".join(word.split())
    if word == "text":
        word = "text/plain"
    return (word if "/" in word.strip("/") else default), parameters


def _open(task: _Task, mail: Structure, number: int) -> list[_Task]:
    """Keep a leaf, or give the children of a multipart."""
    default = "message/rfc822" if task.above[-1:] == ("multipart/digest",) else "text/plain"
    content_type, parameters = type_of(task.headers, default)
    boundary = parameters.get("boundary", "")[:BOUNDARY_LIMIT].rstrip()
    if content_type.startswith("multipart/") and boundary:
        if len(task.above) >= DEPTH_LIMIT:
            mail.defects.append("too_deep")
            return []
        children = _children(task.body, boundary.encode("utf-8", "replace"), mail)
        if children is not None:
            above = (*task.above, content_type)
            inner = number if content_type == "multipart/alternative" else task.alternative
            return [
                _Task(headers=headers, body=body, above=above, alternative=inner)
                for headers, body in children
            ]
    if content_type.startswith("multipart/"):
        mail.defects.append("broken_multipart")
        content_type = "text/plain"
    mail.parts.append(_leaf(task, content_type, parameters))
    return []


def _leaf(task: _Task, content_type: str, parameters: dict[str, str]) -> Part:
    disposition, details = read_parameters(task.headers.plain("content-disposition"))
    return Part(
        headers=task.headers,
        raw=task.body,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        filename=safe_filename(details.get("filename") or parameters.get("name", "")),
        alternative=task.alternative,
        container=task.above[-1] if task.above else "",
        above=task.above,
    )


def safe_filename(name: str) -> str:
    """Keep the last path element, without control and direction characters, ≤ 200 characters."""
    name = UNSAFE.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
    if name.strip(".") == "":
        return ""
    return name if len(name) <= 200 else name[:150] + name[-50:]


def _children(body: bytes, boundary: bytes, mail: Structure) -> list[tuple[Headers, bytes]] | None:
    """Cut a multipart body at its delimiter lines; None when there is not one of them."""
    delimiter = b"--" + boundary
    starts: list[tuple[int, int]] = []  # (end of the content before, start of the next part)
    position = body.find(delimiter)
    while position >= 0:
        after = position + len(delimiter)
        if position == 0 or body[position - 1] in b"\r\n":
            closing = body.startswith(b"--", after)
            line_end = body.find(b"\n", after)
            rest = body[after : line_end if line_end >= 0 else len(body)]
            if closing or not rest.strip():
                starts.append((position, -1 if closing else _next_line(body, line_end)))
                if closing:
                    break
                if len(starts) > PARTS_LIMIT:
                    mail.defects.append("too_many_parts")
                    break
        position = body.find(delimiter, after)
    if not starts:
        return None
    if starts[-1][1] >= 0:
        mail.defects.append("unclosed_multipart")
        starts.append((len(body), -1))
    return [
        split_mail(_without_break(body[start:end]))
        for (_, start), (end, _) in pairwise(starts)
        if start >= 0
    ]


def _next_line(body: bytes, line_end: int) -> int:
    return line_end + 1 if line_end >= 0 else len(body)


def _without_break(content: bytes) -> bytes:
    r"""Drop the line break that belongs to the delimiter (RFC 2046 section 5.1.1)."""
    if content.endswith(b"\r\n"):
        return content[:-2]
    return content[:-1] if content.endswith((b"\n", b"\r")) else content


def shown_name(part: Part) -> str:
    """Name the file as a person reads it, from name, description or id."""
    if part.filename:
        return part.filename
    return safe_filename(decode_words(as_text(part.headers.first.get("content-description", b""))))
