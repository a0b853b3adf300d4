"""The second half of docs/workflow.md, made from the program: sections, guards, effects, values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from handlers import known_steps  # noqa: F401  makes every guard and effect known
from handlers.process.call import Call, Part
from handlers.process.workflow import Workflow
from handlers.steps.effects import EFFECTS
from handlers.steps.guards import GUARDS
from handlers.steps.values import VALUES

PAGE = Path(__file__).parent.parent / "docs" / "workflow.md"
MARK = "<!-- from here on: made from the program by `make golden` -->\n"


def page() -> str:
    """Return the page as it should be: what stands above the mark, and the reference."""
    above = PAGE.read_text(encoding="utf-8").partition(MARK)[0].rstrip()
    parts = [
        *("", "", MARK),
        *("## Sections", "", _doc(Workflow), ""),
        *_sections(),
        *("", "## Guards", "", *_steps(GUARDS)),
        *("", "## Effects", "", *_steps(EFFECTS)),
        *("", "## Values of notices", "", " · ".join(f"`{name}`" for name in sorted(VALUES))),
    ]
    return above + "\n".join(parts) + "\n"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def _sections() -> Iterator[str]:
    seen: set[type[Part]] = set()
    for name, info in Workflow.model_fields.items():
        for rule in _rules(info.annotation):
            if rule not in seen and rule is not Call:
                seen.add(rule)
                yield from _section(info.alias or name, rule, seen)


def _section(name: str, rule: type[Part], seen: set[type[Part]]) -> Iterator[str]:
    keys = ", ".join(_key(key, info) for key, info in rule.model_fields.items())
    yield from (f"**`{name}`** {_doc(rule)}  ", f"Keys: {keys}.", "")
    for key, info in rule.model_fields.items():
        for inner in _rules(info.annotation):
            if inner not in seen and inner is not Call:
                seen.add(inner)
                yield from _section(f"{name} · {info.alias or key}", inner, seen)


def _key(name: str, info: FieldInfo) -> str:
    unsaid = info.default in ("", None, False, (), {}) or info.default_factory is not None
    default = "" if unsaid or info.is_required() else info.default
    called = f"`{info.alias or name}`"
    if info.is_required():
        return f"{called} (required)"
    return f"{called} ({default})" if default else called


def _rules(annotation: Any) -> Iterator[type[Part]]:
    if inspect.isclass(annotation) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from _rules(inner)


def _steps(table: Mapping[str, Callable[..., Any]]) -> Iterator[str]:
    for name, step in sorted(table.items()):
        parameters = list(inspect.signature(step).parameters.values())[1:]
        arguments = ", ".join(_argument(one) for one in parameters)
        yield f"- `{name}{' {' + arguments + '}' if arguments else ''}` {_doc(step)}"


def _argument(parameter: inspect.Parameter) -> str:
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        return "…"
    optional = parameter.default is not inspect.Parameter.empty
    return f"{parameter.name}?" if optional else parameter.name


def _doc(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())


if __name__ == "__main__":
    write()
