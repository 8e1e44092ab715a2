"""A day with its month and no year: the words around it say which way, and where they don't, the nearer one is meant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from convagent.understanding.dates import dates

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20 June", date(2026, 6, 20)),
        ("Thursday 25 June", date(2026, 6, 25)),
        ("der 20. Juni", date(2026, 6, 20)),
        ("le 20 juin", date(2026, 6, 20)),
        ("12 June", date(2026, 6, 12)),
        ("I ordered it on 20 June", date(2025, 6, 20)),
        ("I need it by 12 June", date(2027, 6, 12)),
        ("16 June", date(2026, 6, 16)),
    ],
)
def test_the_nearer_day_is_meant_where_nothing_points(text: str, day: date) -> None:
    assert next(iter(dates(text, now=NOW))).value == day
