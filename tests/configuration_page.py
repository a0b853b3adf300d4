"""docs/configuration.md, made from the models of `daemon.config.model`: `python -m tests.configuration_page`."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from daemon.config.model import Config

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
HEAD = """# Configuration

One file, `savd.toml`: `/etc/savd/savd.toml`, or the one `$SAVD_CONFIG` or `--config` names. `savd init DIR` writes one that works at once,
`savd check` proves it and names file, line and remedy of everything that is wrong (exit code 78). Relative names count from
the folder of the file.

**Secrets are never written here.** A key that ends in `_file` (and each of `[keys] files`) names a secret: a file of that name in
`$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=`) if there is one, else beside `savd.toml`, mode 0600.

This page is made from `daemon/config/model.py` (`make golden`); a test compares them.
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
    model = model_in(info.annotation)
    lists = {one: f"[[{one}]]" for one in ("listen", "mailbox", "dkim")}
    title = {"desks": "[desks.NAME]", **lists}.get(name, f"[{name}]")
    lines = [f"\n## {title}\n", *_table(model)]
    for inner, inner_info in model.model_fields.items():
        below = model_in(inner_info.annotation)
        if below is not BaseModel:
            nested = {
                "teams": "[desks.NAME.teams.TEAM]",
                "organisations": "[desks.NAME.organisations.ORGANISATION]",
                "files": "[desks.NAME.files]",
                "look": "[desks.NAME.look]",
                "calendar": "[desks.NAME.calendar]",
                "import_": "[desks.NAME.import]",
                "digest": "[desks.NAME.digest]",
            }.get(inner, f"[[{name}.NAME.{inner}]]")
            lines += [f"\n### {nested}\n", *_table(below)]
    return lines


def _table(model: type[BaseModel]) -> list[str]:
    rows = [(model.__doc__ or "").strip(), "", "| key | default | meaning |", "| --- | --- | --- |"]
    for name, info in model.model_fields.items():
        key = info.alias or name
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


def sections(model: type[BaseModel] = Config) -> Iterator[type[BaseModel]]:
    """Yield the models of all sections, the whole first."""
    yield model
    for info in model.model_fields.values():
        inner = model_in(info.annotation)
        if inner is not BaseModel:
            yield from sections(inner)


def model_in(annotation: object) -> type[BaseModel]:
    """Return the model that a key holds, one or many; BaseModel for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_in(inner) for inner in typing.get_args(annotation))
    return next((model for model in found if model is not BaseModel), BaseModel)


if __name__ == "__main__":
    write()
