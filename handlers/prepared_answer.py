"""The code in the subject of a prepared answer: which message it answers, where no program says so.

A button opens a new mail, without In-Reply-To. Its subject ends in "(m412.N3)", the cause and the notice
that our Message-ID bears; with the reply address it is written to, that is the whole Message-ID.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers import token
from handlers.desk import Desk
from handlers.token import KeyRing, Token

_CODE = re.compile(r"\(([mteor]\d{1,18})\.([A-Za-z0-9_-]{1,40})\)")


def answer_code(cause: str, notice: str) -> str:
    """Return the code for the subject of an answer to a notice."""
    return f"({cause}.{notice})"


def read_code(subject: str) -> tuple[str, str] | None:
    """Return cause and notice that a subject names, None when it names none."""
    found = _CODE.search(subject)
    return (found[1], found[2]) if found else None


def named_ids(subject: str, tokens: Iterable[Token], desk: Desk, keys: KeyRing) -> tuple[str, ...]:
    """Return the Message-IDs that a prepared answer names by its subject and its reply addresses."""
    code = read_code(subject)
    if code is None:
        return ()
    return tuple(
        one
        for told in tokens
        for ours in desk.addresses
        for one in token.message_ids_told(keys, ours, told, cause=code[0], notice=code[1])
    )
