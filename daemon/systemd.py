"""Talk to systemd (sd_notify(3)): ready, alive, stopping. Without systemd nothing happens."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send `state` ("READY=1", "WATCHDOG=1", "STOPPING=1") to $NOTIFY_SOCKET, when there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # "@" stands for the zero byte of an abstract socket.
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as wire:
        try:
            wire.sendto(state.encode(), name)
        except OSError:
            return  # systemd went away; that is no reason to stop


def watchdog_seconds() -> float:
    """Return how often to say WATCHDOG=1: half of what systemd waits, 0 when it does not."""
    usec = os.environ.get("WATCHDOG_USEC", "")
    meant_for = os.environ.get("WATCHDOG_PID", "") or str(os.getpid())
    if not usec.isdigit() or meant_for != str(os.getpid()):
        return 0.0
    return int(usec) / 2_000_000
