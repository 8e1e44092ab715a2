"""What somebody wishes for: what it must be, what it would best be, and the words that are left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from decimal import Decimal
from typing import Any, Literal

from convagent.catalog.attributes.model import Allergen, Audience, Side
from convagent.catalog.constraints import Constraints
from convagent.catalog.own_fields.model import FieldDemand, FieldOrder
from convagent.facts import Money

__all__ = ["HARD", "SAFETY", "Bound", "Demand", "Measured", "Wish"]

Measured = Side | Literal["any side", "weight", "load", "volume"]
"""What a bound is about; "any side" where no side was named, which then holds for each."""

Demand = Literal[
    "colours", "at_most", "at_least", "materials", "bounds", "sizes", "without_colours",
    "without_kinds", "without", "without_materials", "ages", "without_allergens", "reduced", "fields",
]  # fmt: skip
"""What a product must meet, by the name of the `Wish`'s field."""

HARD: tuple[Demand, ...] = (
    "reduced", "colours", "at_most", "at_least", "materials", "fields", "bounds", "sizes", "without_colours",
    "without_kinds", "without", "without_materials", "ages", "without_allergens",
)  # fmt: skip
"""The demands, the one that people give up most easily first."""

SAFETY: frozenset[Demand] = frozenset(("ages", "without_allergens"))
"""Demands that are never given up."""

_ONE_FIELD = "fields: "
"""What stands before the name of an own field where its demand alone is given up."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of a measure.

    Args:
        of: What is measured.
        at_least: The smallest, in cm, g or ml; None for none.
        at_most: The largest; None for none.
    """

    of: Measured
    at_least: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A shopper's wish. What is demanded must hold, the rest is for ranking; what wasn't said is empty or None.

    Args:
        text: The free words: what is looked for, without the words that were read as demands.
        language: Language of the words, such as "en".
        at_least: The lowest price, itself included.
        at_most: The highest price, itself included.
        sizes: Sizes, one of which it must have, as the shopper wrote them.
        colours: Colours, one of which it must have: English names, or the shop's names in lower case.
        without_colours: Colours that it must not have.
        materials: Materials, one of which it must be made of, by their English names. A product that says nothing of its
            materials passes if its name or tags have the word.
        without_materials: Materials that must not be in it; a product that names none passes.
        without_allergens: Allergens that must be declared not to be in it. Unknown isn't free of it.
        without: Other things that must not be in it, in the shopper's words ("shea", "acetone"). What a product names
            counts, unless it says that it is free of it.
        without_kinds: Kinds of products that nobody wants to see, by their English names ("candle"). A product that merely speaks
            of one, such as a snuffer, passes.
        allergic: Whether the words speak of an allergy; then nothing that is refused is ever given up.
        ages: Ages in months that it must be for. A product that says ages is for these and no others.
        shared: Whether these are the ages of several who share it; then each needs only a part of it that is for them.
        bounds: Bounds of lengths, weights, loads and volumes. What doesn't say its measure doesn't pass.
        fields: What must be said, or mustn't, in the shop's own fields ("roast: dark"); what is only preferred ranks.
        own_kinds: Kinds of products in the shop's own words ("Inner tube"), whatever shoppers call them elsewhere.
        in_stock: Whether the shopper asked for what is in stock.
        reduced: Whether it must cost less than it used to ("on sale").
        by_price: Whether the "lowest" or the "highest" price of what fits comes first; empty for what fits best.
        by_field: The field in whose order it is wished ("the brightest"); one without fields where the catalog has none for it.
        kinds: Kinds of products, by their English names ("rain jacket"), the first the most wanted.
        audience: Whom it is for; ranks.
        recipient: The words for who gets it ("my sister").
        uses: Uses and occasions, such as "wedding"; rank.
        qualities: What else it would best be or help with, by English names ("waterproof", "dry skin"); rank.
        named: Ids of products that are named.
        like: Ids of products that it should be like; they aren't found themselves.
    """

    text: str = ""
    language: str | None = None
    at_least: Money | None = None
    at_most: Money | None = None
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    without_colours: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    without_materials: tuple[str, ...] = ()
    without_allergens: tuple[Allergen, ...] = ()
    without: tuple[str, ...] = ()
    without_kinds: tuple[str, ...] = ()
    allergic: bool = False
    ages: tuple[int, ...] = ()
    shared: bool = False
    bounds: tuple[Bound, ...] = ()
    fields: tuple[FieldDemand, ...] = ()
    own_kinds: tuple[str, ...] = ()
    in_stock: bool = False
    reduced: bool = False
    by_price: Literal["", "lowest", "highest"] = ""
    by_field: FieldOrder | None = None
    kinds: tuple[str, ...] = ()
    audience: tuple[Audience, ...] = ()
    recipient: str | None = None
    uses: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    like: tuple[str, ...] = ()

    @property
    def offer(self) -> Constraints:
        """What a single variant must be."""
        return Constraints(
            at_least=self.at_least, at_most=self.at_most, sizes=self.sizes, colours=self.colours,
            without_colours=self.without_colours, in_stock=self.in_stock,
            reduced=self.reduced, fields=tuple(each for each in self.fields if not each.preferred),
        )  # fmt: skip

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What must hold, the one that people give up most easily first."""
        return tuple(name for name in HARD if (self.offer.fields if name == "fields" else getattr(self, name)))

    @property
    def can_give_up(self) -> tuple[Demand, ...]:
        """Those of its demands that may be given up: never ages and allergens, and nothing refused for an allergy."""
        kept = SAFETY | ({"without", "without_materials"} if self.allergic else set())
        if self.allergic and all(each.refused for each in self.offer.fields):
            kept |= {"fields"}
        return tuple(name for name in self.demands if name not in kept)

    @property
    def one_by_one(self) -> tuple[str, ...]:
        """What may be given up, each demand of an own field by itself ("fields: roast"), in the order of `can_give_up`.

        Of several fields the last that was said comes first, and what is refused last.
        """
        last_first = tuple(each for each in reversed(self.offer.fields) if not (self.allergic and each.refused))
        fields = sorted(last_first, key=lambda each: each.refused)
        own = tuple(dict.fromkeys(f"{_ONE_FIELD}{each.name}" for each in fields))
        return tuple(name for demand in self.can_give_up for name in (own if demand == "fields" else (demand,)))

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing at all."""
        blank = Wish(language=self.language)
        return all(
            getattr(self, field.name) == getattr(blank, field.name)
            for field in fields_of(self)
            if field.name not in {"language", "recipient", "allergic", "by_price", "by_field", "shared"}
        )

    def without_demand(self, demand: str) -> Wish:
        """The same wish with one demand given up.

        Args:
            demand: Which, by its name in `demands` or in `one_by_one`.

        Raises:
            ValueError: It is one of safety.
        """
        if demand in SAFETY:
            raise ValueError(f"{demand} is a demand of safety")
        if demand.startswith(_ONE_FIELD):
            gone = demand.removeprefix(_ONE_FIELD)
            kept = (
                each for each in self.fields if each.preferred or each.name != gone or (self.allergic and each.refused)
            )
            return replace(self, fields=tuple(kept))
        if demand == "fields" and self.allergic:
            return replace(self, fields=tuple(each for each in self.fields if each.refused))
        blank: Any = False if demand == "reduced" else None if demand in {"at_least", "at_most"} else ()
        given_up: dict[str, Any] = {demand: blank}
        return replace(self, **given_up)
