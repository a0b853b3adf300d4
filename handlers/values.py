"""Values: what a notice may say beside the ticket itself, by the names a workflow file uses."""

from __future__ import annotations

from collections.abc import Callable

from handlers.decision import Value
from handlers.order_check import check_order, cites_replaced_quote
from handlers.ticket import Role
from handlers.turn import Turn
from handlers.words import WORDS
from handlers.workflow import Workflow, said

VALUES: dict[str, Callable[[Turn, str], Value]] = {}


def value(function: Callable[[Turn, str], Value]) -> Callable[[Turn, str], Value]:
    """Make a function usable under its own name in the `values` of a notice."""
    VALUES[function.__name__] = function
    return function


def customer_values(turn: Turn, notice: str, language: str) -> dict[str, Value]:
    """Return the values a customer's notice declares."""
    names = turn.workflow.notices[notice].values
    return {name: VALUES[name](turn, language) for name in names}


def agent_values(turn: Turn, language: str) -> dict[str, Value]:
    """Return what every work item shows: the words said, what was found, what can be done."""
    return {
        "said": turn.event.said,
        "found": findings(turn, language),
        "commands": possible_commands(turn.workflow, turn.ticket.state, language),
    }


@value
def missing(turn: Turn, language: str) -> Value:
    """The required fields still empty: label, example, choices."""
    rules = turn.workflow.fields
    return [
        {
            "label": said(rules[name].label, language),
            "example": said(rules[name].example, language) if rules[name].example else "",
            "choices": [said(c.label, language) for c in rules[name].choices.values()],
        }
        for name in turn.missing()
    ]


@value
def vague(turn: Turn, language: str) -> Value:
    """Whether the description says next to nothing (F-13)."""
    del language
    return "vague_description" in turn.ticket.flags


@value
def motive(turn: Turn, language: str) -> Value:
    """The reason an agent gave."""
    del language
    return turn.ticket.fields.get("motive", "")


@value
def choose_action(turn: Turn, language: str) -> Value:
    """Whether the customer must still choose between exchange and repair."""
    del language
    return not turn.ticket.fields.get("action")


@value
def not_repairable(turn: Turn, language: str) -> Value:
    """Whether the device cannot be repaired."""
    del language
    return "not_repairable" in turn.ticket.flags


@value
def material_here(turn: Turn, language: str) -> Value:
    """Whether the device is with us."""
    del language
    return "material_here" in turn.ticket.flags


@value
def replaces(turn: Turn, language: str) -> Value:
    """The number of the quote that this one replaces."""
    del language
    return turn.ticket.fields.get("quote_replaced", "")


@value
def words(turn: Turn, language: str) -> Value:
    """The customer's own words."""
    del language
    return turn.event.intent.words or turn.event.said


@value
def order_number(turn: Turn, language: str) -> Value:
    """The customer's order number."""
    del language
    return turn.ticket.fields.get("order_number", "")


@value
def unreadable(turn: Turn, language: str) -> Value:
    """Whether the order could not be read automatically (X-24)."""
    del language
    order = turn.ticket.latest("order", "signed_quote")
    return order is not None and "unreadable" in order.flags


@value
def old_unit(turn: Turn, language: str) -> Value:
    """What becomes of the old unit in an exchange: no, after_receipt, in_advance (F-36)."""
    del language
    return str(turn.desk.settings.get("exchange_return_old", "no"))


@value
def received(turn: Turn, language: str) -> Value:
    """The serial number that arrived."""
    del language
    return turn.ticket.fields.get("received_serial", "")


@value
def declared(turn: Turn, language: str) -> Value:
    """The serial number that was announced."""
    del language
    return turn.ticket.fields.get("serial", "")


@value
def other_key(turn: Turn, language: str) -> Value:
    """The keys of the customer's other open tickets for the same device."""
    del language
    return ", ".join(twin.key for twin in turn.own_twins())


@value
def quantity(turn: Turn, language: str) -> Value:
    """How many devices the mail announced."""
    del language
    return turn.ticket.links.get("quantity", "")


@value
def found(turn: Turn, language: str) -> Value:
    """The serial numbers that were found so far."""
    del language
    return turn.ticket.fields.get("serial", "")


def findings(turn: Turn, language: str) -> list[Value]:
    """Return what an agent should know: flags, doubles, the order against the quote."""
    rows: list[Value] = [
        {"label": said(turn.workflow.flags[flag], language), "value": ""}
        for flag in sorted(turn.ticket.flags)
        if flag in turn.workflow.flags
    ]
    if turn.disputed:
        rows.append({"label": said(WORDS["disputed"], language), "value": turn.disputed})
    if turn.twins:
        keys = ", ".join(twin.key for twin in turn.twins)
        rows.append({"label": said(WORDS["same_device"], language), "value": keys})
    waiting = [p.address for p in turn.ticket.participants if p.role is Role.PENDING]
    if waiting:
        rows.append({"label": said(WORDS["pending"], language), "value": ", ".join(waiting)})
    link = turn.ticket.fields.get("order_link")
    if link:
        rows.append(
            {"label": said(turn.workflow.fields["order_link"].label, language), "value": link}
        )
    if turn.ticket.state == "order_to_check":
        rows.extend(_order_rows(turn, language))
    return rows


def _order_rows(turn: Turn, language: str) -> list[Value]:
    order = turn.ticket.latest("order", "signed_quote")
    rows: list[Value] = [
        {
            "label": said(turn.workflow.fields[check.name].label, language),
            "compared": said(WORDS[_verdict(check.agrees)], language),
            "field": check.name,  # whoever writes it knows how the language writes its values
            "quote": check.quote,
            "order": check.order,
        }
        for check in check_order(turn.ticket)
    ]
    if order is not None and cites_replaced_quote(turn.ticket, order):
        rows.append({"label": said(WORDS["old_quote"], language), "value": order.fields["quotes"]})
    return rows


def _verdict(agrees: bool | None) -> str:
    return {True: "agrees", False: "differs", None: "unknown"}[agrees]


def possible_commands(workflow: Workflow, state: str, language: str) -> list[Value]:
    """Return the commands an agent can write in this state, ready to copy."""
    names = _commands_of(workflow, state)
    names += [name for name, rule in workflow.commands.items() if rule.anywhere]
    return [
        {"line": line, "help": said(workflow.commands[name].help, language)}
        for name in dict.fromkeys(names)
        for line in command_lines(workflow, name, language)
    ]


def command_lines(workflow: Workflow, name: str, language: str) -> tuple[str, ...]:
    """Return how a command is written: French readers see the first names, others the last."""
    rule = workflow.commands[name]
    if rule.usage:
        return rule.usage.get(language) or next(iter(rule.usage.values()))
    index = 0 if language == "fr" else -1
    parts = [f"#{rule.names[index]}"]
    parts += [f"{names[index]}=" for key, names in rule.arguments.items() if key != "*"]
    parts += ["…"] if rule.free else []
    return (" ".join(parts),)


def _commands_of(workflow: Workflow, state: str) -> list[str]:
    names: list[str] = []
    for row in workflow.leaving(state):
        for on in row.hears:
            if on.command == "*" and row.target != state:
                names += _commands_of(workflow, row.target)
            elif on.command and on.command != "*":
                names.append(on.command)
    return names
