"""`Need x for each item in list`: one answer for each element, asked for only where it decides, and in written order."""

from __future__ import annotations

from decimal import Decimal
from textwrap import dedent

from tests.guidance.reader import Run, texts

HEAD = """
    # G

    When the customer asks:
    - "x"

    1. Need lamps: some of all_lamps
"""
LAMPS = ({"id": "p", "colours": ("red",)}, {"id": "q", "colours": ("red", "blue")})


def a_run(statements: str, **facts: object) -> Run:
    return Run(
        dedent(HEAD) + dedent(statements), facts={"all_lamps": LAMPS, "lamps": LAMPS, **facts}, actions={"book": "ok"}
    )


def test_only_the_element_that_has_a_choice_is_asked_about() -> None:
    run = a_run(
        """
        1. Need colour for each lamp in lamps: one of lamp.colours
        1. do book with colours = lamps.colour
        """
    )
    assert run.say().needs == ("colour[q]",)
    assert run.say("blue").status == "done"
    assert run.writes == [("book", {"colours": ("red", "blue")})]


def test_point_02_whether_it_is_known_for_each_is_answered_without_asking() -> None:
    run = a_run(
        """
        1. Need colour for each lamp in lamps: one of lamp.colours
        1. If all of lamps where its colour is known:
           - say "known"
        1. Otherwise:
           - say "open"
        """
    )
    assert texts(run.say()) == ["open"]


def test_point_03_it_is_not_asked_for_where_something_else_decides() -> None:
    guide = """
        1. Need colour for each lamp in lamps: one of lamp.colours
        1. If any of lamps where (its colour is "blue" or urgent):
           - say "yes"
        1. Otherwise:
           - say "no"
        """
    assert texts(a_run(guide, urgent=True).say()) == ["yes"]
    assert a_run(guide, urgent=False).say().needs == ("colour[q]",)


def test_point_03_what_was_declared_first_is_asked_for_first() -> None:
    run = a_run(
        """
        1. Need number
        1. Need colour for each lamp in lamps: one of lamp.colours
        1. do book with colours = lamps.colour, number = number
        """
    )
    assert run.say().needs == ("number",)
    assert run.say("3").needs == ("colour[q]",)
    assert run.say("blue").status == "done"
    assert run.writes == [("book", {"colours": ("red", "blue"), "number": Decimal(3)})]


def test_point_03_what_was_declared_first_is_asked_for_first_in_a_text_too() -> None:
    run = a_run(
        """
        1. Need colour for each lamp in lamps: one of lamp.colours
        1. Need number
        1. say "{{ number }}: {{ lamps.colour | list }}"
        """
    )
    assert run.say().needs == ("colour[q]",)
