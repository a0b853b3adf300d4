"""A reader of the digest wants no more of it, or wants it back (RFC 2369 section 3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.customers.departure import leave_ticket
from handlers.decision import Decision, Notice, Recipient, Verdict
from handlers.desk import Desk
from handlers.people.respond import is_machine
from handlers.sentence import Sentence
from handlers.ticket import Role
from handlers.token import Wish, digest_of
from handlers.visit import Visit

NO_TICKET = 0


def let_go(visit: Visit) -> Decision | None:
    """Stop what somebody gets without having asked for it: digests, and copies of a ticket's messages."""
    return stop_digest(visit) or leave_ticket(visit)


def stop_digest(visit: Visit) -> Decision | None:
    """Return the decision for a mail to the leave address of a digest, None for any other. The address is
    enough, whatever the mail says and whoever sends it; its reader is told how to undo it, unless a
    machine asks: that one is obeyed and not answered."""
    wish = visit.route.wish
    if wish is None or wish.token.ticket_id != NO_TICKET or wish.token.role is not Role.AGENT:
        return None
    reader = next((one for one in readers(visit.desk) if digest_of(one) == wish.token.who), "")
    if not reader:
        return visit.verdict(Verdict.IGNORED, "no_reader_of_digests")
    told = () if is_machine(visit) else (_told(visit, wish, reader),)
    reason = "digest_again" if wish.back else "digest_left"
    decision = visit.verdict(Verdict.APPLIED, reason, (), told)
    return replace(decision, digest_readers={reader: wish.back})


def _told(visit: Visit, wish: Wish, reader: str) -> Notice:
    known = visit.desk.agent(reader)
    mine = (team.language for team in visit.desk.teams if reader in map(str.lower, team.addresses))
    language = known.language if known is not None else next(mine, visit.desk.language)
    code = "digest_again" if wish.back else "digest_left"
    said = Sentence(
        code=code, values={"word": visit.desk.title or visit.desk.address, "address": wish.undo}
    )
    to = Recipient(address=reader, role=Role.AGENT, language=language)
    return visit.agent_notice("W_done", to, said="", done=[said.said(language)])


def readers(desk: Desk) -> Iterator[str]:
    """Yield the addresses that get digests of a desk, in lower case."""
    teams = (team for team in desk.teams if team.name in desk.digest.teams)
    for team in teams:
        yield from (address.lower() for address in team.addresses)
    yield from (address.lower() for address in desk.digest.managers)
