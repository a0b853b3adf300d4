"""Read the fields of a delivery status notification (RFC 3464), also from broken blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.mime.address import read_address
from parsers.mime.header import Headers, split_mail

GROUPS_LIMIT = 100
LINES_LIMIT = 4_000
STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,2}\.\d{1,3})(?![\d.]*\d)")
REPLY = re.compile(
    r"(?:^\W{0,20}|(?:\bsaid|\bresponse|\bresponded|\breturned|\breplied|\berror|\breason|code|"
    r"\breply|\bstatus|<<<|>>>|[:;,\[(\"'])\W{0,8})([45][0-7]\d)(?=[\s\-:.,;#)\]'\"]|$)",
    re.IGNORECASE,
)
MAILBOX = re.compile(r"(?:[^\s<>()\[\],;:\\\"'@|]|(?<=\w)'(?=\w)){1,64}@[\w\-.]{1,190}\w")
FIELD = re.compile(r"[ \t]{0,8}([A-Za-z][A-Za-z-]{2,40})[ \t]*:")
QUOTED = re.compile(r'"([^\s"@]{1,64})"@')
ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}|\+([0-9A-F]{2})")
RECIPIENTS = ("original-recipient", "final-recipient", "x-actual-recipient")
ONCE = frozenset({*RECIPIENTS[:2], "action", "status"})
KNOWN = frozenset(
    {*RECIPIENTS, "action", "status", "diagnostic-code", "remote-mta", "last-attempt-date",
     "will-retry-until", "final-log-id", "reporting-mta", "arrival-date", "original-envelope-id",
     "received-from-mta", "dsn-gateway"}
)  # fmt: skip
GOOD_ACTIONS = frozenset({"delivered", "relayed", "expanded"})
DEFAULTS = {"delayed": "4.0.0", "failed": "5.0.0"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a report says of one recipient: the addresses, ours first, and how it went."""

    addresses: tuple[str, ...] = ()
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def succeeded(self) -> bool:
        """True when the message arrived, or was handed on to where no report comes from."""
        return self.action in GOOD_ACTIONS or (
            self.action not in DEFAULTS and self.status.startswith("2")
        )


def read_outcomes(text: str) -> tuple[Outcome, ...]:
    """Read every per-recipient group of a report (RFC 3464 section 2.3).

    Groups that lack the blank line between them, or have one too many, are told apart by the
    fields that can stand only once.
    """
    return tuple(_outcome(headers) for headers in _joined(_blocks(text)) if _is_group(headers))


def has_outcomes(text: str) -> bool:
    """Tell whether a text written for people holds fields of a report."""
    lowered = text.lower()
    return "final-recipient" in lowered or "original-recipient" in lowered


def _blocks(text: str) -> list[Headers]:
    found: list[list[str]] = [[]]
    seen: set[str] = set()
    for line in text.split("\n")[:LINES_LIMIT]:
        field = FIELD.match(line)
        name = field[1].lower() if field else ""
        if not line.strip() or (name in ONCE and name in seen):
            found.append([])
            seen = set()
        if name in KNOWN or name.startswith("x-"):
            found[-1].append(line.strip())
            seen.add(name)
        elif found[-1] and line[:1] in " \t" and line.strip():
            found[-1].append(" " + line.strip())
    return [_fields(lines) for lines in found if lines][: 2 * GROUPS_LIMIT]


def _fields(lines: list[str]) -> Headers:
    return split_mail("\n".join(lines).encode("utf-8", "replace"))[0]


def _joined(blocks: list[Headers]) -> list[Headers]:
    """Put together what a stray blank line parted: a recipient, then what happened to it."""
    joined: list[Headers] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before and _names(before) and not _tells(before) and _tells(block) > _names(block):
            joined[-1] = Headers(
                fields=before.fields + block.fields, first=block.first | before.first
            )
        else:
            joined.append(block)
    return joined[:GROUPS_LIMIT]


def _tells(block: Headers) -> bool:
    return block.has("action") or block.has("status")


def _names(block: Headers) -> bool:
    return any(block.has(name) for name in RECIPIENTS)


def _is_group(block: Headers) -> bool:
    return _names(block) or block.has("action")


def _outcome(headers: Headers) -> Outcome:
    action = re.split(r"[\s;(]", headers.plain("action").strip().lower(), maxsplit=1)[0]
    diagnostic = headers.plain("diagnostic-code")
    said = diagnostic.partition(";")[2].strip() or diagnostic
    return Outcome(
        addresses=_addresses(headers),
        action=action,
        status=_status(headers.plain("status"), diagnostic, action),
        diagnostic=" ".join(said.split())[:500],
    )


def _addresses(headers: Headers) -> tuple[str, ...]:
    found: list[str] = []
    for field in RECIPIENTS:
        value = QUOTED.sub(r"\1@", headers.plain(field))  # "a..b"@c: quoted, and still a..b@c
        written = value.rpartition(";")[2].strip(" <>\"'")
        plain = read_address(ESCAPED.sub(_unescape, written))  # RFC 6533 section 3, RFC 3461
        address = read_address(written) or plain or next(iter(MAILBOX.findall(value)), "")
        found += [name for name in (address, plain) if name]
    unique = {address.lower(): address for address in reversed(found)}
    return tuple(reversed(unique.values()))


def _unescape(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if 0x20 < number < 0xD800 or 0xE000 <= number < 0x110000 else ""


def _status(written: str, diagnostic: str, action: str) -> str:
    """Give the status; the remote server's own code tells more than a vague or softened one."""
    status = next(iter(STATUS.findall(written)), "")
    remote = next(iter(STATUS.findall(diagnostic)), "")
    if action == "failed" and (not status or status[0] == "2" or remote[:1] == "5" > status[0]):
        return remote or reply_status(diagnostic) or status.replace("2", "5", 1) or "5.0.0"
    if status.endswith(".0.0") and remote[:1] == status[0]:
        return remote
    return status or remote or reply_status(diagnostic) or DEFAULTS.get(action, "")


def reply_status(text: str) -> str:
    """Give "4.0.0" or "5.0.0" for the SMTP reply code in a text, "" when there is none."""
    found = REPLY.search(text[:1_000])
    return f"{found[1][0]}.0.0" if found else ""
