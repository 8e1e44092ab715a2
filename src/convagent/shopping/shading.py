"""Which shade: by undertone and depth, one question for each where it isn't said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from convagent.catalog.attributes.model import Undertone
from convagent.catalog.knowing import match_shades, nearest_shade
from convagent.shopping.case import MOST_SHOWN, ShoppingCase
from convagent.shopping.model import Advice, Pick

__all__ = ["depth_in", "shaded", "undertone_in"]

_UNDERTONES: Mapping[Undertone, str] = {
    "cool": r"cool|cold|blue|violet|purple|pink|silver|rosy|kühl|blau|violett|rosa|silber|froid|bleu|violet|rosé|argent",
    "warm": r"warm|green|gold|golden|peach\w*|yellow|warm\w*|grün|gelb|pfirsich|chaud|vert|doré|jaune|pêche",
    "neutral": r"neutral|both|in between|hard to say|mix|beides|neutre|les deux|un peu des deux",
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
    """Shades that suit the skin, or come nearest to one that is named."""
    words, state = case.words, case.state
    said = (*(state.said if state.doing == "shade" else ()), case.text)
    near = nearest_shade(case.catalog, case.text)
    if near is not None:
        picks: tuple[Pick, ...] = (Pick(near.product, near.variant),)
        return Advice(case.shown(picks), (words.say("shade_near"),), picks, why=("the shade that was named",))
    text = " ; ".join(said)
    undertone, depth = undertone_in(text), depth_in(text)
    kept = {"doing": "shade", "said": said[-8:]}
    if undertone is None:
        choices = ("cool", "warm", "neutral")
        return Advice(
            replace(case.asking("undertone", choices), **kept), question=words.say("ask_undertone"), buttons=choices,  # type: ignore[arg-type]
            why=("the undertone isn't known",),
        )  # fmt: skip
    if depth is None:
        names = tuple(name for name, _ in _DEPTHS.values())
        return Advice(
            replace(case.asking("depth", names), **kept), question=words.say("ask_depth"), buttons=names,  # type: ignore[arg-type]
            why=("the depth isn't known",),
        )  # fmt: skip
    meant = {product.id for product in case.named}
    found = match_shades(case.catalog, undertone=undertone, depth=depth)
    found = tuple(each for each in found if not meant or each.product.id in meant)
    if not found:
        why = f"no shade for {undertone} {depth} is in stock"
        return case.done(lines=(words.say("no_shade"),), hand_over=("missing_knowledge", "", why), why=(why,))
    picks = tuple(Pick(each.product, each.variant) for each in found[:MOST_SHOWN])
    line = words.say("shades", undertone=str(words.say(undertone)), depth=str(words.say(_DEPTHS[depth][0])))
    return Advice(case.shown(picks), (line,), picks, why=(f"{undertone}, depth {depth}",))
