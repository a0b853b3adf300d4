"""What the connectors to organisations share: an operation is a method, its accidents are outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from daemon.organisations.envoy import Enclosure, InDoubt, NotArrived, Outcome, Refused
from daemon.organisations.http import AnswerLost, NotSent, Reply, Site
from handlers.errands.errand import READ_ONLY, Answer, Errand

MOST_EUROS = 1e9
Operation: TypeAlias = "Callable[[Errand, Enclosure | None], Outcome]"


class Connector:
    """An organisation with an HTTP interface. Its answers come with the calls, never later."""

    def __init__(self, site: Site, file_size: int) -> None:
        self.site = site
        self.file_size = file_size

    def operations(self) -> Mapping[str, Operation]:
        """Return what can be asked, by operation."""
        return {}

    def finders(self) -> Mapping[str, Operation]:
        """Return how it can be found out whether an operation arrived, by operation."""
        return {}

    def carry(self, errand: Errand, enclosure: Enclosure | None) -> Outcome:
        """Carry one errand now."""
        operation = self.operations().get(errand.operation)
        if operation is None:
            return Refused(why=f"{errand.operation} is nothing this organisation can be asked")
        if enclosure is not None and len(enclosure.data) > self.file_size:
            return Refused(why=f"{enclosure.name} is larger than {self.file_size} octets")
        try:
            return operation(errand, enclosure)
        except NotSent as error:
            return NotArrived(why=str(error))
        except AnswerLost as error:
            return NotArrived(why=str(error)) if _only_reads(errand) else InDoubt(why=str(error))

    def find(self, errand: Errand) -> Outcome | None:
        """Return what the organisation has of an errand that may have arrived."""
        finder = self.finders().get(errand.operation)
        if finder is None:
            return None
        try:
            return finder(errand, None)
        except (NotSent, AnswerLost) as error:
            return InDoubt(why=str(error))

    def answers(self, waiting: Mapping[str, Errand]) -> Mapping[str, Answer]:  # noqa: ARG002
        """Return nothing: every call has its answer."""
        return {}

    def accept(self, key: str) -> None:
        """Do nothing: nothing is offered twice."""

    def trouble(self, errand: Errand, reply: Reply) -> Outcome:
        """Return what a reply means that is neither a success nor about our data."""
        why = f"HTTP {reply.status}"
        if reply.is_busy or (reply.status >= 500 and _only_reads(errand)):
            return NotArrived(why=why)
        if reply.status >= 500 or reply.is_ok:  # it may have been done, or half an answer came
            return NotArrived(why=why) if _only_reads(errand) else InDoubt(why=why)
        return Refused(why=why)


def _only_reads(errand: Errand) -> bool:
    return errand.operation in READ_ONLY


def text_of(value: Any) -> str:
    """Return a value of a reply as one line of text, "" for what is none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split())[:2000] if isinstance(value, str | int | float) else ""


def amount_of(value: Any) -> str:
    """Return an amount of a reply as we keep it: "50.00", "" for what is none."""
    try:
        amount = float(value)
    except (TypeError, ValueError, OverflowError):
        return ""
    return f"{amount:.2f}" if abs(amount) < MOST_EUROS else ""
