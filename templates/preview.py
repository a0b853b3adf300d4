"""A contact sheet of all notices of a desk, to be looked at in a browser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from handlers.decision import Notice
from handlers.desk import Desk
from handlers.errors import ConfigError
from handlers.process.workflow import Workflow, said
from templates.language import languages
from templates.message import papers_of, render
from templates.notice import origin_of
from templates.sample import Sample, sample, sample_names
from templates.source import PACKAGE

FILE = "preview.html"
DARK = "@media (prefers-color-scheme: dark) {"
BY_DAY = "@media not all {"  # the page turns it on in a frame of its own
CUSTOMERS, AGENTS = "customers", "agents"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A notice in one language: what the inbox shows, the page, the text."""

    code: str
    subject: str
    lead: str
    page: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A notice of the sheet, with what it may be found by."""

    name: str
    about: str
    audience: str
    origin: str
    shown: tuple[Shown, ...]


def contact_sheet(workflow: Workflow, desk: Desk, out: Path, site: Path | None = None) -> int:
    """Write every notice of the workflow in every language, with sample values, as one page, by day and
    in dark mode; return how many there are.

    The page needs nothing beside it and asks for nothing. Raises ConfigError for a notice that cannot be
    rendered.
    """
    names = tuple(dict.fromkeys((*workflow.notices, *sample_names(workflow.name, site))))
    entries = [_entry(name, workflow, desk, site) for name in names]
    page = _page().render(
        title=f"{desk.title or desk.name} – {said(workflow.label, 'en')}",
        sender=desk.title or desk.address,
        codes=[code for code in languages() if code in workflow.languages],
        origins=list(dict.fromkeys(one.origin for one in entries)),
        notices=entries,
    )
    out.write_text(page, encoding="utf-8")
    return len(entries)


def problems(workflow: Workflow, desk: Desk, site: Path | None = None) -> tuple[str, ...]:
    """Return what is wrong with the notices a workflow names, () when all can be written.

    Each is rendered with its sample in each language of the workflow, with its papers, so a missing source, language or
    value shows before a customer waits for it.
    """
    tried = (
        _problem(name, code, workflow, desk, site)
        for name in workflow.notices
        for code in workflow.languages_for(name)
    )
    return tuple(dict.fromkeys(told for told in tried if told))


def _problem(name: str, code: str, workflow: Workflow, desk: Desk, site: Path | None) -> str:
    if code not in languages():
        return f"workflow {workflow.name}: savd does not write the language {code!r}."
    try:
        one = sample(workflow.name, name, code, site)
        render(one.notice, one.ticket, desk, workflow, site)
        papers_of(sent_by(one, workflow), one.ticket, desk, workflow, site)
    except ConfigError as error:
        return str(error)
    return ""


def sent_by(one: Sample, workflow: Workflow) -> Notice:
    """Return the notice of a sample with the papers that its process sends with it."""
    rule = workflow.notices.get(one.notice.template)
    return replace(one.notice, papers=() if rule is None else rule.papers)


def _entry(name: str, workflow: Workflow, desk: Desk, site: Path | None) -> Entry:
    rule = workflow.notices.get(name)
    agents = rule.audience == "agent" if rule else name.startswith("W")
    codes = [code for code in workflow.languages_for(name) if code in languages()]
    return Entry(
        name=name,
        about=rule.about if rule else "",
        audience=AGENTS if agents else CUSTOMERS,
        origin=origin_of(workflow.name, name, site),
        shown=tuple(_shown(name, code, workflow, desk, site) for code in codes),
    )


def _shown(name: str, code: str, workflow: Workflow, desk: Desk, site: Path | None) -> Shown:
    one = sample(workflow.name, name, code, site)
    told = render(one.notice, one.ticket, desk, workflow, site)
    key = f"[{one.ticket.key}] " if one.ticket else ""
    return Shown(
        code=code,
        subject=key + told.subject,
        lead=told.lead,
        page=told.html.replace(DARK, BY_DAY),
        text=told.text,
    )


@lru_cache(maxsize=1)
def _page() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string((PACKAGE / FILE).read_text(encoding="utf-8"))
