"""Open a file of a mail and say what it is to the business: a paper, a photo, or neither.

This is where foreign formats are decoded, so it runs file by file in a process with bounded time
and memory that is thrown away when it dies. A file that cannot be opened costs itself its
reading, never the mail (X-23).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from parsers.business import BusinessDocument, Photo
from parsers.mail import Attachment, FileKind, ParsedMail

OUR_CODE = 600  # pixels: larger than any code of ours, smaller than any photo of one
MOST_TABLE = 1_000_000  # characters: some seconds of reading
OPENED = (FileKind.PDF, FileKind.IMAGE, FileKind.OFFICE, FileKind.XML)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What a file holds, or the code of why it cannot be used ("" = it can)."""

    document: BusinessDocument | None = None
    photo: Photo | None = None
    table: str = ""
    refusal: str = ""


def wants_opening(file: Attachment) -> bool:
    """Tell whether a file is worth opening: neither decor nor refused by its first bytes."""
    return file.kind in OPENED and not file.decor and not file.refusal


def open_file(file: Attachment) -> Opened:
    """Return what a file holds. Raises nothing but MemoryError; it may take all the time it is
    given and may end its process: call it where that does no harm."""
    # who only wants to know what was read loads no decoder
    from parsers.files.document import read_document
    from parsers.files.pdf_state import PdfState, state_of

    if file.kind is FileKind.IMAGE:
        return _open_picture(file)
    try:
        state = state_of(file.data) if file.kind is FileKind.PDF else PdfState()
        if state.refusal:
            return Opened(refusal=state.refusal)
        document = read_document(file, state)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a reader of foreign formats may stumble over anything
        return Opened(refusal="broken")
    return Opened(document=document, table=_table_of(file))


def _open_picture(file: Attachment) -> Opened:
    """Return the photo a picture is, and what its codes make of it."""
    from parsers.files.photo import document_of, read_photo
    from parsers.files.picture_bounds import PictureRefused

    try:
        photo = read_photo(file.data, file.content_type)
    except PictureRefused as refused:
        return Opened(refusal=refused.code)
    return Opened(document=document_of(photo), photo=photo)


def _table_of(file: Attachment) -> str:
    """Return a workbook as CSV when that is wanted and it is short, else ""."""
    from parsers.files.table_lines import as_csv
    from parsers.files.workbook import is_workbook

    wanted = file.tabular and file.kind is FileKind.OFFICE and is_workbook(file.data)
    return as_csv(file.data, MOST_TABLE) if wanted else ""


def told_of(file: Attachment, opened: Opened) -> Attachment:
    """Return the attachment with what opening it brought; our own code that came back is decor (X-21)."""
    if opened.photo is not None and _is_our_code(opened.photo):
        return replace(file, decor=True)
    refusal = file.refusal or opened.refusal
    return replace(
        file, document=opened.document, photo=opened.photo, table=opened.table, refusal=refusal
    )


def _is_our_code(photo: Photo) -> bool:
    """Tell whether a picture is the code that our messages show to telephones: mail programs send it
    back under another name."""
    small = max(photo.width, photo.height) <= OUR_CODE
    return small and any(code.text.lower().startswith("mailto:") for code in photo.barcodes)


def with_opened_files(mail: ParsedMail) -> ParsedMail:
    """Return the mail with every file opened here and now: for files that we trust."""
    opened = (
        told_of(one, open_file(replace(one, tabular=True))) if wants_opening(one) else one
        for one in mail.attachments
    )
    return replace(mail, attachments=tuple(opened))
