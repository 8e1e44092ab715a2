"""What was asked for outright and nothing that is shown speaks of: it is said, rather than that a product would fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from convagent.catalog.choosing import is_colour_option, is_size_option
from convagent.catalog.free_of import says_it_has
from convagent.catalog.hits import ProductHit
from convagent.catalog.index import attribute_text
from convagent.catalog.own_fields.meeting import told_for
from convagent.catalog.wishes.circumstances import is_owned
from convagent.catalog.wishes.lexicon import LANGUAGES, Concept, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.catalog.wishes.reading import groups_of
from convagent.catalog.wishes.refusals import families_of
from convagent.facts import Product
from convagent.guidance.parts import Worded
from convagent.shopping.case import ShoppingCase
from convagent.shopping.features import PROVEN, has_feature

__all__ = ["fitting_line", "that_speak", "unspoken_of"]

_HAS_OR_HASNT = PROVEN | frozenset(
    {
        "vegetarian", "organic", "handmade", "scented", "washable", "microwave safe", "breathable", "reflective", "stainless",
        "non-slip", "unbreakable", "repairable", "touchscreen", "sleeveless", "pockets", "striped", "floral", "dotted",
        "patterned", "camping", "hiking", "cycling", "running", "swimming", "workout", "snow", "dry skin", "oily skin",
        "dark circles", "cracked heels", "digestion",
    }
)  # fmt: skip
"""Qualities that a product has or hasn't, and what it is made for or isn't, by their English names. Of others, such as "warm" or
"for the office", silence says nothing: they are a matter of more or less, or anything may do."""


_SURE = frozenset({"SKU", "Price", "In stock"})
"""Reasons that a hit has by what it must be, whatever words were used."""


def fitting_line(
    case: ShoppingCase, wish: Wish, hits: Sequence[ProductHit], *, passed_over: bool = False
) -> Worded | None:
    """What is said above products instead of that they fit, where nothing speaks of all that was asked for; None where all does.

    Args:
        case: The request.
        wish: What is wished by now.
        hits: What is shown.
        passed_over: Whether words were left out of the wish so that anything was found.
    """
    if missing := unspoken_of(case, wish, hits):
        quoted = (str(case.words.say("quoted", text=each)) for each in missing)
        return case.words.say("by_the_rest_of", what=case.words.listed(quoted, last="or"))
    if passed_over or _words_met_by_none(case, wish, hits):  # what was said earlier is no "that" of now
        return case.words.say("by_the_rest" if len(case.state.said) < 2 else "closest")
    return None


def _words_met_by_none(case: ShoppingCase, wish: Wish, hits: Sequence[ProductHit]) -> bool:
    """Whether products were found by the shop's own fields alone, and none of them has any of the other words."""
    if all(each.refused for each in wish.offer.fields) or wish.kinds or wish.own_kinds or wish.named:
        return False
    if all(group.refused for group in groups_of(wish, wish.language or case.catalog.language)):
        return False
    labels = {reason.partition(": ")[0] for hit in hits for reason in hit.reasons}
    return all(name in _SURE or is_size_option(name) or is_colour_option(name) for name in labels)


def unspoken_of(case: ShoppingCase, wish: Wish, hits: Sequence[ProductHit]) -> tuple[str, ...]:
    """The shopper's words for materials, qualities, uses and preferences of which no hit says anything.

    Words that the shop has no meaning for are left out: of them nobody knows whether they ask for something.

    Args:
        case: The request.
        wish: What is wished by now.
        hits: What is shown.
    """
    found: dict[str, None] = {}
    for said, concepts in _asked(wish, case.catalog.language):
        if not any(_speaks(case, hit.product, each) for hit in hits for each in concepts):
            found[said] = None
    for demand in wish.fields:
        wanted = demand.preferred and not demand.refused and bool(demand.values)
        if wanted and not any(told_for(hit.product, hit.variant, (demand,)) for hit in hits):
            found[", ".join(demand.values)] = None
    return tuple(found)


def that_speak(case: ShoppingCase, wish: Wish, hits: Sequence[ProductHit]) -> list[ProductHit]:
    """Hits that say that they have, or are for, what was asked for outright, as far as any of them does; else all.

    Args:
        case: The request.
        wish: What is wished by now.
        hits: What was found.
    """
    left = list(hits)
    for _, concepts in _asked(wish, case.catalog.language) if len(left) > 1 else ():
        left = [hit for hit in left if any(_speaks(case, hit.product, each) for each in concepts)] or left
    return left


def _asked(wish: Wish, language: str) -> Iterator[tuple[str, tuple[Concept, ...]]]:
    """What the words of a wish ask for that a product may say, and the words for it: materials right before the kind alone."""
    names = {*wish.qualities, *wish.uses} & _HAS_OR_HASNT
    own = wish.language if wish.language in LANGUAGES else LANGUAGES[0]
    languages = tuple(dict.fromkeys((own, language if language in LANGUAGES else LANGUAGES[0])))
    read = the_lexicon().read(wish.text, languages)
    for met, behind in zip_longest(read, read[1:]):
        kinds = {each.name for each in behind.concepts if each.sort == "kind"} if behind is not None else set()
        before_kind = bool(kinds & set(wish.kinds)) and not wish.text[met.end : behind.start].strip()
        asked = tuple(
            each for each in met.concepts if each.name in names or (each.sort == "material" and before_kind)
        )  # fmt: skip
        if asked and not any(each.sort == "kind" for each in met.concepts) and not is_owned(wish.text[: met.start]):
            yield " ".join(wish.text[met.start : met.end].split()), asked


def _speaks(case: ShoppingCase, product: Product, concept: Concept) -> bool:
    """Whether a product is of a material, or says in its own words that it has a quality or is for a use."""
    read = case.catalog.attributes(product.id)
    if concept.sort == "material":
        wanted = families_of(concept.name)
        if read is not None and any(each.name in wanted for each in read.materials):
            return True
    elif concept.name in PROVEN:
        return has_feature(product, concept.name)
    elif read is not None and concept.name in read.uses:
        return True
    language = case.catalog.language if case.catalog.language in LANGUAGES else LANGUAGES[0]
    return concept.name in _spoken(" \n".join(_texts(product)), language) or says_it_has(
        product, [concept.words.get(language, ())]
    )


def _texts(product: Product) -> Iterable[str]:
    yield product.title
    yield from filter(None, (product.kind, product.category, product.description))
    yield from product.tags
    for name, value in product.attributes.items():
        if text := attribute_text(value):
            yield f"{name.rpartition('.')[2].replace('_', ' ')}: {text}"


@lru_cache(maxsize=2_000)
def _spoken(text: str, language: str) -> frozenset[str]:
    """The names of everything that a product's texts speak of."""
    return frozenset(each.name for met in the_lexicon().read(text, (language,)) for each in met.concepts)
