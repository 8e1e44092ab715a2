"""Finding products: what a wish names, what it demands, and what meets its words and meaning best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.asking import Asked, Asker
from convagent.catalog.choosing import choose_variant
from convagent.catalog.constraints import Constraints, Vocabulary
from convagent.catalog.free_of import says_it_has
from convagent.catalog.hits import ProductHit
from convagent.catalog.own_fields.meeting import named_by
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.ordering import place_of
from convagent.catalog.segment import Segment
from convagent.catalog.telling_facts import reasons_for
from convagent.catalog.titles import name_words
from convagent.catalog.traits import NARROWER
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.catalog.wishes.refusals import names_of_substance
from convagent.catalog.wording import terms_of_group, word_scores
from convagent.facts import Product, Variant
from convagent.search import base_language

__all__ = ["Finder"]

_KIND, _MEANING, _USE = 0.45, 0.9, 0.08
"""What being of the kind, being near in meaning and being for the use is worth beside the words, chosen on the tuning half of
`benchmarks/data/product-queries.jsonl`."""

_PREFERRED = 0.3
"""What saying all that is preferred in the shop's own fields is worth."""

_ANOTHER_KIND = 0.6
"""What is left of a product's score that says it is of another kind than the one that is looked for: on the tuning half any share
from 0.4 to 1 is as good, and a shop whose texts say less needs it."""

_NEAR = 0.35
"""From this cosine on a product is found by its meaning alone."""

_MEETS = 0.2
"""The score of what meets demands of the shop's own fields beside words that nothing has."""

_WHOLE = 0.999
"""A share of words from which on all of them are there."""

_IN_ORDER, _AS_GOOD = 200, 0.5
"""So many of the best are put in the order of their prices, as far as they fit half as well as the very best."""

_LOOKED_AT = 2_000
"""Products whose texts are looked at for what must not be in them; of more, none is found."""


class Finder:
    """Searches a catalog as it is made of segments; built once, safe to share between threads.

    Args:
        segments: The products.
        vocabulary: What the catalog calls its sizes and colours.
        language: Language of the products' texts.
    """

    def __init__(self, segments: Sequence[Segment], *, vocabulary: Vocabulary, language: str) -> None:
        self._segments = tuple(segments)
        self._language = base_language(language)
        for segment in self._segments:  # made before the first query is answered
            _ = segment.facets, segment.names, segment.index
        self._own = vocabulary.own
        self._asker = Asker(self._segments, vocabulary=vocabulary, language=self._language)

    def asked(self, wish: Wish | str, *, language: str | None = None) -> Asked:
        """A wish made ready.

        Args:
            wish: What is wished for, or a shopper's words; their first 1,000 characters are looked at.
            language: Language of the words; None to find out.
        """
        return self._asker.asked(wish, language=language)

    def in_order(self, asked: Asked, *, k: int, in_stock_only: bool) -> tuple[ProductHit, ...]:
        """`hits` in the order that the wish asks for: by price, of what fits nearly as well as the best.

        Args:
            asked: What is asked for.
            k: How many at most, from 1.
            in_stock_only: Whether only what can be bought now is found.
        """
        if asked.wish.by_field is not None and asked.wish.by_field.fields:
            return self.by_field(asked, k=k, in_stock_only=in_stock_only, of_kind=self.has_kind(asked))
        if not asked.wish.by_price:
            return self.hits(asked, k=k, in_stock_only=in_stock_only)
        hits = self.hits(asked, k=max(k, _IN_ORDER), in_stock_only=in_stock_only, of_kind=self.has_kind(asked))
        near = [hit for hit in hits if hit.score >= _AS_GOOD * hits[0].score]
        up = asked.wish.by_price == "lowest"

        def place(hit: ProductHit) -> tuple[str, int]:
            price = hit.variant.price if hit.variant is not None else hit.product.price
            return (price.currency, price.minor if up else -price.minor) if price is not None else ("~", 0)

        return tuple(sorted(near, key=place)[:k])

    def by_field(self, asked: Asked, *, k: int, in_stock_only: bool, of_kind: bool) -> tuple[ProductHit, ...]:
        """`hits` in the order of the field that the wish names; what says nothing of it comes last.

        Args:
            asked: What is asked for.
            k: How many at most, from 1.
            in_stock_only: Whether only what can be bought now is found.
            of_kind: Whether only products of the kinds that are looked for are found.
        """
        order = asked.wish.by_field
        hits = self.hits(asked, k=max(k, _IN_ORDER), in_stock_only=in_stock_only, of_kind=of_kind)
        if order is None or not hits:
            return hits[:k]
        near = [hit for hit in hits if hit.score >= _AS_GOOD * hits[0].score]
        places = {hit.product.id: place_of(hit.product, order, self._own) for hit in near}
        sign = 1 if order.direction == "lowest" else -1

        def key(hit: ProductHit) -> tuple[bool, Decimal]:
            place = places[hit.product.id]
            return place is None, Decimal(0) if place is None else sign * place

        return tuple(sorted(near, key=key)[:k])

    def hits(self, asked: Asked, *, k: int, in_stock_only: bool, of_kind: bool = False) -> tuple[ProductHit, ...]:
        """The products that fit best, at most `k`; of equal scores the earlier one in the catalog comes first.

        Args:
            asked: What is asked for.
            k: How many at most, from 1.
            in_stock_only: Whether only what can be bought now is found.
            of_kind: Whether only products of the kinds that are looked for are found.
        """
        found: dict[str, ProductHit] = {}
        for segment in self._segments:
            hits = self._in(segment, asked, k=k, in_stock_only=in_stock_only, of_kind=of_kind)
            found |= {hit.product.id: hit for hit in hits}
        if len(self._segments) == 1:
            return tuple(found.values())
        return tuple(sorted(found.values(), key=lambda hit: -hit.score)[:k])

    def has_kind(self, asked: Asked) -> bool:
        """Whether the catalog has products of a kind that is looked for, sold out or not."""
        return bool(asked.wish.own_kinds) or any(
            segment.facets.traits.has_kind(each) for segment in self._segments for each in asked.heads
        )

    def is_of_kind(self, asked: Asked, hits: Iterable[ProductHit]) -> bool:
        """Whether one of several hits is of a kind that is looked for."""
        hits = tuple(hits)
        products = [hit.product.id for hit in hits]
        if any(hit.product.kind in asked.wish.own_kinds for hit in hits):
            return True
        for segment in self._segments:
            kinds = segment.facets.traits.of_kinds(asked.heads)
            numbers = [number for key in products if (number := _number(segment, key)) is not None]
            if kinds is not None and bool((kinds[numbers] >= NARROWER).any()):
                return True
        return False

    def _in(
        self, segment: Segment, asked: Asked, *, k: int, in_stock_only: bool, of_kind: bool
    ) -> Iterator[ProductHit]:
        wish, offer = asked.wish, asked.wish.offer
        named = {
            number: (worth, by)
            for key, (worth, by) in asked.names.items()
            if (number := _number(segment, key)) is not None
        }
        passing = self._passing(segment, asked, in_stock_only=in_stock_only, of_kind=of_kind)
        scores, worthy = self._scores(segment, asked, passing)
        base = 0.0
        if worthy is not None and _is_any_gift(asked) and not (worthy & passing).any():
            scores = worthy = None  # nothing calls itself a present: anything may be one
        wants = any(
            not each.refused for each in offer.fields
        )  # who only refuses something says nothing of what it should be
        if worthy is not None and wants and not (worthy & passing).any() and not self.has_kind(asked):
            scores, worthy, base = None, None, _MEETS  # its words are unknown here, what it demands is not
        if scores is None and not named:
            if not (wish.demands or wish.in_stock or wish.audience or wish.uses or wish.fields):
                return
            scores = np.full(len(segment.store), base)
            scores += 0.01 * segment.facets.traits.for_people(wish)
            scores += _preferred(segment, wish)
            worthy = None
        elif scores is None:
            scores, worthy = np.zeros(len(segment.store)), np.zeros(len(segment.store), dtype=np.bool_)
        for number, (worth, _) in named.items():
            scores[number] += worth
            if worthy is not None:
                worthy[number] = True
        if worthy is not None:
            passing = passing & worthy
        terms, refused = self._terms(segment, asked)
        words = frozenset(name_words(asked.text or wish.text))
        left, looked = k, 0
        for number in _best_first(scores, passing, at_least=4 * k):
            product = segment.store[number]
            if product.id in wish.like:
                continue
            if refused or wish.without_materials:
                looked += 1
                if looked > _LOOKED_AT:
                    return
                if says_it_has(product, refused, materials=wish.without_materials):
                    continue
            variant = choose_variant(product, offer, only_buyable=in_stock_only, named=asked.variant_ids, words=words)
            if variant is None and (product.variants or in_stock_only or offer != Constraints()):
                continue
            yield self._hit(
                segment,
                asked,
                product,
                variant,
                score=float(scores[number]),
                terms=terms,
                by=named.get(number, (0.0, None))[1],
            )
            left -= 1
            if left == 0:
                return

    def _hit(
        self, segment: Segment, asked: Asked, product: Product, variant: Variant | None, *, score: float, terms: list[str],
        by: str | None,
    ) -> ProductHit:  # fmt: skip
        """A hit with its reasons."""
        if by == "sku" and (variant is None or variant.id not in asked.variant_ids):
            by = "title"
        reasons = reasons_for(
            product, variant, terms=terms, constraints=asked.wish.offer, tokeniser=segment.index.tokeniser, named_by=by
        )
        return ProductHit(product=product, variant=variant, score=score, reasons=reasons)

    def _passing(self, segment: Segment, asked: Asked, *, in_stock_only: bool, of_kind: bool) -> NDArray[np.bool_]:
        """The products that meet the demands, as far as columns tell."""
        wish = asked.wish
        passing: NDArray[np.bool_] = segment.alive
        for mask in (
            segment.facets.meeting(wish.offer, only_buyable=in_stock_only),
            segment.facets.traits.meeting(wish),
        ):
            if mask is not None:
                passing = passing & mask
        for demand in wish.offer.fields:
            passing = passing & _saying(segment, demand)
        if of_kind:
            kinds = segment.facets.traits.of_kinds(asked.heads)
            own = segment.facets.own.of_kinds(wish.own_kinds)
            passing = passing & (own if kinds is None else own | (kinds >= NARROWER))
        return passing

    def _scores(
        self, segment: Segment, asked: Asked, passing: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.bool_] | None]:
        """How well each product meets what is looked for, from 0 to 1, and which are near enough to be found at all."""
        groups, traits = asked.groups, segment.facets.traits
        if not groups:
            return None, None
        scores = word_scores(segment.index.lexical, groups, asked.language)
        worthy = scores > 0
        total = 1.0
        kinds = traits.of_kinds(asked.heads) if asked.heads else None
        own = None
        if kinds is None and asked.wish.own_kinds:
            own = segment.facets.own.of_kinds(asked.wish.own_kinds)
            worthy |= own
            scores += _KIND * own
        if asked.heads or own is not None:
            total += _KIND
        if kinds is not None:
            scores += _KIND * kinds
            worthy |= kinds >= NARROWER
        near = (
            segment.vectors.scores(asked.meaning, among=passing)
            if segment.vectors is not None and asked.meaning.strip()
            else None
        )
        if near is not None:
            total += _MEANING
            scores += _MEANING * np.maximum(near, 0.0)
            worthy |= near >= _NEAR
        uses = traits.for_uses(asked.wish.uses)
        if uses is not None:
            total += _USE
            scores += _USE * uses
        if any(each.preferred for each in asked.wish.fields):
            total += _PREFERRED
            scores += _preferred(segment, asked.wish)
        scores *= traits.for_people(asked.wish)
        if own is not None:
            scores[~own] *= _ANOTHER_KIND
        elif kinds is not None and self.has_kind(asked):
            scores[traits.of_other_kinds(asked.heads)] *= _ANOTHER_KIND
        return np.minimum(scores / total, 1.0), worthy

    def _terms(self, segment: Segment, asked: Asked) -> tuple[list[str], tuple[tuple[str, ...], ...]]:
        """The terms that speak for a product, and for each thing that must not be in it the words for it."""
        tokeniser = segment.index.tokeniser
        terms: dict[str, None] = {}
        refused: list[tuple[str, ...]] = []
        for group in asked.groups:
            found = terms_of_group(group, tokeniser, asked.language)
            single = [term for term, worth in found.items() if " " not in term and worth >= 0.5]
            terms |= dict.fromkeys(single)
            if not group.concepts:
                terms |= dict.fromkeys(tokeniser.terms(group.text))
        own = self._language if self._language in LANGUAGES else "en"
        languages = tuple(dict.fromkeys((asked.language if asked.language in LANGUAGES else "en", own)))
        for what in asked.wish.without:
            names = names_of_substance(what)
            if not names:
                met = the_lexicon().read(what, languages)
                meant = met[0].concepts if len(met) == 1 else ()
                names = tuple(word for each in meant if each.sort != "material" for word in each.words.get(own, ()))
            refused.append(tuple(dict.fromkeys((what, *names))))
        return list(terms), tuple(refused)


def _saying(segment: Segment, demand: FieldDemand) -> NDArray[np.bool_]:
    """The products that may meet a demand of the shop's own fields; `meets_demands` looks at them once more.

    Of those that say nothing in its fields what has the value's words may have them in its name; refused, all of them pass.
    """
    held, silent = segment.facets.own.meeting(demand)
    if demand.refused:
        return held | silent
    found = held
    lexical = segment.index.lexical
    for value in named_by(demand):
        terms = Counter(dict.fromkeys(segment.index.tokeniser.terms(value), 1))
        if terms and all(map(lexical.has, terms)):
            found = found | (silent & (lexical.coverage(lexical.query(terms)) > _WHOLE))
    return found


def _preferred(segment: Segment, wish: Wish) -> NDArray[np.float64]:
    """For each product how much it has of what is preferred, up to `_PREFERRED`."""
    wanted = [demand for demand in wish.fields if demand.preferred]
    found = np.zeros(len(segment.store))
    for demand in wanted:
        held, silent = segment.facets.own.meeting(demand)
        found += (held | silent if demand.refused else held) * (_PREFERRED / len(wanted))
    return found


def _is_any_gift(asked: Asked) -> bool:
    """Whether all that is said of what is looked for is that it is a present."""
    return all(group.concepts and all(each.name == "gift" for each in group.concepts) for group in asked.groups)


def _number(segment: Segment, key: str) -> int | None:
    found = segment.by_key(key)
    return found[0] if found is not None and segment.alive[found[0]] else None


def _best_first(scores: NDArray[np.float64], passing: NDArray[np.bool_], *, at_least: int) -> Iterator[int]:
    """Numbers by their scores, best first, equal ones ascending; more are put in order only when they are asked for.

    Args:
        scores: One for each number.
        passing: Which numbers come into question.
        at_least: How many are put in order at first.
    """
    numbers = np.flatnonzero(passing)
    while len(numbers):
        values = scores[numbers]
        if len(numbers) > at_least:
            least = np.partition(values, len(values) - at_least)[len(values) - at_least]
            now = values >= least
        else:
            now = np.ones(len(numbers), dtype=np.bool_)
        chosen = numbers[now]
        yield from chosen[np.argsort(-values[now], kind="stable")].tolist()
        numbers = numbers[~now]
        at_least *= 8
