"""Proactive moments as data: the rules of a shop, a moment, what was shown before, and what is known of the visitor."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from convagent.facts import Moment as MomentInTime

__all__ = ["TRIGGERS", "Moment", "MomentRules", "Response", "ShownMoment", "Trigger", "Visitor", "shown"]

Trigger = Literal["leaving", "searching", "comparing", "lingering", "abandoned_cart"]
"""What brings a moment about: the visitor is about to leave, searches in vain or again and again, looks at several products by
turns, stays on a product, or left the cart alone."""

TRIGGERS: tuple[Trigger, ...] = ("leaving", "searching", "comparing", "lingering", "abandoned_cart")

Response = Literal["shown", "opened", "dismissed"]
"""What became of a moment: it was shown and passed over, opened, or closed by the visitor."""

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


class MomentRules(BaseModel):
    """The section `[moments]` of `convagent.toml`: when a visitor may be spoken to unasked, and how seldom.

    A moment comes at most `per_session`, `per_day` and `per_customer` times; what a visitor closed isn't followed by another for
    `quiet_after_dismissal_hours`; none comes within `quiet_hours`, in a checkout, after a purchase, while a conversation is open,
    to somebody who is upset or waits for a person, nor to the hold-out group.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    triggers: tuple[Trigger, ...] = Field(
        default=TRIGGERS,
        description="What may bring a moment about; of several, the first here. Empty: no moments at all",
    )
    linger_seconds: float = Field(default=45, ge=5, le=3_600, description="So long on one product is lingering")
    searches: int = Field(default=3, ge=2, le=20, description="So many searches are looking in vain")
    search_minutes: float = Field(default=10, ge=1, le=240, description="Within so many minutes")
    empty_searches: int = Field(default=1, ge=1, le=20, description="So many that found nothing are enough")
    compare_products: int = Field(default=3, ge=2, le=20, description="So many products by turns are a comparison")
    compare_minutes: float = Field(default=15, ge=1, le=240, description="Within so many minutes")
    leave_after_seconds: float = Field(default=20, ge=0, le=3_600, description="A visit that is shorter may just end")
    abandoned_after_minutes: float = Field(
        default=60, ge=5, le=10_080, description="A cart that nobody touched for so long is abandoned"
    )
    abandoned_within_hours: float = Field(default=48, ge=1, le=720, description="Later nobody is reminded of it")
    present_minutes: float = Field(
        default=5, ge=1, le=60, description="Without an event for so long the visitor is gone"
    )
    per_session: int = Field(default=1, ge=0, le=20, description="Moments of one visit at most")
    per_day: int = Field(default=2, ge=0, le=50, description="Moments of one visitor a day at most")
    per_customer: int = Field(default=6, ge=0, le=500, description="Moments of one customer in `customer_days` at most")
    customer_days: float = Field(default=30, ge=1, le=365, description="See `per_customer`")
    minutes_between: float = Field(default=10, ge=0, le=1_440, description="Between two moments at least")
    quiet_hours: tuple[str, str] | None = Field(
        default=("21:30", "08:00"), description="None comes from then until then, by the clock of the moment handed in"
    )
    quiet_after_dismissal_hours: float = Field(default=72, ge=0, le=8_760, description="After one was closed")
    quiet_after_purchase_hours: float = Field(default=24, ge=0, le=8_760, description="After something was bought")
    checkout_minutes: float = Field(default=30, ge=1, le=1_440, description="So long a checkout counts as going on")

    @field_validator("quiet_hours")
    @classmethod
    def _times(cls, value: tuple[str, str] | None) -> tuple[str, str] | None:
        if value is not None and not all(_CLOCK.fullmatch(each) for each in value):
            raise ValueError('is two times such as ["21:30", "08:00"]')
        return value

    @field_validator("triggers")
    @classmethod
    def _once(cls, value: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
        if len(set(value)) != len(value):
            raise ValueError("names a trigger twice")
        return value


Ids = Annotated[tuple[str, ...], Field(max_length=500)]


class Moment(BaseModel):
    """A moment at which the assistant may speak first.

    `place` is `page` where the visitor is still there, else `away`: a message such as an e-mail, which needs their consent.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="The same for the same occasion, however often it is looked for")
    trigger: Trigger
    why: str = Field(description="What brought it about, for the shop's people")
    at: MomentInTime
    place: Literal["page", "away"] = "page"
    event: str = Field(description="The storefront's event that it rests on, for `Agent.event`")
    seconds: float = Field(default=0.0, ge=0, description="For how long that has lasted")
    product_ids: Ids = ()
    query: str | None = None
    session: str | None = None
    customer: str | None = None


class ShownMoment(BaseModel):
    """A moment that was shown before, and what became of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    trigger: Trigger
    at: MomentInTime
    id: str | None = None
    session: str | None = None
    customer: str | None = None
    product_ids: Ids = ()
    response: Response = "shown"
    responded_at: MomentInTime | None = Field(default=None, description="When it was closed; `at` without it")


class Visitor(BaseModel):
    """What is known of the visitor besides events. What nobody says is taken as the quieter only for messages away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation_open: bool = Field(default=False, description="A conversation with the assistant or a person is open")
    waits_for_person: bool = Field(default=False, description="A handover is open")
    upset: bool = Field(default=False, description="The mood of their last conversation")
    accepts_messages: bool = Field(default=False, description="They agreed to messages outside the storefront")
    in_holdout: bool = Field(default=False, description="They belong to the group that meets no assistant")


def shown(moment: Moment, *, response: Response = "shown", responded_at: MomentInTime | None = None) -> ShownMoment:
    """What to keep of a moment that was shown.

    Args:
        moment: The moment.
        response: What became of it.
        responded_at: When.
    """
    return ShownMoment(
        trigger=moment.trigger, at=moment.at, id=moment.id, session=moment.session, customer=moment.customer,
        product_ids=moment.product_ids, response=response, responded_at=responded_at,
    )  # fmt: skip
