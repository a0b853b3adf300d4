"""Take what a reading process answers, and nothing else.

A reader looks at hostile bytes and may be taken over. What it sends is only believed to be values
of our own types: no other class is looked up, so a pickle of its making can call nothing.
"""

from __future__ import annotations

import io
import pickle
from typing import Any, Final

OURS: Final = frozenset(
    {
        "parsers.business",
        "parsers.mail",
        "parsers.files.opening",
        "handlers.sheet",
        "handlers.understanding",
    }
)
PLAIN: Final = frozenset(
    {*(("datetime", name) for name in ("date", "datetime", "timedelta", "timezone"))}
    | {("decimal", "Decimal")}
)


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return one of our types, a time or a decimal. Raises UnpicklingError for any other."""
        known = module in OURS or (module, name) in PLAIN
        if not known or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name} is no value a reader may answer with")
        found = super().find_class(module, name)
        if not isinstance(found, type) or (module in OURS and found.__module__ != module):
            raise pickle.UnpicklingError(f"{module}.{name} is no type of ours")
        return found


def load(data: bytes) -> Any:
    """Return the values in a pickle. Raises UnpicklingError for what is no value of ours, and
    whatever a broken pickle raises."""
    return _Values(io.BytesIO(data)).load()
