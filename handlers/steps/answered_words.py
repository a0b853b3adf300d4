"""Which words of a customer an agent's mail answers, and whose they are (R-15)."""

from __future__ import annotations

from handlers.decision import Recipient, Value
from handlers.people.recipients import contact_of
from handlers.ticket import Article, Role, Visibility
from handlers.turn import Turn


def answered_words(turn: Turn) -> Article | None:
    """Return the customer's words that a mail of an agent answers: those of the work item it replies
    to, else the last ones; None unless the process answers authors."""
    if turn.workflow.answers != "author":
        return None
    said = [
        one
        for one in turn.facts.articles.get(turn.ticket.id, ())
        if one.direction == "in" and one.visibility is Visibility.PUBLIC
    ]
    mail = turn.event.mail
    causes = [_cause(one) for one in (mail.in_reply_to if mail is not None else ())]
    meant = (one for one in reversed(said) if one.cause in causes)
    return next(meant, said[-1] if said else None)


def reader_of(turn: Turn, answered: Article | None) -> Recipient:
    """Return who gets an agent's comment: the author of the words that it answers, else the contact."""
    contact = contact_of(turn)
    if answered is None or not turn.ticket.admits(answered.author):
        return contact
    role = turn.ticket.role_of(answered.author) or Role.PARTICIPANT
    return Recipient(
        address=answered.author,
        role=role,
        language=answered.language or contact.language,
        name=answered.author_name,
    )


def quoted(answered: Article | None) -> dict[str, Value]:
    """Return the words that are answered, and when they were said, as values of a notice."""
    if answered is None:
        return {"remark": "", "remark_at": ""}
    return {"remark": answered.text, "remark_at": answered.at.isoformat()}


def _cause(message_id: str) -> str:
    """Return the cause that one of our Message-IDs bears: "m412"."""
    parts = message_id.split(".")
    return parts[1] if len(parts) > 2 else ""
