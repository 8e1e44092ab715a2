"""The shopping assistant: what a message does, and what to advise. Pure, given the catalog: same words and state, same advice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import cast

from convagent.catalog import Catalog
from convagent.catalog.knowing import SizeCharts
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.shopping.asker import Asker
from convagent.shopping.case import ShoppingCase, described, is_of_kind
from convagent.shopping.declined import read_decline
from convagent.shopping.details import facts_asked_for, quotes_words
from convagent.shopping.hearing import (
    LIKELY,
    PLAIN,
    adds_a_kind,
    adds_on,
    asks_if_there,
    asks_the_price,
    chooses,
    is_about_delivery,
    is_other_business,
    is_question,
    keeps_the_options,
    leaves_it_open,
    places_in,
    points_back,
    read_act,
    yes_or_no,
)
from convagent.shopping.hesitation import read_hesitation
from convagent.shopping.interest import interest_in
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ACT_KINDS, ActKind, Advice, ShoppingAct, ShoppingState
from convagent.shopping.naming import mentioned_variants
from convagent.shopping.pricing import declined, hesitating, put_off
from convagent.shopping.relating import alternatives, bundles, compared, complements, picked, upgrades
from convagent.shopping.rules import SellingRules
from convagent.shopping.shading import shaded
from convagent.shopping.trying_on import fitted
from convagent.shopping.wishing import wish_read

__all__ = ["LEAST_INTEREST", "ShoppingAssistant"]

LEAST_INTEREST = 0.35
"""From here on a message may look for a product: it names a kind that the shop sells, or says that it looks for something."""

FEW = 6
"""Words of a message that leans on what was shown and says nothing else."""

NEAR = 8
"""Products that may be meant by a name that isn't written as the shop writes it."""

LOOKS_RATHER = 0.5
"""A message that a guide takes for one about a product looks for one instead from here on, where it names none."""

_NEEDS_NO_PRODUCT = frozenset({"", "find", "shade", "price"})

_HANDLERS: Mapping[ActKind, Callable[[ShoppingCase], Advice]] = {
    "find": looked_for, "answer": looked_for, "refine": looked_for, "cheaper": looked_for, "cheapest": looked_for,
    "more": looked_for,
    "relax": looked_for, "compare": compared, "pick": picked, "complement": complements, "alternative": alternatives,
    "upgrade": upgrades, "fit": fitted, "shade": shaded, "bundle": bundles, "price": hesitating, "later": put_off,
    "decline": declined,
}  # fmt: skip


class ShoppingAssistant:
    """Advises shoppers. Immutable; safe to share between threads.

    Args:
        catalog: The shop's products.
        rules: The selling rules.
        charts: Reads the shop's size charts when they are first needed; None where it has none.
        guides: Titles of the guides that leave a request to the assistant (`do advise`), with what each says it is about.
    """

    def __init__(
        self,
        catalog: Catalog,
        rules: SellingRules,
        *,
        charts: Callable[[], SizeCharts | None] | None = None,
        guides: Mapping[str, str] | None = None,
    ) -> None:
        self._catalog = catalog
        self._rules = rules
        self._read_charts = charts
        self._guides = {title.casefold(): about for title, about in (guides or {}).items()}

    @cached_property
    def _charts(self) -> SizeCharts | None:
        return self._read_charts() if self._read_charts is not None else None

    def is_advising(self, title: str) -> bool:
        """Whether a guide leaves its request to the assistant."""
        return title.casefold() in self._guides

    def is_about_one(self, title: str) -> bool:
        """Whether a guide leaves requests to the assistant that are about a product, which has to be known."""
        return self._guides.get(title.casefold(), "find") not in _NEEDS_NO_PRODUCT

    def is_about(self, title: str, kind: ActKind) -> bool:
        """Whether a guide leaves to the assistant what an act does."""
        return self._guides.get(title.casefold()) in {kind, ""}

    def act(self, text: str, state: ShoppingState) -> ShoppingAct | None:
        """What a message does in the shopping conversation; None where it does nothing in it.

        One that looks for something is as sure as `interest_in` finds it, whatever words it has.

        Args:
            text: The shopper's words.
            state: What is remembered.
        """
        wish = wish_read(self._catalog, text)
        named = (*wish.named, *wish.like)
        act = read_act(text, state, named=named)
        if (leaning := self._leaning(text, state, wish)) is not None:
            return leaning
        of_one = state.active and state.about and not wish.kinds and not named
        if (
            of_one
            and not state.asked
            and (wish.colours or wish.sizes)
            and (act is None or act.kind in {"find", "refine"})
        ):
            return ShoppingAct("pick", PLAIN if len(text.split()) <= FEW else LIKELY, True)
        if act is not None and act.kind == "more" and (wish.kinds or wish.demands or wish.qualities):
            return ShoppingAct("find", PLAIN)  # "what else keeps me dry?" is no more of the same
        asked = act is not None and act.kind == "find"
        if named and (asked or (act is None and asks_if_there(text))) and self._is_gone(named[0]):
            return ShoppingAct("alternative", LIKELY)
        if (
            named
            and not wish.kinds
            and asks_if_there(text)
            and not facts_asked_for(text)
            and not is_other_business(text)
        ) and (act is None or act.kind == "find"):
            return ShoppingAct("pick", LIKELY)
        if act is None and state.active and len(text.split()) <= FEW:
            if leaves_it_open(text) and state.said:
                return ShoppingAct("answer", PLAIN, True)
            if adds_on(text) and not named and not facts_asked_for(text) and not is_other_business(text) and state.said:
                return ShoppingAct("refine", PLAIN, True)
        if act is not None and act.kind != "find":
            return act
        if is_other_business(text) or (is_about_delivery(text) and not named and is_question(text)):
            return None
        if state.active and not wish.kinds and not named:
            if state.about and facts_asked_for(text):
                return ShoppingAct("pick", LIKELY, True)
            if wish.demands or wish.uses or wish.qualities:
                return ShoppingAct("refine", LIKELY, True)
        sure = interest_in(text, wish, says_so=act is not None)
        if named and (sure < LEAST_INTEREST or facts_asked_for(text)):
            told = facts_asked_for(text) or asks_if_there(text) or act is not None or not is_question(text)
            return ShoppingAct("pick", LEAST_INTEREST) if told else None
        return ShoppingAct("find", sure) if sure >= LEAST_INTEREST else None

    def _leaning(self, text: str, state: ShoppingState, wish: Wish) -> ShoppingAct | None:
        """What a message does that plainly leans on what was shown, asked or offered; None for none such."""
        if not state.active or is_other_business(text) or is_about_delivery(text):
            return None
        shown = [product for each in dict.fromkeys(state.shown) if (product := self._catalog.product(each)) is not None]
        named = (*wish.named, *wish.like)
        if state.offered and not state.asked and len(text.split()) <= FEW and yes_or_no(text):
            return ShoppingAct("price", PLAIN, True)
        no = read_decline(text)
        if state.offered and no is not None and no.scope == "discount":
            return ShoppingAct("decline", PLAIN, True)
        if wish.without and not wish.kinds and not state.said and any(is_of_kind(each, wish.without) for each in shown):
            return ShoppingAct("decline", PLAIN, True)
        if state.asked == "product" and named and not facts_asked_for(text.replace("?", "")):
            return ShoppingAct("answer", PLAIN, True)
        said = wish.demands or wish.kinds or wish.uses or wish.recipient or wish.audience
        chosen = any(_said(choice, text) for choice in state.choices)
        if state.asked and not is_question(text) and not named and (chosen or said) and read_hesitation(text) is None:
            return ShoppingAct("answer", PLAIN, True)
        if named and (adds_a_kind(text) or keeps_the_options(text)) and not facts_asked_for(text):
            return ShoppingAct("pick", PLAIN, keeps_the_options(text))
        about = self._catalog.product(state.about) if state.about else None
        leans = not named and asks_if_there(text) and points_back(text)
        if about is not None and leans and mentioned_variants(about, text):
            return ShoppingAct("pick", PLAIN, True)
        meant = described(text, shown, wish.kinds)
        pointed = bool(places_in(text, state.shown)) or len(meant) == 1
        if len(meant) == 1 and not named and (facts_asked_for(text) or quotes_words(text)) and is_question(text):
            return ShoppingAct("pick", PLAIN, True)
        if len(meant) == 1 and wish.kinds and not named and (wish.colours or mentioned_variants(meant[0], text)):
            return ShoppingAct("pick", PLAIN, True)
        if asks_the_price(text) and not named and (pointed or (points_back(text) and not wish.kinds)):
            return ShoppingAct("pick", PLAIN, True, places_in(text, state.shown))
        pointed = pointed and (not wish.kinds or len(described(text, shown, ())) == 1)
        if not named and pointed and chooses(text):
            return ShoppingAct("pick", PLAIN, True, places_in(text, state.shown))
        if wish.kinds and not named and adds_a_kind(text) and not facts_asked_for(text):
            return ShoppingAct("find" if not state.said else "refine", PLAIN, bool(state.said))
        if wish.kinds and not named and state.said and len(text.split()) <= 2 * FEW and wish.demands:
            alone = not is_question(text) and read_act(text, ShoppingState()) is None
            return ShoppingAct("refine", PLAIN, True) if alone else None
        return None

    def _is_gone(self, name: str) -> bool:
        product = self._catalog.product(name)
        return product is not None and product.status is not None and product.status != "active"

    def has(self, text: str) -> bool:
        """Whether the shop has something for what a text looks for: a product of that kind, or one that it names."""
        wish = wish_read(self._catalog, text)
        return self.names_one(text) or not wish.kinds or bool(self._catalog.find(wish, k=1, only_kind=True).hits)

    def names_one(self, text: str) -> bool:
        """Whether a text names a product."""
        wish = wish_read(self._catalog, text)
        return bool(wish.named or wish.like)

    def advise(self, text: str, state: ShoppingState, asker: Asker, *, about: str = "", aside: bool = False) -> Advice:
        """What to say, show or ask.

        Args:
            text: The shopper's words.
            state: What is remembered.
            asker: Who asks.
            about: What a guide says that it is about, one of `ACT_KINDS`; read from the words where it is empty.
            aside: Whether it stands beside what a guide says itself, on the guide's own words: then it shows products or
                says nothing.
        """
        named = self._named(text)
        act = self.act(text, state)
        if about in ACT_KINDS and about != "find" and (act is None or (act.kind != about and act.sure < PLAIN)):
            known = named or state.active or asker.product is not None or about in _NEEDS_NO_PRODUCT
            looks = act is not None and act.kind == "find" and not named and not (state.active and points_back(text))
            if aside or not looks or (known and act is not None and act.sure < LOOKS_RATHER):
                act = ShoppingAct(cast(ActKind, about), PLAIN, aside)
        if act is None:
            act = ShoppingAct("find", PLAIN)
        if act.kind == "fit" and named and asks_if_there(text):
            act = replace(act, kind="pick", follows=bool(state.said) and keeps_the_options(text))
        case = ShoppingCase(
            catalog=self._catalog.for_market(asker.market[0], currency=asker.market[1]) if asker.market else self._catalog,
            text=text, act=act, state=state, asker=asker, rules=self._rules, named=named,
            charts=self._charts,
        )  # fmt: skip
        if act.kind == "answer":
            case = _resumed(case)
        advice = _HANDLERS[case.act.kind](case)
        if aside:
            return replace(
                advice,
                lines=advice.lines[-1:] if advice.picks else (),
                question="",
                hand_over=None,
                state=replace(state, about=named[0].id if named else state.about),
            )
        return advice

    def _named(self, text: str) -> tuple[Product, ...]:
        wish = wish_read(self._catalog, text)
        found = (self._catalog.product(each) for each in dict.fromkeys((*wish.named, *wish.like)))
        named = tuple(product for product in found if product is not None)
        if named:
            return named
        # "the Cobble Boots" are the Cobble Boot: every word of the name, however it is inflected
        words = _stems(text)
        near = (hit.product for hit in self._catalog.find(wish, k=NEAR).hits)
        own = ((product, _stems(product.title) - _stems(product.vendor or "")) for product in near)
        whole = [product for product, name in own if len(name) > 1 and name <= words]
        return tuple(whole[:1])


def _resumed(case: ShoppingCase) -> ShoppingCase:
    """An answer goes to what asked: a size, a shade, a comparison, or the search."""
    doing, asked = case.state.doing, case.state.asked
    if asked == "relax":
        agreed = yes_or_no(case.text)
        if agreed is not None:
            return replace(case, act=replace(case.act, kind="relax" if agreed else "later"))
    if doing in ACT_KINDS and doing not in {"find", "answer"}:
        return replace(case, act=replace(case.act, kind=cast(ActKind, doing)))
    return case


def _said(choice: str, text: str) -> bool:
    """Whether one of the answers that we offered is what a text says, as a whole word."""
    return bool(re.search(rf"(?<!\w){re.escape(choice.casefold())}(?!\w)", text.casefold()))


def _stems(text: str) -> frozenset[str]:
    """Words without the s of their plural and without articles."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(word.rstrip("s") for word in words if word not in {"the", "a", "an"})
