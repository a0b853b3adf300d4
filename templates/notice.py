"""Notices: one Markdown source each, made a subject, a text and an HTML part that always agree.

Where sources stand and what is in them says `templates.source`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template, TemplateError
from markupsafe import Markup

from handlers.desk import Look
from handlers.errors import ConfigError
from templates import block
from templates.answering import Answering, Offer, Telephone, leave_link
from templates.encode import one_line
from templates.language import Language
from templates.look import shades_of
from templates.markdown import slot, to_html, to_lead, to_line, to_text
from templates.room import Room, Table
from templates.source import PACKAGE, SITELESS, Source, folders, load_source
from templates.view import DeskView, TicketView

_NUMBER = re.compile(r"[+0(][0-9 .()/\u00a0-]{5,24}")
_BOX = re.compile(r"^>.*(?:\n>.*)*", re.MULTILINE)
# Keeps the words below out of the line that an inbox shows beside the subject.
FILLER = Markup("&#847;&zwnj;&nbsp;" * 60)  # noqa: S704 - our own words


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Who reads a notice, and about what. `offers` are the answers it offers, `answering` says where they
    go. `pictures` are (content id, name) of those its page shows,
    `left_out` the documents that would have made the message too large. `logo` is where its page finds
    the logo of the `look`, "" for none. `earlier` are work items that are told before it, by name, each
    with its moment, `at` is its own; `due` is the deadline. `table` names the file that has all rows of the
    first table, "" as its source says, None without one. `leaving` says what its reader may stop
    getting, "ticket" or "digest", and the address that does it."""

    workflow: str
    language: Language
    audience: str
    desk: DeskView
    ticket: TicketView | None
    states: Mapping[str, str] = field(default_factory=dict)
    to_name: str = ""
    look: Look = field(default_factory=Look)
    logo: str = ""
    pictures: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    answering: Answering = field(default_factory=Answering)
    telephone: Telephone | None = None
    earlier: tuple[tuple[str, datetime, Reading], ...] = ()
    at: datetime | None = None
    due: datetime | None = None
    table: str | None = None
    leaving: tuple[str, str] | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """What a notice says; `lead` is what an inbox shows beside the subject; `tables` are those that it
    has no room for, (name of the file, rows)."""

    subject: str
    text: str
    html: str
    lead: str = ""
    table: str = ""
    tables: tuple[tuple[str, Table], ...] = ()


def render(name: str, reading: Reading, site: Path | None = None) -> Rendered:
    """Return the notice as its reader gets it.

    Raises ConfigError when the source does not exist in the language, is not well formed, or
    asks for a value that was not given.
    """
    source = _source_of(name, reading, site)
    filling = _Filling(
        room=Room(own="" if reading.table is None else reading.table or source.table)
    )
    told = _told(name, reading, source, filling)
    parts = [told.opening, told.body]
    subject = told.subject
    if reading.earlier:
        subject, middle = _gathered(reading, told, filling, site)
        parts = [told.opening, *middle, told.body]
    skeleton = "\n\n".join(part.strip() for part in parts if part.strip())
    return _laid_out(reading, subject, skeleton, filling, source)


@dataclass(frozen=True, slots=True)
class _Filling:
    """The values of a message in the order of its slots, and the room that is left for more."""

    slots: list[block.Block] = field(default_factory=list)
    room: Room = field(default_factory=Room)


@dataclass(frozen=True, slots=True)
class _Told:
    """A notice with its values: Markdown with slots. `alone` is the body without what follows it."""

    subject: str
    opening: str
    body: str
    alone: str


def _source_of(name: str, reading: Reading, site: Path | None) -> Source:
    code = reading.language.code
    return load_source(site or SITELESS, reading.workflow, name, code, reading.audience)


def _told(
    name: str, reading: Reading, source: Source, filling: _Filling, *, brief: bool = False
) -> _Told:
    known = {**known_of(reading), "brief": brief, "room": filling.room}
    try:
        own: list[block.Block] = []
        subject = one_line(to_line(source.subject.render({**known, "slots": own}), own))
        offers = [(o.label, reading.answering.link(subject, o.body)) for o in reading.offers]
        known = {**known, "choices": offers, "about": subject, "slots": filling.slots}
        if brief:
            return _Told(subject, "", "", source.alone.render(known))
        opening, body = source.opening.render(known), source.body.render(known)
        body = _behind_box(body, source.choices.render(known))
    except (TemplateError, AttributeError, KeyError, TypeError, ValueError) as error:
        told = f"{error}. A sample has its values in {reading.workflow}/samples.yaml."
        place = f"{reading.workflow}/{name}.{reading.language.code}.md"
        raise ConfigError(f"notice {place}: {told}") from error
    return _Told(subject, opening, body, "")


def _behind_box(body: str, choices: str) -> str:
    """Return a body with what can be answered right behind its box, at its end without one."""
    box = _BOX.search(body)
    end = box.end() if box else len(body)
    return (
        f"{body[:end].rstrip()}\n\n{choices.strip()}\n\n{body[end:].lstrip()}"
        if choices.strip()
        else body
    )


def known_of(reading: Reading) -> dict[str, object]:
    """Return what a source may ask for, by name."""
    return {
        **reading.values,
        "ticket": reading.ticket,
        "desk": reading.desk,
        "to": reading.to_name,
        "language": reading.language,
        "states": reading.states,
        "pictures": reading.pictures,
        "left_out": reading.left_out,
        "choices": [(offer.label, "") for offer in reading.offers],
        "answering": reading.answering,
        "shades": shades_of(reading.look.colour),
        "due": reading.due,
        "by": _by(reading),
        "telephone": reading.telephone,
    }


def _by(reading: Reading) -> str:
    """Return until when the desk has time, as words to go on with; "" while it is not its turn."""
    ours = reading.ticket is not None and reading.ticket.waits_for == "desk"
    if reading.due is None or not ours:
        return ""
    return reading.language.words["by"].format(moment=reading.language.moment(reading.due))


def _gathered(
    reading: Reading, last: _Told, filling: _Filling, site: Path | None
) -> tuple[str, list[str]]:
    """Return the subject of several work items in one, and what stands before the last of them."""
    words, parts = reading.language.groups["gathered"], []
    subjects: list[str] = []
    for name, at, one in reading.earlier:
        told = _told(name, one, _source_of(name, one, site), filling, brief=True)
        parts += [_heading(len(subjects) + 1, at, told.subject, reading, filling.slots), told.alone]
        subjects.append(told.subject)
    parts.append(_heading(len(subjects) + 1, reading.at, last.subject, reading, filling.slots))
    every = " · ".join(dict.fromkeys([*subjects, last.subject]))
    subject = words["subject"].format(count=len(subjects) + 1, subjects=every)
    return one_line(subject), [words["intro"].format(count=len(subjects) + 1), *parts]


def _heading(
    number: int, at: datetime | None, subject: str, reading: Reading, slots: list[block.Block]
) -> str:
    told = f"{number}. {reading.language.moment(at)} – {subject}" if at else f"{number}. {subject}"
    slots.append(block.plain(told))
    return f"## {slot(len(slots) - 1, block=False)}"


def names(workflow: str, site: Path | None = None) -> dict[str, set[str]]:
    """Return the notices of a workflow that have a source, with their languages."""
    found: dict[str, set[str]] = {}
    for folder in folders(site or SITELESS, workflow):
        for file in folder.glob("*.*.md"):
            name, code, _ = file.name.rsplit(".", 2)
            if not name.startswith("_"):
                found.setdefault(name, set()).add(code)
    return found


def origin_of(workflow: str, name: str, site: Path | None = None) -> str:
    """Return the folder a notice is read from, "" for one that has no source."""
    tried = folders(site or SITELESS, workflow)
    return next((one.name for one in tried if any(one.glob(f"{name}.??.md"))), "")


def _laid_out(
    reading: Reading, subject: str, skeleton: str, filling: _Filling, source: Source
) -> Rendered:
    slots = filling.slots
    marker, shades = reading.language.words["marker"], shades_of(reading.look.colour)
    lead = to_lead(skeleton, slots, after=int(source.greets))
    what, address = reading.leaving or ("", "")
    leave = reading.language.groups["leaving"][what] if what else ""
    html = _layout().render(
        subject=subject,
        lead=lead,
        filler=FILLER,
        code=reading.language.code,
        marker=marker,
        desk=reading.desk,
        look=reading.look,
        logo=reading.logo,
        shades=shades,
        ticket=reading.ticket,
        phone=reading.language.words["phone"],
        dialled=dialled(reading.desk.phone),
        leave=leave,
        leave_link=leave_link(address) if leave else "",
        content=Markup(to_html(skeleton, slots, shades)),  # noqa: S704 - values were escaped
    )
    lines = [marker, "", to_text(skeleton, slots)]
    if reading.desk.phone and reading.audience == "customer":
        lines.append(f"{reading.language.words['phone']} {reading.desk.phone}")
    if leave:
        lines += ["", f"{leave}{reading.language.words['colon']}{address}"]
    return Rendered(
        subject=subject,
        text="\n".join([*lines, ""]),
        html=html,
        lead=lead,
        table=source.table,
        tables=tuple(filling.room.files),
    )


def dialled(phone: str) -> str:
    """Return a phone number as a telephone dials it (RFC 3966), "" when it says more than a number."""
    if not _NUMBER.fullmatch(phone):
        return ""
    return phone[:1].replace("(", "") + re.sub(r"\D", "", phone[1:])


@lru_cache(maxsize=1)
def _layout() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string((PACKAGE / "layout.html").read_text(encoding="utf-8"))
