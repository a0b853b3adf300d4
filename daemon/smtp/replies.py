"""What we say and read on an SMTP or LMTP wire: reply texts, paths, and why a mail is refused.

Pure: bytes and text in, text out. The protocol itself is in daemon.smtp.session.
"""

from __future__ import annotations

import re
from typing import Final

TROUBLE: Final = "451 4.3.0 Temporary trouble on our side, please try again later"
TOO_BIG: Final = "552 5.3.4 The mail is bigger than we accept"
TOO_BUSY: Final = "452 4.3.1 Too much mail at once, please try again later"
TOO_MUCH_CHATTER: Final = "421 4.7.0 Too many commands without a mail, goodbye"
GONE: Final = "421 4.4.2 Connection ended"
TOO_SLOW: Final = "421 4.4.2 Too slow, goodbye"
STOPPING: Final = "421 4.3.2 The service is stopping, please try again later"
NOT_SMTP: Final = "421 4.7.0 This is not a web server"
ENDLESS_LINE: Final = "500 5.5.2 Line too long, goodbye"
BARE_NEWLINE: Final = "550 5.6.11 Bare CR or LF in the mail (RFC 5321 section 2.3.8)"
TOO_MANY_HOPS: Final = "554 5.4.6 Too many hops: more than 100 Received fields"

MOST_HOPS: Final = 100
LONGEST_PATH: Final = 320
"""Octets of an address: 64 for the local part, "@", 255 for the domain (RFC 5321 4.5.3.1)."""

# Library replies that carry no enhanced status code (RFC 2034) get the one of their class.
_STATUS: Final = {
    "221": "2.0.0",
    "250": "2.0.0",
    "252": "2.0.0",
    "454": "4.7.0",
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "504": "5.5.4",
    "530": "5.7.0",
    "552": "5.3.4",
    "554": "5.7.0",
    "555": "5.5.4",
}
_BARE_REPLY: Final = re.compile(r"([245]\d\d) (?!\d\.\d)")

# A path as RFC 5321 section 4.1.2 has it, plus: blanks around it, no brackets, a source route
# (accepted and dropped, appendix C), any printable Unicode (RFC 6531). Control characters,
# blanks and undecodable octets (surrogates) have no place in it.
_ATOM: Final = r"[^\x00-\x20\x7f-\xa0\ud800-\udfff\"<>()\[\],;:\\@]"
_QUOTED: Final = r'"(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\[\x20-\x7e])*"'
_ADDRESS: Final = rf"(?:{_ATOM}+|{_QUOTED})(?:@(?:{_ATOM}+|\[[0-9A-Za-z.:]+\]))?"
_PATH: Final = re.compile(
    rf"\s*(?:<(?:@[^:<>@\s]+(?:,@[^:<>@\s]+)*:)?(?P<path>{_ADDRESS})?>|(?P<bare>{_ADDRESS}))"
    r"(?:\s+(?P<rest>[\x21-\x7e \t]*))?",
)
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
_RECEIVED: Final = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)


def enhance(reply: str) -> str:
    """Return `reply` with an enhanced status code (RFC 3463), unless it has one or needs none."""
    found = _BARE_REPLY.match(reply)
    status = _STATUS.get(found[1]) if found else None
    return f"{reply[:4]}{status} {reply[4:]}" if status else reply


def split_path(argument: str) -> tuple[str, str] | None:
    """Read the argument of MAIL FROM or RCPT TO: (address, parameters), None when malformed.

    The null path is "<>", so that it differs from an absent one.
    """
    found = _PATH.fullmatch(argument)
    if not found:
        return None
    address = found["path"] or found["bare"] or "<>"
    return (address, found["rest"] or "") if len(address) <= LONGEST_PATH else None


def judge(mail: bytes, *, allow_bare_newlines: bool) -> str:
    """Return the reply that refuses this mail, "" when there is none.

    Bare CR or LF is how one mail is smuggled inside another; the MTA in front of an LMTP
    listener has settled that question already, and there such mails are kept as they are.
    """
    if not allow_bare_newlines:
        lines = mail.count(b"\r\n")
        if mail.count(b"\n") != lines or mail.count(b"\r") != lines:
            return BARE_NEWLINE
    return TOO_MANY_HOPS if count_hops(mail) > MOST_HOPS else ""


def count_hops(mail: bytes) -> int:
    """Count the Received fields (RFC 5321 section 6.3)."""
    end = _HEADER_END.search(mail)
    return sum(1 for _ in _RECEIVED.finditer(mail, 0, end.start() if end else len(mail)))
