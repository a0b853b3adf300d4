"""Which savd runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the version of the installed savd, "0+checkout" when it runs uninstalled."""
    try:
        return version("savd")
    except PackageNotFoundError:
        return "0+checkout"
