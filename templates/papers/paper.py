"""Write a paper: its source, filled in with what the notice that sends it knows, as PDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import TemplateError

from handlers.errors import ConfigError
from templates.notice import Reading, known_of
from templates.papers.flow import Piece, flow_of
from templates.papers.page import Head, draw_paper
from templates.papers.source import FOLDER, PaperSource, load_paper
from templates.source import SITELESS


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A paper as it is attached."""

    title: str
    data: bytes = field(repr=False)


def write_paper(
    name: str, reading: Reading, *, travels: bool = False, site: Path | None = None
) -> Paper:
    """Return a paper in the reader's language; one that `travels` shows its number above all.

    Raises ConfigError when the source does not exist in the language, is not well formed, or asks for a
    value that was not given.
    """
    source = load_paper(site or SITELESS, reading.workflow, name, reading.language.code)
    pieces: list[Piece] = []
    skeleton = _told(name, source, reading, pieces)
    number = reading.ticket.key if reading.ticket is not None else ""
    head = Head(title=source.title, desk=reading.desk.title, number=number, travels=travels)
    data = draw_paper(
        head, lambda setting: flow_of(skeleton, pieces, setting), reading.language.code
    )
    return Paper(title=source.title, data=data)


def _told(name: str, source: PaperSource, reading: Reading, pieces: list[Piece]) -> str:
    """Return the body with slots for its values."""
    try:
        return source.body.render({**known_of(reading), "slots": pieces})
    except (TemplateError, AttributeError, KeyError, TypeError, ValueError) as error:
        place = f"{reading.workflow}/{FOLDER}/{name}.{reading.language.code}.md"
        raise ConfigError(
            f"paper {place}: {error}. The notice that sends it gives its values."
        ) from error
