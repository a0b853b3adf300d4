"""Read delivery reports: RFC 3464, and the dialects of mail systems that know no RFC 3464."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.folding import plain, says
from parsers.machines.bounce_prose import (
    Failure,
    Weight,
    class_by_words,
    find_failures,
    find_origins,
    find_reason,
    still_tries,
)
from parsers.machines.bounce_reason import reason_of
from parsers.machines.bounce_words import (
    DELAYED,
    FAILED,
    MANAGERS,
    REFUSALS,
    SUBJECTS,
    is_daemon,
    may_be_daemon,
)
from parsers.machines.delivery_status import MAILBOX, QUOTED, Outcome, has_outcomes, read_outcomes
from parsers.machines.returned import (
    Returned,
    cut_returned,
    find_returned,
    named_id,
    shown,
    unknown_reports,
)
from parsers.machines.service_notice import read_notice
from parsers.mail import Bounce, BounceReason
from parsers.mime.header import Headers, as_text, ids
from parsers.structure import Structure, split

RECIPIENTS_LIMIT = 100
ANSWER = re.compile(r"^(?:re|aw|antw|fw|fwd|tr|wg|doorst)\s*:", re.IGNORECASE)
NOBODY = re.compile(r"\b(?:no|not|do-?not)-?reply", re.IGNORECASE)
STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Report:
    """A mail that may be a report: the text above the returned message, and that message."""

    mail: Structure
    above: str
    returned: Returned
    failures: tuple[Failure, ...]


def read_bounces(mail: Structure, sender: str, text: str) -> tuple[Bounce, ...]:
    """List the failed or delayed recipients of a delivery report, () when it is none.

    `sender` is the From address with its display name, `text` the human readable body.
    """
    groups = "\n\n".join(shown(part) for part in mail.parts if part.content_type in STATUS_PARTS)
    if not groups and not _may_be_report(mail, sender, text):
        return ()
    notice = read_notice(text)
    if notice is not None:
        return notice
    inner = None if groups else _inner_report(mail, text)
    if inner is not None:
        return inner
    report = _open(mail, text)
    outcomes = read_outcomes(groups or (report.above if has_outcomes(report.above) else ""))
    if outcomes:
        return _by_outcomes(report, outcomes)
    if groups or _is_report(report, sender):
        return _by_prose(report)
    return ()


def _may_be_report(mail: Structure, sender: str, text: str) -> bool:
    """Sort out at little cost what no mail system would write."""
    headers = mail.headers
    if headers.has("x-failed-recipients") or mail.parameters.get("report-type"):
        return True
    if is_daemon(sender) or _has_null_path(headers) or says(sender.lower(), MANAGERS):
        return True
    if may_be_daemon(sender):
        return True
    if text[:200].lstrip().startswith("{"):
        return True
    subject = headers.text("subject")
    return says(plain(subject), SUBJECTS) and not ANSWER.match(subject)


def _has_null_path(headers: Headers) -> bool:
    return headers.plain("return-path") == "<>"


def _open(mail: Structure, text: str) -> _Report:
    above, below = cut_returned(text)
    above += "\n" + unknown_reports(mail)
    returned = find_returned(mail, below)
    if not returned.message_id:
        groups = "\n".join(shown(p) for p in mail.parts if p.content_type in STATUS_PARTS)
        returned = replace(returned, message_id=named_id(mail, f"{groups}\n{above}"))
    own = frozenset(
        box.lower()
        for name in ("to", "from", "cc", "delivered-to")
        for box in MAILBOX.findall(mail.headers.plain(name))
    ) | frozenset(sender.lower() for sender in returned.senders)
    above = QUOTED.sub(r"\1@", above)
    failures = find_failures(above, own)
    if not failures:  # what a cut made too early left below says whom, not why
        low = (replace(f, status="", diagnostic="") for f in find_failures(text, own))
        failures = tuple(low)
    return _Report(mail=mail, above=above, returned=returned, failures=failures)


def _is_report(report: _Report, sender: str) -> bool:
    """Weigh who writes, what the subject says, what the text says and what came back."""
    headers = report.mail.headers
    if headers.has("x-failed-recipients"):
        return True
    kind = report.mail.parameters.get("report-type", "").lower()
    if report.mail.content_type == "multipart/report" and kind:
        return kind == "delivery-status"
    subject = headers.text("subject")
    announced = says(plain(subject), SUBJECTS)
    said = plain(report.above)
    fails = says(said, FAILED) or says(said, DELAYED)
    weight = report.failures[0].weight if report.failures else Weight.ANY
    strong = weight <= Weight.SESSION
    told = weight in {Weight.LABEL, Weight.SESSION}
    code = bool(find_reason(report.above.split("\n"))[0])
    back = report.returned.found
    if is_daemon(sender) or _has_null_path(headers):
        return (announced and (fails or back)) or (fails and (back or told or (strong and code)))
    if may_be_daemon(sender) and fails and (announced or strong):
        return back or code or told
    if says(sender.lower(), MANAGERS):
        return says(plain(subject), REFUSALS) or (says(said, REFUSALS) and back)
    proven = code and (back or NOBODY.search(sender) is not None)
    return announced and fails and strong and proven and not ANSWER.match(subject)


def _by_outcomes(report: _Report, outcomes: tuple[Outcome, ...]) -> tuple[Bounce, ...]:
    failed = [outcome for outcome in outcomes if not outcome.succeeded]
    alone = len(outcomes) == 1
    return tuple(_of_outcome(report, outcome, alone=alone) for outcome in failed[:RECIPIENTS_LIMIT])


def _of_outcome(report: _Report, outcome: Outcome, *, alone: bool) -> Bounce:
    known = {address.lower() for address in outcome.addresses}
    said = next((f for f in report.failures if f.recipient.lower() in known), None)
    if said is None and alone:
        said = next(iter(report.failures), Failure())
    said = said or Failure()
    others = (*said.origins, *(report.returned.recipients if alone else ()))
    if not outcome.addresses:
        others = (*others, *find_origins(report.above), said.recipient)
    addresses = _unique(*outcome.addresses, *others)
    status = outcome.status or said.status or class_by_words(report.above)
    return _bounce(report, addresses, status, outcome.diagnostic or said.diagnostic, outcome.action)


def _by_prose(report: _Report) -> tuple[Bounce, ...]:
    """Read recipients, status and reason from what a mail system wrote for people."""
    named = MAILBOX.findall(report.mail.headers.plain("x-failed-recipients"))
    words = find_reason(report.above.split("\n"))
    failures = report.failures or (Failure(),)
    if named:
        known = {failure.recipient.lower(): failure for failure in failures}
        failures = tuple(
            known.get(address.lower(), Failure(recipient=address)) for address in _unique(*named)
        )
    alone = len(failures) == 1
    return tuple(
        _of_failure(report, failure, words, alone=alone) for failure in failures[:RECIPIENTS_LIMIT]
    )


def _of_failure(
    report: _Report, failure: Failure, words: tuple[str, str], *, alone: bool
) -> Bounce:
    weak = failure.weight >= Weight.TO_LINE
    back = report.returned.recipients if alone else ()
    addresses = (
        _unique(*back, failure.recipient)
        if weak and failure.recipient not in back
        else _unique(*failure.origins, failure.recipient, *back)
    )
    status = failure.status or words[0] or class_by_words(report.above)
    waits = still_tries(report.above)
    diagnostic = failure.diagnostic if failure.status or not words[0] else words[1]
    action = "delayed" if waits and status.startswith("4") else "failed"
    return _bounce(report, addresses, status, diagnostic or words[1], action)


def _bounce(
    report: _Report, addresses: tuple[str, ...], status: str, diagnostic: str, action: str
) -> Bounce:
    reason = reason_of(status, diagnostic, action)
    if reason is BounceReason.UNDEFINED:
        subject = report.mail.headers.text("subject")
        reason = reason_of(status, f"{subject}\n{report.above[:2_000]}", action)
    return Bounce(
        recipient=addresses[0] if addresses else "",
        aliases=addresses[1:],
        status=status,
        reason=reason,
        diagnostic=diagnostic,
        message_id=report.returned.message_id,
        action=action if action in {"failed", "delayed"} else "",
    )


def _unique(*addresses: str) -> tuple[str, ...]:
    """Keep each address once, in order, whatever its case."""
    found = {address.lower(): address for address in reversed(addresses) if address}
    order = dict.fromkeys(address.lower() for address in addresses if address)
    return tuple(found[key] for key in order)


def _inner_report(mail: Structure, text: str) -> tuple[Bounce, ...] | None:
    """Read a report that a relay wrapped into one of its own; None when there is none."""
    wrapped = [part.data for part in mail.parts if part.content_type == "message/rfc822"]
    _, below = cut_returned(text)
    if has_outcomes(below):
        wrapped.append(below.encode("utf-8", "replace"))
    for data in wrapped:
        inner = split(data.lstrip())
        texts = [shown(leaf) for leaf in inner.parts if leaf.content_type in STATUS_PARTS]
        if not texts and (is_daemon(inner.headers.text("from")) or _has_null_path(inner.headers)):
            texts = [shown(leaf) for leaf in inner.parts if has_outcomes(shown(leaf))]
        if texts:
            groups = "\n\n".join(texts)
            return _by_outcomes(_open(inner, groups), read_outcomes(groups))
    return None


def read_disposition(mail: Structure) -> str:
    """Give the type of a multipart/report in lower case, "" when the mail is none (RFC 6522)."""
    if mail.content_type != "multipart/report":
        return ""
    named = mail.parameters.get("report-type", "").lower()
    types = {part.content_type for part in mail.parts}
    if "message/disposition-notification" in types:
        return "disposition-notification"
    if "message/feedback-report" in types:
        return "feedback-report"
    return named or "unknown"


def first_id(headers: Headers) -> str:
    """Give the Message-ID of a header block with its angle brackets, "" when absent."""
    found = ids(as_text(headers.first.get("message-id", b"")[:2_000]))
    return found[0] if found else ""
