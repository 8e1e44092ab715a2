"""A product that is named: whether it is there as it is wanted, what it costs, and what there is in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from convagent.catalog.choosing import meets
from convagent.catalog.constraints import Constraints
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product, Variant
from convagent.guidance.parts import Worded
from convagent.shopping.case import ShoppingCase
from convagent.shopping.hearing import asks_if_there
from convagent.shopping.keeping_safe import against_age, age_said, is_safe, wish_said
from convagent.shopping.model import Advice, Pick
from convagent.shopping.reasons import reason_of
from convagent.shopping.short_names import called_in_part
from convagent.shopping.wishing import wish_read

__all__ = [
    "asked_for",
    "mentioned_variants",
    "not_for_them",
    "offers_like",
    "price_and_stock",
    "variant_for",
    "variant_that_fits",
]

LOOKED_AT = 12
"""Products like one that are looked at for those that may be shown."""

LEAST_DESCRIBED = 2
"""Words of its options by which a variant is described."""

_JOINING = frozenset("the and for of a an to in with der die das und für mit le la les et pour avec".split())

_SPOT = re.compile(
    r"(?<![\w.,])(?P<a>[0-9]{2,4})\s*(?:cm\s*)?(?:[×x]|by|mal|auf|sur|par)\s*(?P<b>[0-9]{2,4})\s*(?:cm)?(?![\w])",
    re.IGNORECASE,
)
_THAT_ONE = re.compile(
    r"\b(?:that|this|the same|dieser?|der|derselben|cette|la même) (?:size|colou?r|shade|version|"
    r"größe|farbe|farbton|taille|couleur|teinte)\b",
    re.IGNORECASE,
)
_UNSCENTED = re.compile(
    r"\b(?:without|no|free of) (?:any )?(?:scent|fragrance|perfume|smell)\b|\bohne (?:duft|parfüm)\b|\bsans (?:parfum|odeur)\b",
    re.IGNORECASE,
)
_FITS_IN = re.compile(
    r"\b(?:fits?|spot|space|room for|free|gap|niche|available space|passt|platz|nische|fläche|rentre|place|espace|tient)\b",
    re.IGNORECASE,
)


def asked_for(case: ShoppingCase, wish: Wish) -> Advice:
    """A product by its name, in the size and colour that are wanted."""
    found = case.catalog.product(wish.named[0])
    if found is None or (found.status is not None and found.status != "active"):
        from convagent.shopping.picking import alternatives

        return alternatives(case)
    from convagent.shopping.trying_on import fitted, states_a_size

    sized = states_a_size(case.text, case.words.language) and not asks_if_there(case.text)
    if sized and case.charts is not None and case.charts.for_product(found) is not None:
        return fitted(case)
    return price_and_stock(case, found, wish)


def price_and_stock(case: ShoppingCase, product: Product, wish: Wish) -> Advice:
    """What a product costs and whether it is there; what it comes as where it isn't there like that.

    Args:
        case: The request.
        product: An active product.
        wish: What it should be.
    """
    words = case.words
    if (unsafe := not_for_them(case, product)) is not None:
        return unsafe
    mentioned = variant_that_fits(product, case.text) or mentioned_variants(product, case.text)
    mentioned = mentioned or _spoken_of(case, product)
    if not wish.sizes and (mentioned or wish.colours) and (size := _size_by_now(case, product)):
        wish = replace(wish, sizes=(size,))
    demanded = bool(wish.sizes or wish.colours or mentioned)
    right = [variant for variant in mentioned or product.variants if meets(product, variant, wish.offer)]
    right = right or list(mentioned)
    there = [variant for variant in right if variant.available]
    if there:
        variant = there[0] if demanded or len(product.variants) == 1 else None
        shared = _shared(right) if demanded and len(right) > 1 else {}
        if shared and not wish.sizes:  # "in moss" leaves the size open
            return _there_in_several(case, product, there, shared)
        line = _in_stock(case, case.label(product, variant), (variant,) if variant is not None else there)
        few = _few(case, there) if demanded else ""
        pick = Pick(product, variant, few or reason_of(product, ()))
        return Advice(
            case.shown((pick,), about=product.id), (line,), (pick,), why=(f"{product.id} is there as it is wanted",)
        )
    lines = [_missing(case, product, right)]
    others = [variant for variant in product.variants if variant.available]
    of_size = [each for each in others if wish.sizes and meets(product, each, Constraints(sizes=wish.sizes))]
    if others:
        lines.append(words.say("comes_as", product=product.title, options=words.listed(_options(of_size or others))))
        picks: tuple[Pick, ...] = (Pick(product),)
    else:
        picks = offers_like(case, product)
        if picks:
            lines.append(words.say("alternative", product=product.title))
    why = (f"{product.id} isn't there as it is wanted",)
    said = (*case.state.said, case.text)[-8:]  # the shade or size that is gone is what "the nearest to it" means next
    gone = right[0] if len(right) == 1 else None
    return Advice(case.shown(picks, about=product.id, said=said, variant=gone), tuple(lines), picks, why=why)


def _in_stock(case: ShoppingCase, label: str, there: Sequence[Variant]) -> Worded:
    """That something is there, with its price: the least, said to be so, where it has several."""
    prices = sorted({variant.price for variant in there}, key=lambda price: price.minor)
    return case.words.say("in_stock" if len(prices) == 1 else "in_stock_from", product=label, price=prices[0])


def _shared(variants: Sequence[Variant]) -> dict[str, str]:
    """The options that several variants have in common."""
    first, *rest = [variant.options for variant in variants]
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in rest)}


def _there_in_several(
    case: ShoppingCase, product: Product, there: Sequence[Variant], shared: Mapping[str, str]
) -> Advice:
    """A product in a colour, say, with all that it comes as in it: which of them is left open."""
    words, label = case.words, f"{product.title} ({', '.join(shared.values())})"
    lines = (
        _in_stock(case, label, there),
        words.say("comes_as", product=label, options=words.listed(_options(there))),
    )
    pick = Pick(product, None, reason_of(product, ()))
    state = case.shown((pick,), about=product.id, said=(*case.state.said, case.text)[-8:])
    return Advice(state, lines if len(there) > 1 else lines[:1], (pick,), why=(f"{product.id} is there in several",))


def not_for_them(case: ShoppingCase, product: Product) -> Advice | None:
    """What is said of a product that isn't safe for whom it is for, with others that are; None where nothing speaks against it.

    Args:
        case: The request.
        product: The product.
    """
    words, wish = case.words, wish_said(case)
    if is_safe(case, product, wish):
        return None
    picks = offers_like(case, product)
    said = age_said(product)
    if not against_age(case, product, wish):
        line = words.say("unsuitable", product=product.title)
    elif said:
        line = words.say("not_for_age", product=product.title, age=said)
    else:
        line = words.say("safety")
    lines = [line, *([words.say("alternative", product=product.title)] if picks else [])]
    why = (f"{product.id} isn't safe for whom it is for",)
    state = case.shown(picks, about=product.id, said=(*case.state.said, case.text)[-8:])
    return Advice(state, tuple(lines), picks, why=why)


def offers_like(case: ShoppingCase, product: Product) -> tuple[Pick, ...]:
    """What is like a product, can be bought, and is safe for whom it is for."""
    gone, wish = {*case.state.declined, product.id}, wish_said(case)
    near = case.catalog.related(product.id, "alternative", k=LOOKED_AT + len(gone))
    found = [
        Pick(each.product, None, reason_of(each.product, each.reasons))
        for each in near
        if each.product.id not in gone and is_safe(case, each.product, wish, beside=product)
    ]
    return tuple(found[: case.rules.shortlist])


def _size_by_now(case: ShoppingCase, product: Product) -> str | None:
    """The size that the conversation came to for the product that it is about."""
    from convagent.shopping.trying_on import size_by_now

    return size_by_now(case, product) if case.state.about == product.id else None


def _spoken_of(case: ShoppingCase, product: Product) -> tuple[Variant, ...]:
    """The variants that "in that size" means: what was said of them last, or of what they are made for."""
    if not _THAT_ONE.search(case.text):
        return ()
    for said in reversed(case.state.said):
        if mentioned := variant_that_fits(product, said) or mentioned_variants(product, said):
            return mentioned
        named = case.products(wish_read(case.catalog, said, language=case.words.language).named)
        for other in (*named, *called_in_part(case.catalog, said)):
            if (variant := variant_for(product, other)) is not None:
                return (variant,)
    return ()


def variant_for(product: Product, other: Product) -> Variant | None:
    """The one variant of a product that says that it is made for another, such as "Medium (the three Ones)" for Pip One S.

    Args:
        product: What is shown.
        other: What it goes with.
    """
    words = _stems(other.title)
    found = [
        variant
        for variant in product.variants
        if variant.available
        for said in re.findall(r"\(([^)]*)\)", " ".join(variant.options.values()))
        if words & (_stems(said) - _JOINING)
    ]
    return found[0] if len(found) == 1 and len(product.variants) > 1 else None


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in re.findall(r"[^\W_]+", text.casefold())) - {""}


def variant_that_fits(product: Product, text: str) -> tuple[Variant, ...]:
    """The largest of a product's sizes that fits a spot of two sides, either way round; none where a text names no spot.

    Args:
        product: The product.
        text: A shopper's words, such as "the free spot is 170 × 250 cm".
    """
    spot = _SPOT.search(text)
    if spot is None or not _FITS_IN.search(text):
        return ()
    room = sorted((int(spot["a"]), int(spot["b"])))
    sized = [(variant, sides) for variant in product.variants if (sides := _sides(variant)) is not None]
    inside = [(sides[0] * sides[1], variant) for variant, sides in sized if sides[0] <= room[0] and sides[1] <= room[1]]
    most = max((area for area, _ in inside), default=0)
    return tuple(variant for area, variant in inside if area == most)


def _sides(variant: Variant) -> list[int] | None:
    """The two sides of a size such as "160 × 230 cm", the shorter one first."""
    for value in variant.options.values():
        if (found := _SPOT.search(value)) is not None:
            return sorted((int(found["a"]), int(found["b"])))
    return None


def mentioned_variants(product: Product, text: str) -> tuple[Variant, ...]:
    """The variants of a product whose options a text names most of, else the one that it describes; none where it names none.

    Of "Honeycomb (tan, warm)" the name before the bracket counts, and of "45 cm" the figure with its unit.

    Args:
        product: The product.
        text: A shopper's words.
    """
    words = f" {_plain(text)} "
    words += "unscented " if _UNSCENTED.search(text) else ""
    counts: dict[str, int] = {}
    for variant in product.variants:
        named = 0
        for value in variant.options.values():
            name = _plain(value.split("(")[0])
            if re.match(r"[0-9]", name):  # "200 × 300" is said of "200 × 300 cm"
                name = name.removesuffix(" cm")
            short = name.split(" of ")[0]  # "that bag" is the bag of 750 g
            named += bool(len(name) > 1 and (f" {name} " in words or f" {short} " in words))
        counts[variant.id] = named
    most = max(counts.values(), default=0)
    if most:
        return tuple(variant for variant in product.variants if counts[variant.id] == most)
    return _described(product, words)


def _described(product: Product, words: str) -> tuple[Variant, ...]:
    """The one variant that at least two words describe: "a cool berry" is Obviously Berry (cool)."""
    said = set(words.split()) - _JOINING - set(_plain(product.title).split())
    shared = {each.id: len(said & set(_plain(" ".join(each.options.values())).split())) for each in product.variants}
    most = max(shared.values(), default=0)
    best = [variant for variant in product.variants if shared[variant.id] == most]
    return tuple(best) if most >= LEAST_DESCRIBED and len(best) == 1 else ()


def _plain(text: str) -> str:
    apart = re.sub(r"(?<=[0-9])\s*[x×]\s*(?=[0-9])", " ", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"(?<=[0-9])(?=cm\b)", " ", apart)))


def _missing(case: ShoppingCase, product: Product, right: Sequence[Variant]) -> str:
    words = case.words
    if right:
        return words.say("sold_out", product=case.label(product, right[0] if len(right) == 1 else None))
    if any(variant.available for variant in product.variants):
        return words.say("not_made", product=product.title)
    return words.say("sold_out", product=product.title)


def _options(variants: Sequence[Variant]) -> list[str]:
    """What a product comes as: the values of each option once, so that eighteen variants are no list of eighteen.

    What all of them share, such as the size that is wanted, is left out beside what tells them apart.
    """
    values: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            values.setdefault(name, {})[value] = None
    telling = [each for each in values.values() if len(each) > 1] or list(values.values())
    return list(dict.fromkeys(value for each in telling for value in each))[:12]


def _few(case: ShoppingCase, there: Sequence[Variant]) -> str:
    """How few are left, where that is known and few."""
    left = there[0].inventory if len(there) == 1 else None
    if left is None or not 0 < left <= case.rules.low_stock_from:
        return ""
    return str(case.words.say("low_stock", count=str(left)))
