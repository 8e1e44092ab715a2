"""Products side by side, and sets that cost less than their parts."""

from __future__ import annotations

import re

from convagent.catalog.knowing import Bundle, bundles_with, compare_products
from convagent.catalog.knowing.candidates import candidates
from convagent.facts import Product
from convagent.guidance.parts import Worded
from convagent.search import STOP_WORDS
from convagent.shopping.case import ShoppingCase
from convagent.shopping.hearing import compares
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import mentioned_variants
from convagent.shopping.picking import picked
from convagent.shopping.short_names import siblings_named
from convagent.shopping.showing import meant_by, shown_for, which_one
from convagent.shopping.wishing import wish_read

__all__ = ["bundles", "compared"]

LONGEST = 300
"""Characters of a text that are looked at for names."""

NEAR = 5
"""Products that may be called by a part of a text."""

_BETWEEN = re.compile(
    r"\s+(?:and|or|vs\.?|versus|with|to|und|oder|mit|et|ou|avec)\s+|[,;:?!]\s*|\bbetween\b|\bzwischen\b|\bentre\b",
    re.IGNORECASE,
)

_SAYING = frozenset().union(*STOP_WORDS.values()) | frozenset(
    "compare comparison difference please vergleiche vergleichen unterschied bitte comparer différence".split()
)
"""Words around names."""

MOST_COMPARED = 3
"""Products side by side: of more nobody keeps the columns apart."""

ROWS = 6
"""Attributes that a comparison shows: those that differ and tell most."""


def compared(case: ShoppingCase) -> Advice:
    """Products side by side in what differs and matters."""
    siblings = siblings_named(case.catalog, case.text, case.named)
    apart = siblings if len(siblings) > 1 else _described_apart(case) or _scattered(case)
    meant = apart or siblings or meant_by(case)
    if len(meant) == 1 and mentioned_variants(meant[0], case.text):  # one among the shades of a product
        return picked(case)
    if len(meant) == 1 and not compares(case.text):  # "how do I use the retinal serum?" sets it beside nothing
        return picked(case)
    if len(meant) < 2:
        others = [product for product in case.products(case.state.shown) if product not in meant]
        meant = (*meant, *others)[: max(2, len(case.state.shown))]
    if len(meant) < 2 and case.asker.session is not None:
        viewed = case.products(case.asker.session.viewed_product_ids[-2:])
        meant = (*meant, *(product for product in viewed if product not in meant))
    if len(meant) < 2:
        return which_one(case, "compare")
    meant = meant[:MOST_COMPARED]
    words = case.words
    told = compare_products(case.catalog, meant, language=words.language)
    lines = [str(words.say("compared", products=words.listed(product.title for product in meant)))]
    rows = [
        f"- {row.label}: " + "; ".join(
            f"{product.title} {value}" for product, value in zip(meant, row.values, strict=True) if value
        )
        for row in told.rows[:ROWS]
    ]  # fmt: skip
    why = (f"compared {', '.join(product.id for product in meant)}",)
    picks = tuple(Pick(product) for product in meant if product.in_stock)
    return Advice(case.shown(picks), (lines[0], *(["\n".join(rows)] if rows else [])), picks, why=why)


def _described_apart(case: ShoppingCase) -> tuple[Product, ...]:
    """Products that are called by words of their names, one beside the other: "the stepladder bed and the low bed"."""
    if len(case.named) > 1:
        return ()
    found: dict[str, Product] = {}
    kinds = wish_read(case.catalog, case.text, language=case.words.language).kinds
    kind = kinds[0].rpartition(" ")[2] if len(kinds) == 1 else ""
    for part in _BETWEEN.split(case.text[:LONGEST])[: MOST_COMPARED + 1]:
        words = _stems(part) - _SAYING
        # "which serum is better, the vitamin C or the niacinamide?"
        query, words = (f"{part} {kind}", words | _stems(kind)) if len(words) == 1 and kind else (part, words)
        hits = case.catalog.find(query, k=NEAR, language=case.words.language).hits if len(words) > 1 else ()
        called = [hit.product for hit in hits if words <= _stems(hit.product.title)]
        if len(called) == 1:
            found[called[0].id] = called[0]
    return tuple(found.values()) if len(found) > 1 else ()


def _scattered(case: ShoppingCase) -> tuple[Product, ...]:
    """The few products all of whose names' words stand in a text: "Evening lamps: how do the long and the short one differ?"."""
    if len(case.named) > 1:
        return ()
    words = _stems(case.text[:LONGEST])
    pool = candidates(case.catalog, case.text[:LONGEST], buyable=True)
    own = ((product, _stems(product.title) - _SAYING) for product in pool if product.status in {None, "active"})
    found = tuple(product for product, name in own if len(name) > 1 and name <= words)
    return found if 1 < len(found) <= MOST_COMPARED else ()


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in re.findall(r"[^\W_]{2,}", text.casefold()))


def bundles(case: ShoppingCase) -> Advice:
    """A set that costs less than its parts."""
    meant = meant_by(case)
    if not meant:
        return which_one(case, "bundle")
    wish = wish_said(case)
    found = [
        bundle
        for bundle in bundles_with(case.catalog, [product.id for product in meant])
        if all(is_safe(case, each, wish) for each in (bundle.product, *(part.product for part in bundle.parts)))
    ]
    words = case.words
    if not found:
        line = words.say("no_bundle", product=words.listed(product.title for product in meant))
        return case.done(lines=(line,), why=("no bundle is cheaper than its parts",))
    wanted = {variant.id for product in meant for variant in mentioned_variants(product, case.text)}
    best = max(found, key=lambda bundle: (_has_variant(bundle, wanted), bundle.saving))
    return shown_for(case, meant[0], [Pick(best.product, best.variant, "")], [_cheaper_together(case, best)])


def _has_variant(bundle: Bundle, wanted: set[str]) -> bool:
    """Whether it is made of, or is, a variant that was mentioned, such as the orange one."""
    return bool(wanted & {bundle.variant.id, *(part.variant.id for part in bundle.parts)})


def _cheaper_together(case: ShoppingCase, bundle: Bundle) -> Worded:
    words = case.words
    if bundle.kind == "set":
        return words.say(
            "bundle", bundle=bundle.product.title, price=bundle.price, parts=bundle.parts_price, saving=bundle.saving
        )  # fmt: skip
    part = bundle.parts[0]
    return words.say(
        "bundle_pack", pack=case.label(bundle.product, bundle.variant), price=bundle.price, times=str(part.times),
        small=case.label(part.product, part.variant), parts=bundle.parts_price, saving=bundle.saving,
    )  # fmt: skip
