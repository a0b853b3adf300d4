"""Is an answer what its type says, all the way down?

A reader that was taken over sends values of our own types (daemon/readers/answers.py), but may put
anything into their fields: a text for an amount, a number too long to print, a tuple that holds
itself forty times over. Whoever works with it would stumble far away from here.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final

MOST_VALUES: Final = 200_000
LARGEST: Final = 1 << 62
LONGEST_DECIMAL: Final = 40


def is_believed(value: object, kind: type) -> bool:
    """Tell whether `value` is of the dataclass `kind`, and so is everything in its fields.

    Numbers are of a size that can be kept and printed, texts can be encoded, and there are not
    more than MOST_VALUES of them in all.
    """
    try:
        return _Look().sees(value, kind)
    except (AttributeError, RecursionError, OverflowError):
        return False


class _Look:
    """One look at a value, and how many more values it may meet."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def sees(self, value: object, hint: Any) -> bool:
        self._left -= 1
        if self._left < 0:
            return False
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (types.UnionType, typing.Union):
            return any(self.sees(value, one) for one in inner)
        if origin is tuple:
            return type(value) is tuple and self._sees_all(value, inner[0])
        if origin is Mapping:
            if type(value) is not dict:
                return False
            return self._sees_all(value, inner[0]) and self._sees_all(value.values(), inner[1])
        return type(value) is hint and self._is_sound(value)

    def _sees_all(self, values: Iterable[object], hint: Any) -> bool:
        return all(self.sees(one, hint) for one in values)

    def _is_sound(self, value: object) -> bool:
        if is_dataclass(value) and not isinstance(value, type):
            hints = _hints(type(value))
            return all(self.sees(getattr(value, name), hint) for name, hint in hints.items())
        return _PLAIN.get(type(value), _is_member)(value)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    hints = typing.get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _is_member(value: object) -> bool:
    return isinstance(value, Enum | bool | bytes | dt.date | None)


def _is_number(value: Any) -> bool:
    return bool(-LARGEST < value < LARGEST)


def _is_decimal(value: Any) -> bool:
    if not value.is_finite():
        return False
    _, digits, exponent = value.as_tuple()
    return len(digits) < LONGEST_DECIMAL and abs(exponent) < LONGEST_DECIMAL


def _is_text(value: Any) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a pair of surrogates
        return False
    return True


_PLAIN: Mapping[type, Callable[[Any], bool]] = {
    str: _is_text,
    int: _is_number,
    float: _is_number,
    Decimal: _is_decimal,
}
