from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as configured
from hypothesis import strategies as st

from convagent.conversation import HANDOVER_REASONS
from convagent.errors import FactsError
from convagent.facts import Money, OpeningHours, Shop, Team
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover import Alarm, HandoverSettings, route
from convagent.handover.topics import SENSITIVE_TOPICS

SETTINGS = HandoverSettings.read(
    {
        "teams": {"medical": "safety", "sensitive_topic": "management", "action_failed": "returns"},
        "team_by_language": {"de": "returns"},
        "high_value": "200.00 EUR",
    }
)


def team_of(step: HandOverStep, shop: Shop, now: datetime, language: str | None = None) -> str:
    return route(step, shop=shop, settings=SETTINGS, now=now, language=language).team


def test_the_named_team_wins_then_topic_then_reason_then_language_then_the_default(
    wrenfold: Shop, now: datetime
) -> None:
    medical = Alarm("sensitive_topic", topic="medical")
    assert team_of(HandOverStep("action_failed", team="care"), wrenfold, now, "de") == "care"
    assert team_of(medical, wrenfold, now, "de") == "safety"
    assert team_of(Alarm("sensitive_topic", topic="press"), wrenfold, now, "de") == "management"
    assert team_of(HandOverStep("action_failed"), wrenfold, now) == "returns"
    assert team_of(HandOverStep("guidance"), wrenfold, now, "de-AT") == "returns"
    assert team_of(HandOverStep("guidance"), wrenfold, now, "fr") == "care"


def test_an_unknown_team_falls_back_to_the_default_with_a_note(wrenfold: Shop, now: datetime) -> None:
    way = route(HandOverStep("guidance", team="retruns"), shop=wrenfold, settings=SETTINGS, now=now)
    assert way.team == "care"
    assert "retruns" in way.note
    assert route(HandOverStep("guidance", team="returns"), shop=wrenfold, settings=SETTINGS, now=now).note == ""


def test_a_team_is_known_by_its_id_or_name_in_any_case(wrenfold: Shop, now: datetime) -> None:
    assert team_of(HandOverStep("guidance", team="Customer Care"), wrenfold, now) == "care"
    assert team_of(HandOverStep("guidance", team="SAFETY"), wrenfold, now) == "safety"


def test_a_default_that_does_not_exist_still_finds_somebody(wrenfold: Shop, now: datetime) -> None:
    way = route(HandOverStep("guidance"), shop=wrenfold, settings=HandoverSettings(default_team="nobody"), now=now)
    assert way.team == "care"
    assert "nobody" in way.note


def test_a_shop_without_teams_is_taken_at_its_word(now: datetime) -> None:
    way = route(HandOverStep("guidance", team="repairs"), shop=Shop(name="Stall"), settings=SETTINGS, now=now)
    assert (way.team, way.note, way.expected_by, way.is_open) == ("repairs", "", None, None)


def test_an_answer_is_expected_by_the_hours_of_the_team_else_of_the_shop(wrenfold: Shop, now: datetime) -> None:
    late = now.replace(hour=17, minute=30)
    care = route(HandOverStep("guidance"), shop=wrenfold, settings=SETTINGS, now=late)
    management = route(HandOverStep("guidance", team="management"), shop=wrenfold, settings=SETTINGS, now=late)
    assert (care.is_open, care.expected_by) == (True, datetime.fromisoformat("2026-06-17T12:30:00+01:00"))
    assert (management.is_open, management.expected_by) == (False, datetime.fromisoformat("2026-06-17T13:00:00+01:00"))


def test_times_are_the_shops_wherever_the_moment_comes_from(wrenfold: Shop, now: datetime) -> None:
    here = route(HandOverStep("guidance"), shop=wrenfold, settings=SETTINGS, now=now)
    there = route(HandOverStep("guidance"), shop=wrenfold, settings=SETTINGS, now=now.astimezone(UTC))
    assert here == there
    assert there.expected_by is not None
    assert there.expected_by.isoformat() == "2026-06-16T14:30:00+01:00"


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        (Shop(name="S", timezone="Nowhere", hours=OpeningHours(days={"monday": ("09:00", "17:00")})), "Nowhere"),
        (Shop(name="S", teams=(Team(id="care", hours=OpeningHours(days={"monday": ("9", "17")})),)), "time of day"),
    ],
)
def test_faults_in_the_hours_never_keep_a_handover_from_happening(shop: Shop, said: str, now: datetime) -> None:
    way = route(HandOverStep("guidance"), shop=shop, settings=SETTINGS, now=now)
    assert (way.team, way.expected_by, way.is_open) == ("care", None, None)
    assert said in way.note


def test_a_moment_without_a_zone_is_refused(wrenfold: Shop) -> None:
    naive = datetime(2026, 6, 16, 10, 30)
    with pytest.raises(FactsError):
        route(HandOverStep("guidance"), shop=wrenfold, settings=SETTINGS, now=naive)


EUR_50, EUR_200 = Money.of("50.00", "EUR"), Money.of("200.00", "EUR")


@pytest.mark.parametrize(
    ("step", "upset", "value", "priority"),
    [
        (HandOverStep("outside_scope"), 0, None, "low"),
        (HandOverStep("guidance"), 0, None, "normal"),
        (HandOverStep("guidance", urgent=True), 0, None, "urgent"),
        (HandOverStep("action_failed"), 0, None, "high"),
        (Alarm("sensitive_topic", topic="press"), 0, None, "normal"),
        (Alarm("sensitive_topic", topic="medical"), 0, None, "high"),
        (Alarm("sensitive_topic", topic="self_harm"), 0, None, "urgent"),
        (HandOverStep("outside_scope"), 2, None, "high"),
        (Alarm("customer_request", upset=2), 0, None, "high"),
        (HandOverStep("guidance"), 0, EUR_50, "normal"),
        (HandOverStep("guidance"), 0, EUR_200, "high"),
        (HandOverStep("action_failed"), 0, EUR_200, "high"),
        (HandOverStep("action_failed"), 3, EUR_200, "urgent"),
        (HandOverStep("guidance"), 0, Money.of("200000", "JPY"), "normal"),
    ],
)
def test_priority_follows_reason_anger_and_value(
    step: HandOverStep, upset: int, value: Money | None, priority: str, wrenfold: Shop, now: datetime
) -> None:
    assert route(step, shop=wrenfold, settings=SETTINGS, now=now, value=value, upset=upset).priority == priority


@configured(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reason=st.sampled_from([*HANDOVER_REASONS, "something else"]),
    topic=st.sampled_from([None, *SENSITIVE_TOPICS]),
    team=st.none() | st.text(max_size=12) | st.sampled_from(["care", "returns"]),
    upset=st.integers(0, 3),
    later=st.integers(0, 400 * 24 * 60),
    language=st.none() | st.text(max_size=6),
)
def test_every_step_reaches_a_team_that_exists_by_a_time_that_comes(
    reason: str, topic: str | None, team: str | None, upset: int, later: int, language: str | None,
    wrenfold: Shop, now: datetime,
) -> None:  # fmt: skip
    step = Alarm(reason, team, topic=topic, upset=upset)  # type: ignore[arg-type]
    moment = now + timedelta(minutes=later)
    way = route(step, shop=wrenfold, settings=SETTINGS, now=moment, language=language)
    assert way.team in {known.id for known in wrenfold.teams}
    assert way.priority in {"low", "normal", "high", "urgent"}
    assert way.expected_by is not None
    assert way.expected_by >= moment


def test_a_vip_and_an_order_of_high_value_have_their_teams(wrenfold: Shop, now: datetime) -> None:
    settings = HandoverSettings.read(
        {
            "vip_team": "management",
            "high_value_team": "returns",
            "high_value": "200.00 EUR",
            "teams": {"no_progress": "safety"},
        }
    )
    worth = Money.of("250.00", "EUR")

    def way(reason: str, *, vip: bool = False, value: Money | None = None) -> tuple[str, str]:
        found = route(HandOverStep(reason), shop=wrenfold, settings=settings, now=now, vip=vip, value=value)
        return found.team, found.priority

    assert way("guidance") == ("care", "normal")
    assert way("guidance", vip=True) == ("management", "high")
    assert way("guidance", value=worth) == ("returns", "high")
    assert way("guidance", vip=True, value=worth) == ("management", "high")
    assert way("no_progress", vip=True) == ("safety", "high")


def test_another_team_covers_while_one_is_away_and_it_is_there(wrenfold: Shop, now: datetime) -> None:
    settings = HandoverSettings.read({"covered_by": {"returns": "care"}})
    step = HandOverStep("guidance", team="returns")

    def at(moment: datetime) -> tuple[str, bool | None]:
        found = route(step, shop=wrenfold, settings=settings, now=moment)
        return found.team, found.is_open

    assert at(now) == ("returns", True)
    assert at(now.replace(hour=17, minute=30)) == ("care", True)  # care stays until 18:00
    assert at(now.replace(hour=20)) == ("returns", False)  # nobody is there: it waits where it belongs
    assert at(datetime(2026, 6, 1, 12, tzinfo=now.tzinfo)) == ("returns", False)  # a public holiday for both
