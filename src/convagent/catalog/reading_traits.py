"""Reading what products are by their attributes, for `Traits`: what several products say alike is read once."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from convagent.catalog.attributes.described import described_fields
from convagent.catalog.attributes.fields import field_of
from convagent.catalog.attributes.material_words import MATERIALS
from convagent.catalog.attributes.model import ALLERGENS, Amount, Audience, Dimension, ProductAttributes
from convagent.catalog.attributes.purposes import read_audience, uses_named
from convagent.catalog.attributes.reading import read_attributes
from convagent.catalog.traits import Column, Range, Statuses, Traits, kinds_below
from convagent.catalog.wishes.lexicon import LANGUAGES, stems, the_lexicon
from convagent.catalog.wishes.model import Measured
from convagent.facts import Product

__all__ = ["TraitsBuilder", "kinds_of_words"]

_GROUPS = {
    "materials": "materials", "allergens": "allergens", "ingredients": "allergens", "ages": "ages", "audience": "audience",
    "uses": "uses", **dict.fromkeys(("dimensions", "width", "height", "depth", "length", "thickness", "diameter", "weight",
                                     "loads", "volume", "contents"), "measures"),
}  # fmt: skip
_MATERIAL_WORDS = {
    word: name
    for name, words in MATERIALS.items()
    for word in words.split("|")
    if word not in {"duvet", "pin", "fer", "coco"}
}
_STATUS = {"unknown": 0, "not declared": 1, "may contain": 2, "contains": 3}
_COLUMNS = ("materials", "allergens", "ages", "measures", "audience", "uses", "consumed")
_REMEMBERED = 50_000
"""Combinations of attributes that are remembered while products are read."""

Said = tuple[tuple[str, str], ...]


@lru_cache(maxsize=20_000)
def kinds_of_words(text: str, language: str) -> tuple[str, ...]:
    """The kinds that a product's type or category names: those of its last words before "with" and the like.

    Args:
        text: Such as "Dressing gown", "Lamp with speaker", "Coats & Jackets".
        language: The language of the catalog.
    """
    languages = (language, *(each for each in LANGUAGES if each != language)) if language in LANGUAGES else LANGUAGES
    head = re.split(r"\s(?:with|mit|avec)\s", text, maxsplit=1)[0]
    found: dict[str, None] = {}
    for part in head.replace("/", "&").replace(" and ", "&").replace(" und ", "&").replace(" et ", "&").split("&"):
        met = [
            each
            for each in the_lexicon().read(part, languages)
            if any(c.sort == "kind" for c in each.concepts) and each.head
        ]
        if met:
            chosen = met[0] if language == "fr" else met[-1]
            found |= dict.fromkeys(c.name for c in chosen.concepts if c.sort == "kind")
    return tuple(found)


@lru_cache(maxsize=10_000)
def _group(name: str) -> str | None:
    """Which column a field of this name belongs to."""
    field = field_of(name)
    return _GROUPS.get(field.kind) if field else None


@lru_cache(maxsize=10_000)
def _kind(name: str) -> str | None:
    """What a field of this name holds."""
    field = field_of(name)
    return field.kind if field else None


class TraitsBuilder:
    """Collects products for `Traits`, one by one.

    Args:
        language: Language of the products' texts.
    """

    def __init__(self, *, language: str = "en") -> None:
        self._language = language
        self._kinds: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._kinds_again: dict[tuple[str | None, str | None], tuple[tuple[str, ...], dict[tuple[str, ...], str]]] = {}
        self._profiles, self._weights = array("i"), array("f")
        self._profiles_again: dict[tuple[Said, tuple[str, ...]], int] = {}
        self._again: dict[tuple[str, Said], Any] = {}
        self._made = 0
        self._columns: dict[str, tuple[array[int], dict[Any, int]]] = {name: (array("i"), {}) for name in _COLUMNS}

    def add(self, product: Product) -> None:
        """The next product."""
        number = len(self._profiles)
        for name in self._kinds_of(product):
            self._kinds[name].append(number)
        said = _said(product)
        key = said, product.tags
        profile = self._profiles_again.get(key)
        if profile is None:
            if len(self._profiles_again) >= _REMEMBERED:
                self._profiles_again.clear()
            profile = self._profiles_again[key] = self._profile(said, product.tags)
        self._profiles.append(profile)
        first = product.variants[0].weight_grams if product.variants else None
        self._weights.append(float("nan") if not first else float(first))

    def _profile(self, said: Said, tags: tuple[str, ...]) -> int:
        """Notes what a product says; its number."""
        by_group: dict[str, dict[str, str]] = defaultdict(dict)
        for place, (name, text) in enumerate(said):
            # Variants may say different things under one name: each is read.
            fields = by_group[_group(name) or ""]
            last = name.rpartition(".")[2]
            fields[f"{place}.{last}" if last in fields else last] = text
        read = {group: self._read(group, by_group.get(group)) for group in _READ}
        read["materials"] |= _materials_of_tags(tags)
        read["audience"] |= _audience_of_tags(tags)
        read["uses"] |= uses_named(tags)
        read["consumed"] = "allergens" in by_group
        for column, value in read.items():
            numbers, known = self._columns[column]
            numbers.append(known.setdefault(value, len(known)))
        self._made += 1
        return self._made - 1

    def _read(self, group: str, fields: dict[str, str] | None) -> Any:
        """What the fields of one column say."""
        key = group, tuple(fields.items()) if fields else ()
        found = self._again.get(key)
        if found is None:
            if len(self._again) >= _REMEMBERED:
                self._again.clear()
            found = self._again[key] = _READ[group](_attributes(fields))
        return found

    def _kinds_of(self, product: Product) -> Iterable[str]:
        """The kinds of a product: by its type and the last part of its category; by its title where these name none.

        "Coats & Jackets" is said of both, and titles and tags name many a thing: of these, what is one of what is known counts.
        """
        key = product.kind, product.category
        again = self._kinds_again.get(key)
        if again is None:
            if len(self._kinds_again) >= _REMEMBERED:
                self._kinds_again.clear()
            again = self._kinds_again[key] = self._kinds_told(*key)
        known, narrower = again
        if not known:
            return dict.fromkeys(kinds_of_words(product.title, self._language))
        if not narrower:
            return known
        words = stems(product.title, self._language)
        told = [narrower[words[at : at + size]] for size in (1, 2, 3) for at in range(len(words) - size + 1)
                if words[at : at + size] in narrower]  # fmt: skip
        told += [narrower[tag] for each in product.tags if (tag := _stems_of_tag(each, self._language)) in narrower]
        return dict.fromkeys((*known, *told)) if told else known

    def _kinds_told(self, kind: str | None, category: str | None) -> tuple[tuple[str, ...], dict[tuple[str, ...], str]]:
        """The kinds that type and category name, and the words for what is narrower."""
        found = dict.fromkeys(kinds_of_words(kind, self._language) if kind else ())
        told = kinds_of_words(category.rpartition(">")[2].strip(), self._language) if category else ()
        below = {each.name for known in found for each in kinds_below(known)}
        found |= dict.fromkeys(name for name in told if not found or name in below)
        language = self._language if self._language in LANGUAGES else "en"
        narrower = {stems(word, language): each.name for known in found for each in kinds_below(known)
                    for word in each.words.get(language, ())}  # fmt: skip
        return tuple(found), narrower

    def done(self) -> Traits:
        """The columns."""
        profiles = np.array(self._profiles, dtype=np.int32)

        def column(name: str) -> Any:
            numbers, known = self._columns[name]
            return Column(profiles, np.array(numbers, dtype=np.int32), tuple(known))

        return Traits(
            kinds={name: np.array(rows, dtype=np.int32) for name, rows in self._kinds.items()},
            materials=column("materials"), allergens=column("allergens"), ages=column("ages"), measures=column("measures"),
            audience=column("audience"), uses=column("uses"), consumed=column("consumed"),
            weights=np.array(self._weights, dtype=np.float32),
        )  # fmt: skip


@lru_cache(maxsize=5_000)
def _stems_of_tag(tag: str, language: str) -> tuple[str, ...]:
    return stems(tag, language)


def _said(product: Product) -> Said:
    """The fields that belong to a column, with their names; those of variants each once."""
    found = [(name, str(value)) for name, value in product.attributes.items() if value and _group(name)]
    found += [(name, str(value)) for name, value in (product.model_extra or {}).items() if value and _group(name)]
    first = product.variants[0].model_extra if product.variants else None
    if first:
        for name in first:
            if _group(name):
                values = dict.fromkeys(str((variant.model_extra or {}).get(name, "")) for variant in product.variants)
                found += [(name, value) for value in values if value]
    if (volumes := _volumes_to_choose(product)) and not any(_says_volume(name) for name, _ in found):
        found.append(("contents", volumes))
    known = {kind for name, _ in found if (kind := _kind(name))}
    found += (
        each for each in described_fields(product.title, product.kind, product.description, known=known) if _group(each[0])
    )  # fmt: skip
    return tuple(found)


_VOLUME = re.compile(r"[0-9]\s*(?:ml|cl|l|lit(?:re|er)s?)\b", re.IGNORECASE)


def _volumes_to_choose(product: Product) -> str:
    """The sizes that a product comes in, where these are volumes ("2 litres", "3.5 litres"); else nothing."""
    if not product.variants or not any(map(_VOLUME.search, product.variants[0].options.values())):
        return ""
    values = dict.fromkeys(value for variant in product.variants for value in variant.options.values())
    return "; ".join(value for value in values if _VOLUME.search(value))


@lru_cache(maxsize=10_000)
def _says_volume(name: str) -> bool:
    field = field_of(name)
    return field is not None and field.kind in {"volume", "contents"}


_NOTHING = ProductAttributes(product_id="")


def _attributes(fields: dict[str, str] | None) -> ProductAttributes:
    if not fields:
        return _NOTHING
    return read_attributes(Product.model_construct(id="", title="", attributes=fields, tags=(), variants=()))


@lru_cache(maxsize=20_000)
def _materials_of_tags(tags: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_MATERIAL_WORDS[tag.casefold()] for tag in tags if tag.casefold() in _MATERIAL_WORDS)


@lru_cache(maxsize=20_000)
def _audience_of_tags(tags: tuple[str, ...]) -> frozenset[Audience]:
    return frozenset().union(*(read_audience(tag)[0] for tag in tags)) if tags else frozenset()


def _statuses(attributes: ProductAttributes) -> Statuses:
    return tuple(_STATUS[attributes.allergens.of(each)] for each in ALLERGENS)


def _ranges(attributes: ProductAttributes) -> tuple[Range, ...]:
    """Each measure of the whole product, its smallest and largest; where sides aren't named, what holds for all of them."""
    found: dict[Measured, tuple[float, float]] = {}

    def widen(of: Measured, low: float, high: float) -> None:
        known = found.get(of)
        found[of] = (min(low, known[0]), max(high, known[1])) if known else (low, high)

    whole = [each for each in attributes.dimensions if each.part is None and not each.fits]
    nameless: list[Dimension] = [each for each in whole if each.side is None]
    for each in whole:
        low, high = _ends(each.centimetres)
        if each.side is not None:
            widen(each.side, low, high)
        if each.side == "diameter":
            widen("width", low, high)
            widen("depth", low, high)
    if whole:
        ends = [_ends(each.centimetres) for each in whole]
        found["any side"] = max(low for low, _ in ends), min(high for _, high in ends)
    if len(nameless) > 1:
        ends = [_ends(each.centimetres) for each in nameless]
        largest, smallest = max(low for low, _ in ends), min(high for _, high in ends)
        for side in ("width", "height", "depth", "length"):
            found.setdefault(side, (largest, smallest))
    if attributes.weight_grams:
        found["weight"] = _ends(attributes.weight_grams)
    if attributes.loads:
        least = min(float(load.grams) for load in attributes.loads)
        found["load"] = least, least
    if attributes.volume_ml:
        found["volume"] = _ends(attributes.volume_ml)
    return tuple((of, low, high) for of, (low, high) in found.items())


def _ends(amount: Amount) -> tuple[float, float]:
    low, high = amount.low, amount.high
    return (
        float(low if low is not None else high or 0),
        float(high if high is not None else low or 0),
    )


_READ: dict[str, Callable[[ProductAttributes], Any]] = {
    "materials": lambda attributes: frozenset(each.name for each in attributes.materials),
    "allergens": _statuses,
    "ages": lambda attributes: tuple(dict.fromkeys((each.low, each.high) for each in attributes.ages)),
    "measures": _ranges,
    "audience": lambda attributes: attributes.audience,
    "uses": lambda attributes: attributes.uses,
}
