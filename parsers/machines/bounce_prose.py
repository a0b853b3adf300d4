"""Read who did not get a message from what a mail system wrote for people.

Every line with an address is weighed: an address named by a label or alone on its line under a
failure is better evidence than one in a sentence, that better than a line of the SMTP session.
The best evidence wins; the address the report came to counts only when nothing else stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from parsers.folding import plain, says
from parsers.machines.bounce_words import (
    BEFORE_SENDERS,
    DELAYED,
    FAILED,
    GIVEN_UP,
    HELPERS,
    LABELS,
    ORIGINS,
    OTHER_LABELS,
    OUTLASTED,
)
from parsers.machines.delivery_status import MAILBOX, REPLY, STATUS

LINES_LIMIT = 600
LINE_LIMIT = 1_000
NEAR = 15
NEAR_CODE = 120
RECIPIENTS_LIMIT = 100
LABELLED = re.compile(r"^([^:@]{2,60})[:=]+[\s<\"'(\[]{0,20}(?:mailto:|rfc822;|smtp:)?\s{0,3}")
COMMAND = re.compile(r"\brcpt to\b", re.IGNORECASE)
TO = re.compile(r"^\W{0,8}(?:to|an|à|pour|aan)\s*:", re.IGNORECASE)
START = re.compile(
    r"^[\s*>|\-•·\"'<\[(#\d.)]{0,24}(?:mailto:|smtp:|rfc822;)?\s{0,3}", re.IGNORECASE
)
AFTER_ALONE = re.compile(
    r"^[>\"'\])]{0,4}\s{0,8}(?:$|[:;,(\[<=!]|\.{2,}|-|\bon\b|>|\.$|#|&|\S{0,40}\s*invalid)",
    re.IGNORECASE,
)
GATEWAY = re.compile(r"^(?:smtp|rfc-?822|dda|mailto)=|\.+$", re.IGNORECASE)
REPLIED = re.compile(r"^\W{0,8}[45]\d\d[\s-]")
NAMED = re.compile(r"^[^@<>:]{1,80}[<(\[]$")


class Weight(IntEnum):
    """How good the evidence of a line is that its address failed; less is better."""

    LABEL = 1
    ALONE = 2
    SENTENCE = 3
    SESSION = 4
    TO_LINE = 5
    ANY = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A failed address, the addresses it was made from, and what the mail system said."""

    recipient: str = ""
    origins: tuple[str, ...] = ()
    status: str = ""
    diagnostic: str = ""
    weight: Weight = Weight.ANY


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sighting:
    line: int
    address: str
    weight: Weight


def find_failures(above: str, own: frozenset[str]) -> tuple[Failure, ...]:
    """List the failed addresses named in the text, best evidence only, () when there is none.

    `own` are the addresses of the report itself, lower case.
    """
    lines = [line[:LINE_LIMIT] for line in above.split("\n")[:LINES_LIMIT]]
    origins = _origins(lines)
    made = {address.lower() for found in origins.values() for address in found}
    seen = [sighting for sighting in _sightings(lines) if sighting.address.lower() not in made]
    best = _best(seen, own)
    starts = [sighting.line for sighting in best]
    failures = []
    for number, sighting in enumerate(best[:RECIPIENTS_LIMIT]):
        later = [start for start in starts[number + 1 : number + 2] if start > sighting.line]
        end = later[0] if later else len(lines)
        failures.append(_failure(lines, sighting, end, origins))
    return tuple(failures)


def find_origins(above: str) -> tuple[str, ...]:
    """List the addresses a text says others were generated or expanded from."""
    found = _origins([line[:LINE_LIMIT] for line in above.split("\n")[:LINES_LIMIT]])
    return tuple(dict.fromkeys(address for group in found.values() for address in group))


def _origins(lines: list[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, line in enumerate(lines):
        if "@" in line and says(plain(line), ORIGINS):
            found[number] = MAILBOX.findall(line)
    return found


def _sightings(lines: list[str]) -> list[_Sighting]:
    found: list[_Sighting] = []
    before = ""
    for number, line in enumerate(lines):
        if "@" in line and not _is_senders(line, before):
            around = plain(" ".join(lines[max(0, number - 1) : number + 2]))
            found += [
                _Sighting(line=number, address=GATEWAY.sub("", box[0]), weight=weight)
                for box in list(MAILBOX.finditer(line))[:RECIPIENTS_LIMIT]
                if (weight := _weigh(line, box.start(), box.end(), around))
            ]
        before = plain(line).strip() or before
    return found


def _is_senders(line: str, before: str) -> bool:
    """Tell whether the line names a writer, an id or a helper, or stands below "sent by"."""
    if before.rstrip(" :").endswith(BEFORE_SENDERS):
        return True
    label, colon, _ = plain(line).lstrip(" *>|-").partition(":")
    return bool(colon) and (label.strip() in OTHER_LABELS or label.startswith(("x-", "list-")))


def _weigh(line: str, start: int, end: int, around: str) -> Weight | None:
    """Weigh one address of a line; None for an address that is part of something else."""
    if line[start - 1 : start] in {"=", "/"} or line[end : end + 1] in {"=", "/"}:
        return None
    if COMMAND.search(line, 0, start):
        return Weight.SESSION
    labelled = LABELLED.match(line)
    if labelled and labelled.end() == start:
        label = plain(labelled[1]).strip(" *->|")
        if label in LABELS or says(label, FAILED):
            return Weight.LABEL
    opening = START.match(line)
    leads = bool(opening and opening.end() == start) or _is_name(line[:start])
    if leads and AFTER_ALONE.match(line[end : end + 60]):
        return Weight.ALONE
    if TO.match(line):
        return Weight.TO_LINE
    if says(around, FAILED) or says(around, DELAYED) or REPLIED.match(line):
        return Weight.SENTENCE
    return Weight.ANY


def _is_name(before: str) -> bool:
    """Tell whether only a display name stands before the address, not half a sentence."""
    return bool(NAMED.match(before)) and not says(plain(before), FAILED)


def _best(seen: list[_Sighting], own: frozenset[str]) -> list[_Sighting]:
    """Keep the sightings of the best weight, once for each address; our own come last."""
    strangers = [
        sighting
        for sighting in seen
        if sighting.address.lower() not in own
        and sighting.address.partition("@")[0].lower() not in HELPERS
    ]
    firm = [sighting for sighting in seen if sighting.weight <= Weight.ALONE]
    ranked = [s for s in strangers if s.weight <= Weight.SESSION] or firm or strangers
    if not ranked:
        return []
    least = min(sighting.weight for sighting in ranked)
    once: dict[str, _Sighting] = {}
    for sighting in ranked:
        if sighting.weight == least:
            once.setdefault(sighting.address.lower(), sighting)
    return list(once.values())


def _failure(
    lines: list[str], sighting: _Sighting, end: int, origins: dict[int, list[str]]
) -> Failure:
    near = lines[sighting.line : min(end, sighting.line + NEAR)]
    status, diagnostic = find_reason(near)
    if not diagnostic:
        diagnostic = _around(lines, sighting.line)
    made = [
        address
        for number in range(sighting.line, min(end, sighting.line + 4))
        for address in origins.get(number, [])
    ]
    return Failure(
        recipient=sighting.address,
        origins=tuple(dict.fromkeys(made)),
        status=status,
        diagnostic=diagnostic,
        weight=sighting.weight,
    )


def find_reason(lines: list[str]) -> tuple[str, str]:
    """Find the status and the words that give the reason, ("", "") when nothing is said.

    The enhanced code says more than the SMTP reply, a permanent one more than a temporary one.
    """
    for pattern in (STATUS, REPLY):
        for number in "54":
            for place, line in enumerate(lines):
                code = next((c for c in pattern.finditer(line) if c[1][0] == number), None)
                if code:
                    status = code[1] if "." in code[1] else f"{number}.0.0"
                    return status, _paragraph(lines, place, code.start(1))
    for place, line in enumerate(lines):
        if says(plain(line), FAILED):
            return "", _paragraph(lines, place)
    return "", ""


def _around(lines: list[str], place: int) -> str:
    """Give the paragraph a line stands in."""
    start = place
    while start > max(0, place - 3) and lines[start - 1].strip():
        start -= 1
    return _paragraph(lines, start)


def _paragraph(lines: list[str], place: int, start: int = 0) -> str:
    """Give a line with the lines it was wrapped into, at most 500 characters.

    Of a long line only what stands around the code at `start` is kept.
    """
    kept: list[str] = []
    for line in lines[place : place + 4]:
        if not line.strip():
            break
        kept.append(line.strip() if kept or start < NEAR_CODE else line[start - 8 :].strip())
    return " ".join(" ".join(kept).split())[:500]


def class_by_words(above: str) -> str:
    """Give "4.0.0" when the text speaks of a temporary failure, over or not, else "5.0.0"."""
    return "4.0.0" if _outlasted(above) or still_tries(above) else "5.0.0"


def _outlasted(above: str) -> bool:
    lines = (plain(line) for line in above.split("\n")[:LINES_LIMIT])
    return any(line.rpartition(": ")[2].startswith(OUTLASTED) for line in lines)


def still_tries(above: str) -> bool:
    """Tell whether the text says that the mail system will try again."""
    text = plain(above)
    return says(text, DELAYED) and not says(text, GIVEN_UP)
