"""Proof slots: which documents a case needs, and which of them have come (I-14, Q-21).

A document fills the slot made for its kind. A photo of nothing in particular fills what is left,
in the order of the slots: a person looks at it before it counts.
"""

from __future__ import annotations

from handlers.decision import Value
from handlers.process.workflow import said
from handlers.steps.decision_table import decided_by
from handlers.steps.guards import guard
from handlers.steps.values import VALUES
from handlers.ticket import Document
from handlers.turn import Turn

ANY_PHOTO = "photo"


def wanted_slots(turn: Turn) -> tuple[str, ...]:
    """Return the slots that the ticket needs now, in the order of the decision table."""
    rule = turn.workflow.proof
    if rule is None:
        return ()
    fields = dict(turn.ticket.fields)
    for name, guess in rule.guessed.items():
        fields[name] = fields.get(name) or fields.get(guess, "")
    return decided_by(turn.workflow.decisions[rule.table], fields).get(rule.column, ())


def missing_slots(turn: Turn) -> tuple[str, ...]:
    """Return the slots that nothing fills yet."""
    free = [one for one in turn.ticket.documents if one.usable]
    left = [slot for slot in wanted_slots(turn) if not _taken(turn, slot, free)]
    for slot in tuple(left):
        photo = next((one for one in free if one.kind == ANY_PHOTO), None)
        if photo is not None and ANY_PHOTO in turn.workflow.slots[slot].kinds:
            free.remove(photo)
            left.remove(slot)
    return tuple(left)


def _taken(turn: Turn, slot: str, free: list[Document]) -> bool:
    """Take the document made for a slot out of those that are free; tell whether there was one."""
    rule = turn.workflow.slots[slot]
    if turn.ticket.fields.get(rule.field, ""):
        return True
    exact = [one for one in free if one.kind in rule.kinds and one.kind != ANY_PHOTO]
    if exact:
        free.remove(exact[0])
    return bool(exact)


@guard
def slots_filled(turn: Turn) -> bool:
    """Every document that the case needs has come."""
    return not missing_slots(turn)


@guard
def slot_filled(turn: Turn, value: str) -> bool:
    """The slot is filled, or not needed."""
    return value not in missing_slots(turn)


def _labels(turn: Turn, slots: tuple[str, ...], language: str) -> Value:
    return [said(turn.workflow.slots[slot].label, language) for slot in slots]


def _missing(turn: Turn, language: str) -> Value:
    return _labels(turn, missing_slots(turn), language)


def _filled(turn: Turn, language: str) -> Value:
    left = missing_slots(turn)
    return _labels(turn, tuple(s for s in wanted_slots(turn) if s not in left), language)


VALUES["slots_missing"] = _missing
VALUES["slots_filled"] = _filled
