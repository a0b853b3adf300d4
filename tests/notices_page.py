"""docs/notices.md, made from the workflow files and the notice sources: `python -m tests.notices_page`.

Its pictures are taken apart, with a browser: `python -m tests.notice_pictures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from handlers.process.call import Call
from handlers.process.notice_rule import NoticeRule
from handlers.process.questions import choices_of
from handlers.process.workflow import Workflow, said
from handlers.workflow_file import shipped
from templates.notice import names
from templates.source import COMMON, PACKAGE

from .golden_notices import PROCESSES
from .notice_pictures import AT_NIGHT, FOLDER, place
from .process_page import _call, _hearing

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "notices.md"
HEAD = """# Notices

Everything savd writes, process by process: to whom, when, what it contains, what may be answered, and what it looks like on a phone
(French, 360 pixels). `N`, `M` and `C` notices go to customers, consumers, requesters and people outside; `W` are the work items of
agents. Each is one Markdown source per language in `templates/`, with the same layout:

1. the subject says what happened, the first sentence says it again, and the inbox shows it beside the subject;
2. a box has the one next step, who does it, and until when: coloured when the reader has to act, grey when it is our turn or nobody's;
3. the recap;
4. how to answer.

A source is light Markdown with Jinja: front matter (`subject`, maybe `opening`, `answer`, `table`), then the body. Lines that begin
with `> ` are the box (in bold first, when the reader has to act), `## ` is a heading, `{{ pairs | rows }}` a recap,
`{{ lines | table(header) }}` a table that stacks on a phone, `{{ words | quote }}` somebody's words. What a value holds never becomes
markup. `savd check` renders every notice of a desk in every language; [translating.md](translating.md) has the words of each.

Colour and logo of a desk: `[desks.NAME.look]` in [configuration.md](configuration.md). All notices of a desk as one page:
`savd notice preview --html FILE`. Made by `python -m tests.notices_page`, pictures by `python -m tests.notice_pictures`; a test
compares.

## In dark mode, on a screen
"""
SHOWN = {
    "ticket.form": "the form, filled as far as known",
    "ticket.fields": "all fields of the request",
    "ticket.recap": "the recap of the request",
    "ticket.documents": "the documents on the request",
    "desk.return_address": "the return address",
    "_work.en.md": "what the program found, the whole request, its documents, the commands possible now",
}
OCCASIONS = yaml.safe_load((Path(__file__).parent / "occasions.yaml").read_text(encoding="utf-8"))
_FIELD = re.compile(r"ticket\.field\(['\"](\w+)['\"]\)")
_JINJA = re.compile(r"\{%.*?%\}|\{\{\s*|\s*\}\}")


def page() -> str:
    """Return the page as the program says it should be."""
    parts = [HEAD]
    for process, name in AT_NIGHT:
        parts.append(_picture(process, name, width=480, night=True))
    for process in PROCESSES:
        workflow = shipped(process)
        parts.append(f"\n## {said(workflow.label, 'en')} (`{process}`)\n")
        parts += _notices(workflow, process)
    parts.append("\n## Every process\n")
    parts += _notices(shipped(PROCESSES[0]), COMMON)
    return "\n".join(parts) + "\n"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def own_names(process: str) -> list[str]:
    """Return the notices that have their source in a folder, those to customers first."""
    found = {file.name.split(".")[0] for file in (PACKAGE / process).glob("[!_]*.fr.md")}
    return sorted(found, key=lambda name: (name.startswith("W"), name))


def _notices(workflow: Workflow, folder: str) -> Iterator[str]:
    sent = _sent(workflow)
    shown_by = PROCESSES[0] if folder == COMMON else folder
    for name in own_names(folder):
        rule = workflow.notices.get(name)
        yield f"### `{name}`" + (f" – {rule.about}" if rule else "") + "\n"
        rows = sent.get(name, []) if folder != COMMON else []
        rows += [("", OCCASIONS[name])] if name in OCCASIONS else []
        rows += [("", f"in place of several `{one}`") for one in _grouped(workflow, name)]
        yield f"- **To** {_reader(name, rule, rows)}"
        yield from (f"- **When** {when}" for when in dict.fromkeys(when for _, when in rows))
        yield from (f"- **Contains** {told}" for told in _contents(workflow, folder, name, rule))
        yield f"- **Answers** {_answers(workflow, folder, name, rule)}"
        yield f"- **Languages** {', '.join(sorted(names(workflow.name)[name]))}\n"
        yield _picture(shown_by, name, width=270)


def _reader(name: str, rule: NoticeRule | None, rows: list[tuple[str, str]]) -> str:
    agent = rule.audience == "agent" if rule else name.startswith("W")
    whom = ", ".join(dict.fromkeys(who for who, _ in rows if who))
    return f"{'agents' if agent else 'people outside the desk'}" + (f" ({whom})" if whom else "")


def _sent(workflow: Workflow) -> dict[str, list[tuple[str, str]]]:
    """Return who gets each notice and when, as the rows and clocks of a process say."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in workflow.transitions:
        heard = " or ".join(map(_hearing, row.hears))
        for call in row.effects:
            _note(found, call, f"`{row.id}`: {heard}")
    for name, timer in workflow.timers.items():
        when = ", ".join(timer.after) or timer.daily or f"end of {timer.at_field}"
        for call in timer.effects:
            _note(found, call, f"`{name}`: {when}")
    return found


def _grouped(workflow: Workflow, name: str) -> list[str]:
    """Return the notices that are said by this one when several tickets hear them at once."""
    return [one for one, rule in workflow.notices.items() if name == rule.grouped_as != one]


def _note(found: dict[str, list[tuple[str, str]]], call: Call, when: str) -> None:
    for part in call.parts():
        name = part.arguments.get("notice")
        if isinstance(name, str):
            to = str(part.arguments.get("to") or part.arguments.get("team") or "")
            only = "; ".join(map(_call, part.when))
            found.setdefault(name, []).append((to, f"{when}{f', if {only}' if only else ''}"))


def _contents(workflow: Workflow, folder: str, name: str, rule: NoticeRule | None) -> Iterator[str]:
    source = (PACKAGE / folder / f"{name}.en.md").read_text(encoding="utf-8")
    fields = [one for one in dict.fromkeys(_FIELD.findall(source)) if one in workflow.fields]
    labels = [said(workflow.fields[one].label, "en") for one in fields]
    labels += [words for mark, words in SHOWN.items() if mark in source]
    if labels:
        yield "of the request: " + ", ".join(labels)
    if rule and rule.values:
        yield "given with it: " + ", ".join(f"`{one}`" for one in rule.values)
    kinds = (
        [said(workflow.documents.get(one, {}), "en") or one for one in rule.attach] if rule else []
    )
    files = [*kinds, *(_papers(workflow, rule) if rule else [])]
    if files:
        yield "attached: " + ", ".join(files)


def _papers(workflow: Workflow, rule: NoticeRule) -> list[str]:
    return [
        f"the {one.replace('_', ' ')} ([PDF](papers.md))"
        for one in rule.papers
        if one in workflow.papers
    ]


def _answers(workflow: Workflow, folder: str, name: str, rule: NoticeRule | None) -> str:
    source = (PACKAGE / folder / f"{name}.en.md").read_text(encoding="utf-8")
    words = yaml.safe_load(source.split("---\n")[1]).get("answer")
    told = " ".join(_JINJA.sub("", words).split()) if words else ""
    if rule and rule.asks and rule.asks in workflow.questions:
        choices = choices_of(workflow, rule.asks)
        told = " / ".join(f"“{said(one.label, 'en')}”" for one in choices) + f". {told}"
    if told:
        return told.strip()
    if name.startswith("W"):
        return "a command (`#…`), or words that go to the customer"
    return "nothing is expected" if words == "" else "any reply is filed on the request and read"


def _picture(process: str, name: str, *, width: int, night: bool = False) -> str:
    file = place(process, name, night=night).relative_to(FOLDER.parent)
    mode = ", dark" if night else ""
    return f'<img src="{file.as_posix()}" width="{width}" alt="Notice {name} of {process}{mode}">\n'


if __name__ == "__main__":
    write()
