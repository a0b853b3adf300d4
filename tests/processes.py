"""The processes that come with savd, and those of them that are still being written."""

from handlers.workflow_file import shipped_names

BEING_WRITTEN: set[str] = set()
"""Their rehearsals do not cover them yet."""


def finished_names() -> list[str]:
    """Return the names of the processes that are rehearsed and described whole."""
    return [name for name in shipped_names() if name not in BEING_WRITTEN]
