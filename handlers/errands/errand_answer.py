"""Read the answer of an organisation as a folder or a mail brings it: our own JSON, in any state."""

from __future__ import annotations

import json
from collections.abc import Mapping

from handlers.errands.errand import Answer, Payment, Problem

RESULTS = ("ok", "invalid", "failed")
NAMES = ("id", "status", "reason", "reference", "amount", "paid_on", "eligible", "comment")
LONGEST = 2000
MOST = 500


def read_answer(text: str) -> tuple[str, Answer] | None:
    """Return the key of the errand ("" when it is not named) and the answer; None for anything else.

    What is said is believed only in the shape of our types: short text by the names we know.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("result") not in RESULTS:
        return None
    answer = Answer(
        result=told["result"],
        values={name: _text(told[name]) for name in NAMES if _text(told.get(name))},
        problems=tuple(_problem(one) for one in _rows(told.get("problems"))),
        payments=tuple(_payment(one) for one in _rows(told.get("payments"))),
    )
    return _text(told.get("errand")), answer


def _problem(one: Mapping[str, object]) -> Problem:
    return Problem(field=_text(one.get("field")), message=_text(one.get("message")))


def _payment(one: Mapping[str, object]) -> Payment:
    return Payment(
        claim=_text(one.get("claim")),
        reference=_text(one.get("reference")),
        amount=_text(one.get("amount")),
        paid_on=_text(one.get("paid_on")),
    )


def _rows(value: object) -> list[Mapping[str, object]]:
    rows = value[:MOST] if isinstance(value, list) else []
    return [one for one in rows if isinstance(one, dict)]


def _text(value: object) -> str:
    """Return a value as one line of text, "" for what is none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())[:LONGEST]
