"""Which shade: by undertone and depth, one question for each where it isn't said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from convagent.catalog.attributes.model import Undertone
from convagent.catalog.knowing import ShadeMatch, match_shades, nearest_shade, shade_of
from convagent.catalog.knowing.candidates import candidates
from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.details import answered_from_facts
from convagent.shopping.hearing import keeps_the_shade
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import price_and_stock
from convagent.shopping.pointing import is_of_kind
from convagent.shopping.short_names import called_in_part
from convagent.shopping.wishing import wish_read
from convagent.why import because

__all__ = ["depth_in", "has_shades", "names_a_shade", "shaded", "undertone_in"]

_UNDERTONES: Mapping[Undertone, str] = {
    "cool": r"cool|cold|blue|violet|purple|pink|silver|rosy|kühl\w*|blau\w*|violett\w*|rosa|silber\w*|"
    r"froide?s?|bleue?s?|violette?s?|rosée?s?|argent\w*",
    "warm": r"warm|green|gold|golden|peach\w*|yellow|warm\w*|grün\w*|gelb\w*|pfirsich|chaude?s?|verte?s?|dorée?s?|jaunes?|pêche",
    "neutral": r"neutral\w*|both|in between|hard to say|mix|beides|neutres?|les deux|un peu des deux",
}
_DEPTHS: Mapping[int, tuple[str, str]] = {
    1: ("fair", r"very (?:fair|light|pale)|fair|pale|porcelain|freckl\w*|sehr hell|blass|très clair\w*|porcelaine"),
    2: ("light", r"light|hell|clair\w*"),
    3: ("medium", r"medium|olive|beige|light brown|mittel|médium|moyen\w*|mat\w*"),
    4: ("tan", r"tan\w*|brown all year|caramel|gebräunt|hâlé\w*|bronzé\w*"),
    5: ("deep", r"deep|dark|ebony|dunkel\w*|foncé\w*|noire?"),
}
_REFUSED = re.compile(
    r"\b(?:than|not|never|no|als|nicht|kein\w*|que|pas)\s+(?:the |das |de |l'|in )?\w+", re.IGNORECASE
)
"""What somebody says that it is not: "gold suits me better than silver"."""


def undertone_in(text: str) -> Undertone | None:
    """The undertone that words speak of: cool, warm or neutral; None for none, or for several."""
    said = _REFUSED.sub(" ", text)
    found = [name for name, pattern in _UNDERTONES.items() if re.search(rf"\b(?:{pattern})\b", said, re.IGNORECASE)]
    return found[0] if len(found) == 1 else "neutral" if {"cool", "warm"} <= set(found) else None


def depth_in(text: str) -> int | None:
    """How deep a skin is, 1 (fair) to 5 (deep), by words; None where they don't say."""
    for depth, (_, pattern) in _DEPTHS.items():
        if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
            return depth
    return None


def shaded(case: ShoppingCase) -> Advice:
    """Shades that suit the skin, or come nearest to one that is named.

    Among those of the product that is meant, else of the kind that is named. A shade that was said before counts: of another
    product it stands for its undertone and depth.
    """
    words, state = case.words, case.state
    named = case.named or called_in_part(case.catalog, case.text)
    if named and not any(has_shades(each) for each in named):
        return _of_no_shade(case, named[0])
    within = _within(case, named)
    said = (*state.said, case.text)
    undertone, depth = _skin_in(case)
    spoken = undertone is not None or depth is not None
    near = None if spoken else _nearest(case, said, within)
    if near:
        return _shown(case, near, words.say("shade_near"), "the shade that was named")
    kept = said[-8:]
    if undertone is None:
        choices = ("cool", "warm", "neutral")
        asking = case.asking("undertone", choices, doing="shade", said=kept)
        why = ("the undertone isn't known",)
        return Advice(asking, question=words.say("ask_undertone"), buttons=choices, why=why)
    if depth is None and _say_no_depth(within):
        found = _safe(case, match_shades(case.catalog, undertone=undertone, within=within))
        if right := tuple(each for each in found if each.shade.undertone == undertone):
            return _shown(case, right, words.say("fit_well" if len(right) > 1 else "fits_well"), f"{undertone}")
    if depth is None:
        names = tuple(name for name, _ in _DEPTHS.values())
        asking = case.asking("depth", names, doing="shade", said=kept)
        return Advice(asking, question=words.say("ask_depth"), buttons=names, why=("the depth isn't known",))
    found = match_shades(case.catalog, undertone=undertone, depth=depth, within=within)
    found = _safe(case, found)
    if not found:
        none = because("no_shade", undertone=undertone, depth=depth)
        return case.done(lines=(words.say("no_shade"),), hand_over=("missing_knowledge", "", none), why=(none,))
    right = tuple(each for each in found if _is_right(each, undertone, depth))
    if right:
        line = words.say("shades", undertone=str(words.say(undertone)), depth=str(words.say(_DEPTHS[depth][0])))
        return _shown(case, right, line, f"{undertone}, depth {depth}")
    gone = match_shades(case.catalog, undertone=undertone, depth=depth, within=within, in_stock_only=False, k=1)
    missing = words.say("no_shade")
    if gone and gone[0].exact:
        missing = words.say("sold_out", product=case.label(gone[0].product, gone[0].variant))
    advice = _shown(case, found, words.say("shade_near"), f"{undertone}, depth {depth}: only near ones are in stock")
    return replace(advice, lines=(missing, *advice.lines))


def _say_no_depth(within: Sequence[Product] | None) -> bool:
    """Whether none of some products says how deep a shade is, as lipsticks don't: then nobody's skin is asked about."""
    shades = [shade for each in within or () for variant in each.variants if (shade := shade_of(variant)) is not None]
    return bool(shades) and all(shade.depth is None for shade in shades)


def names_a_shade(case: ShoppingCase) -> bool:
    """Whether the words name a shade of the kind of make-up that they speak of: "my foundation is called Shell"."""
    kinds = wish_read(case.catalog, case.text, language=case.words.language).kinds
    within = _within(case, ()) if kinds else None
    return bool(within and match_shades(case.catalog, like=case.text, in_stock_only=False, within=within, k=1))


def _is_right(match: ShadeMatch, undertone: Undertone, depth: int) -> bool:
    """Whether a shade is what was asked for in all that it says: a lipstick says no depth."""
    return match.shade.undertone in {undertone, None} and match.shade.depth in {depth, None}


def has_shades(product: Product) -> bool:
    """Whether a product comes in shades that say an undertone or a depth."""
    return any(shade_of(variant) is not None for variant in product.variants)


def _skin_in(case: ShoppingCase) -> tuple[Undertone | None, int | None]:
    """What was said of the skin: in this message, and in answers to what was asked before it."""
    earlier = case.state.said if case.state.doing == "shade" or keeps_the_shade(case.text) else ()
    text = " ; ".join((*earlier, case.text))
    return undertone_in(text), depth_in(text)


def _within(case: ShoppingCase, named: Sequence[Product]) -> tuple[Product, ...] | None:
    """The products whose shades come into question; None for all.

    Of a kind that is named ("which concealer"), else what is named, else what was talked about or shown.
    """
    kinds = wish_read(case.catalog, case.text, language=case.words.language).kinds
    if kinds:
        pool = candidates(case.catalog, " ".join(kinds), buyable=True)
        of_kind = tuple(each for each in pool if has_shades(each) and is_of_kind(each, kinds))
        if of_kind and not any(is_of_kind(each, kinds) for each in named):
            return of_kind
    if named:
        return tuple(each for each in named if has_shades(each))
    if case.state.active:
        talked = case.products((case.state.about,) if case.state.about else case.state.shown)
        return tuple(each for each in talked if has_shades(each)) or None
    return None


def _nearest(case: ShoppingCase, said: Sequence[str], within: tuple[Product, ...] | None) -> tuple[ShadeMatch, ...]:
    """The nearest to the shade that was named last; what is named now counts first."""
    for text in reversed(said):
        like = match_shades(case.catalog, like=text, in_stock_only=False, k=1)
        if not like:
            continue
        own = nearest_shade(case.catalog, text)
        if own is not None and (within is None or own.product.id in {each.id for each in within}):
            return _safe(case, (own,))
        shade = like[0].shade
        found = match_shades(case.catalog, undertone=shade.undertone, depth=shade.depth, within=within)
        return _safe(case, found[:1] if found and found[0].exact else found)
    return ()


def _safe(case: ShoppingCase, found: Sequence[ShadeMatch]) -> tuple[ShadeMatch, ...]:
    wish = wish_said(case)
    return tuple(each for each in found if is_safe(case, each.product, wish))


def _shown(case: ShoppingCase, found: Sequence[ShadeMatch], line: str, why: str) -> Advice:
    picks = tuple(Pick(each.product, each.variant) for each in found[: case.rules.shortlist])
    about = found[0].product.id if len({each.product.id for each in found[: case.rules.shortlist]}) == 1 else ""
    state = case.shown(picks, about=about, said=(*case.state.said, case.text)[-8:])
    return Advice(state, (line,), picks, why=(why,))


def _of_no_shade(case: ShoppingCase, product: Product) -> Advice:
    """A question about a product that has no shades is another question: it is answered as one."""
    return answered_from_facts(case, product) or price_and_stock(case, product, wish_said(case))
