"""By what a picture is recognised that lies on another ticket too."""

from __future__ import annotations

from parsers.mail import Attachment, ParsedMail


def fingerprint_of(file: Attachment) -> str:
    """Return what a picture is recognised by: of its pixels, else of its bytes; "" for no picture."""
    return (file.photo.fingerprint or file.sha256) if file.photo is not None else ""


def fingerprints_in(mail: ParsedMail) -> tuple[str, ...]:
    """Return what the pictures of a mail are recognised by."""
    found = (fingerprint_of(file) for file in mail.attachments if not file.decor)
    return tuple(dict.fromkeys(one for one in found if one))
