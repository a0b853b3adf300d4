"""Blocks that are lists: of words, of what is missing, of documents, of pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from templates.block import Block, breakable, clean, html_of, indented
from templates.view import DocumentView

PICTURE = "border-collapse:collapse;width:192px"
SHOWN = "padding:0 12px 12px 0;vertical-align:top;font-size:13px;line-height:18px;color:#55606c"
EDGE = "max-width:100%;height:auto;border:1px solid #c3ccd6"


def bullets(items: Iterable[object]) -> Block:
    """Return a list of items."""
    read = [clean(item) for item in items]
    text = "\n".join(f"- {indented(item)}" for item in read)
    inner = "".join(f'<li style="margin:0 0 6px">{html_of(item)}</li>' for item in read)
    return Block(text, f'<ul style="margin:0 0 16px;padding:0 0 0 22px">{inner}</ul>')


def pictures(shown: Iterable[tuple[str, str]]) -> Block:
    """Return the pictures of a message, (content id, name) each, side by side with their names; in
    text only the names, because the files are attached as well."""
    read = [(cid, clean(name)) for cid, name in shown]
    text = "\n".join(f"- {name}" for _, name in read)
    inner = "".join(map(_picture, read))
    outside = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    return Block(
        text, f'<table {outside}><tr><td style="padding:0 0 4px">{inner}</td></tr></table>'
    )


def _picture(shown: tuple[str, str]) -> str:
    """Return a picture above its name, beside others as far as there is room: a table that stands at
    the left, because Outlook knows no other box of a width of its own."""
    cid, name = shown
    table = (
        'role="presentation" align="left" width="192" cellpadding="0" cellspacing="0" border="0"'
    )
    image = f'<img src="cid:{html_of(cid)}" alt="{html_of(name)}" width="180" style="{EDGE}">'
    inner = f'<td class="soft" style="{SHOWN}">{image}<br>{breakable(html_of(name))}</td>'
    return f'<table {table} style="{PICTURE}"><tr>{inner}</tr></table>'


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


def names_of(documents: Iterable[DocumentView], *, numbered: bool = False) -> Iterable[str]:
    """Return how documents are listed, with the numbers that commands use when asked for."""
    return (
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
