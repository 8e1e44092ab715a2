"""What a TOML file of HTTP actions may hold: data only. Its JSON Schema helps editors."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from convagent.facts import Verification

__all__ = [
    "ActionModel",
    "AmountModel",
    "ConfirmAboveModel",
    "FieldModel",
    "FileModel",
    "LimitModel",
    "Means",
    "OutcomeModel",
    "ParameterModel",
    "RequestModel",
    "ResultModel",
    "ServiceModel",
    "json_schema",
]

Means = Literal["done", "none", "refused", "failed", "uncertain"]
"""What an answer comes to: done; done, and there is nothing; refused by the service; not done; nobody knows."""

Scalar = str | int | float | bool
Status = Annotated[int, Field(ge=100, le=599)] | Annotated[str, Field(pattern=r"^[1-5]xx$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ServiceModel(_Part):
    """`[service]`: what all actions of the file share."""

    name: str = Field(default="", description="As people call the service; the file's name by default")
    url: str = Field(default="", description="What stands before every action's url: https://api.parcels.example/v2")
    hosts: tuple[str, ...] = Field(
        default=(), description='Hosts that may be called: "api.example.com", "*.example.com", "api.example.com:8443"'
    )
    private_networks: tuple[str, ...] = Field(
        default=(), description='Networks that are not public and may be reached all the same: "10.0.5.0/24"'
    )
    headers: dict[str, str] = Field(default_factory=dict, description="Sent with every request")
    timeout_seconds: float = Field(default=10.0, gt=0, le=300, description="For a whole call, repeats included")
    max_bytes: int = Field(default=1_000_000, ge=1, le=50_000_000, description="A larger answer is not read")
    documentation: str = Field(default="", description="The page that it was written from")
    api_version: str = Field(default="", description="The version of the interface")
    verified: bool = Field(default=False, description="Whether it was tried against the live service")


class ParameterModel(_Part):
    """A parameter with more than its type."""

    type: str = Field(description="text, number, money, date, yes or no, one of …, order id, address, list of …")
    description: str = ""
    default: Any = Field(default=None, description="Makes the parameter optional")
    secret: bool = Field(default=False, description="Left out of records, traces and the ledger")


class RequestModel(_Part):
    """What is sent. `{{ name }}` stands for a value and is encoded for where it stands."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: str = Field(description="Whole, or what follows the service's url: /orders/{{ order }}")
    query: dict[str, Scalar | list[Scalar]] = Field(default_factory=dict, description="Behind the question mark")
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: dict[str, Any] | list[Any] | None = Field(default=None, alias="json", description="A body in JSON")
    form: dict[str, Scalar] | None = Field(default=None, description="A body as forms send it")
    graphql: str | None = Field(default=None, description="A GraphQL document, without placeholders")
    variables: dict[str, Any] = Field(default_factory=dict, description="Variables of the GraphQL document")

    @model_validator(mode="after")
    def _one_body(self) -> RequestModel:
        bodies = [name for name, body in self._bodies() if body is not None]
        if len(bodies) > 1:
            raise ValueError(f"a request has one body, not {' and '.join(bodies)}")
        if self.variables and self.graphql is None:
            raise ValueError("variables belong to a graphql document")
        if self.graphql is not None and self.method != "POST":
            raise ValueError('a graphql document is sent with method = "POST"')
        return self

    def _bodies(self) -> tuple[tuple[str, object], ...]:
        return (("json", self.json_body), ("form", self.form), ("graphql", self.graphql))


class FieldModel(_Part):
    """Where a field of the result stands in the answer, and how it is read."""

    from_: str = Field(default="@", alias="from", description="A JMESPath expression")
    fields: dict[str, str | FieldModel] = Field(default_factory=dict, description="For records and lists of records")
    values: dict[str, str] = Field(default_factory=dict, description="The service's words and ours")
    otherwise: str | None = Field(default=None, description="Ours for a word that `values` doesn't name")
    amount: str | None = Field(default=None, description="For money: where the amount stands")
    minor: str | None = Field(default=None, description="For money: where the amount in cents stands")
    currency: str | None = Field(default=None, description="For money: where the currency stands, or 'EUR' in quotes")
    zone: str | None = Field(default=None, description="What moments without a time zone are in: UTC, Europe/Dublin")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ZoneInfo(value).key
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {value!r}") from None


class ResultModel(FieldModel):
    """What the action gives."""

    type: str = Field(default="any", description="text, number, order or none, list of shipment, a type of this file")


class OutcomeModel(_Part):
    """What an answer means that is not simply done. The first that fits counts."""

    status: Status | tuple[Status, ...] = Field(default=(), description='404, [409, 422], "5xx"; any when left out')
    when: str | None = Field(default=None, description="A JMESPath expression that gives something")
    means: Means
    text: str = Field(default="", description="Why, for people")
    text_from: str | None = Field(default=None, description="A JMESPath expression for why")

    @model_validator(mode="after")
    def _some_condition(self) -> OutcomeModel:
        if self.status == () and self.when is None:
            raise ValueError("an outcome has a status, a `when`, or both")
        return self


class LimitModel(_Part):
    """At most `count` effects within a time."""

    count: int = Field(ge=0)
    within_hours: float | None = Field(default=None, gt=0, le=24 * 366 * 10)
    per: Literal["customer", "conversation", "action"] = "customer"


class AmountModel(_Part):
    """At most so much in one call or, with a time, in all calls within it."""

    parameter: str
    at_most: str = Field(description='"50.00 EUR", or a number for a parameter that is one')
    within_hours: float | None = Field(default=None, gt=0, le=24 * 366 * 10)
    per: Literal["customer", "conversation", "action"] = "customer"


class ConfirmAboveModel(_Part):
    """A confirmation is demanded only for more than this."""

    parameter: str
    amount: str = Field(description='"20.00 EUR", or a number for a parameter that is one')


class ActionModel(_Part):
    """`[actions.NAME]`: a look-up or an action."""

    kind: Literal["lookup", "write"]
    description: str = ""
    parameters: dict[str, str | ParameterModel] = Field(default_factory=dict)
    requires: Verification | None = Field(default=None, description="verified for writes, anonymous for look-ups")
    confirm: bool = Field(default=True, description="Whether a write demands a confirmation of its arguments")
    confirm_above: ConfirmAboveModel | None = Field(default=None, description="Demand it only above an amount")
    own: dict[str, str] = Field(default_factory=dict, description='Must be the customer\'s own: { order = "orders" }')
    proves: bool = Field(default=False, description="A look-up whose result may raise a customer's verification")
    provides: str | None = Field(default=None, description="The field that a look-up gives: Customer.orders")
    limits: tuple[LimitModel, ...] = Field(default=(), description="How often a write may be done")
    amounts: tuple[AmountModel, ...] = Field(default=(), description="How much a write may move")
    once_per: tuple[str, ...] = Field(default=(), description="Parameters for whose values a write is done once, ever")
    timeout_seconds: float | None = Field(default=None, gt=0, le=300)
    max_bytes: int | None = Field(default=None, ge=1, le=50_000_000)
    idempotent: bool = Field(
        default=False, description="Whether the service does a write once however often it is sent with one key"
    )
    idempotency_header: str = Field(default="Idempotency-Key", description="The header of the key; empty for none")
    retries: int = Field(default=2, ge=0, le=5, description="How often a request that may be sent again is sent again")
    request: RequestModel
    result: ResultModel = ResultModel()
    outcomes: tuple[OutcomeModel, ...] = ()
    documentation: str = Field(default="", description="The page that it was written from")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ActionModel:
        if self.kind == "lookup" and self.idempotent:
            raise ValueError("only a write is idempotent; a look-up may always be sent again")
        if self.kind == "lookup" and (self.limits or self.amounts or self.once_per or self.confirm_above):
            raise ValueError("only a write has limits, amounts, once_per and confirm_above")
        if self.timeout_seconds is not None and not math.isfinite(self.timeout_seconds):
            raise ValueError("timeout_seconds is a finite number")
        return self


class FileModel(_Part):
    """A TOML file of HTTP actions."""

    service: ServiceModel = ServiceModel()
    types: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Types of the shop's own: fields with their types in words"
    )
    actions: dict[str, ActionModel] = Field(min_length=1)


FieldModel.model_rebuild()


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file, for editors."""
    schema = FileModel.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "HTTP actions of a shop"}
