"""What stands beside a product: what goes with it, what is like it, what is better, sets, comparisons, a choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog.knowing import Bundle, bundles_with, compare_products, successor_of
from convagent.catalog.knowing.related import RelatedKind
from convagent.facts import Product
from convagent.guidance.parts import Worded
from convagent.shopping.case import ShoppingCase, is_of_kind
from convagent.shopping.details import answered_from_facts, answered_of_each, facts_asked_for
from convagent.shopping.features import features_said, has_feature
from convagent.shopping.formerly import beside_the_former
from convagent.shopping.hearing import asks_if_there, is_question, wants_another
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.looking import looked_for
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import (
    mentioned_variants,
    not_for_them,
    offers_like,
    price_and_stock,
    variant_for,
    variant_that_fits,
)
from convagent.shopping.reasons import reason_of
from convagent.shopping.shading import depth_in, has_shades, names_a_shade, shaded, undertone_in
from convagent.shopping.short_names import called_in_part, called_otherwise, siblings_named
from convagent.shopping.trying_on import fitted, states_a_size
from convagent.shopping.wishing import wish_by_now, wish_read

__all__ = ["alternatives", "asks_of_the_thing", "bundles", "compared", "complements", "picked", "upgrades"]

_SHADE = re.compile(r"\b(?:shades?|farbt[oö]n\w*|nuancen?|teintes?)\b", re.IGNORECASE)
_BUYS = re.compile(
    r"\b(?:costs?|price|how much (?:is|are|for)|in stock|available|sell|get|got|buy|order|left|kostet|preis|vorrätig|verfügbar|"
    r"bestellen|kaufen|combien|coûte|prix|en stock|disponible|acheter|commander)\b",
    re.IGNORECASE,
)
"""What the price and the stock answer."""

_OF_IT = re.compile(
    r"(?:^|[.!?,;:…]\s*|\band )(?:is|are|does|do|can i|can it|could i|will|would|how|why|when|ist|sind|kann|wie|warum|"
    r"est-ce|peut-on|puis-je|comment|pourquoi)\b",
    re.IGNORECASE,
)
"""How a question about a thing begins."""

LOOKED_AT = 12
"""Products that stand beside one and are looked at for those that may be shown."""

MOST_COMPARED = 3
"""Products side by side: of more nobody keeps the columns apart."""

ROWS = 6
"""Attributes that a comparison shows: those that differ and tell most."""


def complements(case: ShoppingCase) -> Advice:
    """What goes with a product."""
    return _related(case, "complement", "complement", "no_complement")


def upgrades(case: ShoppingCase) -> Advice:
    """The next better one."""
    return _related(case, "upgrade", "upgrade", "nothing_more")


def alternatives(case: ShoppingCase) -> Advice:
    """What is like a product; of one that isn't made any more, its successor; of a shade that is gone, the nearest shade."""
    meant = _meant(case)
    if not meant:
        if _SHADE.search(case.text) or names_a_shade(case):
            return shaded(case)
        if (mixed := _mixed_up(case)) is not None:
            return mixed
        return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
    product = meant[0]
    if _SHADE.search(case.text) and has_shades(product):
        return shaded(case)
    words = case.words
    lines: list[str] = []
    if product.status is not None and product.status != "active":
        successor = successor_of(case.catalog, product)
        if (
            successor is not None and successor.said and successor.product.in_stock
            and is_safe(case, successor.product, wish_said(case))
        ):  # fmt: skip
            lines.append(words.say("successor", product=product.title, successor=successor.product.title))
            return _shown(case, successor.product, [Pick(successor.product, None, "")], lines)
        lines.append(words.say("gone", product=product.title))
    elif product.in_stock is False:
        lines.append(words.say("sold_out", product=product.title))
    elif not wants_another(case.text) and not case.act.follows:
        return picked(case)
    picks = offers_like(case, product)
    if not picks and not lines:  # it can be bought itself: that there is nothing else is an answer
        state = replace(case.state, about=product.id)
        return case.done(state, lines=(words.say("nothing_more"),), why=(f"nothing is like {product.title}",))
    if not picks:
        why = f"nothing is like {product.title}"
        return case.done(lines=tuple(lines), hand_over=("missing_knowledge", "", why), why=(why,))
    lines.append(words.say("alternative", product=product.title))
    return _shown(case, product, picks, lines)


def bundles(case: ShoppingCase) -> Advice:
    """A set that costs less than its parts."""
    meant = _meant(case)
    if not meant:
        return _which(case, "bundle")
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
    return _shown(case, meant[0], [Pick(best.product, best.variant, "")], [_cheaper_together(case, best)])


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


def compared(case: ShoppingCase) -> Advice:
    """Products side by side in what differs and matters."""
    meant = siblings_named(case.catalog, case.text, case.named) or _meant(case)
    if len(meant) == 1 and mentioned_variants(meant[0], case.text):  # one among the shades of a product
        return picked(case)
    if len(meant) < 2:
        others = [product for product in case.products(case.state.shown) if product not in meant]
        meant = (*meant, *others)[: max(2, len(case.state.shown))]
    if len(meant) < 2 and case.asker.session is not None:
        viewed = case.products(case.asker.session.viewed_product_ids[-2:])
        meant = (*meant, *(product for product in viewed if product not in meant))
    if len(meant) < 2:
        return _which(case, "compare")
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


def picked(case: ShoppingCase) -> Advice:
    """A product that the shopper names or points at: whether it is there, what it costs, and what is like it if it isn't."""
    meant = _meant(case)
    if not meant:
        return answered_of_each(case) or _mixed_up(case) or _which(case, "pick")
    wish = wish_said(case)
    if len(meant) > 1 and (without_all := _none_has_all(case)) is not None:
        return without_all
    if len(meant) > 1:
        there = [product for product in meant if product.in_stock is not False and is_safe(case, product, wish)]
        if there:
            picks = tuple(Pick(product, None, reason_of(product, ())) for product in there[: case.rules.shortlist])
            return Advice(case.shown(picks), (), picks, why=("several were meant",))
    product = meant[0]
    if product.status is not None and product.status != "active":
        return alternatives(case)
    if (unsafe := not_for_them(case, product)) is not None:
        return unsafe
    sized = variant_that_fits(product, case.text) or mentioned_variants(product, case.text)
    stated = states_a_size(case.text, case.words.language) and not asks_if_there(case.text)
    if not sized and stated and _is_worn(case, product):
        return fitted(case)
    if (shade := _its_shade(case, product)) is not None:
        return shade
    # "I need the deodorant without scent" asks for no ingredients
    wants_it_so = bool(sized) and not is_question(case.text)
    if not wants_it_so and (answer := answered_from_facts(case, product)) is not None:
        return answer
    if (compared_with := beside_the_former(case, product)) is not None:
        return compared_with
    if not sized and asks_of_the_thing(case.text):
        why = f"nothing that the shop says of {product.title} answers “{case.text[:200]}”"
        state = replace(case.state, about=product.id)
        return case.done(state, hand_over=("missing_knowledge", "", why), why=(why,))
    said = (*(case.state.said if case.act.follows else ()), case.text)
    wish = wish_by_now(wish_read(case.catalog, each, language=case.words.language) for each in said)
    return price_and_stock(case, product, wish)


def _its_shade(case: ShoppingCase, product: Product) -> Advice | None:
    """What the shade that was shown is, where a question is about an undertone or a depth; None for any other."""
    variant = next((each for each in product.variants if each.id == case.state.variant), None)
    asks = undertone_in(case.text) is not None or depth_in(case.text) is not None
    if variant is None or not asks or not is_question(case.text) or not has_shades(product):
        return None
    line = case.words.say("picked", product=product.title, facts=", ".join(variant.options.values()))
    picks = (Pick(product, variant),) if variant.available else ()
    return Advice(case.shown(picks, about=product.id), (line,), picks, why=(f"the shade of {product.id}",))


def _none_has_all(case: ShoppingCase) -> Advice | None:
    """What is said where several features are asked for and none of the products shown has them all; None else."""
    shown = case.products(dict.fromkeys(case.state.shown))
    features = features_said(case.text, shown)
    if len(features) < 2 or not is_question(case.text):
        return None
    if whole := [each for each in shown if all(has_feature(each, feature) for feature in features)]:
        picks = tuple(
            Pick(each, None, reason_of(each, ()))
            for each in whole[: case.rules.shortlist]
            if each.in_stock is not False
        )
        return Advice(case.shown(picks), (), picks, why=("these have all of it",)) if picks else None
    some = [
        case.words.say("has_of_it", product=each.title, facts=case.words.listed(own))
        for each in shown
        if (own := [feature for feature in features if has_feature(each, feature)])
    ]
    why = (f"none has all of {', '.join(features)}",)
    return case.done(lines=(case.words.say("none_has_all"), *some), why=why)


def _is_worn(case: ShoppingCase, product: Product) -> bool:
    """Whether a size of it goes by a body: it names a chart."""
    return case.charts is not None and case.charts.for_product(product) is not None


def asks_of_the_thing(text: str) -> bool:
    """Whether a question is about what the thing is like: its price and stock would be no answer."""
    if not is_question(text) or asks_if_there(text) or _BUYS.search(text):
        return False
    return bool(facts_asked_for(text)) or _OF_IT.search(text) is not None


def _meant(case: ShoppingCase) -> tuple[Product, ...]:
    """What the words are about: what they name in full, else in part, else what they point at."""
    return case.named or called_in_part(case.catalog, case.text) or case.meant()


def _mixed_up(case: ShoppingCase) -> Advice | None:
    """What words describe that is called otherwise: "the lavender scarf" is the heather one; None where nothing is plain."""
    wish, words = wish_said(case), case.words
    for mixed in called_otherwise(case.catalog, case.text):
        product = mixed.product
        if product.in_stock and is_safe(case, product, wish):
            variant = mixed.variant if mixed.variant is not None and mixed.variant.available else None
            line = words.say("mix_up", product=case.label(product, variant), why=mixed.fact.rstrip("."))
            return _shown(case, product, [Pick(product, variant, "")], [line])
    return None


def _related(case: ShoppingCase, kind: RelatedKind, line: str, none: str) -> Advice:
    meant = _meant(case) or case.products(case.state.shown[:1])
    if not meant:
        return _which(case, kind)
    product, words = meant[0], case.words
    gone, wish = {*case.state.declined, product.id}, wish_said(case)
    wanted = wish_read(case.catalog, case.text, language=words.language).kinds
    wanted = tuple(each for each in wanted if not is_of_kind(product, (each,)))
    near = case.catalog.related(product.id, kind, k=LOOKED_AT + len(gone))
    found = [each for each in near if each.product.id not in gone and is_safe(case, each.product, wish)]
    if wanted and kind == "complement":
        if has_shades(product) and (shades := _in_its_shade(case, wanted)) is not None:
            return shades
        of_kind = _of_kind(case, [each.product for each in found], wanted)
        if not of_kind:  # nothing of that kind goes with it in particular: what there is of it, for the same person
            return looked_for(_of_another_kind(case, wanted))
        found = [each for each in found if each.product.id in of_kind]
    picks = [
        Pick(each.product, variant_for(each.product, product), reason_of(each.product, each.reasons)) for each in found
    ]
    if not picks:
        told = words.say(none, product=product.title) if none == "no_complement" else words.say(none)
        return case.done(lines=(told,), why=(f"no {kind} of {product.id}",))
    picks = picks[: case.rules.shortlist]
    advice = _shown(case, product, picks, [words.say(line, product=product.title)])
    if len(picks) > 1 or not wanted:
        return advice
    said = (*case.state.said, case.text)[-8:] if picks[0].variant is not None else case.state.said
    return replace(advice, state=replace(advice.state, about=picks[0].product.id, said=said))


def _of_another_kind(case: ShoppingCase, kinds: Sequence[str]) -> ShoppingCase:
    """The request for something of a kind beside a product: neither that product nor its size and colour are looked for."""
    own = wish_read(case.catalog, case.text, language=case.words.language)
    left = tuple(name for name in ("sizes", "colours") if not getattr(own, name))
    state = replace(case.state, relaxed=tuple(dict.fromkeys((*case.state.relaxed, *left))))
    act = replace(case.act, kind="refine" if state.said else "find", follows=bool(state.said))
    return replace(case, act=act, state=state, text=" ".join(kinds) if case.named else case.text)


def _of_kind(case: ShoppingCase, found: Sequence[Product], kinds: Sequence[str]) -> frozenset[str]:
    """Those of a kind, fewer where one of them is called just as it was asked for ("travel case")."""
    of_kind = [each for each in found if is_of_kind(each, kinds)]
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


def _shown(case: ShoppingCase, about: Product, picks: Sequence[Pick], lines: Sequence[str]) -> Advice:
    why = (f"{case.act.kind} of {about.id}: {', '.join(pick.product.id for pick in picks)}",)
    return Advice(case.shown(picks, about=about.id), tuple(lines), tuple(picks), why=why)


def _which(case: ShoppingCase, doing: str) -> Advice:
    """Asks which product it is about; where a kind of product is named, that is looked for."""
    if doing != "compare" and wish_read(case.catalog, case.text, language=case.words.language).kinds:
        return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
    name = "which_compare" if doing == "compare" else "which_product"
    buttons = tuple(product.title for product in case.products(case.state.shown))
    return Advice(
        case.asking("product", doing=doing), question=case.words.say(name), buttons=buttons, why=(f"{doing} of what?",)
    )
