"""YAML that remembers its lines, so that an error can name one."""

from __future__ import annotations

from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handlers.errors import ConfigError

Path: TypeAlias = "tuple[str | int, ...]"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """The safe loader, in C where there is one; dates stay the text they were written as."""

    yaml_implicit_resolvers = {
        first: [one for one in resolvers if one[0] != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(text: str, file: str) -> tuple[object, dict[Path, int]]:
    """Return the document and the line (from 1) of every key and list element by its path.

    Raises ConfigError naming file and line for text that is not YAML or repeats a key.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or str(error).partition("\n")[0]
        line = mark.line + 1 if mark else 1
        raise ConfigError(f"{file}:{line}: not YAML: {told}. Correct the line.") from error
    lines: dict[Path, int] = {}
    if node is None:
        return None, lines
    _note_lines(node, (), lines, file)
    return loader.construct_document(node), lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of the deepest known part of a path, 1 when nothing is known."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def mismatches(error: ValidationError, file: str, lines: dict[Path, int]) -> str:
    """Return what a file has that its model does not allow: file, line and remedy, one a line."""
    return "\n".join(
        f"{file}:{line_of(lines, problem['loc'])}: "
        f"{'.'.join(str(part) for part in problem['loc'])}: {_remedy(problem)}"
        for problem in error.errors()
    )


def _remedy(problem: ErrorDetails) -> str:
    if problem["type"] == "extra_forbidden":
        return "there is no such key. Correct its name, or drop it."
    if problem["type"] == "missing":
        return "is missing. Add it."
    return f"{problem['msg'][:1].lower()}{problem['msg'][1:]}. Correct the value."


def _note_lines(node: yaml.Node, path: Path, lines: dict[Path, int], file: str) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in lines:
                line = key.start_mark.line + 1
                raise ConfigError(f"{file}:{line}: {key.value!r} is given twice. Keep one.")
            lines[inner] = key.start_mark.line + 1
            _note_lines(value, inner, lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            _note_lines(value, (*path, index), lines, file)
