"""`convagent.toml`: everything about a shop that is not guidance, knowledge or catalog."""

from __future__ import annotations

from convagent.settings.reading import read_settings
from convagent.settings.sections import (
    AttributionMethod,
    AttributionSettings,
    EvalsSettings,
    GateSettings,
    KnowledgeSettings,
    Settings,
    ShopSettings,
)

__all__ = [
    "AttributionMethod",
    "AttributionSettings",
    "EvalsSettings",
    "GateSettings",
    "KnowledgeSettings",
    "Settings",
    "ShopSettings",
    "read_settings",
]
