"""Tell a person's mail from a machine's (X-26, RFC 3834, RFC 2919)."""

from __future__ import annotations

import re
from datetime import date

from parsers.authentication import drop_comments
from parsers.bounce import read_disposition
from parsers.bounce_words import is_daemon
from parsers.dates import read_written_day
from parsers.header import Headers
from parsers.mail import Bounce, Machine
from parsers.structure import Structure
from parsers.wording import any_of, fold, phrases

OWN_FIELD = "x-savd"
"""A field of every message of ours: seeing it on an incoming mail means a loop."""

ABSENCE_SUBJECTS = tuple(fold(phrase) for phrase in phrases("absence_subjects"))
ABSENCE_TEXTS = tuple(fold(phrase) for phrase in phrases("absence_texts"))
BACK = re.compile(rf"(?<!\w){any_of([fold(phrase) for phrase in phrases('back')])}(?!\w)")
AUTO_PREFIX = re.compile(
    r"^(?:auto(?:matic)?(?:ally)?(?:[ -]?(?:reply|response|generated))?)\s*:", re.IGNORECASE
)
AUTO_FIELDS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-autoreply-from",
               "x-mail-autoreply", "x-auto-reply-from", "x-vacation", "auto-reply",
               "x-amazon-auto-reply")  # fmt: skip
LISTED = frozenset({"bulk", "list", "junk"})
DELIVERED_TO = frozenset({"autoresponder", "auto-reply"})


def machine_of(mail: Structure, sender: str, bounces: tuple[Bounce, ...], text: str) -> Machine:
    """Say which machine wrote the mail, NONE for a person.

    `X-Auto-Response-Suppress` alone is no proof: Exchange puts it on ordinary mail.
    """
    headers = mail.headers
    if headers.has(OWN_FIELD):
        return Machine.OWN
    if bounces:
        return Machine.BOUNCE
    report = read_disposition(mail)
    if report:
        return Machine.DISPOSITION if report == "disposition-notification" else Machine.REPORT
    if _answers_alone(headers, sender, text):
        return Machine.AUTO_REPLY
    return Machine.LIST if _is_list(headers) else Machine.NONE


def _answers_alone(headers: Headers, sender: str, text: str) -> bool:
    submitted = _submitted(headers.plain("auto-submitted"))
    if submitted not in {"", "no"}:
        return True
    precedence = headers.plain("precedence").lower()
    if "auto" in precedence or any(_says_yes(headers, name) for name in AUTO_FIELDS):
        return True
    if headers.plain("delivered-to").lower() in DELIVERED_TO:
        return True
    subject = fold(headers.text("subject"))
    if is_absence(subject) or AUTO_PREFIX.match(subject):
        return True
    if headers.has("x-auto-response-suppress") and _mentions_absence(subject):
        return True
    empty_path = headers.plain("return-path") == "<>"
    return (empty_path or is_daemon(sender)) and (
        empty_path or _mentions_absence(fold(text[:2_000]))
    )


def _submitted(value: str) -> str:
    """Return the word of an Auto-Submitted field, without comments and parameters (RFC 3834 section 5)."""
    said = drop_comments(value)
    return (value if said is None else said).partition(";")[0].strip().lower()


def _says_yes(headers: Headers, name: str) -> bool:
    return headers.has(name) and headers.plain(name).lower() not in {"no", "false", "0", "none"}


def is_absence(subject: str) -> bool:
    """Tell whether a folded subject begins as absence notices do."""
    return subject.startswith(ABSENCE_SUBJECTS)


def _mentions_absence(text: str) -> bool:
    return any(word in text for word in ABSENCE_SUBJECTS) or any(
        word in text for word in ABSENCE_TEXTS
    )


def _is_list(headers: Headers) -> bool:
    if headers.has("list-id") or headers.has("mailing-list") or headers.has("x-mailing-list"):
        return True
    return headers.plain("precedence").lower() in LISTED


def return_day(text: str, sent: date | None) -> date | None:
    """Read when an absent person is back: the last day named behind "back on", "until", ...

    A day without a year is counted from the day the mail was sent.
    """
    folded = fold(text[:4_000])
    days = [
        read_written_day(folded[found.start() : found.end() + 60], sent)
        for found in BACK.finditer(folded)
    ]
    known = [day for day in days if day and (sent is None or 0 <= (day - sent).days <= 366)]
    return max(known, default=None)
