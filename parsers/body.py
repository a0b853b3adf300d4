"""Choose the text of a mail among its parts (X-13) and tell text from files."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.charset import clean, decode
from parsers.html_text import Rendering, render
from parsers.structure import Part
from parsers.wording import fold, phrases

TEXTS = frozenset({"text/plain", "text/html"})
REPORTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "text/rfc822-headers",
     "message/disposition-notification", "message/feedback-report", "message/rfc822-headers",
     "message/global-headers"}
)  # fmt: skip
STUBS = tuple(map(fold, phrases("stubs")))
STUB_LENGTH = 300
TEXT_LIMIT = 2_000_000


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
    """Take the plain part of each alternative unless it is a stub; join what stands in a row."""
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
        pieces.append(_render_best(groups.get(part.alternative, [part])))
    _join(pieces, body)
    return body


def is_text(part: Part) -> bool:
    """Tell whether a part is shown as text rather than offered as a file."""
    if part.content_type not in TEXTS or part.disposition == "attachment":
        return False
    return not part.filename or bool(part.alternative)


def text_of(part: Part) -> str:
    r"""Decode a text part: charset ladder, \n line ends, flowed lines joined (RFC 3676)."""
    text = clean(decode(part.data[:TEXT_LIMIT], part.parameters.get("charset", "")))
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
    plain = [part for part in parts if part.content_type == "text/plain"]
    rich = [part for part in parts if part.content_type == "text/html"]
    text = "\n".join(text_of(part) for part in plain)
    if rich and _is_stub(text):
        return render(text_of(rich[-1]))
    if text.lstrip()[:15].lower().startswith(("<html", "<!doctype html")):
        return render(text)
    return Rendering(text=text)


def _is_stub(text: str) -> bool:
    stripped = text.strip()
    if not stripped:
        return True
    folded = fold(stripped) if len(stripped) < STUB_LENGTH else ""
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
