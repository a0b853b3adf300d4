"""One log line per event: `event key=value ...`, from a closed set of events.

Every event is a function here, so that the words in the log are as stable as an interface. What
comes out of mails is quoted and escaped: no mail can forge a line or move a terminal's cursor.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from handlers.decision import Verdict

Field = str | int | float | None

_log = logging.getLogger("savd")
_PLAIN = re.compile(r"[\w.,:;@+/<>#*!()\[\]{}~^$%&?|-]+", re.ASCII)
_QUIET = ("mail.log", "imapclient", "apscheduler", "asyncio", "alembic", "pdfminer", "aiosmtplib")
_PRIORITY = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3}


def accepted(*, journal_id: int, desk: str, path: str, sender: str, size: int) -> None:
    """Tell that a mail is durable: it is ours now."""
    _tell("accepted", mail=journal_id, desk=desk, path=path, sender=sender, size=size)


def settled(
    *, journal_id: int, verdict: Verdict, reason: str = "", ticket: str = "", state: str = ""
) -> None:
    """Tell the verdict of a mail; the event is called like it (applied, duplicate, ...)."""
    level = logging.WARNING if verdict is Verdict.HELD else logging.INFO
    _tell(verdict.value, level, mail=journal_id, reason=reason, ticket=ticket, state=state)


def failed(*, journal_id: int, reason: str, attempts: int) -> None:
    """Tell that a mail could not be decided and is tried again."""
    _tell("failed", logging.WARNING, mail=journal_id, reason=reason, attempts=attempts)


def parked(*, desk: str, recipient: str, ticket: str, notice: str, budget: str) -> None:
    """Alarm: a message was over a budget of its desk and waits for a person; maybe a loop (X-30)."""
    _tell(
        "parked",
        logging.WARNING,
        desk=desk,
        to=recipient,
        ticket=ticket,
        notice=notice,
        budget=budget,
    )


def unheard(*, cause: str, recipient: str) -> None:
    """Alarm: somebody of the desk cannot be reached; no work item can say so."""
    _tell("unheard", logging.WARNING, cause=cause, to=recipient)


def undelivered(*, ticket: str, recipient: str, notice: str, trouble: str) -> None:
    """Tell that it was decided what follows from a message that did not get through."""
    _tell(
        "undelivered", logging.WARNING, ticket=ticket, to=recipient, notice=notice, reason=trouble
    )


def timer(*, ticket: str, name: str, nth: int, state: str) -> None:
    """Tell that a timer fired."""
    _tell("timer", ticket=ticket, name=name, nth=nth, state=state)


def digest(*, desk: str, kind: str, day: str, messages: int) -> None:
    """Tell that a digest was written."""
    _tell("digest", desk=desk, kind=kind, day=day, messages=messages)


def attempted(*, outcome: str, message_id: str, recipient: str, notice: str, reply: str) -> None:
    """Tell what an attempt came to: sent, deferred, bounced or uncertain."""
    level = logging.INFO if outcome == "sent" else logging.WARNING
    _tell(outcome, level, id=message_id, to=recipient, notice=notice, reply=reply)


def refusing(*, people: int, reply: str) -> None:
    """Alarm: the relay refuses everybody alike; their messages wait, no address is blamed."""
    _tell("refusing", logging.WARNING, people=people, reply=reply)


def errand(*, key: str, organisation: str, outcome: str, reason: str = "") -> None:
    """Tell what came of carrying an errand: ok, invalid, handedover, notarrived, indoubt, refused."""
    level = logging.INFO if outcome in ("ok", "invalid", "handedover") else logging.WARNING
    _tell("errand", level, key=key, organisation=organisation, outcome=outcome, reason=reason)


def answered(*, ticket: str, errand: str, result: str, state: str) -> None:
    """Tell that the answer to an errand was decided."""
    _tell("answered", ticket=ticket, errand=errand, result=result, state=state)


def started(*, version: str, node: int, database: str) -> None:
    """Tell that the daemon works."""
    _tell("started", version=version, node=node, database=database)


def stopped(*, seconds: float) -> None:
    """Tell that the daemon has ended in order."""
    _tell("stopped", seconds=round(seconds, 2))


def listening(*, protocol: str, host: str, port: int) -> None:
    """Tell that a door is open."""
    _tell("listening", protocol=protocol, host=host, port=port)


def connected(*, what: str, where: str) -> None:
    """Tell that a connection is there again (relay, mailbox, database)."""
    _tell("connected", what=what, where=where)


def lost(*, what: str, where: str, reason: str) -> None:
    """Tell that a connection is gone; it is tried again."""
    _tell("lost", logging.WARNING, what=what, where=where, reason=reason)


def sheltered(*, what: str, readers: int, walls: str, lacking: str) -> None:
    """Tell what confines the processes that read mails or files, and which walls are lacking."""
    level = logging.WARNING if lacking else logging.INFO
    _tell("sheltered", level, what=what, readers=readers, walls=walls, lacking=lacking)


def unopened(*, file: str, sha256: str, reason: str) -> None:
    """Tell that a file cost more than a file may, or its reader; it is kept and never used."""
    _tell("unopened", logging.WARNING, file=file, sha256=sha256, reason=reason)


def infected(*, file: str, sha256: str, signature: str) -> None:
    """Tell that the scanner found something in a file; it is kept and never used."""
    _tell("infected", logging.WARNING, file=file, sha256=sha256, signature=signature)


def unscanned(*, file: str, sha256: str, reason: str) -> None:
    """Tell that the scanner could not say anything of a file; it is read behind the walls."""
    _tell("unscanned", logging.WARNING, file=file, sha256=sha256, reason=reason)


def scanned(*, file: str, sha256: str, found: str) -> None:
    """Tell that the scanner answered at last about a kept file; `found` is "" for a clean one."""
    level = logging.WARNING if found else logging.INFO
    _tell("scanned", level, file=file, sha256=sha256, found=found)


def adopted(*, rows: int) -> None:
    """Tell that work of a dead node, or of `savd inject`, was taken over."""
    _tell("adopted", rows=rows)


def imported(*, desk: str, file: str, told: str) -> None:
    """Tell that a file of an import folder is in the tables."""
    _tell("imported", desk=desk, file=file, told=told)


def not_imported(*, desk: str, file: str, reason: str) -> None:
    """Tell that a file of an import folder was refused, or is tried again."""
    _tell("not_imported", logging.WARNING, desk=desk, file=file, reason=reason)


def too_big(*, mailbox: str, uid: int, size: int) -> None:
    """Tell that a mail in a mailbox is over the limit and stays there."""
    _tell("too_big", logging.WARNING, mailbox=mailbox, uid=uid, size=size)


def set_up(*, level: str = "info", json_lines: bool = False, stream: TextIO | None = None) -> None:
    """Send everything that is logged to `stream` (standard error), in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Line(json_lines=json_lines, journal="JOURNAL_STREAM" in os.environ))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def told(value: Field) -> str:
    """Return a value as it stands in a line: bare when harmless, else quoted and escaped."""
    text = str(value)
    if _PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _tell(event: str, level: int = logging.INFO, **fields: Field) -> None:
    if _log.isEnabledFor(level):
        kept = {name: value for name, value in fields.items() if value not in ("", None)}
        _log.log(level, event, extra={"fields": kept})


class _Line(logging.Formatter):
    """Forms a line. The journal adds the time itself and wants the severity in front."""

    def __init__(self, *, json_lines: bool, journal: bool) -> None:
        super().__init__()
        self._json = json_lines
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, whatever was logged."""
        event, fields = _event_of(record)
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        if self._json:
            level = record.levelname.lower()
            return json.dumps({"at": at, "level": level, "event": event, **fields})
        words = [event, *(f"{name}={told(value)}" for name, value in fields.items())]
        if self._journal:
            return f"<{_PRIORITY.get(record.levelno, 5)}>{' '.join(words)}"
        return f"{at} {' '.join(words)}"


def _event_of(record: logging.LogRecord) -> tuple[str, dict[str, Field]]:
    fields = getattr(record, "fields", None)
    if isinstance(fields, dict):
        return record.getMessage(), dict(fields)
    return "note", {"part": record.name, "text": record.getMessage()}
