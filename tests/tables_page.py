"""The list of known tables in docs/reference-data.md, made from `handlers/tables.yaml`."""

from __future__ import annotations

from pathlib import Path

from handlers.process.table_rules import TableRule, known_tables

PAGE = Path(__file__).parent.parent / "docs" / "reference-data.md"
HEAD = "| table | columns | keys |\n| --- | --- | --- |\n"


def page(written: str) -> str:
    """Return the page with the list as the program says it should be."""
    before, _, rest = written.partition(HEAD)
    _, _, after = rest.partition("\n\n")
    rows = "\n".join(_row(name, rule) for name, rule in sorted(known_tables().items()))
    return f"{before}{HEAD}{rows}\n\n{after}"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _row(name: str, rule: TableRule) -> str:
    columns = ", ".join(_column(rule, column) for column in rule.columns)
    keys = "; ".join(" + ".join(key) for key in rule.keys)
    return f"| `{name}` ({', '.join(rule.names)}) | {columns} | {keys} |"


def _column(rule: TableRule, name: str) -> str:
    column = rule.columns[name]
    kind = "" if column.type == "text" else f" ({column.type})"
    return f"{name}{'*' if column.required else ''}{kind}"
