"""In which order of a field somebody wants to see products: "the brightest", "something darker", "the most pages"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from convagent.catalog.own_fields.abroad import called_at_home
from convagent.catalog.own_fields.adjectives import SCALES, Adjective, adjectives, base_of, opposite_of
from convagent.catalog.own_fields.model import FieldOrder
from convagent.catalog.own_fields.saying import said_by, said_of_variant, values_of
from convagent.catalog.own_fields.vocabulary import FieldWords, OwnVocabulary
from convagent.catalog.own_fields.words import canonical, figures_of, key_of, plain_of
from convagent.catalog.wishes.lexicon import LANGUAGES
from convagent.facts import Product

__all__ = ["place_of", "read_comparison", "read_field_order", "said_of"]

Span = tuple[int, int]

_WORD = re.compile(r"[^\W\d_]+")
_ANALYTIC = re.compile(
    r"\b(?:the\s+)?(?P<most>most|least)\s+(?P<word>[^\W\d_]+)|\b(?:le|la|les)\s+(?P<plus>plus|moins)\s+(?:de\s+|d['’])?(?P<mot>[^\W\d_]+)|"
    r"\b(?:den|die|das|der|am|mit\s+den)\s+(?P<meist>meisten|wenigsten)\s+(?P<wort>[^\W\d_]+)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?P<more>more|less|fewer)\s+(?P<word>[^\W\d_]+)|\b(?P<plus>plus|moins)\s+(?:de\s+|d['’])?(?P<mot>[^\W\d_]+)|"
    r"\b(?P<mehr>mehr|weniger)\s+(?P<wort>[^\W\d_]+)",
    re.IGNORECASE,
)
_OF_A_FIELD = frozenset(
    "highest largest biggest greatest longest most best lowest smallest shortest fewest least hochste hochster hochsten "
    "grosste grossten langste langsten niedrigste niedrigsten kleinste kleinsten kurzeste geringste geringsten".split()
)
_LOW = re.compile(r"least|less|fewe|moins|wenig|low|small|short|niedrig|klein|kurz|gering", re.IGNORECASE)
_THAN = re.compile(r"\s+(?:than|als|que)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\bat\s+$|\b(?:not|isn['’]t|nicht|pas)\s+(?:necessarily\s+|the\s+|de[rnm]\s+|die\s+|das\s+|le\s+|la\s+)?$",
    re.IGNORECASE,
)


def read_field_order(text: str, vocabulary: OwnVocabulary) -> tuple[FieldOrder | None, tuple[Span, ...]]:
    """The order that a superlative asks for, and where it stands; prices are read elsewhere.

    Args:
        text: In English, German or French.
        vocabulary: What the catalog calls its fields.

    Returns:
        An order without fields where the word asks for a quantity that the catalog says nothing of; None for no superlative.
    """
    return _read(text, vocabulary, superlative=True)


def read_comparison(text: str, vocabulary: OwnVocabulary) -> FieldOrder | None:
    """Likewise of a comparative: "something darker", "the bigger one"; not of one with a figure ("wider than 60 cm").

    Args:
        text: In English, German or French.
        vocabulary: What the catalog calls its fields.
    """
    return _read(text, vocabulary, superlative=False)[0]


def _read(text: str, vocabulary: OwnVocabulary, *, superlative: bool) -> tuple[FieldOrder | None, tuple[Span, ...]]:
    for start, end, word, bases, reverse in _candidates(text, superlative=superlative):
        if _NOT.search(text[:start]) or _THAN.match(text, end):
            continue
        named = _field_behind(text, end, vocabulary) if plain_of(word) in _OF_A_FIELD else None
        if named is not None:
            field, last = named
            direction: Literal["lowest", "highest"] = "lowest" if _LOW.match(plain_of(word)) else "highest"
            return FieldOrder((field.name,), direction, text[start:last]), ((start, last),)
        for base in bases:
            if (order := _of_word(base, word, vocabulary, reverse=reverse)) is not None:
                return order, ((start, end),) if order.fields else ()  # a quality still: "the warmest"
    return None, ()


def _candidates(text: str, *, superlative: bool) -> Iterator[tuple[int, int, str, tuple[str, ...], bool]]:
    """Where words of comparison stand, with what they may be in their plain form, and whether less of it is asked for."""
    for match in (_ANALYTIC if superlative else _MORE).finditer(text):
        said = [each for each in match.groups() if each]
        yield match.start(), match.end(), said[1], (plain_of(said[1]),), bool(_LOW.match(said[0]))
    for match in _WORD.finditer(text):
        bases = base_of(match[0], superlative=superlative)
        if bases or plain_of(match[0]) in _OF_A_FIELD:
            yield match.start(), match.end(), match[0], bases, False


def _field_behind(text: str, at: int, vocabulary: OwnVocabulary) -> tuple[FieldWords, int] | None:
    """The field whose name follows: "highest security level"."""
    words = [(key_of(match[0]), match.end()) for match in list(_WORD.finditer(text, at))[:4]]
    for field in vocabulary.fields.values():
        size = len(field.words)
        if field.unit is not None and tuple(key for key, _ in words[:size]) == field.words:
            return field, words[size - 1][1]
    return None


def _of_word(base: str, word: str, vocabulary: OwnVocabulary, *, reverse: bool) -> FieldOrder | None:
    key = key_of(base)
    keys = {
        key,
        *(words[0] for own in LANGUAGES if (words := called_at_home((key,), vocabulary, own)) and len(words) == 1),
    }
    for field in vocabulary.fields.values():  # "the most pages", "the darkest"
        if field.unit is not None and not keys.isdisjoint(field.words):
            return FieldOrder((field.name,), "lowest" if reverse else "highest", word)
    for field in vocabulary.fields.values():
        scale = scale_of(field)
        if (key,) in field.values and scale and key in (scale[0], scale[-1]):
            high = (key == scale[-1]) != reverse
            return FieldOrder((field.name,), "highest" if high else "lowest", word)
    meant = adjectives().get(base)
    if meant is None:
        return None
    for each in meant:
        fields = _fields_of(each, vocabulary)
        if fields:
            return FieldOrder(fields, opposite_of(each.direction) if reverse else each.direction, word)
    return FieldOrder((), meant[0].direction, word)


def _fields_of(adjective: Adjective, vocabulary: OwnVocabulary) -> tuple[str, ...]:
    """The fields that an adjective may be about, the one that most products say first."""
    own = [
        field for field in vocabulary.fields.values()
        if (field.unit is not None or scale_of(field)) and adjective.names & set(field.words)
    ]  # fmt: skip
    typed = tuple(measure for measure in adjective.measures if measure in vocabulary.measured)
    return (*(field.name for field in sorted(own, key=lambda field: -field.total)), *typed)


def scale_of(field: FieldWords) -> tuple[str, ...]:
    """The scale that all of a field's values belong to, as they are compared; empty where there is none.

    Args:
        field: A field.
    """
    values = {phrase[0] for phrase in field.values if len(phrase) == 1}
    if len(values) < 2 or any(len(phrase) != 1 for phrase in field.values):
        return ()
    for scale in SCALES:
        keys = tuple(key_of(word) for word in scale)
        if values <= set(keys):
            return tuple(key for key in keys if key in values)
    return ()


def place_of(product: Product, order: FieldOrder, vocabulary: OwnVocabulary) -> Decimal | None:
    """Where a product stands in an order; None where it says nothing of it.

    Args:
        product: The product.
        order: The order.
        vocabulary: What the catalog calls its fields.
    """
    found = said_of(product, order, vocabulary)
    return found[0] if found is not None else None


def said_of(product: Product, order: FieldOrder, vocabulary: OwnVocabulary) -> tuple[Decimal, str, str] | None:
    """Likewise, with the name of the field that says it and the shop's own words; these are empty of a typed measure.

    Args:
        product: The product.
        order: The order.
        vocabulary: What the catalog calls its fields.
    """
    said: dict[str, list[str]] = {}
    for name, value in (
        *said_by(product),
        *(pair for variant in product.variants for pair in said_of_variant(variant)),
    ):
        said.setdefault(name, []).extend(values_of(value))
    for name in order.fields:
        field = vocabulary.fields.get(name)
        places = [] if field is not None else [(place, "", "") for place in _measured(product, name)]
        for value in said.get(name, ()) if field is not None else ():
            scale = scale_of(field) if field is not None else ()
            if scale and canonical(value)[0] in scale:
                places.append((Decimal(scale.index(canonical(value)[0])), name, value))
            elif (figures := figures_of(value)) is not None and field is not None and figures.unit == field.unit:
                places.append((figures.high if order.direction == "highest" else figures.low, name, value))
        if places:
            return (max if order.direction == "highest" else min)(places, key=lambda each: each[0])
    return None


def _measured(product: Product, measure: str) -> Iterator[Decimal]:
    """A typed measure of a product, in grams, millilitres or centimetres."""
    from convagent.catalog.attributes.reading import read_attributes

    read = read_attributes(product)
    if measure == "weight":
        amount = read.weight_grams
        if amount is None:
            yield from (each.weight_grams for each in product.variants[:1] if each.weight_grams)
    elif measure == "volume":
        amount = read.volume_ml
    else:
        amount = None
        for each in read.dimensions:
            if each.side == measure and each.part is None and not each.fits:
                yield from (end for end in (each.centimetres.low, each.centimetres.high) if end is not None)
    if amount is not None:
        yield from (end for end in (amount.low, amount.high) if end is not None)
