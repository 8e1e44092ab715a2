from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from convagent.facts import WEEKDAYS, OpeningHours, Shop, Team

DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.fixture
def now() -> datetime:
    """The demo shop's moment: Tuesday 16 June 2026, 10:30 in Dublin."""
    return datetime(2026, 6, 16, 10, 30, tzinfo=DUBLIN)


@pytest.fixture
def wrenfold() -> Shop:
    """The demo shop's teams and hours."""
    workdays = WEEKDAYS[:5]
    care = OpeningHours(
        days={**dict.fromkeys(workdays, ("09:00", "18:00")), "saturday": ("10:00", "14:00")}, holidays="IE"
    )
    office = OpeningHours(
        days=dict.fromkeys(workdays, ("09:00", "17:00")), holidays="IE", closed_on=(date(2026, 12, 24),)
    )
    return Shop(
        name="Wrenfold",
        currency="EUR",
        timezone="Europe/Dublin",
        teams=(
            Team(id="care", name="Customer care", hours=care),
            Team(id="returns", name="Returns", hours=office),
            Team(id="safety", name="Safety", hours=office),
            Team(id="management", name="Management"),
        ),
        hours=office,
    )
