"""Details in messages, and the look-alikes that are none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import ConvagentError
from convagent.facts import Money
from convagent.guidance.values import Duration, Percent
from convagent.understanding import Slot, SlotVocabulary, read_slots
from convagent.understanding.number_words import amount

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)  # a Tuesday
SHOP = SlotVocabulary.prepare(
    products={
        "jacket": "The Harbour Jacket",
        "little-jacket": "The Little Harbour Jacket",
        "jumper": "The Second-Best Jumper",
        "sunday-teapot": "The Sunday Teapot",
        "saturday-teapot": "The Saturday Teapot",
        "late": "The Running Late Trainer",
        "face-mist": "Rain Check Face Mist",
        "can": "Light Drizzle Watering Can",
        "mugs": "Sunday Mugs",
        "pip-one": "Pip One",
        "pip-one-s": "Pip One S",
        "pip-one-plus": "Pip One+",
        "candle": "Orange Peel & Gossip Candle",
        "sunscreen": "Cloud Cover Tinted Sunscreen SPF 30",
        "set-a": "The Twin Lamp",
        "set-b": "The Twin Lamp",
    },
    colours=["Forest Green", "Dark Blue"],
    sizes=["36/37", "One size"],
)


def read(text: str, **options: Any) -> list[tuple[str, Any]]:
    slots = read_slots(text, now=NOW, **{"order_pattern": r"#?1\d{3}", "vocabulary": SHOP, **options})
    return [(slot.kind, slot.value) for slot in slots]


def euros(value: str) -> Money:
    return Money.of(value, "EUR")


ORDERS = [
    ("#1042", ["#1042"]),
    ("order 1042", ["#1042"]),
    ("Order no. 1042", ["#1042"]),
    ("order number: 1042", ["#1042"]),
    ("my order is #1042", ["#1042"]),
    ("Bestellung 1042", ["#1042"]),
    ("Bestellnummer lautet 1042", ["#1042"]),
    ("commande n° 1042", ["#1042"]),
    ("orders 1042 and 1043", ["#1042", "#1043"]),
    ("#1042, #1043 & 1044", ["#1042", "#1043", "#1044"]),
    ("where is 1042", ["#1042"]),
    ("1042", ["#1042"]),
    ("order #99999", ["#99999"]),
    ("order 20431", ["20431"]),
    ("it cost €1042", []),
    ("I paid 1042 euros", []),
    ("Hauptstr. 5, 1042 Wien", []),
    ("in 1999 I bought it", []),
    ("since 1999", []),
    ("my order 2025", []),
    ("1042 mg a day", []),
    ("I have 1042 points", []),
    ("call 01042 555 123", []),
    ("mail a1042@example.com", []),
    ("https://wrenfold.example/1042", []),
    ("10421042", []),
    ("size 1042", []),
]


@pytest.mark.parametrize(("text", "numbers"), ORDERS)
def test_order_numbers_are_told_from_other_figures(text: str, numbers: list[str]) -> None:
    assert [value for kind, value in read(text) if kind == "order_number"] == numbers


def test_without_a_pattern_only_numbers_that_are_called_so_are_order_numbers() -> None:
    assert read("order 48213", order_pattern=None) == [("order_number", "#48213")]
    assert read("#A-1042", order_pattern=None) == [("order_number", "#A-1042")]
    assert read("48213", order_pattern=None) == [("number", Decimal(48213))]


def test_a_pattern_that_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(ConvagentError) as caught:
        read("1042", order_pattern="(")
    assert caught.value.code == "order-pattern"


VALUES = [
    ("€50", ("money", euros("50"))),
    ("50 euros", ("money", euros("50"))),
    ("12,50 €", ("money", euros("12.50"))),
    ("EUR 1.234,56", ("money", euros("1234.56"))),
    ("1,234.56 EUR", ("money", euros("1234.56"))),
    ("$12.50", ("money", Money.of("12.50", "USD"))),
    ("20 pounds", ("money", Money.of("20", "GBP"))),
    ("it cost 12.50", ("money", euros("12.50"))),
    ("20%", ("percent", Percent(Decimal(20)))),
    ("12,5 Prozent", ("percent", Percent(Decimal("12.5")))),
    ("ada.l+shop@Example.com", ("email", "ada.l+shop@example.com")),
    ("+353 1 234 5678", ("phone", "+35312345678")),
    ("(01) 234 56 78", ("phone", "012345678")),
    ("D02 X285", ("postcode", "D02 X285")),
    ("sw1a1aa", ("postcode", "SW1A 1AA")),
    ("1012 AB", ("postcode", "1012 AB")),
    ("my postcode is 75011", ("postcode", "75011")),
    ("PLZ 10115", ("postcode", "10115")),
    ("in 10115 Berlin", ("postcode", "10115")),
    ("two of them", ("quantity", 2)),
    ("3 pairs", ("quantity", 3)),
    ("zwei davon", ("quantity", 2)),
    ("2x", ("quantity", 2)),
    ("two jackets", ("quantity", 2)),
    ("size 38", ("size", "38")),
    ("EU 42", ("size", "EU 42")),
    ("Größe M", ("size", "M")),
    ("taille 40", ("size", "40")),
    ("a medium", ("size", "M")),
    ("in large please", ("size", "L")),
    ("XXL", ("size", "XXL")),
    ("size M/L", ("size", "M/L")),
    ("W32 L34", ("size", "W32 L34")),
    ("the 36/37 one", ("size", "36/37")),
    ("in forest green", ("colour", "Forest Green")),
    ("die rote", ("colour", "red")),
    ("en noir", ("colour", "black")),
    ("for 3 weeks", ("duration", Duration(Decimal(3), "weeks"))),
    ("two days", ("duration", Duration(Decimal(2), "days"))),
    ("5 working days", ("duration", Duration(Decimal(5), "business days"))),
    ("drei Wochen", ("duration", Duration(Decimal(3), "weeks"))),
    ("10 jours ouvrés", ("duration", Duration(Decimal(10), "business days"))),
    ("a month", ("duration", Duration(Decimal(1), "months"))),
    ("2026-06-01", ("date", date(2026, 6, 1))),
    ("12/06/2026", ("date", date(2026, 6, 12))),
    ("3.5.2026", ("date", date(2026, 5, 3))),
    ("vom 3.5.", ("date", date(2026, 5, 3))),
    ("yesterday", ("date", date(2026, 6, 15))),
    ("the day before yesterday", ("date", date(2026, 6, 14))),
    ("vorgestern", ("date", date(2026, 6, 14))),
    ("hier", ("date", date(2026, 6, 15))),
    ("übermorgen", ("date", date(2026, 6, 18))),
    ("last Monday", ("date", date(2026, 6, 15))),
    ("next Friday", ("date", date(2026, 6, 19))),
    ("letzten Montag", ("date", date(2026, 6, 15))),
    ("lundi dernier", ("date", date(2026, 6, 15))),
    ("it arrived on Friday", ("date", date(2026, 6, 12))),
    ("can you deliver by Friday", ("date", date(2026, 6, 19))),
    ("I ordered on 3 May", ("date", date(2026, 5, 3))),
    ("I need it by 3 July", ("date", date(2026, 7, 3))),
    ("on 20 December", ("date", date(2025, 12, 20))),
    ("May 3rd", ("date", date(2026, 5, 3))),
    ("am 3. Mai", ("date", date(2026, 5, 3))),
    ("le 3 mai 2025", ("date", date(2025, 5, 3))),
    ("in two weeks", ("date", date(2026, 6, 30))),
    ("3 days ago", ("date", date(2026, 6, 13))),
    ("vor zwei Wochen", ("date", date(2026, 6, 2))),
    ("il y a trois jours", ("date", date(2026, 6, 13))),
    ("last week", ("date", date(2026, 6, 9))),
    ("yes please", ("yes_no", True)),
    ("nein", ("yes_no", False)),
    ("the harbour jacket", ("product", "jacket")),
    ("the harbor jackett", ("product", "jacket")),
    ("little harbour jackets", ("product", "little-jacket")),
    ("Pip One", ("product", "pip-one")),
    ("pip one s", ("product", "pip-one-s")),
    ("Pip 1 S", ("product", "pip-one-s")),
    ("the pip one plus", ("product", "pip-one-plus")),
    ("Pip One's battery", ("product", "pip-one")),
    ("orange peel and gossip candle", ("product", "candle")),
    ("Orange Peel & Gossip Candle", ("product", "candle")),
    ("second best jumper", ("product", "jumper")),
    ("Rain Check", ("product", "face-mist")),
    ("the Cloud Cover Tinted Sunscreen SPF 30", ("product", "sunscreen")),
    ("the teapot", ("products", ("sunday-teapot", "saturday-teapot"))),
    ("jackets", ("products", ("jacket", "little-jacket"))),
    ("the twin lamp", ("products", ("set-a", "set-b"))),
]


@pytest.mark.parametrize(("text", "slot"), VALUES)
def test_a_detail_is_read_with_its_value(text: str, slot: tuple[str, Any]) -> None:
    assert slot in read(text)


LOOK_ALIKES = [
    ("it is 12 and I am 38 years old", {"date", "duration", "size", "order_number"}),
    ("my order is running late", {"product", "products"}),
    ("rain check please", {"product", "products"}),
    ("can you help", {"product", "products"}),
    ("I bought the Sunday Teapot", {"date"}),
    ("Pip One S", {"size", "number", "quantity"}),
    ("a small problem", {"size"}),
    ("it's the same", {"size"}),
    ("I'm here", {"size"}),
    ("12.50 meters", {"money"}),
    ("Hier ist meine Nummer", {"date"}),
    ("guten Morgen", set()),
    ("may I ask", {"date"}),
    ("second thoughts", {"date", "duration"}),
    ("a pair of shoes", {"quantity"}),
    ("one more thing", {"quantity"}),
    ("10:30", {"number", "order_number", "date"}),
    ("31/02/2026", {"date"}),
    ("4242 4242 4242 4242", {"phone", "order_number", "postcode"}),
]


@pytest.mark.parametrize(("text", "kinds"), LOOK_ALIKES)
def test_look_alikes_are_no_details(text: str, kinds: set[str]) -> None:
    assert not kinds & {kind for kind, _ in read(text)}


def test_a_longer_message_gives_each_detail_once() -> None:
    text = "Hi, I ordered two Sunday mugs (order 1042, €24.50) on 3 May in dark blue, mail ada@example.com"
    assert read(text) == [
        ("quantity", 2),
        ("product", "mugs"),
        ("order_number", "#1042"),
        ("money", euros("24.50")),
        ("date", date(2026, 5, 3)),
        ("colour", "Dark Blue"),
        ("email", "ada@example.com"),
    ]


def test_a_name_ends_where_its_words_repeat() -> None:
    assert read("I ordered the Sunday Teapot on Sunday") == [("product", "sunday-teapot"), ("date", date(2026, 6, 14))]


def test_the_currency_of_an_amount_without_a_sign_is_the_shops() -> None:
    assert read("I paid 12.50", currency="GBP") == [("money", Money.of("12.50", "GBP"))]
    assert read("$5", currency="CAD") == [("money", Money.of("5", "CAD"))]


def test_an_empty_vocabulary_finds_no_products() -> None:
    assert read("the harbour jacket", vocabulary=SlotVocabulary()) == []


def test_ten_thousand_titles_are_searched() -> None:
    products = {str(n): f"The {a} {b} {c}" for n, (a, b, c) in enumerate(_names()) if n < 10_000}
    vocabulary = SlotVocabulary.prepare(products=products)
    assert read("I'd like the copper harbour lamp 7", vocabulary=vocabulary)[0][0] == "product"


def _names() -> list[tuple[str, str, str]]:
    metals = ["copper", "brass", "steel", "tin", "zinc"]
    places = ["harbour", "meadow", "market", "forest", "river"]
    return [(a, b, f"lamp {n}") for n in range(5, 500) for a in metals for b in places]


@pytest.mark.parametrize(
    ("figures", "value"),
    [
        ("1", "1"),
        ("12.5", "12.5"),
        ("12,50", "12.50"),
        ("1.234", "1234"),
        ("1,234", "1234"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("1'234.50", "1234.50"),
    ],
)
def test_amounts_are_read_as_people_write_them(figures: str, value: str) -> None:
    assert amount(figures) == Decimal(value)


@pytest.mark.parametrize("figures", ["", "12,", "abc", ".", "１２"])
def test_what_is_no_amount_has_no_value(figures: str) -> None:
    assert amount(figures) is None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"abMS15 .,#€@+/-\n", "order ", "pip one ", "3 May ", "two ", "size ", "days ", "#1042"]),
        max_size=25,
    )
)
def test_slots_are_pieces_of_the_message_and_do_not_overlap(pieces: list[str]) -> None:
    text = "".join(pieces)
    slots = read_slots(text, now=NOW, order_pattern=r"#?1\d{3}", vocabulary=SHOP)
    inside: list[Slot] = [slot for slot in slots if slot.kind != "yes_no"]
    last = 0
    for slot in inside:
        assert text[slot.start : slot.end] == slot.text
        assert slot.start >= last
        last = slot.end


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_alike_twice(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "\ud800",
        "🎉" * 100_000,
        "1042 " * 200_000,
        "a@" * 300_000,
        "1," * 300_000,
        "pip one " * 100_000,
        "+1 (" * 200_000,
    ],
)
def test_odd_and_huge_messages_are_read_without_harm(text: str) -> None:
    assert all(slot.end <= 8_000 for slot in read_slots(text, now=NOW, order_pattern=r"#?1\d{3}", vocabulary=SHOP))
