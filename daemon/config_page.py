"""docs/configuration.md, made from the models: `python -m daemon.config_page > FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from daemon import config
from daemon.config_template import toml_value

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[database]", config.Database),
    ("[node]", config.Node),
    ("[log]", config.Log),
    ("[relay]", config.Relay),
    ("[[listen]]", config.Listen),
    ("[[mailbox]]", config.Mailbox),
    ("[desks.NAME]", config.DeskSection),
    ("[[desks.NAME.agents]]", config.AgentSection),
    ("[desks.NAME.teams.NAME]", config.TeamSection),
    ("[keys]", config.Keys),
    ("[limits]", config.Limits),
)

HEAD = """\
# Configuration

One file, `savd.toml`: `/etc/savd/savd.toml`, or the one `$SAVD_CONFIG` or `--config` names. `savd init DIR` writes one that works at once,
`savd check` proves it and names file, line and remedy of everything that is wrong (exit code 78). Relative names count from
the folder of the file.

**Secrets are never written here.** A key that ends in `_file` (and each of `[keys] files`) names a secret: a file of that name in
`$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=`) if there is one, else beside `savd.toml`, mode 0600.

This page is made from `daemon/config.py`: `python -m daemon.config_page > docs/configuration.md`.
"""


def page() -> str:
    """Return the page: every section, every key, its default, what it means."""
    return "\n".join([HEAD, *(line for one in SECTIONS for line in _section(*one))])


def _section(header: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"## `{header}`\n"
    yield f"{model.__doc__}\n"
    yield "| key | default | meaning |"
    yield "| --- | --- | --- |"
    for name, field in model.model_fields.items():
        if isinstance(field.description, str) and name not in ("agents", "teams"):
            default = field.default
            shown = "required" if default is PydanticUndefined else f"`{_shown(default)}`"
            yield f"| `{name}` | {shown} | {field.description} |"
    yield ""


def _shown(default: object) -> str:
    return "unset" if default is None else toml_value(default)


if __name__ == "__main__":
    sys.stdout.write(page())
