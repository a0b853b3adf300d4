"""What an operator's command does to tickets: an event by nobody of the desk."""

from __future__ import annotations

from datetime import datetime

from daemon.office import Office
from handlers.facts import Facts
from handlers.parking import Scene

OPERATOR = "operator"


def operators_scene(office: Office, facts: Facts, now: datetime) -> Scene:
    """Return where a command at the console acts, whoever typed it."""
    return Scene(
        desk=office.desk,
        workflow=office.workflow,
        facts=facts,
        cause=OPERATOR,
        now=now,
        actor=OPERATOR,
    )
