"""The selling rules: what a merchant sets in `[selling]`, and what goes with what there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from convagent.facts import Money, Product

__all__ = ["STRATEGIES", "Among", "ProductCap", "Promotion", "SellingRules", "Stage", "Strategy"]

Stage = Literal["discovering", "interested", "ready"]
"""How far a shopper is: looks around, has something in mind, is about to buy."""

Strategy = Literal["never", "rare", "selective", "often"]
"""When a discount is offered: never; to who says that the price is too high; also for the cost of delivery, a cheaper offer
elsewhere and a cart left behind; also to who puts it off, lingers, or shows no hesitation at all."""

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
"""From the strictest on."""

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Among(_Part):
    """Some of the catalog's products: those that any of the four lists names. Case doesn't matter."""

    products: tuple[str, ...] = Field(default=(), description="Ids or handles")
    kinds: tuple[str, ...] = Field(default=(), description="Product types, such as Gift card")
    vendors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def has(self, product: Product) -> bool:
        """Whether a product is among them."""
        return (
            _meets(self.products, product.id, product.handle)
            or _meets(self.kinds, product.kind)
            or _meets(self.vendors, product.vendor)
            or _meets(self.tags, *product.tags)
        )

    def __str__(self) -> str:
        """What is named, for the page of settings."""
        named = ", ".join(
            value for name in type(self).model_fields for value in getattr(self, name) if isinstance(value, str)
        )
        return named or "nothing"

    @property
    def nothing(self) -> bool:
        """Whether no list names anything."""
        return not (self.products or self.kinds or self.vendors or self.tags)


def _written_out(value: Any) -> Any:
    """An amount without its currency is refused in words that a merchant understands."""
    if isinstance(value, (int, float, Decimal)):
        raise ValueError(f'an amount has a currency: "{value} EUR"')  # noqa: TRY004 - pydantic reports ValueErrors with their place
    return value


def _meets(names: tuple[str, ...], *values: str | None) -> bool:
    held = {value.strip().casefold() for value in values if value}
    return any(name.strip().casefold() in held for name in names)


class ProductCap(Among):
    """The section `[[selling.caps]]`: what some products bear at most."""

    percent: Percent = Field(description="The highest discount on them; 0 for none")

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.nothing:
            raise ValueError("a cap says on what: products, kinds, vendors or tags")
        return self


class Promotion(_Part):
    """The section `[[selling.promotions]]`: a code that every shopper may know, such as the one for a first order."""

    code: str = Field(pattern=r"^\S{2,40}$")
    percent: Percent | None = None
    amount: Money | None = None
    minimum_cart: Money | None = None
    first_order: bool = Field(default=False, description="For a first order only")
    sale_items: bool = Field(default=False, description="Whether it works on sale items too")
    not_on: Among = Among()
    since: date | None = None
    until: date | None = Field(default=None, description="The last day")

    _amounts = field_validator("amount", "minimum_cart", mode="before")(_written_out)

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("a promotion takes off a percent or an amount, one of the two")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("until is before since")
        return self


class SellingRules(_Part):
    """The section `[selling]`: whether and how the agent sells. Without it nothing is ever discounted."""

    assistant: bool = Field(default=True, description="Whether the agent advises shoppers at all")
    shortlist: int = Field(default=3, ge=1, le=3, description="Products shown at once, at most")
    questions_in_a_row: int = Field(
        default=2, ge=0, le=2, description="Questions asked one after the other before something is shown"
    )
    low_stock_from: int = Field(
        default=3, ge=0, le=1_000, description="So few pieces left are mentioned, with their true number; 0 for never"
    )
    strategy: Strategy = Field(
        default="never", description="When a discount is offered: never, rare, selective, often; see docs/selling.md"
    )
    percent: Mapping[Stage, Percent] = Field(
        default_factory=dict,
        description="Size by stage: `{interested = 5, ready = 10}`; one number is for these two. A stage without one gets none",
    )
    code: str | None = Field(
        default=None, pattern=r"^\S{2,40}$", description="A standing code of one size, such as SAVE10"
    )
    action: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_]\w{0,99}$",
        description="In its place, the action that makes a code for one use",
    )
    minimum_cart: Money | None = Field(default=None, description='The least cart, such as "60.00 EUR"')
    per_customer: int = Field(default=1, ge=0, le=1_000, description="Discounts for a customer in `per_customer_days`")
    per_customer_days: int = Field(default=90, ge=1, le=3_660, description="See `per_customer`")
    overall: int | None = Field(
        default=None, ge=0, le=10_000_000, description="Discounts for everybody together in `overall_days`"
    )
    overall_days: int = Field(default=30, ge=1, le=3_660, description="See `overall`")
    margin_floor: Percent = Field(
        default=Decimal(0),
        lt=100,
        description="Percent of the price, without tax, that must be left above a product's cost",
    )
    cost: str = Field(
        default="cost", min_length=1, description="The field or metafield that holds what a piece costs you"
    )
    tax_included: Percent = Field(default=Decimal(0), description="Percent of tax that your prices include, such as 23")
    unknown_cost: Literal["refuse", "allow"] = Field(
        default="refuse", description="Whether a product whose cost isn't known may be discounted"
    )
    caps: tuple[ProductCap, ...] = Field(
        default=(), max_length=1_000, description="Own caps of some products: `[[selling.caps]]`"
    )
    not_on: Among = Field(
        default=Among(),
        description='What your code doesn\'t work on: `{kinds = ["Gift card"], vendors = [], products = [], tags = []}`',
    )
    sale_items: bool = Field(default=False, description="Whether your code works on sale items too")
    promotions: tuple[Promotion, ...] = Field(
        default=(),
        max_length=100,
        description="Codes that everybody may use, told before a discount is offered: `[[selling.promotions]]`",
    )
    upset_never: Literal[True] = Field(
        default=True, description="Nobody upset is offered a discount; it can be written down, not taken back"
    )
    upset_from: int = Field(default=1, ge=1, le=2, description="Who counts as upset: from 1, annoyed, or from 2, angry")

    _amounts = field_validator("minimum_cart", mode="before")(_written_out)

    @field_validator("upset_never", mode="before")
    @classmethod
    def _stays(cls, value: Any) -> Any:
        if value is not True:
            raise ValueError("a discount doesn't answer anger: this is true and stays so")
        return value

    @field_validator("percent", mode="before")
    @classmethod
    def _one_number(cls, value: Any) -> Any:
        """One number is the size at both stages at which somebody has something in mind."""
        return {"interested": value, "ready": value} if isinstance(value, (int, float, str, Decimal)) else value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        sizes = {size for size in self.percent.values() if size}
        if self.code is not None and self.action is not None:
            raise ValueError("a discount is a standing `code`, or an `action` makes one: not both")
        if self.strategy != "never":
            if self.code is None and self.action is None:
                raise ValueError(f'strategy = "{self.strategy}" needs a `code` to offer, or an `action` that makes one')
            if not sizes:
                raise ValueError(
                    f'strategy = "{self.strategy}" needs a `percent`, such as `{{interested = 5, ready = 10}}`'
                )
        if self.code is not None and len(sizes) > 1:
            raise ValueError(
                f"{self.code} has one size: the same `percent` at every stage, or 0; an `action` can make several"
            )
        return self

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies of the amounts in it, which are to be the shop's."""
        amounts = (self.minimum_cart, *(a for p in self.promotions for a in (p.minimum_cart, p.amount)))
        return frozenset(amount.currency for amount in amounts if amount is not None)
