"""Shades of what is worn on the skin: which match an undertone and a depth, which is nearest to one that is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convagent.catalog.attributes.model import Shade, Undertone
from convagent.catalog.attributes.shades import DEPTHS, read_shade
from convagent.catalog.choosing import is_colour_option
from convagent.catalog.knowing.candidates import candidates
from convagent.catalog.knowing.nearness import alike_in_kind
from convagent.errors import CatalogError
from convagent.facts import Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["ShadeMatch", "match_shades", "nearest_shade", "shade_of"]

_WARMTH: dict[Undertone, int] = {"cool": 0, "neutral": 1, "warm": 2}
_UNDERTONE_STEP = 0.6
"""A step of undertone (cool, neutral, warm); one of depth is 1, as a shade too dark is seen before one too warm."""

_UNTOLD = 0.5
"""What not saying one of the two costs: less than being wrong by a step, more than being right."""

_FARTHEST = 2.0
_MAX_CHARACTERS = 300
_COMING = re.compile(
    r"\b(?:shades?|colou?r|farbton|farbe|nuance|teinte|couleur)\s+(?:is\s+|ist\s+|est\s+|called\s+)?[\"'“„«]?\s*$",
    re.IGNORECASE,
)
_MOST = 30


@dataclass(frozen=True, slots=True)
class ShadeMatch:
    """A shade that comes into question.

    Args:
        product: Its product.
        variant: The variant that has it.
        shade: Its name, undertone and depth.
        distance: How far it is from what is wanted: 1 a step of depth, 0.6 a step of undertone, 0.5 for each that the shade
            doesn't say; 0 is right.
        exact: Whether it says all that is wanted, and says the same.
        neighbours: Other shades of the product within a step, the nearest first, for somebody between two.
    """

    product: Product
    variant: Variant
    shade: Shade
    distance: float
    exact: bool
    neighbours: tuple[Variant, ...]


def shade_of(variant: Variant) -> Shade | None:
    """The shade of a variant, where its option says an undertone or a depth: "Acorn (tan, neutral)".

    Args:
        variant: The variant.
    """
    for name, value in variant.options.items():
        if is_colour_option(name) or name.casefold() in {"palette", "tone", "finish"}:
            shade = read_shade(value)
            if shade is not None:
                return shade
    return None


def match_shades(
    catalog: Catalog,
    *,
    undertone: Undertone | None = None,
    depth: int | str | None = None,
    like: str | None = None,
    in_stock_only: bool = True,
    within: Iterable[Product] | None = None,
    k: int = _MOST,
) -> tuple[ShadeMatch, ...]:
    """The shades that fit an undertone and a depth, the nearest first, in the catalog's order among equals.

    Args:
        catalog: The catalog.
        undertone: "cool", "neutral" or "warm"; None where that isn't known.
        depth: From 1 (fair) to 5 (deep), or its word in English, German or French; None where that isn't known.
        like: A shade to go by where `undertone` and `depth` aren't given: its name, or a SKU.
        in_stock_only: Whether only what can be bought now is found.
        within: Products to look among; the whole catalog without them (of more than 2,000 products those that a search finds).
        k: How many at most.

    Returns:
        Shades up to two steps away; none where neither undertone nor depth is known. Without `in_stock_only` products that
        aren't sold any more are still left out.

    Raises:
        CatalogError: The undertone or the depth is none (`shade-undertone`, `shade-depth`).
    """
    wanted = Shade("", _undertone(undertone), _depth(depth))
    if like is not None and wanted.undertone is None and wanted.depth is None:
        named = next(_named(catalog, like, within), None)
        wanted = named[2] if named else wanted
    if wanted.undertone is None and wanted.depth is None:
        return ()
    words = " ".join(filter(None, [wanted.undertone, _word(wanted.depth), "shade"]))
    pool = list(within) if within is not None else candidates(catalog, words, buyable=in_stock_only)
    found = [
        ShadeMatch(product, variant, shade, distance, exact, ())
        for product, variant, shade in _shades(pool, in_stock_only=in_stock_only)
        for distance, exact in (_distance(wanted, shade),)
        if distance <= _FARTHEST
    ]
    best = sorted(found, key=lambda each: each.distance)[: max(0, k)]
    return tuple(_with_neighbours(each, in_stock_only=in_stock_only) for each in best)


def nearest_shade(
    catalog: Catalog, shade_name: str, *, product: Product | None = None, in_stock_only: bool = True
) -> ShadeMatch | None:
    """The shade to take for one that is sold out or not made any more; the shade itself where it can be bought.

    The same product's shades come first; where none of it can be bought, those of products of its kind.

    Args:
        catalog: The catalog.
        shade_name: Its name ("Shell", "Shell (light, cool)") or SKU, or a customer's words with a name in them ("the Even
            Tempered in Shell"); many names are words of every day, so there it must be written or announced as a name.
        product: The product that it is of, where several have one of the name.
        in_stock_only: Whether the nearest must be one that can be bought now.

    Returns:
        The nearest; None for a name that no shade has, or where nothing is near.
    """
    named = list(_named(catalog, shade_name, None if product is None else [product]))
    for own, variant, shade in named:
        if own.status == "active" and variant.available is True:
            return _with_neighbours(ShadeMatch(own, variant, shade, 0.0, True, ()), in_stock_only=in_stock_only)
    for own, variant, shade in named:
        of_kind = [each for each in _beside(catalog, own) if each.id != own.id]
        for pool in ([own], of_kind):
            for match in match_shades(
                catalog, undertone=shade.undertone, depth=shade.depth, in_stock_only=in_stock_only, within=pool, k=2
            ):
                if match.variant.id != variant.id:
                    return match
    return None


def _beside(catalog: Catalog, product: Product) -> list[Product]:
    words = " ".join(filter(None, [product.kind, product.title]))
    return [each for each in candidates(catalog, words, buyable=False) if alike_in_kind(product, each)]


def _undertone(said: str | None) -> Undertone | None:
    if said is None:
        return None
    found = next((each for each in _WARMTH if each == said.strip().casefold()), None)
    if found is None:
        raise CatalogError(
            f"{said!r} is no undertone", code="shade-undertone", remedy=f"Give one of {', '.join(_WARMTH)}, or none."
        )
    return found


def _depth(said: int | str | None) -> int | None:
    if said is None:
        return None
    found = DEPTHS.get(said.strip().casefold()) if isinstance(said, str) else said
    if found is None or isinstance(found, bool) or not 1 <= found <= 5:
        raise CatalogError(
            f"{said!r} is no depth", code="shade-depth", remedy="Give 1 to 5, or fair, light, medium, tan or deep."
        )
    return found


def _word(depth: int | None) -> str | None:
    return next((word for word, value in DEPTHS.items() if value == depth), None)


def _shades(products: Iterable[Product], *, in_stock_only: bool) -> Iterator[tuple[Product, Variant, Shade]]:
    for product in products:
        if product.status != "active":
            continue
        for variant in product.variants:
            if in_stock_only and variant.available is not True:
                continue
            shade = shade_of(variant)
            if shade is not None:
                yield product, variant, shade


def _named(catalog: Catalog, name: str, within: Iterable[Product] | None) -> Iterator[tuple[Product, Variant, Shade]]:
    """The variants whose shade has a name, whatever their stock and status; else those whose name stands in the words."""
    name = name[:_MAX_CHARACTERS]
    wanted = " ".join(name.casefold().split())
    by_sku = catalog.variant(name)
    owner = catalog.product(name) if by_sku is not None else None
    if by_sku is not None and owner is not None and (shade := shade_of(by_sku)) is not None:
        yield owner, by_sku, shade
        return
    bare = wanted.partition("(")[0].strip()
    pool = within if within is not None else candidates(catalog, name, buyable=False)
    shades = [
        (product, variant, shade)
        for product in pool
        for variant in product.variants
        if (shade := shade_of(variant)) is not None
    ]
    exact = [each for each in shades if bare and each[2].name.casefold() == bare]
    yield from exact or _standing_in(name, shades)


def _standing_in(text: str, shades: Sequence[tuple[Product, Variant, Shade]]) -> list[tuple[Product, Variant, Shade]]:
    """The shades whose name stands in a text, the longest one, of a product that the text names before others.

    Many names are words of every day (cream, linen, milk): one counts where it is written as a name, with a capital inside a
    sentence, or after a word that says that a shade is coming, or where the text names its product.
    """
    found: list[tuple[bool, int, tuple[Product, Variant, Shade]]] = []
    for product, variant, shade in shades:
        match = re.search(rf"(?<!\w){re.escape(shade.name)}(?!\w)", text, re.IGNORECASE)
        if match is None:
            continue
        of_it = _names_product(text, product)
        written = match[0][:1].isupper() and re.search(r"[^.!?\s]\s+$", text[: match.start()])
        announced = _COMING.search(text[: match.start()])
        if of_it or written or announced:
            found.append((of_it, len(shade.name), (product, variant, shade)))
    best = max((each[:2] for each in found), default=None)
    return [each for *rank, each in found if tuple(rank) == best]


def _names_product(text: str, product: Product) -> bool:
    """Whether a text has the first two words of a product's title."""
    words = [re.escape(word) for word in product.title.split()[:2]]
    return bool(re.search(rf"(?<!\w){'[ -]'.join(words)}(?!\w)", text, re.IGNORECASE))


def _distance(wanted: Shade, shade: Shade) -> tuple[float, bool]:
    distance, exact = 0.0, True
    if wanted.undertone is not None:
        if shade.undertone is None:
            distance, exact = distance + _UNTOLD, False
        else:
            steps = abs(_WARMTH[wanted.undertone] - _WARMTH[shade.undertone])
            distance, exact = distance + _UNDERTONE_STEP * steps, exact and steps == 0
    if wanted.depth is not None:
        if shade.depth is None:
            distance, exact = distance + _UNTOLD, False
        else:
            steps = abs(wanted.depth - shade.depth)
            distance, exact = distance + steps, exact and steps == 0
    return round(distance, 2), exact


def _with_neighbours(match: ShadeMatch, *, in_stock_only: bool) -> ShadeMatch:
    near = [
        (distance, variant)
        for _, variant, shade in _shades([match.product], in_stock_only=in_stock_only)
        for distance, _ in (_distance(match.shade, shade),)
        if variant.id != match.variant.id and distance <= 1
    ]
    neighbours = tuple(variant for _, variant in sorted(near, key=lambda each: each[0])[:3])
    return ShadeMatch(match.product, match.variant, match.shade, match.distance, match.exact, neighbours)
