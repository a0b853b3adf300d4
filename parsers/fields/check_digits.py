"""Tell numbers that can exist from misread ones by their own check digits.

Spaces, dots and hyphens between the digits do not count. A number that holds may still be nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType

from stdnum import ean
from stdnum.at import uid as at_uid
from stdnum.be import vat as be_vat
from stdnum.bg import vat as bg_vat
from stdnum.ch import uid as ch_uid
from stdnum.cy import vat as cy_vat
from stdnum.cz import dic as cz_dic
from stdnum.de import vat as de_vat
from stdnum.dk import cvr as dk_cvr
from stdnum.ee import kmkr as ee_kmkr
from stdnum.es import nif as es_nif
from stdnum.fi import alv as fi_alv
from stdnum.fr import siren, siret
from stdnum.fr import tva as fr_tva
from stdnum.gb import vat as gb_vat
from stdnum.gr import vat as gr_vat
from stdnum.hr import oib as hr_oib
from stdnum.hu import anum as hu_anum
from stdnum.ie import vat as ie_vat
from stdnum.it import iva as it_iva
from stdnum.lt import pvm as lt_pvm
from stdnum.lu import tva as lu_tva
from stdnum.lv import pvn as lv_pvn
from stdnum.mt import vat as mt_vat
from stdnum.nl import btw as nl_btw
from stdnum.pl import nip as pl_nip
from stdnum.pt import nif as pt_nif
from stdnum.ro import cf as ro_cf
from stdnum.se import vat as se_vat
from stdnum.si import ddv as si_ddv
from stdnum.sk import dph as sk_dph

from parsers.fields.imei import imeis

# Imported one by one: `stdnum.eu.vat` would look for them at their first use, when a confined
# process can load nothing any more.
_VAT: Mapping[str, ModuleType] = {
    "AT": at_uid, "BE": be_vat, "BG": bg_vat, "CY": cy_vat, "CZ": cz_dic, "DE": de_vat,
    "DK": dk_cvr, "EE": ee_kmkr, "EL": gr_vat, "ES": es_nif, "FI": fi_alv, "FR": fr_tva,
    "GB": gb_vat, "HR": hr_oib, "HU": hu_anum, "IE": ie_vat, "IT": it_iva, "LT": lt_pvm,
    "LU": lu_tva, "LV": lv_pvn, "MT": mt_vat, "NL": nl_btw, "PL": pl_nip, "PT": pt_nif,
    "RO": ro_cf, "SE": se_vat, "SI": si_ddv, "SK": sk_dph, "XI": gb_vat,
}  # fmt: skip
_BETWEEN = re.compile(r"[\s.\-/\u2010-\u2014]")
_SWISS = re.compile(r"(CHE\d{9})(?:MWST|TVA|IVA|TPV|HR|RC)?")
_POSTAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_EAN_LENGTHS = (8, 12, 13, 14, 18)
_RETAIL = frozenset({"EAN8", "EAN13", "UPCA", "ISBN"})
_LONGEST = 40


def siren_holds(number: str) -> bool:
    """Tell whether nine digits can name a French company (Luhn, INSEE)."""
    return bool(siren.is_valid(_bare(number)))


def siret_holds(number: str) -> bool:
    """Tell whether fourteen digits can name a French establishment (Luhn, INSEE; La Poste has a
    rule of its own)."""
    return bool(siret.is_valid(_bare(number)))


def vat_holds(number: str) -> bool:
    """Tell whether a VAT number with its country can exist: European Union, Northern Ireland,
    Great Britain and Switzerland (UID, with or without MWST, TVA, IVA). Others never hold."""
    bare = _bare(number)
    swiss = _SWISS.fullmatch(bare)
    if swiss:
        return bool(ch_uid.is_valid(swiss[1]))
    country = _VAT.get(bare[:2])
    return bool(country and country.is_valid(bare[2:]))


def vat_is_known(number: str) -> bool:
    """Tell whether we know the check digits of the country whose VAT number this claims to be."""
    bare = _bare(number)
    return bare[:2] in _VAT or bare.startswith("CHE")


def imei_holds(number: str) -> bool:
    """Tell whether fifteen digits can name a mobile device (GSMA TS.06)."""
    bare = _bare(number)
    return imeis(bare) == (bare,)


def ean_holds(number: str) -> bool:
    """Tell whether the last digit of an EAN-8, UPC-A, EAN-13, GTIN-14 or SSCC is right (GS1)."""
    bare = _bare(number)
    if len(bare) not in _EAN_LENGTHS or not (bare.isascii() and bare.isdigit()):
        return False
    return bool(ean.calc_check_digit(bare[:-1]) == bare[-1])


def postal_holds(number: str) -> bool:
    """Tell whether the check digit of a parcel's number is right: "RR473124829FR" (UPU S10)."""
    match = _POSTAL.fullmatch(_bare(number))
    if not match:
        return False
    rest = 11 - sum(w * int(d) for w, d in zip(_POSTAL_WEIGHTS, match[1], strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(match[2])


def barcode_holds(symbology: str, text: str) -> bool:
    """Tell whether a barcode's own check digit is right; True when its kind has none.

    `symbology` as zxing names it, hyphens or none: EAN and UPC of retail, in others a number that
    looks like a parcel's (S10) or an SSCC behind its "00".
    """
    bare = _bare(text)
    if symbology.replace("-", "").replace(" ", "").upper() in _RETAIL:
        return ean_holds(bare)
    if _POSTAL.fullmatch(bare):
        return postal_holds(bare)
    shipping = len(bare) == 20 and bare.startswith("00") and bare.isascii() and bare.isdigit()
    return ean_holds(bare[2:]) if shipping else True


def _bare(number: str) -> str:
    """Return a number without what people write between its digits, upper case, bounded."""
    return _BETWEEN.sub("", number[: 2 * _LONGEST]).upper()[: _LONGEST + 1]
