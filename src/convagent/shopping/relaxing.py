"""Nothing fits all of it: which demand to give up is said and offered, the one that people give up most easily first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from convagent.catalog.hits import ProductHit
from convagent.catalog.knowing.comparison_words import value_text
from convagent.catalog.wishes.found import Found
from convagent.catalog.wishes.model import Wish
from convagent.facts import Money
from convagent.guidance.parts import Worded
from convagent.shopping.asking_back import asked, question_for
from convagent.shopping.case import ShoppingCase
from convagent.shopping.keeping_safe import held_by, is_safe
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import offers_like
from convagent.shopping.narrowing import left_of
from convagent.shopping.reasons import reason_of
from convagent.shopping.wishing import AUDIENCE, for_anybody, merged
from convagent.shopping.wording import Sentences
from convagent.why import because

__all__ = ["given_up_in_words", "relaxed"]

POOL = 40
"""Products that are looked at where nothing has the words of a wish."""

MOST_GIVEN_UP = 3
"""Demands that are given up together; with more it is another wish."""


def relaxed(case: ShoppingCase, found: Found) -> Advice:
    """What giving up demands would find, offered as a question; a person where nothing is found anyhow.

    One demand where that is enough, else as few as it takes. Nothing is shown that breaks what was demanded, and demands of
    safety are never given up.
    """
    words, wish = case.words, found.wish
    if (rest := _by_the_rest(case, wish)) is not None:
        return rest
    given_up, hits = _least_given_up(case, found)
    prices = [price for hit in hits if (price := _price(hit)) is not None]
    if not given_up or not prices:
        gone = case.catalog.find(wish, k=1, in_stock_only=False, language=words.language, only_kind=True).hits
        if gone and gone[0].product.status == "active":
            picks = offers_like(case, gone[0].product)
            lines = [words.say("sold_out", product=gone[0].product.title)]
            if picks:
                lines.append(words.say("alternative", product=gone[0].product.title))
            return Advice(
                case.shown(picks, about=gone[0].product.id), tuple(lines), picks, why=("what would fit is sold out",)
            )
        why = because("nothing_fits", text=case.text[:200])
        return case.done(hand_over=("missing_knowledge", "", why), why=(why,))
    told = [given_up_in_words(words, name, _wanted(wish, name)) for name in given_up]
    question = words.say(
        "relax", constraint=words.listed(map(str, told)), count=str(min(len(hits), 99)), price=min(prices)
    )
    state = case.asking("relax", given_up, doing="find")
    return Advice(
        state, (words.say("nothing"),), question=question, buttons=(str(words.say("relax_yes")),),
        why=(f"nothing fits; without {', '.join(given_up)} there would be {len(hits)}",),
    )  # fmt: skip


def _by_the_rest(case: ShoppingCase, wish: Wish) -> Advice | None:
    """What keeps every demand where the other words, such as what a child likes, are said of nothing; and that they aren't.

    Only where it is for somebody: "a kayak under 300" isn't a wish for anything under 300.
    """
    plain = replace(wish, text="", qualities=(), uses=())
    if not (plain.ages or plain.audience) or plain.kinds or plain.own_kinds:
        return None
    found = case.catalog.find(plain, k=POOL, language=case.words.language).hits
    safe = merged(held_by(case), wish)
    hits = [hit for hit in left_of(case, found) if is_safe(case, hit.product, safe)][: case.rules.shortlist]
    if not hits:
        return None
    lines, why = (case.words.say("by_the_rest"),), ("by its demands alone, since nothing has its words",)
    if (question := question_for(case, plain)) is not None:
        return replace(asked(case, question), lines=lines, why=why)
    picks = tuple(Pick(hit.product, None, reason_of(hit.product, hit.reasons)) for hit in hits)
    return Advice(case.shown(picks), lines, picks, why=why)


def _least_given_up(case: ShoppingCase, found: Found) -> tuple[tuple[str, ...], Sequence[ProductHit]]:
    """What to give up, and what would be found then: one demand, else whom it is for, else as few demands as it takes."""
    if found.relaxed:
        first = found.relaxed[0]
        return (first.name,), first.hits
    for_others = for_anybody(found.wish)
    starts: list[tuple[Wish, tuple[str, ...]]] = [(found.wish, ())]
    if for_others is not None:
        starts.append((for_others, (AUDIENCE,)))
        if hits := case.catalog.find(for_others, language=case.words.language, only_kind=True).hits:
            return (AUDIENCE,), hits
    for start, already in starts:
        wish, given_up = start, already
        for demand in found.wish.one_by_one[:MOST_GIVEN_UP]:
            wish, given_up = wish.without_demand(demand), (*given_up, demand)
            if hits := case.catalog.find(wish, language=case.words.language, only_kind=True).hits:
                return given_up, hits
    return (), ()


def _wanted(wish: Wish, demand: str) -> Any:
    """What was demanded: of an own field what was demanded of that one."""
    fields = tuple(each for each in wish.offer.fields if demand == f"fields: {each.name}")
    return fields or getattr(wish, demand)


def _price(hit: ProductHit) -> Money | None:
    return hit.variant.price if hit.variant is not None else hit.product.price


_LIMITS: Mapping[str, str] = {
    "at_most": "price_limit", "at_least": "price_limit", "sizes": "size_limit", "colours": "colour_limit",
    "without_colours": "without_limit", "without": "without_limit", "without_kinds": "without_limit",
    "without_materials": "without_limit",
    "reduced": "sale_limit", "fields": "field_limit", "materials": "material_limit", "bounds": "measure_limit",
}  # fmt: skip


def given_up_in_words(words: Sentences, demand: str, wanted: Any) -> Worded:
    """What would be given up, such as "the price limit" or "the size L".

    Args:
        words: In the shopper's language.
        demand: Its name in the wish.
        wanted: What was demanded.
    """
    if demand == AUDIENCE:
        return words.say(
            "audience_limit", value=words.listed(value_text("audience", str(each), words.language) for each in wanted)
        )
    name = _LIMITS[demand.partition(":")[0]]
    if name in {"price_limit", "measure_limit", "sale_limit"}:
        return words.say(name)
    return words.say(name, value=words.listed(map(str, wanted)))
