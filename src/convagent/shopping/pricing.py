"""Second thoughts: too dear, not now, not that one. Nobody is pressed."""

from __future__ import annotations

from dataclasses import replace

from convagent.facts import Money, Product
from convagent.shopping.case import MOST_SHOWN, ShoppingCase
from convagent.shopping.discounts import DiscountDecision, decide_discount
from convagent.shopping.hesitation import Hesitation
from convagent.shopping.model import Advice, Pick
from convagent.shopping.reasons import reason_of
from convagent.shopping.rules import Stage
from convagent.shopping.situation import SellingLine, SellingSituation, own_codes, past_offers, selling_lines

__all__ = ["declined", "hesitating", "put_off"]


def hesitating(case: ShoppingCase) -> Advice:
    """It is too dear: first what fits and costs less, then what is reduced anyway, and a discount only by the rules."""
    words = case.words
    cheaper = cheaper_than(case)
    decision = decide_discount(case.rules, _situation(case, better_fit=bool(cheaper)))
    why = (f"discount: {decision.code}: {decision.text}",)
    if decision.offer is not None:
        state = replace(case.state, offered=decision.offer.code or decision.offer.action)
        return case.done(state, offer=decision.offer, why=why)
    lines = _promotion(case, decision)
    if cheaper:
        about = meant[0].id if (meant := _talked_about(case)) else case.state.about
        line = words.say("cheaper")
        return Advice(
            case.shown(cheaper, about=about), (*lines, line), cheaper, why=(*why, "something near costs less")
        )
    meant = _talked_about(case)
    if not meant and not lines:
        return Advice(case.asking("product", doing="price"), question=words.say("which_product"), why=why)
    if meant:
        lines = (*lines, words.say("cheapest", product=meant[0].title))
    return case.done(lines=lines, why=why)


def _talked_about(case: ShoppingCase) -> tuple[Product, ...]:
    """What it is that costs too much: what is spoken of, else the dearest thing in the cart."""
    if meant := case.meant() or case.products(case.state.shown[:1]):
        return meant
    lines = [line for line in selling_lines(case.asker.cart, case.catalog.product) if line.product is not None]
    dearest = max(lines, key=lambda line: line.price.minor, default=None)
    return (dearest.product,) if dearest is not None and dearest.product is not None else ()


def _promotion(case: ShoppingCase, decision: DiscountDecision) -> tuple[str, ...]:
    if decision.prefer != "existing_promotion":
        return ()
    code = decision.promotion or (case.asker.cart.discount_codes[0] if _has_code(case) and case.asker.cart else "")
    return (case.words.say("existing", code=code),) if code else ()


def _has_code(case: ShoppingCase) -> bool:
    return case.asker.cart is not None and bool(case.asker.cart.discount_codes)


def _situation(case: ShoppingCase, *, better_fit: bool) -> SellingSituation:
    asker = case.asker
    lines = selling_lines(asker.cart, case.catalog.product)
    if not lines:
        talked = case.meant() or case.products(case.state.shown[:1])
        lines = tuple(
            SellingLine(price=price, product=each) for each in talked[:1] if (price := each.price) is not None
        )
    stage: Stage = "ready" if asker.cart is not None and asker.cart.items else "interested" if lines else "discovering"
    total: Money | None = asker.cart.total if asker.cart is not None else None
    orders = asker.customer.orders if asker.customer is not None else None
    return SellingSituation(
        now=asker.now, stage=stage, upset=asker.mood, support_open=asker.busy, better_fit=better_fit,
        hesitation=Hesitation("price", evidence=case.text[:80]), lines=lines, cart_total=total,
        cart_codes=asker.cart.discount_codes if asker.cart is not None else (),
        own_codes=own_codes(asker.discounts, asker.now), past_offers=past_offers(asker.discounts, case.rules),
        first_order=None if orders is None else not orders, offered_here=bool(case.state.offered),
    )  # fmt: skip


def put_off(case: ShoppingCase) -> Advice:
    """The shopper wants to think: the list is kept, and nothing else is said."""
    return case.done(
        replace(case.state, asked="", choices=()), lines=(case.words.say("later"),), why=("they want to think",)
    )


def declined(case: ShoppingCase) -> Advice:
    """What is declined isn't shown again in this conversation."""
    meant = case.meant() if case.named or case.act.places else case.products(case.state.shown)
    ids = tuple(dict.fromkeys((*case.state.declined, *(product.id for product in meant))))
    state = replace(case.state, declined=ids, about="", asked="", choices=())
    return case.done(state, lines=(case.words.say("declined"),), why=(f"declined: {', '.join(ids) or 'the question'}",))


def cheaper_than(case: ShoppingCase) -> tuple[Pick, ...]:
    """What stands near the product that is talked about, and costs less."""
    meant = _talked_about(case)
    if not meant or (price := meant[0].price) is None:
        return ()
    gone = {*case.state.declined, *case.state.shown}
    near = case.catalog.related(meant[0].id, "alternative", k=12)
    less = [
        each for each in near
        if each.variant.price.currency == price.currency and each.variant.price < price and each.product.id not in gone
    ]  # fmt: skip
    return tuple(Pick(each.product, None, reason_of(each.product, each.reasons)) for each in less[:MOST_SHOWN])
