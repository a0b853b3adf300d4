"""Draw a workflow as a Mermaid state diagram, for `savd workflow draw` and the documentation."""

from __future__ import annotations

from handlers.process.workflow import ANY, NEW, Hearing, Transition, Workflow, said


def draw(workflow: Workflow, language: str) -> str:
    """Return the diagram: states with their labels, one arrow per transition with id and trigger."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {n}: {said(s.label, language)}" for n, s in workflow.states.items()]
    for row in workflow.transitions:
        lines += _arrows(row)
    lines += [f"    {n} --> [*]" for n, s in workflow.states.items() if not s.open]
    return "\n".join(lines) + "\n"


def _arrows(row: Transition) -> list[str]:
    """Return the arrows of one row; rows that keep the state or fit any state are left out."""
    if not row.target or ANY in row.source:
        return []
    told = f"{row.id} {', '.join(dict.fromkeys(_trigger(on) for on in row.hears))}"
    sources = ("[*]" if source == NEW else source for source in row.source)
    return [f"    {source} --> {row.target}: {told}" for source in sources]


def _trigger(on: Hearing) -> str:
    if on.command:
        given = " ".join(on.given.values())
        return f"#{on.command} {given}".strip() if on.command != "*" else "any command"
    if on.timer:
        return on.timer
    if on.answer:
        return " ".join(["answer", on.answer, *on.given.values()])
    if on.mail is not None:
        return ", ".join((*on.mail.documents, *on.mail.intents)) or "mail"
    return "new mail" if on.opening else "by itself"
