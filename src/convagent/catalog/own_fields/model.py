"""What a shopper demands of fields that only this shop has: "dark roast", "not hardback", "at least 500 pages"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["FieldDemand", "FieldOrder", "joined_demands"]


@dataclass(frozen=True, slots=True)
class FieldDemand:
    """What one of several fields must say, or must not.

    Args:
        fields: Names of the fields, as the shop writes them, in lower case; what a word may mean in several of them is
            met by each.
        values: The shop's values, one of which must be said; empty for a bound.
        at_least: The smallest figure, itself included, in `unit`; None for none. Of a range ("19–25 mm") some of it must lie
            within the bounds.
        at_most: The largest.
        unit: Of the bounds, such as "mm"; empty where the field counts without one.
        refused: Whether none of the values may be said.
        preferred: Whether it only ranks: "preferably", "ideally".
    """

    fields: tuple[str, ...]
    values: tuple[str, ...] = ()
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    unit: str = ""
    refused: bool = False
    preferred: bool = False

    @property
    def name(self) -> str:
        """The names of its fields together."""
        return " / ".join(self.fields)

    def __str__(self) -> str:
        """In the shop's words: "roast: dark", "pages ≥ 500", "not valve: presta"."""
        name = self.name
        if self.values:
            said = f"{name}: {', '.join(self.values)}"
        elif self.at_least is not None and self.at_least == self.at_most:
            said = f"{name}: {_figure(self.at_least, self.unit)}"
        else:
            low = f" ≥ {_figure(self.at_least, self.unit)}" if self.at_least is not None else ""
            said = name + low + (f" ≤ {_figure(self.at_most, self.unit)}" if self.at_most is not None else "")
        return f"not {said}" if self.refused else said


@dataclass(frozen=True, slots=True)
class FieldOrder:
    """An order by a field: "the brightest", "the most pages".

    Args:
        fields: Names of the fields that the word may mean, the likeliest first; empty where the catalog has none.
        direction: Whether the highest or the lowest comes first.
        word: As it was written.
    """

    fields: tuple[str, ...]
    direction: Literal["lowest", "highest"]
    word: str


def _figure(value: Decimal, unit: str) -> str:
    plain = f"{value.normalize():f}"
    return f"{plain} {unit}" if unit else plain


def joined_demands(
    earlier: Iterable[FieldDemand], later: Iterable[FieldDemand], *, keeps_refused: bool = False
) -> tuple[FieldDemand, ...]:
    """Demands of two messages: of the same fields the later one counts. What is refused stays, unless it is wanted after all.

    Args:
        earlier: Those said before.
        later: Those said now.
        keeps_refused: Whether what is refused stays even then, as it does for an allergy.
    """
    now = tuple(dict.fromkeys(later))
    kept = [
        each
        for each in earlier
        if each not in now
        and not any(
            set(each.fields) & set(other.fields) and _is_replaced(each, other, keeps_refused=keeps_refused)
            for other in now
        )
    ]
    return (*kept, *now)


def _is_replaced(one: FieldDemand, later: FieldDemand, *, keeps_refused: bool) -> bool:
    """Whether a later demand of the same field stands in place of an earlier one."""
    if one.refused:
        return not keeps_refused and not later.refused and not set(one.values).isdisjoint(later.values)
    return _is_same_sort(one, later)


def _is_same_sort(one: FieldDemand, other: FieldDemand) -> bool:
    """Whether a later demand stands in place of an earlier one: "over 500 pages" and "under 800 pages" hold together."""
    if one.values or other.values:
        return True
    return (one.at_least is None) == (other.at_least is None)
