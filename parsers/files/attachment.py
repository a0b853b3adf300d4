"""Say what a file is by its first bytes, whatever it is called (X-20, X-21, X-23)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace

from parsers.containers.cms import open_cms
from parsers.files.picture import is_decor
from parsers.mail import Attachment, FileKind
from parsers.mime.part import Part, shown_name

SAMPLE = 4_096
MAIL_START = re.compile(rb"\A(?:From |[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\r\n]*\r?\n[A-Za-z \t])")
ARMOUR = b"-----BEGIN PGP MESSAGE-----"

OURS = "@savd"  # how the Content-IDs end of pictures that our messages show


@dataclass(frozen=True, kw_only=True, slots=True)
class Nature:
    """What a file is: kind and content type."""

    kind: FileKind
    content_type: str


# (offset, magic bytes, kind, content type), most telling first.
MAGIC: tuple[tuple[int, bytes, FileKind, str], ...] = (
    (0, b"%PDF-", FileKind.PDF, "application/pdf"),
    (0, b"\xff\xd8\xff", FileKind.IMAGE, "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", FileKind.IMAGE, "image/png"),
    (0, b"GIF87a", FileKind.IMAGE, "image/gif"),
    (0, b"GIF89a", FileKind.IMAGE, "image/gif"),
    (0, b"II*\x00", FileKind.IMAGE, "image/tiff"),
    (0, b"MM\x00*", FileKind.IMAGE, "image/tiff"),
    (0, b"BM", FileKind.IMAGE, "image/bmp"),
    (4, b"ftypheic", FileKind.IMAGE, "image/heic"),
    (4, b"ftypheix", FileKind.IMAGE, "image/heic"),
    (4, b"ftyphevc", FileKind.IMAGE, "image/heic"),
    (4, b"ftypheim", FileKind.IMAGE, "image/heic"),
    (4, b"ftypheis", FileKind.IMAGE, "image/heic"),
    (4, b"ftyphevx", FileKind.IMAGE, "image/heic"),
    (4, b"ftypmif1", FileKind.IMAGE, "image/heif"),
    (4, b"ftypmsf1", FileKind.IMAGE, "image/heif"),
    (4, b"ftypavif", FileKind.IMAGE, "image/avif"),
    (4, b"ftypavis", FileKind.IMAGE, "image/avif"),
    (8, b"WEBP", FileKind.IMAGE, "image/webp"),
    (0, b"MZ", FileKind.EXECUTABLE, "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", FileKind.EXECUTABLE, "application/x-elf"),
    (0, b"\xcf\xfa\xed\xfe", FileKind.EXECUTABLE, "application/x-mach-binary"),
    (0, b"\xca\xfe\xba\xbe", FileKind.EXECUTABLE, "application/java-vm"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", FileKind.EXECUTABLE, "application/x-ms-shortcut"),
    (0, b"#!", FileKind.EXECUTABLE, "text/x-script"),
    (0, b"Rar!\x1a\x07", FileKind.ARCHIVE, "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE, "application/x-7z-compressed"),
    (0, b"\x1f\x8b", FileKind.ARCHIVE, "application/gzip"),
    (0, b"BZh", FileKind.ARCHIVE, "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", FileKind.ARCHIVE, "application/x-xz"),
    (0, b"MSCF", FileKind.ARCHIVE, "application/vnd.ms-cab-compressed"),
    (257, b"ustar", FileKind.ARCHIVE, "application/x-tar"),
    (32769, b"CD001", FileKind.ARCHIVE, "application/x-iso9660-image"),
    (0, b"{\\rtf", FileKind.OFFICE, "application/rtf"),
    (0, b"BEGIN:VCALENDAR", FileKind.CALENDAR, "text/calendar"),
    (0, b"-----BEGIN PGP SIGNATURE-----", FileKind.SIGNATURE, "application/pgp-signature"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIPS: tuple[tuple[bytes, FileKind, str], ...] = (
    (b"vbaProject.bin", FileKind.MACRO, "application/vnd.ms-office"),
    (b"word/", FileKind.OFFICE, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", FileKind.OFFICE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", FileKind.OFFICE, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument", FileKind.OFFICE, "application/vnd.oasis.opendocument"),
    (b"META-INF/MANIFEST.MF", FileKind.EXECUTABLE, "application/java-archive"),
)  # fmt: skip
_WIDE_XML = tuple(
    mark + "<?xml".encode(codec)
    for codec, byte_order in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"))
    for mark in (byte_order, b"")
)
_E_DOCUMENTS = (
    b"urn:oasis:names:specification:ubl:",
    b"urn:un:unece:uncefact:data:",
    b"urn:ferd:",
)
SIGNATURE_TYPES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
SCRIPT_NAMES = (
    ".exe", ".js", ".jse", ".vbs", ".vbe", ".bat", ".cmd", ".ps1", ".scr", ".pif", ".com", ".msi",
    ".hta", ".wsf", ".lnk", ".jar", ".reg", ".sh", ".cpl",
)  # fmt: skip


def sniff(data: bytes, declared: str, filename: str = "") -> Nature:
    """Say what a file is: magic bytes decide, the declared type only between kinds of text."""
    if not data:
        return Nature(kind=FileKind.EMPTY, content_type=declared or "application/octet-stream")
    if declared in SIGNATURE_TYPES:
        return Nature(kind=FileKind.SIGNATURE, content_type=declared)
    for offset, magic, kind, content_type in MAGIC:
        if data.startswith(magic, offset) and not _is_chance(data, magic):
            return Nature(kind=kind, content_type=content_type)
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if data.startswith(OLE):
        return _ole(data)
    if b"%PDF-" in data[:1_024] and declared != "message/rfc822":
        return Nature(kind=FileKind.PDF, content_type="application/pdf")
    return _text(data, declared, filename.lower())


def _is_chance(data: bytes, magic: bytes) -> bool:
    """Tell whether two letters or four stand there by chance: "BMW" begins like a bitmap, whose
    octets 6 to 9 are zero; WEBP is a picture only inside RIFF."""
    if magic == b"BM":
        return data[6:10] != bytes(4)
    return magic == b"WEBP" and not data.startswith(b"RIFF")


def _zip(data: bytes) -> Nature:
    ends = data[:SAMPLE] + data[-65_536:]
    for sign, kind, content_type in ZIPS:
        if sign in ends:
            return Nature(kind=kind, content_type=content_type)
    return Nature(kind=FileKind.ARCHIVE, content_type="application/zip")


def _ole(data: bytes) -> Nature:
    if "_VBA_PROJECT".encode("utf-16-le") in data or b"Attribut\x00e VB_" in data:
        return Nature(kind=FileKind.MACRO, content_type="application/vnd.ms-office")
    if "__substg1.0_".encode("utf-16-le") in data:
        return Nature(kind=FileKind.MAIL, content_type="application/vnd.ms-outlook")
    return Nature(kind=FileKind.OFFICE, content_type="application/x-ole-storage")


def _text(data: bytes, declared: str, filename: str) -> Nature:
    start = data[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    if filename.endswith(SCRIPT_NAMES):
        return Nature(kind=FileKind.EXECUTABLE, content_type="text/x-script")
    if start.startswith((b"<?xml", *_WIDE_XML)) or _is_bare_xml(start):
        return Nature(kind=FileKind.XML, content_type="application/xml")
    if declared == "message/rfc822" or (filename.endswith(".eml") and MAIL_START.match(start)):
        return Nature(kind=FileKind.MAIL, content_type="message/rfc822")
    if start.startswith(b"BEGIN:VCALENDAR"):
        return Nature(kind=FileKind.CALENDAR, content_type="text/calendar")
    if b"\x00" not in start and _printable(start):
        content_type = declared if declared.startswith("text/") else "text/plain"
        return Nature(kind=FileKind.TEXT, content_type=content_type)
    return Nature(kind=FileKind.OTHER, content_type=declared or "application/octet-stream")


def _is_bare_xml(start: bytes) -> bool:
    """Tell an e-document that lacks its declaration."""
    return start.startswith(b"<") and any(name in start for name in _E_DOCUMENTS)


def _printable(start: bytes) -> bool:
    strange = sum(1 for byte in start if byte < 32 and byte not in b"\t\r\n\f\x1b")
    return strange * 50 <= len(start)


def refusal_of(data: bytes, kind: FileKind) -> str:
    """Name why a file cannot be used (X-23), "" when it can. Sizes are the desk's matter; whether a
    PDF needs a password only shows when it is opened."""
    plain = {
        FileKind.EMPTY: "empty",
        FileKind.MACRO: "macro",
        FileKind.EXECUTABLE: "executable",
        FileKind.ARCHIVE: "archive",
    }
    if kind in plain:
        return plain[kind]
    if kind is FileKind.PDF:
        return "" if b"startxref" in data[-2_048:] or b"%%EOF" in data else "broken"
    if data.startswith(ARMOUR) or open_cms(data[:SAMPLE]).encrypted:
        return "encrypted"
    if kind is FileKind.OFFICE and "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted"
    return "broken" if kind is FileKind.IMAGE and len(data) < 40 else ""


def read_attachment(part: Part) -> Attachment:
    """Make the attachment of a leaf. Bytes are kept, `document` is left to others."""
    data = part.data
    filename = shown_name(part)
    nature = sniff(data, part.content_type, filename)
    inline = part.disposition == "inline" or (
        part.disposition != "attachment"
        and bool(part.content_id)
        and "multipart/related" in part.above
    )
    return Attachment(
        filename=filename,
        content_type=nature.content_type,
        declared_type=part.content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        kind=nature.kind,
        inline=inline,
        content_id=part.content_id,
        decor=nature.kind is FileKind.IMAGE
        and (part.content_id.endswith(OURS) or is_decor(data, inline=inline)),
        refusal=refusal_of(data, nature.kind),
    )


def mark_repeated(files: list[Attachment]) -> list[Attachment]:
    """Mark a picture that a mail shows in several places as decor: a logo under each reply."""
    times = Counter(file.sha256 for file in files if file.inline and file.kind is FileKind.IMAGE)
    return [replace(file, decor=True) if times[file.sha256] > 1 else file for file in files]
