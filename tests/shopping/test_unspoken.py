"""Nothing is said to fit that says nothing of what was asked for: the shop says what no product speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shopping.shopping_cases import NOW, at_work, ids, said

from convagent.catalog import Catalog
from convagent.facts import Money, Product, Variant
from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.case import ShoppingCase
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ShoppingAct, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.wording import Sentences

FITS = ("fit:", "würde passen", "conviendrait")


def drum(number: int, *, description: str = "", **fields: str) -> Product:
    price = Money.of(50 + number, "EUR")
    return Product(
        id=f"drum-{number}", title=f"Number {number}", kind="Drum", price=price, description=description, status="active",
        attributes={name.replace("_", " "): each for name, each in fields.items()},
        variants=(Variant(id=f"drum-{number}-v", price=price, available=True),),
    )  # fmt: skip


def looked_in(catalog: Catalog, text: str, language: str = "en") -> str:
    asker = Asker(Sentences(Wording(language, NOW)), NOW)
    case = ShoppingCase(
        catalog=catalog, text=text, act=ShoppingAct("find", 0.9, True), state=ShoppingState(), asker=asker,
        rules=SellingRules(),
    )  # fmt: skip
    return said(looked_for(case))


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("a silk blouse", "en", "“silk”"),
        ("a vegan candle", "en", "“vegan”"),
        ("eine vegane Kerze", "de", "„vegane“"),
        ("une bougie végane", "fr", "« végane »"),
        ("a blanket for camping", "en", "“camping”"),
    ],
)
def test_what_nothing_speaks_of_is_said_and_nothing_is_said_to_fit(text: str, language: str, word: str) -> None:
    advice = looked_for(at_work(text, "find", language=language))
    assert ids(advice)
    assert word in str(advice.lines[0])
    assert not any(claim in said(advice) for claim in FITS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a linen shirt", "en"),
        ("a waterproof jacket", "en"),
        ("eine wasserdichte Jacke", "de"),
        ("a hat against the sun", "en"),
        ("a warm jumper", "en"),
        ("my old leather sofa needs a rug", "en"),
    ],
)
def test_what_they_say_themselves_fits(text: str, language: str) -> None:
    advice = looked_for(at_work(text, "find", language=language))
    assert ids(advice)
    assert any(claim in said(advice) for claim in FITS)


DRUMS = Catalog.from_products([drum(n, skin=each) for n, each in enumerate(("mesh", "calf", "nylon"))])


def test_words_that_were_passed_over_are_no_fit() -> None:
    told = looked_in(DRUMS, "something with a mesh skin that nobody hears upstairs")
    assert told.startswith("I find nothing that speaks of that. By all the rest:")


def test_a_preference_that_nothing_meets_is_said() -> None:
    catalog = Catalog.from_products([drum(1, skin="mesh", wood="birch"), drum(2, skin="calf", wood="oak")])
    assert "“oak”" in looked_in(catalog, "I need a drum with a mesh skin. Ideally in oak.")
    assert "“" not in looked_in(catalog, "I need a drum with a mesh skin. Ideally in birch.")


@given(said_so=st.lists(st.booleans(), min_size=1, max_size=4))
def test_they_fit_where_one_of_them_says_so(said_so: list[bool]) -> None:
    catalog = Catalog.from_products(
        drum(n, description="A vegan drum." if each else "A drum.") for n, each in enumerate(said_so)
    )
    assert any(claim in looked_in(catalog, "a vegan drum") for claim in FITS) is any(said_so)
