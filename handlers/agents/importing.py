"""An agent brings a table of reference data by mail: `#import invoices`, the file attached (X-42).

The order is only given here: what is in the file is checked and written where the database is,
and the agent is answered with the counts or with every mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as replaced

from handlers.customers.acknowledgement import agent_recipient
from handlers.decision import Decision, Notice, TableOrder, Value, Verdict
from handlers.desk import Agent, Level
from handlers.process.table_rules import known_tables, rule_of, table_named
from handlers.process.workflow import Workflow
from handlers.sentence import Sentence
from handlers.visit import Visit
from handlers.words.command import read_agent_text
from parsers.folding import key_of
from parsers.mail import Attachment

IMPORT = "import"
REPLACE = {"remplacer", "replace", "vervangen", "ersetzen"}
TABLES = (".csv", ".tsv", ".txt", ".xlsx")


def order_import(visit: Visit, agent: Agent) -> Decision | None:
    """Return the decision that imports an attached table; None when no command asks for it.

    Only a supervisor may, one table a mail, and nothing else is carried out with it.
    """
    text = read_agent_text(visit.mail.new_text, visit.workflow, agent.language)
    asked = [one for one in text.commands if one.name == IMPORT]
    if not asked:
        return None
    words = key_of(asked[0].arguments.get("table", "")).split()
    replace = bool(words) and words[-1] in REPLACE
    named = "_".join(words[:-1] if replace else words)
    tables = {**known_tables(), **visit.workflow.tables}
    table = table_named(named, tables)
    file = _table_file(visit.mail.attachments)
    errors = [*text.errors, *_wrong(agent, table, named, visit.workflow, file)]
    if len(text.commands) > 1:
        errors.append(Sentence(code="import_alone"))
    if errors or file is None:
        told: list[Value] = [error.said(agent.language) for error in errors]
        return visit.verdict(
            Verdict.APPLIED,
            "commands_refused",
            (),
            (_notice(visit, agent, "W_command_error", told),),
        )
    order = TableOrder(
        table=table,
        rule=rule_of(table, visit.workflow.tables),
        filename=file.filename,
        data=file.table.encode() or file.data,
        files=_others(visit.mail.attachments, file),
        replace=replace,
        done=_notice(visit, agent, "W_done", []),
        refused=_notice(visit, agent, "W_command_error", []),
    )
    return replaced(visit.verdict(Verdict.APPLIED, "import"), tables=(order,))


def _wrong(
    agent: Agent, table: str, named: str, workflow: Workflow, file: Attachment | None
) -> Sequence[Sentence]:
    if agent.level < Level.SUPERVISOR:
        return (Sentence(code="import_supervisor"),)
    if not table:
        known = ", ".join(sorted({*known_tables(), *workflow.tables}))
        return (Sentence(code="no_such_table", values={"word": named or "–", "choices": known}),)
    if file is None:
        return (Sentence(code="import_one_file"),)
    if file.refusal or _is_workbook(file) > bool(file.table):
        return (Sentence(code="import_unread", values={"word": file.filename}),)
    return ()


def _table_file(files: Sequence[Attachment]) -> Attachment | None:
    """Return the only attached table: a workbook or CSV before plain text; None when it is not clear."""
    tables = [one for one in files if one.filename.lower().endswith(TABLES)]
    chosen = [one for one in tables if not one.filename.lower().endswith(".txt")] or tables
    return chosen[0] if len(chosen) == 1 else None


def _is_workbook(file: Attachment) -> bool:
    return file.filename.lower().endswith(".xlsx")


def _others(files: Sequence[Attachment], table: Attachment) -> Mapping[str, bytes]:
    return {one.filename: one.data for one in files if one is not table and not one.refusal}


def _notice(visit: Visit, agent: Agent, template: str, told: list[Value]) -> Notice:
    name = "done" if template == "W_done" else "errors"
    return visit.agent_notice(template, agent_recipient(agent), **{name: told})
