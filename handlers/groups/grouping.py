"""One answer for several tickets: their notices of one kind become one (F-4, F-48, F-62, A-34)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from handlers.decision import Notice, Value
from handlers.process.notice_rule import NoticeRule
from handlers.steps.group_rows import rows_of
from handlers.steps.values import customer_values
from handlers.together import every_turn
from handlers.turn import Turn

_Batch: TypeAlias = "list[tuple[Turn, Notice]]"


def notices_of(turns: Iterable[Turn]) -> tuple[Notice, ...]:
    """Return the notices of the turns of one decision. Those with the same `grouped_as` to the same
    recipient are one notice about the first ticket, when they speak of several."""
    every = tuple(every_turn(turns))
    batches: dict[tuple[str, ...], _Batch] = {}
    for turn in every:
        for notice in turn.notices:
            rule = turn.workflow.notices.get(notice.template)
            key = _batch_of(notice, rule) or ("", str(len(batches)))
            batches.setdefault(key, []).append((turn, notice))
    return tuple(made for key, batch in batches.items() for made in _told(key[0], batch, every))


def _batch_of(notice: Notice, rule: NoticeRule | None) -> tuple[str, ...]:
    """Return what notices have in common that are told as one, () for one that stands alone."""
    if rule is None or not rule.grouped_as:
        return ()
    same = (str(notice.values.get(name)) for name in rule.grouped_by)
    return (rule.grouped_as, notice.to.address.lower(), *same)


def _told(name: str, batch: _Batch, every: Sequence[Turn]) -> tuple[Notice, ...]:
    """Return the notices of a batch, or the one that stands for them, lines in their order."""
    batch = sorted(batch, key=lambda one: one[0].ticket.id)
    turn, first = batch[0]
    alone = len({told.ticket.id for told, _ in batch}) == 1
    if not name or (alone and name != first.template):
        return tuple(notice for _, notice in batch)
    beside = tuple(other for other in every if other.ticket.id != turn.ticket.id)
    turn = replace(turn, others=beside)
    declared = customer_values(turn, name, first.to.language, grouped=True)
    values = {**first.values, **declared, "tickets": _rows(turn, batch, first.to.language)}
    automatic = all(notice.automatic for _, notice in batch)
    return (replace(first, template=name, values=values, automatic=automatic),)


def _rows(turn: Turn, batch: _Batch, language: str) -> list[Value]:
    """Return a row for each ticket, with the values of all its notices."""
    values: dict[int, dict[str, Value]] = {}
    for told, notice in batch:
        values.setdefault(told.ticket.id, {}).update(notice.values)
    rows = rows_of(turn, (told.ticket for told, _ in batch), language)
    return [{**row, "values": values[ticket_id]} for ticket_id, row in rows.items()]
