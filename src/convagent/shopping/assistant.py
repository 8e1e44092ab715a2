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
from convagent.shopping.act_reader import ActReader
from convagent.shopping.article_questions import in_plain_kinds, is_named_in, of_returning, returns_of
from convagent.shopping.asker import Asker
from convagent.shopping.case import ShoppingCase
from convagent.shopping.comparing import bundles, compared
from convagent.shopping.complementing import complements, upgrades
from convagent.shopping.details import asks_a_property
from convagent.shopping.hearing import (
    LIKELY,
    PLAIN,
    asks_if_there,
    compares,
    is_question,
    keeps_the_options,
    points_back,
    puts_a_return,
    yes_or_no,
)
from convagent.shopping.looking import looked_for
from convagent.shopping.model import ACT_KINDS, ActKind, Advice, ShoppingAct, ShoppingState
from convagent.shopping.naming import mentioned_variants
from convagent.shopping.of_a_kind import some_say_so
from convagent.shopping.own_words import tells
from convagent.shopping.picking import alternatives, asks_of_the_thing, picked
from convagent.shopping.pricing import declined, hesitating, put_off
from convagent.shopping.rules import SellingRules
from convagent.shopping.shading import shaded
from convagent.shopping.short_names import called_alike
from convagent.shopping.speaking import meant_by_words, said_of
from convagent.shopping.telling import told_by
from convagent.shopping.trying_on import fits_no_body, fitted, is_worn_by_nobody
from convagent.shopping.wishing import wish_read

__all__ = ["ShoppingAssistant"]

NEAR = 8
"""Products that may be meant by a name that isn't written as the shop writes it."""

LOOKS_RATHER = 0.5
"""A message that a guide takes for one about a product looks for one instead from here on, where it names none."""

_NEEDS_NO_PRODUCT = frozenset({"", "find", "shade", "price"})

_OF_ANYTHING: frozenset[ActKind] = frozenset({"pick", "bundle", "find", "compare"})
"""What is asked of a thing that nobody wears as of any other."""

_SHOWS: frozenset[ActKind] = frozenset({"find", "refine", "alternative", "complement", "upgrade", "fit"})
"""What shows products for a wish, rather than telling of one."""

_HANDLERS: Mapping[ActKind, Callable[[ShoppingCase], Advice]] = {
    "find": looked_for, "answer": looked_for, "refine": looked_for, "cheaper": looked_for, "cheapest": looked_for,
    "more": looked_for,
    "relax": looked_for, "compare": compared, "pick": picked, "complement": complements, "alternative": alternatives,
    "upgrade": upgrades, "fit": fitted, "shade": shaded, "bundle": bundles, "price": hesitating, "later": put_off,
    "decline": declined,
}  # fmt: skip


class ShoppingAssistant:
    """Advises shoppers. Immutable, but for the reading of the last message, which is kept; safe to share between threads.

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
        self._acts = ActReader(catalog)
        self._rules = rules
        self._read_charts = charts
        self._guides = {title.casefold(): about for title, about in (guides or {}).items()}
        self._last_read: tuple[str, ShoppingState, ShoppingAct | None] | None = None

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

        Args:
            text: The shopper's words.
            state: What is remembered.
        """
        last = self._last_read  # a turn asks twice: how sure it is, then what to do
        if last is None or last[0] != text or last[1] != state:
            found = self._acts.read(text, state)
            if found is None or found.kind == "find":
                wish = wish_read(self._catalog, text)
                of_all = some_say_so(self._catalog, text, wish, shown=bool(state.shown))
                found = None if of_all is False else ShoppingAct("find", LIKELY) if of_all and found is None else found
            last = self._last_read = text, state, found
        return last[2]

    def asks_after_what_is_gone(self, text: str) -> bool:
        """Whether a text asks if there still is a product, by its name, that isn't made any more."""
        if not asks_if_there(text):
            return False
        wish = wish_read(self._catalog, text)
        return any(self._acts.is_gone(each) for each in (*wish.named, *wish.like)[:1])

    def has(self, text: str) -> bool:
        """Whether the shop has something for what a text looks for: a product of that kind, or one that it names."""
        wish = wish_read(self._catalog, text)
        return self.names_one(text) or not wish.kinds or bool(self._catalog.find(wish, k=1, only_kind=True).hits)

    def finds_anything(self, text: str) -> bool:
        """Whether any product has to do with what a text says."""
        return bool(self._catalog.find(wish_read(self._catalog, text), k=1).hits)

    def tells_itself(self, text: str, state: ShoppingState) -> bool:
        """Whether a question is answered by a field of the one product that it names, or that was spoken of.

        Args:
            text: The shopper's words.
            state: What is remembered.
        """
        named = wish_read(self._catalog, text).named or ((state.about,) if state.active and state.about else ())
        product = self._catalog.product(named[0]) if len(named) == 1 else None
        return product is not None and is_question(text) and tells(text, product)

    def asks_what_it_is_like(self, text: str, state: ShoppingState, *, language: str) -> bool:
        """Whether a question is about what the product is like that was spoken of, rather than about how it is sold.

        Args:
            text: The shopper's words.
            state: What is remembered.
            language: Theirs, ISO 639-1.
        """
        product = self._spoken_of(state)
        return product is not None and is_question(text) and asks_a_property(text, language)

    def _spoken_of(self, state: ShoppingState) -> Product | None:
        """The one product that was spoken of last, where the talk is still about shopping."""
        return self._catalog.product(state.about) if state.active and state.about else None

    def says_in_its_own_words(self, text: str, state: ShoppingState, *, language: str) -> bool:
        """Whether what the shop says of the product that was spoken of tells a question by its meaning: "vegan" among its tags.

        Args:
            text: The shopper's words.
            state: What is remembered.
            language: Theirs, ISO 639-1.
        """
        product = self._spoken_of(state)
        if product is None:
            return False
        meant = meant_by_words(text, language)
        of_it = said_of(product, meant, language=language, home=self._catalog.language) if meant else ()
        return bool(of_it or told_by(text, product, language))

    def is_spoken_of(self, about: str, said: str, state: ShoppingState) -> bool:
        """Whether an article speaks of the product that was spoken of: by its name, by its kind, or by a tag in what heads it.

        Args:
            about: The article's title and headings.
            said: All that it says.
            state: What is remembered.
        """
        product = self._spoken_of(state)
        return product is not None and is_named_in(product, about, said)

    def answers_at_once(self, text: str, state: ShoppingState | None = None) -> bool:
        """Whether a field of its own answers what becomes of a product, so that all of the text is one question.

        Args:
            text: The shopper's words.
            state: What is remembered, for what was spoken of before; None where the text has to name the product.
        """
        state = state or ShoppingState()
        return self._acts.of_its_own(text, state, wish_read(self._catalog, text).named) is not None

    def kind_of_what_it_is_about(self, text: str, state: ShoppingState) -> str:
        """What the product is that was spoken of, where a text names no other; empty for none.

        Args:
            text: The shopper's words.
            state: What is remembered.
        """
        product = self._spoken_of(state) if not self.names_one(text) else None
        return (product.kind or "").casefold().rpartition(" ")[2] if product is not None else ""

    def what_it_is(self, state: ShoppingState) -> str:
        """The product that was spoken of, with its variant, as its page calls it: "Deodorant (Unscented)"; empty for none.

        Args:
            state: What is remembered.
        """
        product = self._spoken_of(state)
        if product is None:
            return ""
        variant = next((each for each in product.variants if each.id == state.variant), None)
        values = variant.options.values() if variant is not None else ()
        options = ", ".join(value.split(" (")[0] for value in values)  # "Shell (light, cool)" is called Shell
        return f"{product.title} ({options})" if options else product.title

    def in_other_words(self, text: str, state: ShoppingState, *, language: str) -> tuple[str, ...]:
        """A question about a product, or a kind of them, as articles would put it: by what it is, and of anything at all.

        Args:
            text: The shopper's words.
            state: What is remembered.
            language: Theirs, ISO 639-1.
        """
        named = self._named(text)
        about = self._spoken_of(state) if not named else None
        if about is not None and puts_a_return(text):
            return returns_of(about, language=language)
        if named:
            plain = in_plain_kinds(text, named)
            return (of_returning(plain, named[0], language=language), plain) if puts_a_return(text) else (plain,)
        wish = wish_read(self._catalog, text)
        words = {word for kind in wish.kinds for word in kind.split()}
        found = [
            re.sub(rf"\b(?:an? |the )?{re.escape(word)}s?\b", "something", text, flags=re.IGNORECASE) for word in words
        ]
        return tuple(each for each in found if each != text)

    def names_another(self, text: str, state: ShoppingState) -> bool:
        """Whether a text names a product other than the one that was spoken of.

        Args:
            text: The shopper's words.
            state: What is remembered.
        """
        wish = wish_read(self._catalog, text)
        return any(each != state.about for each in (*wish.named, *wish.like))

    def is_wanted_in_part(self, text: str) -> bool:
        """Whether a text asks if a product is there in a colour or a size, of which it comes in several others.

        Args:
            text: The shopper's words.
        """
        wish = wish_read(self._catalog, text)
        one = len(wish.named) == 1 and not wish.sizes and asks_if_there(text)
        product = self._catalog.product(wish.named[0]) if one else None
        if product is None or (product.status is not None and product.status != "active"):
            return False
        meant = mentioned_variants(product, text)
        return 1 < len(meant) < len(product.variants) and any(variant.available for variant in meant)

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
        act = own = self.act(text, state)
        lets_go = act is not None and act.kind in {"later", "decline"}
        if about in ACT_KINDS and about != "find" and not lets_go and (
            act is None or (act.kind != about and act.sure < PLAIN)
        ):  # fmt: skip
            known = named or state.active or asker.product is not None or about in _NEEDS_NO_PRODUCT
            looks = act is not None and act.kind == "find" and not named and not (state.active and points_back(text))
            looks = looks and not (about == "compare" and compares(text))
            if aside or not looks or (known and act is not None and act.sure < LOOKS_RATHER):
                act = ShoppingAct(cast(ActKind, about), PLAIN, aside)
        if act is None:
            asks_of_it = state.active and state.about and is_question(text) and points_back(text)
            act = ShoppingAct("pick", LIKELY, True) if asks_of_it else ShoppingAct("find", PLAIN)
        if act.kind == "fit" and named and asks_if_there(text):
            act = replace(act, kind="pick", follows=bool(state.said) and keeps_the_options(text))
        case = ShoppingCase(
            catalog=self._catalog.for_market(asker.market[0], currency=asker.market[1]) if asker.market else self._catalog,
            text=text, act=act, state=state, asker=asker, rules=self._rules, named=named,
            charts=self._charts,
        )  # fmt: skip
        if act.kind == "answer":
            case = _resumed(case)
        if case.act.kind == "fit" and fits_no_body(case):
            case = replace(case, act=replace(case.act, kind="pick"))
        elif case.act.kind == "fit" and own is not None and own.kind in _OF_ANYTHING and is_worn_by_nobody(case):
            case = replace(case, act=own)  # a guide took it for a question of sizes, of a thing that has none
        advice = _HANDLERS[case.act.kind](case)
        if not aside:
            advice = _not_the_same_again(case, advice)
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
        if named or (named := called_alike(self._catalog, text)):
            return named
        # "the Cobble Boots" are the Cobble Boot: every word of the name, however it is inflected
        words = _stems(text)
        plain = Wish(
            text=wish.text, language=wish.language, kinds=wish.kinds
        )  # whether or not it is there as it is wanted
        near = (hit.product for hit in self._catalog.find(plain, k=NEAR).hits)
        own = ((product, _stems(product.title) - _stems(product.vendor or "")) for product in near)
        whole = [product for product, name in own if len(name) > 1 and name <= words]
        return tuple(whole[:1])


def _not_the_same_again(case: ShoppingCase, advice: Advice) -> Advice:
    """The advice; where a question would be met with what was shown just before, it is about that, and answered so.

    "Is it breathable?" changes no wish. A size that was told is told again where nothing answers better.
    """
    kind, shown = case.act.kind, {pick.product.id for pick in advice.picks}
    wish = wish_read(case.catalog, case.text, language=case.words.language)
    again = bool(shown) and case.state.active and shown == set(case.state.shown)
    says_more = wish.demands or wish.kinds or wish.named
    if not again or kind not in _SHOWS or says_more or not asks_of_the_thing(case.text):
        return advice
    told = picked(replace(case, act=ShoppingAct("pick", PLAIN, True)))
    return advice if kind == "fit" and told.hand_over is not None else told


def _resumed(case: ShoppingCase) -> ShoppingCase:
    """An answer goes to what asked: a size, a shade, a comparison, or the search."""
    doing, asked = case.state.doing, case.state.asked
    if asked == "relax":
        agreed = yes_or_no(case.text)
        wish = wish_read(case.catalog, case.text, language=case.words.language)
        if agreed is False and (wish.kinds or wish.demands or wish.named):  # "no, then rather a T-shirt"
            return replace(case, act=replace(case.act, kind="refine"), state=replace(case.state, asked="", choices=()))
        if agreed is not None:
            return replace(case, act=replace(case.act, kind="relax" if agreed else "later"))
    if doing in ACT_KINDS and doing not in {"find", "answer"}:
        return replace(case, act=replace(case.act, kind=cast(ActKind, doing)))
    return case


def _stems(text: str) -> frozenset[str]:
    """Words without the s of their plural and without articles."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(word.rstrip("s") for word in words if word not in {"the", "a", "an"})
