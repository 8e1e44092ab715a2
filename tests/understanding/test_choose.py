"""Picking from what was shown."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.understanding import Choice, Picked, choose

NOW = datetime(2026, 6, 16, 10, 30)
LINES = [
    Choice("1", ("Long Evening Lamp, Brass",), position=0),
    Choice("2", ("The Harbour Jacket, M, Forest Green",), position=1),
    Choice("3", ("The Harbour Jacket, S, Dark Blue",), position=2),
    Choice("4", ("Wren Coffee Machine",), position=3),
]
ORDERS = [
    Choice("#1042", ("#1042 of 3 May 2026, €25.00",), position=0),
    Choice("#1050", ("#1050 of 10 June 2026, €125.00",), position=1),
]
PIPS = [
    Choice("p1", ("Pip One",), position=0),
    Choice("p2", ("Pip One S",), position=1),
    Choice("p3", ("Pip One+",), position=2),
    Choice("p4", ("The Second-Best Jumper",), position=3),
    Choice("p5", ("Orange Peel & Gossip Candle",), position=4),
]

SEVERAL = [
    ("the lamp", "1"),
    ("the lammp please", "1"),
    ("blue one", "3"),
    ("the jacket in M", "2"),
    ("the jacket in s", "3"),
    ("the medium jacket", "2"),
    ("green jacket", "2"),
    ("brass", "1"),
    ("the jackets", "23"),
    ("both jackets", "23"),
    ("all the jackets", "23"),
    ("all of them", "1234"),
    ("everything", "1234"),
    ("alles", "1234"),
    ("everything except the coffee machine", "123"),
    ("everything in that order, except the coffee machine", "123"),
    ("all but the lamp", "234"),
    ("alles außer der Lampe", "234"),
    ("tout sauf la coffee machine", "123"),
    ("everything except the jackets", "14"),
    ("the lamp and the coffee machine", "14"),
    ("the first", "1"),
    ("second one", "2"),
    ("the last one", "4"),
    ("the last two", "34"),
    ("the first three", "123"),
    ("die beiden letzten", "34"),
    ("la première", "1"),
    ("first and third", "13"),
    ("2 and 3", "23"),
    ("number 4", "4"),
    ("not the lamp, the coffee machine", "4"),
    ("the lamp, but not the coffee machine", "1"),
    ("I'll keep the lamp, send back the rest", "234"),
    ("die grüne und die Lampe", "12"),
    ("either", "1"),
]
NOTHING_PICKED = [
    ("the harbour jacket", "23"),
    ("jacket", "23"),
    ("everything except the jacket", "23"),
    ("everything except the toaster", "1234"),
    ("both", "1234"),
    ("the toaster", ""),
    ("yes", ""),
    ("hello?", ""),
    ("keep the coffee machine", ""),
    ("when will it arrive", ""),
]


@pytest.mark.parametrize(("text", "keys"), SEVERAL)
def test_what_a_customer_picks_of_several(text: str, keys: str) -> None:
    picked = choose(text, LINES, many=True, now=NOW)
    assert picked.keys == tuple(keys)
    assert picked.complete
    assert picked.ambiguous == ()


@pytest.mark.parametrize(("text", "ambiguous"), NOTHING_PICKED)
def test_what_can_not_be_told_picks_nothing(text: str, ambiguous: str) -> None:
    picked = choose(text, LINES, many=True, now=NOW)
    assert picked.keys == ()
    assert picked.ambiguous == tuple(ambiguous)
    assert not picked.complete


@pytest.mark.parametrize("text", ["none of these", "neither", "nothing", "keine davon, keins", "aucun"])
def test_none_is_an_answer(text: str) -> None:
    assert choose(text, LINES, many=True, now=NOW) == Picked((), ("1", "2", "3", "4"), complete=True)


@pytest.mark.parametrize("text", ["both jackets", "all of them", "the lamp and the coffee machine", "the last two"])
def test_several_where_one_was_asked_for_are_ambiguous(text: str) -> None:
    picked = choose(text, LINES, many=False, now=NOW)
    assert picked.keys == ()
    assert len(picked.ambiguous) > 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("#1042", "#1042"),
        ("1042", "#1042"),
        ("it's order 1050 please", "#1050"),
        ("the one from 3 May", "#1042"),
        ("the one from last Wednesday", "#1050"),
        ("the 25 euro one", "#1042"),
        ("the first one", "#1042"),
        ("die zweite", "#1050"),
        ("not 1042", "#1050"),
        ("not #1042, the other one", "#1050"),
    ],
)
def test_an_order_is_picked_by_number_day_price_or_place(text: str, key: str) -> None:
    assert choose(text, ORDERS, many=False, now=NOW).keys == (key,)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("pip one", ("p1",)),
        ("Pip One S", ("p2",)),
        ("the pip one plus", ("p3",)),
        ("pip one and pip one s", ("p1", "p2")),
        ("the second one", ("p2",)),
        ("second best jumper", ("p4",)),
        ("orange peel & gossip candle", ("p5",)),
        ("the gossip candle and the jumper", ("p4", "p5")),
        ("all except Pip One S", ("p1", "p3", "p4", "p5")),
    ],
)
def test_near_names_are_told_apart(text: str, keys: tuple[str, ...]) -> None:
    assert choose(text, PIPS, many=True, now=NOW).keys == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("I want to return the lamp", "1"),
        ("return everything in that order", "1234"),
        ("when will it be delivered", ""),
        ("I want the first thing you have", ""),
        ("either way, where is it", ""),
        ("that is all right, 2 people told me", ""),
    ],
)
def test_a_message_that_answers_no_question_picks_only_what_is_plain(text: str, keys: str) -> None:
    assert choose(text, LINES, many=True, now=NOW, direct=False).keys == tuple(keys)


@pytest.mark.parametrize(
    ("text", "keys"), [("yes", "1"), ("that one", "1"), ("the lamp", "1"), ("no", ""), ("what about mugs", "")]
)
def test_the_only_thing_shown_is_picked_by_a_yes(text: str, keys: str) -> None:
    assert choose(text, LINES[:1], many=False, now=NOW).keys == tuple(keys)


def test_aliases_count_as_names() -> None:
    offered = [Choice("a", ("Refund to PayPal",), ("pp",)), Choice("b", ("Gift card",), ("voucher",), position=1)]
    assert choose("the voucher", offered, many=False).keys == ("b",)


def test_keys_come_in_the_order_shown() -> None:
    assert choose("the coffee machine and the lamp", list(reversed(LINES)), many=True, now=NOW).keys == ("1", "4")


def test_nothing_shown_or_said_picks_nothing() -> None:
    assert choose("the lamp", [], many=True) == Picked()
    assert choose(" ", LINES, many=True) == Picked()


WORDS = st.sampled_from(["teapot", "lamp", "jacket", "scarf", "mug", "pen", "rug", "clock", "vase", "bowl"])
ADJECTIVES = st.sampled_from(["harbour", "evening", "morning", "sunday", "little", "brass", "linen", "copper"])
LABELS = st.lists(st.tuples(ADJECTIVES, WORDS).map(" ".join), min_size=1, max_size=6, unique=True)


@settings(max_examples=100, deadline=None)
@given(LABELS, st.data())
def test_a_whole_label_always_picks_its_choice(labels: list[str], data: st.DataObject) -> None:
    offered = [Choice(str(number), (f"The {label}",), position=number) for number, label in enumerate(labels)]
    chosen = data.draw(st.sampled_from(offered))
    assert choose(chosen.labels[0], offered, many=False).keys == (chosen.key,)
    assert choose(f"{chosen.labels[0].upper()} please", offered, many=True).keys == (chosen.key,)


@settings(max_examples=100, deadline=None)
@given(LABELS.filter(lambda labels: len(labels) > 1), st.data())
def test_all_except_one_is_the_others(labels: list[str], data: st.DataObject) -> None:
    offered = [Choice(str(number), (f"The {label}",), position=number) for number, label in enumerate(labels)]
    left = data.draw(st.sampled_from(offered))
    picked = choose(f"everything except {left.labels[0]}", offered, many=True)
    assert picked.keys == tuple(choice.key for choice in offered if choice is not left)
    assert picked.excluded == (left.key,)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                ["all", "not", "except", "first", "last", "two", "lamp", "and", "but", "2", "99", "both", "rest", "."]
            ),
            max_size=10,
        ).map(" ".join),
    ),
    st.lists(st.text(max_size=15), min_size=1, max_size=5),
    st.booleans(),
    st.booleans(),
)
def test_only_what_is_offered_is_ever_picked(text: str, labels: list[str], many: bool, direct: bool) -> None:
    offered = [Choice(f"k{number}", (label,), position=number) for number, label in enumerate(labels)]
    picked = choose(text, offered, many=many, direct=direct)
    keys = {choice.key for choice in offered}
    assert {*picked.keys, *picked.excluded, *picked.ambiguous} <= keys
    assert not set(picked.keys) & set(picked.excluded)
    assert not (picked.keys and picked.ambiguous)
    assert many or len(picked.keys) <= 1


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "lamp " * 200_000, "except " * 100_000, "\x00", "\ud800", "🎉" * 100_000, "zzlabel0zz"]
)
def test_odd_and_huge_answers_pick_without_harm(text: str) -> None:
    assert set(choose(text, LINES, many=True, now=NOW).keys) <= {"1", "2", "3", "4"}


WISHES = [Choice(word, (word,), position=place) for place, word in enumerate(("mending", "replacement", "a refund"))]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I'd rather have my money back", ("a refund",)),
        ("can you please repair it", ("mending",)),
        ("ich hätte gern mein Geld zurück", ("a refund",)),
        ("remboursez-moi", ("a refund",)),
        ("swap it", ("replacement",)),
        ("my money back, or swap it", ()),
        ("not my money back", ()),
        ("how do I get my money back?", ()),
        ("it is blue", ()),
    ],
)
def test_a_choice_is_meant_by_other_words_for_it(said: str, meant: tuple[str, ...]) -> None:
    assert choose(said, WISHES, many=False).keys == meant


def test_other_words_for_a_thing_are_no_name_of_it() -> None:
    things = [Choice("kit", ("The Repair Kit",)), Choice("pot", ("The Sunday Teapot",), position=1)]
    assert choose("please mend it", things, many=False).keys == ()
    assert choose("I want my money back", WISHES, many=False, direct=False).keys == ()
