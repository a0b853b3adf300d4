"""What a message carries beside its words: documents, papers we write, a table, small pictures.

Photos leave as their copy, which says neither where nor with what they were taken. What would make
the message larger than relays take is left out, and the message says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.ticket import Document
from templates.mime import File

COPY_TYPE = "image/jpeg"
SHOWN = 12  # pictures of a page; the others are attached as all are


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosed:
    """The files of a message, the logo and the pictures its HTML shows, and the names of what was too
    much."""

    files: tuple[File, ...] = ()
    logo: tuple[File, ...] = ()
    pictures: tuple[File, ...] = ()
    codes: tuple[File, ...] = ()
    left_out: tuple[str, ...] = ()


def enclose(
    own: Iterable[File],
    documents: Iterable[Document],
    files: Mapping[int, bytes],
    thumbnails: Mapping[int, bytes],
    *,
    most: int,
    bounce_key: str,
) -> Enclosed:
    """Return what travels: `own` files always, then documents in order while they fit in `most`
    octets. Raises KeyError when the bytes of a document are not in `files`."""
    kept = list(own)
    shown: list[File] = []
    left_out: list[str] = []
    room = most - sum(len(file.data) for file in kept)
    for one in documents:
        file = File(name=name_of(one), content_type=type_of(one), data=files[one.number])
        if one.number in thumbnails:
            shown.append(_picture(one, thumbnails[one.number], bounce_key))
        if len(file.data) > room:
            left_out.append(f"[{one.number}] {one.filename}")
            continue
        room -= len(file.data)
        kept.append(file)
    return Enclosed(files=tuple(kept), pictures=tuple(shown), left_out=tuple(left_out))


def name_of(document: Document) -> str:
    """Return the name under which a document leaves: that of a copy ends in .jpg."""
    if not document.copy_sha256:
        return document.filename
    stem = document.filename.rpartition(".")[0] or document.filename or "photo"
    return f"{stem}.jpg"


def type_of(document: Document) -> str:
    """Return the content type of what leaves."""
    return COPY_TYPE if document.copy_sha256 else document.content_type


def _picture(document: Document, thumbnail: bytes, bounce_key: str) -> File:
    return File(
        name=f"[{document.number}] {document.filename}",
        content_type=COPY_TYPE,
        data=thumbnail,
        content_id=f"p{document.number}.{bounce_key}@savd",
    )
