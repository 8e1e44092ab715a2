"""The shopping conversation as data: what was understood, what is remembered, what is advised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from convagent.facts import Product, Variant

if TYPE_CHECKING:
    from convagent.shopping.discounts import DiscountOffer

__all__ = ["ACT_KINDS", "ActKind", "Advice", "Pick", "ShoppingAct", "ShoppingState"]

ActKind = Literal[
    "find", "answer", "refine", "cheaper", "cheapest", "more", "relax", "compare", "pick", "complement", "alternative", "upgrade",
    "fit", "shade", "bundle", "price", "later", "decline",
]  # fmt: skip
"""What a shopper does: looks for something, answers our question, changes the wish, wants it cheaper, wants more of it, takes up
what we proposed to give up, compares, chooses, asks what goes with it, for something similar or better, which size or shade,
for a set, finds the price too high, wants to think, says no."""

ACT_KINDS: tuple[str, ...] = get_args(ActKind)


@dataclass(frozen=True, slots=True)
class ShoppingAct:
    """What a message does in a shopping conversation.

    Attributes:
        kind: What it does.
        sure: How plainly its words say so, 0 to 1.
        follows: Whether it leans on what was shown or asked before.
        places: Which of the products shown last are meant, counted from 0; -1 is the last one.
    """

    kind: ActKind
    sure: float
    follows: bool = False
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShoppingState:
    """What a conversation remembers of the shopping in it: data, JSON in and out.

    Attributes:
        said: The shopper's words for what they want, the first ones first.
        held: Words of earlier wishes with allergens in them, which hold for whatever is looked for later.
        shown: Ids of the products shown last, in their order.
        beside: Ids of the products shown last that were several, while what is shown is one of them: "the other one" is there.
        seen: Ids of all that were ever shown for this wish.
        earlier: Ids of what was shown for earlier wishes, the last ones last.
        about: Id of the product that it is about; empty for none.
        variant: Id of its variant that was spoken of; empty for none.
        asked: What was asked last: an attribute's name, "relax", "shade", "fit"; empty where nothing is open.
        choices: What the open question offers, in its order.
        in_a_row: How many questions were asked one after the other.
        asked_ever: What was asked already.
        declined: Ids that the shopper doesn't want.
        relaxed: Names of constraints that the shopper gave up.
        doing: The act that the open question belongs to.
        offered: The discount that was offered in this conversation: its code; empty for none.
        no_discount: Whether the shopper wants no discount.
        idle: How many turns ago shopping was talked about.
    """

    said: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    about: str = ""
    variant: str = ""
    asked: str = ""
    choices: tuple[str, ...] = ()
    in_a_row: int = 0
    asked_ever: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    relaxed: tuple[str, ...] = ()
    doing: str = ""
    offered: str = ""
    no_discount: bool = False
    idle: int = 0

    @property
    def active(self) -> bool:
        """Whether there is something that a message can lean on: shown, asked or named not longer ago than the turn before."""
        return self.idle <= 1 and bool(self.shown or self.asked or self.about)

    @property
    def row(self) -> tuple[str, ...]:
        """The products that "the second one" counts and "the lightest" compares: shown last, or those that what was is one of."""
        return self.beside if len(self.shown) == 1 and self.shown[0] in self.beside else self.shown

    def later(self) -> ShoppingState:
        """The state after a turn that wasn't about shopping; an open question is dropped then."""
        return replace(self, idle=self.idle + 1, asked="", choices=()) if self != ShoppingState() else self

    def to_json(self) -> dict[str, Any]:
        """For storage; what is empty is left out."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ShoppingState:
        """What `to_json` wrote; names that this version doesn't know are left out."""
        known = {each.name for each in fields(cls)}
        found: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in data.items() if n in known}
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Pick:
    """A product that is shown.

    Attributes:
        product: The product.
        variant: The variant that is meant; None where any will do.
        reason: Why, from the product's own facts; empty for none.
    """

    product: Product
    variant: Variant | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the assistant says and shows in a turn.

    Attributes:
        lines: What is said before the products, in order.
        picks: Products that are shown, at most three.
        after: What is said behind them.
        question: What is asked; empty for nothing.
        buttons: Answers that a channel may offer.
        state: What is remembered.
        offer: A discount that is offered; None for none.
        hand_over: Reason, team and why, where a person knows better; None where none is needed.
        why: What was considered, for the trace.
    """

    state: ShoppingState
    lines: tuple[str, ...] = ()
    picks: tuple[Pick, ...] = ()
    after: tuple[str, ...] = ()
    question: str = ""
    buttons: tuple[str, ...] = ()
    offer: DiscountOffer | None = None
    hand_over: tuple[str, str, str] | None = None
    why: tuple[str, ...] = field(default=())
