"""What finding gives: the products, what was understood, and when nothing passed what could be given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from convagent.catalog.hits import ProductHit
from convagent.catalog.wishes.model import Bound, Demand, Wish
from convagent.facts import Money

__all__ = ["Found", "Relaxation"]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A demand that could be given up.

    Args:
        constraint: Which one, by its name in the `Wish`.
        wanted: What was demanded: the value of the wish's field; of the shop's own fields one demand at a time.
        hits: What would be found without it, best first; of prices the nearest to what was demanded come first.
        nearest: For a price the nearest one of `hits`; None else.
    """

    constraint: Demand
    wanted: Any
    hits: tuple[ProductHit, ...]
    nearest: Money | None = None

    @property
    def name(self) -> str:
        """What `Wish.without_demand` knows it by: of the shop's own fields, each by itself."""
        return f"{self.constraint}: {self.wanted[0].name}" if self.constraint == "fields" else self.constraint

    @property
    def label(self) -> str:
        """What was demanded, as text: "M", "black, navy", "49.99 EUR"; of measures such as "width ≤ 60 cm"."""
        if isinstance(self.wanted, Money):
            return str(self.wanted)
        return ", ".join(map(_told, self.wanted))


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Args:
        hits: The products, best first.
        wish: What was understood.
        relaxed: When nothing passed, or nothing that was named: each demand that could be given up, the one that people
            give up most easily first, with what would be found. Empty when something was found, and when giving up one
            demand is not enough.
        of_kind: Whether a product of the kind that was looked for is among the hits; true where no kind was.
    """

    hits: tuple[ProductHit, ...]
    wish: Wish
    relaxed: tuple[Relaxation, ...] = ()
    of_kind: bool = True


_UNITS = {"weight": "g", "load": "g", "volume": "ml"}


def _told(value: Any) -> str:
    if not isinstance(value, Bound):
        return str(value)
    unit = _UNITS.get(value.of, "cm")
    low = f"≥ {value.at_least.normalize():f} {unit}" if value.at_least is not None else ""
    high = f"≤ {value.at_most.normalize():f} {unit}" if value.at_most is not None else ""
    return " ".join(filter(None, (value.of, low, high)))
