"""Facts of a product as they are compared: names that mean something, numbers, yes and no, more that is better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any
from unicodedata import normalize

from convagent.catalog.attributes.described import described_fields
from convagent.catalog.attributes.described_measures import described_measures
from convagent.catalog.attributes.fields import field_of, text_of
from convagent.facts import Product

__all__ = ["better", "figures_in", "is_fact", "own_spelling", "plain_field", "said_facts", "yes_or_no"]

_NOT_FACTS = re.compile(
    r"complement|successor|replaced_by|goes_with|pairs_with|alternative|upgrade|upsell|similar_products|related_products|"
    r"(?:^|_)parts$|bundle|components|set_of|model_number|size_chart|rating_count|^gtin|^mpn|barcode|^sku|seo|template|"
    r"google_product|custom_label|delivery_profile|image|gift_card|publish|(?:^|_)(?:url|link|id)$|tax|inventory|condition$|"
    r"availability"
)
_MORE_IS_BETTER = re.compile(
    r"battery|watt|lumen|brightness|capacity|max(?:imum)?_load|warranty|serving|spf|power|runtime|resolution|contents|volume|"
    r"fill_power|thread_count|waterproof|rating"
)
_LESS_IS_BETTER = re.compile(r"charge_hours|charging_time|assembly_time|noise")
_CALLED = {"materials": "material", "ages": "age", "contents": "volume"}
"""What such a field is called among facts."""

_YES = frozenset("yes true ja oui included".split())
_NO = frozenset("no false nein non none".split())
_FIGURE = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?")
_TIMES = re.compile(r"\b([0-9]{1,2})\s*[×x]\s*(?=[0-9])")


@lru_cache(maxsize=5_000)
def plain_field(name: str) -> str:
    """A field's name without its namespace: "custom.battery_hours" and "Battery hours" are both "battery_hours".

    Letters of any script stay what they are: "Zulässiges Gesamtgewicht" is "zulässiges_gesamtgewicht".
    """
    return re.sub(r"[\W_]+", "_", normalize("NFC", name.rpartition(".")[2]).lower()).strip("_")


def own_spelling(products: Iterable[Product], field: str) -> str:
    """How the shop itself writes the name of a field or option, without its namespace: "Zulässiges Gesamtgewicht".

    Args:
        products: Which may say it; the first that does counts.
        field: Its plain name.

    Returns:
        The plain name where no product has such a field.
    """
    for product in products:
        options = (name for variant in product.variants for name in variant.options)
        for name in chain(product.attributes, product.model_extra or (), options):
            if plain_field(name) == field:
                return normalize("NFC", name.rpartition(".")[2]).strip()
    return field


@lru_cache(maxsize=5_000)
def is_fact(field: str) -> bool:
    """Whether a field of this plain name says something of a product; links, codes and what shops keep for themselves don't."""
    return bool(field) and not _NOT_FACTS.search(field)


def said_facts(product: Product) -> Iterator[tuple[str, str]]:
    """A product's attributes that say something of it: their plain name and their text. Links and codes are left out.

    Of a product without any, what its description says outright.
    """
    seen: set[str] = set()
    fields: list[tuple[str, Any]] = [*product.attributes.items(), *(product.model_extra or {}).items()]
    for name, value in fields:
        field = plain_field(name)
        if field in seen or not is_fact(field) or not isinstance(value, str | int | float | list | dict):
            continue
        text = ("yes" if value else "no") if isinstance(value, bool) else " ".join(text_of(value).split())
        if text:
            seen.add(field)
            yield field, text
    if not seen:
        yield from _described(product.title, product.kind, product.description)


@lru_cache(maxsize=4_096)
def _described(title: str, kind: str | None, description: str | None) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for name, text in described_fields(title, kind, description, known=()):
        field = field_of(name)
        found.setdefault(_CALLED.get(field.kind, field.kind) if field else plain_field(name), text)
    for name, text in described_measures(description or ""):
        found.setdefault(name, text)
    return tuple(found.items())


def yes_or_no(text: str) -> bool | None:
    """Whether a fact says yes or no; None for any other."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def figures_in(text: str) -> tuple[Decimal, ...]:
    """The figures of a fact, "2 × 120" being two figures, 2 and 120; "1,450" is one."""
    found = []
    for match in _FIGURE.finditer(text[:500]):
        written = match[0]
        if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", written):
            written = written.replace(",", "")
        found.append(Decimal(written.replace(",", ".")))
    return tuple(found)


def _strength(text: str) -> Decimal | None:
    """One figure for comparison: "2 × 120" is 240; the largest of a choice."""
    times = _TIMES.search(text)
    figures = figures_in(text)
    if times and len(figures) >= 2:
        return figures[0] * figures[1]
    return max(figures[:3], default=None)


def better(field: str, mine: str, other: str) -> int:
    """Whether another product's fact is better than this one's: 1, or -1 for worse, 0 for neither or nobody knows.

    Only where more (or less) is better without doubt: hours of battery, watts, a yes for a no. Units must be the same.

    Args:
        field: The fact's plain name.
        mine: This product's fact.
        other: The other's.
    """
    if mine == other or field == "final_sale":
        return 0
    mine_said, other_said = yes_or_no(mine), yes_or_no(other)
    if mine_said is not None and other_said is not None:
        return int(other_said) - int(mine_said)
    if field in {"ip_rating", "water_resistance"}:
        dry, drier = _tightness(mine), _tightness(other)
        return 0 if dry is None or drier is None else (drier > dry) - (drier < dry)
    more = _MORE_IS_BETTER.search(field)
    less = _LESS_IS_BETTER.search(field)
    if not more and not less:
        return 0
    first, second = _strength(mine), _strength(other)
    if first is None or second is None or _unit(mine) != _unit(other):
        return 0
    if abs(first - second) <= max(first, second) / 20:
        return 0
    return (1 if second > first else -1) * (-1 if less and not more else 1)


def _tightness(text: str) -> int | None:
    """How much water it bears: the second figure of its IP code (IEC 60529), 0 for indoors."""
    code = re.search(r"\bIP[0-9X]([0-9])", text, re.IGNORECASE)
    if code:
        return int(code[1])
    return 0 if re.search(r"\bindoors?\b|\binnen|\bintérieur", text, re.IGNORECASE) else None


def _unit(text: str) -> str:
    """The word behind the last figure, which must be the same on both sides: 60 capsules are not more than 30 g."""
    words = re.findall(r"[0-9]\s*([^\W\d_]+)", text)
    return str(words[-1]).casefold().rstrip("s") if words else ""
