"""Find the numbers of mobile devices: they prove themselves by their check digit (GSMA TS.06)."""

from __future__ import annotations

import re

_GAP = r"[ .\u00a0\u202f-]?"
_DIGITS = re.compile(rf"(?<![\w.,/+-])\d(?:{_GAP}\d){{14}}(?![\w/-]|[.,]\d)")
_IBAN = re.compile(
    rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_GAP}[A-Z0-9]{{4}}){{2,7}}(?:{_GAP}[A-Z0-9]{{1,3}})?(?!\w)"
)
_SEPARATORS = re.compile(r"[^A-Z0-9]")
# The bodies that allocate IMEI (GSMA TS.06, reporting body identifiers).
_REPORTING = frozenset("01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 97 98 99".split())  # noqa: SIM905
# "000000000000000" has the right check digit too.
_FEWEST_DIGITS = 3


def imeis(text: str) -> tuple[str, ...]:
    """Return the IMEI of a text, without separators, in order: fifteen digits of a body that
    allocates them, with the right Luhn digit, and no part of an IBAN."""
    digits = _DIGITS.finditer(_IBAN.sub(_hidden, text))
    numbers = (_SEPARATORS.sub("", match.group()) for match in digits)
    return tuple(number for number in numbers if _is_imei(number))


def _hidden(account: re.Match[str]) -> str:
    return "|" if _is_iban(account.group()) else account.group()


def _is_imei(number: str) -> bool:
    several = len(set(number)) >= _FEWEST_DIGITS
    return several and number[:2] in _REPORTING and _is_luhn(number)


def _is_luhn(digits: str) -> bool:
    """Check the last digit (ISO/IEC 7812-1, annex B)."""
    doubled = (int(d) * 2 for d in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def _is_iban(written: str) -> bool:
    """Check the two digits behind the country (ISO 13616, ISO 7064 MOD 97-10)."""
    number = _SEPARATORS.sub("", written)
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1
