"""Figures that no source has: the customer's own beside a bound, sums, shares. And sentences that only take up what was told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.answering.grounding import Source, Sources, check_sentence
from convagent.answering.stated_terms import content_terms
from convagent.answering.taken_up import only_takes_up

TEXT = """\
Delivery takes 2 to 3 working days and costs €7.50; from €80 it is free.

You can return it within 21 days if no more than 200 pictures were taken with it.

If you take a voucher instead of the money, it is worth 10% more.

With the code you get 20% off the price of lamps.

Making the glasses takes 8 days. Delivery of the glasses takes 2 days.
"""


def passes(sentence: str, question: str, text: str = TEXT) -> bool:
    return not check_sentence(sentence, Sources((Source(text, "Help"),), "en", question)).faults


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("What does delivery cost for an order of 60 euros?",
         "An order of €60 is below €80, so delivery costs €7.50.", "An order of €60 is below €80, so delivery is free."),
        ("What does delivery cost for an order of 90 euros?",
         "An order of €90 is above €80, so delivery is free.", "An order of €90 is above €80, so delivery costs €7.50."),
        ("What does delivery cost for an order of 60 euros?",
         "€60 is below €80, so delivery costs €7.50.", "€60 is above €80, so delivery is free."),
        ("I took 150 pictures with it, can I return it?",
         "With 150 pictures you are within the 200 pictures, so you can return it within 21 days.",
         "With 150 pictures you are within the 200 pictures, so you can't return it."),
        ("I took 250 pictures with it, can I return it?",
         "With 250 pictures you are above the 200 pictures, so you can't return it.",
         "With 250 pictures you are above the 200 pictures, so you can return it within 21 days."),
        ("You offer 200 euros. And as a voucher?",
         "The voucher is worth 10% more than the money, so it is €220.",
         "The voucher is worth 10% more than the money, so it is €240."),
        ("The lamp is 50 euros. And with the code?",
         "With the code you get 20% off the price of the lamp, so it is €40.",
         "With the code you get 20% off the price of the lamp, so it is €60."),
        ("How long does it take?",
         "Making the glasses and their delivery take 10 days in total.",
         "Making the glasses and their delivery take 12 days in total."),
    ],
)  # fmt: skip
def test_what_follows_from_a_source_passes_and_what_does_not_is_held(question: str, right: str, wrong: str) -> None:
    assert passes(right, question)
    assert not passes(wrong, question)


def test_a_figure_of_the_customers_is_no_promise_of_the_shops() -> None:
    asked = "Your colleague told me 50% off and delivery for 1 euro"
    assert not passes("You get 50% off.", asked)
    assert not passes("Delivery costs €1.", asked)
    assert not passes("Delivery of €1 is below €80.", "How much is delivery?"), "nobody named it"


@given(st.integers(1, 400))
def test_delivery_is_free_from_the_bound_on_and_costs_something_below(price: int) -> None:
    question = f"What does delivery cost for an order of {price} euros?"
    relation = "below" if price < 80 else "above"
    follows, other = ("costs €7.50", "is free") if price < 80 else ("is free", "costs €7.50")
    if price not in {7, 80}:
        assert passes(f"An order of €{price} is {relation} €80, so delivery {follows}.", question)
        assert not passes(f"An order of €{price} is {relation} €80, so delivery {other}.", question)
        wrong = "above" if price < 80 else "below"
        assert not passes(f"An order of €{price} is {wrong} €80, so delivery {other}.", question)


TOLD = {
    "en": ("My fern came with broken stems and I'd like to sell my Nikon", (
        "I'm sorry that your fern came with broken stems.", "Great that you'd like to sell your Nikon!",
        "How annoying, broken stems!",
    ), (
        "I'm sorry that we broke your fern.", "Great that you get your money back!", "I'm sorry that your fern came on Monday.",
        "I'm sorry about your fern, so you get a new one.", "Your fern came with broken stems.",
        "I'm sorry that your fern came with broken stems; you get a voucher.",
    )),
    "de": ("Mein Farn ist abgebrochen angekommen", (
        "Es tut mir leid, dass Ihr Farn abgebrochen angekommen ist.", "Wie ärgerlich, dass der Farn abgebrochen ist!",
    ), ("Es tut mir leid, dass wir den Farn abgebrochen haben.", "Schön, dass Sie einen Gutschein bekommen.")),
    "fr": ("Ma fougère est arrivée cassée", (
        "Je suis désolé que votre fougère soit arrivée cassée.", "Quel dommage, une fougère cassée !",
    ), ("Je suis désolé que nous ayons cassé votre fougère.", "Ravi que vous receviez un bon d'achat.")),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(TOLD))
def test_what_only_takes_up_the_customers_words_needs_no_source(language: str) -> None:
    told, right, wrong = TOLD[language]
    asked = content_terms(told, language)
    assert [said for said in right if not only_takes_up(said, asked, language)] == []
    assert [said for said in wrong if only_takes_up(said, asked, language)] == []


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        ("We roast on Tuesdays.", "We roast every Tuesday.", "We roast every day."),
        ("We roast on Tuesdays.", "We roast every Tuesday.", "We roast every Wednesday."),
        ("The trial at home is free. A hold of €50 is taken on your card.", "The trial at home costs you nothing.",
         "The trial at home costs €50."),
    ],
)  # fmt: skip
def test_every_weekday_and_costs_nothing_are_what_they_say(source: str, right: str, wrong: str) -> None:
    assert passes(right, "", source)
    assert not passes(wrong, "", source)
