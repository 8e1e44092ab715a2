"""Of what was found, what is left by what was said: declined, of a material, a use, a department, for the same people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog.attributes.material_words import MATERIALS
from convagent.catalog.attributes.model import ProductAttributes
from convagent.catalog.hits import ProductHit
from convagent.catalog.knowing.nearness import same_people
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.features import features_said, with_features
from convagent.shopping.hearing import asks_for_more, is_about_gift_cards, what_is_liked
from convagent.shopping.keeping_safe import against_age
from convagent.shopping.pointing import is_of_kind, kinds_mentioned

__all__ = [
    "GIFT_CARD",
    "for_the_same",
    "left_of",
    "not_for_their_age",
    "of_area",
    "of_liked_kinds",
    "of_said_features",
    "of_said_material",
    "of_said_use",
    "of_their_age",
]

NEAREST = 5
"""Products of a kind that are looked at for the age that they are for."""

_YOUNG = 12 * 12
"""Months up to which a child isn't yet given what anybody may have."""

GIFT_CARD = ("gift card",)
"""The kind of what one gives who found nothing."""


def not_for_their_age(case: ShoppingCase, wish: Wish, hits: Sequence[ProductHit]) -> Product | None:
    """A product of the kind that was asked for, where nothing of that kind is for the age: its ages are told, unasked."""
    wanted = [kind for kind in wish.kinds if not any(is_of_kind(hit.product, (kind,)) for hit in hits)]
    if not wish.ages or not wanted:
        return None
    older = case.catalog.find(replace(wish, ages=()), k=NEAREST, language=case.words.language, only_kind=True).hits
    return next((hit.product for hit in older if against_age(case, hit.product, wish)), None)


def of_their_age(case: ShoppingCase, wish: Wish, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits that say that they are for the age of a child whom something is for, where any of them does; else all."""
    young = [months for months in wish.ages if months < _YOUNG]
    if not young:
        return hits
    read = ((hit, case.catalog.attributes(hit.product.id)) for hit in hits)
    return [hit for hit, own in read if own is not None and _is_for(own, young)] or hits


def _is_for(read: ProductAttributes, ages: Sequence[int]) -> bool:
    return any(
        (each.low is None or each.low <= months) and (each.high is None or months <= each.high)
        for each in read.ages for months in ages
    )  # fmt: skip


def of_said_features(case: ShoppingCase, wish: Wish, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits that have what was asked for and is there or isn't, such as a sleep light, as far as any of them has it."""
    products = [hit.product for hit in hits]
    features = features_said(" ".join(case.state.said), products, wish.qualities)
    kept = {product.id for product in with_features(products, features)}
    return [hit for hit in hits if hit.product.id in kept]


def left_of(case: ShoppingCase, hits: Sequence[ProductHit]) -> list[ProductHit]:
    """Hits without what was declined, and, where others are wanted, without what was shown."""
    gone = set(case.state.declined) | (set(case.state.seen) if case.act.kind == "more" else set())
    left = [hit for hit in hits if hit.product.id not in gone]
    # what they have already comes last, and so does a gift card, which is what one gives who found nothing
    asked = is_about_gift_cards(" ".join(case.state.said))
    return sorted(
        left, key=lambda hit: (hit.product.id in case.asker.bought, not asked and is_of_kind(hit.product, GIFT_CARD))
    )


def of_said_material(case: ShoppingCase, wish: Wish, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits of the material that stands before the kind ("a linen shirt"), where there is any of it; else all."""
    words = set(re.findall(r"[^\W\d_]+", wish.text.casefold()))
    said = {name for name in MATERIALS if name in words}
    if not said or not wish.kinds:
        return hits
    of_it = [hit for hit in hits if said & _materials(case, hit)]
    return of_it or hits


def _materials(case: ShoppingCase, hit: ProductHit) -> set[str]:
    read = case.catalog.attributes(hit.product.id)
    return {material.name for material in read.materials} | set(hit.product.tags) if read is not None else set()


def of_said_use(case: ShoppingCase, wish: Wish, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits that say that they are for the use, where no kind was named and any does: a candle called Rain keeps nobody dry."""
    if wish.kinds or not wish.uses:
        return hits
    read = ((hit, case.catalog.attributes(hit.product.id)) for hit in hits)
    return [hit for hit, own in read if own is not None and own.uses & set(wish.uses)] or hits


def of_liked_kinds(case: ShoppingCase, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits of the kind that somebody is said to like, "she loves candles", where there are any; else all."""
    kinds = {
        kind.rpartition(" ")[2]
        for said in case.state.said if (liked := what_is_liked(said))
        for kind in kinds_mentioned(liked, case.words.language)
    }  # fmt: skip
    return [hit for hit in hits if (hit.product.kind or "").casefold().rpartition(" ")[2] in kinds] or hits


def for_the_same(case: ShoppingCase, hits: list[ProductHit]) -> list[ProductHit]:
    """Where something else than a product is asked for, hits for the people whom that is for; else all."""
    about = case.catalog.attributes(case.state.about) if case.state.about and case.state.active else None
    if about is None or not asks_for_more(case.text):
        return hits
    read = ((hit, case.catalog.attributes(hit.product.id)) for hit in hits)
    return [hit for hit, own in read if own is not None and same_people(about, own)] or hits


def of_area(case: ShoppingCase, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits of the departments that were named, such as "something for the home", where there are any; else all."""
    areas = case.words.areas_in(" ".join(case.state.said))
    return [hit for hit in hits if _top(hit) in areas] or hits if areas else hits


def _top(hit: ProductHit) -> str:
    return (hit.product.category or "").split(">")[0].strip().casefold()
