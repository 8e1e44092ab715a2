"""Nothing of a kind is declared free of what is refused: what the labels say is told, and nothing is taken for safe."""

from __future__ import annotations

from dataclasses import replace

from convagent.catalog.knowing import unsafe_for
from convagent.catalog.knowing.facts_read import said_facts
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.keeping_safe import against_age
from convagent.shopping.model import Advice

__all__ = ["not_declared"]

LOOKED_AT = 40
"""Products of a kind that are looked at."""


def not_declared(case: ShoppingCase, wish: Wish) -> Advice | None:
    """What is said where allergens stand in the way of every product of the kind that is looked for; None where they don't.

    Nothing is shown, since nothing is declared to be as it is wanted. What the labels of those say whose list of ingredients
    names nothing that is refused is told, and that it is no promise. That is for a taste, not for an allergy.

    Args:
        case: The request.
        wish: What is wished by now; nothing that can be bought fits it.
    """
    if not wish.without_allergens or not wish.kinds or wish.allergic:
        return None
    open_to_all = replace(wish, without_allergens=(), without=())
    found = case.catalog.find(open_to_all, k=LOOKED_AT, language=case.words.language, only_kind=True)
    of_kind = [hit.product for hit in found.hits if not against_age(case, hit.product, wish)]
    if not of_kind:
        return None
    words = case.words
    refused = words.listed((*wish.without, *wish.without_allergens), last="or")
    silent = [product for product in of_kind if _names_none(case, product, wish)][: case.rules.shortlist]
    if not silent:
        why = f"everything of that kind contains, or may contain, {refused}"
        return case.done(lines=(words.say("all_contain", what=refused),), why=(why,))
    lines = [words.say("picked", product=product.title, facts=_label(product).rstrip(".")) for product in silent]
    why = f"not declared free of {refused}: {', '.join(product.id for product in silent)}"
    state = replace(case.state, about=silent[0].id if len(silent) == 1 else "", asked="", choices=())
    return case.done(state, lines=(words.say("undeclared", what=refused), *lines), why=(why,))


def _names_none(case: ShoppingCase, product: Product, wish: Wish) -> bool:
    """Whether a product says what is in it, and none of what is refused."""
    read = case.catalog.attributes(product.id)
    if read is None or not read.ingredients:
        return False
    codes = unsafe_for(case.catalog, product, allergens=(*wish.without_allergens, *wish.without))
    return not any(code.startswith(("contains-", "may-contain-")) for code in codes)


def _label(product: Product) -> str:
    """What the label says of allergens, else of ingredients."""
    facts = dict(said_facts(product))
    return facts.get("allergens") or facts.get("ingredients", "")
