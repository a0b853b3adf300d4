"""Read every paper and count what was read right, wrong, or not at all."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.files.attachment import refusal_of, sniff
from parsers.files.opening import open_file
from parsers.mail import Attachment

from .fields import FIELDS, Judged
from .paper import Paper
from .truth import accepted, has_fields, truth_of, unreadable

NEVER_ORDERS = frozenset({"quote", "signed_quote", "invoice", "credit_note", "other"})


@dataclass(kw_only=True, slots=True)
class Mark:
    """What came of one paper: `kind` is right, unsure or wrong."""

    paper: Paper
    kind: str
    read: BusinessDocument
    fields: dict[str, tuple[Judged, ...]] = field(default_factory=dict)
    refusal: str = ""
    seconds: float = 0.0

    @property
    def taken_for_order(self) -> bool:
        """Tell whether what is no order would be filed as one without asking anybody."""
        read = self.read
        wrong = read.kind is DocumentKind.ORDER and read.confidence is not Confidence.UNSURE
        return wrong and self.paper.kind in NEVER_ORDERS


def attachment(name: str, data: bytes) -> Attachment:
    """Make the attachment a mail with this file would have."""
    nature = sniff(data, "application/octet-stream", name)
    return Attachment(
        filename=name,
        content_type=nature.content_type,
        declared_type="application/octet-stream",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        kind=nature.kind,
        refusal=refusal_of(data, nature.kind),
    )


def kind_mark(paper: Paper, read: BusinessDocument) -> str:
    """Judge the kind. A scan may be left to a person, and must be called unreadable."""
    unsure = read.confidence is Confidence.UNSURE
    if unreadable(paper):
        right = not read.readable and (unsure or read.kind in accepted(paper))
        return "right" if right else "wrong"
    if unsure and read.source is Source.GUESS and read.kind in accepted(paper):
        return "right"  # a scanner guessed these words: a person is to look, whatever they say
    if unsure:
        return "unsure"
    return "right" if read.kind in accepted(paper) else "wrong"


def judge(paper: Paper, data: bytes) -> Mark:
    """Read one paper and compare it with its truth."""
    begun = time.perf_counter()
    opened = open_file(attachment(paper.file, data))
    seconds = time.perf_counter() - begun
    read = opened.document or BusinessDocument(confidence=Confidence.UNSURE, readable=False)
    mark = Mark(paper=paper, kind=kind_mark(paper, read), read=read, refusal=opened.refusal)
    mark.seconds = seconds
    if has_fields(paper):
        truth = truth_of(paper)
        mark.fields = {name: tuple(compare(truth, read)) for name, compare in FIELDS.items()}
    return mark


def judge_all(papers: Iterable[tuple[Paper, bytes]]) -> list[Mark]:
    """Judge many papers."""
    return [judge(paper, data) for paper, data in papers]


def share(marks: Iterable[Mark], name: str) -> float:
    """Return the share of a field's values that were read right; 1 when there are none."""
    judged = [one for mark in marks for one in mark.fields.get(name, ())]
    return sum(one.right for one in judged) / len(judged) if judged else 1.0


def kinds_right(marks: list[Mark]) -> float:
    """Return the share of papers whose kind was right."""
    return sum(mark.kind == "right" for mark in marks) / len(marks)
