"""Whether a product says that something is in it: "with shea butter" does, "free of shea" and "no shea" don't."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from convagent.catalog.attributes.materials import read_materials
from convagent.catalog.index import attribute_text
from convagent.catalog.own_fields.vocabulary import NO
from convagent.catalog.wishes.refusals import families_of
from convagent.facts import Product

__all__ = ["says_it_has"]

_BEFORE = re.compile(
    r"(?:\b(?:no|non|not|never|nor|without|free\s+(?:of|from)|isn['’]t|aren['’]t|does(?:n['’]t|\s+not)\s+(?:contain|have|use)|instead\s+of|"
    r"ohne|keine?[nrms]?|frei\s+von|nicht|statt|weder|noch|sans|exempte?\s+de|pas\s+de|pas\s+d['’]|ni|aucune?)\b|[-–]free\s+of)"
    r"(?:[\s-]+(?!(?:but|with|contains?|and\s+with|aber|mit|mais|avec)\b)[\w'’%-]+,?){0,6}[\s-]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\w{0,3}[\s-]*(?:free|frei(?:e[nrs]?)?)\b", re.IGNORECASE)
_NAMED_FREE = re.compile(r"free\b|frei\b|^(?:ohne|sans|without|no)\b", re.IGNORECASE)
"""How fields are called that say whether something isn't in it."""

_COMPOUND_FREE = re.compile(r"(?P<what>[^\W\d_]{3,}?)(?P<link>s?)(?P<free>free|frei)\b", re.IGNORECASE)
"""A name in one word: "Getreidefrei", "nutfree"; the "s" may link the words, or end the first: "Zutatsfrei", "Nussfrei"."""

_OTHER_LANGUAGE = re.compile(r"\b(?:duvet|pin|fer|coco)s?\b", re.IGNORECASE)
"""What is a material in one language and something else in another; a title says it of the latter far more often."""

_CLAUSE = re.compile(r"[.;:!?\n]|\bbut\b|\baber\b|\bmais\b")


def says_it_has(product: Product, things: Sequence[Collection[str]], *, materials: Collection[str] = ()) -> bool:
    """Whether a product's texts name one of several things as something that it has.

    Args:
        product: The product; its title, type, tags, options, attributes and description are looked at.
        things: Each thing by all of its words.
        materials: Materials by their English names, which are looked for in its title and options; its other texts stand in
            the catalog's columns.
    """
    if materials:
        refused = frozenset().union(*(families_of(each) for each in materials))
        options = dict.fromkeys(value for variant in product.variants for value in variant.options.values())
        if any(not refused.isdisjoint(_materials_in(text)) for text in (product.title, *options)):
            return True
    if not things:
        return False
    patterns = [_pattern(tuple(words)) for words in things]
    if any(pattern.search(name) for name in _not_free_of(product) for pattern in patterns):
        return True
    return any(_has(text, pattern) for text in _texts(product) for pattern in patterns)


@lru_cache(maxsize=5_000)
def _materials_in(text: str) -> frozenset[str]:
    return frozenset(each.name for each in read_materials(_OTHER_LANGUAGE.sub(" ", text))[0])


@lru_cache(maxsize=500)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    forms = []
    for word in words:
        plain = re.escape(word.strip()).replace(r"\ ", r"[\s-]+")
        forms.append(plain if word.endswith("s") and len(word) < 5 else re.sub(r"(?<=\w\w\w)s$", "", plain))
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(forms)})(?:e?s|n|en)?(?![^\W\d_])", re.IGNORECASE)


def _has(text: str, pattern: re.Pattern[str]) -> bool:
    for match in pattern.finditer(text):
        starts = [end.end() for end in _CLAUSE.finditer(text, 0, match.start())]
        before = text[starts[-1] if starts else 0 : match.start()]
        if not _BEFORE.search(before[-120:]) and not _AFTER.match(text, match.end()):
            return True
    return False


def _not_free_of(product: Product) -> Iterator[str]:
    """The names of fields that say that a product isn't free of something: "Grain free: no"."""
    for name, value in (*product.attributes.items(), *(product.model_extra or {}).items()):
        plain = " ".join(re.findall(r"[^\W_]+", name.rpartition(".")[2]))
        if _NAMED_FREE.search(plain) and (value is False or attribute_text(value).strip().casefold() in NO):
            yield _COMPOUND_FREE.sub(r"\g<what>\g<link> \g<free>", plain)
            yield _COMPOUND_FREE.sub(r"\g<what> \g<free>", plain)


def _texts(product: Product) -> Iterator[str]:
    yield product.title
    yield from filter(None, (product.kind, product.description))
    yield from product.tags
    yield from dict.fromkeys(value for variant in product.variants for value in variant.options.values())
    for value in product.attributes.values():
        if text := attribute_text(value):
            yield text
