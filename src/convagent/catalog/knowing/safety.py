"""What speaks against a product for somebody of an age, or with an allergy. What nobody said is not safe."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from convagent.catalog.attributes.allergens import allergens_named, read_allergens
from convagent.catalog.attributes.model import ALLERGENS, AgeRange, Allergen, ProductAttributes
from convagent.catalog.knowing.facts_read import said_facts
from convagent.facts import Product

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["ADULT_MONTHS", "allergens_matter", "unsafe_for"]

ADULT_MONTHS = 216
"""18 years. From here on a product that says no age is for everybody of age."""

_ADULTS_ONLY = re.compile(
    r"\badults? only\b|\bonly for adults\b|\bfor adults of 18\b|\b18 (?:years )?and over\b|\bnur für erwachsene\b|\bab 18\b|"
    r"\b(?:réservé aux|uniquement pour les) adultes\b",
    re.IGNORECASE,
)
_INTAKE = re.compile(
    r"food|beverage|health|beauty|cosmetic|skin|make-?up|personal care|supplement|vitamin|bath|nursing|candle|fragrance|"
    r"lebensmittel|kosmetik|pflege|alimentation|cosmétique|soin",
    re.IGNORECASE,
)


def allergens_matter(catalog: Catalog, product: Product) -> bool:
    """Whether a product is eaten, drunk, put on the skin or breathed in, so that an allergy bears on it.

    It is where it says anything of ingredients or allergens, or its category is of that kind. A lamp isn't; a jumper's wool is a
    material and no allergen of the 14.

    Args:
        catalog: The catalog.
        product: The product.
    """
    read = catalog.attributes(product.id)
    names = {name for name, _ in said_facts(product)}
    if names & {"ingredients", "allergens", "inci", "zutaten", "allergene"} or (read is not None and read.ingredients):
        return True
    return bool(_INTAKE.search(f"{product.category or ''} {product.kind or ''}"))


def unsafe_for(
    catalog: Catalog, product: Product, *, age_months: int | None = None, allergens: Iterable[str] = ()
) -> tuple[str, ...]:
    """What speaks against a product for somebody; empty only where everything that was asked is said, and said well.

    For an age: "too-young" (before the age from which it is, or it is for adults only), "too-old" (after the age up to which
    it is), "part-too-young" (a part of it, such as an upper bed, is for an older child), "age-unknown" (for a child, where no
    age is said). For each allergen: "contains-milk", "may-contain-milk", or "unknown-milk" where the shop doesn't say, in words
    that were understood, that it isn't in it. Of what isn't one of the EU's 14 no shop declares the absence in a way that can
    be relied on, so it is contained or unknown ("unknown-allergen" for a name that is no word). No code means that what the
    shop declares speaks against nothing; it is no medical advice.

    Args:
        catalog: The catalog.
        product: The product.
        age_months: The age of the person it is for, in months.
        allergens: Names in English, German or French, such as "milk", "Nüsse", "beeswax".

    Returns:
        The codes, of the age first, each once.
    """
    read = catalog.attributes(product.id) or ProductAttributes(product.id)
    codes: dict[str, None] = {}
    if age_months is not None:
        codes |= dict.fromkeys(_by_age(product, read.ages, age_months))
    for name in allergens:
        codes |= dict.fromkeys(_by_allergen(product, read, name))
    return tuple(codes)


def _by_age(product: Product, ages: tuple[AgeRange, ...], months: int) -> list[str]:
    said = " ".join(text for name, text in said_facts(product) if name in {"directions", "age", "safety", "warnings"})
    if months < ADULT_MONTHS and _ADULTS_ONLY.search(f"{said} {product.description or ''}"):
        return ["too-young"]
    if not ages:
        return ["age-unknown"] if months < ADULT_MONTHS else []
    young = [each for each in ages if each.low is not None and months < each.low]
    # The age up to which something is ends with that year: "2 to 7 years" holds on the day before the eighth birthday.
    old = [each for each in ages if each.high is not None and months >= each.high + 12]
    fitting = [each for each in ages if each not in young and each not in old]
    if not fitting:
        return ["too-young"] if young else ["too-old"]
    return ["part-too-young"] if young else []


def _by_allergen(product: Product, read: ProductAttributes, name: str) -> list[str]:
    plain = " ".join(name.casefold().split())[:60]
    if not plain:
        return []
    known: frozenset[Allergen] = frozenset(each for each in ALLERGENS if each == plain) or allergens_named([plain])
    if known:
        listed = _named_among_ingredients(product)
        found = []
        for each in sorted(known):
            said = read.allergens.of(each)
            if said == "not declared" and each in listed:
                said = "unknown"  # the declaration and the list of ingredients don't agree
            if said != "not declared":
                found.append(f"{ {'contains': 'contains', 'may contain': 'may-contain'}.get(said, 'unknown') }-{each}")
        return found
    slug = re.sub(r"[^\w]+", "-", plain).strip("-")
    if not slug:
        return ["unknown-allergen"]
    texts = [each.name.casefold() for each in read.ingredients] + [each.casefold() for each in read.allergens.others]
    texts += [each.name.casefold() for each in read.materials]
    if any(re.search(rf"\b{re.escape(plain.removesuffix('s') if len(plain) > 3 else plain)}", text) for text in texts):
        return [f"contains-{slug}"]
    return [f"unknown-{slug}"]


def _named_among_ingredients(product: Product) -> frozenset[Allergen]:
    """What the field of ingredients names in any way but to deny it: "may contain nuts" is no ingredient, and stands there."""
    found: set[Allergen] = set()
    for name, text in said_facts(product):
        if name in {"ingredients", "inci", "zutaten", "inhaltsstoffe"}:
            read, _ = read_allergens(text)
            found |= read.contains | read.may_contain | read.cautions
    return frozenset(found)
