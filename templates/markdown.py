"""The light Markdown of notices, made HTML and plain text.

What is converted is a skeleton: the notice with a numbered slot wherever a value goes. Few
skeletons exist, so both conversions are kept; values are filled in afterwards, each in its own
form. Nothing a person wrote ever passes through the Markdown reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import mistune

from templates.block import Block

OPEN, CLOSE = "\ue000", "\ue001"  # private use characters; `block.clean` takes them out of values
KEPT = 2048

_SLOT = re.compile(f"{OPEN}b?(\\d+){CLOSE}")
_ALONE = re.compile(f"<p[^>]*>({OPEN}b\\d+{CLOSE})</p>")
_BOLD = re.compile(r"\*\*(.+?)\*\*|`([^`\n]+)`")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:mailto:)?([^)\s]+)\)")
_STARTS = re.compile(f"- |\\d+\\. |#|{OPEN}b")
_ENDS = re.compile(f"#|{OPEN}b")

PARAGRAPH = "margin:0 0 16px"


class _Inline(mistune.HTMLRenderer):
    """HTML with its style on each element: mail clients drop style sheets."""

    def paragraph(self, text: str) -> str:
        return f'<p style="{PARAGRAPH}">{text}</p>\n'

    def heading(self, text: str, level: int, **_attrs: object) -> str:
        return f'<h{level} style="margin:20px 0 8px;font-size:17px;line-height:24px">{text}</h{level}>\n'

    def list(self, text: str, ordered: bool, **_attrs: object) -> str:
        tag = "ol" if ordered else "ul"
        return f'<{tag} style="margin:0 0 16px;padding:0 0 0 22px">\n{text}</{tag}>\n'

    def list_item(self, text: str) -> str:
        return f'<li style="margin:0 0 6px">{text}</li>\n'

    def codespan(self, text: str) -> str:
        return f'<span style="font-family:Consolas,Menlo,monospace">{mistune.escape(text)}</span>'


_read = mistune.create_markdown(renderer=_Inline(escape=True))


def slot(number: int, *, block: bool) -> str:
    """Return the mark that stands for value `number` in a skeleton; blocks stand alone."""
    return f"{OPEN}{'b' if block else ''}{number}{CLOSE}"


def to_html(skeleton: str, values: Sequence[Block]) -> str:
    """Return the notice as HTML."""
    return _SLOT.sub(lambda found: values[int(found[1])].html, _html(skeleton))


def to_text(skeleton: str, values: Sequence[Block]) -> str:
    """Return the notice as plain text: a paragraph is one line, the reader's program wraps it."""
    return _SLOT.sub(lambda found: values[int(found[1])].text, _text(skeleton))


def to_line(skeleton: str, values: Sequence[Block]) -> str:
    """Return a skeleton without Markdown, such as a subject, filled in."""
    return _SLOT.sub(lambda found: values[int(found[1])].text, skeleton)


@lru_cache(maxsize=KEPT)
def _html(skeleton: str) -> str:
    # A block that stands alone brings its own element.
    return _ALONE.sub(r"\1", str(_read(skeleton)))


@lru_cache(maxsize=KEPT)
def _text(skeleton: str) -> str:
    paragraphs = re.split(r"\n\s*\n", skeleton.strip("\n"))
    return "\n\n".join(_plain_paragraph(one) for one in paragraphs)


def _plain_paragraph(paragraph: str) -> str:
    joined: list[str] = []
    for line in paragraph.split("\n"):
        if joined and not _STARTS.match(line.strip()) and not _ENDS.match(joined[-1]):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line.strip())
    return "\n".join(_unmarked(line) for line in joined)


def _unmarked(line: str) -> str:
    bare = _BOLD.sub(lambda found: found[1] or found[2], line.lstrip("#").strip())
    return _LINK.sub(lambda found: f"{found[1]} ({found[2]})", bare)
