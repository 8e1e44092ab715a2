"""Discounts: each thing that stands against one is told by its code, and no rules or situation lead beyond what they allow."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from convagent.facts import Cart, Discount, LineItem, Money, Product, Variant
from convagent.shopping.discounts import REFUSALS, DiscountDecision, decide_discount, margin_cap
from convagent.shopping.hesitation import Hesitation, HesitationKind
from convagent.shopping.rules import STRATEGIES, Among, ProductCap, SellingRules
from convagent.shopping.situation import (
    PastOffer,
    SellingLine,
    SellingSituation,
    cost_of,
    is_on_sale,
    lately,
    own_codes,
    past_offers,
    selling_lines,
)

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)


def euro(amount: str | int) -> Money:
    return Money.of(str(amount), "EUR")


def product(
    name: str, price: str = "80.00", *, cost: str | None = "20.00", before: str | None = None, **about: Any
) -> Product:
    """A product with one variant, as a product CSV gives it."""
    known = {} if cost is None else {"cost": cost}
    variant = Variant(
        id=f"{name}:1", price=euro(price), compare_at=euro(before) if before else None, available=True, **known
    )
    return Product(id=name, title=name.title(), handle=name, status="active", variants=(variant,), **about)


def line(of: Product, quantity: int | None = 1, **about: Any) -> SellingLine:
    return SellingLine(price=of.variants[0].price, quantity=quantity, product=of, variant=of.variants[0], **about)


def rules(**changes: Any) -> SellingRules:
    given = {"strategy": "rare", "code": "SAVE10", "percent": 10, "minimum_cart": "60.00 EUR", **changes}
    return SellingRules.model_validate({name: value for name, value in given.items() if value is not None})


def situation(**changes: Any) -> SellingSituation:
    """A shopper with a cart who finds the price too high, and of whom everything is known."""
    usual: dict[str, Any] = {
        "now": NOW, "stage": "ready", "upset": 0, "support_open": False, "better_fit": False,
        "hesitation": Hesitation("price"), "lines": (line(product("teapot")),), "past_offers": (),
    }  # fmt: skip
    return SellingSituation(**{**usual, **changes})


TEAPOT = product("teapot")
SALE = product("throw", before="100.00")


# ---- what stands against it
def test_who_finds_it_too_expensive_is_offered_the_code() -> None:
    decision = decide_discount(rules(), situation())
    assert decision.offer is not None
    assert (decision.code, decision.offer.percent, decision.offer.code, decision.offer.action) == (
        "offer",
        Decimal(10),
        "SAVE10",
        "",
    )
    assert (decision.offer.on, decision.offer.left_out, decision.offer.minimum) == (("teapot",), (), euro(60))
    assert decision.text == "10% (rare, ready, price)"


@pytest.mark.parametrize(
    ("code", "of_rules", "of_situation"),
    [
        ("assistant_off", {"assistant": False}, {}),
        ("upset", {}, {"upset": 1}),
        ("upset", {"upset_from": 2}, {"upset": 2}),
        ("support_open", {}, {"support_open": True}),
        ("declined", {}, {"declined_here": True}),
        ("offered", {}, {"offered_here": True}),
        ("no_hesitation", {}, {"hesitation": None}),
        ("doubt", {"strategy": "often"}, {"hesitation": Hesitation("doubt")}),
        ("code_in_cart", {}, {"cart_codes": ("FRIENDS",)}),
        ("own_code", {}, {"own_codes": ("BIRTHDAY",)}),
        ("promotion", {"promotions": [{"code": "SUMMER", "percent": 5}]}, {}),
        ("better_fit", {}, {"better_fit": True}),
        ("never", {"strategy": "never"}, {}),
        ("strategy", {}, {"hesitation": Hesitation("shipping")}),
        ("strategy", {"strategy": "selective"}, {"hesitation": Hesitation("later")}),
        ("stage", {"percent": {"ready": 10}}, {"stage": "interested"}),
        ("no_cart", {}, {"lines": ()}),
        ("no_cart", {}, {"lines": (line(TEAPOT, None),)}),
        ("currency", {}, {"cart_total": Money.of(80, "GBP")}),
        ("currency", {"minimum_cart": "60.00 USD"}, {}),
        ("minimum_cart", {}, {"cart_total": euro("59.99")}),
        ("unknown_product", {}, {"lines": (line(TEAPOT), SellingLine(price=euro(5)))}),
        ("excluded", {"not_on": {"products": ["teapot"]}}, {}),
        ("on_sale", {}, {"lines": (line(SALE),)}),
        ("margin_unknown", {}, {"lines": (line(product("mug", cost=None)),)}),
        ("margin", {"margin_floor": 75}, {}),
        ("product_cap", {"caps": [{"products": ["teapot"], "percent": 9}]}, {}),
        ("history_unknown", {}, {"past_offers": None}),
        ("per_customer", {}, {"past_offers": (PastOffer(NOW - timedelta(days=89)),)}),
        ("overall_unknown", {"overall": 100}, {}),
        ("overall", {"overall": 100}, {"overall": 100}),
    ],
)  # fmt: skip
def test_what_stands_against_it_is_told_by_its_code(
    code: str, of_rules: dict[str, Any], of_situation: dict[str, Any]
) -> None:
    decision = decide_discount(rules(**of_rules), situation(**of_situation))
    assert (decision.offer, decision.code) == (None, code)
    assert decision.text.startswith(REFUSALS[code])


def test_every_code_is_reached_by_a_case_above() -> None:
    (cases,) = [mark.args[1] for mark in test_what_stands_against_it_is_told_by_its_code.pytestmark]
    assert {case[0] for case in cases} == set(REFUSALS)


def test_a_cart_of_exactly_the_minimum_is_large_enough() -> None:
    assert decide_discount(rules(), situation(cart_total=euro(60))).offer is not None
    exact = {**WELCOME, "minimum_cart": "80.00 EUR", "since": NOW.date(), "until": NOW.date()}
    assert decide_discount(rules(promotions=[exact]), situation(first_order=True)).promotion == "WELCOME10"


# ---- what comes before a discount
def test_a_cheaper_thing_that_fits_comes_before_a_discount() -> None:
    assert decide_discount(rules(), situation(better_fit=True)).prefer == "better_fit"


def test_a_doubt_is_answered_by_what_fits_better_and_never_by_money() -> None:
    doubts = situation(hesitation=Hesitation("doubt"), better_fit=True)
    assert decide_discount(rules(strategy="often"), doubts).prefer == "better_fit"


def test_what_everybody_may_use_comes_before_a_discount() -> None:
    told = decide_discount(rules(promotions=[{"code": "SUMMER", "percent": 5}]), situation(better_fit=True))
    assert (told.prefer, told.promotion) == ("existing_promotion", "SUMMER")


def test_a_code_of_the_customers_own_is_named() -> None:
    told = decide_discount(rules(), situation(own_codes=("BIRTHDAY",)))
    assert (told.prefer, told.promotion) == ("existing_promotion", "BIRTHDAY")


def test_a_cart_of_sale_items_is_told_to_be_reduced_already() -> None:
    told = decide_discount(rules(), situation(lines=(line(SALE),)))
    assert (told.prefer, told.promotion) == ("existing_promotion", "")


WELCOME: dict[str, Any] = {
    "code": "WELCOME10", "percent": 10, "first_order": True, "minimum_cart": "40.00 EUR", "not_on": {"vendors": ["Sprig"]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("promotion", "of_situation"),
    [
        (WELCOME, {"first_order": False}),
        (WELCOME, {"first_order": None}),
        (WELCOME, {"first_order": True, "lines": (line(product("desk", vendor="Sprig")),)}),
        ({**WELCOME, "minimum_cart": "80.01 EUR"}, {"first_order": True}),
        ({**WELCOME, "since": date(2026, 6, 17)}, {"first_order": True}),
        ({**WELCOME, "until": date(2026, 6, 15)}, {"first_order": True}),
        (WELCOME, {"first_order": True, "cart_total": Money.of(80, "GBP")}),
    ],
)
def test_a_promotion_that_does_not_fit_is_not_told(promotion: dict[str, Any], of_situation: dict[str, Any]) -> None:
    assert decide_discount(rules(promotions=[promotion]), situation(**of_situation)).promotion == ""


def test_of_several_promotions_the_one_that_takes_most_off_is_told() -> None:
    several = [
        {"code": "FIVE", "amount": "5.00 EUR"}, {**WELCOME, "until": date(2026, 6, 16)}, {"code": "TINY", "percent": 1},
    ]  # fmt: skip
    assert decide_discount(rules(promotions=several), situation(first_order=True)).promotion == "WELCOME10"
    assert decide_discount(rules(promotions=several), situation(first_order=False)).promotion == "FIVE"


def test_a_promotion_says_whether_it_works_on_sale_items() -> None:
    reduced = situation(lines=(line(SALE),))
    assert (
        decide_discount(rules(promotions=[{"code": "ALL", "percent": 5, "sale_items": True}]), reduced).promotion
        == "ALL"
    )
    assert decide_discount(rules(promotions=[{"code": "ALL", "percent": 5}]), reduced).promotion == ""


# ---- its size
def test_the_size_goes_by_the_stage() -> None:
    by_stage = rules(code=None, action="make_code", percent={"interested": 5, "ready": 10})
    sizes = [
        decide_discount(by_stage, situation(stage=stage)).offer for stage in ("discovering", "interested", "ready")
    ]
    assert [offer and (offer.percent, offer.action, offer.code) for offer in sizes] == [
        None, (Decimal(5), "make_code", ""), (Decimal(10), "make_code", ""),
    ]  # fmt: skip


def test_sale_items_are_left_out_and_the_rest_is_discounted() -> None:
    offer = decide_discount(rules(), situation(lines=(line(TEAPOT), line(SALE)))).offer
    assert offer is not None
    assert (offer.on, offer.left_out) == (("teapot",), (("throw", "on_sale"),))


def test_a_code_made_for_one_use_is_as_large_as_the_dearest_product_bears() -> None:
    capped = rules(code=None, action="make_code", caps=[{"vendors": ["Sprig"], "percent": 5}])
    cart = (line(TEAPOT), line(product("desk", vendor="Sprig")))
    decision = decide_discount(capped, situation(lines=cart))
    assert decision.offer is not None
    assert (decision.offer.percent, decision.text) == (Decimal(5), "5%, of 10% (rare, ready, price)")


def test_a_margin_lowers_the_size_to_a_whole_percent() -> None:
    # 80.00 without 23% of tax is 65.04; 20.00 of cost at a floor of 65% need 57.14: 12.1% may go
    taxed = rules(code=None, action="make_code", percent=25, margin_floor=65, tax_included=23)
    offer = decide_discount(taxed, situation()).offer
    assert offer is not None
    assert offer.percent == 12


def test_the_margin_of_a_sale_item_does_not_matter_where_the_code_does_not_work() -> None:
    cart = (line(TEAPOT), line(product("throw", "80.00", cost="79.00", before="100.00")))
    assert decide_discount(rules(), situation(lines=cart)).offer is not None
    assert decide_discount(rules(sale_items=True), situation(lines=cart)).code == "margin"


def test_a_product_whose_cost_nobody_knows_is_discounted_only_where_the_merchant_says_so() -> None:
    cart = (line(product("mug", cost=None)),)
    assert decide_discount(rules(), situation(lines=cart)).code == "margin_unknown"
    assert decide_discount(rules(unknown_cost="allow"), situation(lines=cart)).offer is not None


def test_often_offers_without_a_hesitation_and_the_others_do_not() -> None:
    offered = [decide_discount(rules(strategy=each), situation(hesitation=None)).offer for each in STRATEGIES]
    assert [offer is not None for offer in offered] == [False, False, False, True]


# ---- the situation
def test_a_cart_is_read_with_its_products() -> None:
    catalog = {"teapot": TEAPOT, "SKU-1": SALE}
    cart = Cart(
        items=(
            LineItem(id="1", name="Teapot", product_id="teapot", price=euro(80), quantity=2),
            LineItem(id="2", name="Throw", sku="SKU-1", price=euro(70), quantity=1),
            LineItem(id="3", name="Mystery", product_id="gone", price=euro(1)),
        )
    )
    first, second, third = selling_lines(cart, catalog.get)
    assert (first.product, first.variant, first.quantity) == (TEAPOT, TEAPOT.variants[0], 2)
    assert second.product == SALE
    assert (third.product, third.quantity) == (None, None)
    assert selling_lines(None, catalog.get) == ()


@pytest.mark.parametrize(
    ("of", "reduced"),
    [
        (line(TEAPOT), False),
        (line(SALE), True),
        (line(product("same", "80.00", before="80.00")), False),
        (line(TEAPOT, final_sale=True), True),
        (line(product("gone", attributes={"final_sale": "true"})), True),
        (line(product("kept", attributes={"final_sale": "false"})), False),
        (SellingLine(price=euro(80), product=SALE), True),
        (SellingLine(price=euro(80)), False),
    ],
)
def test_what_is_reduced_already_is_told_from_the_product(of: SellingLine, reduced: bool) -> None:
    assert is_on_sale(of) is reduced


@pytest.mark.parametrize(
    ("cost", "known"),
    [
        ("8.50", euro("8.50")), ("8.505", euro("8.51")), (8, euro(8)), ("8.50 EUR", euro("8.50")),
        ({"amount": "8.50", "currency": "EUR"}, euro("8.50")), (euro(3), euro(3)),
        ("8.50 USD", None), ("cheap", None), ("-1", None), (True, None), ("nan", None), ("1e99", None), ([1], None), ("", None),
    ],
)  # fmt: skip
def test_a_cost_is_read_or_unknown(cost: Any, known: Money | None) -> None:
    of = Product(id="x", title="X", attributes={"cost": cost}, variants=(Variant(id="x:1", price=euro(10)),))
    assert cost_of(SellingLine(price=euro(10), product=of), "cost") == known


def test_of_several_variants_the_dearest_costs_count() -> None:
    variants = tuple(Variant(id=f"x:{cost}", price=euro(10), cost=cost) for cost in ("3.00", "4.00"))
    of = Product(id="x", title="X", variants=variants)
    assert cost_of(SellingLine(price=euro(10), product=of), "cost") == euro(4)
    assert cost_of(SellingLine(price=euro(10), product=of, variant=variants[0]), "cost") == euro(3)
    partly = Product(id="x", title="X", variants=(variants[0], Variant(id="x:0", price=euro(10))))
    assert cost_of(SellingLine(price=euro(10), product=partly), "cost") is None


def test_discounts_of_the_facts_are_what_was_offered_before() -> None:
    known = (
        Discount(code="save10", status="used", created_at="2026-04-01T10:00:00+01:00"),
        Discount(code="WELCOME10", status="active"),
        Discount(code="OLD", status="active", expires_at=NOW - timedelta(days=1)),
    )
    (offer,) = past_offers(known, rules()) or ()
    assert (offer.code, offer.at) == ("save10", datetime(2026, 4, 1, 9, tzinfo=UTC))
    assert own_codes(known, NOW) == ("WELCOME10",)
    assert past_offers(None, rules()) is None
    assert past_offers((), rules()) == ()
    made = (
        Discount(code="X1", status="used", single_use=True), Discount(code="X2", status="used", single_use=False),
        Discount(code="X3", status="used"),
    )  # fmt: skip
    assert [o.code for o in past_offers(made, rules(code=None, action="make")) or ()] == ["X1", "X3"]


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (NOW - timedelta(days=89, hours=23), True), (NOW - timedelta(days=90), False), (NOW + timedelta(days=1), True),
        (None, True), (datetime(2020, 1, 1), True),
    ],
)  # fmt: skip
def test_an_offer_whose_moment_is_not_known_counts(at: datetime | None, counts: bool) -> None:
    assert lately(PastOffer(at), now=NOW, days=90) is counts


# ---- laws
PRICES = st.integers(1, 200_00).map(lambda minor: Money(minor=minor, currency="EUR"))
NAMES = ("lamp", "desk", "mug", "coat")
VENDORS = ("Sprig", "Pip")
KINDS: tuple[HesitationKind | None, ...] = (
    "price",
    "price",
    "shipping",
    "elsewhere",
    "doubt",
    "later",
    "cart_left",
    "lingering",
    "repeated_views",
    None,
)
HESITATIONS = st.sampled_from(KINDS).map(lambda kind: None if kind is None else Hesitation(kind))
AMONG = st.sampled_from(({"products": ("lamp",)}, {"vendors": ("Sprig",)}, {"kinds": ("Furniture",)}))
PERCENTS = st.integers(0, 60).map(Decimal)


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One value nineteen times of twenty: what stands against a discount is rare, so that many examples reach one."""
    return st.sampled_from((False,) * 19 + (True,)).flatmap(lambda odd: other if odd else st.just(usual))


@st.composite
def lines_of(draw: st.DrawFn) -> SellingLine:
    price = draw(PRICES)
    cost = draw(st.sampled_from((0, 10, 30, 50, 70, 90, 110, None)))
    before = draw(mostly(None, st.just(Money(minor=price.minor + 500, currency="EUR"))))
    of = Product(
        id=draw(st.sampled_from(NAMES)), title="X", vendor=draw(st.sampled_from(VENDORS)),
        kind=draw(st.sampled_from(("Furniture", "Toy"))),
        variants=(
            Variant(
                id="v", price=price, compare_at=before,
                **({} if cost is None else {"cost": str(Decimal(price.minor * cost) / 10_000)}),
            ),
        ),
    )  # fmt: skip
    known = draw(mostly(True, st.just(False)))
    return SellingLine(
        price=price, quantity=draw(mostly(1, st.none() | st.integers(0, 3))), product=of if known else None,
        variant=of.variants[0] if known else None,
    )  # fmt: skip


@st.composite
def rules_of(draw: st.DrawFn) -> SellingRules:
    standing = draw(st.booleans())
    size = draw(st.integers(1, 40))
    percent = {"interested": size, "ready": size} if standing else {
        stage: draw(st.integers(0, 40)) for stage in ("discovering", "interested")
    } | {"ready": size}  # fmt: skip
    return SellingRules(
        strategy=draw(st.sampled_from((*STRATEGIES, "often", "often"))),
        code="SAVE" if standing else None,
        action=None if standing else "make",
        percent=percent,
        minimum_cart=draw(mostly(None, PRICES)),
        per_customer=draw(mostly(2, st.integers(0, 3))),
        per_customer_days=draw(st.integers(1, 200)),
        overall=draw(mostly(None, st.integers(0, 5))),
        margin_floor=draw(mostly(Decimal(0), PERCENTS)),
        tax_included=draw(st.sampled_from((Decimal(0), Decimal(23)))),
        unknown_cost=draw(st.sampled_from(("refuse", "allow", "allow"))),
        caps=tuple(
            ProductCap(percent=draw(PERCENTS), **draw(AMONG)) for _ in range(draw(st.sampled_from((0, 0, 1, 2))))
        ),
        not_on=Among(**draw(mostly({}, AMONG))),
        sale_items=draw(st.booleans()),
        upset_from=draw(st.sampled_from((1, 2))),
    )


@st.composite
def situations(draw: st.DrawFn) -> SellingSituation:
    rarely = mostly(False, st.just(True))
    ago = st.integers(0, 250).map(lambda days: PastOffer(NOW - timedelta(days=days)))
    return SellingSituation(
        now=NOW,
        stage=draw(st.sampled_from(("ready", "ready", "interested", "discovering"))),
        upset=draw(mostly(0, st.integers(1, 3))),
        support_open=draw(rarely),
        better_fit=draw(rarely),
        hesitation=draw(HESITATIONS),
        lines=tuple(draw(st.lists(lines_of(), min_size=1, max_size=3))) if draw(mostly(True, st.just(False))) else (),
        cart_codes=("X",) if draw(rarely) else (),
        own_codes=("Y",) if draw(rarely) else (),
        past_offers=draw(mostly((), st.none() | st.lists(ago, max_size=3).map(tuple))),
        overall=draw(st.sampled_from((0, 1, 2, None, 6))),
        offered_here=draw(rarely),
        declined_here=draw(rarely),
    )


def offered(decision: DiscountDecision) -> Decimal:
    return decision.offer.percent if decision.offer is not None else Decimal(0)


@given(rules_of(), situations())
def test_a_decision_is_an_offer_or_a_reason_and_the_same_each_time(selling: SellingRules, at: SellingSituation) -> None:
    decision = decide_discount(selling, at)
    assert (decision.code == "offer") == (decision.offer is not None)
    assert decision.code == "offer" or decision.code in REFUSALS
    assert decide_discount(selling, at) == decision
    if decision.offer is not None:
        assert 0 < decision.offer.percent <= 100
        assert bool(decision.offer.code) != bool(decision.offer.action)


@settings(max_examples=250)
@given(rules_of(), situations(), st.integers(2, 3))
def test_nobody_upset_is_ever_offered_a_discount(selling: SellingRules, at: SellingSituation, upset: int) -> None:
    assert offered(decide_discount(selling, replace(at, upset=upset))) == 0
    assert offered(decide_discount(selling, replace(at, support_open=True))) == 0
    if at.upset >= selling.upset_from:
        assert offered(decide_discount(selling, at)) == 0


@given(rules_of(), situations())
def test_never_is_never(selling: SellingRules, at: SellingSituation) -> None:
    assert offered(decide_discount(selling.model_copy(update={"strategy": "never"}), at)) == 0
    assert offered(decide_discount(selling.model_copy(update={"assistant": False}), at)) == 0


@settings(max_examples=250)
@given(rules_of(), situations())
def test_no_offer_goes_beyond_a_cap(selling: SellingRules, at: SellingSituation) -> None:
    offer = decide_discount(selling, at).offer
    if offer is None:
        return
    assert offer.percent <= selling.percent[at.stage]
    if offer.code:
        assert offer.percent == selling.percent[at.stage]
    recent = [
        past for past in at.past_offers or () if NOW - (past.at or NOW) < timedelta(days=selling.per_customer_days)
    ]
    assert at.past_offers is not None
    assert len(recent) < selling.per_customer
    if selling.overall is not None:
        assert at.overall is not None
        assert at.overall < selling.overall
    if selling.minimum_cart is not None:
        assert at.total is not None
        assert at.total >= selling.minimum_cart
    for each in at.lines:
        assert each.product is not None
        if each.product.id in offer.on and not is_left_out(selling, each):
            assert all(offer.percent <= cap.percent for cap in selling.caps if cap.has(each.product))


def is_left_out(selling: SellingRules, each: SellingLine) -> bool:
    return (each.product is not None and selling.not_on.has(each.product)) or (
        not selling.sale_items and is_on_sale(each)
    )


@settings(max_examples=250)
@given(rules_of(), situations())
def test_no_offer_goes_below_a_margin_or_on_a_sale_item(selling: SellingRules, at: SellingSituation) -> None:
    offer = decide_discount(selling, at).offer
    if offer is None:
        return
    covered = [each for each in at.lines if not is_left_out(selling, each)]
    assert covered
    assert set(offer.on) == {each.product.id for each in covered if each.product is not None}
    for each in covered:
        cost = cost_of(each, "cost")
        if cost is None:
            assert selling.unknown_cost == "allow"
            continue
        net = Fraction(each.price.minor) / (1 + Fraction(selling.tax_included) / 100)
        left = net * (1 - Fraction(offer.percent) / 100)
        assert left - cost.minor >= left * Fraction(selling.margin_floor) / 100


@given(lines_of(), PERCENTS)
def test_one_percent_more_than_the_margin_bears_goes_below_it(each: SellingLine, floor: Decimal) -> None:
    selling = SellingRules(margin_floor=floor)
    cost, cap = cost_of(each, "cost"), margin_cap(selling, each)
    if cost is None or cap is None:
        assert cost is None
        assert cap is None
        return
    price, share = Fraction(each.price.minor), Fraction(floor) / 100

    def keeps(percent: Decimal) -> bool:
        left = price * (1 - Fraction(percent) / 100)
        return left - cost.minor >= left * share

    assert cap == 0 or keeps(cap)
    assert cap == 100 or not keeps(cap + 1)


@st.composite
def tightened(draw: st.DrawFn, selling: SellingRules) -> SellingRules:
    """The same rules, or some of them stricter."""
    changes: dict[str, Any] = {}
    if draw(st.booleans()):
        changes["strategy"] = draw(st.sampled_from(STRATEGIES[: STRATEGIES.index(selling.strategy) + 1]))
    if selling.action is not None and draw(
        st.booleans()
    ):  # a smaller standing code may be borne where a larger one isn't
        less = draw(st.integers(0, 20))
        changes["percent"] = {stage: max(Decimal(0), size - less) for stage, size in selling.percent.items()}
    if draw(st.booleans()):
        more = draw(PRICES)
        changes["minimum_cart"] = more if selling.minimum_cart is None else selling.minimum_cart + more
    if draw(st.booleans()):
        changes["per_customer"] = draw(st.integers(0, selling.per_customer))
        changes["per_customer_days"] = selling.per_customer_days + draw(st.integers(0, 100))
    if draw(st.booleans()):
        changes["overall"] = draw(st.integers(0, 5 if selling.overall is None else selling.overall))
    if draw(st.booleans()):
        changes["margin_floor"] = min(Decimal(99), selling.margin_floor + draw(PERCENTS))
    if draw(st.booleans()):
        changes["tax_included"] = selling.tax_included + 10
    if draw(st.booleans()):
        changes["unknown_cost"] = "refuse"
    if draw(st.booleans()):
        changes["caps"] = (*selling.caps, ProductCap(percent=draw(PERCENTS), **draw(AMONG)))
    if draw(st.booleans()):
        changes["upset_from"] = 1
    return selling.model_copy(update=changes)


@settings(max_examples=250)
@given(st.data(), rules_of(), situations())
def test_stricter_rules_never_offer_more(data: st.DataObject, selling: SellingRules, at: SellingSituation) -> None:
    stricter = data.draw(tightened(selling))
    assert offered(decide_discount(stricter, at)) <= offered(decide_discount(selling, at))


@given(rules_of(), situations(), AMONG)
def test_what_the_code_does_not_work_on_never_adds_an_offer_by_itself(
    selling: SellingRules, at: SellingSituation, among: dict[str, Any]
) -> None:
    free = selling.model_copy(update={"caps": (), "margin_floor": Decimal(0), "unknown_cost": "allow", "cost": "none"})
    narrower = free.model_copy(update={"not_on": Among(**(free.not_on.model_dump() | among)), "sale_items": False})
    more, less = decide_discount(free, at), decide_discount(narrower, at)
    assert offered(less) <= offered(more)
    if less.offer is not None and more.offer is not None and free.not_on.nothing:
        assert set(less.offer.on) <= set(more.offer.on)


@given(rules_of(), situations(), st.sampled_from(("upset", "past", "codes", "here")))
def test_a_worse_situation_never_gains_an_offer(selling: SellingRules, at: SellingSituation, how: str) -> None:
    worse = {
        "upset": lambda: replace(at, upset=min(3, at.upset + 1)),
        "past": lambda: replace(at, past_offers=(*(at.past_offers or ()), PastOffer(NOW))),
        "codes": lambda: replace(at, cart_codes=(*at.cart_codes, "Z")),
        "here": lambda: replace(at, declined_here=True),
    }[how]()
    if how != "past" or at.past_offers is not None:
        assert offered(decide_discount(selling, worse)) <= offered(decide_discount(selling, at))


@pytest.mark.parametrize("made_by", ["code", "action"])
def test_offers_are_among_what_the_laws_are_held_against(made_by: str) -> None:
    def lowered(pair: tuple[SellingRules, SellingSituation]) -> bool:
        offer = decide_discount(*pair).offer
        full = made_by == "code" or (offer is not None and offer.percent < pair[0].percent[pair[1].stage])
        return offer is not None and bool(getattr(offer, made_by)) and full

    selling, at = find(
        st.tuples(rules_of(), situations()),
        lowered,
        settings=settings(max_examples=5_000, database=None, phases=(Phase.generate,)),
    )
    assert offered(decide_discount(selling, at)) > 0


def test_every_code_stands_on_the_merchants_page(root: Path) -> None:
    page = (root / "docs" / "selling.md").read_text(encoding="utf-8")
    told = "".join(re.findall(r"^\| `.*?\|", page.split("## Why not")[1], re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", told)) == set(REFUSALS)
