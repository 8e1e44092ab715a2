"""A word of the language is mended into no other: neither in messages, nor for products, nor for what is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from convagent.guidance.interpreter.words_read import Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.understanding import SlotVocabulary
from convagent.understanding.choose import Choice, choose
from convagent.understanding.reading import WordReader
from convagent.understanding.spelling import Spelling

TEXTS = ("Taschen aus Leder", "Kollagen Pulver", "coffret de lessive")
SHELVES = SlotVocabulary.prepare(products={"bag": "Taschen Set", "powder": "Kollagen"}, language="de")
THINGS = [
    Choice("TW-1", ("TW-10001",), ("Taschen Set",)),
    Choice("TW-2", ("TW-10002",), ("Kollagen",), position=1),
    Choice("TW-3", ("TW-10003",), ("Kinderrad Fink",), position=2),
    Choice("TW-4", ("TW-10004",), ("Armbanduhr Elbe",), position=3),
]


@pytest.mark.parametrize("text", ["ich will tauschen", "holt eine kollegin", "mitarbeiterin bitte"])
def test_a_german_word_stays_in_a_message(text: str) -> None:
    assert Spelling(TEXTS, languages=("de",)).mended(text, language="de") == text


def test_a_french_word_with_an_accent_stays_in_a_message() -> None:
    assert Spelling(("a colleague",), languages=("fr",)).mended("une collègue", language="fr") == "une collègue"


def test_slips_are_mended_as_ever() -> None:
    assert Spelling(TEXTS, languages=("de",)).mended("kollagn pulvr", language="de") == "kollagen pulver"
    assert [slot.value for slot in SHELVES.find("das kollagn")] == ["powder"]
    assert choose("das Kollagn", THINGS, many=False, language="de").keys == ("TW-2",)


def test_a_german_word_names_no_product_of_a_german_shop() -> None:
    assert list(SHELVES.find("kann ich das tauschen")) == []
    assert list(SHELVES.find("ich möchte eine Kollegin sprechen")) == []


@pytest.mark.parametrize("text", ["die Kollegin", "bitte tauschen"])
def test_a_german_word_points_at_nothing_that_is_only_written_like_it(text: str) -> None:
    assert choose(text, THINGS, many=False, language="de").keys == ()


@pytest.mark.parametrize(("text", "key"), [("das Rad", "TW-3"), ("die Uhr bitte", "TW-4")])
def test_a_short_german_noun_points_at_the_compound_that_ends_with_it(text: str, key: str) -> None:
    assert choose(text, THINGS, many=False, language="de").keys == (key,)


def test_a_short_ending_that_is_no_word_behind_a_word_points_at_nothing() -> None:
    things = [Choice("a", ("Konrad Vorwrad",)), Choice("b", ("Helm",), position=1)]
    assert choose("das Rad", things, many=False, language="de").keys == ()
    assert choose("the rad", [Choice("a", ("Kinderrad Fink",)), things[1]], many=False).keys == ()


READER = WordReader(datetime(2026, 6, 16, tzinfo=UTC), r"#?\d{4}", "EUR", SlotVocabulary.prepare(products={}))
HOW_MANY = Wanted("places", "value", "number")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("only one then", 1), ("une seule alors", 1), ("nur eine bitte", 1), ("nous sommes trois", 3), ("pour deux personnes", 2),
        ("für uns zwei", 2), ("one for me please", 1), ("zwölf", 12),
    ],
)  # fmt: skip
def test_how_many_is_said_in_words(text: str, count: int) -> None:
    assert READER.read(HOW_MANY, Utterance(text, ("places",)), direct=True).value == Decimal(count)


@pytest.mark.parametrize(
    "text",
    [
        "one moment",
        "einen Moment",
        "two or three",
        "not two",
        "pas deux",
        "a",
        "two?",
        "what is that",
        "une autre idée",
    ],
)
def test_what_is_no_count_stays_open(text: str) -> None:
    assert READER.read(HOW_MANY, Utterance(text, ("places",)), direct=True).value is UNKNOWN
