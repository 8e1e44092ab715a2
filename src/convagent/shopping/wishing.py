"""What a shopper wishes by now: every message adds to it, later words go before earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from convagent.catalog import Catalog
from convagent.catalog.attributes.model import Audience
from convagent.catalog.own_fields.model import FieldDemand, joined_demands
from convagent.catalog.wishes.model import Wish
from convagent.shopping.short_names import called_in_part

__all__ = ["AUDIENCE", "for_anybody", "held_wish", "holds", "merged", "spoken_of", "wish_by_now", "wish_read"]

AUDIENCE = "audience"
"""What the demand is called that something is made for certain people, where it is given up."""

_WIDER: Mapping[Audience, Audience] = {"women": "adults", "men": "adults", "girls": "children", "boys": "children"}
"""Who else wears what is made for some: nobody is offered the clothes of a child for those of a grown-up."""

_ADDS_UP = frozenset(
    {
        "without_colours",
        "without_materials",
        "without_allergens",
        "without",
        "without_kinds",
        "qualities",
        "uses",
        "bounds",
    }
)
"""What is refused stays refused, and what somebody wants besides comes on top."""

_SPEAKS_OF = {
    "kinds": ("area", "kind"), "audience": ("recipient",), "recipient": ("recipient",), "uses": ("use",),
    "at_most": ("budget",), "at_least": ("budget",), "colours": ("colour",), "materials": ("material",),
    "ages": ("age", "recipient"),
}  # fmt: skip


def wish_read(catalog: Catalog, text: str, *, language: str | None = None) -> Wish:
    """What a shopper's words ask for; a product that they call by part of its name counts as named.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
        language: Their language; None to find out.
    """
    wish = catalog.read_wish(text, language=language)
    if wish.named or wish.like:
        return wish
    called = called_in_part(catalog, text)
    return replace(wish, named=tuple(product.id for product in called)) if called else wish


def merged(earlier: Wish, later: Wish) -> Wish:
    """Both wishes as one: what both speak of is as the later one says, but what is refused adds up.

    Another kind of product is another wish: only whom it is for, the price and what is unsafe are kept then. What is refused for
    an allergy stays whatever is said later.
    """
    changes: dict[str, Any] = {}
    if later.kinds and earlier.kinds and set(later.kinds).isdisjoint(earlier.kinds):
        earlier = Wish(
            at_most=earlier.at_most, at_least=earlier.at_least, ages=earlier.ages, shared=earlier.shared,
            audience=earlier.audience, recipient=earlier.recipient, without_allergens=earlier.without_allergens,
            allergic=earlier.allergic, without=earlier.without if earlier.allergic else (), fields=_refused_for_good(earlier),
        )  # fmt: skip
    for field in fields(Wish):
        name = field.name
        before, now = getattr(earlier, name), getattr(later, name)
        if name == "text":
            changes[name] = " ".join(part for part in (before, now) if part)
        elif name in _ADDS_UP:
            changes[name] = tuple(dict.fromkeys((*before, *now)))
        elif name == "fields":
            changes[name] = joined_demands(before, now, keeps_refused=earlier.allergic)
        elif name == "shared":
            changes[name] = now if later.ages else before
        elif name in {"allergic", "in_stock", "reduced"}:
            changes[name] = before or now
        else:
            changes[name] = now or before
    # a price said later stands alone: "under 50", then "rather over 80"
    if later.at_least is not None and later.at_most is None and earlier.at_most is not None:
        changes["at_most"] = earlier.at_most if later.at_least <= earlier.at_most else None
    if later.at_most is not None and later.at_least is None and earlier.at_least is not None:
        changes["at_least"] = earlier.at_least if earlier.at_least <= later.at_most else None
    colours = changes["colours"]
    changes["without_colours"] = tuple(each for each in changes["without_colours"] if each not in colours)
    kinds = changes["kinds"]
    changes["without_kinds"] = tuple(each for each in changes["without_kinds"] if each not in kinds)
    return replace(later, **changes)


def holds(wish: Wish) -> bool:
    """Whether a wish has what holds for every later one: allergens, and what is refused for an allergy."""
    return bool(wish.without_allergens or wish.allergic)


def _refused_for_good(wish: Wish) -> tuple[FieldDemand, ...]:
    """What is refused in the shop's own fields for an allergy."""
    return tuple(each for each in wish.offer.fields if each.refused) if wish.allergic else ()


def held_wish(wishes: Iterable[Wish]) -> Wish:
    """What holds of earlier wishes for every later one: allergens, and what is refused for an allergy, own fields included.

    Args:
        wishes: The earlier ones.
    """
    whole = Wish()
    for wish in wishes:
        refused = wish.without if wish.allergic else ()
        part = Wish(
            without_allergens=wish.without_allergens, without=refused, allergic=wish.allergic, fields=_refused_for_good(wish)
        )  # fmt: skip
        whole = merged(whole, part)
    return whole


def wish_by_now(wishes: Iterable[Wish], *, given_up: Sequence[str] = ()) -> Wish:
    """All that was wished, less the demands that the shopper gave up.

    Args:
        wishes: One for each message, the first one first.
        given_up: Names of demands.
    """
    whole = Wish()
    for wish in wishes:
        whole = merged(whole, wish)
    for demand in dict.fromkeys((*whole.can_give_up, *whole.one_by_one)):
        if demand in given_up:
            whole = whole.without_demand(demand)
    wider = for_anybody(whole) if AUDIENCE in given_up else None
    return whole if wider is None else wider


def for_anybody(wish: Wish) -> Wish | None:
    """The same wish for women and men alike, or for girls and boys; None where it is for neither in particular.

    Args:
        wish: The wish.
    """
    wider = tuple(dict.fromkeys(_WIDER.get(each, each) for each in wish.audience))
    return replace(wish, audience=wider, recipient=None) if wider != wish.audience else None


def spoken_of(wish: Wish) -> frozenset[str]:
    """Attributes that a wish says something of, as questions name them."""
    own = {f"field:{name}" for demand in wish.fields for name in demand.fields}
    return frozenset(name for field, names in _SPEAKS_OF.items() if getattr(wish, field) for name in names) | own
