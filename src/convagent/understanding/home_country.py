"""The country that a shop is at home in, as its time zone has it: what a telephone number without a country code belongs to."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["country_of_zone"]


@lru_cache(maxsize=32)
def country_of_zone(timezone: str) -> str | None:
    """The ISO 3166-1 code of a time zone's country, from the tables of Unicode's CLDR; None for a zone of none, such as UTC.

    Args:
        timezone: IANA name, such as Europe/Dublin.
    """
    from babel.core import get_global

    country = str(get_global("zone_territories").get(timezone, ""))
    return country if len(country) == 2 and country.isalpha() else None
