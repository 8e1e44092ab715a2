"""Second thoughts: too dear, not now, not that one. Nobody is pressed, and nobody upset is sold anything."""

from __future__ import annotations

from dataclasses import replace

from convagent.facts import Money, Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.declined import read_decline
from convagent.shopping.discounts import DiscountDecision, decide_discount
from convagent.shopping.hearing import yes_or_no
from convagent.shopping.hesitation import Hesitation, read_hesitation
from convagent.shopping.model import Advice, Pick
from convagent.shopping.pointing import is_of_kind
from convagent.shopping.reasons import reason_of
from convagent.shopping.situation import SellingLine, SellingSituation, own_codes, past_offers, selling_lines
from convagent.shopping.stages import Asked, StageSignals, read_asked, stage_of
from convagent.shopping.wishing import wish_read

__all__ = ["cheaper_than", "declined", "hesitating", "put_off"]

NEAR = 12
"""Products like one that are looked at for something cheaper."""


def hesitating(case: ShoppingCase) -> Advice:
    """It is too dear: first what fits and costs less, then what is reduced anyway, and a discount only by the rules.

    Who only asks for a discount hears that there is none for the asking, or which code everybody may use.
    """
    words = case.words
    if case.state.offered and yes_or_no(case.text):
        return case.done(lines=(words.say("use_code", code=case.state.offered),), why=("the code was said already",))
    if read_hesitation(case.text, words.language) is None and not _leans_on_one(case):
        return _asked_for_a_discount(case)
    cheaper = () if case.asker.mood >= case.rules.upset_from else cheaper_than(case)
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
        near = case.catalog.related(meant[0].id, "alternative", k=NEAR)
        least = not any(_costs_less(each.variant.price, meant[0].price) for each in near)
        lines = (*lines, words.say("cheapest", product=meant[0].title) if least else words.say("no_discount"))
    about = meant[0].id if meant else case.state.about
    return case.done(replace(case.state, asked="", choices=(), about=about), lines=lines, why=why)


def _leans_on_one(case: ShoppingCase) -> bool:
    """Whether the product is told that an earlier message found too dear."""
    return case.state.doing == "price" and case.state.asked == "product"


def _asked_for_a_discount(case: ShoppingCase) -> Advice:
    decision = decide_discount(case.rules, _situation(case, better_fit=False))
    why = (f"discount: {decision.code}: {decision.text}",)
    everybody = next((each.code for each in case.rules.promotions if each.first_order), "")
    if decision.code == "no_hesitation" and everybody and not (case.asker.customer and case.asker.customer.orders):
        return case.done(lines=(case.words.say("first_order", code=everybody),), why=why)
    return case.done(lines=_promotion(case, decision) or (case.words.say("no_discount"),), why=why)


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
    if decision.promotion:
        return (case.words.say("promotion", code=decision.promotion),)
    cart = case.asker.cart
    return (
        (case.words.say("existing", code=cart.discount_codes[0]),) if cart is not None and cart.discount_codes else ()
    )


def _situation(case: ShoppingCase, *, better_fit: bool) -> SellingSituation:
    asker = case.asker
    lines = selling_lines(asker.cart, case.catalog.product)
    if not lines:
        talked = case.meant() or case.products(case.state.shown[:1])
        lines = tuple(
            SellingLine(price=price, product=each) for each in talked[:1] if (price := each.price) is not None
        )
    said = (*case.state.said, case.text)
    asked = frozenset[Asked]().union(*(read_asked(each, language=case.words.language) for each in said))
    pieces = sum(line.quantity or 1 for line in selling_lines(asker.cart, case.catalog.product))
    stage = stage_of(StageSignals(asked=asked, named=bool(lines), cart_items=pieces))
    total: Money | None = asker.cart.total if asker.cart is not None else None
    orders = asker.customer.orders if asker.customer is not None else None
    return SellingSituation(
        now=asker.now, stage=stage, upset=asker.mood, support_open=asker.busy, better_fit=better_fit,
        hesitation=_hesitation(case), lines=lines, cart_total=total,
        cart_codes=asker.cart.discount_codes if asker.cart is not None else (),
        own_codes=own_codes(asker.discounts, asker.now), past_offers=past_offers(asker.discounts, case.rules),
        first_order=None if orders is None else not orders, offered_here=bool(case.state.offered),
        declined_here=case.state.no_discount,
    )  # fmt: skip


def _hesitation(case: ShoppingCase) -> Hesitation | None:
    """What holds the shopper back: heard now, or before we asked which product it is about."""
    heard = read_hesitation(case.text, case.words.language)
    return Hesitation("price") if heard is None and _leans_on_one(case) else heard


def put_off(case: ShoppingCase) -> Advice:
    """The shopper wants to think: the list is kept, and nothing else is said."""
    return case.done(
        replace(case.state, asked="", choices=()), lines=(case.words.say("later"),), why=("they want to think",)
    )


def declined(case: ShoppingCase) -> Advice:
    """What is declined isn't shown again in this conversation; a kind of product that is refused takes all of it along."""
    no = read_decline(case.text, case.words.language)
    if no is not None and no.scope == "discount":
        state = replace(case.state, no_discount=True, asked="", choices=())
        return case.done(state, lines=(case.words.say("declined"),), why=("no discount is wanted",))
    wish = wish_read(case.catalog, case.text, language=case.words.language)
    refused = (*wish.without_kinds, *wish.without)
    if of_kind := [each for each in case.products(case.state.seen) if is_of_kind(each, refused)]:
        ids = tuple(dict.fromkeys((*case.state.declined, *(product.id for product in of_kind))))
        state = replace(case.state, declined=ids, asked="", choices=())
        return case.done(state, lines=(case.words.say("declined"),), why=(f"declined: {', '.join(ids)}",))
    meant = case.meant() if case.named or case.act.places else case.products(case.state.shown)
    ids = tuple(dict.fromkeys((*case.state.declined, *(product.id for product in meant))))
    state = replace(case.state, declined=ids, about="", asked="", choices=())
    return case.done(state, lines=(case.words.say("declined"),), why=(f"declined: {', '.join(ids) or 'the question'}",))


def cheaper_than(case: ShoppingCase) -> tuple[Pick, ...]:
    """What stands near the product that is talked about, and costs less.

    Args:
        case: The request.
    """
    meant = _talked_about(case)
    if not meant or (price := meant[0].price) is None:
        return ()
    gone = {*case.state.declined, *case.state.shown}
    near = case.catalog.related(meant[0].id, "alternative", k=NEAR)
    less = [each for each in near if _costs_less(each.variant.price, price) and each.product.id not in gone]
    return tuple(
        Pick(each.product, None, reason_of(each.product, each.reasons)) for each in less[: case.rules.shortlist]
    )


def _costs_less(price: Money, than: Money | None) -> bool:
    return than is not None and price.currency == than.currency and price < than
