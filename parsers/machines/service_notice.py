"""Read the notices that sending services mail as JSON (Amazon SES through SNS)."""

from __future__ import annotations

import json
from typing import cast

from parsers.machines.bounce_reason import reason_of
from parsers.mail import Bounce
from parsers.mime.address import read_address

TEXT_LIMIT = 60_000
DEPTH_LIMIT = 12
KINDS = frozenset({"bounce", "complaint", "delivery", "reject", "deliverydelay", "open", "click"})
Json = dict[str, object]


def notice_kind(text: str) -> str:
    """Give the kind of a notice in lower case ("bounce", "complaint", ...), "" when it is none."""
    return _kind(_object(text))


def read_notice(text: str) -> tuple[Bounce, ...] | None:
    """List the failed recipients of a notice; () for one of success, None for no notice."""
    notice = _object(text)
    if not _kind(notice):
        return None
    bounce = _inside(notice, "bounce")
    permanent = str(bounce.get("bounceType", "")).lower() == "permanent"
    mail = _inside(notice, "mail")
    return tuple(
        found
        for entry in _entries(bounce.get("bouncedRecipients"))
        if (found := _bounce(entry, mail, permanent=permanent))
    )


def _object(text: str) -> Json:
    opening = text[:TEXT_LIMIT].lstrip()
    named = "notificationType" in opening or "eventType" in opening
    if not named or not opening.startswith("{"):
        return {}
    if opening.count("[") + opening.count("{") > 2_000:
        return {}
    try:
        found, _ = json.JSONDecoder().raw_decode(opening)
    except (ValueError, RecursionError):
        return {}
    return _unwrapped(cast("Json", found)) if isinstance(found, dict) else {}


def _unwrapped(found: Json) -> Json:
    """Open the envelope that SNS puts around a notice for subscribers by "email-json"."""
    message = found.get("Message")
    wrapped = found.get("Type") == "Notification" and isinstance(message, str)
    return _object(str(message)) if wrapped else found


def _kind(notice: Json) -> str:
    named = notice.get("notificationType") or notice.get("eventType") or ""
    kind = str(named).lower()
    return kind if kind in KINDS else ""


def _inside(notice: Json, key: str) -> Json:
    value = notice.get(key)
    return cast("Json", value) if isinstance(value, dict) else {}


def _entries(value: object) -> list[Json]:
    if not isinstance(value, list):
        return []
    return [cast("Json", entry) for entry in value[:100] if isinstance(entry, dict)]


def _bounce(entry: Json, mail: Json, *, permanent: bool) -> Bounce | None:
    recipient = read_address(str(entry.get("emailAddress", "")))
    if not recipient:
        return None
    diagnostic = " ".join(str(entry.get("diagnosticCode", "")).split())[:500]
    status = str(entry.get("status", "")) or ("5.0.0" if permanent else "4.0.0")
    headers = _inside(mail, "commonHeaders")
    action = str(entry.get("action", "")).lower()
    return Bounce(
        recipient=recipient,
        status=status[:20],
        reason=reason_of(status, diagnostic, action),
        diagnostic=diagnostic,
        message_id=str(headers.get("messageId", "")),
        action=action if action in {"failed", "delayed"} else "",
    )
