"""Tell numbers of companies that can exist from misread ones by their own check digits.

Spaces, dots and hyphens between the digits do not count. A number that holds may still be nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType

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

from parsers.fields.barcode_digits import bare

# Imported one by one: `stdnum.eu.vat` would look for them at their first use, when a confined
# process can load nothing any more.
_VAT: Mapping[str, ModuleType] = {
    "AT": at_uid, "BE": be_vat, "BG": bg_vat, "CY": cy_vat, "CZ": cz_dic, "DE": de_vat,
    "DK": dk_cvr, "EE": ee_kmkr, "EL": gr_vat, "ES": es_nif, "FI": fi_alv, "FR": fr_tva,
    "GB": gb_vat, "HR": hr_oib, "HU": hu_anum, "IE": ie_vat, "IT": it_iva, "LT": lt_pvm,
    "LU": lu_tva, "LV": lv_pvn, "MT": mt_vat, "NL": nl_btw, "PL": pl_nip, "PT": pt_nif,
    "RO": ro_cf, "SE": se_vat, "SI": si_ddv, "SK": sk_dph, "XI": gb_vat,
}  # fmt: skip
_SWISS = re.compile(r"(CHE\d{9})(?:MWST|TVA|IVA|TPV|HR|RC)?")


def siren_holds(number: str) -> bool:
    """Tell whether nine digits can name a French company (Luhn, INSEE)."""
    return bool(siren.is_valid(bare(number)))


def siret_holds(number: str) -> bool:
    """Tell whether fourteen digits can name a French establishment (Luhn, INSEE; La Poste has a
    rule of its own)."""
    return bool(siret.is_valid(bare(number)))


def vat_holds(number: str) -> bool:
    """Tell whether a VAT number with its country can exist: European Union, Northern Ireland,
    Great Britain and Switzerland (UID, with or without MWST, TVA, IVA). Others never hold."""
    plain = bare(number)
    swiss = _SWISS.fullmatch(plain)
    if swiss:
        return bool(ch_uid.is_valid(swiss[1]))
    country = _VAT.get(plain[:2])
    return bool(country and country.is_valid(plain[2:]))


def vat_is_known(number: str) -> bool:
    """Tell whether we know the check digits of the country whose VAT number this claims to be."""
    plain = bare(number)
    return plain[:2] in _VAT or plain.startswith("CHE")


def company_doubts(siret: str, vat: str) -> tuple[str, ...]:
    """Return "siret" and "vat" for numbers of a company, bare, that cannot exist. `siret` may be a
    SIREN; "" is no number; a VAT number of a country we do not know is not doubted."""
    holds = siret_holds if len(siret) > 9 else siren_holds
    wrong = {"siret": siret and not holds(siret), "vat": vat_is_known(vat) and not vat_holds(vat)}
    return tuple(code for code, doubtful in wrong.items() if doubtful)
