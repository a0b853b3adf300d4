"""The shape of the house: who may import whom, what the pure half never touches, and size."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "parsers": set(),
    "handlers": {"parsers"},
    "templates": {"parsers", "handlers"},
    "storage": {"parsers", "handlers"},
    "daemon": {"parsers", "handlers", "templates", "storage"},
}
LOWER_FIRST = {  # the folders inside; what stands beside them (the types, the way of a mail) is free
    "parsers": ("mime", "containers", "html", "text", "machines", "fields", "files", "intents"),
    "handlers": (
        *("process", "clocks", "tables", "people", "papers", "words", "steps", "groups"),
        *("errands", "registry", "customers", "talks", "digest", "queries", "agents", "proof"),
    ),
    "daemon": (
        *("readers", "smtp", "imap", "organisations"),
        *("config", "imports", "rehearsal", "demo", "commands"),
    ),
}
OUTSIDE = {"tests", "benchmarks", "systemd", "docs"}

PURE = {"parsers", "handlers"}
WORLD = {  # clock, chance, disk, network, processes, log, environment
    *("time", "random", "secrets", "uuid", "sched"),
    *("os", "pathlib", "shutil", "tempfile", "glob", "fileinput", "sqlite3", "dbm", "shelve"),
    *("socket", "ssl", "select", "selectors", "asyncio", "http", "urllib.request", "ftplib"),
    *("smtplib", "imaplib", "poplib", "aiosmtpd", "aiosmtplib", "imapclient"),
    *("subprocess", "multiprocessing", "threading", "concurrent", "signal", "resource", "sys"),
    *("logging", "syslog", "getpass", "platform", "locale", "sqlalchemy", "psycopg", "alembic"),
    *("apscheduler", "pickle", "ctypes", "importlib.import_module"),
}
CLOCK_CALLS = {"now", "utcnow", "today"}
WORLD_CALLS = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}

MOST_LINES_IN_A_FILE = 300
MOST_LINES_IN_A_FUNCTION = 50

FILES = sorted(path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py"))
PURE_FILES = [path for path in FILES if path.relative_to(ROOT).parts[0] in PURE]
ORDERED_FILES = [path for path in FILES if path.relative_to(ROOT).parts[0] in LOWER_FIRST]


def name(path):
    return path.relative_to(ROOT).as_posix()


def tree(path):
    return ast.parse(path.read_bytes(), filename=name(path))


def imports(module):
    """Every name imported, absolute and dotted, wherever in the file the import stands."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def starts_with(dotted, prefixes):
    parts = dotted.split(".")
    return any(".".join(parts[: n + 1]) in prefixes for n in range(len(parts)))


def upward_imports(folder, module):
    forbidden = (MAY_IMPORT.keys() | OUTSIDE) - MAY_IMPORT[folder] - {folder}
    return [f"{line}: {what}" for line, what in imports(module) if starts_with(what, forbidden)]


def imports_from_above(path, module):
    """Imports from a folder that docs/architecture.md lists below the one `path` stands in."""
    top, inside, *_ = path.relative_to(ROOT).parts
    order = LOWER_FIRST.get(top, ())
    above = order[order.index(inside) + 1 :] if inside in order else ()
    forbidden = {f"{top}.{folder}" for folder in above}
    return [f"{line}: {what}" for line, what in imports(module) if starts_with(what, forbidden)]


def touches_of_the_world(module):
    found = [f"{line}: import {what}" for line, what in imports(module) if starts_with(what, WORLD)]
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in CLOCK_CALLS:
            found.append(f"{node.lineno}: .{called.attr}() reads a clock")
        if isinstance(called, ast.Name) and called.id in WORLD_CALLS:
            found.append(f"{node.lineno}: {called.id}()")
    return found


def functions(module):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(module) if isinstance(node, kinds)]


def decorated_with(node, words):
    return any(ast.unparse(decorator).split(".")[-1] in words for decorator in node.decorator_list)


def without_docstring(body, owner=""):
    """Name the public functions, classes and methods in `body` that promise nothing."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in body:
        if not isinstance(node, kinds) or node.name.startswith("_"):
            continue
        if decorated_with(node, {"overload", "override", "setter"}):
            continue
        if not ast.get_docstring(node):
            yield f"{node.lineno}: {owner}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from without_docstring(node.body, f"{owner}{node.name}.")


def test_all_five_folders_hold_code():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_downwards(path):
    assert upward_imports(path.relative_to(ROOT).parts[0], tree(path)) == []


@pytest.mark.parametrize("path", ORDERED_FILES, ids=name)
def test_folders_import_only_those_below_them(path):
    assert imports_from_above(path, tree(path)) == []


@pytest.mark.parametrize("top", LOWER_FIRST)
def test_every_folder_has_its_place_in_the_order(top):
    folders = {path.parent.name for path in (ROOT / top).glob("*/*.py")}
    assert folders == set(LOWER_FIRST[top])


@pytest.mark.parametrize("path", PURE_FILES, ids=name)
def test_parsers_and_handlers_never_touch_the_world(path):
    assert touches_of_the_world(tree(path)) == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_stay_small(path):
    lines = path.read_bytes().count(b"\n")
    assert lines <= MOST_LINES_IN_A_FILE
    lengths = {node.name: node.end_lineno - node.lineno + 1 for node in functions(tree(path))}
    assert {k: v for k, v in lengths.items() if v > MOST_LINES_IN_A_FUNCTION} == {}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_everything_public_says_what_it_promises(path):
    module = tree(path)
    assert ast.get_docstring(module), "the file says what it is"
    assert list(without_docstring(module.body)) == []


@pytest.mark.parametrize(
    "folder, code",
    [
        ("parsers", "import handlers"),
        ("parsers", "def f():\n    from storage.rows import Row"),
        ("handlers", "from daemon import clock"),
        ("templates", "import storage.rows"),
        ("storage", "import templates"),
        ("daemon", "from tests.builders import mail"),
    ],
)
def test_an_upward_import_is_seen(folder, code):
    assert upward_imports(folder, ast.parse(code))


def test_an_import_from_a_higher_folder_is_seen():
    module = ast.parse("from handlers.customers.opening import open_tickets")
    assert imports_from_above(ROOT / "handlers" / "steps" / "guards.py", module)


@pytest.mark.parametrize(
    "code",
    [
        "import os.path",
        "from urllib.request import urlopen",
        "def f():\n    import sqlite3",
        "from datetime import datetime\ndatetime.now()",
        "date.today()",
        "open('x')",
    ],
)
def test_a_touch_of_the_world_is_seen(code):
    assert touches_of_the_world(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "from urllib.parse import quote",
        "import importlib.resources",
        "from importlib.resources import files\nfiles('handlers').joinpath('x').read_text()",
        "from datetime import datetime, UTC\ndatetime(2026, 1, 1, tzinfo=UTC)",
    ],
)
def test_pure_code_may_compute_and_read_packaged_data(code):
    assert touches_of_the_world(ast.parse(code)) == []


def test_a_silent_public_method_is_seen():
    code = 'class Mail:\n    """A mail."""\n    def read(self):\n        return 1\n    def _x(self): ...'
    assert list(without_docstring(ast.parse(code).body)) == ["3: Mail.read"]
