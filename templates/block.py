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

from templates.columns import MOST_COLUMNS, cards, level
from templates.view import DocumentView

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\ue003]")
_NUMBER = re.compile(r"[A-Z]{1,6}(?:-[A-Z0-9]{1,12}){1,3}")
_BREAK = re.compile(r"\r\n?|\u2028|\u2029")

LONGEST = 20_000  # characters of one person's words in a message: Gmail cuts a page at 102 kB
LINE = "border-bottom:1px solid #e4e7eb"
CELL = "padding:5px 12px 5px 0;vertical-align:top;text-align:left;border-bottom:1px solid #e4e7eb"
LABEL = f"{CELL};font-weight:normal;color:#55606c;width:38%"
FACT = f"{CELL};font-weight:normal"
HEAD = f"{CELL};font-size:13px;color:#55606c"
TABLE = "border-collapse:collapse;width:100%;margin:0 0 16px;font-size:15px;line-height:21px"
FRAME = "border-collapse:collapse;width:100%"
GROUND = "#f4f6f8"  # behind words that are set apart
QUOTE = f"margin:0;padding:10px 14px;border-left:4px solid #c3ccd6;background-color:{GROUND}"
FORM = (
    f"padding:12px 14px;border:1px solid #c3ccd6;background-color:{GROUND};line-height:26px;"
    "word-break:break-word"
)
PICTURE = (
    "display:inline-block;width:180px;margin:0 12px 12px 0;vertical-align:top;font-size:13px;"
    "line-height:18px;color:#55606c;word-break:break-word"
)
CODE = "font-family:Consolas,Menlo,monospace;font-size:14px;font-weight:bold"


@dataclass(frozen=True, slots=True)
class Block:
    """Something a notice shows, in both of its forms."""

    text: str
    html: str
    inline: bool = False


def clean(value: object) -> str:
    """Return a value as text without control characters; lines end in a line feed."""
    return _CONTROL.sub("", _BREAK.sub("\n", str(value)))


def shortened(words: str) -> str:
    """Return words that a message can hold; what is longer ends in […] and is read in the ticket."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]} […]"


def html_of(value: object) -> str:
    """Return a value as HTML text: escaped, its line ends as <br>."""
    return escape_html(clean(value)).replace("\n", "<br>\n")


def plain(value: object) -> Block:
    """Return an ordinary value as a block."""
    if isinstance(value, Block):
        return value
    told = clean(value)
    kept = f'<span style="white-space:nowrap">{html_of(told)}</span>'  # a number is read as one
    return Block(told, kept if _NUMBER.fullmatch(told) else html_of(told), inline=True)


def quote(words: object) -> Block:
    """Return somebody's words, set apart."""
    said = shortened(clean(words).strip("\n"))
    text = "\n".join(f"    {line}".rstrip() for line in said.split("\n"))
    shown = f'<blockquote style="margin:0">{html_of(said)}</blockquote>'
    return Block(text, panel(shown, QUOTE))


def letter(words: object) -> Block:
    """Return somebody's words as the body of a letter."""
    said = clean(words).strip("\n")
    return Block(said, f'<p style="margin:0 0 16px">{html_of(said)}</p>')


def rows(pairs: Iterable[Sequence[object] | Mapping[str, object]], colon: str = ": ") -> Block:
    """Return (label, value) pairs, or mappings with `label` and `value`, as a recap."""
    read = [_pair(pair) for pair in pairs]
    text = "\n".join(
        f"  {label}{colon if value else ''}{_indented(value)}" for label, value in read
    )
    return Block(text, _table("".join(_row(label, value) for label, value in read)))


def _row(label: str, value: str) -> str:
    """Return a row; a fact without a value has all of it. Long addresses may break at their @."""
    if not value:
        return f'<tr><th scope="row" colspan="2" style="{FACT}">{html_of(label)}</th></tr>'
    shown = html_of(value).replace("@", "@<wbr>")
    return (
        f'<tr><th scope="row" class="soft" style="{LABEL}">{html_of(label)}</th>'
        f'<td style="{CELL}">{shown}</td></tr>'
    )


def form(pairs: Iterable[Sequence[object] | str], colon: str = ": ") -> Block:
    """Return a form of labelled lines, filled as far as the values go, ready to be answered."""
    read = [_pair(pair) for pair in pairs]
    text = "\n".join(f"{label}{colon}{_indented(value)}".rstrip(" ") for label, value in read)
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

    On a phone each row is stacked, the header's words before each cell (see layout.html); rows of many
    columns are stacked everywhere.
    """
    body = [[plain(cell) for cell in line] for line in lines]
    head = [clean(cell) for cell in header]
    shown = ([head] if head else []) + [[cell.text for cell in line] for line in body]
    text = "\n".join(" | ".join(line).rstrip() for line in level(shown, aligned=aligned))
    if len(head) > MOST_COLUMNS:
        labels = [html_of(f"{cell}{colon}") for cell in head]
        return Block(text, cards([[cell.html for cell in line] for line in body], labels))
    top = "".join(
        f'<th scope="col" class="soft" style="{HEAD}">{html_of(cell)}</th>' for cell in head
    )
    inner = "".join(f'<tr valign="top">{_cells(line, head, colon)}</tr>' for line in body)
    first = f'<tr class="head">{top}</tr>' if head else ""
    return Block(text, _table(first + inner, "wide", padding=5))


def commands(lines: Iterable[Mapping[str, object]]) -> Block:
    """Return the commands possible now: a line to copy, or to touch when it has a `link` that opens a
    mail with it, and what it does."""
    read = [(clean(one["line"]), clean(one["help"]), clean(one.get("link", ""))) for one in lines]
    text = "\n".join(f"  {line}\n      {told}" for line, told, _ in read)
    inner = "".join(
        f'<tr><td style="{CELL};padding:12px 12px 12px 0">{_command(line, link)}'
        f'<br><span class="soft" style="color:#55606c">{html_of(told)}</span></td></tr>'
        for line, told, link in read
    )
    return Block(text, _table(inner, role="presentation"))


def _command(line: str, link: str) -> str:
    shown = f'<span style="{CODE}">{html_of(line)}</span>'
    return f'<a href="{html_of(link)}" style="color:#1f5c99">{shown}</a>' if link else shown


def bullets(items: Iterable[object]) -> Block:
    """Return a list of items."""
    read = [clean(item) for item in items]
    text = "\n".join(f"- {_indented(item)}" for item in read)
    inner = "".join(f'<li style="margin:0 0 6px">{html_of(item)}</li>' for item in read)
    return Block(text, f'<ul style="margin:0 0 16px;padding:0 0 0 22px">{inner}</ul>')


def pictures(shown: Iterable[tuple[str, str]]) -> Block:
    """Return the pictures of a message, (content id, name) each, side by side with their names; in
    text only the names, because the files are attached as well."""
    read = [(cid, clean(name)) for cid, name in shown]
    text = "\n".join(f"- {name}" for _, name in read)
    inner = "".join(
        f'<span class="soft" style="{PICTURE}"><img src="cid:{html_of(cid)}" alt="{html_of(name)}" width="180"'
        f' style="max-width:100%;height:auto;border:1px solid #c3ccd6"><br>{html_of(name)}</span>'
        for cid, name in read
    )
    return Block(text, f'<div style="margin:0 0 16px">{inner}</div>')


def filled(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs that have a value."""
    return [(label, value) for label, value in pairs if value]


def missing(items: Iterable[Mapping[str, object]]) -> Block:
    """Return what is missing (`label`, `example`, `choices`) as a list, one line each."""
    return bullets(_asked(item) for item in items)


def _asked(item: Mapping[str, object]) -> str:
    choices = item.get("choices") or ()
    told = " / ".join(map(str, choices)) if isinstance(choices, list | tuple) else str(choices)
    hint = told or str(item.get("example") or "")
    return f"{item['label']} ({hint})" if hint else str(item["label"])


def files(documents: Iterable[DocumentView], *, numbered: bool = False) -> Block:
    """Return documents as a list, with the numbers that commands use when asked for."""
    return bullets(
        f"{f'[{one.number}] ' if numbered else ''}{one.kind} – {one.filename}" for one in documents
    )


def listed(value: object) -> list[str]:
    """Return one value or several as a list without empty ones."""
    items = value if isinstance(value, list | tuple) else [value]
    return [clean(item) for item in items if item not in (None, "")]


def joined(value: object) -> str:
    """Return one value or several as one line."""
    return ", ".join(listed(value))


def lines(items: Iterable[object]) -> Block:
    """Return lines that stay lines, as in an address."""
    read = [clean(item) for item in items]
    text = "\n".join(f"    {item}" for item in read)
    inner = "<br>\n".join(html_of(item) for item in read)
    return Block(text, f'<p style="margin:0 0 16px;padding:0 0 0 16px">{inner}</p>')


def _pair(pair: Sequence[object] | Mapping[str, object]) -> tuple[str, str]:
    if isinstance(pair, str):
        return clean(pair), ""
    label, value = (pair["label"], pair["value"]) if isinstance(pair, Mapping) else pair
    return clean(label), shortened(clean(value))


def _indented(value: str) -> str:
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


def _table(inner: str, name: str = "rows", *, role: str = "", padding: int = 0) -> str:
    """Return rows as a table: of facts, or with the role "presentation" of lines without columns. What
    the table says once for all cells, each of many cells need not repeat."""
    told = f'role="{role}" ' if role else ""
    return (
        f'<table {told}class="{name}" width="100%" cellpadding="{padding}" cellspacing="0" '
        f'border="0" style="{TABLE}">{inner}</table>'
    )
