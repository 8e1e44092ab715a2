"""One shopping request at work: the words, what was named, what is remembered, and what the shop has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convagent.catalog import Catalog
from convagent.catalog.attributes.model import Audience
from convagent.catalog.knowing import SizeCharts
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product, Variant
from convagent.search import STOP_WORDS
from convagent.shopping.asker import Asker
from convagent.shopping.hearing import says_which, speaks_of_the_new_one
from convagent.shopping.model import Advice, Pick, ShoppingAct, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.wording import Sentences

if TYPE_CHECKING:
    from convagent.shopping.discounts import DiscountOffer

__all__ = ["ShoppingCase", "described", "is_of_kind", "kinds_mentioned", "told_by_whom"]

_SMALL = frozenset().union(*STOP_WORDS.values()) | frozenset(
    "the and for with der die das und für mit les des une pour avec".split()
)
"""Words that describe no product: "can you engrave it" speaks of no watering can."""

_YOUNG: frozenset[Audience] = frozenset({"children", "girls", "boys", "babies"})
GROWN_UP = 18 * 12
"""Months from which on nobody is a child."""


@dataclass(frozen=True, slots=True)
class ShoppingCase:
    """Everything that one advice is made from.

    Attributes:
        catalog: The shop's products.
        text: The shopper's words.
        act: What they do.
        state: What is remembered.
        asker: Who asks.
        named: Products that the words name, in their order.
        charts: The shop's size charts; None where it has none.
        rules: The selling rules.
    """

    catalog: Catalog
    text: str
    act: ShoppingAct
    state: ShoppingState
    asker: Asker
    rules: SellingRules
    named: tuple[Product, ...] = ()
    charts: SizeCharts | None = None

    @property
    def words(self) -> Sentences:
        """The assistant's words in the shopper's language."""
        return self.asker.sentences

    def products(self, ids: Iterable[str]) -> tuple[Product, ...]:
        """Products by their ids; those that are gone are left out."""
        found = (self.catalog.product(each) for each in ids)
        return tuple(product for product in found if product is not None)

    def meant(self) -> tuple[Product, ...]:
        """The products that the words are about.

        Named ones first, then those shown that are pointed at, the one it was about, the page's, the only one shown.
        """
        if self.named:
            return self.named
        if self.act.places:
            return self.products(self.state.shown[place] for place in self.act.places if place < len(self.state.shown))
        if described := self._described():
            return described
        if len(set(self.state.shown)) == 1 and self.state.active and speaks_of_the_new_one(self.text):
            return self.products(self.state.shown[:1])
        if self.state.about and self.state.idle <= 1:
            return self.products((self.state.about,))
        if len(set(self.state.shown)) == 1:
            return self.products(self.state.shown)
        if self.asker.product is not None:
            return (self.asker.product,)
        viewed = self.asker.session.viewed_product_ids if self.asker.session is not None else ()
        return self.products(viewed[-1:])

    def _described(self) -> tuple[Product, ...]:
        """Those of the products shown that a word of theirs is said of and of no other: "the parka", "the one in brass"."""
        if not self.state.active:
            return ()
        wish = self.catalog.read_wish(self.text, language=self.words.language)
        shown = self.products(dict.fromkeys(self.state.shown))
        kinds = wish.kinds or kinds_mentioned(self.text, self.words.language)
        return described(self.text, shown, kinds) or told_by_whom(self.catalog, self.text, shown, wish)

    def done(
        self, state: ShoppingState | None = None, *, lines: Sequence[str] = (), offer: DiscountOffer | None = None,
        hand_over: tuple[str, str, str] | None = None, why: Sequence[str] = (),
    ) -> Advice:  # fmt: skip
        """An advice of this case that shows and asks nothing; see `Advice` for its parts."""
        kept = self.state if state is None else state
        return Advice(
            replace(kept, idle=0), lines=tuple(lines), offer=offer, hand_over=hand_over, why=tuple(why)
        )  # fmt: skip

    def shown(
        self, picks: Sequence[Pick], *, about: str | None = None, said: Sequence[str] | None = None,
        variant: Variant | None = None,
    ) -> ShoppingState:  # fmt: skip
        """The state after products were shown: what is asked now is closed.

        Args:
            picks: The products.
            about: Id of the one that it is about from now on; None leaves it as it is.
            said: What was said for what is wanted; None leaves it as it is.
            variant: The variant that was spoken of; None for that of the only product, if one was shown.
        """
        variant = variant or (picks[0].variant if len(picks) == 1 else None)
        kept = self.state.variant if about is not None and about == self.state.about else ""
        ids = tuple(pick.product.id for pick in picks)
        seen = tuple(dict.fromkeys((*self.state.seen, *ids)))
        return replace(
            self._with(about, said),
            shown=ids,
            seen=seen,
            asked="",
            choices=(),
            in_a_row=0,
            doing="",
            idle=0,
            variant=variant.id if variant is not None else kept,
        )

    def asking(
        self, attribute: str, choices: Sequence[str] = (), *, doing: str | None = None, about: str | None = None,
        said: Sequence[str] | None = None,
    ) -> ShoppingState:  # fmt: skip
        """The state after a question.

        Args:
            attribute: What is asked for.
            choices: What the question offers.
            doing: The act that it belongs to; None leaves it as it is, and likewise the others.
            about: Id of the product that it is about.
            said: What was said for what is wanted.
        """
        state = self._with(about, said)
        return replace(
            state, asked=attribute, choices=tuple(choices), in_a_row=state.in_a_row + 1, idle=0,
            asked_ever=tuple(dict.fromkeys((*state.asked_ever, attribute))), doing=state.doing if doing is None else doing,
        )  # fmt: skip

    def _with(self, about: str | None, said: Sequence[str] | None) -> ShoppingState:
        state = self.state if about is None else replace(self.state, about=about)
        return state if said is None else replace(state, said=tuple(said))

    def label(self, product: Product, variant: Variant | None = None) -> str:
        """A product as it is spoken of, with the variant that is meant."""
        options = ", ".join(variant.options.values()) if variant is not None else ""
        return f"{product.title} ({options})" if options else product.title


def described(text: str, shown: Sequence[Product], kinds: Sequence[str]) -> tuple[Product, ...]:
    """Those of some products that a word of theirs is said of and of no other: "the parka", "the one in brass".

    Args:
        text: A shopper's words.
        shown: The products, each once.
        kinds: Kinds that the words name, by their English names.
    """
    words = _stems(text) - _SMALL
    if kinds and len(alike := [product for product in shown if is_of_kind(product, kinds)]) == 1:
        return tuple(alike)
    # whom or what it is for is said of one that is told from the others: "the one for children"
    tagged = says_which(text)
    own = [_stems(" ".join((each.title, each.kind or "", *(each.tags if tagged else ())))) for each in shown]
    return tuple(
        product
        for place, product in enumerate(shown)
        if words & (own[place] - set().union(*(own[other] for other in range(len(own)) if other != place)) - _SMALL)
    )


def kinds_mentioned(text: str, language: str) -> tuple[str, ...]:
    """The kinds of products that a text speaks of, whether or not they are looked for: "how many letters fit on the pen?".

    Args:
        text: A shopper's words; the first 300 characters are looked at.
        language: Theirs, ISO 639-1.
    """
    met = the_lexicon().read(text[:300], (language, *(each for each in LANGUAGES if each != language)))
    return tuple(dict.fromkeys(c.name for each in met if each.head for c in each.concepts if c.sort == "kind"))


def told_by_whom(catalog: Catalog, text: str, shown: Sequence[Product], wish: Wish) -> tuple[Product, ...]:
    """The one of some products that is for whom a text says: "the one for children"; none where that tells none or several.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
        shown: The products, each once.
        wish: What the words ask for.
    """
    if not says_which(text) or not (wish.audience or wish.ages):
        return ()
    young = bool(_YOUNG & set(wish.audience)) or any(age < GROWN_UP for age in wish.ages)
    found = []
    for product in shown:
        read = catalog.attributes(product.id)
        ages = [each.high for each in read.ages] if read is not None else []
        for_young = bool(ages) and all(high is not None and high <= GROWN_UP for high in ages)
        if read is not None and (
            read.audience & set(wish.audience) or (young and (for_young or read.audience & _YOUNG))
        ):
            found.append(product)
    return tuple(found) if len(found) == 1 else ()


def _stems(text: str) -> frozenset[str]:
    """Words of three letters and more without the s of their plural."""
    return frozenset(word.rstrip("s") for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))


def is_of_kind(product: Product, kinds: Iterable[str]) -> bool:
    """Whether a product is of one of some kinds, by the words of its kind and title.

    Args:
        product: The product.
        kinds: English names of kinds, as a `Wish` has them.
    """
    own = f"{product.kind or ''} {product.title}".casefold()
    words = set(re.findall(r"[^\W\d_]+", own))
    return any(
        all(part in words or part.rstrip("s") in words or f"{part}s" in words for part in kind.casefold().split())
        for kind in kinds
    )
