"""What is said by more and less of products that were shown: which is the lightest, and something darker than they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog.wishes.model import Wish
from convagent.facts import Product, Variant
from convagent.shopping.case import ShoppingCase
from convagent.shopping.compared import Compared
from convagent.shopping.degrees import qualities, read_degree
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.measuring import darkness_of, depth_of, measured, told_apart
from convagent.shopping.model import Advice, Pick

__all__ = ["beyond", "furthest_of", "told_among"]

MOST_TOLD = 4
"""Products whose figures are told, of all that were found."""

LOOKED_AT = 40
"""Products of a kind that are looked at for one that has more of something."""


def told_among(case: ShoppingCase, by: Compared) -> Advice:
    """Which of the products that were shown has most of what was asked for, with the figures of all of them.

    Args:
        case: The request.
        by: How they compare.
    """
    words, language = case.words, case.words.language
    label = by.measures[0].label(language)
    best = [each for each in case.products(each.id for each in by.best) if each.in_stock is not False]
    if by.alike:
        names = words.listed(each.product.title for each in by.measures)
        line = words.say("among_alike", products=names, facts=f"{label}: {by.measures[0].text}")
        return case.done(lines=(line,), why=(f"alike in {by.measures[0].key}",))
    first, rest = by.measures[0], [each for each in by.measures if each.product.id not in {p.id for p in by.best}]
    line = words.say(
        "among", product=words.listed(product.title for product in by.best), facts=f"{label}: {first.text}",
        others="; ".join(f"{each.product.title}: {each.text}" for each in rest),
    )  # fmt: skip
    safe = [product for product in best if is_safe(case, product, wish_said(case))]
    picks = tuple(Pick(product) for product in safe[: case.rules.shortlist])
    about = first.product.id if len(by.best) == 1 else ""
    why = (f"by {first.key}: {', '.join(each.product.id for each in by.measures)}",)
    return Advice(case.shown(picks, about=about), (line,), picks, why=why)


def beyond(case: ShoppingCase, wish: Wish) -> Advice | None:
    """Something that has more (or less) of a quality than what was shown last: "something brighter", "a bit darker, please".

    Of the same kind, and as it was wished by now; the nearest to what was shown come first. Of shades and colours it is the same
    product in another one, where there is one. None where nothing tells.

    Args:
        case: The request.
        wish: What is wished by now.
    """
    degree = read_degree(case.text) if case.state.active else None
    shown = case.products(dict.fromkeys(case.state.shown))
    if degree is None or degree.form != "new" or not shown:
        return None
    for name, sign in degree.by:
        quality = qualities()[name]
        if quality.shades or quality.colours:
            advice = _in_another(case, shown, sign, by_depth=quality.shades)
            if advice is not None:
                return advice
            continue
        mine = measured(case.catalog, shown, quality, language=case.words.language)
        if not mine or name == "price":
            continue
        last = max(sign * each.value for each in mine)
        pool = _of_the_kind(case, wish, shown)
        theirs = measured(case.catalog, pool, quality, language=case.words.language)
        further = sorted((each for each in theirs if sign * each.value > last), key=lambda each: sign * each.value)
        if not further:
            most = max(mine, key=lambda each: sign * each.value)
            facts = f"{most.label(case.words.language)}: {most.text}"
            line = case.words.say("furthest", product=most.product.title, facts=facts)
            return case.done(lines=(line,), why=(f"nothing goes further in {name}",))
        picks = tuple(
            Pick(each.product, None, f"{each.label(case.words.language)}: {each.text}")
            for each in further[: case.rules.shortlist]
        )
        line = case.words.say("fit_well" if len(picks) > 1 else "fits_well")
        about = picks[0].product.id if len(picks) == 1 else ""
        why = (f"further in {name}: {', '.join(pick.product.id for pick in picks)}",)
        return Advice(case.shown(picks, about=about), (line,), picks, why=why)
    return None


def furthest_of(case: ShoppingCase, products: Sequence[Product]) -> Advice | None:
    """Which of the products that were found has most of what is asked for: "which lamp is the brightest?"; else None.

    Args:
        case: The request.
        products: What was found, safe and there to be bought.
    """
    degree = read_degree(case.text)
    if degree is None or degree.form == "new" or not degree.superlative:
        return None
    for name, sign in degree.by:
        found = measured(case.catalog, products, qualities()[name], language=case.words.language)
        if name == "price" or not told_apart(found):
            continue
        ordered = tuple(sorted(found, key=lambda each: -sign * each.value))
        return told_among(case, Compared(degree, ordered[:MOST_TOLD]))
    return None


def _of_the_kind(case: ShoppingCase, wish: Wish, shown: Sequence[Product]) -> list[Product]:
    """What can be bought of the kind that was looked for, or that was shown."""
    kinds = {product.kind.casefold() for product in shown if product.kind}
    free = replace(wish, text=" ".join((*wish.kinds, *kinds)), named=(), like=(), qualities=(), bounds=())
    hits = case.catalog.find(free, k=LOOKED_AT, language="en", only_kind=bool(wish.kinds)).hits
    gone, safe = {*case.state.declined, *(product.id for product in shown)}, wish_said(case)
    return [
        hit.product
        for hit in hits
        if (hit.product.kind or "").casefold() in kinds
        and hit.product.id not in gone
        and is_safe(case, hit.product, safe)
    ]


def _in_another(case: ShoppingCase, shown: Sequence[Product], sign: int, *, by_depth: bool) -> Advice | None:
    """The product that was shown in a deeper (or lighter) shade, or a darker (or lighter) colour; None where it has none."""
    product = next((each for each in shown if each.id == case.state.about), shown[0])
    now = next((each for each in product.variants if each.id == case.state.variant), None)
    reads = depth_of if by_depth else darkness_of
    start = reads(now) if now is not None else None
    if by_depth and start is None:
        return None
    at = {each.id: value for each in product.variants if each.available and (value := reads(each)) is not None}
    if start is None:
        ordered = sorted(set(at.values()), reverse=sign > 0)
        wanted = ordered[:1] if len(ordered) > 1 else []
    else:
        wanted = sorted((value for value in set(at.values()) if sign * value > sign * start), key=lambda v: sign * v)[
            :1
        ]
    found = [each for each in product.variants if wanted and at.get(each.id) == wanted[0]]
    found = _as_it_was(found, now)
    if not found:
        return None
    picks = tuple(Pick(product, each) for each in found[: case.rules.shortlist])
    line = case.words.say("fit_well" if len(picks) > 1 else "fits_well")
    why = (f"{product.id} {'darker' if sign > 0 else 'lighter'}: {', '.join(each.id for each in found)}",)
    return Advice(case.shown(picks, about=product.id), (line,), picks, why=why)


def _as_it_was(found: list[Variant], now: Variant | None) -> list[Variant]:
    """Those variants that keep what else was chosen, such as the undertone or the size; one for each colour."""
    if now is not None and depth_of(now) is not None:
        mine = _undertone(now)
        found = [each for each in found if _undertone(each) == mine] or found
    if now is not None and len(now.options) > 1:
        kept = [each for each in found if set(each.options.values()) & set(now.options.values())]
        found = kept or found
    by_first = {next(iter(each.options.values()), each.id): each for each in reversed(found)}
    return list(reversed(by_first.values()))


def _undertone(variant: Variant) -> str | None:
    from convagent.catalog.knowing import shade_of

    shade = shade_of(variant)
    return shade.undertone if shade is not None else None
