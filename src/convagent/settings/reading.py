"""Reading `convagent.toml`: whatever is wrong with it is told at once, with what was probably meant."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from convagent.errors import Place, ShopError
from convagent.guidance.language.slips import suggest
from convagent.handover import HandoverSettings
from convagent.settings.sections import Settings

__all__ = ["read_settings"]


def read_settings(path: Path) -> Settings:
    """Reads `convagent.toml`.

    Raises:
        ShopError: It is missing, is not TOML, or has settings that are unknown or out of range; all are named together.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ShopError(
            "this folder is no shop: it has no convagent.toml", code="shop-missing", place=path,
            remedy="Make a shop with `convagent init DIR`, or name its folder with --shop DIR.",
        ) from None  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        raise ShopError(f"the settings are not TOML: {error}", code="shop-settings", place=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ShopError(f"the settings can't be read: {error}", code="shop-settings", place=path) from None
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        faults = [_told(fault) for fault in error.errors()]
        raise ShopError(
            "these settings can't be used:\n  " + "\n  ".join(faults), code="shop-settings", place=Place(str(path)),
            remedy="docs/settings.md lists them all.",
        ) from None  # fmt: skip
    _check_names(settings, path)
    return settings


def _told(fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        *section, key = (str(part) for part in fault["loc"])
        meant = suggest(key, _known_keys(section))
        return f"{place}: unknown" + (f", did you mean {meant}?" if meant else "")
    return f"{place}: {fault['msg']}"


def _known_keys(section: list[str]) -> list[str]:
    model: Any = Settings
    for part in section:
        found = (
            model.model_fields.get("opening" if part == "hours" else part) if hasattr(model, "model_fields") else None
        )
        model = (
            found.annotation
            if found is not None
            else next((a for a in get_args(model) if hasattr(a, "model_fields")), model)
        )
        if not hasattr(model, "model_fields"):
            continue
    if not hasattr(model, "model_fields"):
        model = next((part for part in get_args(model) if hasattr(part, "model_fields")), Settings)
    return ["hours" if name == "opening" else name for name in model.model_fields]


def _named_teams(handover: HandoverSettings) -> list[tuple[str, str]]:
    """Teams that the settings of handovers name, each with the setting; languages and topics aside."""
    single = ("vip_team", "high_value_team", "escalation_team")
    found = [(name, team) for name in single if (team := getattr(handover, name)) is not None]
    for team, cover in handover.covered_by.items():
        found += [("covered_by", team), (f"covered_by.{team}", cover)]
    return found


def _check_names(settings: Settings, path: Path) -> None:
    faults = [
        f"teams.{name}.hours: there are no hours called {team.hours}"
        for name, team in settings.teams.items()
        if team.hours is not None and team.hours not in settings.opening
    ]
    known = set(settings.teams)
    if known and settings.handover.default_team not in known:
        faults.append(f"handover.default_team: there is no team called {settings.handover.default_team}")
    faults += [
        f"handover.{key}: there is no team called {team}"
        for key, team in _named_teams(settings.handover)
        if known and team not in known
    ]
    faults += [
        f"handover.teams.{key}: there is no team called {team}"
        for key, team in settings.handover.teams.items()
        if known and team not in known
    ]
    faults += [
        f"selling: the shop's currency is {settings.shop.currency}, and an amount is in {currency}"
        for currency in sorted(settings.selling.currencies - {settings.shop.currency})
    ]
    if faults:
        raise ShopError(
            "these settings don't fit together:\n  " + "\n  ".join(faults), code="shop-settings", place=path
        )
