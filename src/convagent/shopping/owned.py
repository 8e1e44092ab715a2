"""What is looked for beside what somebody has: it must have to do with that, and is never that itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog.hits import ProductHit
from convagent.catalog.traits import kinds_below
from convagent.catalog.wishes.circumstances import FILLERS
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.catalog.wishes.owned import aims_of, areas, has_enough_of_it, widened
from convagent.facts import Product
from convagent.search import STOP_WORDS
from convagent.shopping.case import ShoppingCase
from convagent.shopping.hearing import what_is_liked
from convagent.shopping.model import Advice
from convagent.shopping.pointing import kinds_mentioned
from convagent.word_tables import any_of

__all__ = ["for_what_they_have", "nothing_for_it", "said_of_enough"]

POOL = 40
"""Products of a wider kind that are looked at."""

_TO_KEEP = "storage"
"""The kind of what things are kept in."""


def for_what_they_have(
    case: ShoppingCase, wish: Wish, hits: list[ProductHit], *, of_kind: bool = True
) -> list[ProductHit]:
    """Hits that are for what somebody has, where that is said to be what they are for; else all.

    Where kinds are looked for that the shop doesn't have, only wider ones are left; where none is named, what is for it speaks of
    the thing that is there, and of what is to be done to it or else of what is looked for. Where nothing but the thing is said,
    what is for it is called after it.

    Args:
        case: The request.
        wish: What is wished by now.
        hits: What was found.
        of_kind: Whether any of it is of a kind that is looked for.
    """
    if not wish.owned or not wish.for_owned:
        return hits
    theirs, language = _with_narrower(wish.owned), case.catalog.language
    if _TO_KEEP in wish.kinds:  # of all that things can be kept in, what is made for these
        of_these = replace(wish, text=" ".join((*wish.kinds, *wish.owned)))
        there = case.catalog.find(of_these, k=POOL, language="en", only_kind=True).hits
        able = {hit.product.id: hit for hit in (*there, *hits) if _is_for(hit.product, theirs, (None,), language)}
        return list(able.values()) or hits
    if wish.kinds or wish.own_kinds:
        return hits if of_kind else _of_wider_kinds(case, wish)
    said = " ".join(case.state.said)
    aims = aims_of(said, wish.owned)
    ways = tuple(aim.by for aim in aims) if aims else (_any_word(said, theirs, case.words.language),)
    return [hit for hit in hits if _is_for(hit.product, theirs, ways, language)]


def nothing_for_it(case: ShoppingCase, wish: Wish) -> Advice | None:
    """That there is nothing of the kind for what somebody has; None where they look for nothing of that sort.

    Args:
        case: The request.
        wish: What is wished by now; nothing fits it.
    """
    if not wish.owned or not wish.for_owned or (wish.demands and (wish.kinds or wish.own_kinds)):
        return None
    return case.done(lines=(case.words.say("nothing_for_it"),), why=(f"nothing for their {', '.join(wish.owned)}",))


def said_of_enough(case: ShoppingCase) -> tuple[str, ...] | None:
    """All that was said, where somebody has enough of what was spoken of before: "but she has plenty of those"; else None.

    The kinds that are meant are put to it, and who only told that these are liked is passed over.

    Args:
        case: The request.
    """
    state, language = case.state, case.words.language
    if not has_enough_of_it(case.text) or kinds_mentioned(case.text, language):
        return None
    shown = (product.kind or "" for product in case.products(state.shown[:1]))
    spoken_of = (kinds_mentioned(each, language) for each in (*reversed(state.said), *shown))
    kinds = next((each for each in spoken_of if each), ())
    if not kinds:
        return None
    kept = [
        each for each in state.said if not (what_is_liked(each) and set(kinds_mentioned(each, language)) <= set(kinds))
    ]
    return (*kept, f"{case.text} ({', '.join(f'no {kind}' for kind in kinds)})")[-8:]


def _of_wider_kinds(case: ShoppingCase, wish: Wish) -> list[ProductHit]:
    """What is of a wider kind than those that are looked for: a lamp, where there is none for the bedside."""
    wider = tuple(sorted(widened(wish.kinds) - areas() - set(wish.kinds)))
    if not wider:
        return []
    near = replace(wish, kinds=wider, text=" ".join(wider))
    found = case.catalog.find(near, k=POOL, language=case.words.language, only_kind=True)
    return list(found.hits) if found.of_kind else []


def _with_narrower(kinds: Sequence[str]) -> frozenset[str]:
    """Kinds with what is of them, and what they are of themselves: a spray for shoes is one for boots."""
    return (widened(kinds) - areas()) | {each.name for kind in kinds for each in kinds_below(kind)}


def _any_word(said: str, theirs: frozenset[str], language: str) -> re.Pattern[str] | None:
    """Any word of what is looked for, beside those for the thing that is there; None where there is none."""
    met = the_lexicon().read(said, (language, *(each for each in LANGUAGES if each != language)))
    words = [
        said[each.start : each.end]
        for each in met
        if not theirs & {concept.name for concept in each.concepts} and not _says_nothing(said[each.start : each.end])
    ]
    return any_of(rf"\b{re.escape(word.rstrip('sen'))}" for word in words) if words else None


def _says_nothing(word: str) -> bool:
    plain = word.casefold()
    return len(plain) < 4 or plain in FILLERS or any(plain in words for words in STOP_WORDS.values())


def _is_for(product: Product, theirs: frozenset[str], ways: Sequence[re.Pattern[str] | None], language: str) -> bool:
    """Whether a product's own words speak of the thing that is there, and of what is looked for."""
    told = product.description if any(ways) else None  # in passing it may be named anywhere
    own = " ".join(filter(None, (product.title, product.kind, *product.tags, told)))
    met = the_lexicon().read(own, (language,))
    if not theirs & {concept.name for each in met for concept in each.concepts if concept.sort == "kind"}:
        return False
    return any(way is None or way.search(own) for way in ways)
