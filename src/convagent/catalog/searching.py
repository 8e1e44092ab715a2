"""The part of a catalog that is searched: words and wishes in, the products that fit them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convagent.catalog.constraints import Vocabulary
from convagent.catalog.contents import Contents
from convagent.catalog.facets import vocabulary_of
from convagent.catalog.hits import ProductHit
from convagent.catalog.segment import Segment
from convagent.errors import CatalogError

if TYPE_CHECKING:
    from convagent.catalog.find import Finder
    from convagent.catalog.wishes.found import Found
    from convagent.catalog.wishes.model import Wish

__all__ = ["Searching"]


class Searching:
    """Products that can be searched. What is made for it is kept until they change.

    Attributes:
        currency: The currency of most prices, which bare numbers in a search mean.
        language: Language of the products' texts.

    Args:
        contents: The products.
        currency: See above.
        language: See above.
    """

    def __init__(self, contents: Contents, *, currency: str, language: str) -> None:
        self.currency = currency
        self.language = language
        self._contents = contents
        self._vocabulary: tuple[tuple[Segment, ...], Vocabulary] | None = None
        self._finder: tuple[tuple[Segment, ...], Finder] | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        """What this catalog calls its sizes and colours."""
        segments, kept = self._contents.segments, self._vocabulary
        if kept is None or kept[0] is not segments or kept[1].currency != self.currency:
            made = vocabulary_of(
                [segment.facets for segment in segments], currency=self.currency, language=self.language
            )
            kept = self._vocabulary = segments, made
        return kept[1]

    def search(self, text: str, k: int = 10, *, in_stock_only: bool = True) -> tuple[ProductHit, ...]:
        """The products that fit a customer's words, best first.

        Prices, sizes, colours and "in stock" are read from the text and must hold. Products that the text names by SKU,
        handle or title come first; the others follow by the words that they share with it, slips of the pen mended. "The
        cheapest" puts the lowest prices first.

        Args:
            text: A customer's words; the first 1,000 characters are looked at.
            k: How many at most, from 1.
            in_stock_only: Whether only active products with a variant that can be bought now are found.

        Returns:
            The hits; of equal scores the earlier product of the catalog comes first. None for a text that asks for
            nothing.

        Raises:
            CatalogError: `k` is below 1 (`search-k`).
        """
        _check_k(k)
        finder = self._current_finder()
        asked = finder.asked(text)
        return () if asked.is_empty else finder.in_order(asked, k=k, in_stock_only=in_stock_only)

    def find(
        self, wish: Wish | str, *, k: int = 10, in_stock_only: bool = True, language: str | None = None,
        only_kind: bool = False,
    ) -> Found:  # fmt: skip
        """The products that fit a wish, with what was understood; when none passes, which demand to give up.

        Whatever the wish demands holds for every hit: price, size, colour, materials, measures, what must not be in it,
        allergens declared absent, ages. What it would best be ranks. See `Wish`.

        Args:
            wish: What is wished for, or a shopper's words in English, German or French; their first 1,000 characters are
                looked at.
            k: How many hits at most, from 1; likewise for each demand given up.
            in_stock_only: Whether only active products with a variant that can be bought now are found.
            language: Language of the words; None to find out.
            only_kind: Whether nothing of another kind than the one that is looked for is found, where the catalog has it.

        Returns:
            The hits, the wish, and when nothing passed what giving up one demand would find, the one that people give up
            most easily first. Ages and allergens are never given up.

        Raises:
            CatalogError: `k` is below 1 (`search-k`).
        """
        _check_k(k)
        from convagent.catalog.giving_up import find

        finder = self._current_finder()
        return find(
            finder, finder.asked(wish, language=language), k=k, in_stock_only=in_stock_only, only_kind=only_kind
        )

    def read_wish(self, text: str, *, language: str | None = None) -> Wish:
        """What a shopper's words ask for, nothing looked up but the names in them.

        Args:
            text: Words in English, German or French; the first 1,000 characters are looked at.
            language: Their language; None to find out.
        """
        return self._current_finder().asked(text, language=language).wish

    def _current_finder(self) -> Finder:
        from convagent.catalog.find import Finder

        segments, made = self._contents.segments, self._finder
        if made is None or made[0] is not segments:
            made = self._finder = segments, Finder(segments, vocabulary=self.vocabulary, language=self.language)
        return made[1]


def _check_k(k: int) -> None:
    if k < 1:
        raise CatalogError(f"a search finds at least 1 product, not {k}", code="search-k", remedy="Ask for 1 or more.")
