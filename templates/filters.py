"""Filters of notice sources: what a value looks like in the reader's language.

Every value becomes a slot of the skeleton (`put`), so nothing a person wrote is read as Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2.runtime import Context
from jinja2.utils import pass_context

from templates import block, lists, long
from templates.answering import Answering, Telephone, buttons, telephone
from templates.digest import bars, lasting, short, weekday
from templates.language import Language
from templates.markdown import slot


@pass_context
def put(context: Context, value: object) -> str:
    """Keep a value for later and return the slot that stands for it."""
    made = block.plain("" if value is None else value)
    slots: list[block.Block] = context["slots"]
    slots.append(made)
    return slot(len(slots) - 1, block=not made.inline)


def _spoken(context: Context) -> Language:
    language: Language = context["language"]
    return language


@pass_context
def _form(context: Context, pairs: list[tuple[str, str]]) -> block.Block:
    """Return the form, and a button that opens an answer with it, filled as far as we know."""
    words, answering = _spoken(context).words, context["answering"]
    shown = block.form(long.fitted(context, pairs), words["form_colon"])
    if not answering.key:
        return shown
    link = answering.form_link(context["about"], pairs, words["form_colon"])
    button = buttons([(words["form_button"], link)], context["shades"].colour)
    return block.Block(shown.text, shown.html + button.html)


@pass_context
def _buttons(context: Context, offers: Iterable[tuple[str, str]]) -> block.Block:
    """Return (label, link) pairs as buttons in the colour of the desk."""
    return buttons(offers, context["shades"].colour)


@pass_context
def _telephone(context: Context, shown: Telephone) -> block.Block:
    words = _spoken(context).words
    return telephone(shown, words["photo_button"], context["shades"].colour)


@pass_context
def _commands(context: Context, lines: Iterable[Mapping[str, object]]) -> block.Block:
    """Return commands, each a link that opens a mail with it."""
    answering: Answering = context["answering"]
    return block.commands({**one, "link": answering.plain_link(str(one["line"]))} for one in lines)


@pass_context
def _date(context: Context, value: str) -> str:
    return _spoken(context).date(value)


@pass_context
def _moment(context: Context, value: str) -> str:
    return _spoken(context).moment(value)


@pass_context
def _amount(context: Context, value: str) -> str:
    return _spoken(context).amount(value)


@pass_context
def _columns(
    context: Context, tickets: Iterable[Mapping[str, object]], *names: str
) -> list[list[str]]:
    """Return named columns of (key, reference, ...) mappings, or of their fields; a state is shown by
    its label, a day as people write it."""
    states: Mapping[str, str] = context["states"]
    spoken = _spoken(context)
    rows = [[lists.joined(_cell(one, name)) for name in names] for one in tickets]
    return [[spoken.date(states.get(cell, cell)) for cell in row] for row in rows]


def _cell(one: Mapping[str, object], name: str) -> object:
    """Return what a ticket's row says under a name, its own words before those of a field."""
    fields = one.get("fields")
    known = fields if isinstance(fields, Mapping) else {}
    return one[name] if name in one else known.get(name)


@pass_context
def _refused(context: Context, files: Iterable[Mapping[str, str]]) -> block.Block:
    """Return files with the sentence that says why each was refused and what to do."""
    spoken = _spoken(context)
    colon = spoken.words["colon"]
    return lists.bullets(
        f"{one['name']}{colon}{spoken.refusal(one['reason'], one.get('limit', ''))}"
        for one in files
    )


_PLAIN = (
    *(long.quote, long.letter, long.bullets, long.files, long.pictures),
    *(long.rows, long.table, long.comparison, long.tasks),
    *(lists.lines, lists.missing, lists.filled, lists.listed),
    *(bars, lasting, short, weekday),
)
FILTERS: dict[str, Callable[..., Any]] = {one.__name__: one for one in _PLAIN} | {
    "amount": _amount,
    "buttons": _buttons,
    "columns": _columns,
    "commands": _commands,
    "date": _date,
    "form": _form,
    "moment": _moment,
    "refused": _refused,
    "telephone": _telephone,
}
