"""Decode encoded words (RFC 2047), also the broken ones that mail programs send."""

from __future__ import annotations

import binascii
import re

from parsers.mime.charset import decode
from parsers.mime.codec import codec_of
from parsers.mime.transfer import from_base64

TEXT_LIMIT = 65_536
WORD_LIMIT = 2_000

START = re.compile(r"=\?\s{0,3}([^?\s*=]{0,40})(?:\*[^?\s]{0,20})?\s{0,3}\?([bBqQ])\?")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
HEX = re.compile(r"=[0-9A-Fa-f]{2}")
OPEN_END = re.compile(r"[^\s?]*\??")


def decode_words(text: str) -> str:
    """Decode the encoded words of a field; neighbours of one charset are joined.

    Joining first keeps characters whole that a bad encoder cut in two.
    """
    if "=?" not in text:
        return text
    text = text[:TEXT_LIMIT]
    run = _Run()
    position = 0
    while found := START.search(text, position):
        end, behind = _end(text, found)
        between = text[position : found.start()]
        if end < 0:
            run.plain(text[position : found.end()])
            position = found.end()
            continue
        if between.strip() or not position:
            run.plain(between)
        run.word(found[1].lower(), found[2], text[found.end() : end])
        position = behind
    run.plain(text[position:])
    return CONTROL.sub(" ", "".join(run.pieces)).strip()


class _Run:
    """The pieces decoded so far, and the words of one charset that wait to be joined."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.charset = ""
        self.data: list[bytes] = []
        self.letters = ""

    def plain(self, text: str) -> None:
        """Add text that is no encoded word."""
        self._flush()
        self.pieces.append(text)

    def word(self, charset: str, encoding: str, text: str) -> None:
        """Add an encoded word."""
        if charset != self.charset:
            self._flush()
            self.charset = charset
        if encoding in "qQ":
            self._close_base64()
            data = text.replace("\t", " ").encode("utf-8", "replace")
            self.data.append(binascii.a2b_qp(data, header=True))
            return
        self.letters += "".join(text.split())
        if len(self.letters) % 4 == 0 or text.rstrip().endswith("="):
            self._close_base64()

    def _close_base64(self) -> None:
        """Decode the letters that wait: some programs cut them at any place."""
        if self.letters:
            self.data.append(from_base64(self.letters.encode("ascii", "ignore")))
        self.letters = ""

    def _flush(self) -> None:
        self._close_base64()
        if self.data:
            self.pieces.append(decode(b"".join(self.data), self.charset))
        self.data = []


def _end(text: str, start: re.Match[str]) -> tuple[int, int]:
    """Find where the content of a word ends and what is behind begins; (-1, -1): no word."""
    end = text.find("?=", start.end(), start.end() + WORD_LIMIT)
    following = text.find("=?", start.end(), start.end() + WORD_LIMIT)
    if end < 0 or 0 <= following < end - 1:
        return _open_end(text, start)
    while start[2] in "qQ" and HEX.match(text, end + 1):
        # `?=20...`: a question mark that should have been encoded, not the end
        later = text.find("?=", end + 2, start.end() + WORD_LIMIT)
        if later < 0 or "=?" in text[end + 2 : later] or " " in text[end + 2 : later]:
            break
        end = later
    return end, end + 2


def _open_end(text: str, start: re.Match[str]) -> tuple[int, int]:
    """Accept a word that was cut off, when its charset exists and it is one token."""
    found = OPEN_END.match(text, start.end(), start.end() + WORD_LIMIT)
    if not found or not found[0].strip("?") or not codec_of(start[1]):
        return -1, -1
    content = found[0].partition("=?")[0]
    end = start.end() + len(content)
    return start.end() + len(content.rstrip("?")), end
