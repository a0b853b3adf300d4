"""Sample notices: one of each, for the preview and the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from handlers.decision import Notice, Recipient
from handlers.errors import ConfigError
from handlers.ticket import Document, Role, Ticket
from handlers.word_lists import load_yaml
from templates.source import COMMON, PACKAGE

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
FILE = "samples.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A notice with the ticket it is about and the bytes of its documents."""

    notice: Notice
    ticket: Ticket | None
    files: Mapping[int, bytes] = field(default_factory=dict)


def sample(workflow: str, name: str, language: str, site: Path | None = None) -> Sample:
    """Return the sample of a notice for one language, with the values that are written for it.

    Raises ConfigError when the process has no samples at all.
    """
    data = _read(workflow, site)
    usual = {"values": data["work"]} if name.startswith("W_") else {}
    told = {**usual, **(data["notices"].get(name) or {})}
    ticket = _ticket(data["ticket"], told.get("ticket", {}), workflow, language)
    files = {} if ticket is None else {one.number: b"sample" for one in ticket.documents}
    return Sample(notice=_notice(name, told, ticket, language), ticket=ticket, files=files)


def sample_names(workflow: str, site: Path | None = None) -> tuple[str, ...]:
    """Return the notices that have a sample: those of the process, then those of every process."""
    return tuple(_read(workflow, site)["notices"])


@lru_cache(maxsize=16)
def _read(workflow: str, site: Path | None) -> dict[str, Any]:
    own = [site / workflow / FILE] if site is not None else []
    file = next((one for one in own if one.is_file()), PACKAGE / workflow / FILE)
    if not file.is_file():
        raise ConfigError(f"{file} does not exist: it gives sample values for each notice.")
    shared = load_yaml((PACKAGE / COMMON / FILE).read_text(encoding="utf-8"))
    data: dict[str, Any] = load_yaml(file.read_text(encoding="utf-8"))
    notices = data.get("notices", {})
    others = {name: told for name, told in shared["notices"].items() if name not in notices}
    return {**shared, **data, "notices": {**notices, **others}}


def _notice(name: str, told: Mapping[str, Any], ticket: Ticket | None, language: str) -> Notice:
    agent = name.startswith("W_")
    role = "agent" if agent else told.get("to", {}).get("role", "contact")
    to = Recipient(
        address="sav@desk.example" if agent else "jeanne.martin@dupont.example",
        role=Role(role),
        language=language,
        name="" if agent else "Jeanne Martin",
    )
    return Notice(
        template=name,
        to=to,
        ticket_id=None if ticket is None else ticket.id,
        values=_spoken(told.get("values", {}), language),
        attach=tuple(told.get("attach", ())),
        table=tuple(tuple(line) for line in told.get("table", ())),
        automatic=told.get("automatic", True),
        recurring=told.get("recurring", False),
    )


def _spoken(value: Any, language: str) -> Any:
    """Return a sample value in one language: `{fr: …, en: …}` stands for what the desk says."""
    if isinstance(value, list):
        return [_spoken(one, language) for one in value]
    if not isinstance(value, dict):
        return value
    if value and all(len(key) == 2 for key in value):
        return _spoken(value.get(language, next(iter(value.values()))), language)
    return {key: _spoken(one, language) for key, one in value.items()}


def _ticket(
    whole: Mapping[str, Any], change: Mapping[str, Any] | bool, workflow: str, language: str
) -> Ticket | None:
    if isinstance(change, bool):
        return None
    key, draft_key = change.get("key", whole["key"]), whole.get("draft_key", "DEM-412000")
    own = change.get("fields", {})
    fields = own if key == draft_key else whole["fields"] | own
    return Ticket(
        id=412000,
        desk="rma",
        workflow=workflow,
        key=key,
        draft_key=draft_key,
        state=change.get("state", whole["state"]),
        opened_at=NOON,
        requested_at=NOON,
        state_since=NOON,
        changed_at=NOON,
        contact=whole.get("contact", "jeanne.martin@dupont.example"),
        language=language,
        organisation=whole.get("organisation", ""),
        subject=whole.get("subject", ""),
        fields=fields,
        documents=tuple(map(_document, whole.get("documents", ()))),
    )


def _document(told: Mapping[str, Any]) -> Document:
    return Document(**told, size=6, sha256="0" * 64, author="", at=NOON, cause="m1")
