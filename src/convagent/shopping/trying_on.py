"""Does it fit: a size from the shop's chart and the shopper's measures, with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from convagent.catalog.knowing import SizeAdvice, advise_size, read_measures
from convagent.facts import Product, Variant
from convagent.shopping.case import ShoppingCase
from convagent.shopping.keeping_safe import wish_said
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import mentioned_variants
from convagent.shopping.own_words import tells
from convagent.shopping.short_names import called_in_part
from convagent.why import because

__all__ = ["fits_no_body", "fitted", "is_worn_by_nobody", "size_by_now", "states_a_size"]

SURE_ENOUGH = 0.5
"""A size is named from this certainty on; below it, a measure is asked for."""


_PART = re.compile(
    r"\b(?:sleeves?|hems?|shafts?|cuffs?|collars?|straps?|inseam|(?:leg|arm|back|rise|sole|heel) (?:length|width|height)|"
    r"ärmel\w*|saum|schaft\w*|kragen|träger|beinlänge|absatz\w*|manches?|ourlet|tige|col|talons?)\b",
    re.IGNORECASE,
)
"""Parts of a garment, of which a chart of bodies says nothing."""

_OF_A_PART = re.compile(
    r"\b(?:long|short|wide|narrow|tight|loose|length|width|high|reach|enough|lang|kurz|weit|eng|breit|hoch|reichen|longue?s?|"
    r"courte?s?|large|étroite?s?|assez)\b",
    re.IGNORECASE,
)
_USUALLY = re.compile(
    r"\b(?:usual(?:ly)?|normal(?:ly)?|always|mostly|generally|typically|wears?|normalerweise|meist\w*|sonst|trage|trägt|"
    r"d'habitude|normalement|généralement|porte)\b",
    re.IGNORECASE,
)
_COSTS = re.compile(r"\b(?:cost|costs|price|how much is|kostet|preis|combien|coûte|prix)\b", re.IGNORECASE)


def fitted(case: ShoppingCase) -> Advice:
    """Which size of a product would fit.

    A question about the length of a sleeve or the like goes to a person who can measure one, unless the shop says it.
    """
    meant = case.named or called_in_part(case.catalog, case.text) or case.meant()
    words = case.words
    if not meant:
        return Advice(
            case.asking("product", doing="fit"), question=words.say("which_product"), why=("a size of what?",)
        )
    product = meant[0]
    if _COSTS.search(case.text):
        from convagent.shopping.naming import price_and_stock  # which asks this module for the size in its turn

        return price_and_stock(case, product, wish_said(case))
    if _PART.search(case.text) and _OF_A_PART.search(case.text) and not _says_of_parts(product):
        why = because("parts_unmeasured", product=product.title)
        return case.done(hand_over=("missing_knowledge", "advice", why), why=(why,))
    chart = case.charts.for_product(product) if case.charts is not None else None
    advice = _advised(case, product)
    if advice.size is None and chart is None:
        why = because("no_size_chart", product=product.title)
        lines = (words.say("no_chart", product=product.title), *_cut(case, product))
        return case.done(lines=lines, hand_over=("missing_knowledge", "", why), why=(why,))
    unsure = advice.size is None or advice.certainty < SURE_ENOUGH
    if unsure and advice.missing and case.state.asked != "measures":
        return _ask(case, product, advice)
    if advice.size is None:
        why = because("outside_the_chart", product=product.title)
        return case.done(hand_over=("missing_knowledge", "", why), why=(why,))
    return _told(case, product, advice, advice.size)


def fits_no_body(case: ShoppingCase) -> bool:
    """Whether "will it fit?" is asked of one product that has no chart of sizes, and says itself what it fits.

    Args:
        case: The request.
    """
    meant = case.named[:1] or called_in_part(case.catalog, case.text) or case.meant()
    if len(meant) != 1 or (case.charts is not None and case.charts.for_product(meant[0]) is not None):
        return False
    return not states_a_size(case.text, case.words.language) and tells(case.text, meant[0])


def is_worn_by_nobody(case: ShoppingCase) -> bool:
    """Whether words are about one product that has no chart of sizes.

    Args:
        case: The request.
    """
    meant = case.named[:1] or called_in_part(case.catalog, case.text)
    return len(meant) == 1 and (case.charts is None or case.charts.for_product(meant[0]) is None)


def states_a_size(text: str, language: str) -> bool:
    """Whether words state a measure of a body, a size that is usually worn, or two sizes that somebody is between.

    A size that is only asked for ("in size L") is none of these.

    Args:
        text: A shopper's words.
        language: Their language.
    """
    read = read_measures(text, language)
    if read.between or (read.usual and _USUALLY.search(text)):
        return True
    figures = (read.height_cm, read.chest_cm, read.waist_cm, read.hips_cm, read.foot_cm, read.inside_leg_cm)
    return any(each is not None for each in figures)


def size_by_now(case: ShoppingCase, product: Product) -> str | None:
    """The size of a product that follows from what was said of sizes earlier in the conversation; None where nothing does.

    Args:
        case: The request.
        product: The product.
    """
    if not any(states_a_size(said, case.words.language) for said in case.state.said):
        return None
    advice = _advised(case, product)
    return advice.size if advice.certainty >= SURE_ENOUGH else None


def _advised(case: ShoppingCase, product: Product) -> SizeAdvice:
    """By what this message says of sizes, else by what was said before it: a jumper's sizes are no child's."""
    chart = case.charts.for_product(product) if case.charts is not None else None
    language = case.words.language
    advice = advise_size(product, chart, read_measures(case.text, language))
    if advice.size is not None or not case.state.said:
        return advice
    return advise_size(product, chart, read_measures(_all_said(case), language))


def _says_of_parts(product: Product) -> bool:
    return any(_PART.search(f"{name} {value}") for name, value in product.attributes.items() if name != "description")


def _all_said(case: ShoppingCase) -> str:
    """All of it, the last words within what is read."""
    return " ; ".join((*case.state.said, case.text))[-1_000:]


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
    variant = _as_said(case, product, advice.variants)
    picks: tuple[Pick, ...] = ()
    if variant is None:
        lines.append(words.say("size_sold_out", size=size))
    else:
        picks = (Pick(product, variant),)
    why = (f"{size} of {product.id}, {advice.certainty:.0%} sure",)
    state = case.shown(picks, about=product.id, said=(*case.state.said, case.text)[-8:])
    return Advice(state, tuple(lines), picks, why=why)


def _as_said(case: ShoppingCase, product: Product, variants: Sequence[Variant]) -> Variant | None:
    """Of the variants in a size that of the colour which was spoken of last, else the first; None for none."""
    for text in (case.text, *reversed(case.state.said)):
        said = {variant.id for variant in mentioned_variants(product, text)}
        if found := next((variant for variant in variants if variant.id in said), None):
            return found
    return next(iter(variants), None)


def _cut(case: ShoppingCase, product: Product) -> tuple[str, ...]:
    """How the shop says that it is cut."""
    said = next((str(value) for name, value in product.attributes.items() if name.casefold() == "fit"), "")
    return (case.words.say("size_cut", fit=said.rstrip(".")),) if said else ()
