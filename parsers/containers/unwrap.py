"""Take apart what wraps texts and files besides MIME: S/MIME, winmail.dat, uuencode, Apple double.

After that the leaves of a mail are what a person would call its texts and its files. Nothing is
decrypted and no signature is verified; what is encrypted is named, so that a person sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from parsers.containers.cms import Wrapping, open_cms
from parsers.containers.enriched import ENRICHED, from_enriched
from parsers.containers.mapi import body_parts, file_part
from parsers.containers.tnef import SIGNATURE, read_tnef
from parsers.containers.uuencode import take_files
from parsers.mime.charset import clean, decode
from parsers.mime.part import Part, safe_filename
from parsers.mime.transfer import undo_encoding

SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
TEXTS = frozenset({"text/plain", "text/html"})
ENVELOPES = frozenset({"application/pgp-encrypted", "application/applefile"})
"""Parts that carry no content of their own (RFC 3156 section 4, RFC 1740)."""

FILES = (b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04")
"""What no text begins with, whatever its part is called."""

ARMOUR = b"-----BEGIN PGP MESSAGE-----"
ENCRYPTED = "encrypted"

Splitter = Callable[[bytes], tuple[list[Part], list[str]]]


def unwrap(parts: list[Part], split: Splitter | None) -> tuple[list[Part], list[str]]:
    """Open the containers among the leaves; `split` cuts a mail inside one, None when too deep.

    The second value names what was found: `encrypted`.
    """
    found: list[Part] = []
    defects: list[str] = []
    for number, part in enumerate(parts):
        opened, defect = _open(part, split, 1_000 * (number + 1))
        found.extend(opened)
        defects.extend(defect)
    if not any(part.content_type in TEXTS for part in found):
        found = [_plain(part) if _is_enriched(part) else part for part in found]
    if any(map(_is_tnef, found)):
        found = _open_tnef(found)
    return found, defects


def _open(part: Part, split: Splitter | None, shift: int) -> tuple[list[Part], list[str]]:
    if part.content_type in SMIME_TYPES or part.filename.lower().endswith(".p7m"):
        return _open_smime(part, split, shift)
    if part.content_type == "application/pgp-encrypted":
        return [], [ENCRYPTED]
    if part.content_type in ENVELOPES and part.container == "multipart/appledouble":
        return [], []
    if _unnamed_signature(part):
        return [], []
    if part.content_type in TEXTS and undo_encoding(part.raw[:64], part.encoding).startswith(FILES):
        return [replace(part, content_type="application/octet-stream")], []
    if part.content_type == "text/plain" and "boundary" in part.parameters and split:
        return _open_encoded(part, split, shift)
    if part.content_type == "text/plain":
        return take_files(part), [ENCRYPTED] if ARMOUR in part.raw else []
    return [part], []


def _is_enriched(part: Part) -> bool:
    """Tell an enriched text from a file: it is shown where a mail has no other text."""
    shown = not part.filename and part.disposition != "attachment"
    return shown and part.content_type in ENRICHED


def _plain(part: Part) -> Part:
    """Turn an enriched text into a plain one."""
    text = from_enriched(clean(decode(part.data, part.parameters.get("charset", ""))))
    return replace(
        part,
        raw=text.encode("utf-8", "replace"),
        encoding="",
        content_type="text/plain",
        parameters={"charset": "utf-8"},
    )


def _open_encoded(part: Part, split: Splitter, shift: int) -> tuple[list[Part], list[str]]:
    """Open a multipart that was encoded whole, against RFC 2045 section 6.4."""
    data = part.data
    delimiter = b"--" + part.parameters["boundary"].encode("utf-8", "replace")
    if data is part.raw or not (data.startswith(delimiter) or b"\n" + delimiter in data):
        return take_files(part), []
    kind = part.headers.first.get("content-type", b"")
    inner, defects = split(b"Content-Type:" + kind + b"\n\n" + data)
    return [_inside(leaf, part, shift) for leaf in inner], defects


def _unnamed_signature(part: Part) -> bool:
    """Tell a signature that is nothing but the envelope of a signed text (RFC 1847)."""
    signature = part.content_type.endswith(("/pgp-signature", "pkcs7-signature"))
    return signature and part.container == "multipart/signed" and not part.filename


def _open_smime(part: Part, split: Splitter | None, shift: int) -> tuple[list[Part], list[str]]:
    """Put what was signed in place of the wrapping; keep what is encrypted as a file."""
    wrapping = open_cms(part.data)
    kind = part.parameters.get("smime-type", "").lower()
    if wrapping.encrypted or (wrapping == Wrapping() and kind.endswith("enveloped-data")):
        return [part], [ENCRYPTED]
    if not wrapping.content:
        return [part], []
    if part.filename and part.filename.lower() != "smime.p7m":
        return [_signed_file(part, wrapping.content)], []
    if split is None:
        return [part], ["too_deep"]
    inner, defects = split(wrapping.content)
    return [_inside(leaf, part, shift) for leaf in inner], defects


def _signed_file(part: Part, content: bytes) -> Part:
    """Give the file inside `invoice.pdf.p7m`."""
    name = safe_filename(part.filename[: -len(".p7m")])
    return replace(
        part, raw=content, encoding="", filename=name, content_type="application/octet-stream"
    )


def _inside(leaf: Part, around: Part, shift: int) -> Part:
    """Place a leaf of an inner mail among those of the outer one."""
    above = (*around.above, around.content_type, *leaf.above)
    alternative = leaf.alternative + shift if leaf.alternative else around.alternative
    return replace(leaf, above=above, alternative=alternative)


def _is_tnef(part: Part) -> bool:
    if part.content_type in TNEF_TYPES or part.filename.lower() == "winmail.dat":
        return True
    start = undo_encoding(part.raw[:64], part.encoding)
    return part.content_type == "application/octet-stream" and start.startswith(SIGNATURE)


def _open_tnef(parts: list[Part]) -> list[Part]:
    """Put the files of winmail.dat in its place, and its text where the mail has no other."""
    has_text = any(part.content_type in TEXTS and part.raw.strip() for part in parts)
    found: list[Part] = []
    for number, part in enumerate(parts):
        message = read_tnef(part.data) if _is_tnef(part) else None
        if message is None:
            found.append(part)
            continue
        like = replace(part, alternative=1_000_000 + number)
        texts = [] if has_text else body_parts(message, like)
        files = [file_part(file, part) for file in message.files]
        found.extend([*texts, *files] or [part])
    return found
