"""The answer to a question that offers a few choices, understood once and for the question that was put.

A program that answers says which message it answers, a button does so in its subject. Where neither
does, the question put last since the ticket entered its state is meant. An answer to a question that was
put again with another content, or before the state, is no choice: it is asked about (X-18). So is a button
of a message that is not known any more, because the key it was signed with is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.facts import SentMessage
from handlers.prepared_answer import read_code
from handlers.process.question_rule import ChoiceRule
from handlers.process.questions import choices_of
from handlers.process.workflow import said
from handlers.steps.effects import notify, work_item
from handlers.ticket import Ticket
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.words.choices import Picked, pick, spoken
from handlers.words.closed_answers import with_closed_answer
from parsers.folding import key_of
from parsers.intents.intent import intent_of
from parsers.mail import Intent, IntentKind

NO_QUESTION = "-"
UNDECIDED = (IntentKind.QUESTION, IntentKind.CONDITIONAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """The question that a mail answers; `over` when another one counts, or none."""

    name: str
    over: bool = False


def with_choice(visit: Visit) -> Visit:
    """Return the visit with what its answer to a question means: an intent, or fields to be filled."""
    visit = with_closed_answer(visit)
    ticket = visit.ticket
    if ticket is None or visit.is_agents or visit.forwarded or not visit.workflow.questions:
        return visit
    asked = _asked(visit, ticket)
    choices = choices_of(visit.workflow, asked.name) if asked else ()
    if asked is None or not choices:
        return visit
    numbered = visit.workflow.questions[asked.name].numbered
    picked = pick(visit.words, tuple(map(_labels, choices)), numbered=numbered)
    if picked is None:
        return visit
    if picked.inline and (asked.over or len(picked.numbers) > 1):
        return visit
    number = picked.numbers[0]
    alone = len(picked.numbers) == 1 and 0 < number <= len(choices)
    if alone and not choices[number - 1].means and not choices[number - 1].fills:
        return visit  # the words are read as always
    if asked.over or not alone:
        unclear = Intent(kind=IntentKind.AMBIGUOUS, words=visit.words.strip())
        name = _newest(visit, ticket) if asked.over else asked.name
        return replace(visit, intent=unclear, picked=True, unclear=name or NO_QUESTION)
    return _choose(visit, choices[number - 1], picked)


def _labels(choice: ChoiceRule) -> frozenset[str]:
    return frozenset(map(key_of, (*choice.label.values(), *choice.writes.values())))


def _choose(visit: Visit, choice: ChoiceRule, picked: Picked) -> Visit:
    """Read the choice as the words it stands for, with those behind it: "2, mais seulement si …"."""
    spoken_by = visit.ticket.language if visit.ticket else ""
    language, label = visit.mail.language or spoken_by, said(choice.label, spoken_by)
    words = visit.words.strip()
    words = words if label in words else f"{words} – {label}"
    if choice.means:
        kind = IntentKind(choice.means)
        meant = Intent(kind=kind, words=words, only=True)
        if picked.rest:
            read = intent_of(f"{spoken(kind, language)}.\n{picked.rest}", language)
            if picked.inline and read.kind is kind:
                return visit
            meant = replace(meant, only=False) if read.kind is kind else read
        return replace(visit, intent=meant, picked=True)
    if picked.inline:
        return visit
    rest = intent_of(picked.rest, language) if picked.rest else Intent(words=words)
    chosen = {} if rest.kind in UNDECIDED else choice.fills
    return replace(visit, intent=rest, chosen=chosen, picked=bool(choice.fills))


def _asked(visit: Visit, ticket: Ticket) -> _Asked | None:
    """Return the question that the mail answers, None when it answers something else."""
    last = visit.facts.last_told(ticket)
    answered = visit.facts.sent.get(visit.route.answers)
    if answered is not None:
        return _referred(visit, ticket, answered, last)
    notices, name = visit.workflow.notices, _newest(visit, ticket)
    put = max((at for one, at in last.items() if _asks(visit, one)), default=visit.now)
    later = (at for one, at in last.items() if one in notices and notices[one].relay)
    if not name or any(at > put for at in later):  # a person may have asked since
        return None
    lost = read_code(visit.mail.subject) is not None  # it names a message, and nobody knows which
    return _Asked(name=name, over=lost)


def _newest(visit: Visit, ticket: Ticket) -> str:
    """Return the question that was put last since the ticket entered its state, "" for none."""
    last = visit.facts.last_told(ticket)
    put = [
        (at, name) for name, at in last.items() if _asks(visit, name) and _asks(visit, name) != "*"
    ]
    return _asks(visit, max(put)[1]) if put else ""


def _asks(visit: Visit, notice: str) -> str:
    rule = visit.workflow.notices.get(notice)
    return rule.asks if rule is not None else ""


def _referred(
    visit: Visit, ticket: Ticket, answered: SentMessage, last: dict[str, datetime]
) -> _Asked | None:
    name = _asks(visit, answered.notice)
    name = _newest(visit, ticket) if name == "*" else name
    if not name or answered.at is None:
        return None
    notices = visit.workflow.notices
    afresh = (at for one, at in last.items() if _asks(visit, one) and not notices[one].again)
    newest = max(afresh, default=ticket.state_since)
    return _Asked(name=name, over=answered.at < max(newest, ticket.state_since))


def ask_again(visit: Visit, turn: Turn) -> Turn:
    """Return the turn with the question put once more when nobody can tell what was chosen and no row
    said so; the second time a person of the desk looks (X-18)."""
    if not visit.unclear or turn.notices:
        return turn
    if "N_choice" in turn.told:
        return work_item(turn, "W_question")
    before = len(turn.notices)
    turn = notify(turn, "N_choice", to="sender")
    asked = (
        replace(one, values={**one.values, "asks": visit.unclear}) for one in turn.notices[before:]
    )
    return replace(turn, notices=(*turn.notices[:before], *asked))
