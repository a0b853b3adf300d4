"""The light Markdown of notices, made HTML and plain text.

What is converted is a skeleton: the notice with a numbered slot wherever a value goes. Few
skeletons exist, so both conversions are kept; values are filled in afterwards, each in its own
form. Nothing a person wrote ever passes through the Markdown reader.

Quoted lines (`> `) are the box with the one next step; a box that begins in bold says that the
reader has to act, and is coloured like the desk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import mistune

from templates.block import Block, panel
from templates.look import Shades

OPEN, CLOSE = "\ue000", "\ue001"  # private use characters; `block.clean` takes them out of values
COLOUR, TINT = "\ue002", "\ue003"  # they stand for the desk's shades
KEPT = 2048
LEAD = 140

_SLOT = re.compile(f"{OPEN}b?(\\d+){CLOSE}")
_ALONE = re.compile(f"<p[^>]*>({OPEN}b\\d+{CLOSE})</p>")
_BOLD = re.compile(r"\*\*(.+?)\*\*|`([^`\n]+)`")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:mailto:)?([^)\s]+)\)")
_STARTS = re.compile(f"- |\\d+\\. |#|{OPEN}b")
_ENDS = re.compile(f"#|{OPEN}b")
_QUOTED = re.compile(r"^> ?", re.MULTILINE)
_BETWEEN = re.compile(r"\n\s*\n")

HEADING = "margin:24px 0 8px;font-size:17px;line-height:24px;font-weight:bold"
PARAGRAPH = "margin:0 0 16px"
BOX = "padding:16px 18px 0;border-left:4px solid "
QUIET, QUIET_LINE = "#f4f6f8", "#9aa5b0"


class _Inline(mistune.HTMLRenderer):
    """HTML with its style on each element: mail clients drop style sheets."""

    def paragraph(self, text: str) -> str:
        return f'<p style="{PARAGRAPH}">{text}</p>\n'

    def heading(self, text: str, level: int, **_attrs: object) -> str:
        return f'<h{level} style="{HEADING}">{text}</h{level}>\n'

    def block_quote(self, text: str) -> str:
        if text.startswith(f'<p style="{PARAGRAPH}"><strong>'):
            return panel(text, f"{BOX}{COLOUR};background-color:{TINT}", "box act", TINT) + "\n"
        return panel(text, f"{BOX}{QUIET_LINE};background-color:{QUIET}", "box", QUIET) + "\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        return f'<a href="{mistune.escape_url(url)}" style="color:{COLOUR}">{text}</a>'

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


def to_html(skeleton: str, values: Sequence[Block], shades: Shades) -> str:
    """Return the notice as HTML, coloured with the desk's shades."""
    page = _html(skeleton).replace(COLOUR, shades.colour).replace(TINT, shades.tint)
    return _SLOT.sub(lambda found: values[int(found[1])].html, page)


def to_text(skeleton: str, values: Sequence[Block]) -> str:
    """Return the notice as plain text: a paragraph is one line, the reader's program wraps it."""
    return _SLOT.sub(lambda found: values[int(found[1])].text, _text(skeleton))


def to_line(skeleton: str, values: Sequence[Block]) -> str:
    """Return a skeleton without Markdown, such as a subject, filled in."""
    return _SLOT.sub(lambda found: values[int(found[1])].text, skeleton)


def to_lead(skeleton: str, values: Sequence[Block], after: int = 0) -> str:
    """Return what an inbox shows beside the subject: the start of the paragraph that comes after the
    first `after`, at most LEAD characters."""
    paragraph = _text(skeleton).split("\n\n", after + 1)[after:][:1]
    words = " ".join(
        _SLOT.sub(lambda found: values[int(found[1])].text, "".join(paragraph)).split()
    )
    return words if len(words) <= LEAD else f"{words[: words.rfind(' ', 0, LEAD)]}…"


@lru_cache(maxsize=KEPT)
def _html(skeleton: str) -> str:
    # A block that stands alone brings its own element.
    return _ALONE.sub(r"\1", str(_read(skeleton)))


@lru_cache(maxsize=KEPT)
def _text(skeleton: str) -> str:
    return "\n\n".join(map(_plain_part, _BETWEEN.split(skeleton.strip("\n"))))


def _plain_part(part: str) -> str:
    """Return a paragraph, or a box without its marks: an arrow shows where something is to be done."""
    if not part.startswith(">"):
        return _plain_paragraph(part)
    inner = _QUOTED.sub("", part)
    lead = "→ " if inner.startswith("**") else ""
    return lead + "\n\n".join(map(_plain_paragraph, _BETWEEN.split(inner)))


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
