"""Take the armour of OpenPGP texts apart (RFC 9580 section 7): only clear-signed words are new."""

from __future__ import annotations

from parsers.mail import SegmentKind

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
SEALED = "-----BEGIN PGP MESSAGE-----"
ENDS = frozenset({"-----END PGP SIGNATURE-----", "-----END PGP MESSAGE-----"})


def mark_armour(lines: list[str], kinds: list[SegmentKind]) -> None:
    """Mark the armour lines of the writer's own words as signature."""
    inside = ""
    for number, line in enumerate(lines):
        text = line.strip()
        if kinds[number] is not SegmentKind.NEW:
            continue
        if text in {SIGNED, SIGNATURE, SEALED}:
            inside = text
        if inside:
            kinds[number] = SegmentKind.SIGNATURE
        if text in ENDS or (inside == SIGNED and not text):
            inside = ""
