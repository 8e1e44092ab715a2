"""Hides from a chat model of the harness what is personal, as it is hidden from an agent's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from convagent.privacy import Placeholders, personal_values
from convagent.privacy.contacts import own_addresses
from convagent.privacy.found import Kind
from convagent.settings import ShopSettings
from convagent.understanding.home_country import country_of_zone

__all__ = ["mask_for"]


def mask_for(
    shop: ShopSettings,
    *facts: Any,
    known: Iterable[tuple[Kind, str]] = (),
    secrets: Literal["masked", "restored"] = "masked",
) -> Placeholders:
    """Placeholders for one conversation.

    Args:
        shop: The section `[shop]`: its country, and its own addresses, which aren't personal.
        facts: What is known of the people concerned.
        known: What else is personal, by kind.
        secrets: Whether cards, codes and passwords are put back as they were; see `Placeholders`.
    """
    return Placeholders(
        country=shop.country or country_of_zone(shop.timezone), known=(*personal_values(*facts), *known),
        keep=own_addresses(shop.email, shop.url), secrets=secrets,
    )  # fmt: skip
