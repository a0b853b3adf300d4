"""A file as it travels in a rehearsed mail, and how a script describes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Given = Mapping[str, object]
PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A file as it travels in a mail. `content_id` makes it an inline picture."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str = ""


def named(given: Given, usual: str) -> str:
    """Return the name a script gives the file, else its usual one."""
    return str(given.get("name") or usual)


def listed(value: object) -> list[str]:
    """Return one value or several as a list, [] for none."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []
