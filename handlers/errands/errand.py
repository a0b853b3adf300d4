"""An errand: something asked of an outside organisation, and what it answers.

An errand is decided like a notice and carried out elsewhere, later, perhaps slowly or not at all. It is
kept durably, leaves once, and its answer comes back to its ticket as an event. Which transport
carries it, and what the account there is, is configuration (`handlers.desk.Organisation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

READ_ONLY = frozenset({"check", "status", "payments"})
"""Operations that change nothing there: they may be repeated whatever became of the last attempt."""


class ErrandState(StrEnum):
    """Where an errand is.

    QUEUED waits for its next attempt, SENDING is under way, SENT was handed over and waits for an
    answer, WITH_PERSON waits for somebody of the desk to do it, ANSWERED waits to be decided, DONE is
    settled, FAILED was given up, UNCERTAIN may have arrived: a person repeats it or says what came of it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    WITH_PERSON = "with_person"
    ANSWERED = "answered"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """What is asked. `key` is unique and stays the same over all attempts: "m412.412000.upload.3".

    `ticket_id` is None for what concerns the whole desk (payments). `body` has the names that the
    interface of the organisation documents. `document` is the number of the file that goes with it, 0 for
    none.
    """

    key: str
    desk: str
    organisation: str
    operation: str
    ticket_id: int | None = None
    body: Mapping[str, Json] = field(default_factory=dict)
    document: int = 0
    state: ErrandState = ErrandState.QUEUED


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing an organisation finds wrong: its name of the field, and its words."""

    field: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """A payment an organisation made for one of our claims. `amount` is "50.00", `paid_on` ISO."""

    claim: str
    reference: str
    amount: str = ""
    paid_on: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an organisation says.

    `result` is "ok", "invalid" (with its `problems`), or, when there is none to be had, "failed" or
    "uncertain" (`values["trouble"]` says why). `values` are by our names: id, status, reason,
    reference, amount, paid_on, eligible, comment.
    """

    result: str
    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    payments: tuple[Payment, ...] = ()


def errand_key(cause: str, ticket_id: int | None, operation: str, document: int = 0) -> str:
    """Return the key of an errand: one event asks one thing of one ticket once."""
    return f"{cause}.{ticket_id or 0}.{operation}.{document}"


def operation_of(key: str) -> str:
    """Return the operation that the key of an errand names."""
    return key.rsplit(".", 2)[-2] if key.count(".") >= 3 else ""


def document_of(key: str) -> int:
    """Return the number of the document that goes with the errand of this key, 0 for none."""
    last = key.rpartition(".")[2]
    return int(last) if last.isdecimal() else 0
