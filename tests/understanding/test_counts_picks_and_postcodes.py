"""Counts that are shared out, what is wanted in the place of something else, and measures that are no postcodes."""

from __future__ import annotations

import pytest

from convagent.understanding.addresses import read_address
from convagent.understanding.choose import Choice, choose
from convagent.understanding.identifiers import postcodes
from convagent.understanding.number_words import said_as_a_count

SHOWN = [
    Choice(key, (label,), position=place)
    for place, (key, label) in enumerate((("1", "Mug"), ("2", "Lamp"), ("3", "Rug")))
]
GEZEIGT = [
    Choice(key, (label,), position=place)
    for place, (key, label) in enumerate((("1", "Tasse"), ("2", "Lampe"), ("3", "Teppich")))
]
MONTRE = [
    Choice(key, (label,), position=place)
    for place, (key, label) in enumerate((("1", "Tasse"), ("2", "Lampe"), ("3", "Tapis")))
]


@pytest.mark.parametrize(
    ("text", "count"),
    [("one for me and two for my wife", 3), ("eine für mich und zwei für meine Frau", 3), ("un pour moi et deux pour ma femme", 3),
     ("two adults and two kids", None), ("zwei und eins", None), ("two for me and a friend", 2), ("one tent for two people", 2),
     ("für zwei Personen", 2), ("nous sommes trois", 3), ("only one then", 1), ("two please, and thanks", 2)],
)  # fmt: skip
def test_what_is_shared_out_is_added_up(text: str, count: int | None) -> None:
    assert said_as_a_count(text) == count


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize(
    ("text", "offered", "language"),
    [("Instead of the mug, the lamp", SHOWN, "en"), ("instead of the mug the lamp please", SHOWN, "en"),
     ("instead of the mug I'd like the lamp", SHOWN, "en"), ("the lamp instead of the mug", SHOWN, "en"),
     ("Instead of the mug and the rug, the lamp", SHOWN, "en"), ("Please, instead of the mug, the lamp", SHOWN, "en"),
     ("statt der Tasse die Lampe", GEZEIGT, "de"), ("Anstatt der Tasse bitte die Lampe", GEZEIGT, "de"),
     ("au lieu de la tasse, la lampe", MONTRE, "fr"), ("à la place du tapis je voudrais la lampe", MONTRE, "fr")],
)  # fmt: skip
def test_what_is_wanted_in_the_place_of_something_is_picked_alone(
    text: str, offered: list[Choice], language: str, many: bool
) -> None:
    assert choose(text, offered, many=many, language=language).keys == ("2",)


def test_what_is_merely_given_up_picks_nothing() -> None:
    assert choose("instead of the mug", SHOWN, many=True).keys == ()


@pytest.mark.parametrize("text", ["the A50 12kg", "A50 500g", "T12 50ml", "D02 10cm", "1 Mill Road, A50 12kg"])
def test_a_measure_is_no_half_of_a_postcode(text: str) -> None:
    assert list(postcodes(text)) == []
    assert read_address(text) is None


@pytest.mark.parametrize("text", ["V95 BG8L", "D02 X285", "A65F4E2", "D6W XY00"])
def test_irish_postcodes_stay_ones(text: str) -> None:
    assert [slot.kind for slot in postcodes(text)] == ["postcode"]
