"""Find numbers that prove themselves by their check digits: IBAN, VAT, SIRET, IMEI, EAN-13.

They say what they are without a label, and that they are no serial number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_GAP = r"[ .\u00a0\u202f-]?"
_DIGITS = re.compile(r"(?<![\w.,/+-])\d(?:[ .\u00a0\u202f-]?\d){12,14}(?![\w/-]|[.,]\d)")
_IBAN = re.compile(
    rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_GAP}[A-Z0-9]{{4}}){{2,7}}(?:{_GAP}[A-Z0-9]{{1,3}})?(?!\w)"
)
_VAT = re.compile(
    rf"(?<!\w)(?P<land>BE|FR|NL|DE){_GAP}(?P<body>[A-Z0-9](?:{_GAP}[A-Z0-9]){{8,11}})(?!\w)"
)
_SEPARATORS = re.compile(r"[^A-Z0-9]")
_LENGTHS = {"FR": 27, "BE": 16, "NL": 18, "DE": 22, "LU": 20, "CH": 21, "GB": 22, "ES": 24, "IT": 27,
            "AT": 20, "PT": 25, "IE": 22, "PL": 28, "DK": 18, "SE": 24, "NO": 15, "FI": 18}  # fmt: skip
# The bodies that allocate IMEI (GSMA TS.06, reporting body identifiers).
_REPORTING = frozenset("01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 97 98 99".split())  # noqa: SIM905
_LA_POSTE = "356000000"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A number with its check digits right: kind iban, vat, siret, imei or ean, the number without
    separators, and where it stands in the text."""

    kind: str
    number: str
    start: int
    end: int


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Return the numbers of a text whose check digits are right, in order.

    IBAN: ISO 13616. VAT: BE, FR, NL, DE as in the VIES algorithms. SIRET: Luhn over 14 digits (La
    Poste by the sum of its digits). IMEI: Luhn over 15. EAN-13: GS1 General Specifications 7.9.
    """
    found = sorted(_found(text), key=lambda one: (one.start, -one.end))
    kept: list[Identifier] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _found(text: str) -> Iterator[Identifier]:
    for kind, pattern, check in _KINDS:
        for match in pattern.finditer(text):
            number = _SEPARATORS.sub("", match.group())
            if named := check(number):
                yield Identifier(
                    kind=named if kind == "digits" else kind,
                    number=number,
                    start=match.start(),
                    end=match.end(),
                )


def luhn(digits: str) -> bool:
    """Say whether digits end in the right Luhn check digit (ISO/IEC 7812-1, annex B)."""
    doubled = (int(d) * 2 for d in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def _iban(number: str) -> str:
    turned = number[4:] + number[:4]
    digits = "".join(str(int(character, 36)) for character in turned)
    right_length = _LENGTHS.get(number[:2], 0) == len(number)
    return "iban" if right_length and int(digits) % 97 == 1 else ""


def _vat(number: str) -> str:
    checks: dict[str, Callable[[str], bool]] = {
        "BE": _belgian, "FR": _french, "NL": _dutch, "DE": _german,
    }  # fmt: skip
    return "vat" if checks[number[:2]](number[2:]) else ""


def _belgian(body: str) -> bool:
    digits = body.zfill(10)
    return (
        digits.isdigit()
        and len(digits) == 10
        and digits[0] in "01"
        and (97 - int(digits[:8]) % 97 == int(digits[8:]))
    )


def _french(body: str) -> bool:
    if len(body) != 11 or not body[2:].isdigit():
        return False
    if not body[:2].isdigit():  # the newer keys with letters have no public check here
        return luhn(body[2:])
    return (12 + 3 * (int(body[2:]) % 97)) % 97 == int(body[:2])


def _dutch(body: str) -> bool:
    if not re.fullmatch(r"\d{9}B\d{2}", body):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(body[:8], range(9, 1, -1), strict=True)
    )
    letters = "".join(str(int(character, 36)) for character in f"NL{body}")
    return total % 11 == int(body[8]) or int(letters) % 97 == 1


def _german(body: str) -> bool:
    """Check by ISO 7064 MOD 11,10."""
    if not body.isdigit() or len(body) != 9:
        return False
    product = 10
    for digit in body[:8]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(body[8])


def _digits(number: str) -> str:
    """Tell what thirteen to fifteen digits are, "" when their check digit is wrong."""
    if len(set(number)) < 3:
        return ""
    if len(number) == 15:
        return "imei" if number[:2] in _REPORTING and luhn(number) else ""
    if len(number) == 14:
        poste = number.startswith(_LA_POSTE) and sum(map(int, number)) % 5 == 0
        return "siret" if luhn(number) or poste else ""
    weighted = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(number))
    return "ean" if weighted % 10 == 0 else ""


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("iban", _IBAN, _iban),
    ("vat", _VAT, _vat),
    ("digits", _DIGITS, _digits),
)
