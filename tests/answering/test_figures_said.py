"""Figures in one notation: what is written otherwise is the same, what is another is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.answering.figures_said import figures_in, missing_figures


@pytest.mark.parametrize(
    ("said", "source"),
    [("two days", "2 days"), ("2 days", "within two days"), ("€1,299.00", "1.299,00 €"), ("1 299,00 €", "EUR 1299"),
     ("£12.50", "12.50 GBP"), ("£12.50", "Price: 12.50"), ("on 18 June 2026", "2026-06-18"), ("am 18. Juni", "18/06/2026"),
     ("June 18th", "18 June 2026"), ("2 pm", "14:00"), ("14 Uhr", "before 14:00"), ("14 h 30", "14:30"), ("12.5%", "12,5 %"),
     ("ten percent", "10%"), ("two weeks", "14 days"), ("a 30-day window", "within 30 days"), ("twenty-five euros", "€25.00"),
     ("5 to 7 business days", "5 bis 7 Arbeitstage"), ("from Monday", "Montag bis Freitag"), ("www.shop.example/a/", "https://shop.example/a"),
     ("0035315550100", "+353 1 555 0100"), ("order 1042", "#1042"), ("50 cents", "€0.50"), ("le 1er juin", "1 June")],
)  # fmt: skip
def test_another_notation_is_the_same_figure(said: str, source: str) -> None:
    assert missing_figures(said, [source]) == ()


@pytest.mark.parametrize(
    ("said", "source"),
    [("5 days", "5 working days"), ("3 days", "3 hours"), ("€12.50", "£12.50"), ("€20", "20 kg"), ("20%", "20 days"),
     ("18 June 2027", "18 June 2026"), ("18 July", "18 June"), ("3 pm", "14:00"), ("one month", "30 days"), ("€4.90", "€49.00"),
     ("SAVE15", "SAVE10"), ("hello@shop.example", "hello@other.example"), ("https://shop.example/b", "https://shop.example/a"),
     ("+353 1 555 0199", "+353 1 555 0100"), ("fifty", "fifteen"), ("on Sunday", "Monday to Saturday"), ("tomorrow", "in 2 days"),
     ("in June", "in July"), ("#1042", "#1043"), ("javascript:alert(1)", "alert")],
)  # fmt: skip
def test_another_figure_is_missing(said: str, source: str) -> None:
    assert missing_figures(said, [source])


@pytest.mark.parametrize(
    "text", ["You may ask.", "So it is.", "Guten Morgen", "One of us", "un colis", "eine Tasche", "no figures here"]
)
def test_ordinary_words_are_no_figures(text: str) -> None:
    assert figures_in(text) == ()


@given(st.text(max_size=300))
def test_any_text_supports_itself(text: str) -> None:
    assert missing_figures(text, [text]) == ()


@given(st.integers(0, 9_999_999), st.sampled_from(["€{:,.2f}", "{:,.2f} EUR"]))
def test_prices_are_read_as_either_language_writes_them(cents: int, pattern: str) -> None:
    english = pattern.format(cents / 100)
    german = english.replace(",", "\0").replace(".", ",").replace("\0", ".")
    assert missing_figures(english, [german]) == ()
    assert missing_figures(german, [english]) == ()
    assert missing_figures(english, [pattern.format((cents + 1) / 100)])
