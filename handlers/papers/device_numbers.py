"""Numbers of devices as they are compared."""

from __future__ import annotations


def plain(serial: str) -> str:
    """Return a serial number as it is compared: letters and digits, upper case, without "SN"."""
    return "".join(c for c in serial.upper() if c.isalnum()).removeprefix("SN")
