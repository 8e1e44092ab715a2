"""Looking for something: one question where it is vague, else at most three products with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from convagent.catalog.hits import ProductHit
from convagent.catalog.own_fields.meeting import told_for
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.wishes.found import Found
from convagent.catalog.wishes.model import Wish
from convagent.facts import Money, Product
from convagent.shopping.among import beyond, furthest_of
from convagent.shopping.asking_back import asked, question_for
from convagent.shopping.bearing import by_bearing
from convagent.shopping.case import ShoppingCase
from convagent.shopping.clarifying import OWN_FIELD
from convagent.shopping.hearing import (
    asks_for_the_cheapest,
    is_about_gift_cards,
    is_question,
    points_back,
)
from convagent.shopping.hesitation import read_hesitation
from convagent.shopping.keeping_safe import age_said, held_by, is_safe
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import asked_for, not_for_them
from convagent.shopping.narrowing import (
    GIFT_CARD,
    for_the_same,
    left_of,
    not_for_their_age,
    of_area,
    of_liked_kinds,
    of_said_features,
    of_said_material,
    of_said_use,
    of_their_age,
)
from convagent.shopping.of_a_kind import told_of_a_kind
from convagent.shopping.pointing import is_of_kind
from convagent.shopping.pricing import cheaper_than
from convagent.shopping.reasons import reason_of
from convagent.shopping.relaxing import relaxed
from convagent.shopping.set_aside import is_looked_for, is_refused, without_it
from convagent.shopping.too_dear import for_less_than_said
from convagent.shopping.undeclared import not_declared
from convagent.shopping.unspoken import fitting_line, that_speak
from convagent.shopping.wishing import holds, merged, wish_by_now, wish_read

__all__ = ["looked_for"]

POOL = 40
"""Products that are looked at for a shortlist."""

MOST_EARLIER = 12
"""Products of earlier wishes that are remembered."""

RELEVANT = 0.66
"""A product is shown when it fits at least so well as the best one, as a share of its score: the rest would be a dump."""


def looked_for(case: ShoppingCase) -> Advice:
    """Products for what is wished by now, or a question for it."""
    if (one := _among_shown(case)) is not None:
        return one
    if case.act.kind == "cheaper" and not _sought(case).kinds and (picks := cheaper_than(case)):
        return Advice(case.shown(picks), (case.words.say("cheaper"),), picks, why=("near to it, and costs less",))
    before = case
    case = _begun(case)
    kind, language = case.act.kind, case.words.language
    wish = wish_by_now((_wanted(case, said) for said in case.state.said), given_up=case.state.relaxed)
    safe = merged(held_by(case), wish)  # what was said of allergens earlier bears on what is eaten, and not on a lamp
    if len(wish.named) == 1 and kind in {"find", "refine", "answer"}:
        return asked_for(case, wish)
    now = wish_read(case.catalog, case.text, language=language)
    named = case.named[0] if kind == "find" and len(case.named) == 1 else None
    if named is not None and is_looked_for(case.text, named, now.kinds):
        if not (now.like or now.without or now.without_kinds or now.demands):
            return asked_for(case, replace(now, named=(named.id,)))  # "ich hätte gern die Cobble Boots"
        named = None
    if kind == "find" and (told := told_of_a_kind(case, now, shown=bool(before.state.shown))) is not None:
        return told
    if kind in {"refine", "more"} and (further := beyond(case, wish)) is not None:
        return further
    too_dear = kind == "find" and read_hesitation(case.text, language) is not None
    least = _least_talked_about(before) if kind == "cheaper" or too_dear else None
    if least is not None:
        bound = Money(minor=least.minor - 1, currency=least.currency)
        wish = replace(wish, at_most=_lower(wish.at_most, bound), at_least=None)
    found, passed_over = _found(case, wish)
    if named is not None:  # "insoles for my Cobble Boots"
        found = replace(found, hits=tuple(without_it(found.hits, named, now.kinds)))
    hits = [hit for hit in left_of(case, found.hits) if is_safe(case, hit.product, safe)]
    hits = of_area(case, of_said_features(case, found.wish, of_said_material(case, found.wish, hits)))
    hits = for_the_same(before, of_said_use(case, found.wish, that_speak(case, found.wish, hits)))
    if too_dear and least is None:
        hits = for_less_than_said(case.text, hits)
    hits = by_bearing(found.wish, of_their_age(case, wish, of_liked_kinds(case, hits)))
    too_young = not_for_their_age(case, wish, hits)
    if kind == "find" and (furthest := furthest_of(case, [hit.product for hit in hits])) is not None:
        return furthest
    question = question_for(case, found.wish)
    if question is not None:
        return asked(case, question)
    if not hits:
        kept = not_for_them(case, too_young) if too_young is not None else None
        beside = _nothing_beside(case, named, now) if named is not None else None
        return kept or not_declared(case, safe) or beside or _nothing(case, found)
    if kind == "cheapest" or asks_for_the_cheapest(case.text):
        hits = sorted(hits, key=lambda hit: hit.variant.price.minor if hit.variant is not None else 0)
    else:
        hits = [hit for hit in hits if hit.score >= hits[0].score * RELEVANT]
    hits = hits[: case.rules.shortlist]
    picks = picks_of(hits, with_options=bool(wish.sizes or wish.colours), demands=found.wish.offer.fields)
    line = kind if kind in {"more", "cheaper"} else "fit_well" if len(picks) > 1 else "fits_well"
    rest = fitting_line(case, found.wish, hits, passed_over=passed_over) if line not in {"more", "cheaper"} else None
    why = (f"{len(found.hits)} products come into question; shown {', '.join(pick.product.id for pick in picks)}",)
    about = picks[0].product.id if len(picks) == 1 else ""
    lines: tuple[str, ...] = (rest or case.words.say(line),)
    if too_young is not None and (said := age_said(too_young)):
        lines = (case.words.say("not_for_age", product=too_young.title, age=said), *lines)
    return Advice(case.shown(picks, about=about), lines, picks, why=why)


def _wanted(case: ShoppingCase, said: str) -> Wish:
    """The wish in one message, which names nothing that it only refuses: "a candle, but not the Turf Smoke Candle"."""
    wish = wish_read(case.catalog, said, language=case.words.language)
    if not wish.named:
        return wish
    refused = {each.id for each in case.products(wish.named) if is_refused(said, each)}
    return replace(wish, named=tuple(each for each in wish.named if each not in refused))


def _sought(case: ShoppingCase) -> Wish:
    """What was looked for before this message."""
    language = case.words.language
    return wish_by_now(wish_read(case.catalog, each, language=language) for each in case.state.said)


def _among_shown(case: ShoppingCase) -> Advice | None:
    """The one of what was put side by side that what is said of its use speaks for: "I want it for my bedside"; else None."""
    shown, text = set(case.state.shown), case.text
    if case.act.kind != "refine" or case.state.said or len(shown) < 2 or is_question(text) or not points_back(text):
        return None
    wish = wish_read(case.catalog, text, language=case.words.language)
    if wish.kinds or wish.named or wish.is_empty:
        return None
    found = case.catalog.find(wish, k=POOL, language=case.words.language)
    hits = [hit for hit in found.hits if hit.product.id in shown and is_safe(case, hit.product, wish)][:1]
    if not hits:
        return None
    picks = picks_of(hits, with_options=False)
    state = case.shown(picks, about=picks[0].product.id)
    line = fitting_line(case, wish, hits) or case.words.say("fits_well")
    return Advice(state, (line,), picks, why=(f"of what was shown: {picks[0].product.id}",))


def _found(case: ShoppingCase, wish: Wish) -> tuple[Found, bool]:
    """What fits the wish, and whether words were passed over for it.

    No gift card is, where none is asked for and there is anything else. Words that nothing has, such as "she has everything",
    are no reason to find nothing where more is said than words.
    """
    words = case.words.language
    found = case.catalog.find(wish, k=POOL, language=words, only_kind=True)
    says_what = any(not each.refused for each in wish.offer.fields)
    if not found.hits and says_what:  # "something to drum on that nobody hears": the field says what it is for
        plain = replace(wish, text="", qualities=(), uses=())
        if hits := case.catalog.find(plain, k=POOL, language=words, only_kind=True).hits:
            return replace(found, hits=hits, relaxed=()), True
    if wish.kinds or is_about_gift_cards(" ".join(case.state.said)):
        return found, False
    if found.hits and not any(is_of_kind(hit.product, GIFT_CARD) for hit in found.hits):
        return found, False
    others = replace(wish, without_kinds=(*wish.without_kinds, *GIFT_CARD))
    hits = case.catalog.find(others, k=POOL, language=words, only_kind=True).hits if found.hits else ()
    passed_over = False
    if not hits and (wish.qualities or wish.uses):
        others = replace(others, text=" ".join(dict.fromkeys((*wish.uses, *wish.qualities))))
        hits = case.catalog.find(others, k=POOL, language=words, only_kind=True).hits
        passed_over = bool(hits)
    return (replace(found, hits=hits), passed_over) if hits else (found, False)


def picks_of(
    hits: Iterable[ProductHit], *, with_options: bool, demands: Sequence[FieldDemand] = ()
) -> tuple[Pick, ...]:
    """Hits as they are shown, with the reasons that tell most: what was demanded of the shop's own fields first.

    Args:
        hits: Best first.
        with_options: Whether the variant matters: a size or a colour was asked for.
        demands: What was demanded of own fields.
    """
    return tuple(
        Pick(
            hit.product,
            hit.variant if with_options else None,
            reason_of(hit.product, (*told_for(hit.product, hit.variant, demands), *hit.reasons)),
        )
        for hit in hits
    )


def _begun(case: ShoppingCase) -> ShoppingCase:
    """The case with its words among those said."""
    state, kind = case.state, case.act.kind
    if kind == "relax":
        return replace(case, state=replace(state, relaxed=(*state.relaxed, *state.choices), asked="", choices=()))
    if kind == "find" and not case.act.follows:
        kept = (each for each in state.said if holds(wish_read(case.catalog, each, language=case.words.language)))
        held = tuple(dict.fromkeys((*state.held, *kept)))[-8:]
        fresh = replace(
            state,
            held=held,
            said=(case.text,),
            shown=(),
            beside=(),
            seen=(),
            earlier=tuple(dict.fromkeys((*state.earlier, *state.seen)))[-MOST_EARLIER:],
            about="",
            asked="",
            in_a_row=0,
            asked_ever=(),
            relaxed=(),
        )
        return replace(case, state=fresh)
    if kind in {"more", "cheaper", "cheapest"} and state.said:
        said = case.catalog.read_wish(case.text, language=case.words.language)
        if kind != "more" or not (said.without or said.without_kinds):
            return case
        return replace(case, state=replace(state, said=(*state.said, case.text)[-8:]))
    # "light" alone is any of many things; as the answer to a question for a field it is that field's
    answers = kind == "answer" and state.asked.startswith(OWN_FIELD)
    said_now = f"{state.asked.removeprefix(OWN_FIELD)}: {case.text}" if answers else case.text
    return replace(case, state=replace(state, said=(*state.said, said_now)[-8:]))


def _least_talked_about(case: ShoppingCase) -> Money | None:
    """The lowest price of what is talked about."""
    meant = case.meant() if case.named or case.act.places else case.products(case.state.shown)
    prices = [price for product in meant if (price := product.price) is not None]
    return min(prices) if prices and len({price.currency for price in prices}) == 1 else None


def _lower(price: Money | None, bound: Money) -> Money:
    return min(price, bound) if price is not None and price.currency == bound.currency else bound


def _nothing_beside(case: ShoppingCase, product: Product, wish: Wish) -> Advice:
    """That there is nothing of what is looked for to a product that somebody has, or besides one that they refuse."""
    of_its_kind = is_looked_for("", product, wish.kinds)
    line = case.words.say("nothing") if of_its_kind else case.words.say("no_complement", product=product.title)
    return case.done(lines=(line,), why=(f"nothing beside {product.id}",))


def _nothing(case: ShoppingCase, found: Found) -> Advice:
    words = case.words
    if case.act.kind == "cheaper":
        meant = case.meant() if case.named or case.act.places else case.products(case.state.shown)
        if meant:
            least = min(meant, key=lambda product: product.price.minor if product.price is not None else 0)
            return case.done(lines=(words.say("cheapest", product=least.title),), why=("nothing costs less",))
    if case.act.kind == "more":
        return case.done(lines=(words.say("nothing_more"),), why=("everything that fits was shown",))
    return relaxed(case, found)
