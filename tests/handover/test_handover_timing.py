from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.handover import worded_moment

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=DUBLIN)


@pytest.mark.parametrize(
    ("language", "today", "tomorrow", "thursday"),
    [
        ("en", "14:30 today", "tomorrow, 10:30", "Thursday 18 June, 12:00"),
        ("de", "heute, 14:30 Uhr", "morgen, 10:30 Uhr", "Donnerstag, 18. Juni, 12:00 Uhr"),
        ("fr", "aujourd'hui à 14:30", "demain à 10:30", "jeudi 18 juin à 12:00"),
        ("es", "hoy, 14:30", "mañana, 10:30", "jueves, 18 de junio de 2026, 12:00"),
        ("sv", "tisdag 16 juni 2026, 14:30", "onsdag 17 juni 2026, 10:30", "torsdag 18 juni 2026, 12:00"),
        ("de-AT", "heute, 14:30 Uhr", "morgen, 10:30 Uhr", "Donnerstag, 18. Juni, 12:00 Uhr"),
        ("xx", "14:30 today", "tomorrow, 10:30", "Thursday 18 June, 12:00"),
    ],
)
def test_near_days_are_told_by_name_and_others_by_date(language: str, today: str, tomorrow: str, thursday: str) -> None:
    told = [worded_moment(NOW + timedelta(hours=hours), now=NOW, language=language) for hours in (4, 24, 49.5)]
    assert told == [today, tomorrow, thursday]


@pytest.mark.parametrize(
    ("zone", "language", "told"),
    [
        (DUBLIN, "en", "14:30 today (Dublin time)"),
        (DUBLIN, "de", "heute, 14:30 Uhr (Ortszeit Dublin)"),
        (DUBLIN, "fr", "aujourd'hui à 14:30 (heure locale : Dublin)"),
        (DUBLIN, "nl", "vandaag, 14:30 (Dublin)"),
        (ZoneInfo("UTC"), "en", "13:30 today (UTC time)"),
        (UTC, "en", "13:30 today (UTC time)"),
    ],
)
def test_the_zone_can_be_named_for_readers_elsewhere(zone: ZoneInfo, language: str, told: str) -> None:
    moment = (NOW + timedelta(hours=4)).astimezone(zone)
    assert worded_moment(moment, now=NOW, language=language, names_zone=True) == told


@given(st.integers(0, 3 * 24 * 3600 * 10**6))
def test_the_time_told_is_never_before_the_moment_and_at_most_five_minutes_after(microseconds: int) -> None:
    moment = NOW + timedelta(microseconds=microseconds)
    told = worded_moment(moment, now=NOW - timedelta(days=30), language="en")
    spoken = datetime.strptime(f"{told} 2026", "%A %d %B, %H:%M %Y").replace(tzinfo=DUBLIN)
    assert timedelta(0) <= spoken - moment < timedelta(minutes=5)
    assert spoken.minute % 5 == 0
