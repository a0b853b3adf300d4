"""Prove that everything people read of a process is called something in each of its languages."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.process.call import spoken_in
from handlers.process.workflow import Workflow
from handlers.process.yaml_lines import Path

FOR_AGENTS = ("commands", "teams", "flags", "errands", "transitions", "timers")
"""Sections whose labels only agents read."""


def label_problems(workflow: Workflow) -> Iterator[str]:
    """Yield the labels that are missing in a language: in one of customers, or of agents."""
    agents = workflow.agent_languages or workflow.languages
    for section, part in workflow.model_dump(by_alias=True).items():
        wanted = agents if section in FOR_AGENTS else workflow.languages
        for path, label in _labels(part, (section,)):
            missing = [code for code in wanted if not spoken_in(label, code)]
            if missing:
                where = " ".join(str(one) for one in path)
                yield (
                    f"{workflow.place(*path)}: {where}: no label in {', '.join(missing)}. Add it, here or"
                    " in the file of labels of that language."
                )


def _labels(part: object, path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield every label of a section by its place: a mapping of languages, or one text for all."""
    if isinstance(part, dict):
        if _is_label(part):
            yield path, part
            return
        for name, value in part.items():
            yield from _labels(value, (*path, name))
    elif isinstance(part, tuple | list):
        for index, value in enumerate(part):
            yield from _labels(value, (*path, index))


def _is_label(part: dict[str, object]) -> bool:
    texts = all(isinstance(value, str) for value in part.values())
    return bool(part) and texts and ("fr" in part or "en" in part)
