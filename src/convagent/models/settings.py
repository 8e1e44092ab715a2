"""The section `[model]` of `convagent.toml`: which chat model serves, how long it may take, and what may leave the shop."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelPrices", "ModelSettings", "Shared"]

Shared = Literal["messages", "facts", "articles", "products"]
"""What may stand in a prompt: customers' messages, facts of the shop's records, articles, products."""


class ModelPrices(BaseModel):
    """The section `[model.prices]`: what a chat model costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0, description="A million tokens that it reads, in whatever currency")
    output: float = Field(ge=0, description="A million tokens that it writes")


class ModelSettings(BaseModel):
    """The section `[model]`. The key never stands here: it comes from the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        default="", pattern=r"^(|openai:\S+)$",
        description="`openai:NAME`, for any service that speaks the OpenAI protocol; empty: no model, the embedded parts answer",
    )  # fmt: skip
    base_url: str | None = Field(
        default=None, pattern=r"^https?://\S+$",
        description="Of another service than OpenAI's own: http://127.0.0.1:8080/v1",
    )  # fmt: skip
    key: str = Field(default="OPENAI_API_KEY", description="Environment variable that holds the key")
    api: Literal["chat", "responses"] = Field(
        default="chat", description="Chat Completions, which every server has, or Responses where it is offered"
    )
    sees_images: bool = Field(default=False, description="Whether the model sees pictures")
    turn_seconds: float = Field(default=10.0, gt=0, le=300, description="What the calls of one turn may take together")
    retries: int = Field(default=2, ge=0, le=10, description="So often a call is tried again that failed in passing")
    concurrency: int = Field(default=8, ge=1, le=1_000, description="Calls under way at once; others wait their turn")
    breaker_after: int = Field(
        default=5, ge=1, le=1_000, description="After so many failures in a row the model is left alone for a while"
    )
    breaker_seconds: float = Field(default=30.0, gt=0, le=3_600, description="For so long")
    prompt_tokens: int = Field(default=6_000, ge=500, le=1_000_000, description="A prompt is kept to so many tokens")
    reply_tokens: int = Field(default=400, ge=20, le=20_000, description="A reply may be so long")
    understand_below: float = Field(
        default=0.9, ge=0, le=1,
        description="The model reads a message that the embedded parts are less sure of than this: 0 never, 1 always",
    )  # fmt: skip
    compose: bool = Field(default=True, description="Whether the model words answers from articles and free texts")
    verifier: str = Field(
        default="", pattern=r"^(|openai:\S+)$",
        description="A second model that checks replies which aren't streamed: a third call. Empty: none",
    )  # fmt: skip
    prices: ModelPrices | None = Field(default=None, description="What it costs, for `Turn.usage.cost`")
    shares: tuple[Shared, ...] = Field(
        default=("messages", "facts", "articles", "products"),
        description="What may leave for the model. Personal data in it is replaced by placeholders in any case",
    )
