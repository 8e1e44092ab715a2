"""How values read in English, German and French, pinned word for word; and what customers call things."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.guidance.reader import NOW, eur, make_line, make_method, make_order

from convagent.facts import Address, Customer, Money, Order, PaymentMethod, Product, Subscription, Variant
from convagent.guidance.values import UNKNOWN, Duration, Line, Percent
from convagent.guidance.wording import Wording, aliases, label

TODAY = NOW.date()
LAMP, BRIGHT = make_line("lamp", quantity=2, variant="red / M"), make_line("bright lamp")

GOLDEN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "money": "€1,234.50", "debt": "-€5.00", "yen": "JP¥1,500", "number": "1,234.5", "date": "16 June 2026", "day": "Tuesday 16 June",
        "time": "14:30", "list": "a, b and c", "pair": "a and b", "moment": "16 June 2026, 14:30", "percent": "12.5%", "yes": "yes",
        "days": "2.5 days", "business": "1 business day", "mixed": "€1.00 and 16 June 2026",
    },
    "de": {
        "money": "1.234,50 €", "debt": "-5,00 €", "yen": "1.500 ¥", "number": "1.234,5", "date": "16. Juni 2026", "day": "Dienstag, 16. Juni",
        "time": "14:30", "list": "a, b und c", "pair": "a und b", "moment": "16. Juni 2026, 14:30", "percent": "12,5 %", "yes": "ja",
        "days": "2,5 Tage", "business": "1 Werktag", "mixed": "1,00 € und 16. Juni 2026",
    },
    "fr": {
        "money": "1 234,50 €", "debt": "-5,00 €", "yen": "1 500 JPY", "number": "1 234,5", "date": "16 juin 2026", "day": "mardi 16 juin",
        "time": "14:30", "list": "a, b et c", "pair": "a et b", "moment": "16 juin 2026, 14:30", "percent": "12,5 %", "yes": "oui",
        "days": "2,5 jours", "business": "1 jour ouvré", "mixed": "1,00 € et 16 juin 2026",
    },
}  # fmt: skip
RELATIVE = {
    "en": {-400: "400 days ago", -2: "2 days ago", -1: "yesterday", 0: "today", 1: "tomorrow", 2: "in 2 days", 13: "in 13 days"},
    "de": {-400: "vor 400 Tagen", -2: "vor 2 Tagen", -1: "gestern", 0: "heute", 1: "morgen", 2: "in 2 Tagen", 13: "in 13 Tagen"},
    "fr": {-400: "il y a 400 jours", -2: "il y a 2 jours", -1: "hier", 0: "aujourd'hui", 1: "demain", 2: "dans 2 jours", 13: "dans 13 jours"},
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(GOLDEN))
def test_values_read_as_the_language_writes_them(language: str) -> None:
    words = Wording(language, NOW)
    noon = datetime(2026, 6, 16, 13, 30, tzinfo=UTC)
    found = {
        "money": words.money(eur("1234.50")), "debt": words.money(eur(-5)), "yen": words.money(Money.of(1500, "JPY")),
        "number": words.number(Decimal("1234.5")), "date": words.date(noon), "day": words.day(TODAY), "time": words.time(noon),
        "list": words.list(("a", "b", "c")), "pair": words.list(("a", "b")), "moment": words.text(noon),
        "percent": words.text(Percent(Decimal("12.5"))), "yes": words.text(value=True), "days": words.text(Duration(Decimal("2.5"), "days")),
        "business": words.text(Duration(Decimal(1), "business days")), "mixed": words.text((eur(1), TODAY)),
    }  # fmt: skip
    assert found == GOLDEN[language]


@pytest.mark.parametrize("language", sorted(RELATIVE))
def test_days_seen_from_today_are_told_to_the_day(language: str) -> None:
    words = Wording(language, NOW)
    assert {days: words.relative(TODAY + timedelta(days=days)) for days in RELATIVE[language]} == RELATIVE[language]


@given(st.integers(-3_000, 3_000))
def test_a_relative_day_names_no_other_day(days: int) -> None:
    text = Wording("en", NOW).relative(TODAY + timedelta(days=days))
    if abs(days) > 1:
        assert str(abs(days)) in text


def test_days_and_times_are_the_shops() -> None:
    late = datetime(2026, 6, 16, 23, 30, tzinfo=UTC)
    words = Wording("en", NOW)
    assert words.date(late) == "17 June 2026"
    assert words.time(late) == "00:30"
    assert words.relative(late) == "tomorrow"
    tokyo = Wording("en", NOW.astimezone(ZoneInfo("Asia/Tokyo")))
    assert tokyo.time(late) == "08:30"


def test_a_moment_without_a_zone_is_taken_as_the_shops_own() -> None:
    naive = datetime(2026, 6, 16, 23, 30)
    assert (Wording("en", NOW).date(naive), Wording("en", NOW).time(naive)) == ("16 June 2026", "23:30")


@pytest.mark.parametrize("language", ["xx", "", "EN-us", "de-AT", "zh"])
def test_other_languages_fall_back_without_a_crash(language: str) -> None:
    words = Wording(language, NOW)
    assert words.money(eur(5)) == ("5,00 €" if language.startswith("de") else "€5.00")
    assert words.relative(TODAY)


def test_pairs_and_lines_stand_one_below_the_other() -> None:
    words = Wording("en", NOW)
    changed = Line(LAMP, {"replacement": BRIGHT, "colour": "blue"})
    assert words.pairs((changed,)) == "2 × lamp (red / M) → bright lamp"
    assert words.pairs((changed, BRIGHT)) == "- 2 × lamp (red / M) → bright lamp\n- bright lamp"
    assert words.pairs((changed,), "colour") == "2 × lamp (red / M) → blue"
    assert words.pairs((changed,), "size") == "2 × lamp (red / M)"
    assert words.pairs(()) == ""
    assert words.lines((LAMP, "b")) == "- 2 × lamp (red / M)\n- b"
    assert (words.count((1, 2)), words.count("a"), words.list(()), words.list("a")) == ("2", "1", "", "a")


@pytest.mark.parametrize(
    ("value", "called"),
    [
        (None, ""), (True, "yes"), (Decimal("2.50"), "2.5"), (Decimal(100), "100"), (make_order("#7"), "#7"), (LAMP, "2 × lamp (red / M)"),
        (make_line("rug"), "rug"), (Variant(id="v", options={"Size": "M", "Colour": "red"}, price=eur(1)), "M / red"),
        (Variant(id="v", title="Moss", price=eur(1)), "Moss"), (Variant(id="v", price=eur(1)), "v"), (Product(id="p", title="Lamp"), "Lamp"),
        (make_method("Visa"), "Visa"), (PaymentMethod(id="x", kind="paypal"), "paypal"),
        (Address(line1="1 Quay", city="Cork", postcode="T12", country="IE"), "1 Quay, T12 Cork, IE"), (Subscription(id="S", status="active"), "S"),
        (Subscription(id="S", status="active", items=(make_line("tea"), make_line("mug"))), "tea and mug"),
        (Customer(first_name="Ada", last_name="L"), "Ada L"), (Customer(email="a@b.ie"), "a@b.ie"), (Customer(), ""), ({"name": "N", "id": 1}, "N"),
        ({"a": Decimal(1), "b": "c"}, "a: 1, b: c"), (("a", Decimal(1)), "a, 1"), (UNKNOWN, "?"), (Line(LAMP), "2 × lamp (red / M)"),
    ],
)  # fmt: skip
def test_what_customers_call_things(value: Any, called: str) -> None:
    assert label(value) == called


def test_what_else_customers_may_call_things() -> None:
    line = make_line(
        "Pip", id="1-1", variant="Moss / M", options={"Colour": "Moss", "Waterproof": "yes"}, sku="PP", variant_id="V"
    )
    assert aliases(line) == ("Pip", "Moss / M", "Moss", "PP", "1-1", "V")
    assert aliases(Order(id="#1", status="x", items=(line,))) == ("Pip",)
    assert aliases("text") == ()
