"""The shop itself: its teams, hours and calendar."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from convagent.facts._fact import Fact, InEffect

__all__ = ["OpeningHours", "Shop", "Team"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class OpeningHours(Fact):
    """Hours of each weekday as `("09:00", "18:00")`; a day that is missing is closed."""

    days: dict[str, tuple[str, str]] = Field(default_factory=dict)
    holidays: str | None = Field(default=None, description="Country whose public holidays are kept, such as IE")
    closed_on: tuple[date, ...] = ()


class Team(Fact):
    """People who take over conversations."""

    id: str
    name: str = ""
    description: str = ""
    hours: OpeningHours | None = None


class Shop(Fact):
    """The shop as guidance may speak of it."""

    name: str
    currency: str = InEffect("USD", description="ISO 4217 code, such as EUR")
    timezone: str = InEffect("UTC", description="IANA name, such as Europe/Dublin")
    language: str = InEffect("en", description="ISO 639 code, such as en")
    url: str | None = None
    email: str | None = None
    teams: tuple[Team, ...] = ()
    hours: OpeningHours | None = None
