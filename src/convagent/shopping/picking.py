"""One product that is named or pointed at: whether it is there, what is said of it, and what there is in its place."""

from __future__ import annotations

import re
from dataclasses import replace

from convagent.catalog.knowing import successor_of
from convagent.facts import Product
from convagent.shopping.among import told_among
from convagent.shopping.case import ShoppingCase
from convagent.shopping.details import answered_from_facts, answered_of_each, bearing_on, facts_asked_for
from convagent.shopping.features import features_said, has_feature
from convagent.shopping.formerly import beside_the_former
from convagent.shopping.hearing import asks_if_there, asks_of_it, asks_the_price, is_question, wants_another
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.looking import looked_for
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import mentioned_variants, not_for_them, offers_like, price_and_stock, variant_that_fits
from convagent.shopping.own_words import tells
from convagent.shopping.reasons import reason_of
from convagent.shopping.several_questions import answered_each
from convagent.shopping.shading import depth_in, has_shades, names_a_shade, shaded, undertone_in
from convagent.shopping.showing import meant_by, mixed_up, shown_for, which_one
from convagent.shopping.telling import is_told_otherwise
from convagent.shopping.trying_on import fitted, states_a_size
from convagent.shopping.wishing import wish_by_now, wish_read
from convagent.why import because

__all__ = ["alternatives", "asks_of_the_thing", "picked"]

_SHADE = re.compile(r"\b(?:shades?|farbt[oö]n\w*|nuancen?|teintes?)\b", re.IGNORECASE)
_BUYS = re.compile(
    r"\b(?:costs?|price|how much (?:is|are|for)|in stock|available|sell|get|got|buy|order|left|kostet|preis|vorrätig|verfügbar|"
    r"bestellen|kaufen|combien|coûte|prix|en stock|disponible|acheter|commander)\b",
    re.IGNORECASE,
)
"""What the price and the stock answer."""

_OF_IT = re.compile(
    r"(?:^|[.!?,;:…]\s*|\band )(?:is|are|does|do|can i|can it|could i|will|would|how|why|when|ist|sind|kann|wie|warum|"
    r"est-ce|peut-on|puis-je|comment|pourquoi)\b",
    re.IGNORECASE,
)
"""How a question about a thing begins."""


def picked(case: ShoppingCase) -> Advice:
    """A product that the shopper names or points at: whether it is there, what it costs, and what is like it if it isn't."""
    meant = meant_by(case)
    if not meant:
        return answered_of_each(case) or mixed_up(case) or which_one(case, "pick")
    if not case.named and not case.act.places and (told := _which_is(case)) is not None:
        return told
    wish = wish_said(case)
    if len(meant) > 1 and (without_all := _none_has_all(case)) is not None:
        return without_all
    if len(meant) > 1:
        there = [product for product in meant if product.in_stock is not False and is_safe(case, product, wish)]
        if there:
            picks = tuple(Pick(product, None, reason_of(product, ())) for product in there[: case.rules.shortlist])
            return Advice(case.shown(picks), (), picks, why=("several were meant",))
    product = meant[0]
    if product.status is not None and product.status != "active":
        return alternatives(case)
    if (unsafe := not_for_them(case, product)) is not None:
        return unsafe
    if (each := answered_each(case, product)) is not None:
        return each
    sized = variant_that_fits(product, case.text) or mentioned_variants(product, case.text)
    stated = states_a_size(case.text, case.words.language) and not asks_if_there(case.text)
    if not sized and stated and _is_worn(case, product):
        return fitted(case)
    if (shade := _its_shade(case, product)) is not None:
        return shade
    # "I need the deodorant without scent" asks for no ingredients
    wants_it_so = bool(sized) and (not is_question(case.text) or _asks_if_there_so(case.text))
    if not wants_it_so and (answer := answered_from_facts(case, product)) is not None:
        return answer
    if (compared_with := beside_the_former(case, product)) is not None:
        return compared_with
    if not sized and (asks_of_the_thing(case.text) or (asks_of_it(case.text) and not _BUYS.search(case.text))):
        why = because("product_silent", product=product.title, text=case.text[:200])
        state = replace(case.state, about=product.id)
        silent = [case.words.say("silent", product=product.title)]
        if bearing := bearing_on(case.text, product, case.words.language):
            facts = "; ".join(each.rstrip(".") for each in bearing)
            silent.append(case.words.say("picked", product=product.title, facts=facts))
        return case.done(state, lines=silent, hand_over=("missing_knowledge", "", why), why=(why,))
    said = (*(case.state.said if case.act.follows else ()), case.text)
    wish = wish_by_now(wish_read(case.catalog, each, language=case.words.language) for each in said)
    return price_and_stock(case, product, wish)


def _which_is(case: ShoppingCase) -> Advice | None:
    """Which of the products that were shown has most of something, where that is what is asked; None for any other request."""
    by = case.compared()
    if by is None or by.degree.form == "new":
        return None
    asks_else = asks_the_price(case.text) or (by.degree.form == "the one" and _asks_more_of(case, by.best[0]))
    return told_among(case, by) if by.alike or not asks_else else None


def _asks_if_there_so(text: str) -> bool:
    """Whether it is asked if something is there in a variant, and nothing else: "is it available left-handed?"."""
    return asks_if_there(text) and not facts_asked_for(text)


def _asks_more_of(case: ShoppingCase, product: Product) -> bool:
    """Whether "the cheaper one" only says which one is meant: it is taken, asked about, or wanted as it comes."""
    text = case.text
    if not is_question(text) or facts_asked_for(text) or tells(text, product):
        return True
    return asks_if_there(text) or bool(mentioned_variants(product, text))


def _its_shade(case: ShoppingCase, product: Product) -> Advice | None:
    """What the shade that was shown is, where a question is about an undertone or a depth; None for any other."""
    variant = next((each for each in product.variants if each.id == case.state.variant), None)
    asks = undertone_in(case.text) is not None or depth_in(case.text) is not None
    if variant is None or not asks or not is_question(case.text) or not has_shades(product):
        return None
    line = case.words.say("picked", product=product.title, facts=", ".join(variant.options.values()))
    picks = (Pick(product, variant),) if variant.available else ()
    return Advice(case.shown(picks, about=product.id), (line,), picks, why=(f"the shade of {product.id}",))


def _none_has_all(case: ShoppingCase) -> Advice | None:
    """What is said where several features are asked for and none of the products shown has them all; None else."""
    shown = case.products(dict.fromkeys(case.state.shown))
    features = features_said(case.text, shown)
    if len(features) < 2 or not is_question(case.text):
        return None
    if whole := [each for each in shown if all(has_feature(each, feature) for feature in features)]:
        picks = tuple(
            Pick(each, None, reason_of(each, ()))
            for each in whole[: case.rules.shortlist]
            if each.in_stock is not False
        )
        return Advice(case.shown(picks), (), picks, why=("these have all of it",)) if picks else None
    some = [
        case.words.say("has_of_it", product=each.title, facts=case.words.listed(own))
        for each in shown
        if (own := [feature for feature in features if has_feature(each, feature)])
    ]
    why = (f"none has all of {', '.join(features)}",)
    return case.done(lines=(case.words.say("none_has_all"), *some), why=why)


def _is_worn(case: ShoppingCase, product: Product) -> bool:
    """Whether a size of it goes by a body: it names a chart."""
    return case.charts is not None and case.charts.for_product(product) is not None


def asks_of_the_thing(text: str) -> bool:
    """Whether a question is about what the thing is like: its price and stock would be no answer."""
    if not is_question(text) or asks_if_there(text) or _BUYS.search(text):
        return False
    return bool(facts_asked_for(text)) or is_told_otherwise(text) or _OF_IT.search(text) is not None


def alternatives(case: ShoppingCase) -> Advice:
    """What is like a product; of one that isn't made any more, its successor; of a shade that is gone, the nearest shade."""
    meant = meant_by(case)
    if not meant:
        if _SHADE.search(case.text) or names_a_shade(case):
            return shaded(case)
        if (mixed := mixed_up(case)) is not None:
            return mixed
        return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
    product = meant[0]
    if _SHADE.search(case.text) and has_shades(product):
        return shaded(case)
    words = case.words
    lines: list[str] = []
    if product.status is not None and product.status != "active":
        successor = successor_of(case.catalog, product)
        if (
            successor is not None and successor.said and successor.product.in_stock
            and is_safe(case, successor.product, wish_said(case))
        ):  # fmt: skip
            lines.append(words.say("successor", product=product.title, successor=successor.product.title))
            return shown_for(case, successor.product, [Pick(successor.product, None, "")], lines)
        lines.append(words.say("gone", product=product.title))
    elif product.in_stock is False:
        lines.append(words.say("sold_out", product=product.title))
    elif not wants_another(case.text) and not case.act.follows:
        return picked(case)
    picks = offers_like(case, product)
    if not picks and not lines:  # it can be bought itself: that there is nothing else is an answer
        state = replace(case.state, about=product.id)
        return case.done(state, lines=(words.say("nothing_more"),), why=(f"nothing is like {product.title}",))
    if not picks:
        why = because("nothing_alike", product=product.title)
        return case.done(lines=tuple(lines), hand_over=("missing_knowledge", "", why), why=(why,))
    lines.append(words.say("alternative", product=product.title))
    return shown_for(case, product, picks, lines)
