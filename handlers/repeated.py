"""What is said twice within a day is heard once (X-7)."""

from __future__ import annotations

from handlers.customers import group_answer
from handlers.customers.heard import heard_again
from handlers.decision import Decision, Verdict
from handlers.desk import Level
from handlers.queries.inquiry import questions_of
from handlers.visit import Visit


def doubles(visit: Visit) -> Decision | None:
    """Merge the same words and files sent twice within a day (X-7); agents may repeat themselves,
    and a question is answered anew, as is the word that lines wait for. A twin that is held may be forged."""
    if visit.facts.twin is None or visit.desk.agent(visit.mail.sender.address):
        return None
    waiting = any(one.journal_id == visit.facts.twin for one in visit.facts.held)
    if waiting and visit.actor.level >= Level.KNOWN:
        return None
    if questions_of(visit) or group_answer.is_awaited(visit):
        return None
    return visit.verdict(
        Verdict.DUPLICATE, f"same_words_as_{visit.facts.twin}", (), heard_again(visit)
    )
