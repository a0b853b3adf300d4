"""What a process calls things in further languages: a file for each, beside the process itself.

`labels/rma.nl.yaml` maps the French label to the Dutch one. A label that the process writes in that
language itself stays as it is there.
"""

from __future__ import annotations

from collections.abc import Mapping

FIRST = "fr"  # the language in which every shipped process is written


def translated(value: object, words: Mapping[str, Mapping[str, str]]) -> object:
    """Return a part of a process with its labels in these languages too; `words` maps the code of a
    language to what it says for each French label."""
    if isinstance(value, list):
        return [translated(one, words) for one in value]
    if not isinstance(value, dict):
        return value
    said = value.get(FIRST)
    if isinstance(said, str):
        known = {code: told[said] for code, told in words.items() if said in told}
        return {**known, **value}
    return {key: translated(one, words) for key, one in value.items()}
