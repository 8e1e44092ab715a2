"""What a product is, in words and units that are the same for every product. What nobody said is None or empty: unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

__all__ = [
    "ALLERGENS",
    "AgeRange",
    "Allergen",
    "Allergens",
    "Amount",
    "AttributeProblem",
    "Audience",
    "Colour",
    "Dimension",
    "Ingredient",
    "Load",
    "Material",
    "ProductAttributes",
    "Shade",
    "Side",
    "Size",
    "SizeSystem",
    "Undertone",
]

Side = Literal["length", "width", "height", "depth", "thickness", "diameter", "circumference"]
Undertone = Literal["cool", "neutral", "warm"]
Audience = Literal["women", "men", "girls", "boys", "children", "babies", "adults", "everyone"]
SizeSystem = Literal[
    "letters", "UK", "EU", "US", "FR", "IT", "DE", "number", "height", "age", "waist and length", "measure", "name"
]
Allergen = Literal[
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soya", "milk", "nuts", "celery", "mustard", "sesame", "sulphites",
    "lupin", "molluscs",
]  # fmt: skip

ALLERGENS: tuple[Allergen, ...] = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soya", "milk", "nuts", "celery", "mustard", "sesame", "sulphites",
    "lupin", "molluscs",
)  # fmt: skip
"""The 14 of Annex II of Regulation (EU) No 1169/2011, in its order; "gluten" means the cereals that contain it."""


@dataclass(frozen=True, slots=True)
class AttributeProblem:
    """Something about a product that is said and could not be read.

    Args:
        product_id: The product.
        field: The attribute's or option's name, as the catalog has it.
        code: One of `ATTRIBUTE_CODES`.
        text: What couldn't be read.
        message: What is wrong and what became of it.
        remedy: What would be understood.
        severity: "warning" where safety depends on it (allergens, ages, loads), else "note".
    """

    product_id: str
    field: str
    code: str
    text: str
    message: str
    remedy: str
    severity: Literal["warning", "note"] = "note"

    def __str__(self) -> str:
        """`product, field: message [code]`."""
        return f"{self.product_id}, {self.field}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity, a range or a choice, in the base unit of what it measures (cm, g, ml).

    Args:
        low: The smallest; None where only the largest is said ("up to 4 cm").
        high: The largest; None where only the smallest is said ("from 10 cm").
        choices: The quantities to choose among ("45 or 60 cm"), as they were written; empty otherwise.
    """

    low: Decimal | None
    high: Decimal | None
    choices: tuple[Decimal, ...] = ()

    @property
    def exact(self) -> Decimal | None:
        """The quantity where there is just one."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of the product, of a part of it, or of what it fits, in centimetres.

    Args:
        centimetres: How long.
        side: Which side; None where that isn't said ("60 × 40 × 35 cm" names none).
        place: Its place among sides that were written as one ("60 × 40" are 1 and 2); 0 for one that stands alone.
        part: What it is measured on or in, in the shop's words ("seat", "pillowcases", "folded"); None for the whole.
        fits: Whether it is the size of something else that the product is made for ("for mattresses of …").
    """

    centimetres: Amount
    side: Side | None = None
    place: int = 0
    part: str | None = None
    fits: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What a product carries at most, in grams.

    Args:
        grams: How much.
        of: What carries it or what with, in the shop's words ("a shelf"); None for the whole.
    """

    grams: Decimal
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour that the product comes in.

    Args:
        name: The shop's name.
        families: Plain colours that it belongs to, such as "green"; empty where the name tells none.
    """

    name: str
    families: frozenset[str]


@dataclass(frozen=True, slots=True)
class Size:
    """A size that the product comes in.

    Args:
        text: As the shop writes it.
        system: What it is counted in. "number" is a number that no system is said of.
        key: For comparison within its system.
        low: The number, or the smaller one of a double size; months for "age", centimetres for "height".
        high: The larger one of a double size, else as `low`.
    """

    text: str
    system: SizeSystem
    key: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """A material.

    Args:
        name: In English: "wool", "stainless steel".
        text: The shop's words.
        percent: Its share in its part.
        part: What is made of it ("lining", "sole"); None for the whole or where that isn't said.
        choice: Whether it is one of several to choose among ("oak or ash").
    """

    name: str
    text: str
    percent: Decimal | None = None
    part: str | None = None
    choice: bool = False


@dataclass(frozen=True, slots=True)
class Shade:
    """A shade of something worn on the skin.

    Args:
        name: The shop's name.
        undertone: None where it isn't said.
        depth: From 1 (fair) by way of light, medium and tan to 5 (deep); None where it isn't said.
    """

    name: str
    undertone: Undertone | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Ingredient:
    """An ingredient.

    Args:
        name: As the shop writes it.
        percent: Its share.
        note: What stands in brackets behind it.
        of: The form or variant that it is in ("Capsules"); None for all.
    """

    name: str
    percent: Decimal | None = None
    note: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Allergens:
    """What is said about allergens. Nothing here is ever concluded from silence.

    Args:
        contains: Declared as contained.
        may_contain: Traces, or made where they are handled.
        in_ingredients: Named by the list of ingredients.
        without: Said outright not to be in it ("no nuts").
        none_declared: Whether it is said that it contains none of the 14.
        cautions: Named in a warning of another kind ("peas may affect those with peanut allergy").
        others: What is declared beyond the 14, such as "limonene" or "natural latex".
        all_read: Whether everything that is said about allergens was understood; False where nothing is said.
    """

    contains: frozenset[Allergen] = frozenset()
    may_contain: frozenset[Allergen] = frozenset()
    in_ingredients: frozenset[Allergen] = frozenset()
    without: frozenset[Allergen] = frozenset()
    none_declared: bool = False
    cautions: frozenset[Allergen] = frozenset()
    others: frozenset[str] = frozenset()
    all_read: bool = False

    def of(self, allergen: Allergen) -> Literal["contains", "may contain", "not declared", "unknown"]:
        """What may be told about one of the 14.

        "Not declared" needs words of the shop that say so, everything else that it says understood, and nothing that speaks
        against it. It never means that a person with an allergy is safe.

        Args:
            allergen: One of `ALLERGENS`.
        """
        if allergen in self.contains | self.in_ingredients:
            return "contains"
        if allergen in self.may_contain:
            return "may contain"
        said = self.none_declared or allergen in self.without
        return "not declared" if said and self.all_read and allergen not in self.cautions else "unknown"


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Whom a product is for by age, in months.

    Args:
        low: From this age; None where only an end is said.
        high: To the age that is named (72 for "3 to 6 years"); None for no end.
        of: What is for that age, in the shop's words ("lower bed"); None for the whole.
    """

    low: int | None
    high: int | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class ProductAttributes:
    """What is known about a product, normalised; unknown is empty or None.

    Args:
        product_id: The product.
        colours: Colours of options and attributes.
        sizes: Sizes of options and attributes.
        materials: In the order in which they are named.
        undertones: Undertones that the product comes in.
        depths: Depths that the product comes in, 1 (fair) to 5 (deep).
        shades: The shades that say an undertone or a depth of their own.
        dimensions: Lengths in centimetres.
        weight_grams: What the product itself weighs, as its description says.
        loads: What it carries at most.
        volume_ml: What it holds, or what is in it.
        ingredients: In the order in which they are named.
        allergens: What is said of allergens.
        ages: Whom it is for by age.
        audience: Whom it is for.
        uses: Uses and occasions, such as "travel" or "wedding".
        problems: What is said and couldn't be read.
    """

    product_id: str
    colours: tuple[Colour, ...] = ()
    sizes: tuple[Size, ...] = ()
    materials: tuple[Material, ...] = ()
    undertones: frozenset[Undertone] = frozenset()
    depths: frozenset[int] = frozenset()
    shades: tuple[Shade, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    weight_grams: Amount | None = None
    loads: tuple[Load, ...] = ()
    volume_ml: Amount | None = None
    ingredients: tuple[Ingredient, ...] = ()
    allergens: Allergens = field(default_factory=Allergens)
    ages: tuple[AgeRange, ...] = ()
    audience: frozenset[Audience] = frozenset()
    uses: frozenset[str] = frozenset()
    problems: tuple[AttributeProblem, ...] = ()
