"""What somebody means who calls a product by something that is in it: "the lavender one" that is called something else."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from convagent.catalog.choosing import is_colour_option
from convagent.catalog.colours import colours_in, named_colours_in
from convagent.catalog.knowing.candidates import candidates
from convagent.catalog.knowing.facts_read import said_facts
from convagent.catalog.knowing.stock import variants_left
from convagent.facts import Product, Variant
from convagent.search import STOP_WORDS, Tokeniser

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["MixUp", "mix_ups"]

MixUpBy = Literal["option", "ingredient", "attribute", "tag", "kind", "description"]

_TITLE = 1.0
_WORTH: dict[MixUpBy, float] = {
    "option": 1.0, "ingredient": 0.85, "tag": 0.75, "kind": 0.7, "attribute": 0.6, "description": 0.5,
}  # fmt: skip
_NO_CONTENT = frozenset(
    "one ones thing things stuff product item scent scented smell smells smelling fragrance colour coloured color colored "
    "called name named shade version kind sort type looking look want like have find know mean meant please saw see seen friend "
    "friends still bought buy got get used use always last year years ago love loved cost costs much many sell sold stock today "
    "maybe think guess remember forgot forgotten something anything somewhere shop store website picture photo also really "
    "eine einer eines einem einen ding produkt duft farbe heißt namens suche suchen möchte haben bitte gesehen freundin freund "
    "gekauft noch immer kostet truc produit parfum couleur appelle nommé cherche voudrais celui celle acheté encore toujours "
    "coûte combien amie ami".split()
)
_NEGATION = re.compile(
    r"^(?:no|not|without|never|neither|nor|free|instead|isn|doesn|don|kein\w*|nicht|ohne|sans|pas|aucun\w*|argue)$"
)
_WORD = re.compile(r"[^\W\d_]+")
_MAX_CHARACTERS = 200
_MAX_TERMS = 12
_FEW = 3
"""Up to so many words must all be found; of more, those that carry `_ENOUGH` of their rarity."""

_ENOUGH = 0.7
_AKIN = 0.45
"""What a colour of the same family is worth: heather for lavender."""


@dataclass(frozen=True, slots=True)
class MixUp:
    """A product that may be meant though it is called something else.

    Args:
        product: The product; it is sold, in stock or not.
        variant: The variant that has what was said, in stock before others; None where all have it.
        said: The words that aren't in its name.
        by: Where they are: an option (a scent, a colour), an ingredient, another attribute, a tag, the type or category ("coat"
            for a jacket), the description.
        fact: The product's own words, as "label: fact".
        score: How much speaks for it, from 0 to 1.
    """

    product: Product
    variant: Variant | None
    said: str
    by: MixUpBy
    fact: str
    score: float


@dataclass(frozen=True, slots=True)
class _Found:
    by: MixUpBy
    fact: str
    variant: Variant | None = None
    worth: float = 0.0


def mix_ups(catalog: Catalog, words: str, k: int = 3) -> tuple[MixUp, ...]:
    """The products that a customer may mean by a word that isn't in their name, the likeliest first.

    Every word with content must be found in a product (of more than three words those that carry seven tenths of their rarity,
    the inverse document frequency), at least one of them outside its name: in its options, ingredients, attributes, tags or
    description. A colour is also found in another one of its family, if there is something else besides: heather for "the
    lavender scarf". What a product says it is not ("no fragrance", "instead of sheep's wool") doesn't count. A word that no
    product has is taken for the nearest one that some has (optimal string alignment: one slip in words of four to seven
    letters, two in longer ones).

    Args:
        catalog: The catalog.
        words: What the product was called, such as "the lavender one"; the first 200 characters are looked at.
        k: How many at most.

    Returns:
        The likely ones; none where a product has all the words in its name, since that one is meant, and none for words that
        say nothing.
    """
    tokeniser = _tokeniser(catalog.language)
    said = [
        word
        for word in tokeniser.words(words[:_MAX_CHARACTERS])
        if word not in _without_content() and len(word) > 2 and tokeniser.terms(word)
    ][:_MAX_TERMS]
    if not said or k < 1:
        return ()
    read = _read(candidates(catalog, " ".join(said), buyable=False), tokeniser)
    pool = read.products
    said = _mended(said, read, tokeniser)
    terms = {word: frozenset(tokeniser.terms(word)) for word in said}
    if any(all(term <= _terms(tokeniser, product.title) for term in terms.values()) for product in pool):
        return ()
    times = {word: sum(term <= text for text in read.terms) for word, term in terms.items()}
    rarity = {word: math.log((len(pool) + 1) / (count + 0.5)) for word, count in times.items()}
    found = [each for product in pool if (each := _in_product(product, terms, rarity, tokeniser)) is not None]
    found.sort(key=lambda each: (-each.score, not variants_left(each.product)))
    return tuple(found[:k])


def _in_product(
    product: Product, terms: Mapping[str, frozenset[str]], rarity: Mapping[str, float], tokeniser: Tokeniser
) -> MixUp | None:
    title = _terms(tokeniser, product.title)
    elsewhere: list[tuple[str, _Found]] = []
    total = lost = 0.0
    allowed = 0.0 if len(terms) <= _FEW else (1 - _ENOUGH) * math.fsum(rarity.values())
    for word, term in terms.items():
        if term <= title:
            total += _TITLE * rarity[word]
            continue
        found = next(_places(product, word, term, tokeniser), None)
        if found is None:
            lost += rarity[word]
            if lost > allowed:
                return None
            continue
        total += found.worth * rarity[word]
        elsewhere.append((word, found))
    if not elsewhere or (len(elsewhere) == len(terms) and all(each.by == "kind" for _, each in elsewhere)):
        return None  # a search for a kind of product, and no mistaken name
    if len(elsewhere) == len(terms) and all(each.worth == _AKIN for _, each in elsewhere):
        return None  # a colour alone that is only like it
    telling = [each for each in elsewhere if each[1].by != "kind"] or elsewhere
    # The rarest word is what it was called by; the most telling place shows it.
    best = max(telling, key=lambda each: (rarity[each[0]], each[1].worth))[1]
    said = " ".join(word for word, _ in telling)
    return MixUp(product, best.variant, said, best.by, best.fact, round(total / math.fsum(rarity.values()), 4))


def _places(product: Product, word: str, term: frozenset[str], tokeniser: Tokeniser) -> Iterator[_Found]:
    """Where a word is in a product, the most telling place first."""
    variants = sorted(product.variants, key=lambda variant: variant.available is not True)
    alone = len(product.variants) == 1
    for variant in variants:
        for name, value in variant.options.items():
            if term <= _terms(tokeniser, value):
                yield _made("option", f"{name}: {value}", None if alone else variant)
    facts = dict(said_facts(product))
    for piece in re.split(r"[,;]", facts.get("ingredients", "")):
        if _says(piece, term, tokeniser):
            yield _made("ingredient", f"ingredients: {piece.strip()}")
    for tag in product.tags:
        if term <= _terms(tokeniser, tag.replace("-", " ")):
            yield _made("tag", f"Tag: {tag}")
    for label, text in (("Type", product.kind), ("Category", product.category), ("Brand", product.vendor)):
        if text and term <= _terms(tokeniser, text):
            yield _made("kind", f"{label}: {text}")
    for name, text in facts.items():
        for piece in re.split(r"[;.]", text):
            if name != "ingredients" and _says(piece, term, tokeniser):
                yield _made("attribute", f"{name}: {piece.strip()}")
    for sentence in re.findall(r"[^.!?\n]+[.!?]*", product.description or ""):
        if _says(sentence, term, tokeniser):
            yield _made("description", f"Description: {sentence.strip()}")
    if named_colours_in(word):
        families = colours_in(word)
        for variant in variants:
            for name, value in variant.options.items():
                if is_colour_option(name) and families & colours_in(value):
                    yield _Found("option", f"{name}: {value}", None if alone else variant, _AKIN)


def _made(by: MixUpBy, fact: str, variant: Variant | None = None) -> _Found:
    return _Found(by, fact, variant, _WORTH[by])


def _says(text: str, term: frozenset[str], tokeniser: Tokeniser) -> bool:
    """Whether a text has a word and doesn't deny it: no "no", "not" or "without" among the four words before it in its clause."""
    if not term <= _terms(tokeniser, text):
        return False
    for clause in re.split(r"[,;:]", text):
        words = _WORD.findall(clause.casefold())
        if words[-1:] in (["no"], ["nein"], ["non"]):
            continue  # "Sleep light no"
        for place, word in enumerate(words):
            if term & set(tokeniser.terms(word)):
                before, after = words[max(0, place - 4) : place], words[place + 1 : place + 2]
                if not any(_NEGATION.match(each) for each in before) and after != ["free"]:
                    return True
    return False


@dataclass(frozen=True, slots=True)
class _Read:
    """Products whose texts were read.

    Args:
        of: What they were taken from; another one means that the catalog has changed.
        language: The language that they were read in.
        products: Those that are sold.
        terms: The terms of each.
        words: The words of all.
        known: The terms of all.
    """

    of: Sequence[Product]
    language: str
    products: list[Product]
    terms: list[frozenset[str]]
    words: frozenset[str]
    known: frozenset[str]


_last: list[_Read] = []
"""What was read last: a shop's catalog is asked again and again, and reading its texts takes most of the time."""


def _read(pool: Sequence[Product], tokeniser: Tokeniser) -> _Read:
    kept = _last[0] if _last else None
    if kept is not None and kept.of is pool and kept.language == tokeniser.language:
        return kept
    products = [product for product in pool if product.status == "active"]
    texts = [_text_of(product) for product in products]
    terms = [frozenset(tokeniser.terms(text)) for text in texts]
    words = frozenset(word for text in texts for word in _WORD.findall(text.casefold()))
    read = _Read(pool, tokeniser.language, products, terms, words, frozenset().union(*terms))
    _last[:] = [read]
    return read


def _mended(said: Sequence[str], read: _Read, tokeniser: Tokeniser) -> list[str]:
    """The words, each one that no product has replaced by the nearest one of some product."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    mended: list[str] = []
    for word in said:
        known = word in read.words or set(tokeniser.terms(word)) <= read.known
        if known or named_colours_in(word) or len(word) < 4:
            mended.append(word)
            continue
        near = extractOne(word, sorted(read.words), scorer=OSA.distance, score_cutoff=2 if len(word) > 7 else 1)
        mended.append(str(near[0]) if near else word)
    return mended


def _text_of(product: Product) -> str:
    options = [value for variant in product.variants for value in variant.options.values()]
    return "\n".join(
        [product.title, product.description or "", *product.tags, *options, *(text for _, text in said_facts(product))]
    )


@lru_cache(maxsize=1)
def _without_content() -> frozenset[str]:
    return _NO_CONTENT.union(*(STOP_WORDS[language] for language in ("en", "de", "fr")))


@lru_cache(maxsize=16)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)


@lru_cache(maxsize=20_000)
def _terms(tokeniser: Tokeniser, text: str) -> frozenset[str]:
    return frozenset(tokeniser.terms(text))
