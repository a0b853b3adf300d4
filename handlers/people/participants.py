"""Who belongs to a ticket: contact, requester, observers, and those who wait to be admitted (F-10, X-6)."""

from __future__ import annotations

from handlers.people.authority import organisation_of
from handlers.ticket import Participant, Role
from handlers.visit import Visit


def speaks_for(visit: Visit, address: str) -> bool:
    """Tell whether an address named as contact may be written to: a mail alone never makes us
    write to a stranger. Known are contacts of the desk and people of the requester's organisation."""
    if not address:
        return False
    known = visit.facts.contacts.get(address)
    ours = organisation_of(visit.requester.address, visit.facts)
    same = bool(ours) and organisation_of(address, visit.facts) == ours
    return visit.forwarded or same or (known is not None and known.verified)


def contact_for(visit: Visit, named: str) -> str:
    """Return the contact of what the requester asks for: who is named, else the requester (F-10)."""
    return named if speaks_for(visit, named) else visit.requester.address.lower()


def people_of(visit: Visit, who: str, contact: str, named: str) -> tuple[Participant, ...]:
    """Return the people of a new ticket. A contact who was named but may not be written to waits
    for an agent to admit it."""
    name = visit.requester.name
    people = [Participant(address=contact, role=Role.CONTACT, name=name if contact == who else "")]
    if contact != who:
        people.append(Participant(address=who, role=Role.REQUESTER, name=name))
    if named and named not in (contact, who):
        people.append(Participant(address=named, role=Role.PENDING))
    known = {person.address for person in people}
    people += observers_of(visit, known, organisation_of(who, visit.facts))
    return tuple(people)


def observers_of(visit: Visit, known: set[str], organisation: str) -> list[Participant]:
    """Return the Cc's of a mail: admitted when an agent put them there or when they are of the same
    organisation, else pending (X-6)."""
    ours = {address.lower() for address in visit.desk.addresses}
    teams = {address.lower() for team in visit.desk.teams for address in team.addresses}
    vouched = visit.forwarded or visit.desk.agent(visit.requester.address) is not None
    people: list[Participant] = []
    for copied in visit.mail.cc:
        address = copied.address.lower()
        inside = any(address.partition("+")[0] == o.partition("@")[0] for o in ours)
        if not address or address in known | teams or inside or visit.desk.agent(address):
            continue
        same = bool(organisation) and organisation_of(address, visit.facts) == organisation
        role = Role.OBSERVER if same or vouched else Role.PENDING
        people.append(Participant(address=address, role=role, name=copied.name))
        known.add(address)
    return people
