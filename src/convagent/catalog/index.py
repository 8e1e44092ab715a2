"""An index over products: which ones share a text's words, slips of the pen mended."""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Mapping, MutableMapping
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.counting import TextCounting
from convagent.catalog.kept_parts import read_parts, write_parts
from convagent.catalog.moves import Moves
from convagent.catalog.noted_texts import NotedTexts, Pieces, WordCounts
from convagent.facts import Product
from convagent.search import LexicalIndex, Tokeniser

__all__ = ["FIELDS", "ProductIndex", "ProductIndexBuilder", "attribute_text"]

FIELDS = {"title": 4.0, "kind": 3.0, "tags": 2.0, "options": 1.5, "vendor": 1.0, "category": 1.0, "attributes": 1.0,
          "description": 1.0}  # fmt: skip
"""How much more a word counts in the shorter, more telling fields."""

_SHORT = ("kind", "tags", "options", "vendor", "category")

_KEPT_VALUES = 50_000
"""Values of attributes that are remembered while products are read."""

_FILLERS_LIST = """
look looking show find search searching buy buying purchase recommend recommendation recommendations suggest
suggestion suggestions anything something stuff product products item items option options available sell selling
stock shop store best good nice great help advice interested prefer ideally maybe suche suchen zeig zeigen zeige
kaufen empfehlen empfehlung produkt produkte artikel verfügbar cherche chercher montrez montrer acheter produit
produits article articles recommander disponible
"""
_FILLERS = frozenset(_FILLERS_LIST.split())
_WORD = re.compile(r"[^\W\d_]+")
_REMEMBERED = 8_192
"""Words whose mended form is kept."""
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
        self._counting = TextCounting()
        self._telling: dict[str, int] = {}
        self._counted = WordCounts()
        self._pieces = Pieces(self.tokeniser)
        # Words, kinds, tags, brands, options and attributes come again and again.
        self._words = NotedTexts(partial(self._piece, FIELDS["description"]))
        self._title_words = NotedTexts(partial(self._piece, FIELDS["title"]), most=_KEPT_VALUES)
        self._title_pairs = NotedTexts(self._title_pair, most=_KEPT_VALUES)
        self._short = {field: NotedTexts(partial(self._whole, FIELDS[field])) for field in _SHORT}
        self._attributes = NotedTexts(self._attribute, most=_KEPT_VALUES)
        self._listed = NotedTexts(partial(self._whole, FIELDS["attributes"]))

    def add(self, product: Product) -> None:
        """The next product."""
        add, short = self._counting.add, self._short
        pieces = self.tokeniser.pieces(product.title)
        add(self._title(pieces))
        telling = self._telling
        for word in set(self._pieces.words_of(pieces)):
            telling[word] = telling.get(word, 0) + 1
        if product.kind:
            add((short["kind"].one(product.kind),))
        if product.tags:
            add(short["tags"].of(product.tags))
        if options := dict.fromkeys(chain.from_iterable([variant.options.values() for variant in product.variants])):
            add(short["options"].of(options))
        if product.vendor:
            add((short["vendor"].one(product.vendor),))
        if product.category:
            add((short["category"].one(product.category),))
        if product.attributes:
            texts = [each for each in product.attributes.values() if isinstance(each, str)]
            add(self._attributes.of(texts))
            if len(texts) < len(product.attributes):
                others = (each for each in product.attributes.values() if not isinstance(each, str))
                add([self._listed.one(attribute_text(each)) for each in others])
        if product.description:
            add(self._words.of(self.tokeniser.pieces(product.description)))
        self._counting.end()

    def _title(self, pieces: list[str]) -> list[int]:
        """A title, which is no other product's, as texts that are: its pieces, and its pairs of neighbours."""
        pairs = [f"{one} {next_}" for one, next_ in pairwise(self._pieces.terms_of(pieces))]
        return self._title_words.of_new(pieces) + self._title_pairs.of_new(pairs)

    def _title_pair(self, pair: str) -> int:
        self._counted.text(())
        return self._counting.text((pair,), FIELDS["title"])

    def _piece(self, weight: float, piece: str) -> int:
        """A piece of a text by itself, without its neighbours."""
        self._counted.text(self._pieces.words_of((piece,)))
        return self._counting.text(self._pieces.terms_of((piece,)), weight)

    def _text(self, pieces: list[str], weight: float) -> int:
        """The pieces of a text, with their pairs of neighbours."""
        self._counted.text(self._pieces.words_of(pieces))
        return self._counting.text(self._pieces.terms(pieces), weight)

    def _whole(self, weight: float, text: str) -> int:
        """A short text, with its pairs of neighbours."""
        return self._text(self.tokeniser.pieces(text), weight)

    def _attribute(self, value: str) -> int:
        """Likewise the value of an attribute, if it is words."""
        return self._whole(FIELDS["attributes"], attribute_text(value))

    def done(self, *, beside: ProductIndex | None = None) -> ProductIndex:
        """The index.

        Args:
            beside: One over other products of the same catalog, whose words are no slips of the pen here.
        """
        times = self._counting.times()
        for texts in self._short.values():
            for text, number in texts.numbers.items():
                for word in set(self.tokeniser.words(text)):
                    self._telling[word] = self._telling.get(word, 0) + int(times[number])
        telling = {word: times for word, times in sorted(self._telling.items()) if len(word) > 2 and word.isalpha()}
        lexical = LexicalIndex(self._counting.done(), tokeniser=self.tokeniser)
        lexical.make_lean()
        # Only words of letters are ever mended, so that numbers need not be known.
        words = {word: count for word, count in self._counted.done(times) if _WORD.fullmatch(word)}
        made = ProductIndex(lexical, words, telling)
        return made if beside is None else made.knowing(beside)


class ProductIndex:
    """A lexical index over products, and the words that they are made of.

    Args:
        lexical: The products' terms, by their number.
        words: Every word of letters of their texts, and how often it stands there.
        telling: The words of titles, kinds, tags, brands and options, and how often each stands there.
        beside: An index whose words are known, too.
    """

    def __init__(
        self,
        lexical: LexicalIndex,
        words: Mapping[str, int],
        telling: MutableMapping[str, int],
        *,
        beside: ProductIndex | None = None,
    ) -> None:
        self._lexical = lexical
        self.tokeniser = lexical.tokeniser
        self._words, self._telling, self._beside = words, telling, beside
        self._recent: dict[tuple[str, bool], str] = {}
        self._by_length: dict[tuple[int, int], tuple[str, ...]] = {}

    def save(self, folder: Path) -> None:
        """Writes the index, without one beside, into a folder, which is made if need be.

        Raises:
            OSError: It can't be written.
        """
        self._lexical.save(folder / "terms")
        write_parts(folder, {}, {"words": dict(self._words), "telling": dict(self._telling)})

    @classmethod
    def load(cls, folder: Path) -> ProductIndex:
        """What `save` wrote, memory-mapped.

        Raises:
            ConvagentError: It is damaged (`index-unreadable`).
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        told = read_parts(folder).told
        return cls(LexicalIndex.load(folder / "terms"), told["words"], told["telling"])

    def renewed(self, moves: Moves, added: ProductIndex, gone: ProductIndex) -> ProductIndex:
        """The index over the products that are kept and new ones: what indexing all of them gives.

        Args:
            moves: Where the products stand.
            added: The index over the new ones.
            gone: The index over those that are kept no longer.
        """
        lexical = self._lexical.renewed(moves.places.tolist(), added._lexical.counts)
        if bool((np.diff(moves.places[moves.places >= 0]) < 0).any()):  # else it is lean already
            lexical.make_lean()
        telling = _balance(self._telling, added._telling, gone._telling)
        return ProductIndex(lexical, _balance(self._words, added._words, gone._words), dict(sorted(telling.items())))

    @property
    def lexical(self) -> LexicalIndex:
        """The products' terms, by their number."""
        return self._lexical

    def knowing(self, other: ProductIndex) -> ProductIndex:
        """The same index, with the words of another besides its own; nothing is copied, however many there are."""
        return ProductIndex(self._lexical, self._words, ChainMap(self._telling, other._telling), beside=other)

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
        return _WORD.sub(lambda match: self._remembered(match[0], inflected=True), text)

    def mended_names(self, text: str) -> str:
        """Likewise, for comparing with titles: words that the catalog has in another inflection only are mended too.

        Args:
            text: A customer's words.
        """
        return _WORD.sub(lambda match: self._remembered(match[0], inflected=False), text)

    def _remembered(self, word: str, *, inflected: bool) -> str:
        """`_mend`; messages have many words in common."""
        key = word, inflected
        found = self._recent.get(key)
        if found is None:
            found = self._mend(word, inflected=inflected)
            if len(self._recent) >= _REMEMBERED:
                self._recent = {}
            self._recent[key] = found
        return found

    def _mend(self, word: str, *, inflected: bool) -> str:
        """The nearest word of the catalog; `inflected` leaves alone what is a form of one of its words."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        wrong = word.casefold()
        if len(wrong) < 3 or self.knows(wrong) or wrong in _FILLERS:
            return word
        terms = self.tokeniser.terms(wrong)
        if not terms or (inflected and all(self._lexical.has(term) for term in terms)):
            return word
        slips = 2 if len(wrong) > 7 else 1
        near = extract(wrong, self._choices(len(wrong), slips), scorer=OSA.distance, score_cutoff=slips, limit=20)
        if not near:
            return word
        return str(min(near, key=lambda match: self._unlikeliness(wrong, match[0], match[1]))[0])

    def knows(self, word: str) -> bool:
        """Whether a product, also one of the index beside, has this word of letters, in lower case."""
        return word in self._words or (self._beside is not None and self._beside.knows(word))

    def _choices(self, length: int, slips: int) -> tuple[str, ...]:
        """The telling words that so many slips may make a word of a length of, those of the index beside first."""
        found = self._by_length.get((length, slips))
        if found is None:  # two threads may both make it; they make the same
            found = tuple(word for word in self._telling if abs(len(word) - length) <= slips)
            if found:  # words of any length may be asked for
                self._by_length[length, slips] = found
        return found

    def _unlikeliness(self, wrong: str, right: str, distance: float) -> tuple[float, bool, bool, int, str]:
        """The least one is what was meant: letters that changed places, the right first letter, a frequent word."""
        return distance, sorted(wrong) != sorted(right), wrong[0] != right[0], -self._telling[right], right

    def _without_fillers(self, text: str) -> str:
        return _WORD.sub(lambda match: " " if match[0].casefold() in _FILLERS else match[0], text)


def _balance(before: Mapping[str, int], added: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    """How often words come, when some were added and some are gone."""
    found = Counter(dict(before))
    found.update(added)
    found.subtract(gone)
    return {word: count for word, count in found.items() if count}
