"""Load savd.toml. Every error names file, line, what is wrong and what to write instead."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from daemon.config.contradictions import contradictions
from daemon.config.model import Config, Configuration
from daemon.config.toml_lines import lines_of
from handlers.errors import ConfigError
from handlers.process import yaml_lines

USUAL_FILE = "/etc/savd/savd.toml"
_AT = re.compile(r" \(at line (\d+), column \d+\)$")


def chosen_file(given: str = "") -> Path:
    """Return the file to load: the one given, else $SAVD_CONFIG, else /etc/savd/savd.toml."""
    return Path(given or os.environ.get("SAVD_CONFIG", "") or USUAL_FILE)


def load(file: Path) -> Configuration:
    """Return the configuration. Raises ConfigError with all problems, one a line."""
    text = _text_of(file)
    data = _data_of(text, file)
    lines = lines_of(text)
    try:
        values = Config.model_validate(data)
    except ValidationError as error:
        told = [_told(file, lines, problem) for problem in error.errors()]
        raise ConfigError("\n".join(dict.fromkeys(told))) from None
    configuration = Configuration(values=values, file=file.absolute(), lines=lines)
    problems = [
        f"{file}:{yaml_lines.line_of(lines, path)}: {what}" for path, what in contradictions(values)
    ]
    if problems:
        raise ConfigError("\n".join(problems))
    return configuration


def secret(configuration: Configuration, name: str) -> str:
    """Return a secret: $CREDENTIALS_DIRECTORY/NAME when it is there, else the file NAME.

    White space at both ends does not count. Raises ConfigError when there is none.
    """
    file = secret_file(configuration, name)
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{configuration.file}: the secret {name!r} cannot be read ({error}). Write it to"
            f" {configuration.folder / name} with mode 0600, or add LoadCredential={name}:FILE"
            " to the unit."
        ) from error


def secret_file(configuration: Configuration, name: str) -> Path:
    """Return where a secret is looked for. A credential has "_" where a file has a folder's "/"."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if credentials and (file := Path(credentials, name.replace("/", "_"))).is_file():
        return file
    return configuration.folder / name


def secrets_in(configuration: Configuration, directory: str) -> tuple[str, ...]:
    """Return the names of all secrets in a folder, as credentials or as files beside savd.toml.

    `LoadCredential=keys:/etc/savd/keys` makes `keys_k1` of `keys/k1` (systemd.exec(5)).
    """
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")
    found = Path(credentials).glob(f"{directory}_*") if credentials else ()
    names = {f"{directory}/{file.name.removeprefix(f'{directory}_')}" for file in found}
    folder = configuration.folder / directory
    if not names and folder.is_dir():
        names = {f"{directory}/{file.name}" for file in folder.iterdir() if file.is_file()}
    return tuple(sorted(names))


def database_url(configuration: Configuration) -> str:
    """Return the URL of the database, a relative SQLite file counted from the configuration."""
    section = configuration.values.database
    url = secret(configuration, section.url_file) if section.url_file else section.url
    scheme, found, name = url.partition(":///")
    if found and scheme.startswith("sqlite") and name and not name.startswith("/"):
        return f"{scheme}:///{configuration.folder / name}"
    return url


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}:1: not UTF-8 ({error.reason}). Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(
            f"{file}: cannot be read ({error.strerror}). Write one with `savd init DIR`, or name"
            " it with --config."
        ) from error


def _data_of(text: str, file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _AT.search(str(error))
        line = match[1] if match else len(text.splitlines())
        what = _AT.sub("", str(error))
        raise ConfigError(f"{file}:{line}: not TOML: {what}. Correct the line.") from error


def _told(file: Path, lines: dict[yaml_lines.Path, int], problem: ErrorDetails) -> str:
    path = problem["loc"]
    where = ".".join(str(part) for part in path)
    return f"{file}:{yaml_lines.line_of(lines, path)}: {where}: {_remedy(problem, path)}"


def _remedy(problem: ErrorDetails, path: yaml_lines.Path) -> str:
    kind, known = problem["type"], _keys_at(path[:-1])
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
        return f"there is no such key. {hint}"
    if kind == "missing":
        return "is missing. Add it."
    if kind == "string_pattern_mismatch":
        return f"has not the right form. Write something that matches {problem['ctx']['pattern']}"
    return f"{problem['msg'][:1].lower()}{problem['msg'][1:]}. Correct the value."


def _keys_at(path: yaml_lines.Path) -> list[str]:
    """Return the keys that the section at `path` knows."""
    model: type[BaseModel] = Config
    for part in path:
        field = model.model_fields.get(str(part))
        found = _model_in(field.annotation) if field else None
        model = found or model
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = getattr(annotation, "__args__", ())
    return next((found for one in inner if (found := _model_in(one))), None)
