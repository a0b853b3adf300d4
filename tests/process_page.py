"""docs/rma.md and so on, made from the workflow files: diagram and tables of each process."""

from __future__ import annotations

from pathlib import Path

from handlers.process.call import Call
from handlers.process.draw import draw
from handlers.process.workflow import Hearing, Workflow, said
from handlers.workflow_file import shipped

from .processes import finished_names

DOCS = Path(__file__).parent.parent / "docs"


def page(name: str) -> str:
    """Return the page of a process as its workflow file says it should be."""
    workflow = shipped(name)
    parts = [
        f"# {said(workflow.label, 'en')} (`{name}`)",
        "",
        f"Made from `handlers/workflows/{name}.yaml` (`make golden`); a test compares them.",
        "",
        "```mermaid",
        draw(workflow, "en") + "```",
        "",
        *_states(workflow),
        *_transitions(workflow),
        *_timers(workflow),
        *_commands(workflow),
    ]
    return "\n".join(parts) + "\n"


def write() -> None:
    """Write the pages."""
    for name in finished_names():
        (DOCS / f"{name}.md").write_text(page(name), encoding="utf-8")


def _states(workflow: Workflow) -> list[str]:
    rows = [
        "## States",
        "",
        "| state | in French | in English | waits for |",
        "| --- | --- | --- | --- |",
    ]
    for name, state in workflow.states.items():
        rows.append(f"| `{name}` | {state.label['fr']} | {state.label['en']} | {state.waits_for} |")
    return [*rows, ""]


def _transitions(workflow: Workflow) -> list[str]:
    rows = [
        "## Transitions",
        "",
        "The first row that leaves the state, hears the event and whose guards hold is the one that fires.",
        "",
        "| id | from | to | hears | by | if | does |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in workflow.transitions:
        hears = " or ".join(_hearing(on) for on in row.hears)
        guards, effects = "; ".join(map(_call, row.guards)), "; ".join(map(_call, row.effects))
        source = ", ".join(row.source)
        rows.append(
            f"| {row.id} | {source} | {row.target} | {hears} | {row.level} | {guards} | {effects} |"
        )
    return [*rows, ""]


def _timers(workflow: Workflow) -> list[str]:
    rows = [
        "## Timers",
        "",
        "| timer | while | when | stands still while | does |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, timer in workflow.timers.items():
        day = f"end of {timer.at_field}" if timer.at_field else "morning of the day asked for"
        when = ", ".join(timer.after) or (f"each day at {timer.daily}" if timer.daily else day)
        when += " to the end of the day" if timer.whole_days and timer.after else ""
        stops = ", ".join(timer.suspended_by)
        stops += f" at most {timer.patience}" if timer.patience else ""
        effects = "; ".join(map(_call, timer.effects)) or "fires a transition"
        rows.append(
            f"| {name} | {', '.join(timer.states) or 'any'} | {when} | {stops} | {effects} |"
        )
    return [*rows, ""]


def _commands(workflow: Workflow) -> list[str]:
    rows = ["## Commands of agents", "", "| names | does |", "| --- | --- |"]
    for command in workflow.commands.values():
        names = ", ".join(f"`#{name}`" for name in command.names)
        rows.append(f"| {names} | {said(command.help, 'en')} |")
    return rows


def _hearing(on: Hearing) -> str:
    if on.command:
        return f"`#{' '.join([on.command, *on.given.values()])}`"
    if on.timer:
        return on.timer
    if on.answer:
        return f"answer: {' '.join([on.answer, *on.given.values()])}"
    if on.mail is not None:
        return "mail: " + (", ".join((*on.mail.documents, *on.mail.intents)) or "any")
    return "a new request" if on.opening else "by itself"


def _call(call: Call) -> str:
    if call.alternatives:
        told = f"one of ({'; '.join(map(_call, call.alternatives))})"
        return f"not {told}" if call.negated else told
    given = ", ".join(str(value) for value in call.arguments.values())
    told = f"{call.name}({given})" if given else call.name
    told = f"not {told}" if call.negated else told
    return told + (f" if {', '.join(map(_call, call.when))}" if call.when else "")


if __name__ == "__main__":
    write()
