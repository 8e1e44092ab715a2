"""Point 12: twenty effects a turn, and no loop of our own making."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.guidance.reader import Run, Talk, make_customer, make_order, texts

from convagent.agent import Agent
from convagent.guidance.interpreter.interpret import MAX_DEPTH
from convagent.guidance.interpreter.requests import Request

HEAD = '# G\n\nWhen the customer asks:\n- "x"\n\n'


@pytest.mark.parametrize(("writes", "done"), [(20, "done"), (21, "handed_over")])
def test_point_12_twenty_effects_are_done_and_the_next_is_for_a_person(writes: int, done: str) -> None:
    run = Run(HEAD + "\n".join(f"1. do note_down with n = {n}" for n in range(writes)))
    reading = run.say()
    assert (reading.status, len(run.writes)) == (done, 20)
    assert reading.hand_over is None or reading.hand_over.reason == "no_progress"


def test_point_12_each_of_many_picks_is_bounded_by_the_same_twenty() -> None:
    orders = [make_order(f"#{number}") for number in range(101, 126)]
    run = Run(
        HEAD + "1. Need order: each of customer.orders\n1. do cancel with order = order.id\n",
        facts={"customer": make_customer(*orders)},
    )
    reading = run.say("all of them")
    assert (reading.status, len(run.writes)) == ("handed_over", 20)
    assert len({arguments["order"] for _, arguments in run.writes}) == 20


def test_point_12_the_bound_holds_over_the_turns_of_one_run() -> None:
    rounds = "\n".join(
        f'1. do note_down with n = {n}\n1. do note_down with n = {n + 100}\n1. Ask "And {n}?" for q{n}: yes or no'
        for n in range(12)
    )
    run = Run(HEAD + rounds)
    reading = run.say()
    while reading.status == "asked":
        reading = run.say("yes")
    assert (reading.status, len(run.writes)) == ("handed_over", 20)


def chain(length: int, *, last: str = '1. say "there"') -> str:
    parts = [
        f'# G{n}\n\nWhen the customer asks for {n}:\n- "x{n}"\n\n'
        + (f'1. go to "G{n + 1}"\n' if n + 1 < length else last + "\n")
        for n in range(length)
    ]
    return "\n".join(parts)


@pytest.mark.parametrize(("length", "status"), [(2, "done"), (MAX_DEPTH + 1, "done"), (MAX_DEPTH + 2, "handed_over")])
def test_point_12_a_chain_of_guides_is_bounded(length: int, status: str) -> None:
    reading = Run(chain(length), title="G0").say()
    assert reading.status == status
    assert texts(reading) == (["there"] if status == "done" else [])


def test_point_12_guides_that_go_in_a_circle_end_with_a_person() -> None:
    run = Run(chain(3, last='1. do note_down\n1. go to "G0"'), title="G0")
    reading = run.say()
    assert reading.status == "handed_over"
    assert len(run.writes) <= MAX_DEPTH


def test_point_12_guides_that_give_one_another_end_with_a_person() -> None:
    text = (
        "# A\n\nGives alpha\n\n1. Need beta\n1. give alpha = beta\n\n# B\n\nGives beta\n\n1. Need alpha\n1. give beta = alpha\n\n"
        + HEAD
        + '1. Need alpha\n1. say "{{ alpha }}"\n'
    )
    assert Run(text, title="G").say().status in {"asked", "handed_over"}


def test_point_12_a_guide_that_is_after_itself_runs_once() -> None:
    text = '# A\n\nWhen a:\n- "a"\nAfter "B"\n\n1. say "a"\n\n# B\n\nWhen b:\n- "b"\nAfter "A"\n\n1. say "b"\n'
    assert sorted(texts(Talk(text).say("a and b", "A", "B"))) == ["a", "b"]


def test_point_12_the_same_request_many_times_over_is_one() -> None:
    talk = Talk(HEAD + "1. do note_down with n = 1\n")
    talk.say("x", *[Request("x", "G", 0.95, (("G", 0.95),)) for _ in range(30)])
    assert talk.writes == ["note_down"]


def test_point_12_a_question_that_another_machine_never_answers_ends_with_a_person() -> None:
    run = Run(HEAD + '1. Need email\n1. say "{{ email }}"\n')
    statuses = [run.say("Your message is important to us.").status for _ in range(6)]
    assert "handed_over" in statuses
    assert statuses.index("handed_over") <= 3


def test_point_12_a_machine_that_says_yes_to_everything_runs_into_the_bound() -> None:
    talk = Talk(HEAD + '1. Ask "Again?" for again: yes or no\n1. do note_down with n = 1\n1. say "Done."\n')
    for _ in range(60):
        if talk.say("yes", "G").outcome == "handed_over":
            break
    assert len(talk.writes) <= 60  # one for each message of theirs, none by ourselves


@pytest.mark.parametrize(
    "words",
    [
        "I am out of office until Monday and will answer your message when I am back.",
        "Automatische Antwort: Ich bin im Urlaub.",
    ],
)
def test_point_12_an_auto_reply_is_not_answered(shop: Path, words: str) -> None:
    with Agent.open(shop, storage="memory:") as agent:
        turns = [agent.reply(words, conversation="bot") for _ in range(3)]
    assert all(turn.reply is None for turn in turns)


EVENT = '# E\n\nOn product_viewed\nAt most 3 times a conversation\n\n1. say "Any question?"\n'


def test_point_12_events_without_end_are_answered_as_often_as_the_guide_says(shop: Path) -> None:
    (shop / "guidance" / "events.md").write_text(EVENT, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        said = [agent.event("product_viewed", conversation="a", seconds=60).reply is not None for _ in range(40)]
    assert sum(said) == 3
