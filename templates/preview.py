"""A contact sheet of all notices of a desk, to be looked at in a browser."""

from __future__ import annotations

from html import escape
from pathlib import Path

from handlers.desk import Desk
from handlers.errors import ConfigError
from handlers.process.workflow import Workflow
from templates.language import languages
from templates.message import render
from templates.sample import sample, sample_names

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: Arial, Helvetica, sans-serif; margin: 24px; background: #dfe4e9; }}
nav a {{ display: inline-block; margin-right: 10px; line-height: 26px; }}
section {{ margin: 28px 0; }}
.pair {{ display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }}
figure {{ margin: 0; background: #fff; padding: 8px; }}
figcaption {{ font-size: 14px; padding: 4px 0 8px; max-width: 420px; }}
iframe {{ width: 420px; height: 640px; border: 1px solid #b6c0ca; }}
</style></head><body><h1>{title}</h1><nav>{links}</nav>
{sections}
</body></html>
"""


def contact_sheet(workflow: Workflow, desk: Desk, out: Path, site: Path | None = None) -> None:
    """Write every notice of the workflow in every language, with sample values, as one page.

    The page needs nothing beside it. Raises ConfigError for a notice that cannot be rendered.
    """
    names = tuple(dict.fromkeys((*sample_names(workflow.name, site), *workflow.notices)))
    links = "".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names)
    sections = "\n".join(_section(name, workflow, desk, site) for name in names)
    title = escape(f"{desk.title or desk.name} – {workflow.name}")
    out.write_text(PAGE.format(title=title, links=links, sections=sections), encoding="utf-8")


def problems(workflow: Workflow, desk: Desk, site: Path | None = None) -> tuple[str, ...]:
    """Return what is wrong with the notices a workflow names, () when all can be written.

    Each is rendered with its sample in each language of the workflow, so a missing source, language or
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
    except ConfigError as error:
        return str(error)
    return ""


def _section(name: str, workflow: Workflow, desk: Desk, site: Path | None) -> str:
    figures = "".join(
        _figure(name, code, workflow, desk, site)
        for code in workflow.languages_for(name)
        if code in languages()
    )
    rule = workflow.notices.get(name)
    about = f" – {rule.about}" if rule else ""
    return (
        f'<section id="{escape(name)}"><h2>{escape(name + about)}</h2>'
        f'<div class="pair">{figures}</div></section>'
    )


def _figure(name: str, code: str, workflow: Workflow, desk: Desk, site: Path | None) -> str:
    one = sample(workflow.name, name, code, site)
    said = render(one.notice, one.ticket, desk, workflow, site)
    key = f"[{one.ticket.key}] " if one.ticket else ""
    # Sandboxed: a frame of the page runs nothing and loads nothing.
    return (
        f"<figure><figcaption>{escape(code)} – {escape(key + said.subject)}</figcaption>"
        f'<iframe sandbox="" title="{escape(name)} {escape(code)}" loading="lazy" '
        f'srcdoc="{escape(said.html)}"></iframe></figure>'
    )
