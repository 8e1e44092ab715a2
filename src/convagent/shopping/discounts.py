"""Whether a discount is offered, how large, and why not: a decision by the merchant's rules alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Final, Literal

from convagent.facts import Money
from convagent.shopping.rules import Promotion, SellingRules, Strategy
from convagent.shopping.situation import SellingLine, SellingSituation, cost_of, is_on_sale, lately

__all__ = ["REFUSALS", "DiscountDecision", "DiscountOffer", "LeftOut", "Prefer", "decide_discount", "margin_cap"]

Prefer = Literal["better_fit", "existing_promotion"]
"""What is said in place of a discount: a product that fits as well for less, or what is reduced or to be had already."""

LeftOut = Literal["on_sale", "excluded"]

REFUSALS: Final[Mapping[str, str]] = {
    "assistant_off": "the agent doesn't advise shoppers",
    "upset": "the customer is upset: what is wrong comes first, and a discount isn't it",
    "support_open": "a request of the customer waits for its answer, which comes before anything is sold",
    "declined": "a discount was declined in this conversation, and isn't offered twice",
    "offered": "a discount was offered in this conversation already",
    "no_hesitation": "nothing holds the shopper back",
    "doubt": "the shopper doubts whether it fits or lasts, which no discount answers",
    "code_in_cart": "the cart has a code already",
    "own_code": "the customer has a code that they can still use",
    "promotion": "a code that everybody may use fits",
    "better_fit": "something cheaper fits as well",
    "never": "the strategy is never",
    "strategy": "the strategy doesn't answer this hesitation",
    "stage": "there is no discount at this stage",
    "no_cart": "it isn't known what would be bought, or what it comes to",
    "currency": "the cart is in another currency, or in several",
    "minimum_cart": "the cart is too small",
    "unknown_product": "the cart has something that the catalog doesn't have",
    "excluded": "the code works on nothing in the cart",
    "on_sale": "everything in the cart is reduced already",
    "margin_unknown": "what a product costs isn't known, so neither is what it bears",
    "margin": "a product's margin doesn't bear it",
    "product_cap": "a product's own cap is lower",
    "history_unknown": "it isn't known what the customer was offered before",
    "per_customer": "the customer had as many as they may have",
    "overall_unknown": "nobody counted what was offered to everybody",
    "overall": "as many were offered as may be",
}
"""Why there is no discount, by code. What is looked at first stands first."""

# What each strategy answers: of `rare` and `selective` the hesitations, `often` anything but a doubt.
_ANSWERED: Final[Mapping[Strategy, frozenset[str]]] = {
    "never": frozenset(),
    "rare": frozenset({"price"}),
    "selective": frozenset({"price", "shipping", "elsewhere", "cart_left"}),
    "often": frozenset({"price", "shipping", "elsewhere", "cart_left", "later", "lingering", "repeated_views", ""}),
}
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class DiscountOffer:
    """A discount to offer.

    Attributes:
        percent: Its size; whole where a cap has lowered it.
        code: The standing code; empty where an action makes one.
        action: The action that makes a code for one use; empty for a standing code.
        on: Ids of the products that it is for.
        left_out: Ids of those in the cart that it isn't for, each with why.
        minimum: The least cart.
    """

    percent: Decimal
    code: str
    action: str
    on: tuple[str, ...]
    left_out: tuple[tuple[str, LeftOut], ...] = ()
    minimum: Money | None = None


@dataclass(frozen=True, slots=True)
class DiscountDecision:
    """What becomes of a discount.

    Attributes:
        offer: The discount; None for none.
        code: Why: one of `REFUSALS`, or `offer`.
        text: The same in words, with the figures that decided, for the trace.
        prefer: What is said in its place; None for nothing.
        promotion: With `existing_promotion`, the code that the shopper can use; empty where something is reduced already.
    """

    offer: DiscountOffer | None
    code: str
    text: str
    prefer: Prefer | None = None
    promotion: str = ""


def decide_discount(rules: SellingRules, situation: SellingSituation) -> DiscountDecision:
    """Whether a discount is offered now.

    Pure: the same rules and situation give the same decision. The first thing that stands against it, in the order of
    `REFUSALS`, is the reason; what isn't known stands against it. Stricter rules never offer more: a stricter strategy, a
    larger minimum, lower caps, lower sizes of codes that an action makes, a higher margin floor; a smaller standing code
    may be borne where a larger one isn't. What the merchant's code doesn't work on (`not_on`, sale
    items) is no strictness but how the code is made: it leaves products out of the reckoning, their caps and margins with
    them.

    Where a margin or an own cap bears less than the size of the stage, a code that an action makes is as large as the
    least of them, in whole percent; a standing code, which has one size, isn't offered at all.

    Args:
        rules: The shop's.
        situation: The moment.
    """
    return _refused_before(rules, situation) or _of_the_cart(rules, situation)


def _no(code: str, detail: str = "", *, prefer: Prefer | None = None, promotion: str = "") -> DiscountDecision:
    text = REFUSALS[code] + (f" ({detail})" if detail else "")
    return DiscountDecision(None, code, text, prefer, promotion)


def _refused_before(rules: SellingRules, situation: SellingSituation) -> DiscountDecision | None:
    """What stands against any discount, whatever lies in the cart."""
    kind = situation.hesitation.kind if situation.hesitation is not None else ""
    if not rules.assistant:
        return _no("assistant_off")
    if situation.upset >= rules.upset_from:
        return _no("upset", f"degree {situation.upset}")
    if situation.support_open:
        return _no("support_open")
    if situation.declined_here:
        return _no("declined")
    if situation.offered_here:
        return _no("offered")
    if not kind and rules.strategy != "often":
        return _no("no_hesitation")
    if kind == "doubt":
        return _no("doubt", prefer="better_fit" if situation.better_fit else None)
    if situation.cart_codes:
        return _no("code_in_cart", situation.cart_codes[0], prefer="existing_promotion")
    if situation.own_codes:
        return _no("own_code", situation.own_codes[0], prefer="existing_promotion", promotion=situation.own_codes[0])
    if (found := _best_promotion(rules, situation)) is not None:
        return _no("promotion", found.code, prefer="existing_promotion", promotion=found.code)
    if situation.better_fit:
        return _no("better_fit", prefer="better_fit")
    if rules.strategy == "never":
        return _no("never")
    if kind not in _ANSWERED[rules.strategy]:
        return _no("strategy", f"{rules.strategy}, {kind}")
    if not rules.percent.get(situation.stage):
        return _no("stage", situation.stage)
    return None


def _of_the_cart(rules: SellingRules, situation: SellingSituation) -> DiscountDecision:
    """What the cart, the caps and the margins say."""
    total, lines = situation.total, situation.lines
    if not lines:
        return _no("no_cart")
    if len({line.price.currency for line in lines} | ({total.currency} if total is not None else set())) > 1:
        return _no("currency")
    if rules.minimum_cart is not None:
        if total is None:
            return _no("no_cart")
        if total.currency != rules.minimum_cart.currency:
            return _no("currency", f"{total}, minimum {rules.minimum_cart}")
        if total < rules.minimum_cart:
            return _no("minimum_cart", f"{total}, minimum {rules.minimum_cart}")
    if any(line.product is None for line in lines):
        return _no("unknown_product")
    covered, left_out = _covered(rules, lines)
    if not covered:
        if all(why == "on_sale" for _, why in left_out):
            return _no("on_sale", prefer="existing_promotion")
        return _no("excluded")
    size = rules.percent[situation.stage]
    borne, lowered = _borne(rules, covered, size)
    if lowered is not None and (not borne or rules.code is not None):
        return lowered
    if (refused := _had_enough(rules, situation)) is not None:
        return refused
    offer = DiscountOffer(
        percent=borne, code=rules.code or "", action=rules.action or "", on=_ids(covered), left_out=left_out,
        minimum=rules.minimum_cart,
    )  # fmt: skip
    told = situation.hesitation.kind if situation.hesitation is not None else "no hesitation"
    lower = f", of {_plain(size)}%" if lowered is not None else ""
    return DiscountDecision(offer, "offer", f"{_plain(borne)}%{lower} ({rules.strategy}, {situation.stage}, {told})")


def _covered(
    rules: SellingRules, lines: tuple[SellingLine, ...]
) -> tuple[tuple[SellingLine, ...], tuple[tuple[str, LeftOut], ...]]:
    """The lines that the code works on, and the products that it doesn't work on."""
    covered: list[SellingLine] = []
    left_out: dict[str, LeftOut] = {}
    for line in lines:
        if line.product is not None and rules.not_on.has(line.product):
            left_out[line.product.id] = "excluded"
        elif line.product is not None and not rules.sale_items and is_on_sale(line):
            left_out[line.product.id] = "on_sale"
        else:
            covered.append(line)
    return tuple(covered), tuple(left_out.items())


def _borne(
    rules: SellingRules, lines: tuple[SellingLine, ...], size: Decimal
) -> tuple[Decimal, DiscountDecision | None]:
    """The size that all lines bear, and what says why where that is less than the size of the stage."""
    borne, why = size, None
    for line in lines:
        assert line.product is not None  # noqa: S101 - checked before
        for cap in rules.caps:
            if cap.has(line.product) and cap.percent < borne:
                borne, why = cap.percent, _no("product_cap", f"{line.product.id}: {_plain(cap.percent)}%")
        margin = margin_cap(rules, line)
        if margin is None:
            if rules.unknown_cost == "refuse":
                return Decimal(0), _no("margin_unknown", line.product.id)
        elif margin < borne:
            borne, why = margin, _no("margin", f"{line.product.id}: {_plain(margin)}%")
    return (borne if why is None else borne.to_integral_value(ROUND_FLOOR)), why


def margin_cap(rules: SellingRules, line: SellingLine) -> Decimal | None:
    """The highest whole percent after which a line still leaves the margin floor; None where its cost isn't known.

    With the price p, its tax t, the cost c and the floor f, all but the money as shares: the net price is n = p / (1 + t), and
    the gross margin of the discounted price, (n (1 - d) - c) / (n (1 - d)), is at least f as long as
    d <= 1 - c / (n (1 - f)). (Gross margin: revenue less cost, as a share of revenue.)

    Returns:
        0 to 100.
    """
    cost = cost_of(line, rules.cost)
    if cost is None:
        return None
    if line.price.minor <= 0:  # nothing can be taken off what costs nothing
        return _HUNDRED
    floor, tax = Fraction(rules.margin_floor) / 100, Fraction(rules.tax_included) / 100
    bound = 100 * (
        1 - cost.minor * (1 + tax) / (line.price.minor * (1 - floor))
    )  # in fractions: nothing is rounded before
    return Decimal(max(0, math.floor(bound)))


def _had_enough(rules: SellingRules, situation: SellingSituation) -> DiscountDecision | None:
    """Whether the customer, or everybody together, had as many as the rules allow."""
    if situation.past_offers is None:
        return _no("history_unknown")
    days = rules.per_customer_days
    had = sum(lately(offer, now=situation.now, days=days) for offer in situation.past_offers)
    if had >= rules.per_customer:
        return _no("per_customer", f"{had} in {days} days, at most {rules.per_customer}")
    if rules.overall is None:
        return None
    if situation.overall is None:
        return _no("overall_unknown")
    if situation.overall >= rules.overall:
        return _no("overall", f"{situation.overall} in {rules.overall_days} days, at most {rules.overall}")
    return None


def _best_promotion(rules: SellingRules, situation: SellingSituation) -> Promotion | None:
    """The promotion that takes most off the cart, of those that fit; of equal ones the first."""
    fitting = [(_worth(each, situation), -place, each) for place, each in enumerate(rules.promotions)]
    found = [(worth, place, each) for worth, place, each in fitting if worth is not None]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _worth(promotion: Promotion, situation: SellingSituation) -> Decimal | None:
    """What a promotion takes off the cart, None where it doesn't fit or that isn't known."""
    today, total = situation.now.date(), situation.total
    if (promotion.since is not None and today < promotion.since) or (
        promotion.until is not None and today > promotion.until
    ):
        return None
    if promotion.first_order and situation.first_order is not True:
        return None
    if total is None:
        return None
    amounts = (promotion.minimum_cart, promotion.amount, *(line.price for line in situation.lines))
    if any(amount is not None and amount.currency != total.currency for amount in amounts):
        return None
    if promotion.minimum_cart is not None and total < promotion.minimum_cart:
        return None
    on = [
        line
        for line in situation.lines
        if not (line.product is not None and promotion.not_on.has(line.product))
        and (promotion.sale_items or not is_on_sale(line))
    ]
    if not on:
        return None
    if promotion.amount is not None:
        return promotion.amount.amount
    goods = sum(line.price.amount * (line.quantity if line.quantity is not None else 1) for line in on)
    return goods * (promotion.percent or 0) / _HUNDRED or None


def _ids(lines: tuple[SellingLine, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.product.id for line in lines if line.product is not None))


def _plain(percent: Decimal) -> str:
    """A percent without idle zeros: 10, 7.5."""
    return f"{percent.normalize():f}"
