"""Read a mail in one process, then each of its files in another of its own.

DESCRIPTION
    Mails are read in a pool of processes that open no file. What they find attached goes to a
    second pool, one file after the other for one mail, so that a mail with two hundred files keeps
    one file reader busy and no more. A file reader lives for one file: when it was taken over, it
    can lie about that file alone, and what it says is only believed in the shape of our own types.

PROMISE
    A file that ends its reader, takes too long or too much memory, or is answered with nonsense
    becomes refusal "too_heavy"; so does what is left when the files of one mail have cost all they
    may. The mail and its other files go on. Only when no process can be had, or we are stopping,
    the mail is not read: it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Final, Protocol, Self

from daemon import log
from daemon.clamav import Clamav, Scan
from daemon.readers.belief import is_believed
from daemon.readers.workers import NoReader, ReadingFailed, Reply, Stopping, Workers
from handlers.understanding import Understood
from handlers.words.command import holds_command
from parsers.files.opening import Opened, open_file, told_of, wants_opening
from parsers.mail import Attachment

ANSWER_OCTETS: Final = 16 << 20
"""A longer answer about one file is not believed: copy and thumbnail of a photo have 2 MB."""

MAIL_OCTETS: Final = 64 << 20
"""Copies that are made of the files of one mail; they are in memory until the mail is decided."""

TOO_HEAVY: Final = Opened(refusal="too_heavy")
REFUSALS: Final = frozenset(
    {"", "too_heavy", "broken", "encrypted", "macro", "archive", "executable", "empty"}
)
JPEG: Final = b"\xff\xd8\xff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """What reading may cost: processes of each kind (0: one per core), octets of memory and
    seconds for one mail, for one file, and seconds for all files of one mail."""

    workers: int = 0
    memory: int = 1 << 30
    seconds: float = 20.0
    file_memory: int = 1 << 30
    file_seconds: float = 10.0
    all_files_seconds: float = 60.0


class Unopened(Protocol):
    """Hears which file was not opened, and why."""

    def __call__(self, *, file: str, sha256: str, reason: str) -> None:
        """Tell it to whom it concerns."""


class Reading:
    """The reading of mails and files. Safe to call from any thread; `close` it in the end.

    `understanding` is pickled into the readers of mails, `opening` into those of files.
    Every file is shown to the `scanner` first. `on_unopened` is told, from any thread, of each file that cost too much.
    """

    def __init__(
        self,
        understanding: Callable[[bytes, str], Understood],
        costs: Costs,
        *,
        opening: Callable[[Attachment], Opened] = open_file,
        scanner: Clamav | None = None,
        on_unopened: Unopened = log.unopened,
    ) -> None:
        self.costs = costs
        self.scanner = scanner
        self.on_unopened = on_unopened
        self._mails: Workers[Understood, bytes, str] = Workers(
            understanding, costs.workers, memory=costs.memory, seconds=costs.seconds
        )
        self._files: Workers[Opened, Attachment] = Workers(
            opening,
            costs.workers,
            memory=costs.file_memory,
            seconds=costs.file_seconds,
            life=1,
            octets=ANSWER_OCTETS,
            name="files",
            threads=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def walls(self) -> str:
        """What confines the readers, "" until the first has started."""
        return self._files.walls or self._mails.walls

    def read(self, data: bytes, desk: str) -> Future[Understood]:
        """Queue a mail to be read with its files; the future fails with ReadingFailed when the
        mail itself cannot be."""
        whole: Future[Understood] = Future()
        whole.set_running_or_notify_cancel()  # what was begun is not called off
        self._mails.read(data, desk).add_done_callback(partial(self._open_files, whole))
        return whole

    def are_alive(self) -> bool:
        """Tell whether everything that feeds the readers still runs."""
        return self._mails.are_alive() and self._files.are_alive()

    def close(self) -> None:
        """Fail what waits with Stopping and end all readers, within seconds."""
        self._mails.close()
        self._files.close()
        if self.scanner:
            self.scanner.close()

    def open(self, file: Attachment) -> Future[Opened]:
        """Queue one file to be opened; the future fails with ReadingFailed when it cannot be."""
        return self._files.read(file)

    def _open_files(self, whole: Future[Understood], reply: Future[Understood]) -> None:
        if error := reply.exception():
            whole.set_exception(error)
            return
        course = _Course(self, reply.result(), whole)
        course.step(course.go_on)


class _Course:
    """A mail whose files are scanned and opened, one after the other. Its steps are done by
    whichever thread brings the last answer, never by two at once."""

    def __init__(self, reading: Reading, understood: Understood, whole: Future[Understood]) -> None:
        self._reading = reading
        self._understood = understood
        self._whole = whole
        self._seconds = self._scanning = reading.costs.all_files_seconds
        self._octets = MAIL_OCTETS
        self._done: list[Attachment] = []
        # Agents write commands about tables; a customer's workbook is one where lines are listed.
        imported = holds_command(understood.mail.new_text)
        self._brings_tables = understood.reads_tables or imported

    def step(self, do: Callable[..., None], *given: object) -> None:
        """Do a step. An accident ends the mail: a thread of the readers would swallow it."""
        try:
            do(*given)
        except Exception as error:  # noqa: BLE001 - nobody else is there to catch it
            self._whole.set_exception(ReadingFailed(f"its files: {type(error).__name__}: {error}"))

    def go_on(self) -> None:
        """Have the next file scanned and opened, or hand on the mail when none is left."""
        scanner = self._reading.scanner
        mail = self._understood.mail
        while len(self._done) < len(mail.attachments):
            file = mail.attachments[len(self._done)]
            if scanner and self._scanning > 0:
                asked = scanner.scan(file.data)
                asked.add_done_callback(partial(self.step, self._take_scan, file))
                return
            if self._is_being_opened(replace(file, scan="unscanned") if scanner else file):
                return
        whole = replace(mail, attachments=tuple(self._done))
        self._whole.set_result(replace(self._understood, mail=whole))

    def _is_being_opened(self, file: Attachment) -> bool:
        """Have a file opened and return True; or put it with those that are done."""
        if not wants_opening(file):
            self._done.append(file)
        elif self._seconds <= 0 or self._octets <= 0:
            self._refuse(file, "the files of this mail have cost all they may")
        else:
            asked = self._reading.open(replace(file, tabular=self._brings_tables))
            asked.add_done_callback(partial(self.step, self._take, file))
            return True
        return False

    def _take_scan(self, file: Attachment, answer: Future[Scan]) -> None:
        """Note what the scanner says of a file and have it opened."""
        if answer.cancelled():
            self._whole.set_exception(Stopping("the scanner is stopping"))
            return
        scan = answer.result()
        self._scanning -= scan.seconds
        if not self._is_being_opened(_scanned(file, scan)):
            self.go_on()

    def _take(self, file: Attachment, reply: Future[Opened]) -> None:
        """Note what came of a file and go on with the next."""
        error = reply.exception()
        if isinstance(error, Stopping | NoReader):
            self._whole.set_exception(error)
            return
        self._seconds -= reply.seconds if isinstance(reply, Reply) else 0
        opened = None if error else reply.result()
        if opened is None or not is_sound(opened):
            self._refuse(file, str(error or "the reader answered with nonsense"))
        else:
            self._octets -= len(opened.photo.copy + opened.photo.thumbnail) if opened.photo else 0
            self._done.append(told_of(file, opened))
        self.go_on()

    def _refuse(self, file: Attachment, reason: str) -> None:
        self._reading.on_unopened(file=file.filename, sha256=file.sha256, reason=reason)
        self._done.append(told_of(file, TOO_HEAVY))


def _scanned(file: Attachment, scan: Scan) -> Attachment:
    """Return the file with what the scanner says; only what it names is refused."""
    if scan.state == "infected":
        log.infected(file=file.filename, sha256=file.sha256, signature=scan.told)
        return replace(file, scan=scan.state, refusal="infected")
    if scan.state == "unscanned":
        log.unscanned(file=file.filename, sha256=file.sha256, reason=scan.told)
    return replace(file, scan=scan.state)


def is_sound(opened: Opened) -> bool:
    """Tell whether a reader's answer can be worked with, true or not."""
    if not is_believed(opened, Opened) or opened.refusal not in REFUSALS:
        return False
    pictures = (opened.photo.copy, opened.photo.thumbnail) if opened.photo else ()
    return all(one.startswith(JPEG) for one in pictures if one)
