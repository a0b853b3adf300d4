"""Notices: one Markdown source each, made a subject, a text and an HTML part that always agree.

`templates/<workflow>/<notice>.<language>.md`, or `templates/common/` for what every process says, has front matter (`subject`, maybe `answer` and `table`)
and a body. A site directory with the same layout overrides file by file. Files whose
name starts with `_` are pieces to include. Sources are compiled once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from handlers.desk import Look
from handlers.errors import ConfigError
from handlers.word_lists import load_yaml
from templates import block
from templates.answering import Answering, Offer
from templates.encode import one_line
from templates.filters import FILTERS, put
from templates.language import Language
from templates.look import shades_of
from templates.markdown import to_html, to_lead, to_line, to_text
from templates.view import DeskView, TicketView

COMMON = "common"  # notices that every process has; a process may have its own instead
PACKAGE = Path(str(resources.files("templates")))
_SITELESS = Path()
_NUMBER = re.compile(r"[+0(][0-9 .()/\u00a0-]{5,24}")
# Keeps the words below out of the line that an inbox shows beside the subject.
FILLER = Markup("&#847;&zwnj;&nbsp;" * 60)  # noqa: S704 - our own words


@dataclass(frozen=True, slots=True)
class Source:
    """A notice ready to be rendered. `table` names the CSV that may travel with it, `greets` says
    whether its first paragraph is a greeting."""

    subject: Template
    body: Template
    table: str
    greets: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Who reads a notice, and about what. `offers` are the answers it offers, `answering` says where they
    go. `pictures` are (content id, name) of those its page shows,
    `left_out` the documents that would have made the message too large. `logo` is where its page finds
    the logo of the `look`, "" for none."""

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
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """What a notice says; `lead` is what an inbox shows beside the subject."""

    subject: str
    text: str
    html: str
    lead: str = ""
    table: str = ""


def render(name: str, reading: Reading, site: Path | None = None) -> Rendered:
    """Return the notice as its reader gets it.

    Raises ConfigError when the source does not exist in the language, is not well formed, or
    asks for a value that was not given.
    """
    code = reading.language.code
    source = _source(site or _SITELESS, reading.workflow, name, code, reading.audience)
    slots: list[block.Block] = []
    known = {
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
        "slots": slots,
    }
    try:
        subject = one_line(to_line(source.subject.render(known), slots))
        slots.clear()
        known["choices"] = [
            (o.label, reading.answering.link(subject, o.body)) for o in reading.offers
        ]
        skeleton = source.body.render(known)
    except (TemplateError, AttributeError, KeyError, TypeError, ValueError) as error:
        told = f"{error}. A sample has its values in {reading.workflow}/samples.yaml."
        raise ConfigError(f"notice {reading.workflow}/{name}.{code}.md: {told}") from error
    return _laid_out(reading, subject, skeleton, slots, source)


def names(workflow: str, site: Path | None = None) -> dict[str, set[str]]:
    """Return the notices of a workflow that have a source, with their languages."""
    found: dict[str, set[str]] = {}
    for folder in _folders(site or _SITELESS, workflow):
        for file in folder.glob("*.*.md"):
            name, code, _ = file.name.rsplit(".", 2)
            if not name.startswith("_"):
                found.setdefault(name, set()).add(code)
    return found


def origin_of(workflow: str, name: str, site: Path | None = None) -> str:
    """Return the folder a notice is read from, "" for one that has no source."""
    tried = _folders(site or _SITELESS, workflow)
    return next((one.name for one in tried if any(one.glob(f"{name}.??.md"))), "")


def _laid_out(
    reading: Reading, subject: str, skeleton: str, slots: list[block.Block], source: Source
) -> Rendered:
    marker, shades = reading.language.words["marker"], shades_of(reading.look.colour)
    lead = to_lead(skeleton, slots, after=int(source.greets))
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
        content=Markup(to_html(skeleton, slots, shades)),  # noqa: S704 - values were escaped
    )
    lines = [marker, "", to_text(skeleton, slots)]
    if reading.desk.phone and reading.audience == "customer":
        lines.append(f"{reading.language.words['phone']} {reading.desk.phone}")
    return Rendered(
        subject=subject, text="\n".join([*lines, ""]), html=html, lead=lead, table=source.table
    )


def dialled(phone: str) -> str:
    """Return a phone number as a telephone dials it (RFC 3966), "" when it says more than a number."""
    if not _NUMBER.fullmatch(phone):
        return ""
    return phone[:1].replace("(", "") + re.sub(r"\D", "", phone[1:])


@lru_cache(maxsize=4096)
def _source(site: Path, workflow: str, name: str, code: str, audience: str) -> Source:
    place = f"notice {workflow}/{name}.{code}.md"
    parts = _read(site, workflow, f"{name}.{code}.md").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ConfigError(f"{place}: must begin with `---`, a `subject:`, and `---`.")
    environment = _environment(site, workflow)
    try:
        front = load_yaml(parts[1])
        whole = _with_words(front, parts[2], code, audience)
        subject = environment.from_string(front["subject"])
        body, table = environment.from_string(whole), front.get("table", "table.csv")
        return Source(subject, body, table, greets=bool(_part(front, "opening", code, audience)))
    except (yaml.YAMLError, KeyError, TypeError, TemplateError) as error:
        raise ConfigError(f"{place}: {type(error).__name__}: {error}") from error


def _with_words(front: Mapping[str, str], body: str, code: str, audience: str) -> str:
    """Return the body between greeting, what could not be enclosed, how to answer, and closing."""
    words = _words(code)
    opening, answer = (_part(front, part, code, audience) for part in ("opening", "answer"))
    closing = words["closing"][audience]
    parts = (opening, body, words["choices"], words["left_out"], answer, closing)
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _part(front: Mapping[str, str], part: str, code: str, audience: str) -> str:
    """Return the words of a part of the notice: its own, else those of every notice."""
    return str(front.get(part, _words(code)[part][audience]))


@lru_cache(maxsize=16)
def _words(code: str) -> Mapping[str, Any]:
    found = load_yaml((PACKAGE / "words" / f"{code}.yaml").read_text(encoding="utf-8"))
    return dict(found)


def _read(site: Path, workflow: str, file: str) -> str:
    for folder in _folders(site, workflow):
        if (folder / file).is_file():
            return (folder / file).read_text(encoding="utf-8")
    place = (PACKAGE if site == _SITELESS else site) / workflow
    raise ConfigError(f"notice {workflow}/{file} does not exist; write it in {place}.")


def _folders(site: Path, workflow: str) -> list[Path]:
    own = [] if site == _SITELESS else [site / workflow, site / COMMON]
    return [*own, PACKAGE / workflow, PACKAGE / COMMON]


@lru_cache(maxsize=64)
def _environment(site: Path, workflow: str) -> Environment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=FileSystemLoader(_folders(site, workflow)),
        autoescape=False,  # every value becomes a slot and is escaped by its own block
        auto_reload=False,
        lstrip_blocks=True,
        finalize=put,
    )
    made.filters |= FILTERS
    return made


@lru_cache(maxsize=1)
def _layout() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string((PACKAGE / "layout.html").read_text(encoding="utf-8"))
