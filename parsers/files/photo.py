"""Read a photo: what it shows as far as pixels tell, and the copies that may leave the house.

Called in a confined process with limits, file by file: decoders are foreign code.
"""

from __future__ import annotations

from parsers.business import BusinessDocument, Photo, Source
from parsers.files.barcodes import read_barcodes
from parsers.files.codes import serials_of, shown_by
from parsers.files.copies import copy_of, shown, thumbnail_of
from parsers.files.decoding import decode
from parsers.files.fingerprint import fingerprint
from parsers.files.ocr import guessed_text

_SIDEWAYS = range(5, 9)


def read_photo(data: bytes, content_type: str) -> Photo:
    """Read a picture whose type is known by its magic bytes; of several in one file the first.

    Raises PictureRefused (its code is a refusal of an attachment), MemoryError when it needs more
    than there is.
    """
    decoded = decode(data, content_type)
    barcodes = read_barcodes(decoded.pixels)
    seen = shown(decoded.pixels, orientation=decoded.orientation, profile=decoded.profile)
    sideways = decoded.orientation in _SIDEWAYS
    return Photo(
        width=decoded.height if sideways else decoded.width,
        height=decoded.width if sideways else decoded.height,
        fingerprint=fingerprint(seen),
        barcodes=barcodes,
        copy=copy_of(seen),
        thumbnail=thumbnail_of(seen),
        located=decoded.located,
        suggested=guessed_text(seen),
    )


def document_of(photo: Photo) -> BusinessDocument:
    """Return what a photo means to the business by its codes alone."""
    seen = shown_by(photo.barcodes)
    return BusinessDocument(
        kind=seen.kind,
        confidence=seen.confidence,
        reasons=seen.reasons,
        source=Source.NONE,
        serials=serials_of(photo.barcodes),
    )
