"""A product's attributes, normalised, from what its fields and options say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from convagent.catalog.attributes.ages import read_ages
from convagent.catalog.attributes.allergens import allergens_named, read_allergens, traces_named
from convagent.catalog.attributes.codes import problem
from convagent.catalog.attributes.described import DESCRIBED, described_fields
from convagent.catalog.attributes.dimensions import lengths_in, loads_in, measure_of
from convagent.catalog.attributes.fields import Field, field_of, text_of
from convagent.catalog.attributes.ingredients import read_ingredients
from convagent.catalog.attributes.materials import read_materials
from convagent.catalog.attributes.model import (
    Allergen,
    Allergens,
    Amount,
    AttributeProblem,
    Audience,
    Colour,
    Dimension,
    Ingredient,
    ProductAttributes,
    Shade,
    Side,
    Size,
)
from convagent.catalog.attributes.purposes import read_audience, read_uses, uses_named
from convagent.catalog.attributes.shades import read_depths, read_shade, read_undertones
from convagent.catalog.attributes.size_systems import read_size
from convagent.catalog.choosing import is_colour_option, is_size_option
from convagent.catalog.colours import colours_in
from convagent.facts import Product

__all__ = ["read_attributes"]

_PLAIN = frozenset(
    "black white grey red blue navy green yellow purple pink brown beige orange cream gold silver".split()
)
_SIDES: frozenset[str] = frozenset({"width", "height", "depth", "length", "thickness", "diameter"})
_CHILDREN: frozenset[Audience] = frozenset({"children", "girls", "boys", "babies"})
_SHADE_OPTION = re.compile(r"shade|palette|teinte|farbton", re.IGNORECASE)
_COUNTED = re.compile(r"(?P<count>[0-9]{1,3})\s*[×x]\s*(?=[0-9.,]+\s*[a-z\"]+\s*$)", re.IGNORECASE)

Read = TypeVar("Read")


def read_attributes(product: Product) -> ProductAttributes:
    """A product's attributes by rules and vocabulary, with a report of what could not be read.

    Read are attributes (metafields), further fields of the product and its variants, options and tags; where these leave
    something open, also what title and description say outright. What is not said is unknown, never "no". The same product
    always gives the same attributes.

    Args:
        product: The product.
    """
    return _Reader(product).read()


class _Reader:
    """Collects what one product says."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.problems: list[AttributeProblem] = []
        self.fields: dict[str, list[tuple[str, Field, str]]] = {}
        described = described_fields(
            product.title, product.kind, product.description, known=_filled_in(product)
        )  # fmt: skip
        for name, value in (*_said(product), *described):
            field, text = field_of(name), text_of(value).strip()
            if field is None or not text:
                continue
            if field.kind == "depths" and re.search(r"[0-9]", text):
                field = Field("depth", field.unit)
            self.fields.setdefault(field.kind, []).append((name, field, text))

    def read(self) -> ProductAttributes:
        audience = self._set("audience", read_audience, "audience-unread")
        ingredients = self._many("ingredients", lambda text, _: read_ingredients(text), "ingredients-unread")
        dimensions, weight, volume = self._measures()
        shades = self._shades()
        return ProductAttributes(
            product_id=self.product.id,
            colours=self._colours(),
            sizes=self._sizes(bool(audience & _CHILDREN)),
            materials=self._many("materials", lambda text, _: read_materials(text), "material-unread"),
            undertones=self._set("undertones", read_undertones, "undertone-unread")
            | {shade.undertone for shade in shades if shade.undertone},
            depths=self._set("depths", read_depths, "depth-unread") | {shade.depth for shade in shades if shade.depth},
            shades=shades,
            dimensions=dimensions,
            weight_grams=weight,
            loads=self._many("loads", lambda text, field: loads_in(text, unit=field.unit), "load-unread"),
            volume_ml=volume,
            ingredients=ingredients,
            allergens=self._allergens(ingredients),
            ages=self._many("ages", lambda text, field: read_ages(text, unit=field.unit), "age-unread"),
            audience=audience,
            uses=self._set("uses", read_uses, "use-unread") | uses_named(self.product.tags),
            problems=tuple(dict.fromkeys(self.problems)),
        )

    def _report(self, field: str, code: str, texts: Iterable[str]) -> None:
        if field.startswith(DESCRIBED):
            return  # running text: nobody filled in a field that couldn't be read
        self.problems += [problem(self.product.id, field, code, text) for text in texts if text.strip()]

    def _many(
        self, kind: str, read: Callable[[str, Field], tuple[tuple[Read, ...], tuple[str, ...]]], code: str
    ) -> tuple[Read, ...]:
        found: dict[Read, None] = {}
        for name, field, text in self.fields.get(kind, ()):
            values, unread = read(text, field)
            found |= dict.fromkeys(values)
            self._report(name, code, unread if values or unread else (text,))
        return tuple(found)

    def _set(
        self, kind: str, read: Callable[[str], tuple[frozenset[Read], tuple[str, ...]]], code: str
    ) -> frozenset[Read]:
        found: set[Read] = set()
        for name, _, text in self.fields.get(kind, ()):
            values, unread = read(text)
            found |= values
            self._report(name, code, unread)
        return frozenset(found)

    # ---- measures
    def _measures(self) -> tuple[tuple[Dimension, ...], Amount | None, Amount | None]:
        dimensions: dict[Dimension, None] = {}
        weight: Amount | None = None
        volume: Amount | None = None
        for kind in ("dimensions", *sorted(_SIDES)):
            side: Side | None = kind if kind in _SIDES else None  # type: ignore[assignment]
            for name, field, said in self.fields.get(kind, ()):
                text = _COUNTED.sub("", said) if side else said  # "2 × 12 cm" high: two of them
                lengths, others, unread = lengths_in(text, unit=field.unit, side=side)
                dimensions |= dict.fromkeys(lengths)
                for measure in others:
                    if measure.kind == "weight" and weight is None and not measure.before:
                        weight = measure.amounts[0]
                    elif measure.kind == "volume" and volume is None and len(others) == 1:
                        volume = measure.amounts[0]
                self._report(name, "dimension-unread", unread if lengths or others or unread else (said,))
        for kind, code in (("weight", "weight-unread"), ("volume", "volume-unread"), ("contents", "")):
            measured = "volume" if kind == "contents" else kind
            for name, field, text in self.fields.get(kind, ()):
                amount, unread = measure_of(text, measured, unit=field.unit)
                if measured == "weight":
                    weight = amount or weight
                else:
                    volume = amount or volume
                if code:  # contents may be counted ("60 capsules")
                    self._report(name, code, unread if amount or unread else (text,))
        if volume is None and (sizes := [each for values in self._options(is_size_option).values() for each in values]):
            volume, _ = measure_of("; ".join(sizes), "volume")  # "2 litres" and "3.5 litres" to choose from
        return tuple(dimensions), weight, volume

    # ---- options
    def _options(self, wanted: Callable[[str], bool]) -> dict[str, list[str]]:
        found: dict[str, dict[str, None]] = {}
        for variant in self.product.variants:
            for name, value in variant.options.items():
                if wanted(name) and value.strip():
                    found.setdefault(name, {})[value] = None
        return {name: list(values) for name, values in found.items()}

    def _listed(self, kind: str) -> dict[str, list[str]]:
        return {
            name: [piece.strip() for piece in re.split(r"[;,|]", text) if piece.strip()][:200]
            for name, _, text in self.fields.get(kind, ())
        }

    def _colours(self) -> tuple[Colour, ...]:
        found: dict[str, Colour] = {}
        for name, values in (*self._options(is_colour_option).items(), *self._listed("colours").items()):
            blank: list[str] = []
            for value in values:
                found.setdefault(value, Colour(value, frozenset(colours_in(value[:200]) & _PLAIN)))
                if not found[value].families and not read_shade(value):
                    blank.append(value)
            self._report(name, "colour-unread", ("; ".join(blank),))
        return tuple(found.values())

    def _shades(self) -> tuple[Shade, ...]:
        values = self._options(lambda name: is_colour_option(name) or bool(_SHADE_OPTION.search(name))).values()
        return tuple(dict.fromkeys(shade for each in values for value in each if (shade := read_shade(value))))

    def _sizes(self, for_children: bool) -> tuple[Size, ...]:
        system = next((text for _, _, text in self.fields.get("size_system", ())), None)
        found: dict[str, Size] = {}
        for name, values in (*self._options(is_size_option).items(), *self._listed("sizes").items()):
            for value in values:
                size = read_size(value, system=system, for_children=for_children)
                if size is None:
                    self._report(name, "size-unread", (value,))
                else:
                    found.setdefault(value, size)
        return tuple(found.values())

    # ---- allergens
    def _allergens(self, ingredients: tuple[Ingredient, ...]) -> Allergens:
        named = allergens_named(f"{each.name} ({each.note})" if each.note else each.name for each in ingredients)
        traces = traces_named(text for _, _, text in self.fields.get("ingredients", ()))
        listed = named - traces
        said = [(name, read_allergens(text)) for name, _, text in self.fields.get("allergens", ())]
        if not said:
            return Allergens(in_ingredients=listed, may_contain=traces)
        contains: set[Allergen] = set()
        may: set[Allergen] = set(traces)
        cautions: set[Allergen] = set()
        for name, (read, unread) in said:
            contains |= read.contains
            may |= read.may_contain
            cautions |= read.cautions
            self._report(name, "allergens-unread", unread)
        none_declared = any(read.none_declared for _, (read, _) in said)
        without = frozenset().union(*(read.without for _, (read, _) in said))
        against = (contains | listed | traces) if none_declared else (contains | listed | traces) & without
        if against:
            self._report(said[0][0], "allergens-contradict", (", ".join(sorted(against)),))
        return Allergens(
            contains=frozenset(contains), may_contain=frozenset(may), in_ingredients=listed,
            without=without - contains - may - listed - cautions, none_declared=none_declared and not against,
            cautions=frozenset(cautions), others=frozenset().union(*(read.others for _, (read, _) in said)),
            all_read=all(read.all_read for _, (read, _) in said),
        )  # fmt: skip


def _said(product: Product) -> Iterator[tuple[str, Any]]:
    """Fields with their names: attributes, further fields of the product, and each further field of variants once."""
    yield from product.attributes.items()
    yield from (product.model_extra or {}).items()
    seen: set[tuple[str, str]] = set()
    for variant in product.variants:
        for name, value in (variant.model_extra or {}).items():
            if field_of(name) and (name, str(value)) not in seen:
                seen.add((name, str(value)))
                yield name, value


def _filled_in(product: Product) -> frozenset[str]:
    """The kinds of fields that the shop filled in."""
    return frozenset(
        field.kind for name, value in _said(product) if (field := field_of(name)) and text_of(value).strip()
    )
