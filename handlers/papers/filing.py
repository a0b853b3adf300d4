"""Attachments become documents of a ticket: which, of what kind, and of which ticket (X-2, X-11, X-20…X-25)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.decision import NewDocument
from handlers.desk import FilePolicy
from handlers.papers.file_kind import is_paper, kind_of
from handlers.papers.file_policy import under_policy
from handlers.papers.fingerprints import fingerprint_of
from handlers.papers.paper_fields import amount_text, fields_of
from handlers.papers.quotes import ORDER_KINDS
from handlers.papers.surroundings import OTHER, FiledAs, Surroundings
from handlers.ticket import Document, Ticket, Visibility, Withheld
from handlers.turn import Turn
from parsers.business import BusinessDocument, Confidence, Photo, Source
from parsers.mail import Attachment, FileKind, Intent

GENEROUS = FilePolicy()
LIST = FiledAs(kind=OTHER, confidence=Confidence.SURE, reason="it lists what is asked for")
FORM = FiledAs(kind=OTHER, confidence=Confidence.SURE, reason="our form, filled in on a screen")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """The attachments of a mail sorted: promoted ones with what they were taken for, refused ones
    with their reason in `refusal`."""

    promoted: tuple[tuple[Attachment, FiledAs], ...] = ()
    refused: tuple[Attachment, ...] = ()


def sort_attachments(
    attachments: tuple[Attachment, ...],
    expects: tuple[str, ...],
    intent: Intent,
    known_images: frozenset[str] = frozenset(),
    *,
    said: str = "",
    policy: FilePolicy = GENEROUS,
    held: int = 0,
) -> Filed:
    """Sort attachments. Decor is neither promoted nor refused (X-21); `expects` are the documents
    the state waits for: they decide what a file is that cannot be read (X-11), and so does the name
    that the words `said` give it (F-49). `held` are the octets that the ticket keeps already."""
    wanted = [a for a in attachments if not _is_decor(a, known_images)]
    judged = under_policy(wanted, policy, held)
    taken = [a for a in judged if not a.refusal]
    around = Surroundings(
        expects=expects, intent=intent, said=said, papers=any(map(is_paper, taken))
    )
    return Filed(
        promoted=tuple((a, _taken_for(a, around, policy)) for a in taken),
        refused=tuple(a for a in judged if a.refusal),
    )


def _taken_for(file: Attachment, around: Surroundings, policy: FilePolicy) -> FiledAs:
    """Return what a file is: a list or a form of ours is no paper, unless the state waits for it."""
    if file.sha256 in policy.lists:
        return LIST
    found = kind_of(file, around)
    return FORM if file.sha256 in policy.forms and found.kind not in around.expects else found


def octets_of(ticket: Ticket) -> int:
    """Return how much the documents of a ticket weigh."""
    return sum(document.size for document in ticket.documents)


def file_documents(
    turn: Turn,
    filed: Filed,
    visibility: Visibility,
    flags: Mapping[str, str] | None = None,
    *,
    vouched: bool = False,
) -> Turn:
    """Return the turn with the promoted files filed as its ticket's next documents.

    `flags` maps the digest of a file to a flag its document gets ("to_attach", "to_share"). What an
    agent brings is `vouched` for: it never waits for a person to say what it is.
    """
    made: list[NewDocument] = []
    told: list[str] = []
    for attachment, taken in filed.promoted:
        if _is_here_already(turn.ticket, attachment, taken.kind):
            continue
        number = turn.ticket.next_document + len(made)
        extra = [(flags or {}).get(attachment.sha256, "")]
        extra += ["unsure"] if taken.confidence is Confidence.UNSURE and not vouched else []
        one = _document(turn, attachment, taken.kind, number=number, visibility=visibility)
        one = replace(one, flags=one.flags | set(filter(None, extra)))
        made.append(
            NewDocument(document=one, data=attachment.data, copies=copies_of(attachment.photo))
        )
        told.append(
            f"{turn.ticket.key}: document {number} is {taken.kind} ({taken.confidence}):"
            f" {taken.reason}"
        )
    return _with_documents(turn, made, filed.refused, told)


def copies_of(photo: Photo | None) -> dict[str, bytes]:
    """Return what may leave in the place of a photo, and its thumbnail, by their digests."""
    made = (photo.copy, photo.thumbnail) if photo is not None else ()
    return {_digest(data): data for data in made if data}


def amounts_agree(ticket: Ticket, read: BusinessDocument) -> bool:
    """Tell whether the amount a document carries is that of the ticket's quote (X-2)."""
    pairs = (("quote_net", read.net_cents), ("quote_gross", read.gross_cents))
    said = [(ticket.fields.get(name, ""), cents) for name, cents in pairs if cents is not None]
    told = [(field, amount_text(cents)) for field, cents in said if field]
    return bool(told) and all(field == cents for field, cents in told)


def _with_documents(
    turn: Turn, made: list[NewDocument], refused: tuple[Attachment, ...], told: list[str]
) -> Turn:
    documents = tuple(new.document for new in made)
    event = replace(turn.event, documents=(*turn.event.documents, *documents), refused=refused)
    turn = _on_ticket(turn, documents) if made else turn
    told += [f"{turn.ticket.key}: {file.filename} is refused: {file.refusal}" for file in refused]
    return replace(
        turn, event=event, documents=(*turn.documents, *made), filed=(*turn.filed, *told)
    )


def _on_ticket(turn: Turn, documents: tuple[Document, ...]) -> Turn:
    """Return the turn with new documents on its ticket; of internal ones it only knows that they are
    there (R-8)."""
    shown = [one for one in documents if one.visibility is not Visibility.INTERNAL]
    hidden = [one for one in documents if one.visibility is Visibility.INTERNAL]
    withheld = (Withheld(number=one.number, author=one.author) for one in hidden)
    return turn.with_ticket(
        documents=(*turn.ticket.documents, *shown),
        withheld=(*turn.ticket.withheld, *withheld),
    )


def _is_here_already(ticket: Ticket, file: Attachment, kind: str) -> bool:
    """Tell whether a ticket holds this very photo: mails drag them along in what they quote."""
    held = (d.sha256 for d in ticket.documents if file.inline or "disabled" not in d.flags)
    return kind.startswith("photo") and file.sha256 in held


def _document(
    turn: Turn, attachment: Attachment, kind: str, *, number: int, visibility: Visibility
) -> Document:
    read, photo = attachment.document, attachment.photo
    return Document(
        number=number,
        kind=kind,
        filename=attachment.filename,
        content_type=attachment.content_type,
        size=attachment.size,
        sha256=attachment.sha256,
        author=turn.event.actor.address,
        at=turn.event.requested_at,
        cause=turn.event.cause,
        visibility=visibility,
        fields=fields_of(read, photo),
        flags=_flags_of(attachment, kind),
        copy_sha256=_digest(photo.copy) if photo is not None and photo.copy else "",
        thumbnail_sha256=_digest(photo.thumbnail) if photo is not None and photo.thumbnail else "",
        fingerprint=fingerprint_of(attachment),
    )


def _flags_of(attachment: Attachment, kind: str) -> frozenset[str]:
    """Return what is odd about a file itself."""
    read, photo = attachment.document, attachment.photo
    guessed = (read is not None and read.source is Source.GUESS) or (
        photo is not None and bool(photo.suggested)
    )
    odd = {
        "unreadable": kind in ORDER_KINDS and not _says_something(attachment),
        "suggested": guessed,
        "unscanned": attachment.scan == "unscanned",
    }
    return frozenset(flag for flag, is_so in odd.items() if is_so)


def _says_something(file: Attachment) -> bool:
    """Tell whether a file was read as a paper: a photo was not, unless its pixels were guessed."""
    read = file.document
    if read is None or not read.readable:
        return False
    return file.kind is not FileKind.IMAGE or read.source is Source.GUESS


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_decor(attachment: Attachment, known_images: frozenset[str]) -> bool:
    if attachment.kind in (FileKind.SIGNATURE, FileKind.CALENDAR):
        return True
    return attachment.decor or (attachment.inline and attachment.sha256 in known_images)
