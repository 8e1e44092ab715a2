"""An index over products: which ones share a text's words, slips of the pen mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.facts import Product
from convagent.search import Counting, LexicalIndex, Tokeniser, ngrams

__all__ = ["FIELDS", "ProductIndex", "ProductIndexBuilder", "attribute_text"]

FIELDS = {"title": 4.0, "kind": 3.0, "tags": 2.0, "options": 1.5, "vendor": 1.0, "category": 1.0, "attributes": 1.0,
          "description": 1.0}  # fmt: skip
"""How much more a word counts in the shorter, more telling fields."""

_FILLERS_LIST = """
look looking show find search searching buy buying purchase recommend recommendation recommendations suggest
suggestion suggestions anything something stuff product products item items option options available sell selling
stock shop store best good nice great help advice interested prefer ideally maybe suche suchen zeig zeigen zeige
kaufen empfehlen empfehlung produkt produkte artikel verfügbar cherche chercher montrez montrer acheter produit
produits article articles recommander disponible
"""
_FILLERS = frozenset(_FILLERS_LIST.split())
_WORD = re.compile(r"[^\W\d_]+")
_NO_WORDS = re.compile(
    r"[0-9.,\s]*|(?:https?|gid)://.*|#[0-9a-f]{3,8}|true|false|[a-z0-9]+(?:-[a-z0-9]+)+(?:\s*[;,]\s*[a-z0-9]+(?:-[a-z0-9]+)+)*",
    re.DOTALL,
)


def attribute_text(value: Any) -> str:
    """An attribute's value as words; empty for addresses, bare numbers, handles of other products, codes."""
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(attribute_text, value)))
    return value if isinstance(value, str) and not _NO_WORDS.fullmatch(value.strip()) else ""


class ProductIndexBuilder:
    """Collects products for a `ProductIndex`, one by one; their texts are not kept.

    Args:
        language: Language of the products' texts and of the queries.
    """

    def __init__(self, *, language: str = "en") -> None:
        self.tokeniser = Tokeniser(language)
        self._counting = Counting()
        self._words: set[str] = set()
        self._telling: Counter[str] = Counter()
        # Kinds, tags, brands and options come again and again.
        self._again = lru_cache(maxsize=50_000)(self._taken)
        self._times: Counter[str] = Counter()

    def add(self, product: Product) -> None:
        """The next product."""
        title, words = self._read(product.title, 2)
        self._telling.update(set(words))
        counts = dict.fromkeys(title, 0.0)
        weight = FIELDS["title"]
        for term in title:
            counts[term] += weight
        for field, text in _short_texts(product):
            weight = FIELDS[field]
            for term in self._again(text):
                counts[term] = counts.get(term, 0.0) + weight
            if field != "attributes":
                self._times[text] += 1
        if product.description:
            weight = FIELDS["description"]
            for term in self._read(product.description, 1)[0]:
                counts[term] = counts.get(term, 0.0) + weight
        self._counting.add_numbered(counts)

    def _read(self, text: str, longest: int) -> tuple[list[int], list[str]]:
        """The numbers of a text's terms, and its words."""
        words = self.tokeniser.words(text)
        self._words.update(words)
        return list(map(self._counting.number, ngrams(self.tokeniser.terms_of(words), longest))), words

    def _taken(self, text: str) -> list[int]:
        return self._read(text, 2)[0]

    def done(self, *, beside: ProductIndex | None = None) -> ProductIndex:
        """The index.

        Args:
            beside: One over other products of the same catalog, whose words are no slips of the pen here.
        """
        for text, times in self._times.items():
            for word in set(self.tokeniser.words(text)):
                self._telling[word] += times
        telling = {word: times for word, times in sorted(self._telling.items()) if len(word) > 2 and word.isalpha()}
        lexical = LexicalIndex(self._counting.done(), tokeniser=self.tokeniser)
        lexical.make_lean()
        made = ProductIndex(lexical, frozenset(self._words), telling)
        return made if beside is None else made.knowing(beside)


class ProductIndex:
    """A lexical index over products, and the words that they are made of.

    Args:
        lexical: The products' terms, by their number.
        words: Every word of their texts.
        telling: The words of titles, kinds, tags, brands and options, and how often each stands there.
    """

    def __init__(self, lexical: LexicalIndex, words: frozenset[str], telling: Mapping[str, int]) -> None:
        self._lexical = lexical
        self.tokeniser = lexical.tokeniser
        self._words = words
        self._telling = telling

    def knowing(self, other: ProductIndex) -> ProductIndex:
        """The same index, with the words of another besides its own."""
        telling = {**other._telling, **self._telling}
        return ProductIndex(self._lexical, self._words | other._words, telling)

    def content_terms(self, text: str) -> list[str]:
        """The terms of a text that say what is looked for, as the index has them."""
        return self.tokeniser.terms(self._without_fillers(text))

    def scores(self, text: str) -> NDArray[np.float64]:
        """How well each product fits a text, from 0 (no word shared) to 1."""
        query = self._lexical.query(self._without_fillers(text))
        # A product with all of the words comes before one that repeats a single one.
        scores = self._lexical.scores(query) * (0.5 + 0.5 * self._lexical.coverage(query))
        return np.minimum(scores, 1.0)

    def mended(self, text: str) -> str:
        """A text whose misspelt words are replaced by the words of the catalog that they are nearest to.

        Only words that no product has are touched. One slip is forgiven in words of three to seven letters, two in
        longer ones; letters that changed places are one slip (optimal string alignment).

        Args:
            text: A customer's words.
        """
        return _WORD.sub(lambda match: self._mend(match[0], inflected=True), text)

    def mended_names(self, text: str) -> str:
        """Likewise, for comparing with titles: words that the catalog has in another inflection only are mended too.

        Args:
            text: A customer's words.
        """
        return _WORD.sub(lambda match: self._mend(match[0], inflected=False), text)

    def _mend(self, word: str, *, inflected: bool) -> str:
        """The nearest word of the catalog; `inflected` leaves alone what is a form of one of its words."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        wrong = word.casefold()
        if len(wrong) < 3 or wrong in self._words or wrong in _FILLERS:
            return word
        terms = self.tokeniser.terms(wrong)
        if not terms or (inflected and all(self._lexical.has(term) for term in terms)):
            return word
        near = extract(
            wrong, self._telling.keys(), scorer=OSA.distance, score_cutoff=2 if len(wrong) > 7 else 1, limit=20
        )
        if not near:
            return word
        return str(min(near, key=lambda match: self._unlikeliness(wrong, match[0], match[1]))[0])

    def _unlikeliness(self, wrong: str, right: str, distance: float) -> tuple[float, bool, bool, int, str]:
        """The least one is what was meant: letters that changed places, the right first letter, a frequent word."""
        return distance, sorted(wrong) != sorted(right), wrong[0] != right[0], -self._telling[right], right

    def _without_fillers(self, text: str) -> str:
        return _WORD.sub(lambda match: " " if match[0].casefold() in _FILLERS else match[0], text)


def _short_texts(product: Product) -> Iterator[tuple[str, str]]:
    """A product's texts but its title and description, each with its field."""
    if product.kind:
        yield "kind", product.kind
    for tag in product.tags:
        yield "tags", tag
    for option in dict.fromkeys(value for variant in product.variants for value in variant.options.values()):
        yield "options", option
    if product.vendor:
        yield "vendor", product.vendor
    if product.category:
        yield "category", product.category
    for value in product.attributes.values():
        if text := attribute_text(value):
            yield "attributes", text
