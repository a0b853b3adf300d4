"""The interface of ecosystem: reimbursement claims, a file each to a pre-signed address, then a
confirmation. Names are those of its third version; nothing here was ever tried against the real one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from daemon.organisations.connector import Connector, Operation, amount_of, text_of
from daemon.organisations.envoy import Enclosure, InDoubt, NotArrived, Outcome, Refused
from daemon.organisations.http import Reply, Site
from handlers.errands.errand import Answer, Errand, Payment, Problem

CLAIMS = "reimbursement-claims"
BEING_CREATED = "En cours de création"
PAID = "Remboursement effectué"


class Ecosystem(Connector):
    """ecosystem, with the user and password of a repairer."""

    def __init__(self, site: Site, file_size: int, *, user: str, password: str) -> None:
        super().__init__(site, file_size)
        self._login = {"Username": user, "Password": password}
        self._token = ""

    def operations(self) -> Mapping[str, Operation]:
        """Return what can be asked."""
        return {
            "submit": self._submit,
            "upload": self._upload,
            "confirm": self._confirm,
            "status": self._status,
            "payments": self._payments,
            "cancel": self._cancel,
        }

    def finders(self) -> Mapping[str, Operation]:
        """Return how it can be found out whether an operation arrived."""
        return {"submit": self._find_claim, "confirm": self._find_confirmation}

    def _submit(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        reply = self._call("POST", f"{CLAIMS}/new_claim", body=dict(errand.body))
        return self._answer(errand, reply)

    def _upload(self, errand: Errand, enclosure: Enclosure | None) -> Outcome:
        if enclosure is None:
            return Refused(why="no file goes along")
        told = {"FileType": errand.body.get("FileType", ""), "FileName": enclosure.name}
        reply = self._call("POST", f"{_claim(errand)}/upload-file", body=told)
        where = text_of(_of(reply.data, "url") or _of(reply.data, "Url"))
        if not reply.is_ok or not where:
            return self._answer(errand, reply)
        stored = self.site.put(where, enclosure.data, enclosure.content_type)
        return Answer(result="ok") if stored.is_ok else self.trouble(errand, stored)

    def _confirm(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        return self._answer(errand, self._call("POST", f"{_claim(errand)}/confirm-claim"))

    def _status(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        return self._answer(errand, self._call("GET", _claim(errand)))

    def _cancel(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        return self._answer(errand, self._call("DELETE", _claim(errand)))

    def _payments(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        reply = self._call("GET", CLAIMS, query={"RequestStatus": PAID})
        if not reply.is_ok or not isinstance(reply.data, list):
            return self.trouble(errand, reply)
        paid = tuple(_payment(one) for one in reply.data if isinstance(one, dict))
        return Answer(result="ok", payments=tuple(one for one in paid if one.claim))

    def _find_claim(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        """Look for the claim under our own number: it was created when it is there."""
        ours = text_of(errand.body.get("PurchaseOrderByCustomer", ""))
        reply = self._call("GET", CLAIMS, query={"PurchaseOrderByCustomer": ours})
        if not reply.is_ok or not isinstance(reply.data, list):
            return InDoubt(why=f"HTTP {reply.status}")
        mine = [c for c in reply.data if _of(c, "PurchaseOrderByCustomer") == ours]
        if not mine:
            return NotArrived(why="no such claim there")
        return Answer(result="ok", values=_values(mine[-1]))

    def _find_confirmation(self, errand: Errand, _enclosure: Enclosure | None) -> Outcome:
        reply = self._call("GET", _claim(errand))
        if not reply.is_ok or not isinstance(reply.data, dict):
            return InDoubt(why=f"HTTP {reply.status}")
        if text_of(reply.data.get("RequestStatus")) in ("", BEING_CREATED):
            return NotArrived(why="not confirmed there")
        return Answer(result="ok", values=_values(reply.data))

    def _answer(self, errand: Errand, reply: Reply) -> Outcome:
        if reply.is_ok and (isinstance(reply.data, dict) or reply.status == 204):
            told = reply.data if isinstance(reply.data, dict) else {}
            return Answer(result="ok", values=_values(told))
        error = _of(reply.data, "error")
        if reply.status in (400, 404, 409, 422) and isinstance(error, dict):
            problem = Problem(
                field=text_of(error.get("code")), message=text_of(error.get("message"))
            )
            return Answer(result="invalid", problems=(problem,))
        return self.trouble(errand, reply)

    def _call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None
    ) -> Reply:
        """Call with a session; one that has ended is opened anew, once."""
        if not self._token:
            self._token = self._opened()
        reply = self.site.call(method, path, query=query, body=body, headers=self._session())
        if reply.status == 401:
            self._token = self._opened()
            reply = self.site.call(method, path, query=query, body=body, headers=self._session())
        return reply

    def _session(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _opened(self) -> str:
        """Log in. Returns "" when that is refused: the call itself then says so."""
        return text_of(_of(self.site.call("POST", "login", body=self._login).data, "IdToken"))


def _claim(errand: Errand) -> str:
    return f"{CLAIMS}/{quote(text_of(errand.body.get('ClaimId', '')), safe='')}"


def _values(claim: Mapping[str, Any]) -> dict[str, str]:
    told = {
        "id": text_of(claim.get("ClaimId") or claim.get("id")),
        "status": text_of(claim.get("RequestStatus")),
        "reason": text_of(claim.get("RejectReason")).partition(" ")[0],
        "reference": text_of(claim.get("PaymentReference")),
        "amount": amount_of(claim.get("ReimbursedAmount")),
        "paid_on": text_of(claim.get("PaymentDate"))[:10],
    }
    return {name: value for name, value in told.items() if value}


def _payment(claim: Mapping[str, Any]) -> Payment:
    told = _values(claim)
    return Payment(
        claim=told.get("id", ""),
        reference=told.get("reference", ""),
        amount=told.get("amount", ""),
        paid_on=told.get("paid_on", ""),
    )


def _of(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else None
