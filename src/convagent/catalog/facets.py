"""What can be demanded of variants, in columns: price, stock, sizes, colours. One look over them all is a few operations."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.choosing import colours_of, is_colour_option, is_size_option
from convagent.catalog.constraints import Constraints
from convagent.catalog.sizes import plain_size, same_size, size_key
from convagent.facts import Money, Product, Variant

__all__ = ["Facets", "FacetsBuilder"]


class Facets:
    """The columns of a catalog's variants. Price and stock can be set while others read.

    Attributes:
        products: For each variant the number of its product, ascending.
        starts: For each product where its variants begin; one more number at the end.
        option_values: Every name and value of an option that there is.
    """

    def __init__(
        self, *, products: NDArray[np.int32], starts: NDArray[np.int64], prices: NDArray[np.int64],
        currencies: NDArray[np.int8], currency_codes: dict[str, int], available: NDArray[np.bool_],
        active: NDArray[np.bool_], sizes: dict[str, NDArray[np.int32]], asked: dict[str, NDArray[np.int32]],
        refused: dict[str, NDArray[np.int32]], option_values: frozenset[tuple[str, str]],
    ) -> None:  # fmt: skip
        self.products, self.starts, self.option_values = products, starts, option_values
        self._prices, self._currencies, self._codes = prices, currencies, currency_codes
        self._available, self._active = available, active
        self._sizes, self._asked, self._refused = sizes, asked, refused
        self._by_plain_size: dict[str, list[str]] = defaultdict(list)
        for value in sizes:
            for key in {size_key(value), plain_size(value)}:
                self._by_plain_size[key].append(value)

    def usual_currency(self) -> str | None:
        """The currency of most prices, the alphabetically first among equals; None without prices."""
        counts = np.bincount(self._currencies, minlength=len(self._codes)) if len(self._currencies) else ()
        found = {code: int(counts[place]) for code, place in self._codes.items()} if len(counts) else {}
        return min(found, key=lambda code: (-found[code], code), default=None)

    def has_currencies(self, product: Product) -> bool:
        """Whether prices in a product's currencies stood in the columns from the first, so that it can be set in place."""
        return all(variant.price.currency in self._codes for variant in product.variants)

    def set_price(self, variant: int, price: Money) -> None:
        """Sets the price of a variant, in a currency of `has_currencies`."""
        self._prices[variant], self._currencies[variant] = price.minor, self._codes[price.currency]

    def set_available(self, variant: int, *, available: bool) -> None:
        """Sets whether a variant can be bought."""
        self._available[variant] = available

    def set_active(self, product: int, *, active: bool) -> None:
        """Sets whether a product is sold at all."""
        self._active[product] = active

    def meeting(self, constraints: Constraints, *, only_buyable: bool) -> NDArray[np.bool_] | None:
        """Which products have a variant that may meet all demands at once; None where every one may.

        What passes is looked at once more by its own words (`choose_variant`); what doesn't pass meets them never.

        Args:
            constraints: What is demanded.
            only_buyable: Whether it must be one that can be bought now.
        """
        masks: list[NDArray[np.bool_]] = []
        if only_buyable or constraints.in_stock:
            masks.append(self._available)
        for bound, low in ((constraints.at_least, True), (constraints.at_most, False)):
            if bound is not None:
                held = self._prices >= bound.minor if low else self._prices <= bound.minor
                masks.append(held & (self._currencies == self._codes.get(bound.currency, -1)))
        if constraints.sizes:
            masks.append(self._rows(self._sizes, self._size_values(constraints.sizes)))
        if constraints.colours:
            masks.append(self._rows(self._asked, constraints.colours))
        if constraints.without_colours:
            masks.append(~self._rows(self._refused, constraints.without_colours))
        if not masks:
            return None
        variants = masks[0] if len(masks) == 1 else np.logical_and.reduce(masks)
        found = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        found[self.products[variants]] = True
        if only_buyable:
            found &= self._active
        elif constraints == Constraints():
            return None
        return found

    def _size_values(self, wanted: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for size in wanted:
            near = {value for key in {size_key(size), plain_size(size)} for value in self._by_plain_size.get(key, ())}
            found.update(value for value in near if same_size(size, value))
        return found

    def _rows(self, postings: dict[str, NDArray[np.int32]], values: Iterable[str]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.products), dtype=np.bool_)
        for value in values:
            if value in postings:
                mask[postings[value]] = True
        return mask


class FacetsBuilder:
    """Collects variants for `Facets`, product by product."""

    def __init__(self) -> None:
        self._products, self._starts = array("i"), array("q", [0])
        self._prices, self._currencies, self._available, self._active = array("q"), array("b"), array("b"), array("b")
        self._codes: dict[str, int] = {}
        self._sizes: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._asked: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._refused: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._option_values: set[tuple[str, str]] = set()

    def add(self, product: Product) -> None:
        """The next product."""
        number = len(self._active)
        self._active.append(product.status == "active")
        for variant in product.variants:
            row = len(self._products)
            self._products.append(number)
            self._prices.append(variant.price.minor)
            self._currencies.append(self._codes.setdefault(variant.price.currency, len(self._codes)))
            self._available.append(bool(variant.available))
            self._options(product, variant, row)
        self._starts.append(len(self._products))

    def _options(self, product: Product, variant: Variant, row: int) -> None:
        for name, value in variant.options.items():
            self._sizes[value].append(row)
            if _telling(name):
                self._option_values.add((name, value))
        asked, refused = colours_of(product, variant)
        for colour in asked:
            self._asked[colour].append(row)
        for colour in refused:
            self._refused[colour].append(row)

    def done(self) -> Facets:
        """The columns."""

        def whole(postings: dict[str, array[int]]) -> dict[str, NDArray[np.int32]]:
            return {value: np.array(rows, dtype=np.int32) for value, rows in postings.items()}

        return Facets(
            products=np.array(self._products, dtype=np.int32),
            starts=np.array(self._starts, dtype=np.int64),
            prices=np.array(self._prices, dtype=np.int64),
            currencies=np.array(self._currencies, dtype=np.int8),
            currency_codes=self._codes,
            available=np.array(self._available, dtype=np.bool_),
            active=np.array(self._active, dtype=np.bool_),
            sizes=whole(self._sizes),
            asked=whole(self._asked),
            refused=whole(self._refused),
            option_values=frozenset(self._option_values),
        )


@lru_cache(maxsize=1_000)
def _telling(name: str) -> bool:
    return is_size_option(name) or is_colour_option(name)
