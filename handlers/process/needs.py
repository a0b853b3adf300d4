"""What a process needs around it: the tables it looks things up in, the organisations it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handlers.process.workflow import Workflow


def tables_of(workflow: Workflow) -> tuple[str, ...]:
    """Return the tables of reference data that steps and sections name, sorted. Tables of decisions
    stand in the process itself."""
    named = {name for name in _tables_in(workflow.model_dump(mode="json")) if name}
    return tuple(sorted(named - workflow.decisions.keys()))


def organisations_of(workflow: Workflow) -> tuple[str, ...]:
    """Return the outside organisations that a process has something to ask of."""
    return tuple(name for name, operations in workflow.errands.items() if operations)


def _tables_in(part: Any) -> Iterator[str]:
    """Yield what stands under the key `table`, however deep."""
    if isinstance(part, Mapping):
        told = part.get("table")
        if isinstance(told, str):
            yield told
        for inner in part.values():
            yield from _tables_in(inner)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for inner in part:
            yield from _tables_in(inner)
