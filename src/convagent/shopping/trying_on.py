"""Does it fit: a size from the shop's chart and the shopper's measures, with how sure that is."""

from __future__ import annotations

from convagent.catalog.knowing import SizeAdvice, advise_size, read_measures
from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.model import Advice, Pick

__all__ = ["fitted"]

SURE_ENOUGH = 0.5
"""A size is named from this certainty on; below it, a measure is asked for."""


def fitted(case: ShoppingCase) -> Advice:
    """Which size of a product would fit."""
    meant = case.meant()
    words = case.words
    if not meant:
        return Advice(
            case.asking("product", doing="fit"), question=words.say("which_product"), why=("a size of what?",)
        )
    product = meant[0]
    chart = case.charts.for_product(product) if case.charts is not None else None
    if chart is None:
        why = f"{product.title} names no size chart"
        return case.done(
            lines=(words.say("no_chart", product=product.title),), hand_over=("missing_knowledge", "", why)
        )
    measures = read_measures(_all_said(case), words.language)
    advice = advise_size(product, chart, measures)
    unsure = advice.size is None or advice.certainty < SURE_ENOUGH
    if unsure and advice.missing and case.state.asked != "measures":
        return _ask(case, product, advice)
    if advice.size is None:
        why = f"the measures given lie outside the chart of {product.title}"
        return case.done(hand_over=("missing_knowledge", "", why), why=(why,))
    return _told(case, product, advice, advice.size)


def _all_said(case: ShoppingCase) -> str:
    return " ; ".join((*case.state.said, case.text))


def _ask(case: ShoppingCase, product: Product, advice: SizeAdvice) -> Advice:
    words = case.words
    named = words.listed(str(words.say(f"measure_{each}")) for each in advice.missing[:2])
    state = case.asking("measures", doing="fit", about=product.id, said=(*case.state.said, case.text)[-8:])
    lines = _cut(case, product)
    return Advice(
        state, lines, question=words.say("ask_measures", product=product.title, measures=named),
        why=(f"a measure is missing for {product.id}: {', '.join(advice.missing)}",),
    )  # fmt: skip


def _told(case: ShoppingCase, product: Product, advice: SizeAdvice, size: str) -> Advice:
    words = case.words
    if advice.between:
        smaller, larger = advice.between[0], advice.between[-1]
        lines: list[str] = [words.say("size_between", smaller=smaller, larger=larger, product=product.title, size=size)]
    else:
        lines = [words.say("size", size=size, product=product.title)]
    lines += _cut(case, product)
    lines.append(words.say("size_unsure"))
    variant = advice.variants[0] if advice.variants else None
    picks: tuple[Pick, ...] = ()
    if variant is None:
        lines.append(words.say("size_sold_out", size=size))
    else:
        picks = (Pick(product, variant),)
    why = (f"{size} of {product.id}, {advice.certainty:.0%} sure",)
    return Advice(case.shown(picks, about=product.id), tuple(lines), picks, why=why)


def _cut(case: ShoppingCase, product: Product) -> tuple[str, ...]:
    """How the shop says that it is cut."""
    said = next((str(value) for name, value in product.attributes.items() if name.casefold() == "fit"), "")
    return (case.words.say("size_cut", fit=said.rstrip(".")),) if said else ()
