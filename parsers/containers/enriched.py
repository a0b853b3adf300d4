"""Read text/enriched and its forerunner text/richtext (RFC 1896, RFC 1341 section 7.1.3)."""

from __future__ import annotations

import re

ENRICHED = frozenset({"text/enriched", "text/richtext"})

BREAKS = re.compile(r"\n+")
MARKS = re.compile(r"<<|<param>[^<]*(?:</param>)?|<nl>|</?[a-z][\w-]{0,59}>", re.IGNORECASE)


def from_enriched(text: str) -> str:
    r"""Give the words: of n line breaks the first is a blank, `<<` is `<`, marks are dropped."""
    text = BREAKS.sub(lambda breaks: breaks[0][1:] or " ", text)
    return MARKS.sub(_spell, text)


def _spell(mark: re.Match[str]) -> str:
    return {"<<": "<", "<nl>": "\n"}.get(mark[0].lower(), "")
