"""Internal messages that somebody forwards as a file (R-8c)."""

from __future__ import annotations

import re

from handlers import token
from handlers.desk import Desk
from handlers.ticket import Role
from handlers.token import KeyRing
from parsers.mail import FileKind, ParsedMail

HEAD = 1 << 16  # bytes of an enclosed mail in which its own head stands
MOST = 40
_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")


def encloses_internal(mail: ParsedMail, desk: Desk, keys: KeyRing) -> bool:
    """Tell whether a file of a mail is a message of ours, or an answer to one, of a talk that the desk may
    not read: by the Message-IDs in it that we signed for such a talk."""
    heads = (file.data[:HEAD] for file in mail.attachments if file.kind is FileKind.MAIL)
    named = (one for head in heads for one in _ID.findall(head.decode("latin-1"))[:MOST])
    return any(_is_internal(one, desk, keys) for one in named)


def _is_internal(message_id: str, desk: Desk, keys: KeyRing) -> bool:
    read = (token.read_message_id(keys, ours, message_id) for ours in desk.addresses)
    return any(one is not None and one.role is Role.INTERNAL for one in read)
