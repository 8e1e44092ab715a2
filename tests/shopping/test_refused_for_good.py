"""What is refused for an allergy in the shop's own fields stays refused for the whole conversation, whatever is looked for next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shopping.shopping_cases import NOW, ids

from convagent.catalog import Catalog
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.wishes.model import Wish
from convagent.facts import Money, Product, Variant
from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.case import ShoppingCase
from convagent.shopping.keeping_safe import is_safe
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ActKind, ShoppingAct, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.wishing import held_wish, holds, merged, wish_by_now, wish_read
from convagent.shopping.wording import Sentences


def food(number: int, kind: str, protein: str, *, options: tuple[str, ...] = ()) -> Product:
    price = Money.of(10 + number, "EUR")
    variants = tuple(
        Variant(
            id=f"{number}-{place}", price=price, available=True, options={"Flavour": each} if each else {}
        ) for place, each in enumerate(options or ("",))
    )  # fmt: skip
    said = {"flavour": protein} if protein else {}
    return Product(
        id=str(number), title=f"Number {number}", kind=kind, price=price, attributes=said, variants=variants, status="active",
    )  # fmt: skip


SHOP = Catalog.from_products(
    [
        food(1, "Dry food", "Chicken"), food(2, "Dry food", "Beef"), food(3, "Treats", "Chicken"), food(4, "Treats", "Duck"),
        food(5, "Treats", "Beef; Chicken"), food(6, "Treats", "", options=("Chicken", "Duck")), food(7, "Lead", ""),
    ]
)  # fmt: skip


def at_work(text: str, kind: ActKind, state: ShoppingState) -> ShoppingCase:
    return ShoppingCase(
        catalog=SHOP, text=text, act=ShoppingAct(kind, 0.9, state.active), state=state,
        asker=Asker(Sentences(Wording("en", NOW)), NOW), rules=SellingRules(),
    )  # fmt: skip


ALLERGIC = "dry food please, my dog is allergic to chicken"


def test_what_is_refused_for_an_allergy_is_held() -> None:
    held = held_wish([wish_read(SHOP, ALLERGIC), wish_read(SHOP, "a lead")])
    assert [str(each) for each in held.fields] == ["not flavour: Chicken"]
    assert held.allergic


def test_what_is_refused_as_a_matter_of_taste_is_not() -> None:
    wish = wish_read(SHOP, "dry food without chicken")
    assert wish.fields
    assert not holds(wish)
    assert held_wish([wish]).fields == ()


@pytest.mark.parametrize("text", ["treats please", "do you have treats?", "what treats with beef do you have?"])
def test_nothing_that_says_it_is_shown_for_another_wish(text: str) -> None:
    first = looked_for(at_work(ALLERGIC, "find", ShoppingState()))
    assert ids(first) == ("2",)
    shown = ids(looked_for(at_work(text, "find", first.state)))
    assert not {"1", "3", "5"} & set(shown)
    assert "7" in ids(looked_for(at_work("a lead", "find", first.state)))


@pytest.mark.parametrize(("product", "safe"), [("1", False), ("2", True), ("5", False), ("6", True), ("7", True)])
def test_a_product_is_safe_that_has_a_variant_without_it(product: str, safe: bool) -> None:
    found = SHOP.product(product)
    assert found is not None
    wish = wish_read(SHOP, "he is allergic to chicken")
    assert is_safe(at_work("treats", "find", ShoppingState()), found, wish) is safe


VALUES = st.lists(st.sampled_from(("chicken", "beef", "duck", "lamb")), min_size=1, max_size=2, unique=True).map(tuple)
DEMANDS = st.builds(
    FieldDemand, fields=st.just(("flavour",)), values=VALUES, refused=st.booleans()
)  # fmt: skip
LATER = st.builds(
    Wish, kinds=st.sampled_from(((), ("treat",), ("lamp",))), fields=st.lists(DEMANDS, max_size=2).map(tuple)
)


@given(values=VALUES, later=st.lists(LATER, max_size=4))
def test_no_later_message_takes_it_back(values: tuple[str, ...], later: list[Wish]) -> None:
    refused = FieldDemand(("flavour",), values, refused=True)
    first = Wish(kinds=("dog food",), fields=(refused,), without=("grain",), allergic=True)
    now = wish_by_now([first, *later])
    assert refused in now.fields
    assert "grain" in now.without
    assert now.allergic


def test_a_taste_is_taken_back_by_wanting_it_and_by_nothing_else() -> None:
    refused = Wish(fields=(FieldDemand(("flavour",), ("chicken",), refused=True),))
    assert refused.fields[0] in merged(refused, Wish(fields=(FieldDemand(("flavour",), ("beef",)),))).fields
    assert refused.fields[0] not in merged(refused, Wish(fields=(FieldDemand(("flavour",), ("chicken",)),))).fields
