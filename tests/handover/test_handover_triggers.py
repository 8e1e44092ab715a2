from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.conversation import HANDOVER_REASONS
from convagent.handover import SENSITIVE_TOPICS, Alarm, HandoverSettings, SensitiveTopic, alarms


@dataclass(frozen=True)
class Noticed:
    asks_for_person: bool = False
    upset: int = 0
    sensitive: tuple[str, ...] = ()


PLAIN = HandoverSettings()


def test_a_calm_question_calls_for_nobody() -> None:
    assert alarms(Noticed(upset=1), settings=PLAIN) == ()


def test_asking_for_a_person_is_enough() -> None:
    (alarm,) = alarms(Noticed(asks_for_person=True), settings=PLAIN)
    assert (alarm.reason, alarm.urgent, alarm.team, alarm.text) == ("customer_request", False, None, None)


@pytest.mark.parametrize(("upset", "upset_from", "called"), [(1, 2, 0), (2, 2, 1), (3, 2, 1), (2, 3, 0), (3, 4, 0)])
def test_anger_calls_for_a_person_from_the_shops_degree_on(upset: int, upset_from: int, called: int) -> None:
    found = alarms(Noticed(upset=upset), settings=HandoverSettings(upset_from=upset_from))
    assert [alarm.reason for alarm in found] == ["upset_customer"] * called


@pytest.mark.parametrize("topic", SENSITIVE_TOPICS)
def test_sensitive_topics_always_call_for_a_person_and_for_the_team_that_takes_them(topic: SensitiveTopic) -> None:
    settings = HandoverSettings(teams={topic: "specialists"}, upset_from=4)
    (alarm,) = alarms(Noticed(sensitive=(topic,)), settings=settings)
    assert isinstance(alarm, Alarm)
    assert (alarm.reason, alarm.team, alarm.topic) == ("sensitive_topic", "specialists", topic)
    assert alarm.urgent is (topic in {"self_harm", "violence", "legal_threat"})


def test_a_topic_outside_the_closed_set_sets_off_nothing() -> None:
    assert alarms(Noticed(sensitive=("weather",)), settings=PLAIN) == ()


def test_the_gravest_comes_first() -> None:
    noticed = Noticed(asks_for_person=True, upset=3, sensitive=("press", "medical", "self_harm"))
    found = alarms(noticed, settings=PLAIN)
    assert [(alarm.reason, alarm.topic) for alarm in found if isinstance(alarm, Alarm)] == [
        ("sensitive_topic", "self_harm"),
        ("sensitive_topic", "medical"),
        ("sensitive_topic", "press"),
        ("customer_request", None),
        ("upset_customer", None),
    ]


@given(
    st.builds(
        Noticed, st.booleans(), st.integers(0, 3), st.lists(st.sampled_from([*SENSITIVE_TOPICS, "other"])).map(tuple)
    )
)
def test_each_cause_is_named_once_with_a_known_reason(noticed: Noticed) -> None:
    found = alarms(noticed, settings=PLAIN)
    causes = [(alarm.reason, alarm.topic) for alarm in found if isinstance(alarm, Alarm)]
    assert len(causes) == len(set(causes)) == len(found)
    assert {alarm.reason for alarm in found} <= set(HANDOVER_REASONS)
    assert bool(found) is bool(
        noticed.asks_for_person or noticed.upset >= 2 or set(noticed.sensitive) & set(SENSITIVE_TOPICS)
    )
