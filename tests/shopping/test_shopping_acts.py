"""What a shopper's message does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.shopping.hearing import places_in, read_act, yes_or_no
from convagent.shopping.model import ACT_KINDS, ShoppingState
from convagent.shopping.wording import LANGUAGES, sentences

SHOWN = ShoppingState(said=("a jacket",), shown=("a", "b", "c"), seen=("a", "b", "c"))
ASKED = ShoppingState(said=("a gift",), asked="recipient", choices=("women", "men"), in_a_row=1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I'm looking for a jacket", "find"),
        ("do you have table lamps", "find"),
        ("Ich suche ein Geschenk für meine Tante", "find"),
        ("je cherche une lampe", "find"),
        ("what's the difference between Pip One and Pip One S?", "compare"),
        ("Was ist der Unterschied zwischen Pip One und Pip Duo", "compare"),
        ("which size should I take in the Harbour Jacket", "fit"),
        ("quelle taille pour le manteau ?", "fit"),
        ("what goes with the harbour jacket?", "complement"),
        ("is there something similar to the quay jacket", "alternative"),
        ("gibt es etwas Ähnliches wie die Quay Jacket", "alternative"),
        ("which shade suits my skin", "shade"),
        ("is there a set that's cheaper together?", "bundle"),
    ],
)
def test_what_a_shopper_does_is_read_from_the_words_alone(text: str, kind: str) -> None:
    act = read_act(text, ShoppingState())
    assert act is not None
    assert act.kind == kind
    assert not act.follows


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("something cheaper?", "cheaper"),
        ("gibt es das günstiger?", "cheaper"),
        ("moins cher ?", "cheaper"),
        ("in blue?", "refine"),
        ("und in Größe M", "refine"),
        ("the second one", "pick"),
        ("I'll take the first", "pick"),
        ("der zweite", "pick"),
        ("le premier", "pick"),
        ("compare the first two", "compare"),
        ("anything else?", "more"),
        ("none of these", "decline"),
        ("no thanks", "decline"),
        ("I'll think about it", "later"),
        ("das muss ich mir überlegen", "later"),
        ("that's too expensive", "price"),
        ("c'est trop cher", "price"),
        ("what goes with it?", "complement"),
    ],
)
def test_what_leans_on_shown_products_is_read_as_a_follow_up(text: str, kind: str) -> None:
    act = read_act(text, SHOWN)
    assert act is not None
    assert act.kind == kind
    assert act.follows


@pytest.mark.parametrize("text", ["in blue?", "the second one", "something cheaper?", "no thanks"])
def test_a_follow_up_without_anything_before_it_does_nothing(text: str) -> None:
    assert read_act(text, ShoppingState()) is None


def test_somebody_who_only_looks_around_is_understood_from_the_start() -> None:
    act = read_act("just looking, thanks", ShoppingState())
    assert act is not None
    assert (act.kind, act.follows) == ("later", False)


def test_what_was_shown_long_ago_is_leant_on_no_more() -> None:
    old = SHOWN.later().later()
    assert read_act("the second one", old) is None


@pytest.mark.parametrize(
    "text",
    [
        "would you take 15% off if I got three lamps?",
        "If we order both desks, do we save anything?",
        "cheaper when I take 4 of them?",
        "Gibt es Nachlass, wenn ich zwei Decken nehme?",
        "wenn ich drei Kerzen bestelle, wird das günstiger?",
        "Il y a un rabais si je prends deux lampes ?",
        "si j'achète trois bougies, j'ai une réduction ?",
    ],
)
def test_less_for_several_is_asked_of_the_price(text: str) -> None:
    act = read_act(text, ShoppingState())
    assert act is not None
    assert act.kind == "price"


@pytest.mark.parametrize(
    "text",
    [
        "two jackets under 300 please",
        "is it cheaper as a set of two?",
        "zwei Lampen für das Schlafzimmer",
        "I am between two sizes, which size fits?",
        "do you ship for less in 2 days?",
        "we are off for two weeks, what bag do you have?",
    ],
)
def test_two_of_something_alone_asks_no_discount(text: str) -> None:
    act = read_act(text, ShoppingState())
    assert act is None or act.kind != "price"


@pytest.mark.parametrize(
    "text", ["where is my order #1042", "the second one arrived broken", "mein Paket ist nicht da"]
)
def test_an_order_or_damage_is_others_business(text: str) -> None:
    assert read_act(text, SHOWN) is None


def test_an_answer_goes_to_the_open_question() -> None:
    act = read_act("my sister, she gardens", ASKED)
    assert act is not None
    assert act.kind == "answer"


def test_places_are_those_shown() -> None:
    assert places_in("compare the first two", ("a", "b")) == (0, 1)
    assert places_in("the last one", ("a", "b")) == (1,)
    assert places_in("the third one", ("a", "b")) == ()
    assert places_in("number 2 please", ("a", "b")) == (1,)
    assert places_in("on the first of June", ("a",)) == ()
    assert places_in("the second", ()) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes please", True),
        ("Ja, gern", True),
        ("d'accord", True),
        ("no", False),
        ("nein danke", False),
        ("maybe", None),
    ],
)
def test_a_yes_and_a_no_are_told_apart(text: str, said: bool | None) -> None:
    assert yes_or_no(text) is said


@given(st.text(max_size=200), st.sampled_from([ShoppingState(), SHOWN, ASKED]))
def test_any_text_is_read_without_a_fault(text: str, state: ShoppingState) -> None:
    act = read_act(text, state)
    assert act is None or (act.kind in ACT_KINDS and 0 < act.sure <= 1)


_WORDS = st.lists(st.text(max_size=10), max_size=3).map(tuple)


@given(
    st.builds(
        ShoppingState,
        said=_WORDS,
        shown=_WORDS,
        seen=_WORDS,
        about=st.text(max_size=5),
        asked=st.text(max_size=5),
        choices=_WORDS,
        in_a_row=st.integers(0, 5),
        asked_ever=_WORDS,
        declined=_WORDS,
        idle=st.integers(0, 5),
    )
)
def test_what_is_remembered_comes_back_as_it_was(state: ShoppingState) -> None:
    assert ShoppingState.from_json(state.to_json()) == state


def test_every_sentence_is_there_in_every_language_with_the_same_marks() -> None:
    from string import Formatter

    def marks(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    table = sentences()
    assert set(table) == set(LANGUAGES)
    for name, text in table["en"].items():
        for language in LANGUAGES:
            assert marks(table[language][name]) == marks(text), f"{language}.{name}"
    assert all(set(table[language]) == set(table["en"]) for language in LANGUAGES)
