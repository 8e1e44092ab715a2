"""What the selling rules are held against: who shops, how they feel, what lies in their cart, what they were given before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from convagent.facts import Cart, Discount, Money, Product, Variant
from convagent.shopping.hesitation import Hesitation
from convagent.shopping.rules import SellingRules, Stage

__all__ = [
    "PastOffer",
    "SellingLine",
    "SellingSituation",
    "cost_of",
    "is_on_sale",
    "lately",
    "own_codes",
    "past_offers",
    "selling_lines",
]

_MOST_MINOR = 10**15  # what Money holds


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingLine:
    """Something that would be bought.

    Attributes:
        price: For one piece, before any code.
        quantity: Pieces; None when nobody said.
        product: None where the catalog doesn't have it.
        variant: None where it isn't known which one.
        final_sale: Whether it is sold with no way back; None when nobody said.
    """

    price: Money
    quantity: int | None = 1
    product: Product | None = None
    variant: Variant | None = None
    final_sale: bool | None = None


@dataclass(frozen=True, slots=True)
class PastOffer:
    """A discount that the customer was offered before.

    Attributes:
        at: When; None where nobody knows, which counts as lately.
        code: Its code.
    """

    at: datetime | None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingSituation:
    """All that `decide_discount` looks at. What isn't known is None, and decides against a discount.

    Attributes:
        now: The turn's moment, with its time zone.
        stage: How far the shopper is.
        hesitation: What holds them back, if anything.
        upset: How upset they are, 0 to 3.
        support_open: Whether a request about an order, a parcel, a refund or the like waits for its answer.
        better_fit: Whether something cheaper that fits as well is in stock, and was neither shown nor declined yet.
        lines: What lies in the cart; without a cart, what is being talked about.
        cart_total: What the cart comes to; None where there is no cart or nobody said.
        cart_codes: Codes in the cart already.
        own_codes: Codes of the customer's own that they can still use.
        past_offers: Discounts offered to the customer before; None when nobody knows.
        overall: Discounts offered to everybody within the rules' `overall_days`; None when nobody counted.
        first_order: Whether it would be the customer's first order; None when nobody knows.
        offered_here: Whether a discount was offered in this conversation.
        declined_here: Whether one was declined in it.
    """

    now: datetime
    stage: Stage
    upset: int
    support_open: bool
    better_fit: bool
    hesitation: Hesitation | None = None
    lines: tuple[SellingLine, ...] = ()
    cart_total: Money | None = None
    cart_codes: tuple[str, ...] = ()
    own_codes: tuple[str, ...] = ()
    past_offers: tuple[PastOffer, ...] | None = None
    overall: int | None = None
    first_order: bool | None = None
    offered_here: bool = False
    declined_here: bool = False

    @property
    def total(self) -> Money | None:
        """What the cart comes to: as told, else the sum of its lines; None where that can't be reckoned."""
        if self.cart_total is not None or not self.lines:
            return self.cart_total
        if len({line.price.currency for line in self.lines}) > 1:
            return None
        if any(line.quantity is None for line in self.lines):
            return None
        minor = sum(line.price.minor * (line.quantity or 0) for line in self.lines)
        return Money(minor=minor, currency=self.lines[0].price.currency) if abs(minor) <= _MOST_MINOR else None


def selling_lines(cart: Cart | None, product_of: Callable[[str], Product | None]) -> tuple[SellingLine, ...]:
    """What lies in a cart, with its products.

    Args:
        cart: The cart, None for none.
        product_of: Finds a product of the catalog by an id, handle or SKU, such as `Catalog.product`.
    """
    out: list[SellingLine] = []
    for item in cart.items if cart is not None else ():
        names = (item.product_id, item.sku, item.variant_id)
        product = item.product or next((p for name in names if name and (p := product_of(name)) is not None), None)
        variants = product.variants if product is not None else ()
        variant = next((v for v in variants if (v.id == item.variant_id) or (item.sku and v.sku == item.sku)), None)
        if variant is None and len(variants) == 1:
            variant = variants[0]
        out.append(
            SellingLine(
                price=item.price, quantity=item.quantity, product=product, variant=variant, final_sale=item.final_sale
            )
        )
    return tuple(out)


def past_offers(discounts: Sequence[Discount] | None, rules: SellingRules) -> tuple[PastOffer, ...] | None:
    """Which of a customer's discounts the agent gave: those with the rules' code, or for one use where an action makes them.

    Args:
        discounts: `discounts` of the facts; None when nobody looked.
        rules: The shop's.

    Returns:
        None when nobody looked. The moment is the discount's own field `created_at`, if it holds one.
    """
    if discounts is None:
        return None
    code = rules.code.casefold() if rules.code is not None else None
    given = (d for d in discounts if (d.code.casefold() == code if code else d.single_use is not False))
    return tuple(PastOffer(_moment(each.extra.get("created_at")), each.code) for each in given)


def own_codes(discounts: Sequence[Discount] | None, now: datetime) -> tuple[str, ...]:
    """Codes that a customer has and can still use.

    Args:
        discounts: `discounts` of the facts; None when nobody looked.
        now: The turn's moment.
    """
    return tuple(
        each.code
        for each in discounts or ()
        if each.status == "active" and (each.expires_at is None or now.tzinfo is None or each.expires_at > now)
    )


def is_on_sale(line: SellingLine) -> bool:
    """Whether a line is reduced already, or sold with no way back.

    Where it isn't known which variant it is, one reduced variant is enough.
    """
    product = line.product
    final = line.final_sale is True or (product is not None and _says_yes(product.attributes.get("final_sale")))
    if final:
        return True
    variants = (line.variant,) if line.variant is not None else product.variants if product is not None else ()
    return any(_reduced(variant, line.price) for variant in variants)


def _reduced(variant: Variant, price: Money) -> bool:
    before = variant.compare_at
    if before is None:
        return False
    prices = [each for each in (price, variant.price) if each.currency == before.currency]
    return not prices or min(prices) < before


def cost_of(line: SellingLine, field: str) -> Money | None:
    """What one piece costs the shop, None where it doesn't say, or in another currency than the price.

    Where it isn't known which variant it is, the dearest counts.

    Args:
        line: What is sold.
        field: Name of the field or metafield: of the variant (`Cost per item` of a product CSV is `cost`), else of the product.
    """
    product = line.product
    variants = (line.variant,) if line.variant is not None else product.variants if product is not None else ()
    told: Any = product.attributes.get(field, product.extra.get(field)) if product is not None else None
    costs = [_as_money(each.extra.get(field, told), line.price.currency) for each in variants] or [
        _as_money(told, line.price.currency)
    ]
    known = [cost for cost in costs if cost is not None]
    return max(known) if len(known) == len(costs) else None


def _as_money(value: Any, currency: str) -> Money | None:
    """An amount in a currency; a number without one is in it. One finer than its smallest unit is rounded up."""
    try:
        if isinstance(value, (Money, Mapping)) or (isinstance(value, str) and any(char.isalpha() for char in value)):
            money = Money.model_validate(value)
            return money if money.currency == currency and money.minor >= 0 else None
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            return None
        number = Decimal(str(value).strip())
        if not number.is_finite() or not 0 <= number <= 10**9:
            return None
        return Money.of(number.quantize(Decimal(1).scaleb(_exponent(currency)), rounding=ROUND_CEILING), currency)
    except (InvalidOperation, ValidationError):
        return None


def _exponent(currency: str) -> int:
    from convagent.facts.money import minor_digits

    return -minor_digits(currency)


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def _says_yes(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() in {"true", "yes", "1", "ja", "oui"})


def lately(offer: PastOffer, *, now: datetime, days: int) -> bool:
    """Whether an offer was made within so many days; one whose moment isn't known was."""
    if offer.at is None or offer.at.tzinfo is None or now.tzinfo is None:
        return True
    return now - offer.at < timedelta(days=days)
