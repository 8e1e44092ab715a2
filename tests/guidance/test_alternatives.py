"""Needs with alternatives (`Need email and postcode, or email and phone`): one of them must be complete, whatever they share."""

from __future__ import annotations

from tests.guidance.reader import Run, texts

TWO_OF_THREE = """
    # Who is it

    When the customer asks:
    - "x"

    1. Need email and order_number, or email and postcode, or order_number and postcode
       - ask "Which two?"
    1. If email is none:
       - say "{{ order_number }}, {{ postcode }}"
    1. If order_number is none:
       - say "{{ email }}, {{ postcode }}"
    1. say "{{ email }}, {{ order_number }}"
    """


def test_a_name_that_stands_in_several_alternatives_completes_none_of_them_alone() -> None:
    run = Run(TWO_OF_THREE)
    assert texts(run.say()) == ["Which two?"]
    reading = run.say("ada@example.com is mine")
    assert (reading.status, reading.needs) == ("asked", ("order_number",))
    assert texts(run.say("#1042")) == ["ada@example.com, #1042"]


def test_any_of_the_alternatives_suffices_though_they_share_names() -> None:
    for words, said in (
        ("ada@example.com and #1042", "ada@example.com, #1042"),
        ("ada@example.com, D02", "ada@example.com, D02"),
        ("#1042, D02", "#1042, D02"),
    ):
        run = Run(TWO_OF_THREE)
        run.say()
        assert texts(run.say(words)) == [said]


def test_one_word_for_another_alternative_than_the_one_asked_for_counts() -> None:
    run = Run(TWO_OF_THREE)
    run.say()
    assert run.say("my order is #1042").needs == ("email",)
    assert texts(run.say("D02")) == ["#1042, D02"]
