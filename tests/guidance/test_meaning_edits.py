"""Points 4, 6 and 10: guides that somebody edits while they are open. Nothing is done twice, and nothing crashes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.guidance.reader import Run, Talk, kernel_of, texts

from convagent.guidance.interpreter.world import Reading

STATEMENTS = (
    '1. say "Let me see."',
    "1. do pay with amount = 1",
    '1. Ask "Was that right?" for right: yes or no',
    "1. do send with number = 2",
    '1. Ask "And the label?" for label: yes or no',
    '1. say "Done."',
)
HEAD = '# G\n\nWhen the customer asks:\n- "x"\n\n'


def edited(run: Run, text: str) -> None:
    """The shop is opened anew with other guidance."""
    run.kernel = kernel_of(text)
    guide = run.kernel.guide(run.state.title)
    assert guide is not None
    run.guide = guide


def guide_of(*statements: str) -> str:
    return HEAD + "\n".join(statements) + "\n"


def test_point_06_a_line_inserted_above_makes_no_new_write() -> None:
    run = Run(guide_of(*STATEMENTS))
    assert run.say().needs == ("right",)
    edited(run, guide_of('1. say "Hello again."', *STATEMENTS))
    assert texts(run.say("yes")) == ["Hello again.", "And the label?"]
    assert [name for name, _ in run.writes] == ["pay", "send"]


def test_point_04_what_was_said_is_not_repeated_when_lines_move() -> None:
    run = Run(guide_of(*STATEMENTS))
    run.say()
    edited(run, guide_of("1. Let x be 1", *STATEMENTS))
    assert "Let me see." not in texts(run.say("yes"))


def test_point_04_two_statements_of_the_same_text_are_both_said() -> None:
    assert texts(Run(guide_of('1. say "Good."', '1. say "Good."')).say()) == ["Good.", "Good."]


def test_point_06_two_equal_writes_of_one_guide_are_two() -> None:
    run = Run(guide_of("1. do pay with amount = 1", "1. do pay with amount = 1"))
    run.say()
    assert len(run.writes) == 2
    assert len(set(run.done.keys)) == 2


def test_point_06_the_key_of_a_write_does_not_hang_on_where_it_stands() -> None:
    keys = []
    for above in ((), ('1. say "Hello."',), ("1. Let x be 1", '1. say "Hello."')):
        run = Run(guide_of(*above, *STATEMENTS))
        run.say()
        keys.append(run.done.keys[0])
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    "after",
    [
        ("1. do pay with amount = 2", *STATEMENTS[2:]),
        (STATEMENTS[2], STATEMENTS[3]),
        ("1. do send with number = 2", *STATEMENTS[1:3]),
    ],
)
def test_point_06_a_guide_that_no_longer_comes_to_what_was_done_is_for_a_person(after: tuple[str, ...]) -> None:
    run = Run(guide_of(*STATEMENTS))
    run.say()
    edited(run, guide_of(*after))
    reading: Reading = run.say("yes")
    assert reading.hand_over is not None
    assert "pay" in reading.hand_over.why
    assert [name for name, _ in run.writes] == ["pay"]


def test_point_05_a_confirmation_that_was_begun_is_not_asked_once_more_when_lines_move() -> None:
    statements = ('1. confirm "Pay 1?"', *STATEMENTS[1:])
    run = Run(guide_of(*statements))
    run.say()
    assert run.say("yes").needs == ("right",)
    edited(run, guide_of('1. say "Hello again."', *statements))
    assert texts(run.say("yes"))[0] == "Hello again."
    assert "Pay 1?" not in texts(run.go_on(run.state))
    assert [name for name, _ in run.writes].count("pay") == 1


def test_point_05_a_confirmation_whose_words_changed_is_asked_anew() -> None:
    run = Run(guide_of('1. confirm "Pay 1?"', *STATEMENTS[1:]))
    assert texts(run.say()) == ["Pay 1?"]
    edited(run, guide_of('1. confirm "Pay 1, not to be undone?"', *STATEMENTS[1:]))
    assert texts(run.say("yes")) == ["Pay 1, not to be undone?"]
    assert not run.writes


HOURS = '# Hours\n\nWhen the customer asks when:\n- "when"\n\n1. say "Nine to five."\n'


def test_point_10_an_open_guide_that_vanished_with_nothing_done_is_left_and_the_message_read_afresh() -> None:
    talk = Talk(guide_of(*STATEMENTS[2:]) + "\n" + HOURS)
    assert talk.say("x", "G").outcome == "asked"
    talk.kernel = kernel_of(HOURS)
    assert texts(talk.say("when are you open", "Hours")) == ["Nine to five."]
    assert talk.memory.open == ()
    assert talk.writes == []


@pytest.mark.parametrize("answer", ["yes", "when are you open"])
def test_point_06_an_open_guide_that_vanished_with_something_done_is_for_a_person_who_is_told_what(answer: str) -> None:
    talk = Talk(guide_of(*STATEMENTS) + "\n" + HOURS)
    assert talk.say("x", "G").outcome == "asked"
    talk.kernel = kernel_of(HOURS)
    decision = talk.say(answer, *(("Hours",) if answer != "yes" else ()))
    assert decision.outcome == "handed_over"
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "guidance"
    assert decision.hand_over.why == "“G” is not among the shop's guides any more; already done: pay"
    assert decision.guides == ("G",)
    assert talk.memory.open == ()
    assert talk.writes == ["pay"]


def test_point_06_what_is_uncertain_of_a_guide_that_vanished_is_told_as_such() -> None:
    talk = Talk(guide_of(*STATEMENTS) + "\n" + HOURS)
    talk.say("x", "G")
    (state,) = talk.memory.open
    doubtful = {key: {**effect, "status": "uncertain"} for key, effect in state.effects.items()}
    assert replace(state, effects=doubtful).took_effect == ("pay (it is not known whether)",)
    assert replace(state, effects={}).took_effect == ()


def test_point_10_a_guide_that_vanished_below_the_one_that_is_open_is_for_a_person_too() -> None:
    ask = '# Ask\n\nWhen the customer asks:\n- "ask"\n\n1. Ask "Really?" for really: yes or no\n1. say "Good."\n'
    talk = Talk(guide_of(*STATEMENTS) + "\n" + ask)
    talk.say("x", "G")
    assert talk.say("ask", "Ask").needs == ("really",)
    assert [state.title for state in talk.memory.open] == ["G", "Ask"]
    talk.kernel = kernel_of(ask)
    decision = talk.say("yes")
    assert texts(decision) == ["Good."]
    assert decision.hand_over is not None
    assert "already done: pay" in decision.hand_over.why


def test_point_10_a_guide_that_a_guide_goes_on_in_may_vanish() -> None:
    run = Run(
        guide_of('1. Ask "Shall I?" for shall: yes or no', '1. go to "H"') + '\n# H\n\nWhen h:\n- "h"\n\n1. say "h"\n'
    )
    run.say()
    edited(run, guide_of('1. Ask "Shall I?" for shall: yes or no', '1. go to "H"'))
    assert run.say("yes").status == "handed_over"


def test_point_06_where_the_way_on_vanished_behind_a_write_the_person_is_told_what_was_done() -> None:
    statements = ("1. do pay with amount = 1", '1. Ask "Shall I?" for shall: yes or no', '1. go to "H"')
    run = Run(guide_of(*statements) + '\n# H\n\nWhen h:\n- "h"\n\n1. say "h"\n')
    run.say()
    edited(run, guide_of(*statements))
    reading = run.say("yes")
    assert reading.hand_over is not None
    assert "already done: pay" in reading.hand_over.why


def test_point_04_a_need_that_became_another_kind_of_need_is_asked_anew() -> None:
    run = Run(guide_of('1. Need size: one of "S", "M"', "1. Need email", "1. do order with size = size, email = email"))
    run.say("hello")
    run.say("M")
    edited(
        run, guide_of('1. Need size: one of "L", "XL"', "1. Need email", "1. do order with size = size, email = email")
    )
    assert run.say("ada@example.com").needs == ("size",)
    run.say("XL")
    assert run.writes == [("order", {"size": "XL", "email": "ada@example.com"})]


LINES = st.lists(
    st.sampled_from(
        (
            *STATEMENTS, '1. confirm "Sure?"', "1. do pay with amount = 3", '1. Need size: one of "S", "M"', '1. say "{{ size }}"',
            "1. Let x be 1", '1. If right:\n   - say "Good."', '1. If right:\n   - do send with number = 2\n   - go on',
        )
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(LINES, LINES, st.lists(st.sampled_from(("yes", "no", "M", "hm")), min_size=2, max_size=4), st.booleans())
def test_point_06_whatever_is_edited_no_effect_is_issued_twice_and_nothing_crashes(
    before: list[str], after: list[str], words: list[str], insert: bool
) -> None:
    run = Run(guide_of(*before))
    for message in words[:1]:
        run.say(message)
    edited(run, guide_of('1. say "new"', *before) if insert else guide_of(*after))
    for message in words[1:]:
        reading = run.say(message)
        json.dumps(reading.state.to_json())
        if reading.status != "asked":
            break
    assert len(set(run.done.keys)) == len(run.done.keys)
    done: list[Any] = [json.dumps([name, str(arguments)]) for name, arguments in run.writes]
    text = guide_of(*before) if insert else guide_of(*before, *after)
    for call in set(done):
        name = json.loads(call)[0]
        assert done.count(call) <= text.count(f"do {name} ")
