"""Understand a mail as far as that needs no database: what the reading processes do.

It costs as much as deciding, so it is done on every core and behind their bounds, not in the one
thread that decides. Its files are opened elsewhere, each apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.process.workflow import Workflow
from handlers.words.line_sheets import read_requests
from handlers.words.sheet import Sheet
from parsers.mail import Machine, ParsedMail
from parsers.read import read


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A mail as read. `sheets` are the devices that its new text names, None when nobody asked:
    a machine wrote it, or it answers something and is no new request. `reads_tables` says that the desk
    looks for lines in workbooks."""

    mail: ParsedMail
    sheets: tuple[Sheet, ...] | None = None
    reads_tables: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Understanding:
    """Reads mails with the workflows of their desks in mind. Can be pickled into another process."""

    workflows: Mapping[str, Workflow]

    def __call__(self, data: bytes, desk: str) -> Understood:
        """Return the mail and its sheets. Total: any bytes, any desk give a value."""
        mail, workflow = read(data), self.workflows.get(desk)
        if workflow is None or mail.machine is not Machine.NONE:
            return Understood(mail=mail)
        tables = workflow.lines is not None and "xlsx" in workflow.lines.files
        sheets = None if mail.in_reply_to else read_requests(mail.new_text, workflow)
        return Understood(mail=mail, sheets=sheets, reads_tables=tables)
