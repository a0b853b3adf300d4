"""Read delivery reports: RFC 3464, and the dialects of mail systems that know no RFC 3464."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

import yaml

from parsers.address import read_address
from parsers.charset import clean, decode
from parsers.header import Headers, as_text, ids, read_fields, split_mail
from parsers.mail import Bounce
from parsers.structure import Part, Structure

WORDS = cast(
    "dict[str, list[str]]",
    yaml.safe_load(files("parsers").joinpath("words", "bounce.yaml").read_text("utf-8")),
)
SENDERS = tuple(WORDS["senders"])
SUBJECTS = tuple(WORDS["subjects"])
FAILED = tuple(WORDS["failed"])
DELAYED = tuple(WORDS["delayed"])
RETURNED = tuple(WORDS["returned"])

TEXT_LIMIT = 60_000
RECIPIENTS_LIMIT = 100
STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.:])([45])[0-5]\d(?=[\s\-])")
MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@[A-Za-z0-9\-.]{1,190}[A-Za-z0-9]")
NO_RECIPIENT = re.compile(
    r"^\s*(?:message-id|references|in-reply-to|x-\S+|received|list-\S+|from|return-path|sender)\s*:",
    re.IGNORECASE,
)
ALONE = re.compile(rf"^[\s*>\-]*<?({MAILBOX.pattern})>?\s*(?::|\(|$|\.\.\.)")
ACTIONS = {"delayed": "4.0.0", "failed": "5.0.0"}
STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_PARTS = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
     "message/global-headers", "message/partial"}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """The headers of the message that came back, as far as they were sent along."""

    message_id: str = ""
    recipient: str = ""


def read_bounces(mail: Structure, sender: str, text: str) -> tuple[Bounce, ...]:
    """List the failed or delayed recipients of a delivery report, () when it is none.

    `sender` is the From address with its display name, `text` the human readable body.
    """
    groups = [part for part in mail.parts if part.content_type in STATUS_PARTS]
    returned = _returned(mail, text)
    if groups:
        found = [entry for part in groups for entry in _read_status(part, returned)]
        if found or any(_delivered(part) for part in groups):
            return tuple(found[:RECIPIENTS_LIMIT])
        return _by_text(mail, text, returned)
    if _is_dialect(mail, sender, text):
        return _by_text(mail, text, returned)
    return ()


def _is_dialect(mail: Structure, sender: str, text: str) -> bool:
    headers = mail.headers
    if headers.has("x-failed-recipients"):
        return True
    report = mail.parameters.get("report-type", "").lower()
    if mail.content_type == "multipart/report" and report:
        return report == "delivery-status"
    daemon = is_daemon(sender) or headers.plain("return-path") == "<>"
    subject = headers.text("subject").lower()
    lowered = text[:TEXT_LIMIT].lower()
    fails = any(word in lowered for word in FAILED) or any(word in lowered for word in DELAYED)
    announced = any(word in subject for word in SUBJECTS)
    back = any(part.content_type in RETURNED_PARTS for part in mail.parts)
    back = back or _looks_returned(lowered)
    if daemon:
        return (announced and (fails or back)) or (fails and back)
    return announced and fails and back and not _is_answer(headers)


def _is_answer(headers: Headers) -> bool:
    return headers.text("subject").lower().startswith(("re:", "fw", "tr:", "aw:", "wg:"))


def is_daemon(sender: str) -> bool:
    """Tell whether a mail system's own name stands in From."""
    lowered = sender.lower()
    return any(word in lowered for word in SENDERS)


def _looks_returned(lowered: str) -> bool:
    return any(word in lowered for word in RETURNED) or "received: from" in lowered


def _read_status(part: Part, returned: Returned) -> list[Bounce]:
    """Read the groups of a delivery-status part (RFC 3464 section 2.3)."""
    found: list[Bounce] = []
    text = part.data[:TEXT_LIMIT].replace(b"\r\n", b"\n")
    for group in re.split(rb"\n(?:[ \t]*\n)+", text.strip())[: RECIPIENTS_LIMIT + 1]:
        headers, _ = read_fields(group)
        recipient = _recipient(headers)
        if not recipient and not headers.has("action"):
            continue
        action = headers.plain("action").split(" ")[0].split(";")[0].lower()
        status = _status(headers, action)
        if action in {"delivered", "relayed", "expanded"} or status.startswith("2"):
            continue
        found.append(
            Bounce(
                recipient=recipient or returned.recipient,
                status=status,
                reason=_reason(headers),
                message_id=returned.message_id,
            )
        )
    return found


def _delivered(part: Part) -> bool:
    lowered = part.data[:TEXT_LIMIT].lower()
    return any(word in lowered for word in (b"delivered", b"relayed", b"expanded"))


def _recipient(headers: Headers) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = headers.plain(name)
        address = read_address(value.rpartition(";")[2].strip(" <>"))
        if address:
            return address
        found = MAILBOX.search(value)
        if found:
            return found[0]
    return ""


def _status(headers: Headers, action: str) -> str:
    """Give the status; a vague x.0.0 yields to a precise one in the diagnostic."""
    status = STATUS.search(headers.plain("status"))
    precise = STATUS.search(headers.plain("diagnostic-code"))
    if status and not (status[1].endswith("0.0") and precise and precise[1][0] == status[1][0]):
        return status[1]
    if precise:
        return precise[1]
    code = REPLY_CODE.search(headers.plain("diagnostic-code"))
    return f"{code[1]}.0.0" if code else ACTIONS.get(action, "")


def _reason(headers: Headers) -> str:
    value = headers.plain("diagnostic-code")
    return value.partition(";")[2].strip()[:300] or value[:300]


def _returned(mail: Structure, text: str) -> Returned:
    """Find the headers of the message that came back, as a part or below the text."""
    for part in mail.parts:
        if part.content_type in RETURNED_PARTS:
            headers, _ = split_mail(part.data[:TEXT_LIMIT].lstrip())
            return _identity(headers)
    lowered = text[:TEXT_LIMIT].lower()
    below = lowered.rfind("\nmessage-id:")
    if below < 0:
        return Returned()
    start = max(lowered.rfind("\n\n", 0, below), 0)
    headers, _ = read_fields(text[start : below + 5_000].strip().encode("utf-8", "replace"))
    return _identity(headers)


def _identity(headers: Headers) -> Returned:
    found = ids(headers.plain("message-id"))
    mailbox = MAILBOX.search(headers.plain("to"))
    return Returned(message_id=found[0] if found else "", recipient=mailbox[0] if mailbox else "")


def _by_text(mail: Structure, text: str, returned: Returned) -> tuple[Bounce, ...]:
    """Read recipients, status and reason from what a mail system wrote for people."""
    text = text[:TEXT_LIMIT] + _reports(mail)
    recipients = _failed_recipients(mail.headers, text) or [returned.recipient]
    if returned.recipient and text.count(returned.recipient) > text.count(
        f"To: {returned.recipient}"
    ):
        recipients = [returned.recipient]
    status, reason = _text_status(text)
    return tuple(
        Bounce(recipient=recipient, status=status, reason=reason, message_id=returned.message_id)
        for recipient in recipients[:RECIPIENTS_LIMIT]
    )


def _reports(mail: Structure) -> str:
    """Join report parts of no known type: some dialects hide the reason there."""
    texts = [
        clean(decode(part.data[:TEXT_LIMIT], ""))
        for part in mail.parts
        if part.content_type.startswith(("message/delivery", "text/x-", "application/x-report"))
    ]
    return "\n" + "\n".join(texts)


def _failed_recipients(headers: Headers, text: str) -> list[str]:
    named = MAILBOX.findall(headers.plain("x-failed-recipients"))
    if named:
        return list(dict.fromkeys(named))
    own = {
        box.lower() for name in ("to", "from", "cc") for box in MAILBOX.findall(headers.plain(name))
    }
    lines = [line[:1_000] for line in text.split("\n") if not NO_RECIPIENT.match(line)]
    for pattern in (ALONE, MAILBOX):
        for box in (box for line in lines for box in pattern.findall(line)):
            if box.lower() not in own and not is_daemon(box) and "." in box.rpartition("@")[2]:
                return [box]
    return []


def _text_status(text: str) -> tuple[str, str]:
    """Find the status code and the line that gives the reason."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for pattern in (STATUS, REPLY_CODE):  # "550 4.4.2": the longer code says more
        seen = [(code[1], line) for line in lines[:200] for code in pattern.finditer(line[:500])]
        for number in "54":
            for status, line in seen:
                if status[0] == number:
                    return (status if "." in status else f"{status}.0.0"), line[:300]
    lowered = text.lower()
    waits = any(word in lowered for word in DELAYED)
    why = next((line for line in lines if any(word in line.lower() for word in FAILED)), "")
    return ("4.0.0" if waits else "5.0.0"), why[:300]


def read_disposition(mail: Structure) -> str:
    """Give the type of a multipart/report in lower case, "" when the mail is none (RFC 6522)."""
    if mail.content_type != "multipart/report":
        return ""
    named = mail.parameters.get("report-type", "").lower()
    types = {part.content_type for part in mail.parts}
    if "message/disposition-notification" in types:
        return "disposition-notification"
    if "message/feedback-report" in types:
        return "feedback-report"
    return named or "unknown"


def first_id(headers: Headers) -> str:
    """Give the Message-ID of a header block with its angle brackets, "" when absent."""
    found = ids(as_text(headers.first.get("message-id", b"")[:2_000]))
    return found[0] if found else ""
