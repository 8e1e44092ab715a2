"""What goes with a product: nothing that the shopper has, of another kind, for the same people, dressed up as the occasion is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog.knowing.nearness import alike_in_kind, same_people
from convagent.catalog.knowing.related import RelatedKind, RelatedProduct
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.shopping.among import beyond
from convagent.shopping.case import ShoppingCase
from convagent.shopping.dressing import dressed_for, is_relaxed, is_worn_at_home
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.looking import looked_for, picks_of
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import variant_for
from convagent.shopping.pointing import is_of_kind, is_of_kind_or_narrower, kinds_mentioned
from convagent.shopping.reasons import reason_of
from convagent.shopping.shading import has_shades, shaded
from convagent.shopping.showing import meant_by, shown_for, which_one
from convagent.shopping.wishing import wish_by_now, wish_read

__all__ = ["complements", "upgrades"]

LOOKED_AT = 12
"""Products that stand beside one and are looked at for those that may be shown."""

POOL = 40
"""Products of a kind that are looked at for one that goes with what somebody has."""

RELEVANT = 0.66
"""Of those, what fits at least so well as the best one is shown, as a share of its score."""

_HAD = re.compile(
    r"\b(?:my|our|his|her|their|mein\w*|unser\w*|ihre[nmrs]?|mon|ma|mes|notre|nos|sa|ses|"
    r"(?:i|we)(?: already|['’]ve| have| still)* (?:have|own|got|bought|wear)|"
    r"(?:ich habe|wir haben|ich besitze|habe ich)(?: schon| bereits)?|"
    r"j['’]ai(?: déjà)?|nous avons(?: déjà)?)\b(?P<what>[^.,;!?]{2,60})",
    re.IGNORECASE,
)
"""What somebody says that they have."""


def complements(case: ShoppingCase) -> Advice:
    """What goes with a product, or with something of a kind that the shopper has."""
    meant = meant_by(case) or case.products(case.state.shown[:1])
    had = _kinds_had(case)
    if not case.named and had and not any(is_of_kind(product, had) for product in meant):
        meant = ()  # "what goes with my skirt" is about that skirt, whatever was spoken of before
    if meant:
        return _beside(case, meant, had, stands_in=False)
    like = _like_theirs(case, had)
    return _beside(case, (like,), had, stands_in=True) if like is not None else which_one(case, "complement")


def upgrades(case: ShoppingCase) -> Advice:
    """The next better one."""
    if (further := beyond(case, wish_said(case))) is not None:
        return further
    meant = meant_by(case) or case.products(case.state.shown[:1])
    if not meant:
        return which_one(case, "upgrade")
    found = _related(case, meant[0], "upgrade", gone={each.id for each in meant})
    if not found:
        return case.done(lines=(case.words.say("nothing_more"),), why=(f"no upgrade of {meant[0].id}",))
    return shown_for(case, meant[0], _picks(case, found, meant[0]), [case.words.say("upgrade", product=meant[0].title)])


def _beside(case: ShoppingCase, meant: Sequence[Product], had: Sequence[str], *, stands_in: bool) -> Advice:
    """What goes with the first of some products that the shopper has, or would have.

    Args:
        case: The request.
        meant: The products, of which none is shown.
        had: Kinds of which the shopper has something.
        stands_in: Whether the product only stands for one of theirs, and isn't spoken of.
    """
    product, words = meant[0], case.words
    wanted = wish_read(case.catalog, case.text, language=words.language).kinds
    # an "outfit" that a skirt is itself a part of names no kind that is wanted beside it
    wanted = tuple(each for each in wanted if each not in had and not is_of_kind_or_narrower(product, (each,)))
    found = [
        each
        for each in _related(case, product, "complement", gone={each.id for each in meant})
        if not is_of_kind(each.product, had) and (each.by == "link" or _suits(case, product, each.product))
    ]
    if wanted:
        if has_shades(product) and (shades := _in_its_shade(case, wanted)) is not None:
            return shades
        beside = [each.product for each in found]
        # "a set of mugs": what is said besides, where nothing beside it is called a set
        of_kind = _of_kind(case, beside, wanted) or _of_kind(case, beside, _also_named(case, product, had))
        if not of_kind:  # nothing of that kind goes with it in particular: what there is of it, for the same person
            return _of_that_kind(case, product, wanted) or looked_for(_of_another_kind(case, wanted))
        found = [each for each in found if each.product.id in of_kind]
    found = [each for each in found if not alike_in_kind(product, each.product)] or [
        each for each in found if each.by == "link"
    ]  # another of the same kind goes with it only where the shop says so, and has nothing else
    if not found:
        line = words.say("no_complement", product=product.title) if not stands_in else words.say("nothing_more")
        return case.done(lines=(line,), why=(f"no complement of {product.id}",))
    picks = _picks(case, found, product)
    fits = words.say("fit_well" if len(picks) > 1 else "fits_well")
    advice = shown_for(case, product, picks, [fits if stands_in else words.say("complement", product=product.title)])
    if stands_in:
        advice = replace(advice, state=replace(advice.state, about=""))
    if len(picks) > 1 or not wanted:
        return advice
    said = (*case.state.said, case.text)[-8:] if picks[0].variant is not None else case.state.said
    return replace(advice, state=replace(advice.state, about=picks[0].product.id, said=said))


def _also_named(case: ShoppingCase, product: Product, had: Sequence[str]) -> tuple[str, ...]:
    """Kinds that the words speak of, looked for or not, besides the product's and those that the shopper has."""
    named = kinds_mentioned(case.text, case.words.language)
    return tuple(each for each in named if each not in had and not is_of_kind_or_narrower(product, (each,)))


def _related(case: ShoppingCase, product: Product, kind: RelatedKind, *, gone: set[str]) -> list[RelatedProduct]:
    """What stands beside a product and may be shown."""
    left, wish = gone | set(case.state.declined), wish_said(case)
    near = case.catalog.related(product.id, kind, k=LOOKED_AT + len(left))
    return [each for each in near if each.product.id not in left and is_safe(case, each.product, wish)]


def _picks(case: ShoppingCase, found: Sequence[RelatedProduct], product: Product) -> tuple[Pick, ...]:
    return tuple(
        Pick(each.product, variant_for(each.product, product), reason_of(each.product, each.reasons))
        for each in found[: case.rules.shortlist]
    )


def _suits(case: ShoppingCase, product: Product, other: Product) -> bool:
    """Whether what is worn is dressed up enough beside a product: slippers go to what is worn at home, trainers to no wedding."""
    read = case.catalog.attributes(other.id)
    if read is None or not read.audience:
        return True
    if is_worn_at_home(other) and not is_worn_at_home(product):
        return False
    if is_relaxed(product) or not is_relaxed(other):
        return True
    return not dressed_for(product, (*case.state.said, case.text))


# ---- what the shopper has
def _kinds_had(case: ShoppingCase) -> tuple[str, ...]:
    """Kinds of things of which the shopper says that they have one: "my skirt", "I already own the boots"."""
    found = (kinds_mentioned(match["what"], case.words.language)[:1] for match in _HAD.finditer(case.text))
    return tuple(dict.fromkeys(kind for kinds in found for kind in kinds))


def _like_theirs(case: ShoppingCase, had: Sequence[str]) -> Product | None:
    """The product that is most like what the shopper has, by their words; None where there is nothing of that kind."""
    if not had:
        return None
    said = wish_read(case.catalog, case.text, language=case.words.language)
    wish = Wish(text=" ".join((*had, *said.colours)), kinds=tuple(had), audience=said.audience, language="en")
    hits = case.catalog.find(wish, k=1, in_stock_only=False, language="en", only_kind=True).hits
    return hits[0].product if hits else None


# ---- of a kind that is asked for
def _of_that_kind(case: ShoppingCase, product: Product, kinds: Sequence[str]) -> Advice | None:
    """What there is of a kind for the people that a product is for; None where there is none as it was wished."""
    language = case.words.language
    own = wish_read(case.catalog, case.text, language=language)
    said = (*case.state.said, *(() if case.named else (case.text,)))
    earlier = wish_by_now(
        (wish_read(case.catalog, each, language=language) for each in said), given_up=case.state.relaxed
    )
    wish = replace(
        earlier, kinds=tuple(kinds), text=" ".join(kinds), named=(), like=(), sizes=own.sizes, colours=own.colours
    )
    mine = case.catalog.attributes(product.id)
    gone = {product.id, *case.state.declined}
    hits = [
        hit
        for hit in case.catalog.find(wish, k=POOL, language=language, only_kind=True).hits
        if hit.product.id not in gone and is_safe(case, hit.product, wish_said(case))
        and _suits(case, product, hit.product) and not alike_in_kind(product, hit.product)
        and (theirs := case.catalog.attributes(hit.product.id)) is not None
        and (mine is None or same_people(mine, theirs))
    ]  # fmt: skip
    if not hits:
        return None
    hits = [hit for hit in hits if hit.score >= hits[0].score * RELEVANT][: case.rules.shortlist]
    picks = picks_of(hits, with_options=bool(wish.sizes or wish.colours))
    line = case.words.say("fit_well" if len(picks) > 1 else "fits_well")
    state = case.shown(picks, said=(*said, " ".join(kinds))[-8:] if case.named else said[-8:])
    state = replace(state, about=picks[0].product.id if len(picks) == 1 else "")
    why = (f"{', '.join(kinds)} beside {product.id}: {', '.join(pick.product.id for pick in picks)}",)
    return Advice(state, (line,), picks, why=why)


def _of_another_kind(case: ShoppingCase, kinds: Sequence[str]) -> ShoppingCase:
    """The request for something of a kind beside a product: neither that product nor its size and colour are looked for."""
    own = wish_read(case.catalog, case.text, language=case.words.language)
    left = tuple(name for name in ("sizes", "colours") if not getattr(own, name))
    state = replace(case.state, relaxed=tuple(dict.fromkeys((*case.state.relaxed, *left))))
    act = replace(case.act, kind="refine" if state.said else "find", follows=bool(state.said))
    return replace(case, act=act, state=state, text=" ".join(kinds) if case.named else case.text)


def _of_kind(case: ShoppingCase, found: Sequence[Product], kinds: Sequence[str]) -> frozenset[str]:
    """Those of a kind, fewer where one of them is called just as it was asked for ("travel case")."""
    of_kind = [each for each in found if is_of_kind_or_narrower(each, kinds)]
    text = f" {case.text.casefold()} "
    called = [each for each in of_kind or found if any(f" {tail} " in text for tail in _tails(each.title))]
    return frozenset(each.id for each in called or of_kind)


def _tails(title: str) -> list[str]:
    """The last two words of a title and longer ends of it: what it is, without what it is called."""
    words = title.casefold().split()
    return [" ".join(words[at:]) for at in range(1, len(words) - 1)]


def _in_its_shade(case: ShoppingCase, kinds: Sequence[str]) -> Advice | None:
    """A concealer to a foundation goes by its shade, where one was said."""
    advice = shaded(replace(case, act=replace(case.act, kind="shade")))
    return advice if advice.picks and all(is_of_kind(pick.product, kinds) for pick in advice.picks) else None
