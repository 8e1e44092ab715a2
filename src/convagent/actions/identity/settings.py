"""The section `[identity]` of `convagent.toml`: how customers prove who they are. Secrets are names of variables."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CodeSettings", "IdentitySettings", "OrderSettings", "TokenSettings", "TrySettings"]

Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
"""Name of an environment variable; the secret itself never stands in a file."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TokenSettings(_Section):
    """The section `[identity.token]`: a token that the storefront signs for a customer who is signed in."""

    secrets: dict[str, Variable] = Field(
        min_length=1, description="Key id to the environment variable that holds its secret; the first one signs"
    )
    audience: str = Field(min_length=1, description="What `aud` must be: this agent's name, such as convagent")
    issuer: str | None = Field(default=None, description="What `iss` must be, where it is given")
    algorithm: Literal["HS256", "HS384", "HS512"] = Field(default="HS256", description="No other one is accepted")
    leeway_seconds: int = Field(default=60, ge=0, le=600, description="How far the two clocks may be apart")
    max_age_minutes: int = Field(default=1_440, ge=1, le=43_200, description="The longest life that a token may have")


class OrderSettings(_Section):
    """The section `[identity.order]`: an order number with the e-mail address or postcode that belongs to it."""

    lookup: str = Field(
        description="A look-up that takes an order number and gives the customer who placed it, or none"
    )
    tries_per_conversation: int = Field(default=5, ge=1, le=100, description="Different answers, right or wrong")
    tries_per_order: int = Field(
        default=10, ge=1, le=1_000, description="Also for each e-mail address, in all conversations"
    )
    within_hours: int = Field(default=24, ge=1, le=720, description="The time that tries are counted over")


class CodeSettings(_Section):
    """The section `[identity.code]`: a code that is sent to the address that the shop knows."""

    secret: Variable = Field(description="Environment variable with the secret that codes are hashed with")
    lookup: str = Field(description="A look-up that takes an e-mail address and gives the customer, or none")
    send: str = Field(description="An action of the shop that takes `email` and `code` and sends it")
    digits: int = Field(default=6, ge=6, le=10, description="Length of a code")
    minutes: int = Field(default=10, ge=1, le=60, description="For how long it counts")
    tries: int = Field(default=5, ge=1, le=10, description="Wrong answers until it counts no longer")
    codes_per_hour: int = Field(default=3, ge=1, le=20, description="For each address, and for each conversation")


class TrySettings(_Section):
    """The section `[identity.tries]`: wrong answers to the shop's own look-ups that prove (`proves=True`)."""

    per_conversation: int = Field(default=6, ge=1, le=100, description="In one conversation")
    per_value: int = Field(
        default=10, ge=1, le=1_000, description="At one e-mail address, order or account, in all conversations"
    )
    within_hours: int = Field(default=24, ge=1, le=720, description="The time that tries are counted over")


class IdentitySettings(_Section):
    """The section `[identity]`."""

    verified_minutes: int = Field(
        default=720, ge=1, le=43_200, description="For how long a conversation stays verified after the last proof"
    )
    claims_count_as_said: bool = Field(
        default=True, description="Whether an e-mail address that the caller claims may prove, beside an order number"
    )
    tries: TrySettings = Field(default=TrySettings(), description="See `[identity.tries]`")

    token: TokenSettings | None = Field(default=None, description="See `[identity.token]`")
    order: OrderSettings | None = Field(default=None, description="See `[identity.order]`")
    code: CodeSettings | None = Field(default=None, description="See `[identity.code]`")
