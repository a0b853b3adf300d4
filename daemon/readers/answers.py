"""Take what a reading process answers, and nothing else.

A reader looks at hostile bytes and may be taken over. What it sends is only believed to be values
of our own types: no other class is looked up, so a pickle of its making can call nothing. Nor
can it cost more than it is long: twelve octets may ask the library for 64 GB (a memo with a large
number), and a tuple in a tuple in a tuple, as a key, ends the process that looks at it. So only
what our own readers write is taken.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from typing import Any, Final

OURS: Final = frozenset(
    {
        "parsers.business",
        "parsers.mail",
        "parsers.files.opening",
        "handlers.words.sheet",
        "handlers.understanding",
    }
)
PLAIN: Final = frozenset(
    {*(("datetime", name) for name in ("date", "datetime", "timedelta", "timezone"))}
    | {("decimal", "Decimal")}
)


_CODES: Final = """
    PROTO FRAME STOP MARK MEMOIZE BINGET LONG_BINGET NONE NEWTRUE NEWFALSE BININT BININT1 BININT2
    LONG1 BINFLOAT SHORT_BINUNICODE BINUNICODE BINUNICODE8 SHORT_BINBYTES BINBYTES BINBYTES8
    EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS
    STACK_GLOBAL NEWOBJ NEWOBJ_EX BUILD REDUCE
"""
WRITTEN: Final = frozenset(_CODES.split())
"""What pickle, protocol 5, writes for values like ours."""

TUPLES: Final = frozenset({"TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"})
MOST_TUPLES: Final = 20_000
"""How deep they can be inside one another at most: looking at them takes stack for each."""


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
    _look_over(data)
    return _Values(io.BytesIO(data)).load()


def _look_over(data: bytes) -> None:
    """Raise UnpicklingError for a pickle that our readers would not write."""
    left = MOST_TUPLES
    for code, _, _ in pickletools.genops(data):
        if code.name not in WRITTEN:
            raise pickle.UnpicklingError(f"{code.name} is nothing a reader writes")
        left -= code.name in TUPLES
        if left < 0:
            raise pickle.UnpicklingError(f"more than {MOST_TUPLES} tuples")
