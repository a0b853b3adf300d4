"""How a workflow file says what a case decides, and which documents must prove it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from handlers.process.call import GivenCall, Labels, Part


def _as_tuple(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


Values = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class CheckRule(Part):
    """One condition of several that must all hold; `says` tells why when its guards do not."""

    guards: tuple[GivenCall, ...]
    says: Labels


class DecisionRow(Part):
    """One row of a decision table: it counts when every field has one of its values."""

    when: dict[str, Values] = {}
    then: dict[str, Values] = {}


class SlotRule(Part):
    """A place for a document that proves something; `kinds` fill it, or a value in `field`.

    Where `kinds` has "photo", a photo of nothing in particular fills it when no better one came.
    """

    label: Labels
    kinds: tuple[str, ...]
    field: str = ""


class ProofRule(Part):
    """Which slots a ticket needs: those in a column of a decision table. `guessed` names the field
    that is looked at while the one that decides is still empty."""

    table: str
    column: str
    guessed: dict[str, str] = {}
