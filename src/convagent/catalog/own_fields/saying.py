"""What a product and its variants say in fields of this shop alone; typed attributes, links and prose are left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from convagent.catalog.attributes.fields import field_of, text_of
from convagent.catalog.attributes.purposes import read_audience, read_uses
from convagent.catalog.choosing import is_colour_option, is_size_option
from convagent.catalog.own_fields.words import canonical, pieces_of
from convagent.facts import Product, Variant

__all__ = ["LONGEST_VALUE", "own_field", "own_name", "own_option", "said_by", "said_of_variant", "values_of"]

LONGEST_VALUE = 6
"""Words of a value; what is longer is prose, and no value that anybody would name."""

_LONGEST_TEXT = 200
_READERS = {"audience": read_audience, "uses": read_uses}
_PROSE = frozenset(
    "description care directions instructions note notes summary pflege hinweis hinweise anleitung entretien conseils "
    "fit rating".split()
)


@lru_cache(maxsize=10_000)
def own_name(name: str) -> str | None:
    """A field's name as it is compared and shown, such as "wheel size"; None where it isn't one of the shop's own.

    Not own are fields that `read_attributes` knows (materials, ages, dimensions …), links, codes and prose.

    Args:
        name: Such as "custom.wheel_size", "Wheel size".
    """
    from convagent.catalog.knowing.facts_read import is_fact, plain_field

    plain = plain_field(name)
    if not plain and any(map(str.isalpha, name)):
        plain = "_"  # a name in another script
    if not is_fact(plain) or field_of(name) is not None or plain in _PROSE:
        return None
    shown = name.rpartition(".")[2].replace("_", " ").replace("-", " ")
    shown = " ".join(unicodedata.normalize("NFC", shown).casefold().split())
    return shown if canonical(shown) and len(shown) <= 40 else None


def own_field(name: str, value: Any) -> str | None:
    """Likewise of a field with what it says: "genre" is whom it is for in French, but not where it says "crime".

    Args:
        name: The field's.
        value: What the product has.
    """
    found = own_name(name)
    if found is not None or not isinstance(value, str):
        return found
    return _misread(name, value)


@lru_cache(maxsize=20_000)
def _misread(name: str, text: str) -> str | None:
    """The name of a field that is called like a typed one, and whose text means nothing there."""
    field = field_of(name)
    if field is None or field.kind not in _READERS or len(text) > _LONGEST_TEXT or _READERS[field.kind](text)[0]:
        return None
    shown = " ".join(name.rpartition(".")[2].replace("_", " ").replace("-", " ").casefold().split())
    return shown if canonical(shown) and len(shown) <= 40 else None


@lru_cache(maxsize=10_000)
def own_option(name: str) -> str | None:
    """Likewise of an option; options for sizes and colours are known by themselves, but for "wheel size" and the like.

    Args:
        name: The option's.
    """
    found = own_name(name)
    words = name.split()
    if found is None or is_colour_option(name) or name.casefold() in {"title", "titel", "titre"}:
        return None
    return None if is_size_option(name) and len(words) == 1 else found


def values_of(value: Any) -> tuple[str, ...]:
    """The single values of a field; empty for prose.

    Args:
        value: What the product has.
    """
    text = ("yes" if value else "no") if isinstance(value, bool) else text_of(value)
    return _values(text) if len(text) <= _LONGEST_TEXT else ()


@lru_cache(maxsize=50_000)
def _values(text: str) -> tuple[str, ...]:
    return tuple(piece for piece in pieces_of(text) if 0 < len(canonical(piece)) <= LONGEST_VALUE)


def said_by(product: Product) -> Iterator[tuple[str, Any]]:
    """A product's own fields with what stands in them.

    Args:
        product: The product.
    """
    yield from _own(product.attributes)
    if product.model_extra:
        yield from _own(product.model_extra)


def said_of_variant(variant: Variant) -> Iterator[tuple[str, str]]:
    """A variant's options under the shop's own names.

    Args:
        variant: The variant.
    """
    for name, value in variant.options.items():
        own = own_option(name)
        if own is not None:
            yield own, value


def _own(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if value is None or value == "":
            continue
        own = own_field(name, value)
        if own is not None:
            yield own, value
