"""Where a model takes a message for something else than the embedded parts do, the odds decide whose word stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.interpreter.requests import Request
from convagent.understanding.by_model.weighing import standing

CANCEL, RETURN, WHERE = "Cancel an order", "Send something back", "Where is my order"


def seen(label: str | None, *ranked: tuple[str, float], answerable: float | None = None) -> Request:
    """A message as the embedded parts take it."""
    return Request("…", label, sum(chance for _, chance in ranked), ranked, answerable=answerable)


@pytest.mark.parametrize(
    ("own", "named", "stands"),
    [
        (seen(CANCEL, (CANCEL, 0.99), (RETURN, 0.001)), WHERE, "ask"),
        (seen(CANCEL, (CANCEL, 0.5), (RETURN, 0.3)), RETURN, "model"),
        (seen(CANCEL, (CANCEL, 0.45), (RETURN, 0.02)), RETURN, "ask"),
        (seen(CANCEL, (CANCEL, 0.99), (RETURN, 0.001)), RETURN, "ask"),
        (seen(CANCEL, (CANCEL, 0.97), (RETURN, 0.01)), None, "embedded"),
        (seen(CANCEL, (CANCEL, 0.5), (RETURN, 0.1)), None, "model"),
    ],
)
def test_the_words_of_the_message_speak_for_one_or_the_other(own: Request, named: str | None, stands: str) -> None:
    assert standing(own, named) == stands


def test_a_guide_that_they_miss_is_the_models_where_nothing_answers() -> None:
    assert standing(seen(None, (RETURN, 0.001)), CANCEL) == "model"
    assert standing(seen(None, (RETURN, 0.001), answerable=0.3), CANCEL) == "model"


def test_a_general_question_that_is_answered_is_given_up_only_for_a_guide_that_the_words_speak_for() -> None:
    general = replace(seen(None, (RETURN, 0.1), answerable=0.8), text="how long does shipping take?")
    own = replace(general, text="would you be so kind and bin 1042")
    assert standing(general, CANCEL) == "embedded"
    assert standing(general, RETURN) == "model"
    assert standing(own, CANCEL) == "model"


CHANCES = st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda found: 0 < sum(found) <= 1)


@given(CHANCES, st.sampled_from([CANCEL, RETURN, WHERE, "another", None]))
def test_agreeing_is_never_doubted_and_none_is_never_asked_about(chances: list[float], named: str | None) -> None:
    ranked = sorted(zip((CANCEL, RETURN, WHERE), chances, strict=True), key=lambda each: -each[1])
    own = seen(ranked[0][0], *ranked)
    assert standing(own, own.label) == "model"
    assert named is not None or standing(own, named) != "ask"


@given(CHANCES, st.floats(0, 1))
def test_the_more_the_words_speak_for_it_the_more_a_models_guide_stands(chances: list[float], more: float) -> None:
    first, second, third = sorted(chances, reverse=True)
    order = ["embedded", "ask", "model"]
    before = standing(seen(CANCEL, (CANCEL, first), (RETURN, second), (WHERE, third)), WHERE)
    nearer = third + (second - third) * more
    after = standing(seen(CANCEL, (CANCEL, first), (RETURN, second), (WHERE, nearer)), WHERE)
    assert order.index(after) >= order.index(before)
