"""The selling rules: what fits together there, and what is refused in words that a merchant understands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from convagent.errors import ShopError
from convagent.facts import Money, Product
from convagent.settings import read_settings
from convagent.shopping.rules import STRATEGIES, Among, ProductCap, SellingRules

SHOP = '[shop]\nname = "Test"\ncurrency = "EUR"\n'


def read(tmp_path: Path, selling: str) -> SellingRules:
    path = tmp_path / "convagent.toml"
    path.write_text(f"{SHOP}[selling]\n{selling}\n", encoding="utf-8")
    return read_settings(path).selling


def test_a_shop_that_says_nothing_never_discounts(tmp_path: Path) -> None:
    rules = read(tmp_path, "")
    assert (rules.strategy, rules.code, rules.action, dict(rules.percent)) == ("never", None, None, {})
    assert rules.upset_never is True
    assert (rules.shortlist, rules.questions_in_a_row) == (3, 2)


def test_one_number_is_the_size_for_whoever_has_something_in_mind(tmp_path: Path) -> None:
    rules = read(tmp_path, 'strategy = "rare"\ncode = "SAVE10"\npercent = 10')
    assert dict(rules.percent) == {"interested": Decimal(10), "ready": Decimal(10)}


def test_sizes_by_stage_are_read_to_the_digit(tmp_path: Path) -> None:
    rules = read(tmp_path, 'strategy = "often"\naction = "make_code"\npercent = { interested = 2.5, ready = 7.5 }')
    assert dict(rules.percent) == {"interested": Decimal("2.5"), "ready": Decimal("7.5")}


@pytest.mark.parametrize(
    ("selling", "told"),
    [
        ('strategy = "rare"', "needs a `code`"),
        ('strategy = "rare"\ncode = "SAVE10"', "needs a `percent`"),
        ('strategy = "rare"\ncode = "SAVE10"\npercent = 0', "needs a `percent`"),
        ('code = "SAVE10"\naction = "make_code"', "not both"),
        ('code = "SAVE10"\npercent = { interested = 5, ready = 10 }', "SAVE10 has one size"),
        ('strategy = "sometimes"', "selling.strategy"),
        ("percent = nan", "finite"),
        ("percent = -1", "selling.percent"),
        ("percent = 101", "selling.percent"),
        ("percent = true", "selling.percent"),
        ("percent = { soon = 5 }", "selling.percent.soon"),
        ('code = "SAVE 10"', "selling.code"),
        ('action = "make code"', "selling.action"),
        ("minimum_cart = 60", 'an amount has a currency: "60 EUR"'),
        ('minimum_cart = "sixty"', "selling.minimum_cart"),
        ('minimum_cart = "60.00 USD"', "the shop's currency is EUR"),
        ("upset_never = false", "doesn't answer anger"),
        ("upset_from = 3", "selling.upset_from"),
        ("shortlist = 4", "selling.shortlist"),
        ("shortlist = 0", "selling.shortlist"),
        ("questions_in_a_row = 3", "selling.questions_in_a_row"),
        ("margin_floor = 100", "selling.margin_floor"),
        ("per_customer = -1", "selling.per_customer"),
        ("per_customer_days = 0", "selling.per_customer_days"),
        ('startegy = "never"', "did you mean strategy?"),
        ("[[selling.caps]]\npercent = 5", "a cap says on what"),
        ('[[selling.caps]]\nvendor = ["Sprig"]\npercent = 5', "did you mean vendors?"),
        ('[[selling.promotions]]\ncode = "HELLO"', "a percent or an amount"),
        ('[[selling.promotions]]\ncode = "HELLO"\npercent = 5\namount = "5.00 EUR"', "a percent or an amount"),
        ('[[selling.promotions]]\ncode = "HELLO"\namount = "5.00 USD"', "the shop's currency is EUR"),
        (
            '[[selling.promotions]]\ncode = "HELLO"\npercent = 5\nsince = 2026-06-02\nuntil = 2026-06-01',
            "until is before since",
        ),
    ],
)
def test_rules_that_do_not_fit_are_told(tmp_path: Path, selling: str, told: str) -> None:
    with pytest.raises(ShopError) as caught:
        read(tmp_path, selling)
    assert told in str(caught.value)
    assert caught.value.code == "shop-settings"


def test_the_strategies_stand_in_order() -> None:
    assert STRATEGIES == ("never", "rare", "selective", "often")


TEAPOT = Product(id="tea-1", title="Teapot", handle="teapot", vendor="Hearthside", kind="Teapot", tags=("kitchen",))


@pytest.mark.parametrize(
    "among",
    [
        {"products": ("TEA-1",)},
        {"products": ("Teapot",)},
        {"kinds": ("teapot ",)},
        {"vendors": ("HEARTHSIDE",)},
        {"tags": ("Kitchen",)},
        {"kinds": ("Lamp",), "tags": ("kitchen",)},
    ],
)
def test_products_are_among_some_by_any_of_four_lists(among: dict[str, Any]) -> None:
    assert Among(**among).has(TEAPOT)
    assert ProductCap(percent=Decimal(5), **among).has(TEAPOT)


@pytest.mark.parametrize("among", [{}, {"kinds": ("Lamp",)}, {"products": ("",)}, {"vendors": ("Hearth",)}])
def test_a_product_that_no_list_names_is_not_among_them(among: dict[str, Any]) -> None:
    assert not Among(**among).has(TEAPOT)
    assert not Among(vendors=("",)).has(Product(id="x", title="Nobody's"))


def test_rules_do_not_change() -> None:
    with pytest.raises(ValidationError):
        SellingRules().strategy = "often"  # type: ignore[misc]


def test_the_demo_shop_sells_as_its_page_says(root: Path) -> None:
    rules = read_settings(root / "convagent.toml").selling
    assert (rules.strategy, rules.code, set(rules.percent.values())) == ("rare", "SAVE10", {Decimal(10)})
    assert (rules.per_customer, rules.per_customer_days, rules.sale_items) == (1, 90, False)
    assert rules.minimum_cart == Money.of(60, "EUR")
    (welcome,) = rules.promotions
    assert (welcome.code, welcome.percent, welcome.first_order) == ("WELCOME10", Decimal(10), True)
    assert welcome.minimum_cart == Money.of(40, "EUR")
    assert welcome.not_on.vendors == ("Sprig",)
