"""What a message does in the shopping conversation, by its words and by what the catalog understands of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog import Catalog
from convagent.catalog.constraints import Constraints
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.shopping.asked_plainly import asks_for_itself, asks_politely, asks_which_does, is_a_wish
from convagent.shopping.compared import compared_by, other_one, recalled
from convagent.shopping.declined import read_decline
from convagent.shopping.degrees import read_degree
from convagent.shopping.details import facts_asked_for, quotes_words
from convagent.shopping.hearing import (
    LIKELY,
    PLAIN,
    adds_a_kind,
    adds_on,
    asks_a_service,
    asks_for_more,
    asks_if_there,
    asks_of_it,
    asks_of_the_one,
    asks_the_price,
    asks_to_hear_of,
    asks_which_is,
    chooses,
    goes_on_to_the_one,
    is_about_delivery,
    is_for_it,
    is_other_business,
    is_question,
    keeps_the_options,
    keeps_the_shade,
    leaves_it_open,
    places_in,
    points_back,
    puts_a_return,
    read_act,
    recalls,
    says_of_these,
    says_which,
    speaks_of_the_new_one,
    what_is_liked,
    yes_or_no,
)
from convagent.shopping.hesitation import read_hesitation
from convagent.shopping.interest import interest_in
from convagent.shopping.model import ShoppingAct, ShoppingState
from convagent.shopping.naming import mentioned_variants
from convagent.shopping.own_words import says_it_itself, tells
from convagent.shopping.picking import asks_of_the_thing
from convagent.shopping.pointing import described, is_of_kind, kinds_mentioned, told_by_whom
from convagent.shopping.several_questions import are_of_one
from convagent.shopping.short_names import called_alike, called_in_part, called_otherwise
from convagent.shopping.speaking import meant_by_words, said_of
from convagent.shopping.telling import is_told_otherwise
from convagent.shopping.wishing import wish_by_now, wish_read

__all__ = ["LEAST_INTEREST", "ActReader"]

FOR_ITSELF = 0.9
"""How sure it is that who asks what a product costs or whether it is there, and nothing else, means just that."""

LEAST_INTEREST = 0.35
"""From here on a message may look for a product: it names a kind that the shop sells, or says that it looks for something."""

NEAR = 5
"""Products by whose makers a brand is known."""

FEW = 6
"""Words of a message that leans on what was shown and says nothing else."""


class ActReader:
    """Reads what messages do. Immutable; safe to share between threads.

    Args:
        catalog: The shop's products.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def read(self, text: str, state: ShoppingState) -> ShoppingAct | None:
        """What a message does in the shopping conversation; None where it does nothing in it.

        One that looks for something is as sure as `interest_in` finds it, whatever words it has.

        Args:
            text: The shopper's words.
            state: What is remembered.
        """
        wish = wish_read(self._catalog, text)
        named = (*wish.named, *wish.like)
        act = read_act(text, state, named=named)
        kinds = kinds_mentioned(text, wish.language or "en") if recalls(text) and not named else ()
        if recalled(self._catalog, text, state, kinds=kinds) is not None and not is_other_business(text):
            return ShoppingAct("pick", PLAIN, True)
        if (leaning := self._leaning(text, state, wish)) is not None:
            return leaning
        if (own := self.of_its_own(text, state, named)) is not None:
            return own
        # "your lavender scarf, the long one. Do you still have it?" means a certain one, whatever it is called
        certain = asks_if_there(text) and not named and not state.active and bool(wish.kinds) and points_back(text)
        if certain and called_otherwise(self._catalog, text):
            return ShoppingAct("pick", PLAIN)
        if puts_a_return(text) and not named:
            return None  # what becomes of it then is an article's
        if not named and (asks_the_price(text) or asks_if_there(text)) and called_alike(self._catalog, text):
            return ShoppingAct("pick", PLAIN)
        if len(named) == 1 and not is_other_business(text) and self._asks_for_itself(text, named[0]):
            return ShoppingAct("alternative" if self.is_gone(named[0]) else "pick", FOR_ITSELF)
        if not named and self._asks_of_a_thing(text) and (act is None or act.kind == "find"):
            return ShoppingAct("pick", LIKELY)
        of_one = state.active and state.about and not wish.kinds and not named
        if (
            of_one
            and not state.asked
            and (wish.colours or wish.sizes)
            and (act is None or act.kind in {"find", "refine"})
        ):
            return ShoppingAct("pick", PLAIN if len(text.split()) <= FEW else LIKELY, True)
        # "mugs she has. What else?"
        refuses = bool(wish.demands) and not wish.kinds and set(wish.demands) <= {"without", "without_kinds"}
        if act is not None and act.kind == "more" and not refuses and (wish.kinds or wish.demands or wish.qualities):
            return ShoppingAct("find", PLAIN)  # "what else keeps me dry?" is no more of the same
        # "more than I wanted. What else keeps the rain off, for 80 or less?" looks for something
        says_what = wish.at_most is not None or (bool(wish.uses or wish.kinds) and asks_for_more(text))
        if act is not None and act.kind == "price" and is_question(text) and not named and says_what:
            return ShoppingAct("find", PLAIN)
        asked = act is not None and act.kind == "find"
        if named and (asked or (act is None and asks_if_there(text))) and self.is_gone(named[0]):
            return ShoppingAct("alternative", LIKELY)
        if (
            named
            and not wish.kinds
            and (asks_if_there(text) or (act is not None and not is_question(text)))
            and not facts_asked_for(text)
            and not is_other_business(text)
        ) and (act is None or act.kind == "find"):
            return ShoppingAct("pick", LIKELY)
        if act is None and state.active and len(text.split()) <= FEW:
            if leaves_it_open(text) and state.said:
                return ShoppingAct("answer", PLAIN, True)
            if not named and state.said and self._likes_a_thing(text):
                return ShoppingAct("refine", PLAIN, True)
            if adds_on(text) and not named and not facts_asked_for(text) and not is_other_business(text) and state.said:
                return ShoppingAct("refine", PLAIN, True)
        if act is not None and act.kind != "find":
            return act
        if asks_a_service(text) and not named:
            return None  # what is to be done to what somebody has is no product
        if is_other_business(text) or (is_about_delivery(text) and not named and is_question(text)):
            return None
        of_it_alone = (
            asks_of_it(text) and len(text.split()) <= FEW and bool(meant_by_words(text, wish.language or "en"))
        )
        if (
            state.active and (not wish.kinds or of_it_alone) and not named
        ):  # "est-elle imperméable ?" looks for no raincoat
            asks_of_a_field = facts_asked_for(text) or (is_question(text) and is_told_otherwise(text))
            if state.about and (asks_of_a_field or self._tells(text, state.about)):
                return ShoppingAct("pick", LIKELY, True)
            asks = asks_of_it(text)
            of_it = points_back(text) or speaks_of_the_new_one(text) or asks
            no_offer = replace(wish.offer, fields=()) == Constraints() if asks else wish.offer == Constraints()
            if state.about and of_it and (asks or asks_of_the_thing(text)) and no_offer and not asks_if_there(text):
                return ShoppingAct("pick", LIKELY, True)  # "does the new one pour without dripping?"
            if wish.demands or wish.uses or wish.qualities:
                return ShoppingAct("refine", LIKELY, True)
        of_a_brand = (
            act is None and not wish.kinds and not named and asks_which_is(text) and self._names_a_brand(text, wish)
        )
        degree = read_degree(text) if wish.kinds else None  # "which lamp is the brightest?" looks for a lamp
        says_so = (
            act is not None
            or of_a_brand
            or (asks_which_is(text) and bool(wish.own_kinds or wish.offer.fields))
            or asks_which_does(text, wish)
            or (asks_if_there(text) and bool(wish.kinds) and bool(wish.demands or wish.qualities))
            or asks_politely(text, wish)
            or is_a_wish(text, wish)
            or (degree is not None and degree.superlative and degree.form == "which")
        )
        sure = interest_in(text, wish, says_so=says_so, of_a_brand=of_a_brand)
        tells_of_it = bool(named) and is_question(text) and self._tells(text, named[0])
        if named and (sure < LEAST_INTEREST or facts_asked_for(text) or tells_of_it):
            told = (
                facts_asked_for(text)
                or tells_of_it
                or asks_if_there(text)
                or act is not None
                or not is_question(text)
                or (len(named) == 1 and (asks_of_the_one(text) or asks_to_hear_of(text)))
            )
            return ShoppingAct("pick", LEAST_INTEREST) if told else None
        return ShoppingAct("find", sure) if sure >= LEAST_INTEREST else None

    def _asks_of_a_thing(self, text: str) -> bool:
        """Whether a question is about one product that it calls by the end of its name: "how do I use the retinal serum?"."""
        asks = is_question(text) and (bool(facts_asked_for(text)) or asks_of_the_one(text)) and not asks_if_there(text)
        if not asks or is_other_business(text) or is_about_delivery(text) or read_degree(text) is not None:
            return False
        return len(called_in_part(self._catalog, text)) == 1

    def _likes_a_thing(self, text: str) -> bool:
        """Whether somebody is said to like a kind of thing or what it is like: "she loves candles", but not "the second one"."""
        liked = what_is_liked(text)
        wish = wish_read(self._catalog, liked)
        says = wish.kinds or wish.own_kinds or wish.qualities or wish.uses or wish.demands
        return bool(says or kinds_mentioned(liked, wish.language or "en")) and not places_in(text, ("",) * 3)

    def _tells(self, text: str, product_id: str) -> bool:
        """Whether a product has a field, of the shop's own or any other, that a question is about."""
        product = self._catalog.product(product_id)
        return product is not None and is_question(text) and tells(text, product)

    def of_its_own(self, text: str, state: ShoppingState, named: Sequence[str]) -> ShoppingAct | None:
        """A question that a field of the product answers which it names or which was spoken of; None for none such."""
        about = named[:1] or ((state.about or "".join(state.shown[:1]),) if state.active else ())
        product = self._catalog.product(about[0]) if about else None
        if product is None or not (says_it_itself(text, product) or (len(named) < 2 and are_of_one(text, product))):
            return None
        return ShoppingAct("pick", PLAIN, not named)

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
        refused = (*wish.without_kinds, *wish.without)
        if refused and not wish.kinds and not state.said and any(is_of_kind(each, refused) for each in shown):
            return ShoppingAct("decline", PLAIN, True)
        if state.asked == "product" and named and not facts_asked_for(text.replace("?", "")):
            return ShoppingAct("answer", PLAIN, True)
        said = wish.demands or wish.kinds or wish.uses or wish.recipient or wish.audience
        chosen = any(_said(choice, text) for choice in state.choices)
        if state.asked and not is_question(text) and not named and (chosen or said) and read_hesitation(text) is None:
            return ShoppingAct("answer", PLAIN, True)
        if named and (adds_a_kind(text) or keeps_the_options(text)) and not facts_asked_for(text):
            return ShoppingAct("pick", PLAIN, keeps_the_options(text))
        if not named and (one := self._one_of_a_row(text, state, wish)) is not None:
            return one
        about = self._catalog.product(state.about) if state.about else None
        leans = not named and asks_if_there(text) and points_back(text)
        if about is not None and leans and (mentioned_variants(about, text) or wish.colours or wish.sizes):
            return ShoppingAct("pick", PLAIN, True)
        kinds = wish.kinds or kinds_mentioned(text, wish.language or "en")
        meant = described(text, shown, kinds) or told_by_whom(self._catalog, text, shown, wish)
        pointed = bool(places_in(text, state.row)) or len(meant) == 1
        of_the_one = asks_of_the_one(text) and not asks_if_there(text) and wish.offer == Constraints()
        asks = facts_asked_for(text) or quotes_words(text) or of_the_one
        if len(meant) == 1 and not named and asks and is_question(text):
            return ShoppingAct("pick", PLAIN, True)
        if not named and (places := places_in(text, state.row)) and is_question(text) and (asks or asks_of_it(text)):
            return ShoppingAct("pick", PLAIN, True, places)  # "what's the first one made of?"
        if len(meant) == 1 and not named and goes_on_to_the_one(text) and len(text.split()) <= FEW and not wish.demands:
            return ShoppingAct("pick", PLAIN, True)  # "and the soap?"
        if len(meant) == 1 and wish.kinds and not named and (wish.colours or mentioned_variants(meant[0], text)):
            return ShoppingAct("pick", PLAIN, True)
        if asks_the_price(text) and not named and (pointed or (points_back(text) and not wish.kinds)):
            return ShoppingAct("pick", PLAIN, True, places_in(text, state.row))
        pointed = pointed and (not wish.kinds or len(described(text, shown, ())) == 1)
        if not named and pointed and chooses(text):
            return ShoppingAct("pick", PLAIN, True, places_in(text, state.row))
        if wish.kinds and not named and keeps_the_shade(text):
            return ShoppingAct("shade", PLAIN, True)
        of_each = not named and not wish.kinds and not state.about and len(shown) > 1 and is_question(text)
        bare = len(text.split()) <= FEW and not wish.demands  # "how many letters?" leans without a word that says so
        if of_each and (points_back(text) or bare) and (quotes_words(text) or any(tells(text, each) for each in shown)):
            return ShoppingAct("pick", PLAIN, True)
        if (
            of_each
            and asks_of_it(text)
            and not wish.offer.sizes
            and self._speak_of_it(text, shown, wish.language or "en")
        ):
            return ShoppingAct("pick", PLAIN, True)
        if self._wants_one_without(text, state, wish):
            return ShoppingAct("alternative", PLAIN, True)
        if wish.kinds and not named and state.about and adds_a_kind(text) and is_for_it(text):
            return ShoppingAct("complement", PLAIN, True)
        if (
            not named
            and speaks_of_the_new_one(text)
            and is_question(text)
            and len(shown) == 1
            and tells(text, shown[0])
        ):
            return ShoppingAct("pick", PLAIN, True)
        if len(meant) == 1 and not named and says_which(text) and not is_question(text):
            return ShoppingAct("pick", PLAIN, True)
        if wish.kinds and not named and adds_a_kind(text) and not facts_asked_for(text):
            return ShoppingAct("find" if not state.said else "refine", PLAIN, bool(state.said))
        if wish.kinds and not named and state.said and len(text.split()) <= 2 * FEW and wish.demands:
            alone = not is_question(text) and read_act(text, ShoppingState()) is None
            return ShoppingAct("refine", PLAIN, True) if alone else None
        return None

    def _speak_of_it(self, text: str, shown: Sequence[Product], language: str) -> bool:
        """Whether any of some products says something of what a question asks by its meaning."""
        meant, home = meant_by_words(text, language), self._catalog.language
        return bool(meant) and any(said_of(each, meant, language=language, home=home) for each in shown)

    def _one_of_a_row(self, text: str, state: ShoppingState, wish: Wish) -> ShoppingAct | None:
        """What means one of the products that were shown by more and less, or the one that wasn't chosen; None for any other."""
        if places := other_one(text, state):
            return ShoppingAct("pick", PLAIN, True, places)
        by = compared_by(self._catalog, text, state, language=wish.language or "en")
        if by is None or by.degree.form == "new":
            return None
        # while something is looked for, "the cheapest" is that of all that fit, not of the three that were shown
        of_all = by.measures[0].key == "price" and by.degree.superlative and bool(state.said)
        return None if of_all and not says_of_these(text) else ShoppingAct("pick", PLAIN, True)

    def _wants_one_without(self, text: str, state: ShoppingState, wish: Wish) -> bool:
        """Whether something like the product that was spoken of is wanted, only without something: "is there one without soya?".

        Where a kind of product was looked for, that is looked for on.
        """
        refuses = wish.without or wish.without_materials or wish.without_allergens
        if not refuses or wish.kinds or wish.named or not state.about or set(state.shown) != {state.about}:
            return False
        sought = wish_by_now(wish_read(self._catalog, each) for each in state.said)
        return asks_if_there(text) and not sought.kinds and not points_back(text)

    def _names_a_brand(self, text: str, wish: Wish) -> bool:
        """Whether a text names who makes a product that its words find: "which Pip is waterproof"."""
        words = {word.casefold() for word in re.findall(r"[^\W_]+", text)}
        makers = {hit.product.vendor for hit in self._catalog.find(wish, k=NEAR).hits if hit.product.vendor}
        return any(maker.casefold() in words for maker in makers)

    def _asks_for_itself(self, text: str, name: str) -> bool:
        """Whether a text asks what a product costs or whether it is there, and nothing beside it."""
        product = self._catalog.product(name)
        return product is not None and asks_for_itself(text, product)

    def is_gone(self, name: str) -> bool:
        """Whether a product isn't sold any more.

        Args:
            name: Its id.
        """
        product = self._catalog.product(name)
        return product is not None and product.status is not None and product.status != "active"


def _said(choice: str, text: str) -> bool:
    """Whether one of the answers that we offered is what a text says, as a whole word."""
    return bool(re.search(rf"(?<!\w){re.escape(choice.casefold())}(?!\w)", text.casefold()))
