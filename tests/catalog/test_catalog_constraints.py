"""What a customer's words demand, and what is left of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Constraints, Vocabulary, read_constraints
from convagent.facts import Money

SHOP = Vocabulary(
    currency="EUR",
    sizes=frozenset({"S", "M", "L", "EU 38", "140x200", "One size"}),
    colours=frozenset({"Moss", "Oat", "Navy", "Stone Grey", "Cream"}),
)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("text", "demanded", "rest"),
    [
        ("waterproof jacket under 150", {"at_most": eur("149.99")}, "waterproof jacket"),
        ("a mug up to 20 euros", {"at_most": eur("20")}, "a mug"),
        ("lamps no more than €1,299.00", {"at_most": eur("1299")}, "lamps"),
        ("gifts over 100", {"at_least": eur("100.01")}, "gifts"),
        ("rugs from 80 €", {"at_least": eur("80")}, "rugs"),
        ("a lamp between 20 and 40", {"at_least": eur("20"), "at_most": eur("40")}, "a lamp"),
        ("20-40 € lamp", {"at_least": eur("20"), "at_most": eur("40")}, "lamp"),
        ("over 20 but under 50 mug", {"at_least": eur("20.01"), "at_most": eur("49.99")}, "but mug"),
        ("mug, 20 or less", {"at_most": eur("20")}, "mug,"),
        ("a mug, nothing over 20", {"at_most": eur("20")}, "a mug,"),
        ("a mug but I don't want to spend more than 20", {"at_most": eur("20")}, "a mug but I"),
        ("gifts, not under 50", {"at_least": eur("50")}, "gifts,"),
        ("not black over 20", {"at_least": eur("20.01"), "without_colours": ("black",)}, ""),
        ("my budget is 80, a lamp", {"at_most": eur("80")}, ", a lamp"),
        ("gifts for under 30 pounds", {"at_most": Money.of("29.99", "GBP")}, "gifts"),
        ("Jacke unter 100 €", {"at_most": eur("99.99")}, "Jacke"),
        ("Lampe ab 1.500 Euro", {"at_least": eur("1500")}, "Lampe"),
        ("pull moins de 30,50 euros", {"at_most": eur("30.49")}, "pull"),
        ("lampe entre 20 et 40 euros", {"at_least": eur("20"), "at_most": eur("40")}, "lampe"),
    ],
)
def test_prices_are_read_in_three_languages(text: str, demanded: dict[str, Any], rest: str) -> None:
    read = read_constraints(text, SHOP)
    assert read.constraints == Constraints(**demanded)
    assert read.rest == rest


@pytest.mark.parametrize(
    "text",
    [
        "toys for children under 3",
        "a shelf under 5 kg",
        "a desk with at least 3 drawers",
        "from 3 to 6 years",
        "a table for 2 to 4 people",
        "pillow over 2 years old",
        "SPF over 30",
        "night cream",
        "green tea",
        "black pepper mill",
        "olive oil soap",
        "a gold medal",
        "a medium roast",
        "large lamp",
        "what size should I take",
        "which colours do you have",
        "pip one s",
        "not in stock",
    ],
)
def test_what_demands_nothing_is_left_alone(text: str) -> None:
    read = read_constraints(text, SHOP)
    assert read.constraints == Constraints()
    assert read.rest == text


@pytest.mark.parametrize(
    ("text", "demanded", "rest"),
    [
        ("black jumper", {"colours": ("black",)}, "jumper"),
        ("black, white or navy jumper", {"colours": ("black", "white", "navy")}, "jumper"),
        ("a gray rug", {"colours": ("grey",)}, "a rug"),
        ("jumper in Moss", {"colours": ("moss",)}, "jumper"),
        ("jumper in moss or stone grey", {"colours": ("moss", "stone grey")}, "jumper"),
        ("a sofa in cream", {"colours": ("cream",)}, "a sofa"),
        ("cream coloured sofa", {"colours": ("cream",)}, "sofa"),
        ("throw in a dark green", {"colours": ("green",)}, "throw"),
        ("jumper not black", {"without_colours": ("black",)}, "jumper"),
        ("anything but black, white or red", {"without_colours": ("black", "white", "red")}, ""),
        ("neither black nor white", {"without_colours": ("black", "white")}, ""),
        ("green jumper, but not moss", {"colours": ("green",), "without_colours": ("moss",)}, "jumper, but"),
        ("green jumper not in moss", {"colours": ("green",), "without_colours": ("moss",)}, "jumper"),
        ("schwarze Jacke", {"colours": ("black",)}, "Jacke"),
        ("Jacke, nicht schwarz", {"without_colours": ("black",)}, "Jacke,"),
        ("veste pas noire", {"without_colours": ("black",)}, "veste"),
    ],
)
def test_colours_are_asked_for_and_refused(text: str, demanded: dict[str, Any], rest: str) -> None:
    read = read_constraints(text, SHOP)
    assert read.constraints == Constraints(**demanded)
    assert read.rest == rest


@pytest.mark.parametrize(
    ("text", "sizes", "rest"),
    [
        ("jumper in size M", ("M",), "jumper"),
        ("jumper size m or l", ("m", "l"), "jumper"),
        ("boots size 7.5", ("7.5",), "boots"),
        ("jacket in a medium", ("medium",), "jacket"),
        ("coat XL", ("XL",), "coat"),
        ("boots UK 8", ("UK 8",), "boots"),
        ("bedding in 140x200", ("140x200",), "bedding"),
        ("Kleid Größe 38", ("38",), "Kleid"),
    ],
)
def test_sizes_are_read_where_a_word_or_the_catalog_says_so(text: str, sizes: tuple[str, ...], rest: str) -> None:
    read = read_constraints(text, SHOP)
    assert read.constraints == Constraints(sizes=sizes)
    assert read.rest == rest


@pytest.mark.parametrize("text", ["mugs in stock", "mugs that are in stock", "mugs auf Lager", "mugs en stock"])
def test_in_stock_is_read(text: str) -> None:
    read = read_constraints(text, SHOP)
    assert read.constraints == Constraints(in_stock=True)
    assert read.rest == "mugs"


def test_several_demands_are_read_together() -> None:
    read = read_constraints("waterproof jacket, not black, size M, in stock, under €150 please", SHOP)
    assert read.constraints == Constraints(
        at_most=eur("149.99"), sizes=("M",), without_colours=("black",), in_stock=True
    )
    assert "waterproof jacket" in read.rest
    assert not {"black", "150", "M", "stock"} & set(read.rest.replace(",", " ").split())


def test_words_that_are_spared_are_never_read() -> None:
    text = "The Little Black Notebook in black"
    read = read_constraints(text, SHOP, spare=[(0, 25)])
    assert read.constraints == Constraints(colours=("black",))
    assert read.rest == "The Little Black Notebook"
    assert [text[start:end] for start, end in read.spans] == ["in black"]


def test_yen_have_no_cents() -> None:
    read = read_constraints("mug under 1500", Vocabulary(currency="JPY"))
    assert read.constraints.at_most == Money.of("1499", "JPY")


WORDS = """
under over between and 20 40 € not black in moss size M or , - from to XL stock pip one s < £5.5 für ab 1,299 tea
"""
words = st.sampled_from(WORDS.split())


@settings(deadline=None)
@given(st.lists(words, max_size=14).map(" ".join) | st.text(max_size=60))
def test_reading_takes_only_words_of_the_text_and_never_twice(text: str) -> None:
    read = read_constraints(text, SHOP)
    assert all(0 <= start < end <= len(text) for start, end in read.spans)
    assert all(first[1] <= second[0] for first, second in zip(read.spans, read.spans[1:], strict=False))
    left = "".join(" " if any(start <= at < end for start, end in read.spans) else c for at, c in enumerate(text))
    assert read.rest.split() == left.split()
    assert not set(read.constraints.colours) & set(read.constraints.without_colours)
