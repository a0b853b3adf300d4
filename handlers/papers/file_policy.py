"""Which files a desk takes: their type by the first bytes, their size, and what a ticket holds (X-20, X-22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.desk import FilePolicy
from parsers.mail import Attachment, FileKind

MEBIBYTE = 1 << 20
WHEN_OPENED = ("broken", "too_heavy", "encrypted")
"""Refusals that sending the file anew would heal: not so when the desk does not take its type."""

BY_CONTENT = {
    "application/pdf": "pdf",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/heic": "heic",
    "image/heif": "heic",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/gif": "gif",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/rtf": "rtf",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/html": "html",
    "message/rfc822": "eml",
    "application/vnd.ms-outlook": "msg",
}
# What a container holds stands in its first or last octets: the name of a stream, or of a format.
INSIDE_OLE = (("WordDocument", "doc"), ("Workbook", "xls"), ("PowerPoint Document", "ppt"))
INSIDE_ZIP = ((b"opendocument.text", "odt"), (b"opendocument.spreadsheet", "ods"))


def type_of(file: Attachment) -> str:
    """Return the type of a file as a desk's configuration names it (`desk.FILE_TYPES`)."""
    if file.content_type == "application/x-ole-storage":
        inside = (kind for name, kind in INSIDE_OLE if name.encode("utf-16-le") in file.data)
        return next(inside, "other")
    if file.content_type.startswith("application/vnd.oasis.opendocument"):
        return next((kind for sign, kind in INSIDE_ZIP if sign in file.data[:200]), "odp")
    if file.kind is FileKind.OTHER:  # its content type is only what the mail claims
        return "mp4" if file.data[4:8] == b"ftyp" else "other"
    if file.content_type in BY_CONTENT:
        return BY_CONTENT[file.content_type]
    return "txt" if file.content_type.startswith("text/") else "other"


def under_policy(
    files: Iterable[Attachment], policy: FilePolicy, held: int = 0
) -> tuple[Attachment, ...]:
    """Return the files, each one that the desk does not take with its refusal: "heic", "type",
    "too_big" or "ticket_full". `held` are the octets that the ticket keeps already."""
    judged: list[Attachment] = []
    for file in files:
        refusal = _refusal(file, policy, held)
        judged.append(replace(file, refusal=refusal))
        held += 0 if refusal else file.size
    return tuple(judged)


def limit_of(refusal: str, policy: FilePolicy) -> str:
    """Return the size a refusal speaks of, in megabytes: "20", "0.5"; "" when it speaks of none."""
    limits = {"too_big": policy.size, "ticket_full": policy.ticket_size}
    return f"{limits[refusal] / MEBIBYTE:.3g}" if refusal in limits else ""


def _refusal(file: Attachment, policy: FilePolicy, held: int) -> str:
    if file.refusal and file.refusal not in WHEN_OPENED:
        return file.refusal
    kind = type_of(file)
    if kind not in policy.types and file.sha256 not in policy.lists:
        return "heic" if kind == "heic" else "type"
    if file.refusal:
        return file.refusal
    if file.size > policy.size:
        return "too_big"
    return "ticket_full" if held + file.size > policy.ticket_size else ""
