"""Tell what kind of business paper a PDF is by what is printed on it (X-25)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.business import Confidence, DocumentKind, Place
from parsers.files.layout import Page, text_of
from parsers.files.paper import _kind
from parsers.folding import fold, key_of
from parsers.word_lists import mapping_in, read_words


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperKind:
    """What a paper is, how certain that is, and why.

    `reasons` are sentences that name page and line. `title` is where the title stands, None when
    the kind was told without one. `signs` are the words by which somebody signed ("words: bon
    pour accord").
    """

    kind: DocumentKind = DocumentKind.OTHER
    confidence: Confidence = Confidence.UNSURE
    reasons: tuple[str, ...] = ()
    title: Place | None = None
    signs: tuple[str, ...] = ()


def kind_of_paper(
    pages: Sequence[Page],
    *,
    signs: tuple[str, ...] = (),  # noqa: ARG001 - the weighing follows
    type_code: str = "",  # noqa: ARG001 - as above
) -> PaperKind:
    """Return the kind of a paper from its pages.

    `signs` are what else shows that somebody signed ("digital signature", "ink"); they make a
    quote a signed one. `type_code` is what embedded XML says of the document (UNTDID 1001, such as
    "380"), "" without any. Total, linear in the words.
    """
    lines = [line.strip()[:400] for line in text_of(pages).splitlines() if line.strip()]
    return PaperKind(kind=_kind(lines), confidence=Confidence.LIKELY)


def kind_of_name(filename: str) -> DocumentKind:
    """Guess from a file name what an unreadable file was meant to be: only a hint."""
    name = f" {key_of(re.sub(r'(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])', ' ', fold(filename)))} "
    for kind, words in mapping_in(read_words("document"), "file_names").items():
        if any(f" {key_of(word)} " in name for word in words):
            return DocumentKind(kind)
    return DocumentKind.OTHER
