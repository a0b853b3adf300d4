"""A leaf of a mail: its header fields, its bytes, its name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.mime.encoded_word import decode_words
from parsers.mime.header import Headers, as_text
from parsers.mime.parameters import read_parameters
from parsers.mime.transfer import undo_encoding

UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
META = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
HTML_HEAD = 4_096


@dataclass(kw_only=True, slots=True)
class Part:
    """A leaf of the mail. `alternative` numbers the multipart/alternative it stands in (0: none).

    `container` is the content type of the multipart around it, "" at the top. `above` names all
    of them, outermost first. `encoding` is the transfer encoding of `raw`; a part taken out of
    another container has none.
    """

    headers: Headers
    raw: bytes
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    encoding: str = ""
    content_id: str = ""
    alternative: int = 0
    container: str = ""
    above: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """The content with the transfer encoding undone; never raises."""
        return undo_encoding(self.raw, self.encoding)


def leaf_of(
    headers: Headers,
    raw: bytes,
    content_type: str,
    *,
    parameters: dict[str, str],
    above: tuple[str, ...] = (),
    alternative: int = 0,
) -> Part:
    """Make the leaf of a header block and the bytes under it."""
    disposition, details = read_parameters(headers.plain("content-disposition"))
    encoding = headers.plain("content-transfer-encoding").strip(" \"';").lower()
    encoding = encoding.partition(" ")[0].partition(";")[0]
    if content_type == "text/html" and "charset" not in parameters:
        charset = charset_in_html(undo_encoding(raw[:HTML_HEAD], encoding))
        parameters = {**parameters, "charset": charset} if charset else parameters
    return Part(
        headers=headers,
        raw=raw,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        filename=safe_filename(details.get("filename") or parameters.get("name", "")),
        encoding=encoding,
        content_id=headers.plain("content-id").strip("<> "),
        alternative=alternative,
        container=above[-1] if above else "",
        above=above,
    )


def charset_in_html(start: bytes) -> str:
    """Name the charset that the first bytes of a page declare (HTML section 4.2.5.4)."""
    found = META.search(start)
    return found[1].decode("ascii") if found else ""


def safe_filename(name: str) -> str:
    """Keep the last path element, without control and direction characters, ≤ 200 characters."""
    name = UNSAFE.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
    if name.strip(". ") == "":
        return ""
    return name if len(name) <= 200 else name[:150] + name[-50:]


def shown_name(part: Part) -> str:
    """Name the file as a person reads it, from name, description or id."""
    if part.filename:
        return part.filename
    return safe_filename(decode_words(as_text(part.headers.first.get("content-description", b""))))
