"""Who of the desk got a mail beside it (R-8a)."""

from __future__ import annotations

from handlers.desk import Desk
from parsers.mail import ParsedMail


def staff_reached(mail: ParsedMail | None, desk: Desk) -> tuple[str, ...]:
    """Return the addresses of agents, teams and their houses that a mail went to by itself: nobody can
    call it back from there."""
    staff = {agent.address.lower() for agent in desk.agents}
    staff |= {address.lower() for team in desk.teams for address in team.addresses}
    houses = {one.rpartition("@")[2].lower() for one in (*staff, *desk.addresses)}
    ours = {address.lower() for address in desk.addresses}
    written_to = (one.lower() for one in mail.recipients) if mail is not None else ()
    return tuple(
        one
        for one in written_to
        if (one in staff or one.rpartition("@")[2] in houses) and _plain(one) not in ours
    )


def _plain(address: str) -> str:
    """Return an address without what stands behind its plus sign."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"
