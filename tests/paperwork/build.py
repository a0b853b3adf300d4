"""Print a paper: bytes of a PDF, the same for the same paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

from . import (
    feet,
    finish,
    flowing,
    grids,
    prose,
    signing,
    sums,
    tops,
    tops_more,
    whole_lists,
    whole_more,
    whole_tables,
)
from .draft import Draft, style_of
from .paper import Paper
from .sheet import LEFT, RIGHT


def _functions(*modules: ModuleType) -> dict[str, Callable[[Draft], Any]]:
    """Return the functions that modules define, by name."""
    return {
        name: function
        for module in modules
        for name, function in vars(module).items()
        if callable(function) and getattr(function, "__module__", "") == module.__name__
    }


TOPS = _functions(tops, tops_more)
WHOLE = {
    f"whole {name}": one for name, one in _functions(whole_lists, whole_more, whole_tables).items()
}
"""Layouts that print a paper from its first to its last line."""


def file_of(paper: Paper) -> bytes:
    """Return the file as it is sent: printed, signed, scanned, with its XML."""
    draft = printed(paper)
    pages = flowing.print_flowing(draft) if draft.style.top == "flowing" else draft.sheet.finish()
    if paper.extra.get("annex"):
        pages = finish.joined(pages, file_of(annex_of(paper)))
    data = finish.finished(paper, pages, draft.sheet.signing_box)
    if paper.extra.get("scan") == "searchable":
        return finish.with_hidden_text(data, printed(paper, hidden=True).sheet.finish())
    return data


def annex_of(paper: Paper) -> Paper:
    """Return the quote whose copy a customer puts behind an order, as the quote was printed."""
    given = paper.extra["annex"]
    return replace(
        paper,
        form="quote",
        style=given["style"],
        number=paper.quotes[0],
        dated=given["dated"],
        due=None,
        quotes=(),
        say={},
        extra={},
    )


def printed(paper: Paper, *, hidden: bool = False) -> Draft:
    """Return the printed sheets. Printed twice when there are several, to know how many."""
    style = style_of(paper)
    if style.top == "flowing":
        return Draft(paper, style)
    first = _printed(paper, 1, hidden=hidden)
    pages = first.sheet.page
    return first if pages == 1 else _printed(paper, pages, hidden=hidden)


def _printed(paper: Paper, pages: int, *, hidden: bool) -> Draft:
    draft = Draft(paper, style_of(paper), pages)
    sheet = draft.sheet
    sheet.hidden = hidden
    sheet.atoms = draft.style.atoms
    if draft.style.top in WHOLE:
        WHOLE[draft.style.top](draft)
        return draft
    sheet.foot = lambda: feet.KINDS[draft.style.foot](draft)
    sheet.head = lambda: feet.running_head(draft)
    sheet.y = TOPS[draft.style.top](draft)
    if paper.form in prose.FORMS:
        prose.FORMS[paper.form](draft)
    else:
        _business(draft)
    signing.mark(draft)
    if paper.extra.get("appendix"):
        prose.append_terms(draft)
    return draft


def _business(draft: Draft) -> None:
    """Print introduction, positions, sums and what follows them."""
    sheet, style = draft.sheet, draft.style
    _introduce(draft)
    grids.Table(draft).play()
    sums.play(draft)
    sheet.y += 16
    if style.refs == "after":
        for row in draft.references():
            sheet.room(20)
            sheet.say(LEFT, sheet.y, draft.labelled(*row), 8.5)
            sheet.y += 12
    closing = draft.word("closing", draft.paper.form)
    sheet.room(24, 786 if style.foot == "line" else 774)
    sheet.y = sheet.flow(LEFT, sheet.y, closing, RIGHT - LEFT, 8) + 6
    if style.top == "letter":
        sheet.say(60, sheet.y + 10, draft.word("bye"), 10)
        sheet.y += 30


def _introduce(draft: Draft) -> None:
    """Print the sentences above the table, with references where the style has them there."""
    sheet, style = draft.sheet, draft.style
    if style.refs in {"sentence", "line"}:
        for label, value in draft.references():
            said = draft.labelled(label, value)
            if style.refs == "sentence":
                said = sums.sentence(draft, label, value)
            sheet.y = sheet.flow(LEFT, sheet.y, said, RIGHT - LEFT, 9.5) + 3
    intro = draft.word("intro", draft.paper.form) if style.intro else ""
    if intro:
        sheet.y = sheet.flow(LEFT, sheet.y, intro, RIGHT - LEFT, 9.5)
    sheet.y += 4
