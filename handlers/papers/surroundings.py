"""What stands around the files of a mail, and what a file is taken for in the light of it (X-11)."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.papers.file_words import PHOTOS, papers_named, says_signed
from handlers.papers.quotes import ORDER_KINDS
from parsers.business import Confidence, DocumentKind
from parsers.mail import Intent, IntentKind

SLOT_INTENTS = (
    IntentKind.EMPTY,
    IntentKind.ACCEPTANCE,
    IntentKind.AMBIGUOUS,
    IntentKind.THANKS,
    IntentKind.UNKNOWN,
)
BINDING = (*ORDER_KINDS, DocumentKind.QUOTE, DocumentKind.SIGNED_AGREEMENT)
"""Kinds that bind somebody: the name of a file alone makes none of them."""

SIGNED = (DocumentKind.SIGNED_AGREEMENT.value, DocumentKind.SIGNED_QUOTE.value)
OTHER, PHOTO = DocumentKind.OTHER.value, DocumentKind.PHOTO.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What stands around the files of a mail: the documents its state `expects`, what the mail wants,
    the words `said`, and whether it brings papers (then a picture is hardly meant to be one)."""

    expects: tuple[str, ...] = ()
    intent: Intent = field(default_factory=Intent)
    said: str = ""
    papers: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledAs:
    """What a file was taken for, how certain that is, and why, as a sentence."""

    kind: str
    confidence: Confidence
    reason: str


def awaited_and_named(around: Surroundings) -> str:
    """Return the document that the state waits for and that the words name, "" for none; "the signed
    document" is the signed one it waits for."""
    named = papers_named(around.said)
    signed = SIGNED if not named and says_signed(around.said) else ()
    return next((kind for kind in (*named, *signed) if kind in around.expects), "")


def papers_awaited(around: Surroundings) -> tuple[str, ...]:
    """Return what the state waits for that is no photo."""
    return tuple(kind for kind in around.expects if kind != PHOTO and kind not in PHOTOS)
