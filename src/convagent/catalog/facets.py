"""What can be demanded of variants, in columns: price, stock, sizes, colours. One look over them all is a few operations."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.choosing import (
    ColoursSaid,
    colours_of,
    colours_said,
    is_colour_option,
    is_reduced,
    is_size_option,
)
from convagent.catalog.constraints import Constraints, Vocabulary
from convagent.catalog.kept_own_fields import load_own_fields, save_own_fields
from convagent.catalog.kept_parts import joined_rows, read_parts, rows_apart, write_parts
from convagent.catalog.moves import Moves
from convagent.catalog.own_fields.collecting import own_vocabulary
from convagent.catalog.own_fields.columns import OwnFields, OwnFieldsBuilder
from convagent.catalog.postings import PostingsBuilder
from convagent.catalog.reading_traits import TraitsBuilder
from convagent.catalog.sizes import plain_size, same_size, size_key
from convagent.catalog.traits import Traits
from convagent.facts import Money, Product, Variant
from convagent.search import base_language

__all__ = ["Facets", "FacetsBuilder", "vocabulary_of"]


_Options: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values of a variant's options."""

_REMEMBERED = 50_000
"""Combinations of options that are remembered while products are read."""


class Facets:
    """The columns of a catalog's variants. Price and stock can be set while others read.

    Attributes:
        starts: For each product where its variants begin; one more number at the end.
        option_values: Every name and value of an option that there is.
        traits: What the products are by their attributes.
        own: What they say in the shop's own fields.
    """

    def __init__(
        self, *, starts: NDArray[np.int64], prices: NDArray[np.int64],
        currencies: NDArray[np.int8], currency_codes: dict[str, int], available: NDArray[np.bool_], reduced: NDArray[np.bool_],
        active: NDArray[np.bool_], sizes: dict[str, NDArray[np.int32]], asked: dict[str, NDArray[np.int32]],
        refused: dict[str, NDArray[np.int32]], option_values: frozenset[tuple[str, str]], traits: Traits,
        own: OwnFields,
    ) -> None:  # fmt: skip
        self.traits, self.own = traits, own
        self.starts, self.option_values = starts, option_values
        self._prices, self._currencies, self._codes = prices, currencies, currency_codes
        self._available, self._active, self._reduced = available, active, reduced
        self._sizes, self._asked, self._refused = sizes, asked, refused
        self._by_plain_size: dict[str, list[str]] = defaultdict(list)
        for value in sizes:
            for key in {size_key(value), plain_size(value)}:
                self._by_plain_size[key].append(value)

    def save(self, folder: Path) -> None:
        """Writes the columns into a folder, which is made if need be.

        Raises:
            OSError: It can't be written.
        """
        sizes, size_names = joined_rows(self._sizes, "sizes")
        asked, asked_names = joined_rows(self._asked, "asked")
        refused, refused_names = joined_rows(self._refused, "refused")
        write_parts(
            folder,
            {"starts": self.starts, "prices": self._prices, "currencies": self._currencies, "available": self._available,
             "active": self._active, "reduced": self._reduced, **sizes, **asked, **refused},
            {"codes": self._codes, "sizes": size_names, "asked": asked_names, "refused": refused_names,
             "options": sorted(self.option_values)},
        )  # fmt: skip
        self.traits.save(folder / "traits")
        save_own_fields(self.own, folder / "own")

    @classmethod
    def load(cls, folder: Path) -> Facets:
        """What `save` wrote, memory-mapped; what is set later isn't kept.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        arrays, told = read_parts(folder)
        return cls(
            starts=arrays["starts"], prices=arrays["prices"], currencies=arrays["currencies"], currency_codes=told["codes"],
            available=arrays["available"], reduced=arrays["reduced"], active=arrays["active"],
            sizes=rows_apart(arrays, "sizes", told["sizes"]), asked=rows_apart(arrays, "asked", told["asked"]),
            refused=rows_apart(arrays, "refused", told["refused"]),
            option_values=frozenset((name, value) for name, value in told["options"]),
            traits=Traits.load(folder / "traits"), own=load_own_fields(folder / "own"),
        )  # fmt: skip

    def renewed(
        self, moves: Moves, added: Facets, *, own: OwnFields, option_values: frozenset[tuple[str, str]]
    ) -> Facets:
        """The columns of the products that are kept and of new ones.

        Args:
            moves: Where the products stand.
            added: The columns of the new ones.
            own: What all of them say in the shop's own fields.
            option_values: Every name and value of an option that there is now.
        """
        starts, variants = moves.variants(self.starts, added.starts)
        codes = {code: place for place, code in enumerate(dict.fromkeys((*self._codes, *added._codes)))}
        renumbered = np.array([codes[code] for code in (*self._codes, *added._codes)], dtype=np.int8)
        currencies = renumbered[variants.joined(self._currencies, added._currencies + np.int8(len(self._codes)))]
        used = np.bincount(currencies, minlength=len(codes))
        still = {code: place for place, code in enumerate(code for code in codes if used[codes[code]])}
        places = np.array([still.get(code, 0) for code in codes], dtype=np.int8)
        return Facets(
            starts=starts, prices=variants.joined(self._prices, added._prices), currencies=places[currencies],
            currency_codes=still, available=variants.joined(self._available, added._available),
            reduced=variants.joined(self._reduced, added._reduced), active=moves.joined(self._active, added._active),
            sizes=variants.rows(self._sizes, added._sizes), asked=variants.rows(self._asked, added._asked),
            refused=variants.rows(self._refused, added._refused), option_values=option_values,
            traits=self.traits.renewed(moves, added.traits), own=own,
        )  # fmt: skip

    def products_with(self, option: str) -> Iterator[int]:
        """The products of which a variant has a value in one of its options, some perhaps twice.

        Args:
            option: The value, in the shop's spelling.
        """
        for row in self._sizes.get(option, ()):
            yield self.product_of(row)

    def usual_currency(self) -> str | None:
        """The currency of most prices, the alphabetically first among equals; None without prices."""
        counts = np.bincount(self._currencies, minlength=len(self._codes)) if len(self._currencies) else ()
        found = {code: int(counts[place]) for code, place in self._codes.items()} if len(counts) else {}
        return min(found, key=lambda code: (-found[code], code), default=None)

    def product_of(self, variant: int) -> int:
        """The number of a variant's product."""
        return int(self.starts.searchsorted(variant, "right")) - 1

    def has_currencies(self, product: Product) -> bool:
        """Whether prices in a product's currencies stood in the columns from the first, so that it can be set in place."""
        return all(variant.price.currency in self._codes for variant in product.variants)

    def set_price(self, variant: int, price: Money, *, reduced: bool) -> None:
        """Sets the price of a variant, in a currency of `has_currencies`, and whether it is less than it used to be."""
        self._prices[variant], self._currencies[variant] = price.minor, self._codes[price.currency]
        self._reduced[variant] = reduced

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
        if constraints.reduced:
            masks.append(self._reduced)
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
        # Variants that pass, counted up to each product's first and last: seven times as fast as marking each one's product.
        before = np.zeros(len(variants) + 1, dtype=np.int32)
        np.cumsum(variants, out=before[1:])
        found: NDArray[np.bool_] = before[self.starts[1:]] > before[self.starts[:-1]]
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
        mask = np.zeros(len(self._available), dtype=np.bool_)
        for value in values:
            if value in postings:
                mask[postings[value]] = True
        return mask


class FacetsBuilder:
    """Collects variants for `Facets`, product by product.

    Args:
        language: Language of the products' texts.
    """

    def __init__(self, *, language: str = "en") -> None:
        self._traits, self._own = TraitsBuilder(language=language), OwnFieldsBuilder()
        self._starts = array("q", [0])
        self._prices, self._currencies, self._available, self._active = array("q"), array("b"), array("b"), array("b")
        self._reduced = array("b")
        self._codes: dict[str, int] = {}
        self._postings = PostingsBuilder()
        self._option_values: set[tuple[str, str]] = set()
        self._alike: dict[_Options | tuple[_Options, ColoursSaid], int] = {}
        self._said: tuple[Product, ColoursSaid] | None = None

    def add(self, product: Product) -> None:
        """The next product."""
        chosen = [tuple(variant.options.items()) for variant in product.variants]
        self._traits.add(product)
        self._own.add(product, chosen)
        self._active.append(product.status == "active")
        prices, currencies, available, reduced, note = (
            self._prices.append, self._currencies.append, self._available.append, self._reduced.append, self._postings.add,
        )  # fmt: skip
        codes, alike = self._codes, self._alike
        for variant, options in zip(product.variants, chosen, strict=True):
            price = variant.price
            prices(price.minor)
            currencies(codes.setdefault(price.currency, len(codes)))
            available(variant.available is True)
            reduced(variant.compare_at is not None and is_reduced(variant))
            values = alike.get(options)
            note(self._values(product, variant, options) if values is None else values)
        self._starts.append(self._starts[-1] + len(product.variants))

    def _values(self, product: Product, variant: Variant, options: _Options) -> int:
        """What a variant is noted under: the values of its options, and the colours that it is found by and refused for."""
        # With an option for colours, whatever else the product says of colours doesn't count.
        coloured = any(is_colour_option(name) for name, _ in options)
        said = None if coloured else self._colours_said(product)
        key = options if said is None else (options, said)
        found = self._alike.get(key)
        if found is None:
            self._option_values.update((name, value) for name, value in options if _telling(name))
            asked, refused = colours_of(product, variant, said=said)
            found = self._postings.values(
                (*(("sizes", value) for _, value in options), *(("asked", each) for each in asked),
                 *(("refused", each) for each in refused))
            )  # fmt: skip
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            self._alike[key] = found
        return found

    def _colours_said(self, product: Product) -> ColoursSaid:
        """What a product's texts say of colours; its variants, which come one after the other, share it."""
        if self._said is None or self._said[0] is not product:
            self._said = product, colours_said(product)
        return self._said[1]

    def done(self) -> Facets:
        """The columns."""
        postings = self._postings.done()
        return Facets(
            starts=np.array(self._starts, dtype=np.int64),
            prices=np.array(self._prices, dtype=np.int64),
            currencies=np.array(self._currencies, dtype=np.int8),
            currency_codes=self._codes,
            available=np.array(self._available, dtype=np.bool_),
            reduced=np.array(self._reduced, dtype=np.bool_),
            active=np.array(self._active, dtype=np.bool_),
            sizes=postings.get("sizes", {}),
            asked=postings.get("asked", {}),
            refused=postings.get("refused", {}),
            option_values=frozenset(self._option_values),
            traits=self._traits.done(),
            own=self._own.done(),
        )


@lru_cache(maxsize=1_000)
def _telling(name: str) -> bool:
    return is_size_option(name) or is_colour_option(name)


def vocabulary_of(facets: Iterable[Facets], *, currency: str, language: str = "en") -> Vocabulary:
    """What a catalog calls its sizes, its colours and its own fields.

    Args:
        facets: The columns of its products.
        currency: What a bare number of a price means.
        language: Of the products' texts.
    """
    columns = tuple(facets)
    options = frozenset().union(*(each.option_values for each in columns))
    return Vocabulary(
        currency=currency,
        sizes=frozenset(value for name, value in options if is_size_option(name)),
        colours=frozenset(value for name, value in options if is_colour_option(name)),
        own=own_vocabulary(
            (each.own for each in columns),
            language=base_language(language),
            measured=frozenset().union(*(each.traits.measured for each in columns)),
        ),
    )
