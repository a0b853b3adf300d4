"""Prove that the papers of a workflow and the notices that bring them know each other."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.process.workflow import Workflow


def paper_problems(workflow: Workflow) -> Iterator[str]:
    """Yield the papers that nobody declares, and those that nobody sends."""
    for name, notice in workflow.notices.items():
        for paper in notice.papers:
            if paper not in workflow.papers:
                place = f"{workflow.place('notices', name)}: notice {name}"
                yield f"{place}: {paper!r} is no paper. Add it to papers."
    sent = {paper for notice in workflow.notices.values() for paper in notice.papers}
    for paper in workflow.papers:
        if paper not in sent:
            place = f"{workflow.place('papers', paper)}: paper {paper}"
            yield f"{place}: no notice brings it. Name it in a notice, or take it out."
