"""What a customer's words demand of a product: price, size, colour, stock. Read first, then taken out of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from convagent.catalog.colours import read_colours, read_unwanted_colours
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.vocabulary import OwnVocabulary
from convagent.catalog.price_words import PriceMention, read_prices
from convagent.catalog.sizes import read_sizes
from convagent.facts import Money

__all__ = ["Constraints", "ReadText", "Vocabulary", "read_constraints"]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a variant must be. Everything that is given must hold; of several sizes or colours one is enough.

    Args:
        at_least: The lowest price, itself included ("over 50" is 50.01).
        at_most: The highest price, itself included ("under 150" is 149.99).
        sizes: As the customer wrote them.
        colours: Colours in English, or the shop's own names of shades in lower case.
        without_colours: Colours that the variant must not have.
        in_stock: Whether the customer asked for what is in stock.
        reduced: Whether it must cost less than it used to.
        fields: What it must say in the shop's own fields.
    """

    at_least: Money | None = None
    at_most: Money | None = None
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    without_colours: tuple[str, ...] = ()
    in_stock: bool = False
    reduced: bool = False
    fields: tuple[FieldDemand, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a catalog calls its sizes, its colours and its own fields, so that "in Moss" and "size 140x200" are understood.

    Args:
        currency: What a bare number of a price means.
        sizes: The values of options for sizes.
        colours: The values of options for colours and shades.
        own: The shop's own fields with their values.
    """

    currency: str = "EUR"
    sizes: frozenset[str] = field(default_factory=frozenset)
    colours: frozenset[str] = field(default_factory=frozenset)
    own: OwnVocabulary = field(default_factory=OwnVocabulary)


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text after its constraints were read.

    Args:
        constraints: What was read.
        rest: The text without the words that were read.
        spans: Where those words stood in the text, in order.
    """

    constraints: Constraints
    rest: str
    spans: tuple[tuple[int, int], ...]


_IN_STOCK = re.compile(
    r"(?<!not )(?<!nicht )(?<!pas )\b(?:(?:that|which)(?:'s|\s+is|\s+are)\s+)?(?:currently\s+|still\s+)?"
    r"(?:in stock|available now|available right now|auf lager|vorrätig|sofort lieferbar|en stock)\b",
    re.IGNORECASE,
)

_REDUCED = re.compile(
    r"(?<!not )(?<!nicht )(?<!pas )\b(?:(?:that|which)(?:['’]s|\s+is|\s+are)\s+)?(?:currently\s+)?"
    r"(?:(?:on|in\s+the|in\s+your)\s+sale(?!\w)(?!\s+(?:now|yet|again|from|on|until|since|soon)\b)|"
    r"on\s+(?:special\s+)?offer|marked\s+down|discounted|sale\s+items?|"
    r"(?:(?:is|are|something|anything|what|all)\s+)reduced\b|reduced\s+(?:in\s+price|items?|products?)|"
    r"im\s+(?:angebot|sale)|reduzierte?[nrs]?|herabgesetzte?[nrs]?|en\s+(?:promo(?:tion)?|soldes?)|soldée?s?)(?![\w'’])",
    re.IGNORECASE,
)
"""What must cost less than it used to; "when is it on sale again?" asks something else."""


def read_constraints(text: str, vocabulary: Vocabulary, *, spare: Iterable[tuple[int, int]] = ()) -> ReadText:
    """Read what a text demands.

    Where mentions overlap, prices come before stock, refused colours, sizes and colours, in this order. Two bounds of
    a price are joined ("over 20 but under 50").

    Args:
        text: A customer's words in English, German or French.
        vocabulary: What the catalog calls its sizes and colours.
        spare: Spans of the text to leave alone, such as titles of products: "The Little Black Notebook" asks for no
            colour.
    """
    reading = _Reading(text, spare)
    prices = [
        mention
        for mention in read_prices(text, currency=vocabulary.currency)
        if reading.take(mention.start, mention.end)
    ]
    stock = [match for match in _IN_STOCK.finditer(text) if reading.take(*match.span())]
    reduced = [match for match in _REDUCED.finditer(text) if reading.take(*match.span())]
    without = [
        c
        for start, end, found in read_unwanted_colours(text, shop=vocabulary.colours)
        if reading.take(start, end)
        for c in found
    ]
    sizes = [
        s for start, end, found in read_sizes(text, shop=vocabulary.sizes) if reading.take(start, end) for s in found
    ]
    colours = [
        c
        for start, end, found in read_colours(text, shop=vocabulary.colours)
        if reading.take(start, end)
        for c in found
    ]
    at_least, at_most = _joined(prices)
    constraints = Constraints(
        at_least=at_least,
        at_most=at_most,
        sizes=tuple(dict.fromkeys(sizes)),
        colours=tuple(dict.fromkeys(colour for colour in colours if colour not in without)),
        without_colours=tuple(dict.fromkeys(without)),
        in_stock=bool(stock),
        reduced=bool(reduced),
    )
    return ReadText(constraints=constraints, rest=reading.rest(), spans=tuple(sorted(reading.taken)))


class _Reading:
    """A text while it is read: which words are spoken for."""

    def __init__(self, text: str, spare: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self.spare = tuple(spare)
        self.taken: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> bool:
        """Take a span unless some of it is taken or spared; whether it was free."""
        free = all(end <= s or start >= e for s, e in (*self.taken, *self.spare))
        if free:
            self.taken.append((start, end))
        return free

    def rest(self) -> str:
        """What nobody took."""
        pieces: list[str] = []
        at = 0
        for start, end in sorted(self.taken):
            pieces.append(self.text[at:start])
            at = end
        return " ".join(" ".join([*pieces, self.text[at:]]).split())


def _joined(prices: list[PriceMention]) -> tuple[Money | None, Money | None]:
    """The narrowest bounds; those of another currency than the first one can't be compared and are left out."""
    currency = next(
        (bound.currency for mention in prices for bound in (mention.at_least, mention.at_most) if bound), None
    )
    lows = [mention.at_least for mention in prices if mention.at_least and mention.at_least.currency == currency]
    highs = [mention.at_most for mention in prices if mention.at_most and mention.at_most.currency == currency]
    return (max(lows) if lows else None), (min(highs) if highs else None)
