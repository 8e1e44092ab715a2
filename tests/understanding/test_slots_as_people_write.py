"""Details in the words that people use, and laws that hold for each kind of detail."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import dateparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.facts import Money
from convagent.handover.redact import masked
from convagent.understanding import SlotVocabulary, read_signals, read_slots
from convagent.understanding.addresses import read_address
from convagent.understanding.language import detect_language

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)  # a Tuesday
SHOP = SlotVocabulary.prepare(
    products={
        "jacket": "The Harbour Jacket",
        "teapot": "The Sunday Teapot",
        "mist": "Rain Check Face Mist",
        "pip": "Pip One",
    },
    colours=["Forest Green", "Dark Blue"],
    sizes=["36/37", "2XL"],
)
KINDS = (
    "order_number", "email", "phone", "date", "money", "quantity", "size", "colour", "product", "duration", "percent",
    "postcode", "number",
)  # fmt: skip


def found(kind: str, text: str, **options: Any) -> list[Any]:
    settings = {"order_pattern": r"#?1\d{3}", "vocabulary": SHOP, **options}
    return [slot.value for slot in read_slots(text, now=NOW, **settings) if slot.kind == kind]


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("order_number", "my order number is 10 42", ["#1042"]),
        ("order_number", "order number one zero four two", ["#1042"]),
        ("order_number", "order ten forty-two", ["#1042"]),
        ("order_number", "No. 1042, the blue lamp", ["#1042"]),
        ("order_number", "order 2 mugs and 3 plates", []),
        ("order_number", "voucher 1050 is not accepted", []),
        ("order_number", "the 1200 lumen lamp", []),
        ("email", "ada (at) example.com", ["ada@example.com"]),
        ("email", "ada at example dot com", ["ada@example.com"]),
        ("email", "ada @ example.com", ["ada@example.com"]),
        ("email", "ada@example,com", ["ada@example.com"]),
        ("email", "o'neil@example.com", ["o'neil@example.com"]),
        ("email", "2 mugs @ 12.50", []),
        ("email", "look at example.com", []),
        ("phone", "+353 (0)86 123 4567", ["+353861234567"]),
        ("phone", "00353 86 123 4567", ["+353861234567"]),
        ("phone", "ISBN 978-3-16-148410-0", []),
        ("date", "letzten Montag", [date(2026, 6, 15)]),
        ("date", "letzte Woche Freitag", [date(2026, 6, 12)]),
        ("date", "Wednesday next week", [date(2026, 6, 24)]),
        ("date", "Friday week", [date(2026, 6, 26)]),
        ("date", "heute in einer Woche", [date(2026, 6, 23)]),
        ("date", "a month ago", [date(2026, 5, 16)]),
        ("date", "il y a quinze jours", [date(2026, 6, 2)]),
        ("date", "by the end of the month", [date(2026, 6, 30)]),
        ("date", "it came on the 12th", [date(2026, 6, 12)]),
        ("date", "I need it before the 5th", [date(2026, 7, 5)]),
        ("date", "am 12. geliefert", [date(2026, 6, 12)]),
        ("date", "livré le 12", [date(2026, 6, 12)]),
        ("date", "the third of May", [date(2026, 5, 3)]),
        ("date", "does it come before Christmas?", [date(2026, 12, 25)]),
        ("date", "from 8 to 12 June", [date(2026, 6, 8), date(2026, 6, 12)]),
        ("date", "it came Sat", [date(2026, 6, 13)]),
        ("date", "Monday 15 June", [date(2026, 6, 15)]),
        ("date", "sun hat", []),
        ("date", "the 2nd one", []),
        ("date", "I bought two in May", []),
        ("money", "between 20 and 50 euros", [Money.of(20, "EUR"), Money.of(50, "EUR")]),
        ("money", "20-50 €", [Money.of(20, "EUR"), Money.of(50, "EUR")]),
        ("money", "fifty euros", [Money.of(50, "EUR")]),
        ("money", "12 Euro 50", [Money.of("12.50", "EUR")]),
        ("money", "1.5k euros", [Money.of(1500, "EUR")]),
        ("money", "US$25", [Money.of(25, "USD")]),
        ("money", "a pound cake tin", []),
        ("money", "5 pounds of flour", []),
        ("quantity", "sechs Tassen", [6]),
        ("quantity", "j'en veux deux", [2]),
        ("quantity", "I want three", [3]),
        ("quantity", "half a dozen mugs", [6]),
        ("quantity", "qty 3", [3]),
        ("quantity", "change the quantity to 8", [8]),
        ("quantity", "for two people", []),
        ("quantity", "in two parcels", []),
        ("quantity", "zwei auf Lager", []),
        ("size", "UK size 8", ["UK 8"]),
        ("size", "42 EU", ["EU 42"]),
        ("size", "Italian 44", ["IT 44"]),
        ("size", "size 38 1/2", ["38.5"]),
        ("size", "XXL", ["2XL"]),
        ("size", "50x70 cm", ["50 x 70 cm"]),
        ("size", "32/34 jeans", ["W32 L34"]),
        ("size", "extra small", ["XS"]),
        ("size", "I ordered L but got M", ["L", "M"]),
        ("colour", "dunkelblau", ["Dark Blue"]),
        ("colour", "vert clair", ["light green"]),
        ("colour", "the forrest green jacket", ["Forest Green"]),
        ("colour", "Mrs Brown", []),
        ("colour", "the night cream", []),
        ("colour", "olive oil", []),
        ("product", "Sunday tea pot", ["teapot"]),
        ("product", "the raincheck face mist", ["mist"]),
        ("product", "one moment", []),
    ],
)
def test_a_detail_is_read_in_the_words_that_people_use(kind: str, text: str, values: list[Any]) -> None:
    assert found(kind, text) == values


def test_national_telephone_numbers_are_read_as_of_a_country() -> None:
    assert found("phone", "086 123 4567", country="IE") == ["+353861234567"]
    assert found("phone", "(508) 555-0123", country="US") == ["+15085550123"]
    assert found("phone", "086 123 4567") == ["0861234567"]
    assert found("phone", "1 2 3 4 5 6 7 8", country="IE") == []


@pytest.mark.parametrize("day", range(1, 29, 3))
@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    ("language", "form"), [("en", "{day} {month} 2026"), ("de", "{day}. {month} 2026"), ("fr", "{day} {month} 2026")]
)
def test_days_with_their_month_are_read_as_dateparser_reads_them(
    day: int, month: int, language: str, form: str
) -> None:
    from babel.dates import format_date

    name = format_date(date(2026, month, 1), "MMMM", locale=language)
    text = form.format(day=day, month=name)
    read = dateparser.parse(text, languages=[language], settings={"DATE_ORDER": "DMY"})
    assert read is not None
    assert found("date", text) == [read.date()]


@pytest.mark.parametrize(
    ("text", "line", "town", "postcode"),
    [
        ("12, rue des Lilas, 44000 Nantes", "12, rue des Lilas", "Nantes", "44000"),
        ("10 rue de la Paix 75002 Paris", "10 rue de la Paix", "Paris", "75002"),
        ("Torstr. 5 in 10119 Berlin", "Torstr. 5", "Berlin", "10119"),
        ("Straße des 17. Juni 135, 10623 Berlin", "Straße des 17. Juni 135", "Berlin", "10623"),
        ("Flat 2, 15 Park Row, Bristol, BS1 5LJ", "Flat 2, 15 Park Row", "Bristol", "BS1 5LJ"),
        ("Rose Cottage, Mill Lane, Bath, BA1 1AA", "Rose Cottage, Mill Lane", "Bath", "BA1 1AA"),
        ("order 1042 goes to 101 Mill Road, Springfield, IL 62701", "101 Mill Road", "Springfield", "62701"),
    ],
)
def test_addresses_are_read_as_customers_set_them(text: str, line: str, town: str, postcode: str) -> None:
    read = read_address(text)
    assert read is not None
    assert (read.line1, read.city, read.postcode) == (line, town, postcode)


@pytest.mark.parametrize("text", ["3 days ago, order 1042, Dublin", "4 of them, 2000 points", "3 Tassen, 1042 Teile"])
def test_counts_and_orders_are_no_addresses(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("Lampe kaputt", "en", "de"),
        ("Lieferzeit?", "en", "de"),
        ("Passwort vergessen", "en", "de"),
        ("tasse cassée", "en", "fr"),
        ("quel délai ?", "en", "fr"),
        ("still waiting", "fr", "en"),
        ("Recycling?", "de", "de"),
        ("grazie mille", "en", "it"),
        ("Hans Müller, Hauptstraße 5, Berlin", "en", "en"),
        ("the Harbour Jacket", "de", "de"),
        ("die cut stickers in stock?", "en", "en"),
        ("1042", "de", "de"),
        ("", "fr", "fr"),
    ],
)
def test_short_texts_tell_their_language_or_keep_the_conversations(text: str, before: str, expected: str) -> None:
    assert detect_language(text, default=before, languages=("en", "de", "fr")) == expected


_WORDS = st.sampled_from(
    [
        "order", "10 42", "#1042", "one", "zero", "four", "two", "ada", "at", "example", "dot com", "@", "ada@example.com",
        "086 123 4567", "+353", "(0)", "last", "Friday", "next week", "the 12th", "3 May", "vor", "zwei", "Wochen", "le 12", "fifty",
        "euros", "20-50", "€", "half a dozen", "mugs", "qty 3", "UK", "size 8", "50x70 cm", "dark", "blue", "forrest green", "Mrs", "tea pot",
        "Harbour Jacket", "12, rue", "Berlin", "10119", "%", "\n", ",", "\u200b", "\x00", "é", "日本", "🎉",
    ]
)  # fmt: skip
_TEXTS = st.lists(_WORDS, max_size=16).map(" ".join) | st.text(max_size=120)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(text=_TEXTS)
def test_a_slot_is_a_piece_of_the_message_and_is_read_alike_twice(kind: str, text: str) -> None:
    first = [
        slot
        for slot in read_slots(text, now=NOW, order_pattern=r"#?1\d{3}", vocabulary=SHOP, country="IE")
        if slot.kind == kind
    ]
    again = [
        slot
        for slot in read_slots(text, now=NOW, order_pattern=r"#?1\d{3}", vocabulary=SHOP, country="IE")
        if slot.kind == kind
    ]
    assert first == again
    for slot in first:
        assert 0 <= slot.start < slot.end <= len(text)
        assert text[slot.start : slot.end] == slot.text


def _with_check_digit(figures: str) -> str:
    total = sum(
        (2 * int(c) - 9 if 2 * int(c) > 9 else 2 * int(c)) if n % 2 == 0 else int(c)
        for n, c in enumerate(reversed(figures))
    )
    return figures + str(-total % 10)


@settings(max_examples=80, deadline=None)
@given(
    st.text("0123456789", min_size=14, max_size=14).map("4{}".format),
    st.sampled_from(["", " ", "-"]),
    st.sampled_from(["", "order ", "call ", "my card is ", "IBAN ", "€"]),
)
def test_a_card_number_is_in_no_slot_and_in_no_masked_text(figures: str, mark: str, before: str) -> None:
    card = _with_check_digit(figures)
    text = f"{before}{mark.join(card[n : n + 4] for n in range(0, 16, 4))} thanks"
    plain = re.sub(r"\D", "", masked(text))
    assert card not in plain
    assert len(plain) <= 4
    if before != "€":
        for slot in read_slots(text, now=NOW, order_pattern=r"#?\d{4}", vocabulary=SHOP, country="IE"):
            assert re.sub(r"\D", "", slot.text) not in card or not any(char.isdigit() for char in slot.text)


@pytest.mark.parametrize(
    "unit",
    [
        "1042 ", "a@", "1,", "+1 (", "pip one ", "ada at ", "one zero ", "12, rue ", "Aa.", "20-", "last ", "Friday ", "the 1 ", "f*", "!?",
        "<b>", "\u200b", "\x00", "\ud800", "🎉", "日本", "a b c d ", "forest ", "no ", "4111 1111 ", "und ", "2 x ", "W32 ",
    ],
)  # fmt: skip
def test_a_megabyte_costs_no_more_than_what_is_read_of_it(unit: str) -> None:
    """The same first characters give the same slots and signals, however much follows: what follows is not looked at."""
    text = unit * (1_000_000 // len(unit))
    short = text[:8_000]
    options: dict[str, Any] = {"now": NOW, "order_pattern": r"#?1\d{3}", "vocabulary": SHOP, "country": "IE"}
    assert [slot.value for slot in read_slots(text, **options) if slot.kind != "yes_no"] == [
        slot.value for slot in read_slots(short, **options) if slot.kind != "yes_no"
    ]
    assert read_signals(text).noticed() == read_signals(short).noticed()
    assert read_address(text) == read_address(short)
