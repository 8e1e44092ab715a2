"""What a request is about, what is shown beside it, and asking which product it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.degrees import read_degree
from convagent.shopping.keeping_safe import is_safe, wish_said
from convagent.shopping.looking import looked_for
from convagent.shopping.model import Advice, Pick
from convagent.shopping.short_names import called_in_part, called_otherwise
from convagent.shopping.wishing import wish_read
from convagent.why import because

__all__ = ["meant_by", "mixed_up", "shown_for", "which_one"]


MOST_ASKED = 2
"""How often it is asked which product it is about, one time after the other."""


def meant_by(case: ShoppingCase) -> tuple[Product, ...]:
    """What the words are about: what they name in full, else in part, else what they point at."""
    return case.named or called_in_part(case.catalog, case.text) or case.meant()


def mixed_up(case: ShoppingCase) -> Advice | None:
    """What words describe that is called otherwise: "the lavender scarf" is the heather one; None where nothing is plain."""
    wish, words = wish_said(case), case.words
    if case.state.active and read_degree(case.text) is not None:
        return None  # "the smaller one" is one of those that were shown, whatever another says of small sizes
    for mixed in called_otherwise(case.catalog, case.text):
        product = mixed.product
        if product.in_stock and is_safe(case, product, wish):
            variant = mixed.variant if mixed.variant is not None and mixed.variant.available else None
            line = words.say("mix_up", product=case.label(product, variant), why=mixed.fact.rstrip("."))
            return shown_for(case, product, [Pick(product, variant, "")], [line])
    return None


def shown_for(case: ShoppingCase, about: Product, picks: Sequence[Pick], lines: Sequence[str]) -> Advice:
    """Products that are shown beside one.

    Args:
        case: The request.
        about: The product that it is about.
        picks: What is shown.
        lines: What is said before.
    """
    why = (f"{case.act.kind} of {about.id}: {', '.join(pick.product.id for pick in picks)}",)
    return Advice(case.shown(picks, about=about.id), tuple(lines), tuple(picks), why=why)


def which_one(case: ShoppingCase, doing: str) -> Advice:
    """Asks which product it is about; where a kind of product is named, that is looked for.

    Args:
        case: The request.
        doing: The act that it belongs to.
    """
    if doing != "compare" and wish_read(case.catalog, case.text, language=case.words.language).kinds:
        return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
    if case.state.asked == "product" and case.state.in_a_row >= MOST_ASKED:
        why = because("asked_twice_which_product")
        return case.done(replace(case.state, asked="", choices=()), hand_over=("no_progress", "", why), why=(why,))
    name = "which_compare" if doing == "compare" else "which_product"
    buttons = tuple(product.title for product in case.products(case.state.shown))
    return Advice(
        case.asking("product", doing=doing), question=case.words.say(name), buttons=buttons, why=(f"{doing} of what?",)
    )
