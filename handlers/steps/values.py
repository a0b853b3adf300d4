"""Values: what a notice may say beside the ticket itself, by the names a workflow file uses."""

from __future__ import annotations

from collections.abc import Callable

from handlers.decision import Value
from handlers.desk import Level
from handlers.papers.comparison import Agreement, Check
from handlers.papers.file_findings import file_rows
from handlers.papers.order_check import check_order
from handlers.papers.photo_codes import read_for
from handlers.papers.picture_findings import code_commands, picture_rows
from handlers.papers.quotes import ORDER_KINDS
from handlers.people.staff import staff_reached
from handlers.process.command_line import command_line
from handlers.process.workflow import Workflow, said
from handlers.sentence import WORDS
from handlers.steps.conditions import reasons
from handlers.steps.group_rows import lines_of_group
from handlers.steps.kept_rows import rows_of_fields
from handlers.ticket import LOST, Role, Ticket, Visibility
from handlers.turn import Turn
from handlers.words.tag_words import other_kinds, tag_label

DOUBTS = frozenset(name.removeprefix("doubt_") for name in WORDS if name.startswith("doubt_"))
MOST_PAST = 6
QUIET = (Agreement.AGREES, Agreement.NOT_SAID)
Provide = Callable[[Turn, str], Value]


def _missing(turn: Turn, language: str) -> Value:
    """Return the required fields still empty: label, example, choices; what a photo says of one
    stands in the place of its example, to be confirmed."""
    rules = turn.workflow.fields
    return [
        {
            "label": said(rules[name].label, language),
            "example": _read_on_photo(turn, name, language)
            or (said(rules[name].example, language) if rules[name].example else ""),
            "choices": []
            if rules[name].numbered  # the notice lists them with their numbers
            else [said(c.label, language) for c in rules[name].choices.values()],
        }
        for name in turn.missing()
    ]


def _read_on_photo(turn: Turn, name: str, language: str) -> str:
    """Return the question whether a number read on the customer's photo is the one, "" for none."""
    read = [v for d, v in read_for(turn.ticket, name) if d.visibility is Visibility.PUBLIC]
    if len(read) != 1:
        return ""
    return said(WORDS["read_on_photo"], language).format(word=read[0])


def _field(name: str) -> Provide:
    return lambda turn, _language: turn.ticket.fields.get(name, "")


def _flag(name: str) -> Provide:
    return lambda turn, _language: name in turn.ticket.flags


def _is_unreadable(turn: Turn, _language: str) -> Value:
    order = turn.ticket.latest("order", "signed_quote")
    return order is not None and "unreadable" in order.flags


def _listed(words: str) -> Value:
    return list(words.split())


VALUES: dict[str, Provide] = {
    # the required fields still empty (F-16)
    "missing": _missing,
    # whether the description says next to nothing (F-13)
    "vague": _flag("vague_description"),
    # the reason an agent gave
    "motive": _field("motive"),
    # whether the customer must still choose between exchange and repair (F-27)
    "choose_action": lambda turn, _language: not turn.ticket.fields.get("action"),
    "not_repairable": _flag("not_repairable"),
    "material_here": _flag("material_here"),
    # the number of the quote that this one replaces (F-51)
    "replaces": _field("quote_replaced"),
    # the words that say what the customer wants
    "words": lambda turn, _language: turn.event.intent.words or turn.event.said,
    # everything the mail says anew
    "said": lambda turn, _language: turn.event.said,
    "order_number": _field("order_number"),
    # whether the order could not be read automatically
    "unreadable": _is_unreadable,
    # what becomes of the old unit in an exchange: no, after_receipt, in_advance (F-36)
    "old_unit": lambda turn, _language: str(turn.desk.settings.get("exchange_return_old", "no")),
    # the serial number that arrived, and the one that was announced (F-54)
    "received": _field("received_serial"),
    "declared": _field("serial"),
    # the keys of the customer's other open tickets for the same device (F-61)
    "other_key": lambda turn, _language: ", ".join(twin.key for twin in turn.own_twins()),
    # what kind of message the mail was taken for, and what else it could be
    "message_kind": tag_label,
    "other_kinds": other_kinds,
    # the key of the ticket that was opened for this one last
    "child_key": lambda turn, _language: (turn.ticket.links.get("child", "").split() or [""])[-1],
    "author": lambda turn, _language: turn.event.actor.name or turn.event.actor.address,
    # the rows that fields of type `rows` keep
    "rows": lambda turn, _language: rows_of_fields(turn),
    # addresses behind a tag: those that cannot be written to, and how many there are
    "unreadable_addresses": lambda turn, _language: turn.event.arguments.get("unreadable", ""),
    "outside_addresses": lambda turn, _language: _listed(turn.event.arguments.get("addresses", "")),
    "vouched_for": lambda turn, _language: bool(turn.event.arguments.get("proven")),
    # who of the desk got an internal mail beside it (R-8a)
    "staff_reached": lambda turn, _language: list(staff_reached(turn.event.mail, turn.desk)),
    # every ticket of the group, a row each
    "lines": lines_of_group,
    # the key of the ticket that this one was merged into
    "merged_into": lambda turn, _language: turn.ticket.links.get("merged_into", ""),
    # how many devices the mail announced, and the serial numbers found so far (F-4a)
    "quantity": lambda turn, _language: turn.ticket.links.get("quantity", ""),
    "found": _field("serial"),
}


OF_GROUPS = ("lines",)
RESEND = "resend"


def customer_values(
    turn: Turn, notice: str, language: str, *, grouped: bool = False
) -> dict[str, Value]:
    """Return the values a customer's notice declares. What one says of its whole group is left out as
    long as the notices that are told together are not `grouped` yet."""
    rule = turn.workflow.notices[notice]
    later = () if grouped or rule.grouped_as != notice else OF_GROUPS
    values = {name: VALUES[name](turn, language) for name in rule.values if name not in later}
    if rule.checks:
        values["reasons"] = list(reasons(turn, rule.checks, language))
    return values


def agent_values(turn: Turn, language: str) -> dict[str, Value]:
    """Return what every work item shows: the words said, what was found, what can be done."""
    return {
        "said": turn.event.said,
        "writer": writer_of(turn.event.actor.name, turn.event.actor.address),
        "past": _past(turn, language),
        "found": findings(turn, language),
        "compared": comparison(turn, language),
        "commands": [
            *code_commands(turn, language),
            *possible_commands(turn.workflow, turn.ticket, language),
        ],
    }


def writer_of(name: str, address: str) -> str:
    """Return who wrote, as a work item says it."""
    return f"{name} <{address}>" if name and name != address else address


def _past(turn: Turn, language: str) -> Value:
    """Return the last states of the ticket, oldest first, as (date and time, state)."""
    known = VALUES["history"](turn, language) if "history" in VALUES else []
    return known[-MOST_PAST:] if isinstance(known, list) else []


def findings(turn: Turn, language: str) -> list[Value]:
    """Return what an agent should know: flags, doubles, who waits to be admitted, what its files may be."""
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
    if turn.ticket.links.get(LOST):
        rows.append(
            {"label": said(WORDS["messages_lost"], language), "value": _again(turn, language)}
        )
    waiting = [p.address for p in turn.ticket.participants if p.role is Role.PENDING]
    if waiting:
        rows.append({"label": said(WORDS["pending"], language), "value": ", ".join(waiting)})
    link = turn.ticket.fields.get("order_link")
    if link:
        rows.append(
            {"label": said(turn.workflow.fields["order_link"].label, language), "value": link}
        )
    return [
        *rows,
        *_cited(turn, language),
        *file_rows(turn, language),
        *picture_rows(turn, language),
    ]


def _again(turn: Turn, language: str) -> str:
    """Return how many messages were lost, and the word that sends them again."""
    lost = len(turn.ticket.links.get(LOST, "").split())
    lines = (
        command_lines(turn.workflow, RESEND, language) if RESEND in turn.workflow.commands else ()
    )
    return " – ".join((str(lost), *lines))


def _cited(turn: Turn, language: str) -> list[Value]:
    """Return the quotes that an order cites although the ticket has none (F-46)."""
    order = turn.ticket.latest("order")
    cited = order.fields.get("quotes", "") if order is not None else ""
    if not cited or turn.ticket.fields.get("quote_number"):
        return []
    return [{"label": said(WORDS["cited"], language), "value": ", ".join(cited.split())}]


def comparison(turn: Turn, language: str) -> list[Value]:
    """Return the order against the quote, a row for each thing compared, while it is being checked
    or when it comes too late (F-34, X-35). Whoever writes it knows how the language writes dates
    and amounts."""
    came = any(d.kind in ORDER_KINDS for d in turn.event.documents)
    quoted = bool(turn.ticket.fields.get("quote_number"))
    if turn.ticket.state != "order_to_check" and not (came and quoted):
        return []
    checks = check_order(turn.ticket, turn.desk.time_zone)
    return [_compared(turn.workflow, check, language) for check in checks]


def _compared(workflow: Workflow, check: Check, language: str) -> Value:
    rule = workflow.fields.get(check.name)
    label = said(rule.label if rule else WORDS[check.name], language)
    if check.quotes > 1:
        label = said(WORDS["several_quotes"], language).format(label=label, count=check.quotes)
    doubt = check.name == "reading" and check.order in DOUBTS
    return {
        "label": f"{label} {check.about}".strip(),
        "quote": check.quote,
        "order": said(WORDS[f"doubt_{check.order}"], language) if doubt else check.order,
        "verdict": said(WORDS[check.verdict.value], language),
        "odd": check.verdict not in QUIET,
        "shown": check.shown,
        "currencies": list(check.currencies),
    }


def possible_commands(
    workflow: Workflow, ticket: Ticket, language: str, level: Level = Level.SUPERVISOR
) -> list[Value]:
    """Return the commands an agent of a level can write about a ticket as it is, ready to copy."""
    names = _commands_of(workflow, ticket.state, level)
    anywhere = ((name, rule) for name, rule in workflow.commands.items() if rule.anywhere)
    offered = ((name, rule) for name, rule in anywhere if rule.flag in ("", *ticket.flags))
    names += [name for name, rule in offered if rule.minimum <= level]
    return [one for name in dict.fromkeys(names) for one in possible_line(workflow, name, language)]


def possible_line(workflow: Workflow, name: str, language: str) -> list[Value]:
    """Return a command as it is written and what it is for, nothing when the workflow has no such one."""
    rule = workflow.commands.get(name)
    lines = () if rule is None else command_lines(workflow, name, language)
    return [{"line": one, "help": said(rule.help, language)} for one in lines if rule is not None]


def command_lines(workflow: Workflow, name: str, language: str) -> tuple[str, ...]:
    """Return how a command is written."""
    rule = workflow.commands[name]
    if rule.usage:
        return rule.usage.get(language) or next(iter(rule.usage.values()))
    line = command_line(rule, language, **{key: "" for key in rule.arguments if key != "*"})
    return (f"{line} …" if rule.free else line,)


def _commands_of(workflow: Workflow, state: str, level: Level) -> list[str]:
    names: list[str] = []
    for row in (one for one in workflow.leaving(state) if one.minimum <= level):
        for on in row.hears:
            if on.command == "*" and row.target != state:
                names += _commands_of(workflow, row.target, level)
            elif on.command and on.command != "*":
                names.append(on.command)
    return names
