"""The commented configuration that `savd init` writes, made from the models: no key is forgotten."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from daemon.config.calendar import CalendarSection
from daemon.config.desk import (
    AgentSection,
    DeskSection,
    DigestSection,
    FilesSection,
    ImportSection,
    LookSection,
    OrganisationSection,
    TeamSection,
)
from daemon.config.model import (
    ClamavSection,
    Database,
    Dkim,
    Keys,
    Limits,
    Listen,
    Log,
    Mailbox,
    Relay,
)
from handlers.process.needs import organisations_of
from handlers.process.workflow import Workflow, said

TITLE = """\
# savd.toml: the configuration of savd. `savd check` proves it, `savd run` works with it.
# A line that begins with "#" shows the value that counts when nothing is said.
# Passwords and keys are never written here: a key that ends in `_file` names a secret, looked up
# in $CREDENTIALS_DIRECTORY (systemd) first and then beside this file.
"""

SHORT = "# One more desk: its keys are those of the desk above."
_RETURN_ADDRESS = ["Example, returns", "1 rue du Port", "76600 Le Havre", "France"]
NESTED = ("agents", "teams", "files", "calendar", "look", "import_", "organisations", "digest")
_AGENT = {"address": "claire@example.com", "name": "Claire", "level": "supervisor"}
_DKIM = {"domain": "example.com", "selector": "savd1", "key_file": "dkim_savd1"}
_MAILBOX = {"host": "imap.example.com", "password_file": "imap_password"}


def template(
    workflows: Sequence[Workflow],
    *,
    database: str = "",
    files: Mapping[str, str] | None = None,
) -> str:
    """Return a savd.toml that works at once: LMTP in, a relay on this machine, a desk for each process.

    `files` names, by process, the file of one that does not come with savd.
    """
    parts = [
        TITLE,
        *_section("[database]", Database, {"url": database or Database().url}),
        *_section("[log]", Log, {}),
        *_section("[relay]", Relay, {"host": "127.0.0.1", "port": 25}),
        *_section("[[listen]]", Listen, {"protocol": "lmtp", "host": "127.0.0.1", "port": 8024}),
    ]
    for nth, workflow in enumerate(workflows):
        desk = list(_desk(workflow, (files or {}).get(workflow.name, "")))
        parts += desk if nth == 0 else [SHORT, *_without_comments(desk)]
    name = workflows[0].name
    mailbox = {"name": name, "desk": name, "user": f"{_address(name)}", **_MAILBOX}
    parts += _section("[[mailbox]]", Mailbox, mailbox, asleep=True)
    parts += _section("[keys]", Keys, {"directory": "keys", "current": "k1"})
    parts += _section("[[dkim]]", Dkim, _DKIM, asleep=True)
    parts += _section("[limits]", Limits, {})
    parts += _section("[clamav]", ClamavSection, {})
    return "\n".join(parts).rstrip() + "\n"


def _without_comments(lines: Iterable[str]) -> Iterator[str]:
    """Yield what counts of the sections of a further desk: empty ones go, with their comments."""
    kept = [line for line in lines if line and not line.startswith("#")]
    following = [*kept[1:], "["]
    for line, after in zip(kept, following, strict=True):
        if not (line.startswith("[") and after.startswith("[")):
            yield f"\n{line}" if line.startswith("[") else line
    yield ""


def _desk(workflow: Workflow, file: str) -> Iterator[str]:
    """Yield the sections of a desk: its teams, and the organisations it has something to ask of."""
    name = workflow.name
    told: dict[str, Any] = {
        "workflow": name,
        **({"workflow_file": file} if file else {}),
        "addresses": [_address(name)],
        "title": f"Example – {said(workflow.label, 'en')}",
        "phone": "+33 2 35 00 00 00",
        "languages": list(workflow.languages),
    }
    if any(paper.travels for paper in workflow.papers.values()):
        told["return_address"] = _RETURN_ADDRESS
    yield from _section(f"[desks.{name}]", DeskSection, told, leave_out=NESTED)
    yield from _section(f"[desks.{name}.calendar]", CalendarSection, {})
    yield from _section(f"[desks.{name}.files]", FilesSection, {})
    yield from _section(f"[desks.{name}.look]", LookSection, {})
    yield from _section(f"[desks.{name}.import]", ImportSection, {})
    yield from _section(f"[desks.{name}.digest]", DigestSection, {})
    yield from _section(f"[[desks.{name}.agents]]", AgentSection, _AGENT)
    for team in workflow.teams:
        to = {"addresses": ["claire@example.com"]}
        yield from _section(f"[desks.{name}.teams.{team}]", TeamSection, to)
    asked = organisations_of(workflow)
    for organisation in asked or ("example",):
        header = f"[desks.{name}.organisations.{organisation}]"
        by_hand = {"transport": "person"} if asked else {}
        yield from _section(header, OrganisationSection, by_hand, asleep=not asked)


def _address(name: str) -> str:
    return f"{name.replace('_', '-')}@example.com"


def _section(
    header: str,
    model: type[BaseModel],
    values: Mapping[str, Any],
    *,
    leave_out: Sequence[str] = (),
    asleep: bool = False,
) -> Iterator[str]:
    """Yield the lines of a section. `asleep` comments all of it out."""
    yield from _comment(" ".join((model.__doc__ or "").split()))
    yield f"#{header}" if asleep else header
    for name, field in model.model_fields.items():
        if name not in leave_out:
            yield from _key(name, field, values, asleep=asleep)
    yield ""


def _key(name: str, field: FieldInfo, values: Mapping[str, Any], *, asleep: bool) -> Iterator[str]:
    yield from _comment(field.description or "")
    value = values.get(name, field.default)
    is_default = name not in values
    if value is PydanticUndefined or value is None:
        yield f"#{name} ="
    else:
        yield f"{'#' if asleep or is_default else ''}{name} = {toml_value(value)}"


def _comment(words: str) -> list[str]:
    return textwrap.wrap(words, 96, initial_indent="# ", subsequent_indent="# ")


def toml_value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {toml_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)
