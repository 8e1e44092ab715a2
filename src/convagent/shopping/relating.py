"""What stands beside a product: what goes with it, what is like it, what is better, sets, comparisons, a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convagent.catalog.knowing import bundles_with, compare_products, successor_of
from convagent.catalog.knowing.related import RelatedKind
from convagent.facts import Product
from convagent.shopping.case import MOST_SHOWN, ShoppingCase, is_of_kind
from convagent.shopping.details import answered_from_facts
from convagent.shopping.hearing import wants_another
from convagent.shopping.looking import looked_for
from convagent.shopping.model import Advice, Pick
from convagent.shopping.naming import price_and_stock
from convagent.shopping.reasons import reason_of
from convagent.shopping.wishing import wish_by_now

__all__ = ["alternatives", "bundles", "compared", "complements", "picked", "upgrades"]

ROWS = 6
"""Attributes that a comparison shows: those that differ and tell most."""


def complements(case: ShoppingCase) -> Advice:
    """What goes with a product."""
    return _related(case, "complement", "complement", "no_complement")


def upgrades(case: ShoppingCase) -> Advice:
    """The next better one."""
    return _related(case, "upgrade", "upgrade", "nothing_more")


def alternatives(case: ShoppingCase) -> Advice:
    """What is like a product; of one that isn't made any more, its successor."""
    meant = case.meant()
    if not meant:
        return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
    product = meant[0]
    words = case.words
    lines: list[str] = []
    picks: list[Pick] = []
    if product.status is not None and product.status != "active":
        successor = successor_of(case.catalog, product)
        if successor is not None and successor.said and successor.product.in_stock:
            lines.append(words.say("successor", product=product.title, successor=successor.product.title))
            return _shown(case, product, [Pick(successor.product, None, "")], lines)
        lines.append(words.say("gone", product=product.title))
    elif product.in_stock is False:
        lines.append(words.say("sold_out", product=product.title))
    elif not wants_another(case.text) and not case.act.follows:
        return picked(case)
    gone = {*case.state.declined, product.id}
    near = case.catalog.related(product.id, "alternative", k=MOST_SHOWN + len(gone))
    picks += [
        Pick(each.product, None, reason_of(each.product, each.reasons)) for each in near if each.product.id not in gone
    ][:MOST_SHOWN]
    if not picks:
        why = f"nothing is like {product.title}"
        return case.done(lines=tuple(lines), hand_over=("missing_knowledge", "", why), why=(why,))
    lines.append(words.say("alternative", product=product.title))
    return _shown(case, product, picks, lines)


def bundles(case: ShoppingCase) -> Advice:
    """A set that costs less than its parts."""
    meant = case.meant()
    if not meant:
        return _which(case, "bundle")
    found = bundles_with(case.catalog, [product.id for product in meant])
    words = case.words
    if not found:
        line = words.say("no_bundle", product=words.listed(product.title for product in meant))
        return case.done(lines=(line,), why=("no bundle is cheaper than its parts",))
    best = max(found, key=lambda bundle: bundle.saving)
    line = words.say(
        "bundle", bundle=best.product.title, price=best.price, parts=best.parts_price, saving=best.saving
    )  # fmt: skip
    return _shown(case, meant[0], [Pick(best.product, None, "")], [line])


def compared(case: ShoppingCase) -> Advice:
    """Products side by side in what differs and matters."""
    meant = case.meant()
    if len(meant) < 2:
        others = [product for product in case.products(case.state.shown) if product not in meant]
        meant = (*meant, *others)[: max(2, len(case.state.shown))]
    if len(meant) < 2 and case.asker.session is not None:
        viewed = case.products(case.asker.session.viewed_product_ids[-2:])
        meant = (*meant, *(product for product in viewed if product not in meant))
    if len(meant) < 2:
        return _which(case, "compare")
    meant = meant[:MOST_SHOWN]
    words = case.words
    told = compare_products(case.catalog, meant, language=words.language)
    lines = [str(words.say("compared", products=words.listed(product.title for product in meant)))]
    rows = [
        f"- {row.label}: " + "; ".join(
            f"{product.title} {value}" for product, value in zip(meant, row.values, strict=True) if value
        )
        for row in told.rows[:ROWS]
    ]  # fmt: skip
    why = (f"compared {', '.join(product.id for product in meant)}",)
    picks = tuple(Pick(product) for product in meant if product.in_stock)
    return Advice(case.shown(picks), (lines[0], *(["\n".join(rows)] if rows else [])), picks, why=why)


def picked(case: ShoppingCase) -> Advice:
    """A product that the shopper names or points at: whether it is there, what it costs, and what is like it if it isn't."""
    meant = case.meant()
    if not meant:
        return _which(case, "pick")
    if len(meant) > 1:
        picks = tuple(Pick(product, None, reason_of(product, ())) for product in meant[:MOST_SHOWN])
        return Advice(case.shown(picks), (), picks, why=("several were meant",))
    product = meant[0]
    if (answer := answered_from_facts(case, product)) is not None:
        return answer
    if product.status is not None and product.status != "active":
        return alternatives(case)
    said = (*(case.state.said if case.act.follows else ()), case.text)
    wish = wish_by_now(case.catalog.read_wish(each, language=case.words.language) for each in said)
    return price_and_stock(case, product, wish)


def _related(case: ShoppingCase, kind: RelatedKind, line: str, none: str) -> Advice:
    meant = case.meant() or case.products(case.state.shown[:1])
    if not meant:
        return _which(case, kind)
    product, words = meant[0], case.words
    gone = {*case.state.declined, product.id}
    wanted = case.catalog.read_wish(case.text, language=words.language).kinds
    near = case.catalog.related(product.id, kind, k=4 * MOST_SHOWN + len(gone))
    found = [each for each in near if each.product.id not in gone]
    if wanted and kind == "complement" and not case.named:
        of_kind = [each for each in found if is_of_kind(each.product, wanted)]
        if not of_kind:  # nothing of that kind goes with it in particular: what there is of it
            return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
        found = of_kind
    picks = [Pick(each.product, None, reason_of(each.product, each.reasons)) for each in found]
    if not picks:
        told = words.say(none, product=product.title) if none == "no_complement" else words.say(none)
        return case.done(lines=(told,), why=(f"no {kind} of {product.id}",))
    return _shown(case, product, picks[: case.rules.shortlist], [words.say(line, product=product.title)])


def _shown(case: ShoppingCase, about: Product, picks: Sequence[Pick], lines: Sequence[str]) -> Advice:
    why = (f"{case.act.kind} of {about.id}: {', '.join(pick.product.id for pick in picks)}",)
    return Advice(case.shown(picks, about=about.id), tuple(lines), tuple(picks), why=why)


def _which(case: ShoppingCase, doing: str) -> Advice:
    """Asks which product it is about; where a kind of product is named, that is looked for."""
    if doing != "compare" and case.catalog.read_wish(case.text, language=case.words.language).kinds:
        return looked_for(replace(case, act=replace(case.act, kind="find", follows=False)))
    name = "which_compare" if doing == "compare" else "which_product"
    buttons = tuple(product.title for product in case.products(case.state.shown))
    return Advice(
        case.asking("product", doing=doing), question=case.words.say(name), buttons=buttons, why=(f"{doing} of what?",)
    )
