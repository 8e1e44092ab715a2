from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.conversation import HANDOVER_REASONS
from convagent.handover import SENSITIVE_TOPICS, Alarm, HandoverSettings, SensitiveTopic, alarms
from convagent.understanding.signals import read_signals


@dataclass(frozen=True)
class Noticed:
    asks_for_person: bool = False
    upset: int = 0
    sensitive: tuple[str, ...] = ()
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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


def test_the_words_that_it_was_seen_by_are_told() -> None:
    evidence = {"upset": ("a joke", "!!!"), "medical": ("rash",)}
    found = alarms(Noticed(upset=3, sensitive=("medical",), evidence=evidence), settings=PLAIN)
    assert [alarm.why for alarm in found] == ["medical (rash)", "degree 3 of 3 (a joke, !!!)"]


def test_what_the_agent_understands_sets_off_the_alarms() -> None:
    signals = read_signals("THIS IS A JOKE, you idiots!!! My lawyer will hear of it, get me a human")
    reasons = [(alarm.reason, alarm.urgent) for alarm in alarms(signals, settings=PLAIN)]
    assert reasons == [("sensitive_topic", True), ("customer_request", False), ("upset_customer", False)]
    assert alarms(read_signals("Where is my order #1042?"), settings=PLAIN) == ()


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
