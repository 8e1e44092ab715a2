"""Which products say what in the shop's own fields, in columns; one array of numbers for all values of all fields."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.choosing import is_colour_option
from convagent.catalog.own_fields.meeting import holds_of, says_anything
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.saying import own_field, own_option, values_of
from convagent.facts import Product
from convagent.search.counts import sorting

__all__ = ["COLOURED", "KIND", "MOST_VALUES", "OwnFields", "OwnFieldsBuilder", "OwnValue"]

Masks = NDArray[np.bool_]

COLOURED, KIND = "#colour", "#kind"
"""What is noted of products that have an option or a field for colours, which is read elsewhere, and of their kinds."""

MOST_VALUES = 5_000
"""Different values of one field; one with more is a text or a code, which words find."""

_LONG = 300
"""Characters from which on a text is no value, nor a list of some."""

_REMEMBERED = 50_000


class OwnValue(NamedTuple):
    """A value of a field.

    Args:
        field: The field's name.
        value: As the shop writes it; empty for prose, which says something nobody could name.
        of_variant: Whether variants say it, as options.
    """

    field: str
    value: str
    of_variant: bool


class OwnFields:
    """The columns; immutable.

    Args:
        count: How many products.
        values: Every value.
        rows: The products that say them, value by value.
        starts: Where the rows of each value begin; one more number at the end.
        signatures: For each kind of product and the fields that it says, how many products do.
    """

    def __init__(
        self, count: int, *, values: Sequence[OwnValue], rows: NDArray[np.int32], starts: NDArray[np.int64],
        signatures: Counter[tuple[str | None, tuple[str, ...]]],
    ) -> None:  # fmt: skip
        self.count, self.values, self.rows, self.starts = count, tuple(values), rows, starts
        self.signatures = signatures
        self._of_field: dict[str, list[int]] = {}
        for number, value in enumerate(self.values):
            self._of_field.setdefault(value.field, []).append(number)
        # Masks of large catalogs take some memory: those of the last few questions are kept.
        self._kept = lru_cache(maxsize=16)(self._masks)
        self._kinds = {each.value: number for number, each in enumerate(self.values) if each.field == KIND}

    def times(self, number: int) -> int:
        """How many products say the value of this number."""
        return int(self.starts[number + 1] - self.starts[number])

    def of_kinds(self, kinds: Iterable[str]) -> Masks:
        """The products of these kinds.

        Args:
            kinds: As the shop writes them.
        """
        found = np.zeros(self.count, dtype=np.bool_)
        for kind in kinds:
            number = self._kinds.get(kind)
            if number is not None:
                found[self.rows[self.starts[number] : self.starts[number + 1]]] = True
        return found

    def meeting(self, demand: FieldDemand) -> tuple[Masks, Masks]:
        """The products that may meet a demand by what they say, and those that say nothing of it.

        Of what variants say it is only known that some variant does.

        Args:
            demand: What is demanded.
        """
        return self._kept(demand)

    def _masks(self, demand: FieldDemand) -> tuple[Masks, Masks]:
        said = np.zeros(self.count, dtype=np.bool_)
        held = np.zeros(self.count, dtype=np.bool_)
        for name in demand.fields:
            for number in self._of_field.get(name, ()):
                rows = self.rows[self.starts[number] : self.starts[number + 1]]
                said[rows] = True
                value = self.values[number]
                if demand.refused and value.of_variant:
                    continue  # another variant may not have it
                if value.value and (
                    holds_of(demand, (value.value,))
                    or (demand.values and not demand.refused and says_anything(value.value))
                ):
                    held[rows] = True
        return (said & ~held if demand.refused else held), ~said


class OwnFieldsBuilder:
    """Collects products for `OwnFields`, one by one."""

    def __init__(self) -> None:
        self._known: dict[OwnValue, int] = {}
        self._of_field: Counter[tuple[str, bool]] = Counter()
        self._again: dict[tuple[str, str], tuple[int, ...]] = {}
        self._options_again: dict[tuple[tuple[str, str], ...], tuple[int, ...]] = {}
        self._names_again: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._fields: list[str] = []
        self._numbers, self._ends = array("i"), array("q", [0])
        self._signatures: Counter[tuple[str | None, tuple[str, ...]]] = Counter()

    def add(self, product: Product, chosen: Sequence[tuple[tuple[str, str], ...]]) -> None:
        """The next product.

        Args:
            product: The product.
            chosen: The options of each of its variants, with their values.
        """
        # What many products share is read once: a value of a field, and a variant's options together.
        found: set[int] = set()
        again, options_again = self._again, self._options_again
        extra = product.model_extra
        for name, value in chain(product.attributes.items(), extra.items()) if extra else product.attributes.items():
            numbers = again.get((name, value)) if type(value) is str else None
            if numbers is None:
                numbers = self._read_field(name, value)
            if numbers:
                found.update(numbers)
        for options in chosen:
            numbers = options_again.get(options)
            if numbers is None:
                numbers = self._read_options(options)
            if numbers:
                found.update(numbers)
        numbers = tuple(sorted(found))
        names = self._names_again.get(numbers)
        if names is None:
            if len(self._names_again) >= _REMEMBERED:
                self._names_again.clear()
            names = self._names_again[numbers] = tuple(dict.fromkeys(map(self._fields.__getitem__, numbers)))
        self._signatures[product.kind, names] += 1
        self._numbers.extend(numbers)
        if product.kind:
            self._numbers.append(self._number(OwnValue(KIND, product.kind, False)))
        self._ends.append(len(self._numbers))

    def _read_field(self, name: str, value: Any) -> tuple[int, ...]:
        """The numbers of what a field says; of a text that is no value it is only noted that the field is said."""
        numbers = self._read(name, value, of_variant=False)
        if type(value) is str and len(value) < _LONG:
            if len(self._again) >= _REMEMBERED:
                self._again.clear()
            self._again[name, value] = numbers
        return numbers

    def _read_options(self, options: tuple[tuple[str, str], ...]) -> tuple[int, ...]:
        """The numbers of what a variant's options say."""
        if len(self._options_again) >= _REMEMBERED:
            self._options_again.clear()
        found = tuple(number for name, value in options for number in self._read(name, value, of_variant=True))
        self._options_again[options] = found
        return found

    def _read(self, name: str, value: Any, *, of_variant: bool) -> tuple[int, ...]:
        own = own_option(name) if of_variant else own_field(name, value)
        if own is not None and value is not None and value != "":
            return tuple(self._number(OwnValue(own, piece, of_variant)) for piece in values_of(value) or ("",))
        if is_colour_option(name):
            return (self._number(OwnValue(COLOURED, "", of_variant)),)
        return ()

    def _number(self, value: OwnValue) -> int:
        found = self._known.get(value)
        if found is None:
            if value.value and self._of_field[value.field, value.of_variant] >= MOST_VALUES:
                return self._number(OwnValue(value.field, "", value.of_variant))
            self._of_field[value.field, value.of_variant] += 1
            found = self._known[value] = len(self._known)
            self._fields.append(value.field)
        return found

    def done(self) -> OwnFields:
        """The columns."""
        numbers = np.array(self._numbers, dtype=np.int32)
        lengths = np.diff(np.array(self._ends))
        products = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        order = sorting(numbers)
        starts = np.zeros(len(self._known) + 1, dtype=np.int64)
        np.cumsum(np.bincount(numbers, minlength=len(self._known)), out=starts[1:])
        return OwnFields(
            len(lengths), values=tuple(self._known), rows=products[order], starts=starts, signatures=self._signatures
        )  # fmt: skip
