"""docs/configuration.md, made from the models of `daemon.config`: `python -m tests.configuration_page`."""

from __future__ import annotations

import typing
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from daemon.config import Config

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
HEAD = """# Configuration

Every section and key of `savd.toml`. `savd init DIR` writes a commented one that works; `savd check` names file, line
and remedy for whatever is wrong. Relative file names count from the folder of the file. Secrets are never written in it: keys that
end in `_file` name a file of their own, looked up in systemd's credentials directory first.

This page is made from the program (`make golden`), a test compares them.
"""


def page() -> str:
    """Return the page as the program says it should be."""
    parts = [HEAD]
    for name, info in Config.model_fields.items():
        parts += _section(name, info)
    return "\n".join(parts)


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def _section(name: str, info: FieldInfo) -> list[str]:
    model = _model_in(info.annotation)
    title = {"desks": "[desks.NAME]", "listen": "[[listen]]", "mailbox": "[[mailbox]]"}.get(
        name, f"[{name}]"
    )
    lines = [f"\n## {title}\n", *_table(model)]
    for inner, inner_info in model.model_fields.items():
        below = _model_in(inner_info.annotation)
        if below is not BaseModel:
            nested = (
                f"[desks.NAME.{inner}.TEAM]" if inner == "teams" else f"[[{name}.NAME.{inner}]]"
            )
            lines += [f"\n### {nested}\n", *_table(below)]
    return lines


def _table(model: type[BaseModel]) -> list[str]:
    rows = [(model.__doc__ or "").strip(), "", "| key | default | meaning |", "| --- | --- | --- |"]
    for key, info in model.model_fields.items():
        rows.append(f"| `{key}` | {_default(info)} | {info.description} |")
    return rows


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = (
        info.default
        if info.default is not PydanticUndefined
        else info.get_default(call_default_factory=True)
    )
    if isinstance(value, BaseModel) or value in ("", (), {}, None):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _model_in(annotation: object) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in typing.get_args(annotation))
    return next((model for model in found if model is not BaseModel), BaseModel)


if __name__ == "__main__":
    write()
