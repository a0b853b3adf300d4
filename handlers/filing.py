"""Attachments become documents of a ticket: which, of what kind, and of which ticket (X-2, X-11, X-20…X-25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources

import yaml

from handlers.decision import NewDocument
from handlers.order_check import ORDER_KINDS
from handlers.paper_fields import euros, fields_of
from handlers.ticket import Document, Ticket, Visibility
from handlers.turn import Turn
from parsers.business import BusinessDocument, DocumentKind
from parsers.fields.said import phrases_said
from parsers.folding import key_of
from parsers.mail import Attachment, FileKind, Intent, IntentKind

PAPERS: dict[str, tuple[str, ...]] = {
    kind: tuple(key_of(phrase) for phrase in phrases)
    for kind, phrases in yaml.safe_load(
        (resources.files("handlers.words") / "papers.yaml").read_text(encoding="utf-8")
    ).items()
}
READABLE_ORDERS = (FileKind.PDF, FileKind.OFFICE, FileKind.XML)
SLOT_INTENTS = (
    IntentKind.EMPTY,
    IntentKind.ACCEPTANCE,
    IntentKind.AMBIGUOUS,
    IntentKind.THANKS,
    IntentKind.UNKNOWN,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """The attachments of a mail sorted: promoted ones with their kind, and refused ones."""

    promoted: tuple[tuple[Attachment, str], ...] = ()
    refused: tuple[Attachment, ...] = ()


def sort_attachments(
    attachments: tuple[Attachment, ...],
    expects: tuple[str, ...],
    intent: Intent,
    known_images: frozenset[str] = frozenset(),
    *,
    said: str = "",
) -> Filed:
    """Sort attachments. Decor is neither promoted nor refused (X-21); `expects` are the documents
    the state waits for: they decide what a file is that cannot be read (X-11), and so does the name
    that the words `said` give it (F-49)."""
    slot = slot_for(expects, said)
    wanted = [a for a in attachments if not _is_decor(a, known_images)]
    refused = tuple(a for a in wanted if a.refusal)
    promoted = tuple(
        (a, slot if slot and is_unread(a) else kind_of(a, expects, intent))
        for a in wanted
        if not a.refusal
    )
    return Filed(promoted=promoted, refused=refused)


def slot_for(expects: tuple[str, ...], said: str) -> str:
    """Return the document that is waited for and that the words name, "" for none."""
    named = (kind for kind in PAPERS if kind in expects and phrases_said(said, PAPERS[kind]))
    return next(named, "")


def is_unread(attachment: Attachment) -> bool:
    """Tell whether a file itself does not say what it is: a photo, a scan."""
    if attachment.kind is FileKind.IMAGE:
        return not attachment.inline
    read = attachment.document
    return attachment.kind in READABLE_ORDERS and (read is None or not read.readable)


def kind_of(attachment: Attachment, expects: tuple[str, ...], intent: Intent) -> str:
    """Return what a file is to the ticket: by content, then by what the state expects."""
    read = attachment.document or BusinessDocument()
    if attachment.kind is FileKind.IMAGE:
        signed = "signed_quote" in expects and intent.kind in (
            IntentKind.EMPTY,
            IntentKind.ACCEPTANCE,
        )
        return "signed_quote" if signed and not attachment.inline else "photo"
    if read.kind is not DocumentKind.OTHER:
        return read.kind.value
    slot = next((kind for kind in expects if kind in ORDER_KINDS), "")
    fits = attachment.kind in READABLE_ORDERS and intent.kind in SLOT_INTENTS
    if slot and fits and (not read.readable or attachment.kind is not FileKind.PDF):
        return slot
    return "other"


def file_documents(
    turn: Turn, filed: Filed, visibility: Visibility, flags: Mapping[str, str] | None = None
) -> Turn:
    """Return the turn with the promoted files filed as its ticket's next documents.

    `flags` maps the digest of a file to a flag its document gets ("to_attach", "to_share").
    """
    made: list[NewDocument] = []
    for attachment, kind in filed.promoted:
        if any(d.sha256 == attachment.sha256 for d in turn.ticket.documents) and kind == "photo":
            continue
        number = len(turn.ticket.documents) + len(made) + 1
        flag = (flags or {}).get(attachment.sha256, "")
        made.append(
            _document(turn, attachment, kind, number=number, visibility=visibility, flag=flag)
        )
    documents = tuple(new.document for new in made)
    event = replace(turn.event, documents=(*turn.event.documents, *documents))
    turn = turn.with_ticket(documents=(*turn.ticket.documents, *documents)) if made else turn
    return replace(turn, event=event, documents=(*turn.documents, *made))


def cited_by(attachment: Attachment) -> tuple[str, ...]:
    """Return the quote and RMA numbers a file names."""
    read = attachment.document
    return (*read.quotes, *read.rma_numbers) if read is not None else ()


def amounts_agree(ticket: Ticket, read: BusinessDocument) -> bool:
    """Tell whether the amount a document carries is that of the ticket's quote (X-2)."""
    pairs = (("quote_net", read.net_cents), ("quote_gross", read.gross_cents))
    said = [(ticket.fields.get(name, ""), cents) for name, cents in pairs if cents is not None]
    told = [(field, euros(cents)) for field, cents in said if field]
    return bool(told) and all(field == cents for field, cents in told)


def _document(
    turn: Turn, attachment: Attachment, kind: str, *, number: int, visibility: Visibility, flag: str
) -> NewDocument:
    read = attachment.document
    unreadable = kind in ORDER_KINDS and (read is None or not read.readable)
    flags = frozenset(f for f in (flag, "unreadable" if unreadable else "") if f)
    document = Document(
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
        fields=fields_of(read, attachment.photo),
        flags=flags,
    )
    return NewDocument(document=document, data=attachment.data)


def _is_decor(attachment: Attachment, known_images: frozenset[str]) -> bool:
    if attachment.kind in (FileKind.SIGNATURE, FileKind.CALENDAR):
        return True
    return attachment.decor or (attachment.inline and attachment.sha256 in known_images)
