"""The author of a document withdraws it by mail (R-12): nobody is shown or sent it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.customers.arrival import start
from handlers.decision import Decision, Notice, Verdict
from handlers.desk import Level
from handlers.papers.quotes import ORDER_KINDS
from handlers.people.recipients import contact_of, sender_of
from handlers.sentence import Sentence
from handlers.steps.effects import disable, work_item
from handlers.ticket import Document, Ticket, Visibility
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.word_lists import read_words
from parsers.folding import key_of

CONFIRMATION = "N_annexes"
FEW_WORDS = 3
MOST_DIGITS = 3
_SENTENCE_END = re.compile(r"[;!?\n]|(?<! n[ro])(?<! n)\.", re.IGNORECASE)  # not after "nr."
_WORDS = read_words("annexes")


def _phrases(name: str) -> frozenset[tuple[str, ...]]:
    """Return phrases of every language, folded, as tuples of words."""
    written = (phrase for phrases in _WORDS[name].values() for phrase in phrases)
    return frozenset(tuple(key_of(phrase).split()) for phrase in written)


VERBS, NOUNS, BETWEEN, DENIALS = map(_phrases, ("verbs", "nouns", "between", "denials"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The numbers of the documents to withdraw, and whether the mail says nothing else."""

    numbers: tuple[int, ...] = ()
    only: bool = False


def asked_in(text: str) -> Asked:
    """Return which documents a text asks to withdraw."""
    numbers: list[int] = []
    other = False
    for sentence in _SENTENCE_END.split(text):
        words = key_of(sentence).split()
        named = _numbers_in(words)
        numbers += named
        other |= not named and len(words) > FEW_WORDS
    return Asked(numbers=tuple(dict.fromkeys(numbers)), only=bool(numbers) and not other)


def withdraw_alone(visit: Visit, ticket: Ticket) -> Decision | None:
    """Return the decision for a mail that only withdraws documents, None for any other."""
    brings = any(not file.decor for file in visit.mail.attachments)
    if brings or not asked_in(visit.words).only:
        return None
    turn = withdraw(visit, start(visit, ticket, visit.actor))
    return visit.verdict(Verdict.APPLIED, "annexes_withdrawn", (turn,))


def withdraw(visit: Visit, turn: Turn) -> Turn:
    """Return the turn with the documents withdrawn that its words name, and a notice that says so;
    only their author may, and only on a ticket where the author decides (X-3)."""
    asked = asked_in(visit.words).numbers
    if not asked or CONFIRMATION not in turn.workflow.notices:
        return turn
    mine = [d for d in turn.ticket.documents if d.number in asked and _is_own(turn, d)]
    turn, inside = _withdraw_inside(turn, asked)
    refused = [n for n in asked if n not in {*inside, *(d.number for d in mine)}]
    for document in mine:
        turn = disable(turn, document)
    if any(document.kind in ORDER_KINDS for document in mine):
        turn = _tell_team(turn, mine)
    done = [*map(_name, mine), *(f"[{number}]" for number in inside)]
    return replace(turn, notices=(*turn.notices, _confirmation(visit, turn, done, refused)))


def _withdraw_inside(turn: Turn, asked: tuple[int, ...]) -> tuple[Turn, list[int]]:
    """Return the turn without the sender's internal documents of these numbers, and which they are."""
    who = turn.event.actor.address.lower()
    mine = [w for w in turn.ticket.withheld if w.number in asked and w.author.lower() == who]
    gone = {w.number: replace(w, disabled=True) for w in mine}
    if gone:
        turn = turn.with_ticket(withheld=tuple(gone.get(w.number, w) for w in turn.ticket.withheld))
    return turn, list(gone)


def _numbers_in(words: list[str]) -> list[int]:
    """Return the numbers that a sentence asks to withdraw, in its order."""
    if not _says(words, VERBS) or _says(words, DENIALS):
        return []
    return [int(word) for place in range(len(words)) for word in _behind_noun(words, place)]


def _says(words: list[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any((word,) in phrases for word in words)


def _behind_noun(words: list[str], place: int) -> Iterator[str]:
    """Yield the numbers that follow a noun which begins at `place`."""
    lengths = (n for n in (2, 1) if tuple(words[place : place + n]) in NOUNS)
    length = next(lengths, 0)
    for word in words[place + length :] if length else ():
        if word.isdecimal() and len(word) <= MOST_DIGITS:
            yield word
        elif (word,) not in BETWEEN:
            return


def _is_own(turn: Turn, document: Document) -> bool:
    actor = turn.event.actor
    return (
        actor.level >= Level.PARTICIPANT
        and document.author.lower() == actor.address.lower()
        and document.visibility in (Visibility.PUBLIC, Visibility.EXTERNAL)
    )


def _tell_team(turn: Turn, documents: list[Document]) -> Turn:
    """Return the turn with a work item: an order may be on its way through the house already."""
    told = work_item(turn, "W_annex")
    fresh = told.notices[len(turn.notices) :]
    return replace(told, notices=(*turn.notices, *(_naming(one, documents) for one in fresh)))


def _naming(notice: Notice, documents: list[Document]) -> Notice:
    label = Sentence(code="withdrawn").said(notice.to.language)
    row = {"label": label, "value": ", ".join(map(_name, documents))}
    found = notice.values.get("found")
    rows = [row, *(found if isinstance(found, list) else ())]
    return replace(notice, values={**notice.values, "found": rows})


def _confirmation(visit: Visit, turn: Turn, done: list[str], refused: list[int]) -> Notice:
    return Notice(
        template=CONFIRMATION,
        to=sender_of(turn) or contact_of(turn),
        ticket_id=turn.ticket.id,
        values={"withdrawn": list(done), "refused": [str(n) for n in refused]},
        in_reply_to=visit.mail.message_id,
        references=turn.ticket.thread,
    )


def _name(document: Document) -> str:
    return f"[{document.number}] {document.filename}"
