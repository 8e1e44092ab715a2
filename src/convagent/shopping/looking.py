"""Looking for something: one question where it is vague, else at most three products with their reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from convagent.catalog.attributes.material_words import MATERIALS
from convagent.catalog.hits import ProductHit
from convagent.catalog.knowing.nearness import same_people
from convagent.catalog.own_fields.questions import askable_fields
from convagent.catalog.wishes.found import Found
from convagent.catalog.wishes.model import Wish
from convagent.facts import Money, Product
from convagent.shopping.among import beyond, furthest_of
from convagent.shopping.case import ShoppingCase
from convagent.shopping.clarifying import OWN_FIELD, Question, best_question
from convagent.shopping.features import features_said, with_features
from convagent.shopping.hearing import (
    asks_for_more,
    asks_for_the_cheapest,
    is_about_gift_cards,
    is_question,
    leaves_it_open,
    points_back,
)
from convagent.shopping.hesitation import read_hesitation
from convagent.shopping.keeping_safe import against_age, age_said, held_by, is_safe
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import asked_for, not_for_them
from convagent.shopping.pointing import is_of_kind
from convagent.shopping.pricing import cheaper_than
from convagent.shopping.reasons import reason_of
from convagent.shopping.relaxing import relaxed
from convagent.shopping.undeclared import not_declared
from convagent.shopping.wishing import holds, merged, spoken_of, wish_by_now, wish_read

__all__ = ["looked_for"]

POOL = 40
"""Products that are looked at for a shortlist."""

ASKED_POOL = 200
"""Products that come into question when a question is chosen."""

PLAINLY_MEANT = 0.26
"""From this score on, the best product is what the words are about; below it they only happen to stand there. Between what the
demo shop's visible conversations have of both."""

NEAREST = 5
"""Products of a kind that are looked at for the age that they are for."""

MOST_EARLIER = 12
"""Products of earlier wishes that are remembered."""

_GIFT_CARD = ("gift card",)

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
    wish = wish_by_now(
        (wish_read(case.catalog, said, language=language) for said in case.state.said), given_up=case.state.relaxed
    )
    safe = merged(held_by(case), wish)  # what was said of allergens earlier bears on what is eaten, and not on a lamp
    if len(wish.named) == 1 and kind in {"find", "refine", "answer"}:
        return asked_for(case, wish)
    if kind in {"refine", "more"} and (further := beyond(case, wish)) is not None:
        return further
    too_dear = kind == "find" and read_hesitation(case.text, language) is not None
    least = _least_talked_about(before) if kind == "cheaper" or too_dear else None
    if least is not None:
        bound = Money(minor=least.minor - 1, currency=least.currency)
        wish = replace(wish, at_most=_lower(wish.at_most, bound), at_least=None)
    found = _found(case, wish)
    hits = [hit for hit in _left(case, found.hits) if is_safe(case, hit.product, safe)]
    hits = _of_area(case, _of_said_features(case, found.wish, of_said_material(case, found.wish, hits)))
    hits = _for_the_same(before, of_said_use(case, found.wish, hits))
    too_young = _not_for_their_age(case, wish, hits)
    if kind == "find" and (furthest := furthest_of(case, [hit.product for hit in hits])) is not None:
        return furthest
    question = _question(case, found.wish)
    if question is not None:
        return _asked(case, question)
    if not hits:
        told = not_for_them(case, too_young) if too_young is not None else None
        return told or not_declared(case, safe) or _nothing(case, found)
    if kind == "cheapest" or asks_for_the_cheapest(case.text):
        hits = sorted(hits, key=lambda hit: hit.variant.price.minor if hit.variant is not None else 0)
    else:
        hits = [hit for hit in hits if hit.score >= hits[0].score * RELEVANT]
    picks = picks_of(hits[: case.rules.shortlist], with_options=bool(wish.sizes or wish.colours))
    line = kind if kind in {"more", "cheaper"} else "fit_well" if len(picks) > 1 else "fits_well"
    why = (f"{len(found.hits)} products come into question; shown {', '.join(pick.product.id for pick in picks)}",)
    about = picks[0].product.id if len(picks) == 1 else ""
    lines: tuple[str, ...] = (case.words.say(line),)
    if too_young is not None and (said := age_said(too_young)):
        lines = (case.words.say("not_for_age", product=too_young.title, age=said), *lines)
    return Advice(case.shown(picks, about=about), lines, picks, why=why)


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
    return Advice(state, (case.words.say("fits_well"),), picks, why=(f"of what was shown: {picks[0].product.id}",))


def _found(case: ShoppingCase, wish: Wish) -> Found:
    """What fits the wish: no gift card where none is asked for and there is anything else.

    Words that nothing has, such as "she has everything", are no reason to find nothing where more is said than words.
    """
    words = case.words.language
    found = case.catalog.find(wish, k=POOL, language=words, only_kind=True)
    if wish.kinds or is_about_gift_cards(" ".join(case.state.said)):
        return found
    if found.hits and not any(is_of_kind(hit.product, _GIFT_CARD) for hit in found.hits):
        return found
    others = replace(wish, without_kinds=(*wish.without_kinds, *_GIFT_CARD))
    hits = case.catalog.find(others, k=POOL, language=words, only_kind=True).hits if found.hits else ()
    if not hits and (wish.qualities or wish.uses):
        others = replace(others, text=" ".join(dict.fromkeys((*wish.uses, *wish.qualities))))
        hits = case.catalog.find(others, k=POOL, language=words, only_kind=True).hits
    return replace(found, hits=hits) if hits else found


def _not_for_their_age(case: ShoppingCase, wish: Wish, hits: Sequence[ProductHit]) -> Product | None:
    """A product of the kind that was asked for, where nothing of that kind is for the age: its ages are told, unasked."""
    wanted = [kind for kind in wish.kinds if not any(is_of_kind(hit.product, (kind,)) for hit in hits)]
    if not wish.ages or not wanted:
        return None
    older = case.catalog.find(replace(wish, ages=()), k=NEAREST, language=case.words.language, only_kind=True).hits
    return next((hit.product for hit in older if against_age(case, hit.product, wish)), None)


def _of_said_features(case: ShoppingCase, wish: Wish, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits that have what was asked for and is there or isn't, such as a sleep light, as far as any of them has it."""
    products = [hit.product for hit in hits]
    features = features_said(" ".join(case.state.said), products, wish.qualities)
    kept = {product.id for product in with_features(products, features)}
    return [hit for hit in hits if hit.product.id in kept]


def picks_of(hits: Iterable[ProductHit], *, with_options: bool) -> tuple[Pick, ...]:
    """Hits as they are shown, with the reasons that tell most.

    Args:
        hits: Best first.
        with_options: Whether the variant matters: a size or a colour was asked for.
    """
    return tuple(
        Pick(hit.product, hit.variant if with_options else None, reason_of(hit.product, hit.reasons)) for hit in hits
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


def _left(case: ShoppingCase, hits: Sequence[ProductHit]) -> list[ProductHit]:
    """Hits without what was declined, and, where others are wanted, without what was shown."""
    gone = set(case.state.declined) | (set(case.state.seen) if case.act.kind == "more" else set())
    left = [hit for hit in hits if hit.product.id not in gone]
    # what they have already comes last, and so does a gift card, which is what one gives who found nothing
    asked = is_about_gift_cards(" ".join(case.state.said))
    return sorted(
        left, key=lambda hit: (hit.product.id in case.asker.bought, not asked and is_of_kind(hit.product, _GIFT_CARD))
    )


def _least_talked_about(case: ShoppingCase) -> Money | None:
    """The lowest price of what is talked about."""
    meant = case.meant() if case.named or case.act.places else case.products(case.state.shown)
    prices = [price for product in meant if (price := product.price) is not None]
    return min(prices) if prices and len({price.currency for price in prices}) == 1 else None


def _lower(price: Money | None, bound: Money) -> Money:
    return min(price, bound) if price is not None and price.currency == bound.currency else bound


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


def _for_the_same(case: ShoppingCase, hits: list[ProductHit]) -> list[ProductHit]:
    """Where something else than a product is asked for, hits for the people whom that is for; else all."""
    about = case.catalog.attributes(case.state.about) if case.state.about and case.state.active else None
    if about is None or not asks_for_more(case.text):
        return hits
    read = ((hit, case.catalog.attributes(hit.product.id)) for hit in hits)
    return [hit for hit, own in read if own is not None and same_people(about, own)] or hits


def _of_area(case: ShoppingCase, hits: list[ProductHit]) -> list[ProductHit]:
    """Hits of the departments that were named, such as "something for the home", where there are any; else all."""
    areas = case.words.areas_in(" ".join(case.state.said))
    return [hit for hit in hits if _top(hit) in areas] or hits if areas else hits


def _top(hit: ProductHit) -> str:
    return (hit.product.category or "").split(">")[0].strip().casefold()


# ---- asking
def _question(case: ShoppingCase, wish: Wish) -> Question | None:
    state = case.state
    if (
        wish.kinds
        or wish.own_kinds
        or wish.named
        or wish.like
        or state.in_a_row >= case.rules.questions_in_a_row
        or case.act.kind in {"more", "cheaper", "cheapest"}
    ):
        return None
    if leaves_it_open(case.text) or asks_for_the_cheapest(case.text):
        return None
    hits = _of_area(case, _left(case, case.catalog.find(wish, k=ASKED_POOL, language=case.words.language).hits))
    areas = case.words.areas_in(" ".join(case.state.said))
    if areas and wish.demands:
        return None
    best = hits[0].score if hits else 0.0
    only_a_gift = {*wish.qualities, *wish.uses} <= {"gift"} and bool(wish.qualities) and not wish.demands
    if (best >= PLAINLY_MEANT and not only_a_gift) or (
        len(wish.qualities) + len(wish.uses) + bool(wish.audience) > 1 and len(wish.demands) > 0
    ):
        return None
    if len(hits) <= case.rules.shortlist:  # a word of the wish stands in a few products by chance
        hits = list(case.catalog.find(replace(wish, text="", qualities=(), uses=()), k=ASKED_POOL).hits) or hits
    if not wish.demands and len(hits) <= case.rules.shortlist:
        # "can you recommend something?", "I need a present": whatever there is comes into question
        return _of_anything(case, wish)
    if len(hits) <= case.rules.shortlist:
        return None
    weighted = [
        (hit.product, read, math.exp(hit.score - best))
        for hit in hits
        if (read := case.catalog.attributes(hit.product.id)) is not None
    ]
    known = _known_by_now(case, wish) | ({"area"} if areas else set())
    return best_question(
        weighted, asked=state.asked_ever, known=known, fields=askable_fields(case.catalog.vocabulary.own)
    )


def _of_anything(case: ShoppingCase, wish: Wish) -> Question | None:
    there = [product for product in case.catalog.products[:ASKED_POOL] if product.in_stock]
    weighted = [(product, read, 1.0) for product in there if (read := case.catalog.attributes(product.id)) is not None]
    fields = askable_fields(case.catalog.vocabulary.own)
    return best_question(weighted, asked=case.state.asked_ever, known=_known_by_now(case, wish), fields=fields)


def _known_by_now(case: ShoppingCase, wish: Wish) -> frozenset[str]:
    """What isn't asked for: what was spoken of, and the budget while nobody knows yet what it would buy."""
    told = wish.demands or wish.uses or wish.qualities or wish.audience or wish.recipient or case.state.asked_ever
    return spoken_of(wish) if told or case.words.areas_in(" ".join(case.state.said)) else spoken_of(wish) | {"budget"}


def _asked(case: ShoppingCase, question: Question) -> Advice:
    words = case.words
    if question.attribute == "budget":
        low, high = question.prices
        choices = [
            str(words.say("under", price=low)), str(words.say("between", low=low, high=high)),
            str(words.say("over", price=high)),
        ]  # fmt: skip
    elif question.attribute == "area":
        choices = [words.area(value) for value in question.values]
    elif question.attribute.startswith(OWN_FIELD):
        choices = list(question.values)
    else:
        nouns = words.language == "de"  # which have capitals there
        choices = [value.lower() if value.istitle() and not nouns else value for value in question.values]
    listed = words.listed(choices, last="or")
    own = question.attribute.removeprefix(OWN_FIELD) if question.attribute.startswith(OWN_FIELD) else ""
    asked = (
        words.say("ask_field", field=own if words.language == "en" else own[:1].upper() + own[1:], choices=listed)
        if own
        else words.say(f"ask_{question.attribute}", choices=listed)
    )
    why = (f"“{question.attribute}” tells the products that come into question apart best ({question.bits:.1f} bits)",)
    return Advice(
        case.asking(question.attribute, choices, doing="find"),
        question=asked,
        buttons=tuple(choices), why=why,
    )  # fmt: skip


# ---- nothing there
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
