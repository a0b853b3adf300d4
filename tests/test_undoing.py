"""What an agent did last is taken back whole, or not at all (0.4)."""

from dataclasses import replace

from handlers.agents.undoing import remembered, undo_last
from handlers.errands.errand import Errand
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.words.command import AgentText, Written

from .people import NOW, RMA, desk, ticket

ANA = "ana@desk.example"
TEXT = AgentText(commands=(Written(line="#devis numero=1", name="quote"),))


def turn(**changes):
    """A turn in which Ana commands something."""
    event = Event(
        kind=EventKind.COMMAND, actor=Actor(address=ANA), cause="m5", at=NOW, requested_at=NOW
    )
    return Turn(workflow=RMA, desk=desk(), event=event, ticket=ticket(**changes))


def stored(done):
    """The turn of the next mail, on the ticket as it was stored."""
    return replace(turn(), ticket=replace(done.ticket, version=done.ticket.version + 1))


def test_what_asked_an_organisation_stays():
    """Its answer will come, and must find the ticket waiting for it."""
    errand = Errand(
        key="m5.7000.submit.0", desk="rma", organisation="ecosystem", operation="submit"
    )
    done = remembered(replace(turn(), errands=(errand,)), ticket(), (), TEXT)
    refused = undo_last(stored(done))
    assert [error.code for error in refused.errors] == ["touched_others"]
    assert refused.errors[0].values == {"word": "ecosystem"}


def test_people_and_documents_are_what_they_were():
    before = ticket()
    done = remembered(turn().with_ticket(contact="x@y.example", participants=()), before, (), TEXT)
    back = undo_last(stored(done))
    assert not back.errors
    assert back.ticket.contact == before.contact
    assert back.ticket.participants == before.participants
    assert back.ticket.former == ""


def test_a_mail_without_commands_is_no_command_to_take_back():
    assert remembered(turn(), ticket(), (), AgentText(comment="bonjour")).ticket.former == ""
    assert [error.code for error in undo_last(turn()).errors] == ["nothing_to_undo"]
