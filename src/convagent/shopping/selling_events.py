"""What the assistant did for a sale and what came of it, an event a line: the log that `insights.selling` measures by.

line = selling_line(SellingEvent(kind="recommended", at=now, conversation="c-17", products=("the-sunday-teapot",)))
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from convagent.conversation import Turn
from convagent.errors import FactsError, StorageError
from convagent.facts import Moment as MomentInTime
from convagent.facts import Money
from convagent.shopping.events import StorefrontEvent, printable, told

__all__ = [
    "SELLING_KINDS",
    "SellingEvent",
    "SellingKind",
    "SoldLine",
    "append_selling_events",
    "of_storefront",
    "of_turn",
    "selling_line",
]

SellingKind = Literal[
    "visited", "conversation_started", "moment_shown", "moment_opened", "moment_dismissed", "question_shown",
    "question_asked", "recommended", "clicked", "added", "discount_offered", "purchased", "discount_used", "refunded",
]  # fmt: skip

SELLING_KINDS: tuple[SellingKind, ...] = get_args(SellingKind)
"""In the order in which they may happen at the same moment."""

Group = Literal["assistant", "holdout"]

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "recommended": ("products",), "clicked": ("products",), "added": ("products",), "discount_offered": ("code",),
    "purchased": ("order", "total"), "discount_used": ("code", "order"), "refunded": ("order", "amount"),
}  # fmt: skip
_EXAMPLE = (
    'Write {"kind": "recommended", "at": "2026-06-16T10:30:00+01:00", "conversation": "c-17", "products": ["teapot"]}; '
    "docs/storefront.md lists the kinds."
)
_MAX_ID = 200


class SoldLine(BaseModel):
    """One line of an order."""

    model_config = ConfigDict(frozen=True, extra="allow")

    product: str = Field(min_length=1, max_length=_MAX_ID)
    quantity: int = Field(default=1, ge=0, le=1_000_000)
    amount: Money | None = Field(default=None, description="What was paid for the line together")


class SellingEvent(BaseModel):
    """One event. Fields that aren't declared are kept."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: SellingKind = Field(description="What happened")
    at: MomentInTime = Field(description="When, with a time zone")
    customer: str | None = Field(default=None, min_length=1, max_length=_MAX_ID, description="Who, where it is known")
    session: str | None = Field(
        default=None, min_length=1, max_length=_MAX_ID, description="The visit, or the storefront's cookie"
    )
    conversation: str | None = Field(default=None, min_length=1, max_length=500, description="The conversation")
    id: str | None = Field(default=None, max_length=_MAX_ID, description="One that is delivered twice counts once")
    products: tuple[str, ...] = Field(
        default=(), max_length=500, description="Products: recommended, clicked on, put into the cart"
    )
    order: str | None = Field(default=None, max_length=_MAX_ID, description="The order's number")
    total: Money | None = Field(default=None, description="What was paid for the order")
    lines: tuple[SoldLine, ...] = Field(default=(), max_length=10_000, description="What was bought")
    codes: tuple[str, ...] = Field(default=(), max_length=50, description="Discount codes of the order")
    code: str | None = Field(default=None, min_length=1, max_length=_MAX_ID, description="The discount's code")
    amount: Money | None = Field(default=None, description="Taken off by the discount, or paid back")
    group: Group | None = Field(default=None, description="The visitor's group, where an experiment runs")

    @model_validator(mode="before")
    @classmethod
    def _printable(cls, data: Any) -> Any:
        return {key: printable(value) for key, value in data.items()} if isinstance(data, Mapping) else data

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = [name for name in _NEEDS.get(self.kind, ()) if not getattr(self, name)]
        if missing:
            raise ValueError(f"{self.kind} needs {' and '.join(missing)}")
        if any(not each or len(each) > _MAX_ID for each in (*self.products, *self.codes)):
            raise ValueError(f"an id or a code has 1 to {_MAX_ID} characters")
        if self.total is not None and self.total.minor < 0:
            raise ValueError("an order's total isn't below zero; write a refund of its own")
        if self.amount is not None and self.amount.minor < 0:
            raise ValueError("an amount that is taken off or paid back isn't below zero")
        if self.kind not in {"refunded", "discount_used"} and not (self.customer or self.session or self.conversation):
            raise ValueError("an event needs a customer, a session or a conversation")
        return self

    @classmethod
    def read(cls, data: SellingEvent | Mapping[str, Any]) -> SellingEvent:
        """An event from what a log holds.

        Raises:
            FactsError: `selling-event`: it is no event; every field at fault is named.
        """
        if isinstance(data, SellingEvent):
            return data
        if not isinstance(data, Mapping):
            raise FactsError(
                f"an event is an object, not a {type(data).__name__}", code="selling-event", remedy=_EXAMPLE
            )
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            faults = "; ".join(told(fault, data) for fault in error.errors()[:10])
            raise FactsError(f"this event can't be used: {faults}", code="selling-event", remedy=_EXAMPLE) from None


def of_storefront(event: StorefrontEvent) -> SellingEvent | None:
    """What a storefront's event means for measuring: something put into the cart, an order; None for all others.

    Args:
        event: `product_added_to_cart`, or `checkout_completed` with its order and value.
    """
    if event.name == "product_added_to_cart":
        return SellingEvent(
            kind="added", at=event.at, session=event.session, customer=event.customer, products=event.product_ids,
            id=event.id,
        )  # fmt: skip
    if event.name == "checkout_completed" and event.order and event.value is not None:
        return SellingEvent(
            kind="purchased", at=event.at, session=event.session, customer=event.customer, order=event.order,
            total=event.value, codes=event.codes, id=event.id,
            lines=tuple(SoldLine(product=each) for each in event.product_ids),
        )  # fmt: skip
    return None


def of_turn(
    turn: Turn, *, customer: str | None = None, session: str | None = None, first: bool | None = None
) -> tuple[SellingEvent, ...]:
    """What a turn did for a sale: a conversation that began, products that its reply shows, codes that it offers.

    Args:
        turn: As the agent gave it.
        customer: Who, where that is known.
        session: The visit.
        first: Whether it is the conversation's first turn; None where that isn't told of.

    Returns:
        Nothing where the turn has no moment. The same turn gives the same events, with the same ids.
    """
    if turn.at is None:
        return ()
    found: list[tuple[SellingKind, dict[str, Any]]] = []
    if first:
        found.append(("conversation_started", {}))
    products = turn.reply.products if turn.reply is not None else ()
    shown = tuple(dict.fromkeys(each.product_id for each in products if 0 < len(each.product_id) <= _MAX_ID))
    if shown:
        found.append(("recommended", {"products": shown[:500]}))
    said = [str(event.data.get("code", ""))[:_MAX_ID] for event in turn.trace if event.kind == "discount_offered"]
    for record in turn.actions:
        code = _code_of(record.result) if record.kind == "write" and record.status == "done" else None
        said.append(code or "")
    found += [("discount_offered", {"code": code}) for code in dict.fromkeys(said) if code]
    known = {name: who for name, who in (("customer", customer), ("session", session)) if who and len(who) <= _MAX_ID}
    return tuple(
        SellingEvent.read(
            {
                **known,
                **rest,
                "kind": kind,
                "at": turn.at,
                "conversation": turn.conversation,
                "id": _id_of(turn, kind, rest),
            }
        )
        for kind, rest in found
    )


def _id_of(turn: Turn, kind: str, rest: Mapping[str, Any]) -> str:
    said = "|".join((turn.conversation, str(turn.at), kind, str(rest.get("code", ""))))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:20]


def _code_of(result: Any) -> str | None:
    """The code of a discount that an action gave: a `Discount`, or its JSON."""
    told = result.model_dump() if isinstance(result, BaseModel) else result
    if not isinstance(told, Mapping) or not {"percent", "amount"} & set(told):
        return None
    code = told.get("code")
    return code[:_MAX_ID] if isinstance(code, str) and code.strip() else None


def selling_line(event: SellingEvent) -> str:
    """An event as a line of JSON, with its line end. Half characters become U+FFFD."""
    text = event.model_dump_json(exclude_defaults=True)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def append_selling_events(path: str | Path, events: Iterable[SellingEvent]) -> int:
    """Writes events at the end of a log, in one piece; several processes may write to one log.

    Args:
        path: The log; it and its folder are made where they aren't there.
        events: What happened.

    Returns:
        How many were written.

    Raises:
        StorageError: `selling-log`: it can't be written.
    """
    lines = [selling_line(event) for event in events]
    if not lines:
        return 0
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            left = memoryview("".join(lines).encode("utf-8"))
            while left:
                left = left[os.write(handle, left) :]
        finally:
            os.close(handle)
    except OSError as error:
        raise StorageError(
            f"the log of sales can't be written: {error.strerror or error}", code="selling-log", place=file,
            remedy="Give the program a folder that it may write to.",
        ) from None  # fmt: skip
    return len(lines)
