"""How upset a customer is over a conversation, and abuse, which is something else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.understanding import read_signals
from convagent.understanding.mood import masked_swearing, mood_over

CONVERSATIONS = [
    (["where is it", "1042", "thanks"], 0),
    (["a bit disappointed with the lamp"], 1),
    (["a bit disappointed with the lamp", "1042"], 1),
    (["this is annoying", "still frustrating", "and no answer again, disappointing"], 2),
    (["This is unacceptable", "1042", "ada@example.com"], 2),
    (["This is unacceptable", "I've had enough", "what a disgrace"], 3),
    (["This is unacceptable", "oh I see, thanks, that helps"], 1),
    (["it's frustrating", "found it, all good, thank you"], 0),
    (["Das ist eine Frechheit", "1042"], 2),
    (["je suis déçue", "1042"], 1),
]


@pytest.mark.parametrize(("texts", "degree"), CONVERSATIONS)
def test_anger_adds_up_lasts_and_goes_with_thanks(texts: list[str], degree: int) -> None:
    assert mood_over(texts) == degree


def test_only_the_latest_messages_count() -> None:
    assert mood_over(["You idiots, this is a disgrace, I am furious!!!", *["1042"] * 8]) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["annoying", "I am furious", "1042", "thanks", "ok", "disappointed", ""]), max_size=10))
def test_one_more_angry_message_never_calms(texts: list[str]) -> None:
    before = mood_over(texts[-7:])
    assert mood_over([*texts[-7:], "This is unacceptable"]) >= max(before, 2)


@pytest.mark.parametrize(
    "text",
    [
        "you are a worthless piece of garbage",
        "shut up you stupid bot",
        "f*ck you",
        "send me nudes",
        "Halt die Fresse",
        "Ihr seid doch alle Idioten",
        "Va te faire foutre",
        "espèce d'idiot",
    ],
)
def test_abuse_of_whoever_answers_is_noticed(text: str) -> None:
    signals = read_signals(text)
    assert signals.abusive
    assert signals.evidence["abusive"]
    assert signals.noticed()["abusive"] is True


@pytest.mark.parametrize(
    "text",
    [
        "I am furious and I want my money back",
        "This is unacceptable",
        "I'm such an idiot, I ordered the wrong size",
        "is it idiot-proof?",
        "what are you made of?",
        "En raison de la neige, des retards sont possibles.",
        "Kan ik de machine een weekend huren?",
        "Ich war zu blöd dafür",
        "Je suis bête, j'ai oublié mon mot de passe",
    ],
)
def test_anger_and_words_about_oneself_are_no_abuse(text: str) -> None:
    assert not read_signals(text).abusive


def test_swearing_behind_stars_is_swearing() -> None:
    assert masked_swearing("where is my f***ing order") == ("f***ing",)
    assert masked_swearing("5 *** hotel, rated f*") == ("f*",)
    assert masked_swearing("size S* or M*") == ()
    assert read_signals("where is my f***ing order").upset >= 2
