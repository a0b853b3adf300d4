"""How a workflow file says what is asked of outside organisations, and what their codes mean."""

from __future__ import annotations

from typing import Any

from handlers.process.call import Labels, Part

PAYMENT, AGREEMENT = "payment", "agreement"
"""What organisations tell without being asked, and is heard as an answer."""


class ErrandRule(Part):
    """What is asked for an operation: `body` has the names of the organisation's interface and, behind
    "$", our fields (`handlers.errands.errand_body`). `types` maps kinds of documents to its words for them, `words`
    values of our fields to its own (again "$" for another value)."""

    label: Labels
    body: dict[str, Any] = {}
    types: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}


class CodeRule(Part):
    """A code of others in our words, and what to do about it. After a `final` one nothing can be
    corrected."""

    label: Labels
    remedy: Labels = {}
    final: bool = False
