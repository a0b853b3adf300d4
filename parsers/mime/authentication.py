"""Read Authentication-Results fields (RFC 8601 section 2.2) with a real parser.

Comments are dropped before anything is compared, quoted strings are kept whole: a `dmarc=pass`
in a comment, a reason or a quoted value is not a result.
"""

from __future__ import annotations

import re

from parsers.mail import AuthenticationResult
from parsers.mime.header import STRUCTURED_LIMIT, Headers, as_text

PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[^\s;="]+|[;=]')  # a quote never closed is one piece
ESCAPED = re.compile(r"\\(.)")
FIELDS_LIMIT = 50


def read_authentication(headers: Headers) -> tuple[AuthenticationResult, ...]:
    """List the fields topmost first. A field that breaks the grammar is left out."""
    if not headers.has("authentication-results"):
        return ()
    found: list[AuthenticationResult] = []
    hop = 0
    for name, value in headers.fields:
        if name == "received":
            hop += 1
        elif name == "authentication-results" and len(found) < FIELDS_LIMIT:
            result = _read_field(as_text(value), hop)
            if result:
                found.append(result)
    return tuple(found)


def _read_field(value: str, hop: int) -> AuthenticationResult | None:
    text = drop_comments(value) if len(value) <= STRUCTURED_LIMIT else None
    if text is None or text.count('"') % 2:
        return None
    sections = _sections(PIECE.findall(text))
    if not sections[0] or "=" in sections[0]:
        return None
    dmarc = [section for section in sections[1:] if _method(section) == "dmarc"]
    word, domain = _result(dmarc[0]) if len(dmarc) == 1 else ("", "")
    identity = _plain(sections[0][0]).lower()
    return AuthenticationResult(authserv_id=identity, hop=hop, dmarc=word, from_domain=domain)


def drop_comments(text: str) -> str | None:
    """Replace comments (RFC 5322 section 3.2.2) by a space; None when one is not closed."""
    if "(" not in text:
        return text
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for letter in text:
        plain = not escaped
        escaped = plain and letter == "\\"
        if plain and letter == '"' and not depth:
            quoted = not quoted
        if plain and letter == "(" and not quoted:
            depth += 1
        elif plain and letter == ")" and depth:
            depth -= 1
            kept.append(" ")
        elif not depth:
            kept.append(letter)
    return None if depth or quoted else "".join(kept)


def _sections(pieces: list[str]) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for piece in pieces:
        if piece == ";":
            sections.append([])
        else:
            sections[-1].append(piece)
    return sections


def _method(section: list[str]) -> str:
    """Name the method of a section `method[/version] = result ...`."""
    if len(section) < 3 or section[1] != "=":
        return ""
    return section[0].partition("/")[0].lower()


def _result(section: list[str]) -> tuple[str, str]:
    """Give the result word and `header.from`, "" when it is absent or named twice."""
    domains = [
        _plain(section[number + 2]).lower()
        for number in range(3, len(section) - 2)
        if section[number].lower() == "header.from" and section[number + 1] == "="
    ]
    return _plain(section[2]).lower(), domains[0] if len(domains) == 1 else ""


def _plain(piece: str) -> str:
    return ESCAPED.sub(r"\1", piece[1:-1]) if piece.startswith('"') else piece
