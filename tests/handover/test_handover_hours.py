from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import FactsError, ShopError
from convagent.facts import WEEKDAYS, OpeningHours
from convagent.handover import check_hours, expected_by, is_open, next_opening, zone_of

DUBLIN = ZoneInfo("Europe/Dublin")
CARE = OpeningHours(
    days={**dict.fromkeys(WEEKDAYS[:5], ("09:00", "18:00")), "saturday": ("10:00", "14:00")}, holidays="IE"
)
OFFICE = OpeningHours(days=dict.fromkeys(WEEKDAYS[:5], ("09:00", "17:00")), holidays="IE")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DUBLIN)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-06-16T08:59:59", False),
        ("2026-06-16T09:00:00", True),
        ("2026-06-16T17:59:59", True),
        ("2026-06-16T18:00:00", False),
        ("2026-06-20T13:00:00", True),  # a Saturday
        ("2026-06-21T13:00:00", False),  # a Sunday
        ("2026-08-03T11:00:00", False),  # the August bank holiday, a Monday
        ("2026-08-04T11:00:00", True),
    ],
)
def test_hours_are_open_from_opening_to_closing_but_not_on_holidays(moment: str, there: bool) -> None:
    assert is_open(CARE, at(moment), DUBLIN) is there


def test_days_that_the_shop_closes_by_itself_are_closed() -> None:
    hours = OFFICE.model_copy(update={"closed_on": (date(2026, 6, 16),)})
    assert not is_open(hours, at("2026-06-16T10:30"), DUBLIN)
    assert next_opening(hours, at("2026-06-16T10:30"), DUBLIN) == at("2026-06-17T09:00")


def test_hours_are_those_of_the_shops_zone_wherever_the_moment_comes_from() -> None:
    assert is_open(CARE, datetime(2026, 6, 16, 16, 59, tzinfo=UTC), DUBLIN)
    assert not is_open(CARE, datetime(2026, 6, 16, 17, 0, tzinfo=UTC), DUBLIN)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-06-16T08:00", "2026-06-16T09:00"),
        ("2026-06-16T10:30", "2026-06-17T09:00"),
        ("2026-06-19T18:00", "2026-06-20T10:00"),
        ("2026-06-20T14:00", "2026-06-22T09:00"),
        ("2026-08-01T14:00", "2026-08-04T09:00"),  # over a Sunday and a bank holiday
    ],
)
def test_the_next_opening_skips_what_is_closed(moment: str, opening: str) -> None:
    assert next_opening(CARE, at(moment), DUBLIN) == at(opening)


@pytest.mark.parametrize(
    ("moment", "by"),
    [
        ("2026-06-16T10:30", "2026-06-16T14:30"),
        ("2026-06-16T14:00", "2026-06-16T18:00"),  # used up with the closing
        ("2026-06-16T16:30", "2026-06-17T11:30"),
        ("2026-06-16T22:00", "2026-06-17T13:00"),
        ("2026-06-19T17:00", "2026-06-20T13:00"),  # one hour on Friday, three on Saturday
        ("2026-06-20T13:00", "2026-06-22T12:00"),  # one on Saturday, three on Monday
        ("2026-07-31T17:30", "2026-08-01T13:30"),
        ("2026-08-01T13:30", "2026-08-04T12:30"),  # Sunday and the bank holiday don't count
    ],
)
def test_working_hours_are_counted_while_somebody_is_there(moment: str, by: str) -> None:
    assert expected_by(CARE, at(moment), 4, DUBLIN) == at(by)


def test_no_working_hours_are_the_moment_itself_or_the_next_opening() -> None:
    assert expected_by(CARE, at("2026-06-16T10:30"), 0, DUBLIN) == at("2026-06-16T10:30")
    assert expected_by(CARE, at("2026-06-16T20:30"), 0, DUBLIN) == at("2026-06-17T09:00")


def test_a_night_in_which_the_clocks_change_has_the_hours_it_has() -> None:
    nights = OpeningHours(days={"saturday": ("22:00", "06:00")})
    spring, autumn = at("2026-03-28T22:00"), at("2026-10-24T22:00")
    assert expected_by(nights, spring, 7, DUBLIN) == at("2026-03-29T06:00")  # seven hours, not eight
    assert expected_by(nights, autumn, 9, DUBLIN) == at("2026-10-25T06:00")  # nine
    assert is_open(nights, at("2026-03-29T05:59"), DUBLIN)
    assert not is_open(nights, at("2026-03-29T06:00"), DUBLIN)


def test_hours_within_the_hour_that_the_clocks_skip_do_not_exist() -> None:
    hours = OpeningHours(days={"sunday": ("01:15", "01:45")})
    assert next_opening(hours, at("2026-03-28T12:00"), DUBLIN) == at("2026-04-05T01:15")


def test_hours_past_midnight_close_with_the_day_on_which_they_begin() -> None:
    hours = OpeningHours(days=dict.fromkeys(WEEKDAYS, ("20:00", "02:00")), closed_on=(date(2026, 6, 16),))
    assert is_open(hours, at("2026-06-16T01:00"), DUBLIN)  # Monday's night
    assert not is_open(hours, at("2026-06-17T01:00"), DUBLIN)  # would have been Tuesday's


def test_hours_round_the_clock_have_no_seam_at_midnight() -> None:
    always = OpeningHours(days=dict.fromkeys(WEEKDAYS, ("00:00", "24:00")))
    assert expected_by(always, at("2026-06-16T23:00"), 4, DUBLIN) == at("2026-06-17T03:00")
    assert next_opening(always, at("2026-06-16T23:00"), DUBLIN) is None


def test_a_shop_that_never_opens_expects_nothing() -> None:
    never = OpeningHours()
    assert not is_open(never, at("2026-06-16T10:30"), DUBLIN)
    assert next_opening(never, at("2026-06-16T10:30"), DUBLIN) is None
    assert expected_by(never, at("2026-06-16T10:30"), 4, DUBLIN) is None


@pytest.mark.parametrize(
    "hours",
    [
        OpeningHours(days={"tuesday": ("9", "18:00")}),
        OpeningHours(days={"tuesday": ("09:00", "24:30")}),
        OpeningHours(days={"tuesday": ("09:00", "09:00")}),
        OpeningHours(days={"tuesday": ("24:00", "09:00")}),
        OpeningHours(days={"twosday": ("09:00", "18:00")}),
        OpeningHours(days={"tuesday": ("09:00", "18:00")}, holidays="Ireland"),
        OpeningHours(days={"tuesday": ("09:00", "18:00")}, holidays="XX"),
        OpeningHours(days={"tuesday": ("09:00", "18:00")}, holidays="DE-QQ"),
    ],
)
def test_hours_that_cannot_be_read_are_named_when_the_shop_is_opened(hours: OpeningHours) -> None:
    with pytest.raises(ShopError) as caught:
        check_hours(hours)
    assert caught.value.code == "opening-hours"
    assert caught.value.remedy


def test_holidays_of_a_part_of_a_country_are_kept() -> None:
    corpus_christi = at("2026-06-04T10:00")
    bavaria = OFFICE.model_copy(update={"holidays": "DE-BY"})
    berlin = OFFICE.model_copy(update={"holidays": "DE-BE"})
    check_hours(bavaria)
    assert not is_open(bavaria, corpus_christi, DUBLIN)
    assert is_open(berlin, corpus_christi, DUBLIN)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(FactsError):
        is_open(CARE, datetime(2026, 6, 16, 10, 30), DUBLIN)
    with pytest.raises(FactsError):
        is_open(CARE, datetime.min.replace(tzinfo=ZoneInfo("Pacific/Auckland")), DUBLIN)


@pytest.mark.parametrize("name", ["Nowhere/City", "", "../etc", "/etc/passwd", "a\0b"])
def test_a_zone_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(ShopError, match="time zone"):
        zone_of(name)


times = st.integers(0, 24 * 12 - 1).map(lambda five: f"{five // 12:02}:{five % 12 * 5:02}")
spans = st.tuples(times, times).filter(lambda span: span[0] != span[1])
some_hours = st.builds(
    OpeningHours,
    days=st.dictionaries(st.sampled_from(WEEKDAYS), spans, min_size=1),
    holidays=st.sampled_from([None, "IE", "DE"]),
    closed_on=st.lists(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=5).map(tuple),
)
zones = st.sampled_from(["Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "UTC"]).map(
    ZoneInfo
)
WORKING = st.integers(0, 180)  # minutes; five minutes a week come to more within the 400 days that are looked at
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC))


@settings(max_examples=150, deadline=None)
@given(hours=some_hours, moment=moments, zone=zones, working=WORKING)
def test_an_answer_is_never_expected_in_a_closed_moment_or_in_the_past(
    hours: OpeningHours, moment: datetime, zone: ZoneInfo, working: int
) -> None:
    by = expected_by(hours, moment, Decimal(working) / 60, zone)
    assert by is not None
    assert by >= moment
    # on a closing the hours are used up just then: the moment before it is open
    assert is_open(hours, by, zone) or is_open(hours, (by.astimezone(UTC) - timedelta(microseconds=1)), zone)


@settings(max_examples=100, deadline=None)
@given(hours=some_hours, moment=moments, later=st.integers(0, 7 * 24 * 60), zone=zones, working=WORKING)
def test_who_writes_later_is_never_answered_earlier(
    hours: OpeningHours, moment: datetime, later: int, zone: ZoneInfo, working: int
) -> None:
    needed = Decimal(working) / 60
    first = expected_by(hours, moment, needed, zone)
    second = expected_by(hours, moment + timedelta(minutes=later), needed, zone)
    assert first is not None
    assert second is not None
    assert first <= second


@settings(max_examples=100, deadline=None)
@given(hours=some_hours, moment=moments, zone=zones)
def test_the_next_opening_is_the_first_open_moment_after_a_closed_one(
    hours: OpeningHours, moment: datetime, zone: ZoneInfo
) -> None:
    opening = next_opening(hours, moment, zone)
    assert opening is not None
    assert opening > moment
    assert is_open(hours, opening, zone)
    assert not is_open(hours, opening.astimezone(UTC) - timedelta(microseconds=1), zone)


@settings(max_examples=60, deadline=None)
@given(
    hours=st.builds(
        OpeningHours, days=st.dictionaries(st.sampled_from(WEEKDAYS), spans.filter(lambda span: span[0] < span[1]))
    ),
    moment=moments,
)
def test_being_open_agrees_with_the_clock_on_the_wall(hours: OpeningHours, moment: datetime) -> None:
    wall = moment.astimezone(ZoneInfo("Europe/Lisbon"))
    if wall.date() in {date(2026, 3, 29), date(2026, 10, 25)}:
        return  # the clock on the wall is no witness on the days on which it is changed
    span = hours.days.get(WEEKDAYS[wall.weekday()])
    there = span is not None and time.fromisoformat(span[0]) <= wall.time() < time.fromisoformat(span[1])
    assert is_open(hours, moment, ZoneInfo("Europe/Lisbon")) is there


def test_more_hours_than_a_year_holds_are_never_promised() -> None:
    hours = OpeningHours(days={"monday": ("23:55", "24:00")})
    assert expected_by(hours, at("2026-03-01T00:00"), 4, DUBLIN) is not None
    assert expected_by(hours, at("2026-03-01T00:00"), 6, DUBLIN) is None
