"""What a storefront tells of: its events, by the storefront's standard names, checked as they come in.

event = StorefrontEvent.read({"name": "product_viewed", "at": "2026-06-16T10:30:00+01:00", "session": "s-1",
                              "product_ids": ["the-sunday-teapot"]})
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from convagent.errors import FactsError
from convagent.facts import Moment as MomentInTime
from convagent.facts import Money
from convagent.guidance.language.slips import suggest

__all__ = [
    "CHECKOUT_EVENTS",
    "EVENT_NAMES",
    "EventName",
    "EventProblem",
    "StorefrontEvent",
    "in_order",
    "printable",
    "read_events",
    "told",
]

EventName = Literal[
    "page_viewed", "collection_viewed", "product_viewed", "search_submitted", "product_added_to_cart",
    "product_removed_from_cart", "cart_viewed", "checkout_started", "checkout_contact_info_submitted",
    "checkout_address_info_submitted", "checkout_shipping_info_submitted", "payment_info_submitted",
    "checkout_completed", "page_left",
]  # fmt: skip
"""Shopify's standard customer events (https://shopify.dev/docs/api/web-pixels-api/standard-events), and `page_left`: the
pointer leaves the page towards the browser's tabs, or the page is hidden."""

EVENT_NAMES: tuple[EventName, ...] = get_args(EventName)

CHECKOUT_EVENTS: frozenset[EventName] = frozenset(
    {
        "checkout_started", "checkout_contact_info_submitted", "checkout_address_info_submitted",
        "checkout_shipping_info_submitted", "payment_info_submitted",
    }
)  # fmt: skip
"""The steps of a checkout that isn't completed yet."""

_NEED_PRODUCTS: frozenset[str] = frozenset({"product_viewed", "product_added_to_cart", "product_removed_from_cart"})
_MAX_TEXT = 500
_MAX_ID = 200
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")
_EXAMPLE = (
    'Write {"name": "product_viewed", "at": "2026-06-16T10:30:00+01:00", "session": "s-1", "product_ids": ["teapot"]}; '
    "docs/storefront.md lists the events."
)


class StorefrontEvent(BaseModel):
    """One thing that a visitor did in the storefront. Fields that aren't declared are kept.

    Half characters and control characters in texts become blanks; a search of more than 500 characters is cut.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    name: EventName = Field(description="What happened")
    at: MomentInTime = Field(description="When, with a time zone")
    session: str | None = Field(default=None, min_length=1, max_length=_MAX_ID, description="The visit's id")
    customer: str | None = Field(default=None, min_length=1, max_length=_MAX_ID, description="Who, where that is known")
    product_ids: tuple[str, ...] = Field(
        default=(), max_length=500, description="The products: viewed, put into the cart, found, bought"
    )
    query: str | None = Field(default=None, description="What was searched for")
    results: int | None = Field(default=None, ge=0, description="How many products a search found")
    value: Money | None = Field(default=None, description="What the cart or the order comes to")
    page: str | None = Field(default=None, description="The page's address or kind")
    order: str | None = Field(default=None, max_length=_MAX_ID, description="The order's number: checkout_completed")
    codes: tuple[str, ...] = Field(default=(), max_length=50, description="Discount codes of the order")
    id: str | None = Field(
        default=None, max_length=_MAX_ID, description="The event's own: one that is delivered twice counts once"
    )

    @model_validator(mode="before")
    @classmethod
    def _printable(cls, data: Any) -> Any:
        return {key: printable(value) for key, value in data.items()} if isinstance(data, Mapping) else data

    @field_validator("query")
    @classmethod
    def _cut(cls, value: str | None) -> str | None:
        return value[:_MAX_TEXT].strip() if value is not None else None

    @field_validator("product_ids")
    @classmethod
    def _ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not each or len(each) > _MAX_ID for each in value):
            raise ValueError(f"a product's id has 1 to {_MAX_ID} characters")
        return tuple(dict.fromkeys(value))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.session is None and self.customer is None:
            raise ValueError("an event needs a session or a customer: nobody is asked about somebody else's visit")
        if self.name in _NEED_PRODUCTS and not self.product_ids:
            raise ValueError(f"{self.name} needs product_ids")
        if self.name == "search_submitted" and not self.query:
            raise ValueError("search_submitted needs the query")
        return self

    @classmethod
    def read(cls, data: StorefrontEvent | Mapping[str, Any]) -> StorefrontEvent:
        """An event from what the storefront hands in.

        Raises:
            FactsError: `event-shape`: it is no event; every field at fault is named, and a near name of an event is told.
        """
        if isinstance(data, StorefrontEvent):
            return data
        if not isinstance(data, Mapping):
            raise FactsError(f"an event is an object, not a {type(data).__name__}", code="event-shape", remedy=_EXAMPLE)
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            faults = "; ".join(told(fault, data) for fault in error.errors()[:10])
            raise FactsError(f"this event can't be used: {faults}", code="event-shape", remedy=_EXAMPLE) from None


@dataclass(frozen=True, slots=True)
class EventProblem:
    """A line that is no event.

    Args:
        row: The line, from 1.
        message: What was found.
        remedy: What to do about it.
        code: `event-shape`, `event-json`.
    """

    row: int
    message: str
    remedy: str
    code: str = "event-shape"

    def __str__(self) -> str:
        """`row 12: message [code]`."""
        return f"row {self.row}: {self.message} [{self.code}]"


def read_events(lines: Iterable[str]) -> tuple[tuple[StorefrontEvent, ...], tuple[EventProblem, ...]]:
    """Events of JSON Lines, in the order of time, and what could not be read, by its row.

    Args:
        lines: A JSON object a line; empty lines are passed over.
    """
    found: list[StorefrontEvent] = []
    problems: list[EventProblem] = []
    for row, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(StorefrontEvent.read(json.loads(line)))
        except (ValueError, RecursionError):
            problems.append(EventProblem(row, "this line is no JSON", _EXAMPLE, "event-json"))
        except FactsError as error:
            problems.append(EventProblem(row, error.message, error.remedy or _EXAMPLE))
    return in_order(found), tuple(problems)


def in_order(events: Iterable[StorefrontEvent]) -> tuple[StorefrontEvent, ...]:
    """Events in the order of time, whatever order they came in; one that was delivered twice stands once.

    What happened at the same moment stands in the order in which a visit goes, so that the same events give the same order.
    """
    seen: set[tuple[str | None, str]] = set()
    found: list[StorefrontEvent] = []
    for event in sorted(events, key=_place):
        if event.id is not None:
            if (key := (event.session, event.id)) in seen:
                continue
            seen.add(key)
        found.append(event)
    return tuple(found)


def _place(event: StorefrontEvent) -> tuple[Any, ...]:
    return (
        event.at, EVENT_NAMES.index(event.name), event.product_ids, event.query or "", event.session or "",
        event.customer or "", event.id or "", str(event.value), str(event.results), event.page or "",
    )  # fmt: skip


def told(fault: Any, data: Mapping[str, Any]) -> str:
    """One fault of a record that was handed in, in words; a near name is told where a name isn't known.

    Args:
        fault: As pydantic tells it.
        data: What was handed in.
    """
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "literal_error" and len(fault["loc"]) == 1:
        given = str(data.get(place))[:60]
        meant = suggest(given, re.findall(r"'([^']+)'", str(fault.get("ctx", {}).get("expected", ""))))
        return f"{place}: there is no {given!r}" + (f", did you mean {meant}?" if meant else "")
    if fault["type"] == "timezone_aware":
        return f"{place}: a moment needs a time zone, such as 2026-06-16T10:30:00+01:00"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def printable(value: Any) -> Any:
    """Texts without control characters and half characters, also within lists and objects; all else as it is.

    Args:
        value: A field of what was handed in.
    """
    if isinstance(value, str):
        return _UNPRINTABLE.sub(" ", value).strip() if _UNPRINTABLE.search(value) else value
    if isinstance(value, (list, tuple)):
        return [printable(each) for each in value]
    if isinstance(value, dict):
        return {printable(key): printable(each) for key, each in value.items()}
    return value
