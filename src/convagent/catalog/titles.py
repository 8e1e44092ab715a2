"""Names of products in a customer's words: titles, handles and SKUs, with near-identical titles kept apart."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.former_names import former_names, model_numbers
from convagent.catalog.kept_parts import read_parts, write_parts
from convagent.catalog.keys import KeyTable, KeyTableBuilder
from convagent.catalog.moves import Moves
from convagent.facts import Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.facets import Facets

__all__ = ["NamedProduct", "ProductNames", "ProductNamesBuilder", "name_words"]

_WORD = re.compile(r"[^\W_]+|\+")
_CODE = re.compile(r"[^\W_][^\s,;:!?()\"'/]*")
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une"))
_COMMON = frozenset(
    ("it", "you", "this", "that", "one", "all", "more", "new", "the", "her", "his", "set", "kit", "gift", "box")
)
_LONGEST = 16
_TABLES = ("skus", "handles", "titles", "together")


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product that a text names.

    Args:
        number: The product's place in the catalog, from 0.
        start: Where its name begins in the text.
        end: Where it ends.
        by: `sku`, `handle` or `title`.
        whole: Whether the text says nothing else.
        words: How many words of the text the name takes.
        variant_id: The variant, when a SKU names it.
    """

    number: int
    start: int
    end: int
    by: str
    whole: bool
    words: int = 1
    variant_id: str | None = None


def name_words(text: str) -> list[str]:
    """The words of a name for comparison: case, accents' composition and punctuation don't count, a "+" is "plus".

    Args:
        text: A title, a handle or part of a customer's message.
    """
    if text.isascii():
        return ["plus" if word == "+" else word for word in _WORD.findall(text.lower())]
    return [word for word, _, _ in _words(text)]


def _words(text: str) -> list[tuple[str, int, int]]:
    return [
        ("plus" if match[0] == "+" else unicodedata.normalize("NFKC", match[0]).casefold(), *match.span())
        for match in _WORD.finditer(text)
    ]


class ProductNamesBuilder:
    """Collects names for `ProductNames`, product by product."""

    def __init__(self) -> None:
        self._products = self._variants = 0
        self._most_words = array("B")
        self._skus, self._handles, self._titles, self._together = (KeyTableBuilder() for _ in range(4))

    def add(self, product: Product) -> None:
        """The next product."""
        number = self._products
        self._products += 1
        self._handles.add(_codes_of(product), number)
        self._skus.add_each([variant.sku for variant in product.variants], self._variants)
        self._variants += len(product.variants)
        names = _names(product)
        self._titles.add({" ".join(name) for name in names}, number)
        self._together.add({"".join(name) for name in names}, number)
        self._most_words.append(min(max(map(len, names), default=0), _LONGEST))

    def done(self, store: Sequence[Product], facets: Facets, alive: NDArray[np.bool_] | None = None) -> ProductNames:
        """The names.

        Args:
            store: The products that were added, in their order.
            facets: Their columns.
            alive: Which of them are still there; None for all.
        """
        tables = tuple(each.done() for each in (self._skus, self._handles, self._titles, self._together))
        return ProductNames(store, facets, tables, alive, longest=np.array(self._most_words, dtype=np.uint8))


class ProductNames:
    """Finds the products that a text names, or that a name or code stands for.

    A longer name hides the shorter ones within it: "Pip One S" names the Pip One S alone, not the Pip One. Names are
    also found when they are written without their spaces ("PipOne S") or without the article before them.

    Args:
        store: The catalog's products in their order.
        facets: Their columns.
        tables: Where SKUs (by variant), ids and handles, titles, and titles run together stand (by product).
        alive: Which of the products are still there; None for all.
        longest: Words in each product's longest name, 16 at most.
    """

    def __init__(
        self, store: Sequence[Product], facets: Facets, tables: tuple[KeyTable, ...], alive: NDArray[np.bool_] | None, *,
        longest: NDArray[np.uint8],
    ) -> None:  # fmt: skip
        self._store, self._facets, self._alive, self._words = store, facets, alive, longest
        self._longest = min(_LONGEST, int(longest.max(initial=0)) + 2)
        self._skus, self._handles, self._titles, self._together = tables

    def save(self, folder: Path) -> None:
        """Writes the names into a folder, which is made if need be.

        Raises:
            OSError: It can't be written.
        """
        tables = (self._skus, self._handles, self._titles, self._together)
        arrays = {
            f"{name}-{part}": array
            for name, table in zip(_TABLES, tables, strict=True)
            for part, array in zip(("hashes", "rows"), table.arrays, strict=True)
        }
        write_parts(folder, arrays | {"longest": self._words}, {})

    @classmethod
    def load(cls, folder: Path, *, store: Sequence[Product], facets: Facets, alive: NDArray[np.bool_]) -> ProductNames:
        """What `save` wrote, memory-mapped.

        Args:
            folder: Where it is.
            store: As for the class.
            facets: Likewise.
            alive: Likewise.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        arrays = read_parts(folder).arrays
        tables = tuple(KeyTable(arrays[f"{name}-hashes"], arrays[f"{name}-rows"]) for name in _TABLES)
        return cls(store, facets, tables, alive, longest=arrays["longest"])

    def renewed(
        self, moves: Moves, added: ProductNames, *, store: Sequence[Product], facets: Facets, alive: NDArray[np.bool_]
    ) -> ProductNames:
        """The names of the products that are kept and of new ones: what reading all of them gives.

        Args:
            moves: Where the products stand.
            added: The names of the new ones.
            store: All of them, in their order.
            facets: Their columns.
            alive: Which of them are still there.
        """
        _, variants = moves.variants(self._facets.starts, added._facets.starts)
        tables = (
            self._skus.renewed(variants, added._skus), self._handles.renewed(moves, added._handles),
            self._titles.renewed(moves, added._titles), self._together.renewed(moves, added._together),
        )  # fmt: skip
        return ProductNames(store, facets, tables, alive, longest=moves.joined(self._words, added._words))

    def by_key(self, key: str) -> tuple[int, Variant | None] | None:
        """The product with an id, handle or SKU, and the variant where it is a SKU; None where there is none.

        What is written just so comes before what differs in case; then ids come before handles, and those before SKUs: an id
        is never hidden by another product's handle or SKU.

        Args:
            key: An id, handle or SKU.
        """
        folded = key.casefold()
        products = [(number, self._store[number]) for number in self._living(self._handles, folded)]
        found = [(product.id, 0, number, None) for number, product in products]
        found += [(product.handle, 1, number, None) for number, product in products if product.handle]
        by_rank: list[tuple[tuple[bool, int], int, Variant | None]] = [
            ((own != key, rank), number, variant) for own, rank, number, variant in found if own.casefold() == folded
        ]
        by_rank += [((variant.sku != key, 2), number, variant) for number, variant in self._by_sku(folded)]
        return min(by_rank, key=lambda each: each[0])[1:] if by_rank else None

    def _by_sku(self, folded: str) -> Iterator[tuple[int, Variant]]:
        for row in self._skus.rows(folded):
            number = self._facets.product_of(row)
            if self._alive is not None and not self._alive[number]:
                continue
            variant = self._store[number].variants[row - int(self._facets.starts[number])]
            if variant.sku is not None and variant.sku.casefold() == folded:
                yield number, variant

    def _living(self, table: KeyTable, key: str) -> list[int]:
        """The products that may have a key and are still there."""
        return [number for number in table.rows(key) if self._alive is None or self._alive[number]]

    def _by_handle(self, folded: str) -> Iterator[int]:
        for number in self._living(self._handles, folded):
            product = self._store[number]
            if folded in _codes_of(product):
                yield number

    def _by_title(self, name: tuple[str, ...]) -> list[int]:
        """The products of this title; else those whose title it is when it is run together."""
        found = [number for number in self._living(self._titles, " ".join(name)) if name in _names(self._store[number])]
        if found:
            return found
        together = "".join(name)
        return [
            number
            for number in self._living(self._together, together)
            if together in {"".join(own) for own in _names(self._store[number])}
        ]

    def find(self, text: str) -> tuple[NamedProduct, ...]:
        """The products that a text names, in its order; several products with one title are all named by it.

        Args:
            text: A customer's words.
        """
        found = [*self._codes(text), *self._titled(text)]
        return tuple(
            named
            for named in found
            if not any(
                other is not named
                and other.start <= named.start
                and named.end <= other.end
                and (other.end - other.start) > (named.end - named.start)
                for other in found
            )
        )

    def _codes(self, text: str) -> Iterable[NamedProduct]:
        """SKUs and handles; in running text only such as can't be ordinary words or small numbers."""
        whole = text.strip()
        start = text.find(whole)
        seen: set[tuple[int, int]] = set()
        for code, at, alone in [
            (whole, start, True),
            *((match[0].rstrip("."), match.start(), False) for match in _CODE.finditer(text)),
        ]:
            key, span = code.casefold(), (at, at + len(code))
            if not key or span in seen:
                continue
            seen.add(span)  # a text of one code only is met twice, alone first
            sku = next(self._by_sku(key), None) if alone or _telling(key) else None
            if sku is not None:
                yield NamedProduct(sku[0], *span, by="sku", whole=alone, variant_id=sku[1].id)
                continue
            handle = next(self._by_handle(key), None) if alone or "-" in key else None
            if handle is not None:
                yield NamedProduct(handle, *span, by="handle", whole=alone)

    def _titled(self, text: str) -> Iterable[NamedProduct]:
        words = _words(text)
        plain = tuple([word for word, _, _ in words])
        spans = [
            (first, last)
            for first in range(len(words))
            for last in range(min(first + self._longest, len(words)), first, -1)
            if last - first > 1
            or len(words) == 1
            or (plain[first] not in _COMMON and len(plain[first]) > 2)
        ]  # fmt: skip
        names = [plain[first:last] for first, last in spans]
        met = self._titles.any_of([" ".join(name) for name in names])
        together = self._together.any_of(["".join(name) for name in names])
        named_from: set[int] = set()
        for (first, last), name, *there in zip(spans, names, met, together, strict=True):
            if first in named_from or not any(there):
                continue
            for number in self._by_title(name):
                named_from.add(first)
                yield NamedProduct(
                    number, words[first][1], words[last - 1][2], by="title",
                    whole=last - first == len(words), words=len(name),
                )  # fmt: skip


def _names(product: Product) -> set[tuple[str, ...]]:
    """Its title, with and without its article, and what it was called before."""
    title = tuple(name_words(product.title))
    former = former_names(product)
    if title and not former and title[0] not in _ARTICLES:
        return {title}
    names = {title, *(tuple(name_words(name)) for name in former)}
    names |= {words[1:] for words in names if len(words) > 2 and words[0] in _ARTICLES}
    return names - {()}


def _codes_of(product: Product) -> set[str]:
    """Id, handle and model numbers, in lower case."""
    return {key.casefold() for key in (product.id, product.handle, *model_numbers(product)) if key}


def _telling(code: str) -> bool:
    """Whether a code can't be an ordinary word or a small number."""
    digits = sum(character.isdigit() for character in code)
    if digits == len(code):
        return digits >= 5
    return len(code) >= 4 and (digits > 0 or "-" in code)
