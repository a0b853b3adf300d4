"""Real servers for tests: a throw-away Dovecot and a throw-away PostgreSQL cluster.

One of each per test run, started by the first test that asks and stopped by the last worker that
used it. Both listen on free loopback ports, live in a folder of their own, and work whether the
tests run as root (the servers then run as "mail" and "postgres") or as anybody.
"""

from __future__ import annotations

import fcntl
import getpass
import grp
import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

from .tls import CERTIFICATE, KEY

IS_ROOT = os.geteuid() == 0
PASSWORD = "secret"

DOVECOT_CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
auth_username_format = %Ln
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%n/Maildir
mail_max_userip_connections = 100
mailbox_list_index = no
first_valid_uid = 1
default_internal_user = {system_user}
default_login_user = {login_user}
default_internal_group = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
  }}
  {no_chroot}
  service_count = 0
}}
service anvil {{
  {no_chroot}
}}
service stats {{
  {no_chroot}
}}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dovecot:
    """Any user name is a mailbox of its own; its password is `password`."""

    host: str
    port: int
    tls_port: int
    password: str
    folder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Postgres:
    """A cluster without passwords. `socket` is the folder of its Unix socket."""

    host: str
    port: int
    socket: str
    folder: str

    def url(self, database: str = "postgres") -> str:
        """The address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@{self.host}:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement as superuser, outside a transaction."""
        address = f"host={self.host} port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """The run's Dovecot. Use a user name of your own."""
    program = _find("dovecot", "/usr/sbin/dovecot")
    if program is None or not Path("/usr/lib/dovecot/imap").exists():
        _miss("Dovecot is not installed (Debian: dovecot-imapd)")
    with _shared(tmp_path_factory, "dovecot", lambda: _start_dovecot(program), _stop_dovecot) as it:
        yield Dovecot(**it)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """The run's PostgreSQL cluster. Tests want `postgres_url`."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = folders[-1] if folders else _find("initdb")
    if found is None:
        _miss("PostgreSQL is not installed (Debian: postgresql)")
    programs = Path(found).parent
    with _shared(
        tmp_path_factory,
        "postgres",
        lambda: _start_postgres(programs),
        lambda it: _stop_postgres(programs, it),
    ) as it:
        yield Postgres(**it)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A fresh, empty database of this test's own; dropped afterwards."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


_numbers = itertools.count(1)


def _miss(sentence: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def _find(name: str, *places: str) -> str | None:
    return shutil.which(name) or next((it for it in places if Path(it).exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _shared(
    factory: pytest.TempPathFactory,
    name: str,
    start: Callable[[], dict[str, Any]],
    stop: Callable[[dict[str, Any]], None],
) -> Iterator[dict[str, Any]]:
    """Share one server between the workers of a run: the first starts it, the last stops it."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    folder = factory.getbasetemp().parent if is_worker else factory.getbasetemp()
    with _locked(folder / f"{name}.json") as state:
        if not state.get("users"):
            state["server"] = start()
        state["users"] = state.get("users", 0) + 1
        server = state["server"]
    try:
        yield server
    finally:
        with _locked(folder / f"{name}.json") as state:
            state["users"] -= 1
            if not state["users"]:
                stop(server)


@contextmanager
def _locked(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        yield state
        file.truncate(0)
        file.write(json.dumps(state))


def _start_dovecot(program: str) -> dict[str, Any]:
    # A short path: the Unix sockets in it may not be longer than 108 octets.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    if IS_ROOT:
        shutil.chown(folder / "mail", "mail", "mail")
    me = getpass.getuser()
    port, tls_port = _free_port(), _free_port()
    (folder / "certificate.pem").write_text(CERTIFICATE, encoding="ascii")
    (folder / "key.pem").write_text(KEY, encoding="ascii")
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        DOVECOT_CONFIGURATION.format(
            folder=folder,
            port=port,
            tls_port=tls_port,
            password=PASSWORD,
            system_user="dovecot" if IS_ROOT else me,
            login_user="dovenull" if IS_ROOT else me,
            group="dovecot" if IS_ROOT else _own_group(),
            mail_user="mail" if IS_ROOT else os.getuid(),
            mail_group="mail" if IS_ROOT else os.getgid(),
            no_chroot="" if IS_ROOT else "chroot =",
        ),
        encoding="utf-8",
    )
    # Without -F it runs on as a daemon of its own, whichever worker started it.
    subprocess.run([program, "-c", configuration], check=True, timeout=20)
    server = Dovecot(
        host="127.0.0.1",
        port=port,
        tls_port=tls_port,
        password=PASSWORD,
        folder=str(folder),
    )
    try:
        _wait_for_port(port)
    except OSError:
        _stop_dovecot(asdict(server))
        raise
    return asdict(server)


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _own_group() -> str:
    return grp.getgrgid(os.getgid()).gr_name


def _stop_dovecot(server: dict[str, Any]) -> None:
    program = _find("doveadm", "/usr/bin/doveadm") or "doveadm"
    configuration = Path(server["folder"]) / "dovecot.conf"
    subprocess.run([program, "-c", configuration, "stop"], check=False, timeout=20)
    shutil.rmtree(server["folder"], ignore_errors=True)


def _start_postgres(programs: Path) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data = folder / "data"
    if IS_ROOT:
        shutil.chown(folder, "postgres", "postgres")
    port = _free_port()
    _as_postgres(
        *(programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"),
        *("--locale=C.UTF-8", "--no-sync"),
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    _as_postgres(
        *(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log"),
        *("-o", f"{options} -c max_connections=200", "start"),
    )
    server = Postgres(host="127.0.0.1", port=port, socket=str(folder), folder=str(folder))
    return asdict(server)


def _stop_postgres(programs: Path, server: dict[str, Any]) -> None:
    data = Path(server["folder"]) / "data"
    _as_postgres(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    shutil.rmtree(server["folder"], ignore_errors=True)


def _as_postgres(*command: str | Path) -> None:
    """Run a PostgreSQL program, which refuses to be root."""
    runuser = _find("runuser", "/usr/sbin/runuser") or "runuser"  # not on the path after a plain su
    before = [runuser, "-u", "postgres", "--"] if IS_ROOT else []
    subprocess.run(
        [*before, *map(str, command)],
        check=True,
        timeout=90,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
