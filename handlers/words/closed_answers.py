"""The answer to a closed question: a bare "oui" or "ok" binds where nothing else can be meant (A-50)."""

from __future__ import annotations

from dataclasses import replace

from handlers.visit import Visit
from handlers.word_lists import read_words
from parsers.folding import key_of
from parsers.mail import Intent, IntentKind

_WORDS = read_words("closed")


def _keys(name: str) -> frozenset[str]:
    return frozenset(key_of(one) for phrases in _WORDS[name].values() for one in phrases)


YES, NO, GREETINGS, CLOSINGS = map(_keys, ("yes", "no", "greetings", "closings"))


def with_closed_answer(visit: Visit) -> Visit:
    """Return the visit with the intent that its words have as an answer to the question its ticket
    puts, if that question is a closed one; "ok merci" is none (X-16)."""
    kind = answer_in(visit.words) if _is_asked(visit) else None
    if kind is None:
        return visit
    return replace(visit, intent=Intent(kind=kind, words=visit.words.strip(), only=True))


def _is_asked(visit: Visit) -> bool:
    """Tell whether the ticket, or another line of its group, puts a closed question."""
    ticket, states = visit.ticket, visit.workflow.states
    if ticket is None:
        return False
    group = (t for t in visit.facts.tickets.values() if ticket.group and t.group == ticket.group)
    return any(states[one.state].closed_question for one in (ticket, *group))


def answer_in(text: str) -> IntentKind | None:
    """Return ACCEPTANCE or REFUSAL for a text that is a bare yes or no, None for any other."""
    said = bare(text)
    if said in YES:
        return IntentKind.ACCEPTANCE
    return IntentKind.REFUSAL if said in NO else None


def bare(text: str) -> str:
    """Return the folded words of a text between its greeting and its close, on one line."""
    lines = [key for line in text.splitlines() if (key := key_of(line))]
    while lines and lines[0] in GREETINGS:
        lines = lines[1:]
    end = next((n for n, line in enumerate(lines) if line in CLOSINGS), len(lines))
    return _without_greeting(" ".join(lines[:end]))


def _without_greeting(said: str) -> str:
    """Return what follows a greeting on the same line: "Bonjour, oui"."""
    return next(
        (said.removeprefix(f"{word} ") for word in sorted(GREETINGS, key=len, reverse=True)
         if said.startswith(f"{word} ")),
        said,
    )  # fmt: skip
