"""Choose the text of a mail among its parts (X-13) and tell text from files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from parsers.folding import plain
from parsers.html.text import Rendering, render
from parsers.mail_words import phrases
from parsers.mime.charset import clean, decode
from parsers.structure import Part
from parsers.text.witness import are_same, is_poorer, may_tell, told

TEXTS = frozenset({"text/plain", "text/html"})
REPORTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "text/rfc822-headers",
     "message/disposition-notification", "message/feedback-report", "message/rfc822-headers",
     "message/global-headers"}
)  # fmt: skip
STUBS = tuple(map(plain, phrases("stubs")))
STUB_LENGTH = 300
TEXT_LIMIT = 2_000_000
# Pictures written into HTML would take the place of the words below them.
PICTURE = re.compile(rb"data:[\w/+.-]{1,60};base64,[\w+/=%\s]*+")
WITNESS_LIMIT = 500_000
# Tags make HTML longer than its words; from here on it may say more than the plain text.
POORER_FACTOR = 12


@dataclass(kw_only=True, slots=True)
class Body:
    """The text of a mail, what its HTML structure told, and the parts that are files."""

    text: str = ""
    attributions: frozenset[int] = frozenset()
    signatures: frozenset[int] = frozenset()
    older: frozenset[int] = frozenset()
    history: int = -1
    files: list[Part] = field(default_factory=list)


def choose_body(parts: list[Part]) -> Body:
    """Take the text of each alternative; join what stands in a row."""
    body = Body()
    pieces: list[Rendering] = []
    groups: dict[int, list[Part]] = {}
    for part in parts:
        if not is_text(part):
            if part.content_type not in REPORTS:
                body.files.append(part)
        elif part.alternative:
            group = groups.setdefault(part.alternative, [])
            group.append(part)
    done: set[int] = set()
    for part in parts:
        if not is_text(part) or part.alternative in done:
            continue
        if part.alternative:
            done.add(part.alternative)
        piece = _render_best(groups.get(part.alternative, [part]))
        if not (
            pieces and part.content_type == "text/html" and are_same(pieces[-1].text, piece.text)
        ):
            pieces.append(piece)
    if not pieces:
        pieces.extend(_shown_files(body.files))
    _join(pieces, body)
    return body


def _shown_files(files: list[Part]) -> list[Rendering]:
    """Give the first text file that is to be shown, for a mail without other text (RFC 2183)."""
    shown = (p for p in files if p.content_type == "text/plain" and p.disposition == "inline")
    return [Rendering(text=text_of(part)) for part in islice(shown, 1)]


def every_text(parts: list[Part]) -> str:
    """Join every text of a mail, plain and rendered: what its reader may have seen and quoted."""
    texts = (text_of(part) for part in parts if part.content_type == "text/plain")
    pages = (render(text_of(part)).text for part in parts if part.content_type == "text/html")
    return "\n".join((*texts, *pages))


def is_text(part: Part) -> bool:
    """Tell whether a part is shown as text rather than offered as a file (RFC 2183).

    A text with a file name is a file, unless it is an alternative or all there is.
    """
    if part.content_type not in TEXTS or part.disposition == "attachment":
        return False
    return not part.filename or part.container in {"multipart/alternative", ""}


def text_of(part: Part) -> str:
    r"""Decode a text part: charset ladder, \n line ends, flowed lines joined (RFC 3676)."""
    data = part.data
    if len(data) > TEXT_LIMIT:
        data = PICTURE.sub(b"", data)[:TEXT_LIMIT]
    text = clean(decode(data, part.parameters.get("charset", "")))
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def unflow(text: str, *, delsp: bool = False) -> str:
    """Join the soft line breaks of format=flowed; lines of different quote depth never join."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        content = body.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if depth == open_depth:
            out[-1] += content
        else:
            out.append(">" * depth + (" " if depth and content else "") + content)
        open_depth = depth if soft else -1
        if soft and delsp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _render_best(parts: list[Part]) -> Rendering:
    """Take the plain text, with what the HTML knows of it; the HTML where the plain text is poor."""
    text = "\n".join(_texts(parts, "text/plain"))
    if text.lstrip()[:15].lower().startswith(("<html", "<!doctype html")):
        return render(text)
    pages = _texts(parts, "text/html")
    if pages and _is_stub(text):
        return _render_all(pages)
    html = "".join(pages)
    if not pages or len(html) > WITNESS_LIMIT:
        return Rendering(text=text)
    doubtful = "<td" in html or "<TD" in html or len(html) > POORER_FACTOR * len(text)
    if not doubtful and not may_tell(html, text):
        return Rendering(text=text)
    seen = _render_all(pages)
    return seen if doubtful and is_poorer(text, seen) else told(text, seen)


def _texts(parts: list[Part], kind: str) -> list[str]:
    """Read the texts of one kind: each piece of a text once, of pages offered the last.

    The last alternative is the best (RFC 2046 section 5.1.4), of a multipart/related the first
    part is the page (RFC 2387), elsewhere what stands in a row is one text in pieces.
    """
    found = [part for part in parts if part.content_type == kind]
    if kind == "text/html" and len(found) > 1 and found[-1].alternative:
        around = found[-1].container
        found = [part for part in found if part.container == around]
        if around == "multipart/alternative":
            found = found[-1:]
        elif around == "multipart/related":
            found = found[:1]
    return list(dict.fromkeys(text_of(part) for part in found))


def _render_all(pages: list[str]) -> Rendering:
    """Render pages that follow each other; Apple Mail cuts a text where a file stands in it."""
    if len(pages) == 1:
        return render(pages[0])
    whole = Body()
    _join([render(page) for page in pages], whole)
    return Rendering(
        text=whole.text.rstrip("\n"),
        attributions=whole.attributions,
        signatures=whole.signatures,
        older=whole.older,
        history=whole.history,
    )


def _is_stub(text: str) -> bool:
    stripped = text.strip()
    if not stripped:
        return True
    folded = plain(stripped) if len(stripped) < STUB_LENGTH else ""
    return any(stub in folded for stub in STUBS)


def _join(pieces: list[Rendering], body: Body) -> None:
    shift = 0
    texts: list[str] = []
    marks: set[int] = set()
    signed: set[int] = set()
    older: set[int] = set()
    for piece in pieces:
        if not piece.text.strip():
            continue
        marks.update(number + shift for number in piece.attributions)
        signed.update(number + shift for number in piece.signatures)
        older.update(number + shift for number in piece.older)
        if piece.history >= 0 and body.history < 0:
            body.history = piece.history + shift
        text = piece.text if piece.text.endswith("\n") or len(pieces) == 1 else piece.text + "\n"
        texts.append(text)
        shift += text.count("\n")
    body.text = "".join(texts)
    body.attributions = frozenset(marks)
    body.signatures = frozenset(signed)
    body.older = frozenset(older)
