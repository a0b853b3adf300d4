"""Open the doors of the configuration: listeners, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

from daemon import log
from daemon.smtp.listeners import Listener, listen
from daemon.smtp.reception import Accept, Door

DOOR_SECONDS: Final = 2.0
"""How long mails on their way may take to finish when we stop."""


async def open_doors(
    doors: Iterable[Door],
    until: AsyncExitStack,
    *,
    accept: Accept,
    known_recipient: Callable[[str], bool],
    clock: Callable[[], datetime],
    file: Path,
) -> list[Listener]:
    """Listen on every door until the stack ends (see `daemon.smtp.listeners.listen`).

    Raises OSError that names address, remedy and the configuration `file`.
    """
    opened: list[Listener] = []
    for door in doors:
        try:
            listener = await listen(
                door, accept=accept, known_recipient=known_recipient, clock=clock
            )
        except OSError as error:
            raise OSError(
                f"{file}: cannot listen on {door.host}:{door.port} ({error})."
                " Stop who listens there, or change host or port of that [[listen]]."
            ) from error
        until.push_async_callback(listener.stop, DOOR_SECONDS)
        opened.append(listener)
        log.listening(protocol=door.protocol, host=door.host, port=listener.port)
    return opened
