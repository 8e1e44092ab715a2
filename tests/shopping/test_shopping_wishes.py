"""What a shopper wishes by now."""

from __future__ import annotations

from convagent.catalog.wishes.model import Wish
from convagent.facts import Money
from convagent.shopping.wishing import merged, spoken_of, wish_by_now

FIFTY, EIGHTY = Money.of(50, "EUR"), Money.of(80, "EUR")


def test_later_words_go_before_earlier_ones() -> None:
    now = merged(Wish(kinds=("jacket",), colours=("blue",), at_most=FIFTY), Wish(colours=("green",)))
    assert (now.kinds, now.colours, now.at_most) == (("jacket",), ("green",), FIFTY)


def test_what_was_refused_stays_refused() -> None:
    now = merged(Wish(kinds=("jacket",), without_colours=("black",), without=("wool",)), Wish(without_colours=("red",)))
    assert set(now.without_colours) == {"black", "red"}
    assert now.without == ("wool",)


def test_a_colour_that_is_wanted_after_all_is_refused_no_more() -> None:
    assert merged(Wish(without_colours=("black",)), Wish(colours=("black",))).without_colours == ()


def test_another_kind_is_another_wish_but_safety_and_price_stay() -> None:
    earlier = Wish(
        kinds=("jacket",), colours=("blue",), sizes=("L",), at_most=FIFTY, ages=(48,), without_allergens=("milk",)
    )
    now = merged(earlier, Wish(kinds=("lamp",)))
    assert (now.kinds, now.colours, now.sizes) == (("lamp",), (), ())
    assert (now.at_most, now.ages, now.without_allergens) == (FIFTY, (48,), ("milk",))


def test_a_later_lower_bound_lifts_an_upper_one_that_it_contradicts() -> None:
    assert merged(Wish(at_most=FIFTY), Wish(at_least=EIGHTY)).at_most is None
    assert merged(Wish(at_most=EIGHTY), Wish(at_least=FIFTY)).at_most == EIGHTY


def test_what_the_shopper_gave_up_is_demanded_no_more_but_never_safety() -> None:
    wish = wish_by_now([Wish(colours=("blue",), ages=(24,))], given_up=("colours", "ages"))
    assert (wish.colours, wish.ages) == ((), (24,))


def test_what_was_spoken_of_needs_no_question() -> None:
    assert spoken_of(Wish(at_most=FIFTY, recipient="my sister")) == {"budget", "recipient"}
    assert spoken_of(Wish()) == frozenset()
