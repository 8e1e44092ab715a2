"""The shopping assistant on the demo shop's catalog: what it shows, asks and offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.catalog.choosing import meets
from convagent.facts import Cart, Customer, Discount, Money
from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.assistant import ShoppingAssistant
from convagent.shopping.model import ACT_KINDS, Advice, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.wishing import wish_by_now
from convagent.shopping.wording import Sentences

PRODUCTS = Path(__file__).resolve().parents[2] / "knowledge" / "catalog" / "products.csv"
NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not PRODUCTS.is_file(), reason="the demo shop has no knowledge/catalog/products.csv")


@cache
def catalog() -> Catalog:
    return Catalog.from_file(PRODUCTS, currency="EUR")


@cache
def assistant(**rules: object) -> ShoppingAssistant:
    return ShoppingAssistant(
        catalog(),
        SellingRules.model_validate(
            {
                "strategy": "rare", "percent": 10, "code": "SAVE10", "minimum_cart": "60.00 EUR", "unknown_cost": "allow",
                "promotions": [{"code": "WELCOME10", "percent": 10, "first_order": True}], **rules,
            }
        ),
        guides={"Help me choose something": "find", "It costs more": "price"},
    )  # fmt: skip


def asker(*, language: str = "en", mood: int = 0, **known: object) -> Asker:
    return Asker(sentences=Sentences(Wording(language, NOW)), now=NOW, mood=mood, **known)  # type: ignore[arg-type]


def cart(product: str, price: str) -> Cart:
    return Cart.model_validate(
        {
            "items": [
                {"id": "L1", "name": product, "product_id": product, "quantity": 1,
                 "price": {"amount": price, "currency": "EUR"}}
            ],
            "total": {"amount": price, "currency": "EUR"},
        }
    )  # fmt: skip


def buyer(**known: object) -> Asker:
    customer = Customer.model_validate({"id": "C1", "email": "nora@example.com", "verified": True})
    return asker(customer=customer, cart=cart("the-uninvited-aunt-dress", "165.00"), discounts=(), **known)  # type: ignore[arg-type]


def talk(*texts: str, who: Asker | None = None, about: str = "") -> list[Advice]:
    """One advice for each message, each on the state that the one before left."""
    state, given_advice = ShoppingState(), []
    for text in texts:
        advice = assistant().advise(text, state, who or asker(), about=about)
        given_advice.append(advice)
        state = advice.state
    return given_advice


# ---- a discount
TOO_DEAR = ("165 is too expensive for a dress.", "None of those, I want this one. But it's so expensive.")


def test_something_cheaper_comes_before_the_discount() -> None:
    first, second = talk(*TOO_DEAR, who=buyer())
    assert first.offer is None
    assert first.picks
    assert all(pick.product.price is not None and pick.product.price.minor < 16500 for pick in first.picks)
    assert second.offer is not None
    assert second.offer.code == "SAVE10"


@pytest.mark.parametrize("mood", [1, 2, 3])
def test_nobody_upset_is_offered_a_discount(mood: int) -> None:
    every = talk(*TOO_DEAR, "It's too expensive!", who=buyer(mood=mood))
    assert all(advice.offer is None for advice in every)


def test_after_a_yes_the_code_is_not_offered_again() -> None:
    last = talk(*TOO_DEAR, "ok, yes please!", who=buyer())[-1]
    assert last.offer is None
    assert "SAVE10" in " ".join(last.lines)


def test_who_wants_no_discount_gets_none_later() -> None:
    *_, declined, after = talk(*TOO_DEAR, "No discount, thanks.", "It's still too expensive.", who=buyer())
    assert declined.state.no_discount
    assert after.offer is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "do you have a discount code for me?"),
        ("de", "Haben Sie einen Rabattcode für mich?"),
        ("fr", "Avez-vous un code de réduction pour moi ?"),
    ],
)
def test_nobody_gets_a_discount_for_the_asking(language: str, text: str) -> None:
    state = ShoppingState(about="the-uninvited-aunt-dress", shown=("the-uninvited-aunt-dress",))
    who = replace(buyer(), sentences=Sentences(Wording(language, NOW)))
    advice = assistant().advise(text, state, who, about="price")
    assert advice.offer is None
    assert advice.lines
    assert "SAVE10" not in " ".join(advice.lines)


def test_a_code_of_their_own_is_named_in_place_of_another() -> None:
    own = Discount.model_validate({"code": "MINE15", "percent": 15, "status": "active"})
    who = replace(buyer(), discounts=(own,))
    last = talk(*TOO_DEAR, who=who)[-1]
    assert last.offer is None
    assert "MINE15" in " ".join(last.lines)


# ---- what is declined, and how much is shown and asked
def test_a_kind_that_is_declined_is_not_shown_again() -> None:
    first, second, third = talk(
        "What goes with the Harbour Jacket?", "No jumper, thanks.", "What else would go with the jacket?"
    )
    jumpers = {pick.product.id for pick in first.picks if "jumper" in pick.product.title.casefold()}
    assert jumpers
    assert jumpers <= set(second.state.declined)
    assert third.picks
    assert jumpers.isdisjoint(pick.product.id for pick in third.picks)


def test_what_is_declined_altogether_is_not_shown_again() -> None:
    first, _, third = talk("Do you have candles?", "none of these, not my taste", "Do you have candles?")
    assert first.picks
    assert {pick.product.id for pick in first.picks}.isdisjoint(pick.product.id for pick in third.picks)


@pytest.mark.parametrize("start", ["I need a present", "can you recommend something?", "Je cherche un cadeau."])
def test_at_most_two_questions_come_in_a_row(start: str) -> None:
    every = talk(start, "hmm", "well", "er", "hm hm")
    asked = "".join("?" if advice.question else "." for advice in every)
    assert asked.startswith("?")
    assert "???" not in asked


def test_what_is_vague_is_asked_about_and_not_handed_over() -> None:
    (advice,) = talk("can you recommend something?")
    assert advice.question
    assert advice.hand_over is None


# ---- what leans on what was said
def test_the_price_of_what_was_shown_is_told() -> None:
    for texts, language in (
        (("Tell me about the Little Parliament Table", "How much is it?"), "en"),
        (("Avez-vous une petite table pour ma fille de 3 ans ?", "Combien coûte-t-elle ?"), "fr"),
    ):
        last = talk(*texts, who=asker(language=language))[-1]
        assert "189" in " ".join(last.lines)


def test_and_another_kind_keeps_what_was_demanded() -> None:
    first, second = talk("I'm looking for a candle under 20 euros", "And a mug?")
    assert first.picks
    assert second.picks
    assert all(pick.product.price is not None and pick.product.price.minor <= 2000 for pick in second.picks)


def test_a_name_counts_however_it_is_inflected() -> None:
    advice = assistant().advise("do the cobble boots run small?", ShoppingState(), asker(), about="fit")
    assert advice.state.about == "the-cobble-boot" or "Cobble Boot" in f"{advice.question} {advice.lines}"


@pytest.mark.parametrize(
    "text",
    ["Where is my order #1045?", "My pan has gone rusty", "the jacket isn't waterproof any more", "cancel my subscription",
     "What does it cost to have a bed delivered?"],
)  # fmt: skip
def test_support_comes_before_selling(text: str) -> None:
    shown = ShoppingState(shown=("the-harbour-jacket",), about="the-harbour-jacket", said=("a jacket",))
    assert assistant().act(text, ShoppingState()) is None
    assert assistant().act(text, shown) is None


def test_what_the_shop_never_had_is_nothing_to_look_for() -> None:
    assert not assistant().has("Do you have a phone number?")
    assert assistant().has("Do you have a teapot?")


# ---- laws
IDS = st.deferred(lambda: st.sampled_from([product.id for product in catalog().products]))
MANY_IDS = st.lists(IDS, max_size=4, unique=True).map(tuple)
WORDS = st.sampled_from(
    ["I need", "a jacket", "under 50 euros", "in green", "not black", "size M", "without nuts", "a mug", "for a child of 3",
     "cheaper", "what else", "the second one", "no", "yes please", "compare them", "too expensive", "which size",
     "what goes with it", "Ich suche", "eine Kerze", "bis 20 Euro", "ohne Lavendel", "je cherche", "un cadeau", "?", "any",
     "the Harbour Jacket", "Pip One", "no jumper", "which shade", "something similar", "as a set", "discount", "gluten-free"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
STATES = st.builds(
    ShoppingState, said=st.lists(TEXTS, max_size=3).map(tuple), shown=MANY_IDS, seen=MANY_IDS, declined=MANY_IDS,
    about=st.one_of(st.just(""), IDS, st.just("gone-for-ever")), asked=st.sampled_from(["", "kind", "area", "product", "relax"]),
    choices=st.lists(st.sampled_from(["at_most", "colours", "jackets"]), max_size=2).map(tuple),
    in_a_row=st.integers(0, 3), offered=st.sampled_from(["", "SAVE10"]), no_discount=st.booleans(),
    doing=st.sampled_from(["", *ACT_KINDS]), idle=st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    text=TEXTS, state=STATES, mood=st.integers(0, 3), language=st.sampled_from(["en", "de", "fr"]),
    about=st.sampled_from(["", *ACT_KINDS]),
)  # fmt: skip
def test_whatever_is_said_nothing_is_dumped_or_sold_out(
    text: str, state: ShoppingState, mood: int, language: str, about: str
) -> None:
    advice = assistant().advise(
        text, state, replace(buyer(mood=mood), sentences=Sentences(Wording(language, NOW))), about=about
    )
    assert len(advice.picks) <= 3
    assert all(pick.product.in_stock for pick in advice.picks)
    assert all(pick.variant is None or pick.variant.available for pick in advice.picks)
    assert advice.lines or advice.picks or advice.question or advice.offer or advice.hand_over
    assert ShoppingState.from_json(advice.state.to_json()) == advice.state
    if mood:
        assert advice.offer is None


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["a mug", "a jacket", "a candle", "a serum", "protein powder", "a toy", "a bed", "chocolate"]),
    demand=st.sampled_from(
        ["under 30 euros", "over 50 euros", "in green", "not black", "without milk", "for a child of 4"]
    ),
    follow=st.sampled_from(["", "anything else?", "cheaper?", "in blue", "rather under 100", "and without nuts"]),
)
def test_what_is_shown_for_a_wish_meets_its_demands(kind: str, demand: str, follow: str) -> None:
    for advice in talk(f"I'm looking for {kind} {demand}", *([follow] if follow else [])):
        wish = wish_by_now(map(catalog().read_wish, advice.state.said))
        if follow == "cheaper?":
            wish = replace(wish, at_least=None)  # what is to be cheaper needs to be dear no more
        allowed = {hit.product.id for hit in catalog().find(replace(wish, text=""), k=500).hits} | {
            hit.product.id for hit in catalog().find(wish, k=500).hits
        }
        if any("isn't there as it is wanted" in why for why in advice.why):
            assert advice.lines  # it says so, and shows what there is of it
            continue
        for pick in advice.picks:
            assert any(meets(pick.product, variant, wish.offer) for variant in pick.product.variants)
            if wish.ages or wish.without_allergens:
                assert pick.product.id in allowed


def test_the_rules_hold_the_shortlist_down() -> None:
    few = ShoppingAssistant(catalog(), SellingRules(shortlist=1))
    assert len(few.advise("Do you have candles?", ShoppingState(), asker()).picks) == 1


def test_the_offer_is_as_large_as_the_rules_say() -> None:
    last = talk(*TOO_DEAR, who=buyer())[-1]
    assert last.offer is not None
    assert last.offer.percent == Decimal(10)
    assert last.offer.minimum == Money.of("60.00", "EUR")
