"""Wishes for the case that another can't be met, digressions while a question is open, and pictures that nobody sees."""

from __future__ import annotations

import pytest
from tests.guidance.reader import Talk, texts

from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Request

GUIDES = """\
# Refund

When the customer asks for a refund:
- "x"

1. Need paid: yes or no
   - ask "Have you paid already?"
1. If paid is no:
   - refuse "There is nothing to refund."
1. say "It is refunded."

# Refuse at once

When the customer asks for the moon:
- "x"

1. refuse "That can't be."

# Do at once

When the customer asks for a wonder:
- "x"

1. say "It is done."

# To a person

When the customer asks for more:
- "x"

1. hand over because guidance

# For nobody

When the customer asks for what is for others:
- "x"
Only for market is "DE"

1. say "For you."

# Cancel

When the customer asks to cancel:
- "x"

1. say "It is cancelled."

# Complain

When the customer complains:
- "x"

1. say "I am sorry to hear that."
"""
ELSE = Request("else cancel it", "Cancel", 0.95, only_if_refused=True)


def first(title: str) -> Request:
    return Request("refund it", title, 0.95)


def test_what_is_wanted_otherwise_is_done_when_the_rules_refuse_the_first() -> None:
    decision = Talk(GUIDES).say("refund it, else cancel it", first("Refuse at once"), ELSE)
    assert texts(decision) == ["That can't be.", "It is cancelled."]
    assert decision.guides == ("Refuse at once", "Cancel")


def test_what_is_wanted_otherwise_is_left_when_the_first_is_done() -> None:
    talk = Talk(GUIDES)
    assert texts(talk.say("refund it, else cancel it", first("Do at once"), ELSE)) == ["It is done."]
    assert talk.memory.otherwise == ()


def test_what_is_wanted_otherwise_is_left_when_a_person_takes_the_first() -> None:
    decision = Talk(GUIDES).say("refund it, else cancel it", first("To a person"), ELSE)
    assert decision.outcome == "handed_over"
    assert texts(decision) == []


def test_what_is_wanted_otherwise_is_done_when_the_first_is_for_others() -> None:
    decision = Talk(GUIDES, facts={"market": "IE"}).say("refund it, else cancel it", first("For nobody"), ELSE)
    assert texts(decision) == ["It is cancelled."]
    assert decision.outcome == "answered"


@pytest.mark.parametrize(
    ("answer", "said"), [("yes", ["It is refunded."]), ("no", ["There is nothing to refund.", "It is cancelled."])]
)
def test_what_is_wanted_otherwise_waits_until_the_first_has_ended(answer: str, said: list[str]) -> None:
    talk = Talk(GUIDES)
    assert texts(talk.say("refund it, else cancel it", first("Refund"), ELSE)) == ["Have you paid already?"]
    assert list(talk.memory.otherwise) == [("Cancel", "else cancel it", "Refund")]
    assert texts(talk.say(answer)) == said
    assert not talk.memory.otherwise


def test_of_three_ways_the_next_is_taken_only_when_the_one_before_is_refused() -> None:
    second = Request("else the moon", "Refuse at once", 0.95, only_if_refused=True)
    decision = Talk(GUIDES).say("a wonder, else the moon, else cancel", first("Do at once"), second, ELSE)
    assert texts(decision) == ["It is done."]
    third = Request("else a wonder", "Do at once", 0.95, only_if_refused=True)
    decision = Talk(GUIDES).say("the moon, else a wonder, else cancel", first("Refuse at once"), third, ELSE)
    assert texts(decision) == ["That can't be.", "It is done."]


def test_an_otherwise_without_anything_before_it_is_not_done() -> None:
    decision = Talk(GUIDES).say("otherwise cancel it", ELSE)
    assert "It is cancelled." not in texts(decision)


def test_a_memory_without_other_ways_is_kept_as_it_ever_was() -> None:
    assert "otherwise" not in Memory().to_json()
    assert Memory.from_json(Memory().to_json()) == Memory()


OPEN = """\
# Feedback

When the customer gives feedback:
- "x"

1. Need words: text
   - ask "What would you like to tell us?"
1. say "I have noted: {{ words }}."

# Hours

When the customer asks when somebody is there:
- "x"

1. say "From nine to five."

# Cancel

When the customer asks to cancel:
- "x"

1. say "It is cancelled."
"""


def test_a_digression_is_answered_and_the_question_is_asked_again() -> None:
    talk = Talk(OPEN)
    talk.say("feedback", "Feedback")
    decision = talk.say("and when are you there", Request("when are you there", "Hours", 0.5), answers_open=False)
    assert texts(decision) == ["From nine to five.", "What would you like to tell us?"]
    assert talk.memory.open[-1].title == "Feedback"


def test_an_answer_is_an_answer_also_where_its_words_are_like_another_request() -> None:
    talk = Talk(OPEN)
    talk.say("feedback", "Feedback")
    decision = talk.say(
        "nobody there to cancel it", Request("nobody there to cancel it", "Cancel", 0.9), answers_open=True
    )
    assert texts(decision)[0] == "I have noted: nobody there to cancel it."


PAY = """\
# Pay

When the customer asks to pay:
- "x"

1. confirm
   > Shall I charge 5 EUR?
1. do charge with amount = 5
1. say "Charged."

# Hours

When the customer asks when somebody is there:
- "x"

1. say "From nine to five."
"""


def test_a_plain_yes_stays_a_yes_whatever_is_said_of_it() -> None:
    talk = Talk(PAY, actions={"charge": lambda **_: {"ok": True}})
    talk.say("pay", "Pay")
    talk.say("yes", Request("yes", "Hours", 0.9), answers_open=False)
    assert talk.writes == ["charge"]


def test_what_is_said_to_answer_a_confirmation_is_no_yes() -> None:
    talk = Talk(PAY, actions={"charge": lambda **_: {"ok": True}})
    talk.say("pay", "Pay")
    talk.say("how long does it take?", answers_open=True)
    assert talk.writes == []


def test_a_picture_without_words_is_asked_about_and_then_a_person_looks_at_it() -> None:
    talk = Talk(OPEN)
    asked = talk.say("", unseen=True)
    assert asked.outcome == "asked"
    assert texts(asked) == ["I'm sorry, I can't look at pictures here. What does it show, and what can I do for you?"]
    assert talk.say("", unseen=True).outcome == "handed_over"


def test_a_picture_for_an_answer_is_asked_about_once() -> None:
    talk = Talk(OPEN)
    talk.say("feedback", "Feedback")
    again = talk.say("", unseen=True)
    assert texts(again) == ["I'm sorry, I can't look at pictures here. What would you like to tell us?"]
    assert talk.say("", unseen=True).outcome == "handed_over"


def test_a_picture_that_a_guide_asked_for_goes_to_a_person() -> None:
    talk = Talk(OPEN.replace("Need words", "Need photo").replace("{{ words }}", "{{ photo }}"))
    talk.say("feedback", "Feedback")
    decision = talk.say("", unseen=True)
    assert decision.outcome == "handed_over"
    assert decision.hand_over is not None
    assert "photo" in decision.hand_over.why
