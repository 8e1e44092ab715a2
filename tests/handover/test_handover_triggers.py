from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.conversation import HANDOVER_REASONS
from convagent.facts import Customer, LoyaltyAccount, Money
from convagent.handover import KEPT_TOPICS, SENSITIVE_TOPICS, Alarm, HandoverSettings, SensitiveTopic, alarms, is_vip
from convagent.understanding.signals import read_signals
from convagent.understanding.withdrawal import returns_to_agent


@dataclass(frozen=True)
class Noticed:
    asks_for_person: bool = False
    upset: int = 0
    sensitive: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
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
    assert alarm.urgent is (topic in {"self_harm", "violence", "injury", "legal_threat"})


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


# ---- topics that a shop keeps for people
@pytest.mark.parametrize("topic", [topic for topic in KEPT_TOPICS if topic != "vip_complaint"])
@pytest.mark.parametrize(
    ("rule", "guided", "called"),
    [(None, False, 1), (None, True, 1), ("always", True, 1), ("without_guide", False, 1), ("without_guide", True, 0),
     ("never", False, 0)],
)  # fmt: skip
def test_a_kept_topic_goes_to_a_person_as_the_shop_says(
    topic: str, rule: str | None, guided: bool, called: int
) -> None:
    settings = HandoverSettings.read({"kept_topics": {topic: rule} if rule else {}, "teams": {topic: "desk"}})
    found = alarms(Noticed(kept=(topic,)), settings=settings, guided=guided)
    told = [(alarm.reason, alarm.team, alarm.topic) for alarm in found if isinstance(alarm, Alarm)]
    assert told == [("not_permitted", "desk", topic)] * called


def test_a_complaint_is_a_vips_topic_alone() -> None:
    vip = Customer(tags=("VIP",))
    assert alarms(Noticed(kept=("complaint",)), settings=PLAIN, customer=Customer()) == ()
    (alarm,) = alarms(Noticed(kept=("complaint",)), settings=PLAIN, customer=vip)
    assert isinstance(alarm, Alarm)
    assert (alarm.reason, alarm.topic) == ("not_permitted", "vip_complaint")
    assert len(alarms(Noticed(upset=1), settings=PLAIN, customer=vip)) == 1
    assert alarms(Noticed(), settings=PLAIN, customer=vip) == ()


def test_a_vip_is_known_by_tag_level_or_what_they_spent() -> None:
    settings = HandoverSettings(vip_levels=("Canopy",), vip_spent=Money.of("900.00", "EUR"))
    assert is_vip(Customer(loyalty=LoyaltyAccount(level="canopy")), settings)
    assert is_vip(Customer(total_spent=Money.of("900.00", "EUR")), settings)
    assert not is_vip(Customer(total_spent=Money.of("900.00", "USD")), settings)
    assert not is_vip(Customer(total_spent=Money.of("899.99", "EUR"), tags=("new",)), settings)
    assert not is_vip(None, settings)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("I've been charged twice", ("billing_problem",)),
        ("Mir wurde doppelt abgebucht", ("billing_problem",)),
        ("j'ai été débité deux fois", ("billing_problem",)),
        ("can you make an exception, it's 40 days", ("refund_exception",)),
        ("Könnten Sie aus Kulanz erstatten?", ("refund_exception",)),
        ("your checkout doesn't load", ("technical_fault",)),
        ("Ich kann mich nicht einloggen", ("technical_fault",)),
        ("le site ne fonctionne pas", ("technical_fault",)),
        ("does the app work with the lamp?", ()),
        ("the page says sold out", ()),
        ("my Pip doesn't work", ()),
        ("when will I be charged next?", ()),
        ("returns without exception please", ()),
    ],
)
def test_kept_topics_are_heard(text: str, kept: tuple[str, ...]) -> None:
    assert read_signals(text).kept == kept


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("my IBAN is IE29 AIBK 9311 5212 3456 78", ("account_data",)),
        ("IE29 AIBK 9311 5212 3456 79", ()),  # its check digits are wrong
        ("My password is hunter2", ("account_data",)),
        ("Do you support Israel or Palestine?", ("controversial",)),
        ("What do you think about Trump?", ("controversial",)),
        ("Unterstützt ihr die AfD?", ("controversial",)),
        ("Do you ship to Israel?", ()),
        ("Which design should I vote for in your poll?", ("controversial",)),  # rather once too often
    ],
)
def test_account_data_and_debates_are_heard(text: str, topics: tuple[str, ...]) -> None:
    assert read_signals(text).sensitive == topics


@pytest.mark.parametrize(
    ("text", "returns"),
    [
        ("never mind, the bot is fine", True),
        ("Actually you can help me instead", True),
        ("I don't need a person any more", True),
        ("I want to continue with the bot", True),
        ("doch lieber mit dem Bot weiter", True),
        ("ich brauche keinen Menschen mehr", True),
        ("je n'ai plus besoin d'un conseiller", True),
        ("never mind", False),
        ("I need a person", False),
        ("mein Paket ist schon wieder nicht da", False),
        ("can you help me?", False),
        ("where is my order", False),
        ("What's your opinion on the jacket?", False),
    ],
)
def test_who_returns_to_the_agent_says_so(text: str, returns: bool) -> None:
    assert returns_to_agent(text) is returns
    assert read_signals(text).sensitive == ()
