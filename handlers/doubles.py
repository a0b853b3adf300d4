"""When two mails are the same to a person (X-7)."""

from __future__ import annotations

import hashlib

from handlers.prepared_answer import read_code
from handlers.references import keys_in
from parsers.mail import ParsedMail


def digest_of_words(mail: ParsedMail) -> str:
    """Return what makes two mails the same to a person: sender, words, files, and what they answer
    (X-7); "" for a mail that says nothing."""
    words = " ".join(mail.new_text.split()).casefold()
    files = sorted(attachment.sha256 for attachment in mail.attachments)
    if not words and not files:
        return ""
    # "2" said of two tickets, or to two questions, is said twice.
    about = (*mail.in_reply_to, *keys_in(mail.subject), *(read_code(mail.subject) or ()))
    told = "\n".join([mail.sender.address.lower(), *about, words, *files])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
