"""A question with few answers, as a workflow file declares it: customers answer by a number or a button."""

from __future__ import annotations

from handlers.process.call import Labels, Part


class ChoiceRule(Part):
    """One answer that is offered, by what people call it.

    It `means` an intent, exactly as words would: rows that need a paper or a signature still need it.
    Or it `fills` fields of the ticket. What is neither `writes` words that are read as always; "" = its
    label.
    """

    label: Labels
    means: str = ""
    fills: dict[str, str] = {}
    writes: Labels = {}


class QuestionRule(Part):
    """A question: its `choices`, or the `field` whose choices they are, asked as long as it is empty.

    `numbered` ones are answered by their number too. It is not where numbers already mean something
    else, as the lines of a cart do.
    """

    choices: tuple[ChoiceRule, ...] = ()
    field: str = ""
    numbered: bool = True
