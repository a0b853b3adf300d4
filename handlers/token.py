"""Signed reply addresses and Message-IDs (X-1).

A token names the ticket, the role and the recipient it was issued to, and carries an
HMAC-SHA-256 of 130 bits over them, the desk and the key id. It routes and proves nothing else: authority
comes from who writes (X-3). Local parts are compared in lower case, because relays fold case.

    rma+t412000.c7k2m9xq.k1.<26 characters>@desk.example      reply address
    <t412000.m412.N1.c7k2m9xq.k1.<26 characters>@desk.example>  Message-ID
    rma+b.k1.<the same 26 characters>@desk.example            reverse-path
    rma+l412000.o7k2m9xq.k1.<26 characters>@desk.example      leaves the ticket; "j": comes back
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.ticket import Role

ROLE_LETTERS = {
    Role.CONTACT: "c",
    Role.REQUESTER: "r",
    Role.PARTICIPANT: "p",
    Role.OBSERVER: "o",
    Role.AGENT: "a",
    Role.EXTERNAL: "x",
    Role.INTERNAL: "i",
}
LETTER_ROLES = {letter: role for role, letter in ROLE_LETTERS.items()}
MAC_LENGTH = 26

_ADDRESS = re.compile(r"t(\d{1,18})\.([a-z])([a-z2-7]{8})\.([a-z0-9]{1,8})\.([a-z2-7]{26})")
_MESSAGE_ID = re.compile(
    r"<t(\d{1,18})\.([mteor]\d{1,18})\.([A-Za-z0-9_-]{1,40})\.([a-z])([a-z2-7]{8})\.([a-z0-9]{1,8})"
    r"\.([a-z2-7]{26})@([^<>@\s]{1,255})>"
)
_LEAVE = re.compile(r"([lj])(\d{1,18})\.([a-z])([a-z2-7]{8})\.([a-z0-9]{1,8})\.([a-z2-7]{26})")
_BOUNCE = re.compile(r"b\.([a-z0-9]{1,8})\.([a-z2-7]{26})")


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRing:
    """The desk's secrets by key id. `current` signs, all verify, so keys can be rotated."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a verified token says. `who` is a digest: compare it with `digest_of(address)`."""

    ticket_id: int
    role: Role
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a verified leave address says: whom it was issued to, and whether they come `back`. `undo` is
    the address that undoes it."""

    token: Token
    back: bool = False
    undo: str = ""


def digest_of(address: str) -> str:
    """Return the eight characters that stand for an address inside tokens."""
    return _base32(hashlib.sha256(address.lower().encode()).digest())[:8]


def reply_address(keys: KeyRing, desk_address: str, ticket_id: int, role: Role, to: str) -> str:
    """Return the address on which `to`, in this role, answers about this ticket."""
    said = f"t{ticket_id}.{ROLE_LETTERS[role]}{digest_of(to)}"
    local, _, domain = desk_address.partition("@")
    mac = _mac(keys, keys.current, "reply", desk_address, said)
    return f"{local}+{said}.{keys.current}.{mac}@{domain}"


def read_reply_address(keys: KeyRing, desk_address: str, address: str) -> Token | None:
    """Return what a reply address of this desk says, or None when it is not ours or was altered."""
    match = _ADDRESS.fullmatch(_detail(desk_address, address))
    if match is None or match[2] not in LETTER_ROLES:
        return None
    said = f"t{match[1]}.{match[2]}{match[3]}"
    if not _verified(keys, match[4], "reply", desk_address, said=said, mac=match[5]):
        return None
    return Token(ticket_id=int(match[1]), role=LETTER_ROLES[match[2]], who=match[3])


def leave_address(
    keys: KeyRing, desk_address: str, ticket_id: int, role: Role, to: str, *, back: bool = False
) -> str:
    """Return the address on which a mail, whatever it says and whoever sends it, makes `to` get no more
    messages of a ticket that they did not ask for; of digests for ticket 0. `back` undoes it."""
    said = f"{'j' if back else 'l'}{ticket_id}.{ROLE_LETTERS[role]}{digest_of(to)}"
    return _leave_address(keys, desk_address, said)


def _leave_address(keys: KeyRing, desk_address: str, said: str) -> str:
    local, _, domain = desk_address.partition("@")
    mac = _mac(keys, keys.current, "leave", desk_address, said)
    return f"{local}+{said}.{keys.current}.{mac}@{domain}"


def read_leave_address(keys: KeyRing, desk_address: str, address: str) -> Wish | None:
    """Return what a leave address of this desk says, or None when it is not ours or was altered."""
    match = _LEAVE.fullmatch(_detail(desk_address, address))
    if match is None or match[3] not in LETTER_ROLES:
        return None
    said = f"{match[1]}{match[2]}.{match[3]}{match[4]}"
    if not _verified(keys, match[5], "leave", desk_address, said=said, mac=match[6]):
        return None
    token = Token(ticket_id=int(match[2]), role=LETTER_ROLES[match[3]], who=match[4])
    back = match[1] == "j"
    undo = _leave_address(keys, desk_address, f"{'l' if back else 'j'}{said[1:]}")
    return Wish(token=token, back=back, undo=undo)


def message_id(
    keys: KeyRing,
    desk_address: str,
    ticket_id: int,
    *,
    cause: str,
    notice: str,
    role: Role,
    to: str,
) -> str:
    """Return the Message-ID of a notice: the same cause, notice and recipient give the same id."""
    said = f"t{ticket_id}.{cause}.{notice}.{ROLE_LETTERS[role]}{digest_of(to)}"
    mac = _mac(keys, keys.current, "id", desk_address, said)
    return f"<{said}.{keys.current}.{mac}@{desk_address.partition('@')[2]}>"


def message_ids_told(
    keys: KeyRing, desk_address: str, told: Token, *, cause: str, notice: str
) -> tuple[str, ...]:
    """Return the Message-IDs, one for each key, that a notice to the person of a token has or had."""
    said = f"t{told.ticket_id}.{cause}.{notice}.{ROLE_LETTERS[told.role]}{told.who}"
    domain = desk_address.partition("@")[2]
    macs = ((one, _mac(keys, one, "id", desk_address, said)) for one in keys.keys)
    return tuple(f"<{said}.{one}.{mac}@{domain}>" for one, mac in macs)


def read_message_id(keys: KeyRing, desk_address: str, text: str) -> Token | None:
    """Return what one of our Message-IDs says, or None when it is not ours or was altered."""
    match = _MESSAGE_ID.fullmatch(text)
    if match is None or match[4] not in LETTER_ROLES:
        return None
    said = f"t{match[1]}.{match[2]}.{match[3]}.{match[4]}{match[5]}"
    if not _verified(keys, match[6], "id", desk_address, said=said, mac=match[7]):
        return None
    return Token(ticket_id=int(match[1]), role=LETTER_ROLES[match[4]], who=match[5])


def bounce_key(our_message_id: str) -> str:
    """Return the key of the reverse-path for one of our Message-IDs: its MAC."""
    return our_message_id.partition("@")[0].rpartition(".")[2]


def reverse_path(keys: KeyRing, desk_address: str, our_message_id: str) -> str:
    """Return the envelope sender whose bounces can only be about this message (VERP)."""
    local, _, domain = desk_address.partition("@")
    return f"{local}+b.{keys.current}.{bounce_key(our_message_id)}@{domain}"


def read_reverse_path(desk_address: str, address: str) -> str:
    """Return the bounce key of a reverse-path of this desk, or ""."""
    match = _BOUNCE.fullmatch(_detail(desk_address, address))
    return match[2] if match else ""


def _detail(desk_address: str, address: str) -> str:
    """Return the sub-address (RFC 5233) in lower case when `address` is below `desk_address`."""
    local, _, domain = desk_address.lower().partition("@")
    user, _, host = address.lower().rpartition("@")
    if host != domain or not user.startswith(f"{local}+"):
        return ""
    return user[len(local) + 1 :]


def _verified(keys: KeyRing, key_id: str, use: str, desk: str, *, said: str, mac: str) -> bool:
    if key_id not in keys.keys:
        return False
    return hmac.compare_digest(_mac(keys, key_id, use, desk, said), mac)


def _mac(keys: KeyRing, key_id: str, use: str, desk_address: str, said: str) -> str:
    text = f"{key_id}|{use}|{desk_address.lower()}|{said}"
    return _base32(hmac.digest(keys.keys[key_id], text.encode(), "sha256"))[:MAC_LENGTH]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().lower().rstrip("=")
