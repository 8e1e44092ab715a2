"""An index over products: which ones share a text's words, slips of the pen mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.facts import Product
from convagent.search import LexicalIndex

__all__ = ["FIELDS", "ProductIndex", "attribute_text"]

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


class ProductIndex:
    """A lexical index over products, and the words that they are made of.

    Args:
        products: The catalog's products in their order.
        language: Language of their texts and of the queries.
    """

    def __init__(self, products: Sequence[Product], *, language: str = "en") -> None:
        documents = [_document(product) for product in products]
        self._lexical = LexicalIndex.build(documents, fields=FIELDS, language=language)
        self.tokeniser = self._lexical.tokeniser
        self._terms = frozenset(self._lexical.counts.terms)
        words = [{field: set(self.tokeniser.words(text)) for field, text in document.items()} for document in documents]
        self._words = frozenset(word for each in words for found in each.values() for word in found)
        telling = Counter(
            word
            for each in words
            for field, found in each.items()
            if field not in {"description", "attributes"}
            for word in found
            if len(word) > 2 and word.isalpha()
        )
        self._telling = dict(sorted(telling.items()))

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
        if not terms or (inflected and all(term in self._terms for term in terms)):
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


def _document(product: Product) -> dict[str, str]:
    options = dict.fromkeys(value for variant in product.variants for value in variant.options.values())
    return {
        "title": product.title,
        "kind": product.kind or "",
        "tags": ". ".join(product.tags),
        "options": ". ".join(options),
        "vendor": product.vendor or "",
        "category": product.category or "",
        "attributes": ". ".join(filter(None, map(attribute_text, product.attributes.values()))),
        "description": product.description or "",
    }
