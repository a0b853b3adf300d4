"""The interface of Ecologic: a request for support on the quote, then a claim, its files, its
submission. Nothing here was ever tried against the real one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from daemon.organisations.connector import Connector, Operation, amount_of, text_of
from daemon.organisations.envoy import Enclosure, InDoubt, NotArrived, Outcome, Refused
from daemon.organisations.http import Reply
from handlers.errands.errand import Answer, Errand, Problem

DOCUMENTS_WANTED: Final = "pieces jointes sont requises"


class Ecologic(Connector):
    """Ecologic, with the key of a repairer (header `api_key`, given by the site)."""

    def operations(self) -> Mapping[str, Operation]:
        """Return what can be asked."""
        return {
            "check": self._check,
            "support": self._plain("POST", "createsupportrequest"),
            "support_update": self._plain("POST", "updatesupportrequest"),
            "support_status": self._plain("GET", "getsupportrequestStatus"),
            "submit": self._submit,
            "update": self._plain("POST", "updateclaim"),
            "upload": self._upload,
            "confirm": self._plain("POST", "submitclaim"),
            "status": self._plain("GET", "GetClaimStatus"),
        }

    def finders(self) -> Mapping[str, Operation]:
        """Return how it can be found out whether an operation arrived."""
        return {"confirm": self._find_submission, "update": self._again}

    def _plain(self, method: str, path: str) -> Operation:
        def operation(errand: Errand, _enclosure: Enclosure | None) -> Outcome:
            return self._answer(errand, self._call(method, path, errand.body))

        return operation

    def _check(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        reply = self._call("GET", "calculateecosupport", errand.body)
        outcome = self._answer(errand, reply)
        if not isinstance(outcome, Answer):
            return outcome
        amount = outcome.values.get("amount", "")
        eligible = outcome.result == "ok" and amount not in ("", "0.00")
        values = {**outcome.values, "eligible": "yes" if eligible else "no"}
        return Answer(result="ok", values=values, problems=outcome.problems)

    def _submit(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        """Create a claim. A new one lacks its documents and is never valid: that it exists counts."""
        outcome = self._answer(errand, self._call("POST", "createclaim", errand.body))
        if not isinstance(outcome, Answer) or not outcome.values.get("id"):
            return outcome
        others = tuple(p for p in outcome.problems if not _wants_documents(p))
        return Answer(result="invalid" if others else "ok", values=outcome.values, problems=others)

    def _upload(self, errand: Errand, enclosure: Enclosure | None) -> Outcome:
        if enclosure is None:
            return Refused(why="no file goes along")
        content = {"FileContent": b64encode(enclosure.data).decode()}
        reply = self.site.call("POST", "Attachfile", query=_query(errand.body), body=content)
        outcome = self._answer(errand, reply)
        if isinstance(outcome, Answer) and all(map(_wants_documents, outcome.problems)):
            return Answer(result="ok", values=outcome.values)
        return outcome

    def _find_submission(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        reply = self._call("GET", "GetClaimStatus", {"ClaimId": errand.body.get("ClaimId", "")})
        outcome = self._answer(errand, reply)
        if not isinstance(outcome, Answer):
            return InDoubt(why=f"HTTP {reply.status}")
        submitted = outcome.values.get("status", "NOTVALID") not in ("", "NOTVALID")
        return outcome if submitted else NotArrived(why="not submitted there")

    def _again(self, _errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        """Let an update be made again: it says the same."""
        return NotArrived(why="the same again")

    def _call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """Call with the plain values in the query and the others as JSON, as its interface wants it."""
        inner = {name: value for name, value in body.items() if isinstance(value, dict | list)}
        return self.site.call(method, path, query=_query(body), body=inner or None)

    def _answer(self, errand: Errand, reply: Reply) -> Outcome:
        data = reply.data if isinstance(reply.data, dict) else {}
        inner = data.get("ResponseData")
        told = inner if isinstance(inner, dict) else {}
        problems = _problems(told) or _problems_of(data, reply)
        if reply.status in (200, 201, 400, 422) and ("IsValid" in data or told):
            valid = bool(told.get("IsValid", data.get("IsValid"))) and not problems
            return Answer(
                result="ok" if valid else "invalid", values=_values(told), problems=problems
            )
        return self.trouble(errand, reply)


def _query(body: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: text_of(value) for name, value in body.items() if not isinstance(value, dict | list)
    }


def _problems(told: Mapping[str, Any]) -> tuple[Problem, ...]:
    rows = told.get("ValidationErrors")
    return tuple(
        Problem(field=text_of(one.get("Field")), message=text_of(one.get("ErrorMessage")))
        for one in (rows if isinstance(rows, list) else [])
        if isinstance(one, dict)
    )


def _problems_of(data: Mapping[str, Any], reply: Reply) -> tuple[Problem, ...]:
    """Return the one message of an envelope that says it is not valid and lists nothing."""
    message = text_of(data.get("ResponseErrorMessage"))
    return (Problem(field="", message=message),) if message and reply.status < 500 else ()


def _wants_documents(problem: Problem) -> bool:
    folded = problem.message.casefold().replace("è", "e").replace("é", "e")
    return DOCUMENTS_WANTED in folded


def _values(told: Mapping[str, Any]) -> dict[str, str]:
    support = told.get("SupportAmount")
    amount = support.get("Amount") if isinstance(support, dict) else support
    found = {
        "id": text_of(told.get("ClaimId") or told.get("RequestId")),
        "status": text_of(told.get("LastStatus")),
        "comment": text_of(told.get("Comment")),
        "amount": amount_of(amount),
        "reference": text_of(told.get("PaymentReference")),
    }
    return {name: value for name, value in found.items() if value}
