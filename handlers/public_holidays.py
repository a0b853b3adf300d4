"""The public holidays of countries and their regions, by their names."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

OTHER_NAMES = {("FR", "Alsace-Moselle"): "57"}
"""Regions that keep one law and have several codes."""


def has_holidays(country: str) -> bool:
    """Tell whether the public holidays of a country (ISO 3166 code) are known."""
    return country in holidays.list_supported_countries()


@lru_cache(maxsize=32)
def regions_of(country: str) -> tuple[str, ...]:
    """Return codes and names of the regions whose holidays differ, () for a country without."""
    known = holidays.country_holidays(country)
    others = (name for land, name in OTHER_NAMES if land == country)
    return (*known.subdivisions, *known.subdivisions_aliases, *others)


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year, with those of a region unless it is ""."""
    code = OTHER_NAMES.get((country, region), region) or None
    return frozenset(holidays.country_holidays(country, subdiv=code, years=year))
