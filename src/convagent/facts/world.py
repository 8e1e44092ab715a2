"""Facts that come with one call: what the caller knows about who writes and what they look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from convagent.errors import FactsError
from convagent.facts._fact import Fact, Moment, NeverAbsent
from convagent.facts.orders import Order
from convagent.facts.people import Customer
from convagent.facts.products import Product
from convagent.facts.shopping import Cart, Discount, Session

__all__ = ["Facts"]


class Facts(Fact):
    """What the caller knows. Everything is optional; what is missing may be looked up.

    `now` is the moment of the turn: the clock is a fact like any other. When it is missing, the shop's clock gives it.
    """

    customer: Customer | None = None
    order: Order | None = None
    cart: Cart | None = None
    product: Product | None = Field(default=None, description="The product the customer looks at")
    session: Session | None = None
    discounts: tuple[Discount, ...] | None = NeverAbsent(
        description="Discounts of the customer; none given: an empty list"
    )
    channel: str | None = Field(default=None, description="chat, email, sms, …")
    now: Moment | None = None

    @classmethod
    def read(cls, data: Facts | Mapping[str, Any] | None) -> Facts:
        """Facts from what a caller hands in.

        Raises:
            FactsError: A field has the wrong type; every such field is named.
        """
        if isinstance(data, Facts):
            return data
        if data is not None and not isinstance(data, Mapping):
            raise FactsError(
                f"facts are a mapping such as {{'customer': {{'email': …}}}}, not a {type(data).__name__}",
                code="facts-type",
                remedy="Hand in a dictionary, or convagent.facts.Facts.",
            )
        try:
            return cls.model_validate(dict(data or {}))
        except ValidationError as error:
            faults = [
                f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:10]
            ]
            raise FactsError(
                "these facts don't fit: " + "; ".join(faults),
                code="facts-shape",
                remedy="Compare them with convagent.facts; unknown fields are welcome, known ones need their type.",
            ) from None
