"""Where rehearsals are played in tests: one database for a module, and files written on the spot."""

import textwrap

import pytest

from daemon.rehearsal import rehearse as rehearsing
from daemon.rehearsal.room import open_room


@pytest.fixture(scope="module")
def room():
    with open_room() as opened:
        yield opened


@pytest.fixture
def rehearse(room):
    return lambda source: rehearsing.rehearse(source, room)


def write(folder, text):
    file = folder / "rehearsal.yaml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file
