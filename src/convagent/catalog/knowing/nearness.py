"""How alike two products are: kind, category, tags, words, what they are made of, whom they are for, price."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from convagent.catalog.attributes.model import ProductAttributes
from convagent.catalog.knowing.facts_read import said_facts
from convagent.catalog.knowing.links import links_of
from convagent.catalog.own_fields.words import alternatives_of, canonical
from convagent.facts import Money, Product
from convagent.search import Tokeniser

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["Nearness", "alike_in_kind", "family_of", "fits_with", "fitted", "same_people", "works_with_same"]

_WEIGHTS = {"kind": 2.0, "category": 2.0, "tags": 3.0, "words": 2.0, "materials": 1.0, "colours": 0.5, "uses": 1.0,
            "facts": 1.0, "price": 1.5}  # fmt: skip


def family_of(product: Product) -> tuple[str, ...]:
    """The steps of its category, in lower case, from the most general on."""
    return tuple(step.strip().casefold() for step in (product.category or "").split(">") if step.strip())


def alike_in_kind(one: Product, other: Product) -> bool:
    """Whether two products can stand in for one another by their kind: the same type, or the very same category."""
    if one.kind and other.kind and one.kind.casefold() == other.kind.casefold():
        return True
    return bool(family_of(one)) and family_of(one) == family_of(other)


def same_people(one: ProductAttributes, other: ProductAttributes) -> bool:
    """Whether two products can be for the same person, going by whom they say that they are for, and by age.

    What isn't said fits everybody.
    """
    everyone = "everyone"
    mine, theirs = _people(one), _people(other)
    if mine and theirs and everyone not in mine | theirs and not mine & theirs:
        return False
    if not one.ages or not other.ages:
        return True
    return any(
        (first.low or 0) < (math.inf if second.high is None else second.high)
        and (second.low or 0) < (math.inf if first.high is None else first.high)
        for first in one.ages
        for second in other.ages
    )


def _people(read: ProductAttributes) -> frozenset[str]:
    """Whom a product is for, "adults" and "children" standing for all of theirs."""
    people = set[str](read.audience)
    if "adults" in people:
        people |= {"women", "men"}
    if "children" in people:
        people |= {"girls", "boys"}
    return frozenset(people)


def works_with_same(one: Product, other: Product) -> bool:
    """Whether two accessories fit something in common; True where either doesn't say what it fits."""
    mine, theirs = fitted(one), fitted(other)
    return not mine or not theirs or bool(mine & theirs)


def fitted(product: Product) -> frozenset[str]:
    """What an accessory says that it works with, in lower case; empty for anything else."""
    return frozenset(name.casefold() for _, name, _ in links_of(product, "works with"))


def fits_with(accessory: Product, product: Product) -> Literal["title", "kind"] | None:
    """Whether an accessory says that it is for a product, by its title or by its kind ("guitar and bass"); None where not.

    Args:
        accessory: Whose fields are looked at.
        product: What they may name.
    """
    names = fitted(accessory)
    if product.title.casefold() in names:  # as it is written: "One" is no "One+"
        return "title"
    told = {words for name in names for words in alternatives_of(name)}
    kind = canonical(product.kind or "")
    alike = bool(kind) and kind == canonical(accessory.kind or "")
    return "kind" if kind and not alike and (kind in told or kind[-1:] in told) else None


class Nearness:
    """How near products of a pool are to one another, from 0 to 1.

    A weighted mean of the likenesses in what both of them say, as in Gower, "A General Coefficient of Similarity and Some of
    Its Properties", Biometrics 27 (1971): what one doesn't say is left out of the mean. Tags and words count by how rare they
    are in the pool (inverse document frequency, Spärck Jones 1972); sets are compared by Jaccard's coefficient, prices by their
    ratio: alike when equal, not at all when one is four times the other.

    Args:
        catalog: Where the products' attributes are known.
        pool: The products; the rarity of words is counted over them.
    """

    def __init__(self, catalog: Catalog, pool: Iterable[Product]) -> None:
        self._catalog = catalog
        self._tokeniser = _tokeniser(catalog.language)
        products = list(pool)
        self._count = max(1, len(products))
        self._tags = Counter(tag for product in products for tag in _tags(product))
        self._words = Counter(word for product in products for word in self._terms(product))

    def between(self, one: Product, other: Product) -> tuple[float, tuple[str, ...]]:
        """How alike two products are, from 0 to 1, and what they share, each as "label: fact" in the other's words."""
        mine, theirs = self._catalog.attributes(one.id), self._catalog.attributes(other.id)
        found: dict[str, float] = {}
        reasons: list[str] = []
        if one.kind and other.kind:
            found["kind"] = float(one.kind.casefold() == other.kind.casefold())
            if found["kind"]:
                reasons.append(f"Type: {other.kind}")
        first, second = family_of(one), family_of(other)
        if first and second:
            shared = next(
                (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
            )
            found["category"] = shared / max(len(first), len(second))
        tags = _tags(one), _tags(other)
        if tags[0] and tags[1]:
            found["tags"] = self._overlap(*tags, self._tags)
        words = self._terms(one), self._terms(other)
        if words[0] and words[1]:
            found["words"] = self._overlap(*words, self._words)
        if mine and theirs:
            for name, a, b in (
                ("materials", {each.name for each in mine.materials}, {each.name for each in theirs.materials}),
                ("colours", _families(mine), _families(theirs)),
                ("uses", set(mine.uses), set(theirs.uses)),
            ):
                if a and b:
                    found[name] = len(a & b) / len(a | b)
                    if name != "colours" and a & b:
                        reasons.append(f"{'Material' if name == 'materials' else 'Use'}: {', '.join(sorted(a & b))}")
        facts = dict(said_facts(one)), dict(said_facts(other))
        names = [name for name in facts[0].keys() & facts[1].keys() if name not in _COMMON_FACTS]
        if names:
            found["facts"] = sum(facts[0][name].casefold() == facts[1][name].casefold() for name in names) / len(names)
        price = _price_likeness(one.price, other.price)
        if price is not None:
            found["price"] = price
            if price > 0.8:
                reasons.append(f"Price: {other.price}")
        total = sum(_WEIGHTS[name] for name in found)
        return (sum(_WEIGHTS[name] * value for name, value in found.items()) / total if total else 0.0), tuple(reasons)

    def telling_tags(self, product: Product, pool: Collection[Product]) -> frozenset[str]:
        """The tags of a product that set it apart among others: at most a third of them have them too, or two do.

        Args:
            product: The product.
            pool: What it is set apart from, itself included.
        """
        counts = Counter(tag for each in pool for tag in _tags(each))
        return frozenset(tag for tag in _tags(product) - _SHOP_TAGS if counts[tag] <= max(2, len(pool) // 3))

    def shared_tags(self, one: Product, other: Product) -> tuple[float, tuple[str, ...]]:
        """How much of their tags two products share, from 0 to 1, rare ones counting more, and the shared ones.

        Tags for the shop's own use, such as "bestseller" and "gift", say nothing here.
        """
        mine, theirs = _tags(one) - _SHOP_TAGS, _tags(other) - _SHOP_TAGS
        common = sorted(mine & theirs, key=lambda tag: (self._tags[tag], tag))
        return self._overlap(mine, theirs, self._tags), tuple(common)

    def _overlap(self, one: Collection[str], other: Collection[str], counts: Counter[str]) -> float:
        mine, theirs = set(one), set(other)
        both = math.fsum(self._rarity(counts[each]) for each in sorted(mine & theirs))
        either = math.fsum(self._rarity(counts[each]) for each in sorted(mine | theirs))
        return both / either if either else 0.0

    def _rarity(self, times: int) -> float:
        return math.log((self._count + 1) / (times + 0.5)) if times < self._count else 0.01

    def _terms(self, product: Product) -> frozenset[str]:
        return _terms(self._tokeniser, f"{product.title}\n{product.description or ''}"[:2_000])


_SHOP_TAGS = frozenset(
    "bestseller bestsellers new sale gift gifts archived coming-soon final-sale subscribe multipack featured".split()
)
_COMMON_FACTS = frozenset(
    {"rating", "final_sale", "made_in", "subscription", "warranty", "delivery", "material", "audience"}
)


@lru_cache(maxsize=16)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)


@lru_cache(maxsize=5_000)
def _terms(tokeniser: Tokeniser, text: str) -> frozenset[str]:
    return frozenset(tokeniser.terms(text))


def _tags(product: Product) -> frozenset[str]:
    return frozenset(tag.casefold() for tag in product.tags)


def _families(read: ProductAttributes) -> set[str]:
    return {family for colour in read.colours for family in colour.families}


def _price_likeness(one: Money | None, other: Money | None) -> float | None:
    if one is None or other is None or one.currency != other.currency or one.minor <= 0 or other.minor <= 0:
        return None
    return max(0.0, 1 - abs(math.log(one.minor / other.minor)) / math.log(4))
