"""Nothing is shown that isn't safe for whom it is for: ages and allergens that were said in the conversation hold on."""

from __future__ import annotations

from convagent.catalog.knowing import allergens_matter, unsafe_for
from convagent.catalog.knowing.facts_read import said_facts
from convagent.catalog.own_fields.meeting import holds_of, meets_demands, says_by_name
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.saying import said_by, values_of
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.wishing import held_wish, wish_by_now, wish_read

__all__ = ["against_age", "age_said", "held_by", "is_safe", "wish_said"]

_AGE = frozenset({"too-young", "too-old", "part-too-young"})


def wish_said(case: ShoppingCase) -> Wish:
    """What was wished in the conversation by now, this message included."""
    language = case.words.language
    said = tuple(dict.fromkeys((*case.state.said, case.text)))
    return wish_by_now((held_by(case), *(wish_read(case.catalog, each, language=language) for each in said)))


def held_by(case: ShoppingCase) -> Wish:
    """What was said in earlier wishes and holds for this one."""
    return held_wish(wish_read(case.catalog, each, language=case.words.language) for each in case.state.held)


def against_age(case: ShoppingCase, product: Product, wish: Wish) -> bool:
    """Whether the shop says that a product, or a part of it, isn't for one of the ages of a wish.

    Of what several share, such as a bunk bed, each needs only a part that is for them.

    Args:
        case: The request.
        product: The product.
        wish: Its ages count, and whether they share it.
    """
    against = _AGE - {"part-too-young"} if wish.shared else _AGE
    return any(against & set(unsafe_for(case.catalog, product, age_months=months)) for months in wish.ages)


def age_said(product: Product) -> str:
    """The shop's own words for whom a product is by age; empty where it has none.

    Args:
        product: The product.
    """
    facts = dict(said_facts(product))
    return next((facts[name] for name in ("age", "directions", "warnings", "safety") if name in facts), "").rstrip(".")


def is_safe(case: ShoppingCase, product: Product, wish: Wish, *, beside: Product | None = None) -> bool:
    """Whether a product may be shown: nothing that was said of ages and allergens speaks against it.

    What says no age passes, unless it would stand in for something that says one. Of what is eaten, drunk or put on the skin,
    an allergen that isn't declared absent speaks against it, and so does anything else refused that it is said to contain.
    Whatever it is, it must have a variant that says nothing of what is refused for an allergy in the shop's own fields.

    Args:
        case: The request.
        product: The product.
        wish: What was said by now.
        beside: What it would be taken in place of; None for something beside it.
    """
    if against_age(case, product, wish):
        return False
    if beside is not None and wish.ages and _says_age(case, beside) and not _says_age(case, product):
        return False
    if wish.allergic and _is_refused(product, tuple(each for each in wish.offer.fields if each.refused)):
        return False
    refused = (*wish.without_allergens, *wish.without)
    if not refused or not allergens_matter(case.catalog, product):
        return True
    codes = unsafe_for(case.catalog, product, allergens=refused)
    strict = {*wish.without_allergens, *(wish.without if wish.allergic else ())}
    unknown = {f"unknown-{'-'.join(name.split())}" for name in strict}
    return not any(code.startswith(("contains-", "may-contain-")) or code in unknown for code in codes)


def _is_refused(product: Product, demands: tuple[FieldDemand, ...]) -> bool:
    """Whether every variant of a product says something that is refused, or itself does."""
    if not demands:
        return False
    if product.variants:
        return not any(meets_demands(product, variant, demands) for variant in product.variants)
    said = tuple(said_by(product))
    return any(
        holds_of(demand, values_of(value)) for demand in demands for name, value in said if name in demand.fields
    ) or any(says_by_name(product, demand.values) for demand in demands)


def _says_age(case: ShoppingCase, product: Product) -> bool:
    read = case.catalog.attributes(product.id)
    return bool(read is not None and read.ages)
