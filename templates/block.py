"""Blocks: values of several lines that a notice shows, each with a text and an HTML form.

A notice is one Markdown source. Every value in it is put in after the Markdown was read, by
`templates.markdown`, so a customer's words can become neither markup nor a link. A plain value
is one piece of text; the filters below make blocks of lists and of longer words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape as escape_html
from itertools import zip_longest
from typing import TypeAlias

from templates.columns import LONGEST_WORD, cards, fits, level

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\ue003]")
_NUMBER = re.compile(r"[A-Z]{1,6}(?:-[A-Z0-9]{1,12}){1,3}")
_LONG = re.compile(rf"[^\s<>]{{{LONGEST_WORD},}}")  # in HTML, so no mark is broken
_JOINT = re.compile(r"(?<=[._/-])(?=\w)|(?=@)|(?<=[a-z])(?=[A-Z])")
_PIECE = re.compile(r"(?:&#?\w+;|.){1,10}")
_BREAK = re.compile(r"\r\n?|\u2028|\u2029")

LINE = "border-bottom:1px solid #e4e7eb"
CELL = "padding:5px 12px 5px 0;vertical-align:top;text-align:left;border-bottom:1px solid #e4e7eb"
LABEL = (
    f"{CELL};font-weight:normal;color:#55606c;width:38%;word-break:normal;"
    "-webkit-hyphens:auto;hyphens:auto"
)
FACT = f"{CELL};font-weight:normal"
HEAD = f"{LINE};text-align:left;vertical-align:top;font-size:13px;color:#55606c"
TABLE = "border-collapse:collapse;width:100%;margin:0 0 16px;font-size:15px;line-height:21px"
WHOLE = "word-break:normal"  # words of narrow columns stay whole
FRAME = "border-collapse:collapse;width:100%"
GROUND = "#f4f6f8"  # behind words that are set apart
QUOTE = f"margin:0;padding:10px 14px;border-left:4px solid #c3ccd6;background-color:{GROUND}"
FORM = (
    f"padding:12px 14px;border:1px solid #c3ccd6;background-color:{GROUND};line-height:26px;"
    "word-break:break-word"
)
TOUCH = "display:block;padding:12px 0 10px;line-height:22px;color:#1f5c99"
CODE = "font-family:Consolas,Menlo,monospace;font-size:14px;font-weight:bold"


Pair: TypeAlias = "Sequence[object] | Mapping[str, object] | str"


@dataclass(frozen=True, slots=True)
class Block:
    """Something a notice shows, in both of its forms."""

    text: str
    html: str
    inline: bool = False


def clean(value: object) -> str:
    """Return a value as text without control characters; lines end in a line feed."""
    return _CONTROL.sub("", _BREAK.sub("\n", str(value)))


def html_of(value: object) -> str:
    """Return a value as HTML text: escaped, its line ends as <br>."""
    return escape_html(clean(value)).replace("\n", "<br>\n")


def breakable(shown: str) -> str:
    """Return HTML words of which the longest may be broken, first where their parts join: a column is
    never wider than the widest of its words."""
    return _LONG.sub(lambda found: "<wbr>".join(_pieces(found[0])), shown)


def _pieces(word: str) -> list[str]:
    parts = _JOINT.split(word)
    return [
        one
        for part in parts
        for one in ([part] if len(part) < LONGEST_WORD else _PIECE.findall(part))
    ]


def plain(value: object) -> Block:
    """Return an ordinary value as a block."""
    if isinstance(value, Block):
        return value
    told = clean(value)
    kept = f'<span style="white-space:nowrap">{html_of(told)}</span>'  # a number is read as one
    return Block(told, kept if _NUMBER.fullmatch(told) else html_of(told), inline=True)


def quote(words: object) -> Block:
    """Return somebody's words, set apart."""
    said = clean(words).strip("\n")
    text = "\n".join(f"    {line}".rstrip() for line in said.split("\n"))
    shown = f'<blockquote style="margin:0">{html_of(said)}</blockquote>'
    return Block(text, panel(shown, QUOTE))


def letter(words: object) -> Block:
    """Return somebody's words as the body of a letter."""
    said = clean(words).strip("\n")
    return Block(said, f'<p style="margin:0 0 16px">{html_of(said)}</p>')


def rows(pairs: Iterable[Sequence[object] | Mapping[str, object]], colon: str = ": ") -> Block:
    """Return (label, value) pairs, or mappings with `label` and `value`, as a recap."""
    read = [pair(one) for one in pairs]
    text = "\n".join(f"  {label}{colon if value else ''}{indented(value)}" for label, value in read)
    return Block(text, _table("".join(_row(label, value) for label, value in read)))


def _row(label: str, value: str) -> str:
    """Return a row; a fact without a value has all of it."""
    if not value:
        return f'<tr><th scope="row" colspan="2" style="{FACT}">{html_of(label)}</th></tr>'
    return (
        f'<tr><th scope="row" class="soft" style="{LABEL}">{breakable(html_of(label))}</th>'
        f'<td style="{CELL}">{breakable(html_of(value))}</td></tr>'
    )


def form(pairs: Iterable[Sequence[object] | str], colon: str = ": ") -> Block:
    """Return a form of labelled lines, filled as far as the values go, ready to be answered."""
    read = [pair(one) for one in pairs]
    text = "\n".join(f"{label}{colon}{indented(value)}".rstrip(" ") for label, value in read)
    lines = (
        f"<strong>{html_of(label)}{html_of(colon).rstrip(' ')}</strong> {html_of(value)}"
        for label, value in read
    )
    return Block(text, panel("<br>\n".join(lines), FORM))


def comparison(
    compared: Iterable[Mapping[str, object]], header: Sequence[object] = (), colon: str = ": "
) -> Block:
    """Return an order beside its quote (`label`, `quote`, `order`, `verdict`), each row with its
    verdict, in bold when it is `odd`; text has its columns one below the other."""
    read = (
        (one["label"], one["quote"], one["order"], _verdict(one["verdict"], bool(one["odd"])))
        for one in compared
    )
    return table(read, header, colon, aligned=True)


def _verdict(words: object, odd: bool) -> Block:
    told = plain(words)
    return replace(told, html=f"<strong>{told.html}</strong>") if odd else told


def table(
    lines: Iterable[Sequence[object]],
    header: Sequence[object] = (),
    colon: str = ": ",
    *,
    aligned: bool = False,
) -> Block:
    """Return rows under a header; in text each row is one line, cells apart by a bar, one below the
    other when `aligned`.

    On a phone each row is stacked, the header's words before each cell (see layout.html); rows whose
    columns have no room on a page are stacked everywhere.
    """
    body = [[_cell(cell) for cell in line] for line in lines]
    head = [clean(cell) for cell in header]
    told = [[cell.text for cell in line] for line in body]
    shown = ([head] if head else []) + told
    text = "\n".join(" | ".join(line).rstrip() for line in level(shown, aligned=aligned))
    if head and not fits(head, told):
        labels = [html_of(f"{cell}{colon}") for cell in head]
        return Block(text, cards([[cell.html for cell in line] for line in body], labels))
    top = "".join(
        f'<th scope="col" class="soft" style="{HEAD}">{html_of(cell)}</th>' for cell in head
    )
    inner = "".join(f'<tr valign="top">{_cells(line, head, colon)}</tr>' for line in body)
    first = f'<tr class="head">{top}</tr>' if head else ""
    return Block(text, _table(first + inner, "wide", padding=5, style=f"{TABLE};{WHOLE}"))


def _cell(value: object) -> Block:
    told = plain(value)
    if isinstance(value, Block) or "nowrap" in told.html:
        return told
    return replace(told, html=breakable(told.html))


def commands(lines: Iterable[Mapping[str, object]]) -> Block:
    """Return the commands possible now: a line to copy, or to touch when it has a `link` that opens a
    mail with it, and what it does."""
    read = [(clean(one["line"]), clean(one["help"]), clean(one.get("link", ""))) for one in lines]
    text = "\n".join(f"  {line}\n      {told}" for line, told, _ in read)
    inner = "".join(
        f'<tr><td style="{CELL}">{_command(line, link)}'
        f'<p class="soft" style="margin:0 0 8px;color:#55606c">{html_of(told)}</p></td></tr>'
        for line, told, link in read
    )
    return Block(text, _table(inner, role="presentation"))


def _command(line: str, link: str) -> str:
    """Return a command as a line that a thumb can hit: 44 pixels high."""
    shown = f'<span style="{CODE}">{html_of(line)}</span>'
    if not link:
        return f'<p style="margin:8px 0 0">{shown}</p>'
    return f'<a class="touch" href="{html_of(link)}" style="{TOUCH}">{shown}</a>'


def pair(given: Pair) -> tuple[str, str]:
    """Return label and value of a pair, a mapping or a label alone as text."""
    if isinstance(given, str):
        return clean(given), ""
    label, value = (given["label"], given["value"]) if isinstance(given, Mapping) else given
    return clean(label), clean(value)


def indented(value: str) -> str:
    """Return a value whose further lines stand below its first one."""
    return value.replace("\n", "\n    ")


def _cells(line: Sequence[Block], head: Sequence[str], colon: str) -> str:
    """Return cells that say on a phone, where the header is not shown, what they are; there empty ones
    are left out."""
    named = zip_longest(map(plain, head), line, fillvalue=plain(""))
    return "".join(
        f'<td style="{LINE}">{_label(label.text, colon)}{cell.html}</td>'
        if cell.text
        else f'<td class="none" style="{LINE}"></td>'
        for label, cell in named
    )


def _label(words: str, colon: str) -> str:
    told = f"{html_of(words)}{html_of(colon)}"
    return f'<span class="phone soft" style="display:none">{told}</span>' if words else ""


def panel(inner: str, style: str, name: str = "panel", ground: str = GROUND) -> str:
    """Return HTML set apart on a ground of its own: a table, because Outlook pads nothing else."""
    frame = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    cell = f'<td class="{name}" bgcolor="{ground}" style="{style}">{inner}</td>'
    return (
        f'<table {frame} style="{FRAME}"><tr><td style="padding:0 0 16px">'
        f'<table {frame} style="{FRAME}"><tr>{cell}</tr></table></td></tr></table>'
    )


def _table(
    inner: str, name: str = "rows", *, role: str = "", padding: int = 0, style: str = TABLE
) -> str:
    """Return rows as a table: of facts, or with the role "presentation" of lines without columns. What
    the table says once for all cells, each of many cells need not repeat."""
    told = f'role="{role}" ' if role else ""
    return (
        f'<table {told}class="{name}" width="100%" cellpadding="{padding}" cellspacing="0" '
        f'border="0" style="{style}">{inner}</table>'
    )
