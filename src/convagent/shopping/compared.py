"""Which of the products shown last a text means by more and less, or as "the other one": "the smaller one", "which is best"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from convagent.catalog import Catalog
from convagent.catalog.knowing.facts_read import plain_field
from convagent.catalog.own_fields.ordering import read_comparison, read_field_order, said_of
from convagent.facts import Product
from convagent.shopping.degrees import Degree, form_of, qualities, read_degree
from convagent.shopping.hearing import recalls
from convagent.shopping.measuring import Measure, measured, told_apart
from convagent.shopping.model import ShoppingState
from convagent.shopping.pointing import is_of_kind, kinds_mentioned

__all__ = ["Compared", "compared_by", "other_one", "recalled"]

_OTHER = re.compile(
    r"\b(?:the other(?: one)?|(?:der|die|das|den) andere[rnsm]?|l['’]autre)\b(?! (?:day|hand|side|colou?r|size|tag|seite|couleur|"
    r"taille|ones|two|three))",
    re.IGNORECASE,
)


class Compared:
    """What a text compares products by that were shown, and how they come out.

    Attributes:
        degree: What the text says.
        measures: What each product has of it, in the order that the text asks for: the one that is meant first.
        alike: Whether all of them have the same of it.
    """

    __slots__ = ("alike", "degree", "measures")

    def __init__(self, degree: Degree, measures: tuple[Measure, ...]) -> None:
        self.degree = degree
        self.measures = measures
        self.alike = len({each.value for each in measures}) == 1

    @property
    def best(self) -> tuple[Product, ...]:
        """The product that has most (or least) of it; several where they are alike."""
        return tuple(each.product for each in self.measures if each.value == self.measures[0].value)


def compared_by(catalog: Catalog, text: str, state: ShoppingState, *, language: str = "en") -> Compared | None:
    """How the products that were shown last compare by what a text says; None where it compares none of them.

    Of several qualities that a word may mean ("lighter"), the first counts that tells the products apart. Where the text names a
    kind ("which lamp is brighter"), only products of that kind are compared.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
        state: What is remembered.
        language: Theirs, ISO 639-1.
    """
    if not state.active:
        return None
    row = [product for each in dict.fromkeys(state.row) if (product := catalog.product(each)) is not None]
    degree = read_degree(text)
    if degree is None:
        return _by_own_field(catalog, text, row)
    if kinds := kinds_mentioned(degree.rest, language):
        of_kind = [product for product in row if is_of_kind(product, kinds)]
        # "does the cheaper one have a lid?" names what it may have, and none of those that were shown
        row = of_kind if of_kind or degree.form != "the one" else row
    alike: Compared | None = None
    for name, sign in degree.by if len(row) > 1 else ():
        found = measured(catalog, row, qualities()[name], language=language)
        ordered = Compared(degree, tuple(sorted(found, key=lambda each: -sign * each.value)))
        if told_apart(found):
            return ordered
        if len(found) > 1:
            alike = alike or ordered
    return _by_own_field(catalog, text, row) or alike


def _by_own_field(catalog: Catalog, text: str, row: Sequence[Product]) -> Compared | None:
    """How products compare by a field that only this shop has: "the one with the most pieces", "which is harder?"."""
    if len(row) < 2:
        return None
    own = catalog.vocabulary.own
    order = read_field_order(text, own)[0]
    superlative = order is not None and bool(order.fields)
    if order is None or not order.fields:
        order = read_comparison(text, own)
    if order is None or not order.fields:
        return None
    told = [(product, said) for product in row if (said := said_of(product, order, own)) is not None and said[1]]
    sign = 1 if order.direction == "highest" else -1
    measures = [Measure(product, value, plain_field(name), words) for product, (value, name, words) in told]
    if not told_apart(measures):
        return None
    form = form_of(text, order.word, superlative=superlative)
    if form is None:
        return None
    degree = Degree(((measures[0].key, sign),), form, superlative, text)
    return Compared(degree, tuple(sorted(measures, key=lambda each: -sign * each.value)))


def other_one(text: str, state: ShoppingState) -> tuple[int, ...]:
    """The place of "the other one" among the products of the row: the one that wasn't chosen; empty where that isn't plain.

    Args:
        text: A shopper's words.
        state: What is remembered.
    """
    if not state.active or not _OTHER.search(text):
        return ()
    chosen = {state.about} if state.about in state.row else set(state.shown) if len(state.shown) == 1 else set()
    left = [place for place, each in enumerate(state.row) if each not in chosen]
    return tuple(left) if chosen and len(left) == 1 else ()


def recalled(catalog: Catalog, text: str, state: ShoppingState, *, kinds: Sequence[str]) -> Product | None:
    """The product of the conversation that a text goes back to, by its kind: "back to the desk"; None for none.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
        state: What is remembered.
        kinds: Kinds that the text names.
    """
    if not kinds or not recalls(text):
        return None
    seen = dict.fromkeys((*state.earlier, *state.seen))
    products = [product for each in seen if (product := catalog.product(each)) is not None]
    return next((product for product in reversed(products) if is_of_kind(product, kinds)), None)
