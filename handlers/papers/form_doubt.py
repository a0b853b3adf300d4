"""What a form that came back says and a person should see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FormDoubt:
    """An entry of a form by its label, and in which file it stands. `said` is what the mail itself says
    of that field, by its `name`, instead, `kept` what counts; all "" where nobody can follow the entry."""

    label: str
    value: str
    source: str
    name: str = ""
    said: str = ""
    kept: str = ""
