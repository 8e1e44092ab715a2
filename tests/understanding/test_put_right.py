"""Slips that are put right: an order's number, a day, a postcode, words to be written, how something went."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from convagent.guidance.interpreter.world import Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.understanding.affirmation import how_it_went
from convagent.understanding.choose import Choice, choose
from convagent.understanding.dates import dates
from convagent.understanding.named_orders import corrected_order, names_an_order
from convagent.understanding.reading import WordReader
from convagent.understanding.slots import SlotVocabulary

NOW = datetime(2026, 6, 16, 9, tzinfo=ZoneInfo("Europe/Dublin"))
ORDER = r"#?1\d{3}"
READER = WordReader(NOW, ORDER, "EUR", SlotVocabulary())


def read(wanted: Wanted, text: str, *, direct: bool) -> object:
    return READER.read(wanted, Utterance(text, (wanted.name,)), direct=direct).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oops, I meant 1104", "cancel order 1104 please"),
        ("sorry, wrong order. 1104, the pan", "cancel order 1104 please"),
        ("Falsche Nummer, gemeint war 1104", "cancel order 1104 please"),
        ("mauvais numéro, c'est la 1104", "cancel order 1104 please"),
        ("not 1071, I meant 1104", "cancel order 1104 please"),
        ("1104", ""),
        ("I meant 1071", ""),
        ("I meant 1104 or 1105", ""),
        ("did I say wrong number, 1104?", ""),
    ],
)
def test_a_number_put_right_is_the_last_request_with_that_number(text: str, expected: str) -> None:
    assert corrected_order(text, "cancel order 1071 please", ORDER) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the chino in 1122 an L",
        "#1122 please",
        "change 1122",
        "can I exchange order 1142 for a bigger size?",
        "swap 1142 for a different colour",
        "1142 for a friend hasn't come",
        "1142 für eine Freundin",
        "Umtausch von 1142 für eine größere",
        "échanger la commande 1142 pour une autre taille, c'est trop cher",
    ],
)
def test_an_orders_number_names_an_order(text: str) -> None:
    assert names_an_order(text, ORDER)


@pytest.mark.parametrize(
    "text",
    [
        "a lamp of 1500 lumens",
        "something for 1200 euros",
        "a model of 1998",
        "a lamp",
        "€1100",
        "1190 for a table is mad",
        "1190 für einen Tisch ist viel",
        "1190 pour une table, c'est trop",
    ],
)
def test_a_price_a_measure_or_a_year_names_none(text: str) -> None:
    assert not names_an_order(text, ORDER)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("is thursday the 25th possible?", date(2026, 6, 25)),
        ("it came on thursday the 11th", date(2026, 6, 11)),
        ("Geht Donnerstag, der 25.?", date(2026, 6, 25)),
        ("jeudi 25, c'est possible ?", date(2026, 6, 25)),
        ("on Thursday the 25th of June", date(2026, 6, 25)),
    ],
)
def test_a_weekday_and_its_day_say_together_which_month(text: str, day: date) -> None:
    assert next(iter(dates(text, now=NOW))).value == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where is it? nora@example.com V95 BG8L", "V95 BG8L"),
        ("Hallo, clara@example.com, 10437. Ich hätte eine Frage", "10437"),
    ],
)
def test_a_postcode_beside_an_address_is_one(text: str, code: str) -> None:
    assert read(Wanted("postcode", "value", "postcode"), text, direct=False) == code


def test_five_figures_within_a_sentence_are_no_postcode() -> None:
    assert (
        read(Wanted("postcode", "value", "postcode"), "clara@example.com, I have 10437 points", direct=False) is UNKNOWN
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("please wrap it, the card should say: Well done, Ada", "Well done, Ada"),
        ("hold on, make it: Well done, all", "Well done, all"),
        ("Auf der Karte soll stehen: Alles Gute", "Alles Gute"),
    ],
)
def test_words_behind_a_colon_are_taken_letter_for_letter(text: str, words: str) -> None:
    assert read(Wanted("message", "value", "text"), text, direct=False) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tried both, still dark", False), ("no change", False), ("immer noch nichts", False), ("toujours rien", False),
        ("oh! now it's amber", True), ("that did it, thanks", True), ("jetzt leuchtet er", True), ("ça marche", True),
        ("which cable?", None), ("I'm at work", None),
    ],
)  # fmt: skip
def test_how_it_went_is_a_yes_or_a_no_to_a_question_how_things_are(text: str, expected: bool | None) -> None:
    assert how_it_went(text) is expected


def test_what_there_was_before_is_not_picked() -> None:
    offered = [Choice("blue", ("Blue mug",)), Choice("red", ("Red mug",), position=1)]
    assert choose("the red one instead of the blue one", offered, many=False).keys == ("red",)


def test_the_money_means_the_refund() -> None:
    offered = [Choice("again", ("send it again",)), Choice("refund", ("refund it",), position=1)]
    assert choose("then I'd like the money for it", offered, many=False).keys == ("refund",)


def test_a_bare_yes_to_which_one_fits_none_and_rules_none_out() -> None:
    from convagent.guidance.interpreter.world import Choice as Shown

    choices = tuple(Shown(key, key, (key,)) for key in ("Ink / L", "Ink / M"))
    found = READER.read(Wanted("which", "one", choices=choices), Utterance("yes, change it", ("which",)), direct=True)
    assert found.value is UNKNOWN
    assert not found.misfit


@pytest.mark.parametrize(
    "text",
    [
        "You sent the wrong order, 1104 isn't mine",
        "Wrong order! 1104 has the broken pan, please refund it",
        "I mean 1104 arrived broken, I want my money back",
        "I did not mean 1104",
    ],
)
def test_what_tells_of_an_order_itself_puts_no_number_right(text: str) -> None:
    assert corrected_order(text, "cancel order 1071 please", ORDER) == ""
