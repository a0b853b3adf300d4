"""From words to sheets where a mail lists lines, or asks for one thing (A-34, I, Q: `opens`)."""

from __future__ import annotations

from handlers.process.workflow import Workflow
from handlers.ticket import FIRST_CHILD
from handlers.words.field_values import filled, free_choices, vocabulary_of
from handlers.words.sheet import Sheet, described_beside, free_values, labelled_values, read_sheets
from parsers.fields.blocks import Block, listing
from parsers.fields.labels import labelled


def read_requests(text: str, workflow: Workflow) -> tuple[Sheet, ...]:
    """Return the sheets of a new request as the workflow opens them: one a device, line or mail."""
    if workflow.opens == "device":
        return read_sheets(text, workflow)
    return read_lines(text, workflow) if workflow.opens == "line" else (_of_mail(text, workflow),)


def read_lines(text: str, workflow: Workflow) -> tuple[Sheet, ...]:
    """Return one sheet per line that a text lists, at least one, and at most one more than a mail may
    open.

    What is said once for all lines stands on every sheet; choices are also read in the words of a
    line, without their label.
    """
    found = listing(text, vocabulary_of(workflow).known)
    if len(found.blocks) < 2:
        return (_of_mail(text, workflow),)
    shared = labelled_values(found.shared, workflow)
    return tuple(
        Sheet(values={**shared, **sheet_of_block(block, workflow)})
        for block in found.blocks[: most_of(workflow) + 1]
    )


def most_of(workflow: Workflow) -> int:
    """Return how many tickets one mail may open."""
    return workflow.lines.most if workflow.lines else FIRST_CHILD


def count_lines(text: str, workflow: Workflow) -> int:
    """Return how many lines a text says anything of that a line of the workflow has."""
    return len(listing(text, vocabulary_of(workflow).known).blocks)


def names_lines(text: str, workflow: Workflow) -> bool:
    """Tell whether a text says anything that a line of the workflow has."""
    return count_lines(text, workflow) > 0


def shared_values(text: str, workflow: Workflow) -> dict[str, str]:
    """Return what a text says of all lines that a file lists: its labels, and what its words say of the
    fields a new line needs. {} for a text that lists lines itself."""
    if count_lines(text, workflow) > 1:
        return {}
    pairs = ((label.key, label.value) for label in labelled(text, vocabulary_of(workflow).known))
    another = workflow.lines.another if workflow.lines else ()
    return {**free_choices(workflow, another, text), **labelled_values(pairs, workflow)}


def sheet_of_block(block: Block, workflow: Workflow) -> dict[str, str]:
    """Return the fields that one line fills: its labels, and choices in its own words."""
    values = labelled_values(block.fields, workflow)
    choices = [name for name, rule in workflow.fields.items() if rule.choices and not rule.kept]
    open_choices = [name for name in choices if name not in values]
    return {**free_choices(workflow, open_choices, block.text), **values}


def _of_mail(text: str, workflow: Workflow) -> Sheet:
    """Return the one sheet of a mail: its labelled lines, what running text says, the rest as
    description."""
    labels = labelled(text, vocabulary_of(workflow).known)
    values = labelled_values(((label.key, label.value) for label in labels), workflow)
    free = free_values(text, workflow, tuple(workflow.fields), single=True)
    if "description" in workflow.fields and not values.get("description"):
        free |= {"description": described_beside(text, labels)}
    return Sheet(values=filled({**free, **values}))
