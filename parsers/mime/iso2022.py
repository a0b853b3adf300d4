"""Read ISO-2022-JP as Japanese mail programs write it (RFC 1468, with the makers' extensions).

Circled numbers, company signs and half-width kana are outside RFC 1468 and in every second mail;
Python's own codecs refuse them. Shift_JIS as Microsoft extended it has them all, and is one
sum away.
"""

from __future__ import annotations

import re

ESCAPE = re.compile(rb"\x1b(\$\(?[@BDOQ]|\([A-Z]|\$\)C)|[\x0e\x0f]")
DOUBLE = frozenset({b"$@", b"$B", b"$(@", b"$(B", b"$(O", b"$(Q"})
SUPPLEMENT = b"$(D"
KANA = b"(I"


def from_iso2022_jp(data: bytes) -> str:
    """Decode ISO-2022-JP; a missing return to ASCII ends with the line. Never raises."""
    pieces: list[str] = []
    state, start = b"(B", 0
    for found in ESCAPE.finditer(data):
        pieces.append(_lines(data[start : found.start()], state))
        state, start = found[1] or (KANA if found[0] == b"\x0e" else b"(B"), found.end()
    pieces.append(_lines(data[start:], state))
    return "".join(pieces)


def _lines(data: bytes, state: bytes) -> str:
    """Decode a run of one state; a line break ends it (RFC 1468 section 2)."""
    if state not in DOUBLE and state not in {SUPPLEMENT, KANA}:
        return data.decode("utf-8", "replace")
    line, end, rest = data.partition(b"\n")
    return _run(line.rstrip(b"\r"), state) + (end + rest).decode("utf-8", "replace")


def _run(data: bytes, state: bytes) -> str:
    if state == KANA:
        return bytes(byte | 0x80 for byte in data).decode("cp932", "replace")
    pairs = data[: len(data) // 2 * 2]
    if state == SUPPLEMENT:
        wide = bytes(byte | 0x80 for byte in pairs)
        marked = b"".join(b"\x8f" + wide[n : n + 2] for n in range(0, len(wide), 2))
        return marked.decode("euc_jp", "replace")
    shifted = b"".join(map(_shift_jis, pairs[0::2], pairs[1::2]))
    return shifted.decode("cp932", "replace")


def _shift_jis(row: int, cell: int) -> bytes:
    """Turn a JIS X 0208 position into Shift_JIS (the sum of JIS X 0208 annex 1)."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return b"?"
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + (0x1F if row % 2 else 0x7E) + (row % 2 and cell >= 0x60)
    return bytes((lead, trail))
