"""One shopping request at work: the words, what was named, what is remembered, and what the shop has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convagent.catalog import Catalog
from convagent.catalog.knowing import SizeCharts
from convagent.facts import Product, Variant
from convagent.shopping.asker import Asker
from convagent.shopping.compared import Compared, compared_by, recalled
from convagent.shopping.hearing import speaks_of_the_new_one
from convagent.shopping.model import Advice, Pick, ShoppingAct, ShoppingState
from convagent.shopping.pointing import described, kinds_mentioned, told_by_whom
from convagent.shopping.rules import SellingRules
from convagent.shopping.wording import Sentences

if TYPE_CHECKING:
    from convagent.shopping.discounts import DiscountOffer

__all__ = ["ShoppingCase"]


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
            row = self.state.row
            return self.products(row[place] for place in self.act.places if place < len(row))
        kinds = kinds_mentioned(self.text, self.words.language)
        if (before := recalled(self.catalog, self.text, self.state, kinds=kinds)) is not None:
            return (before,)
        if (by := self.compared()) is not None and by.degree.form != "new":
            return by.best
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

    def compared(self) -> Compared | None:
        """How the products that were shown last compare by what the words say; None where they compare none of them."""
        return compared_by(self.catalog, self.text, self.state, language=self.words.language)

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
            beside=_row_after(self.state, ids),
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


def _row_after(state: ShoppingState, shown: Sequence[str]) -> tuple[str, ...]:
    """What "the other one" is among, after products were shown: they themselves, or the row that the only one is of."""
    return state.row if len(shown) == 1 and shown[0] in state.row else tuple(shown)
