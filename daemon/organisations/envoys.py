"""All envoys of a service, started and stopped together."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.organisations.envoy import Envoy

STOP_SECONDS = 2.0


class Envoys:
    """The envoys of every desk."""

    def __init__(self, envoys: Sequence[Envoy]) -> None:
        self._envoys = tuple(envoys)

    def start(self) -> None:
        """Let each begin."""
        for envoy in self._envoys:
            envoy.start()

    def close(self) -> None:
        """End them: all are told before one is waited for."""
        for envoy in self._envoys:
            envoy.stop()
        for envoy in self._envoys:
            envoy.join(STOP_SECONDS)
