"""Forms that came back filled in: on which ticket they count, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from handlers.customers.wrong_ticket import Destination
from handlers.papers.form_doubt import FormDoubt
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.words.form_files import FormFile, contradictions, filled_by, lines_in, unread


def those_that_stay(visit: Visit, destinations: Iterable[Destination]) -> Visit:
    """Return the visit with the forms that count on its ticket: not those about another one (X-2)."""
    elsewhere = {one.file.sha256 for one in destinations if not one.stays}
    kept = tuple(form for form in visit.forms if form.sha256 not in elsewhere)
    return replace(visit, forms=kept)


def with_form_doubts(turn: Turn, doubts: tuple[FormDoubt, ...]) -> Turn:
    """Return the turn whose work items show what its forms leave in doubt."""
    return replace(turn, event=replace(turn.event, form_doubts=doubts)) if doubts else turn


def tell_sources(turn: Turn, forms: Iterable[FormFile], changed: Mapping[str, str]) -> Turn:
    """Return the turn with a line of history that says which fields a form filled, and where in it."""
    found = filled_by(forms)
    filled = [n for n, v in changed.items() if found.values.get(n) == v]
    told = "; ".join(f"{found.entries[n].label}: {found.sources[n]}" for n in filled)
    return turn.with_step(f"typed into a form: {told}") if told else turn


def doubts_when_opening(visit: Visit, fields: Mapping[str, str]) -> tuple[FormDoubt, ...]:
    """Return what the forms of a new request leave in doubt, whose ticket got these fields; everything
    when the mail names several devices and no form says which it means."""
    if not visit.forms:
        return ()
    told = visit.told_sheets
    if len(told) > 1:
        return unread(visit.forms)
    found, lines = filled_by(visit.forms), lines_in(visit.words, visit.workflow)
    free = {n: v for n, v in told[0].values.items() if visit.workflow.fields[n].type != "long"}
    return (*found.doubts, *contradictions(found, {**free, **lines}, fields))
