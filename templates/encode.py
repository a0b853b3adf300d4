"""Header fields as bytes that nothing in a value can break out of.

Values are cleaned of every control character first, so no header injection is possible; what is
not plain ASCII becomes encoded words of at most 75 characters (RFC 2047 section 2), lines are
folded at 78 (RFC 5322 section 2.1.1). Message-IDs are never encoded nor broken: a reader that
meets a broken id loses the thread.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator

from handlers.errors import PermanentFailure

LINE = 78
WORD_BYTES = 42  # 56 characters of base64, 68 with =?utf-8?b? and ?=, 77 behind "Subject: "

_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[\x21-\x7e]{1,60}")
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")  # RFC 5322 section 3.2.3
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,255}")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")


def one_line(text: str) -> str:
    """Return the text on one line, without control characters; no-break spaces stay."""
    return _CONTROL.sub(" ", text).strip()


def field(name: str, words: Iterable[str]) -> bytes:
    """Return `name: words` folded between words, with its CRLF. The words are ASCII already."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def unstructured(text: str) -> list[str]:
    """Return free text (a Subject) as words for `field`.

    What stands before the first word that needs it stays readable, so `[KEY]` is never encoded.
    """
    words = one_line(text).split(" ")
    plain = next((n for n, word in enumerate(words) if not _is_plain(word)), len(words))
    rest = " ".join(words[plain:])
    return words[:plain] + list(_encoded_words(rest))


def mailbox(address: str, name: str = "") -> list[str]:
    """Return `name <address>` as words for `field` (RFC 5322 section 3.4)."""
    checked = f"<{check_address(address)}>"
    clean = one_line(name)
    if not clean:
        return [checked]
    if _ATOMS.fullmatch(clean) and _all_plain(clean):
        return [*clean.split(" "), checked]
    if clean.isascii() and _all_plain(clean):
        quoted = clean.replace("\\", "\\\\").replace('"', '\\"')
        return [*f'"{quoted}"'.split(" "), checked]
    return [*_encoded_words(clean), checked]


def check_address(address: str) -> str:
    """Return the address as it is. Raises PermanentFailure for one no header may carry."""
    if not _ADDRESS.fullmatch(address):
        raise PermanentFailure(
            f"cannot write to {one_line(address)!r}: not a plain address. "
            "Correct it on the ticket or in the contacts."
        )
    return address


def message_ids(ids: Iterable[str]) -> list[str]:
    """Return the well-formed ids of `ids` once each, in order, as words for `field`."""
    return [one for one in dict.fromkeys(ids) if _MESSAGE_ID.fullmatch(one)]


def _all_plain(text: str) -> bool:
    return all(_is_plain(word) for word in text.split(" "))


def _is_plain(word: str) -> bool:
    """Tell whether a word may stand as it is; "=?" could be read as an encoded word."""
    return word == "" or (_PLAIN.fullmatch(word) is not None and "=?" not in word)


def _encoded_words(text: str) -> Iterator[str]:
    """Yield `text` as encoded words, cut between characters (RFC 2047 section 5)."""
    chunk = b""
    for letter in text:
        data = letter.encode("utf-8", "replace")
        if len(chunk) + len(data) > WORD_BYTES:
            yield _encoded(chunk)
            chunk = b""
        chunk += data
    if chunk:
        yield _encoded(chunk)


def _encoded(data: bytes) -> str:
    return f"=?utf-8?b?{b64encode(data).decode()}?="
