"""A conversation, its messages and turns, the outcomes and the handover: data only, JSON in and out without loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_serializer, model_validator

from convagent.facts import Moment

__all__ = [
    "HANDOVER_REASONS",
    "ActionRecord",
    "Answered",
    "Asked",
    "Attachment",
    "Citation",
    "Conversation",
    "HandedOver",
    "Handover",
    "HandoverReason",
    "Message",
    "Outcome",
    "ProductMention",
    "Reply",
    "Silent",
    "TraceEvent",
    "Turn",
    "Usage",
]

HandoverReason = Literal[
    "customer_request",
    "upset_customer",
    "sensitive_topic",
    "guidance",
    "missing_knowledge",
    "low_confidence",
    "several_open_requests",
    "action_failed",
    "not_permitted",
    "unverified_customer",
    "no_progress",
    "outside_scope",
    "engine_error",
]
"""Why a person must take over: a closed set."""

HANDOVER_REASONS: tuple[str, ...] = HandoverReason.__args__  # type: ignore[attr-defined]

Priority = Literal["low", "normal", "high", "urgent"]
Author = Literal["customer", "agent", "person", "system"]


class Data(BaseModel):
    """Base of the conversation's data: immutable; unknown fields are kept."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Attachment(Data):
    """A file or picture that came with a message."""

    name: str = ""
    media_type: str = Field(default="application/octet-stream", description="MIME type, such as image/jpeg")
    url: str | None = None
    size: int | None = Field(default=None, ge=0, description="Bytes")

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.media_type.startswith("image/")


class Message(Data):
    """One message of the conversation.

    `author` is the customer, the agent, a person of the shop, or the system (an event of the storefront).
    """

    author: Author = "customer"
    text: str = ""
    at: Moment | None = None
    attachments: tuple[Attachment, ...] = ()
    language: str | None = None
    id: str | None = Field(
        default=None, description="The channel's own: a message that is delivered again gets the turn that it had"
    )
    sequence: int | None = Field(
        default=None,
        ge=1,
        le=2**53,
        description="Which of the customer's messages in the conversation it is, from 1: one that overtook another waits",
    )


class Citation(Data):
    """The source of an answer: an article's passage."""

    article_id: str
    title: str
    passage: str = Field(description="The words the answer rests on")
    url: str | None = None
    heading: str | None = None
    score: float | None = None


class ProductMention(Data):
    """A product shown in a reply."""

    product_id: str
    title: str
    variant_id: str | None = None
    price: str | None = None
    url: str | None = None
    reason: str | None = None


class Reply(Data):
    """What the customer reads."""

    text: str
    language: str = "en"
    citations: tuple[Citation, ...] = ()
    products: tuple[ProductMention, ...] = ()
    buttons: tuple[str, ...] = Field(default=(), description="Answers that a channel may offer as buttons")


class Handover(Data):
    """Everything a person needs to go on where the agent stopped."""

    reason: HandoverReason
    team: str = "care"
    priority: Priority = "normal"
    summary: str = Field(default="", description="The whole note, readable in ten seconds")
    issue: str = Field(default="", description="What the customer wants, in one line")
    tried: tuple[str, ...] = Field(default=(), description="What the agent did, with results")
    next_step: str = ""
    facts: dict[str, str] = Field(default_factory=dict, description="What the person needs to know, by label")
    promised: tuple[str, ...] = Field(default=(), description="What the customer was told will happen")
    mood: str = "neutral"
    language: str = "en"
    expected_by: Moment | None = Field(default=None, description="When an answer can be expected, by opening hours")
    topic: str | None = Field(default=None, description="The topic that called for a person, when it was one")
    asked: tuple[str, ...] = Field(default=(), description="What the customer was asked already, with their answers")
    draft: str = Field(default="", description="A reply to begin from, in the customer's language; never sent as it is")
    transcript: str | None = Field(default=None, description="Where the whole conversation can be read")
    contact: tuple[str, ...] = Field(default=(), description="Where the customer wants to be reached, in their words")


class Answered(Data):
    """The reply settles what was asked, the action was done, or the rules refused it (`refused`)."""

    name: Literal["Answered"] = "Answered"
    refused: bool = False


class Asked(Data):
    """The agent needs something from the customer."""

    name: Literal["Asked"] = "Asked"
    needs: tuple[str, ...] = Field(default=(), description="Names of what was asked for")


class HandedOver(Data):
    """A person must take over."""

    name: Literal["HandedOver"] = "HandedOver"
    handover: Handover


class Silent(Data):
    """No reply is due."""

    name: Literal["Silent"] = "Silent"
    why: Literal["thanks", "auto_reply", "spam", "person_in_charge", "empty", "no_answer"] = "thanks"


Outcome = Annotated[Answered | Asked | HandedOver | Silent, Field(discriminator="name")]
_outcome: TypeAdapter[Any] = TypeAdapter(Outcome)


class Usage(Data):
    """What the turn took: calls of a chat model with their tokens, and seconds in all."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = Field(default=None, description="At the prices of `[model.prices]`; None without prices")


class ActionRecord(Data):
    """An action or look-up that was considered in a turn, and what became of it."""

    action: str
    kind: Literal["write", "lookup"]
    arguments: dict[str, Any] = Field(default_factory=dict)
    status: Literal["done", "failed", "refused", "uncertain", "proposed"]
    guide: str | None = Field(default=None, description="The statement that asked for it: 'Return items/7'")
    key: str | None = Field(default=None, description="Idempotency key of a write")
    result: Any = None
    error: str | None = None
    preconditions: tuple[dict[str, Any], ...] = ()


class TraceEvent(Data):
    """One thing that the engine considered, in order. `kind` says which; the other fields belong to the kind."""

    kind: str
    text: str = Field(default="", description="One line for a reader")
    data: dict[str, Any] = Field(default_factory=dict)


class Turn(Data):
    """One message of the customer and what the agent made of it.

    In JSON, `outcome` is the outcome's name; `refused`, `needs`, `why` and `handover` stand beside it.
    """

    conversation: str
    message: Message
    outcome: Outcome
    reply: Reply | None = None
    actions: tuple[ActionRecord, ...] = ()
    usage: Usage = Usage()
    trace: tuple[TraceEvent, ...] = ()
    stamp: str = Field(default="", description="Hash of the shop that decided: guidance, knowledge, settings")
    at: Moment | None = None

    @property
    def handover(self) -> Handover | None:
        """The handover, when the outcome is one."""
        return self.outcome.handover if isinstance(self.outcome, HandedOver) else None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources of the reply."""
        return self.reply.citations if self.reply else ()

    def explain(self) -> str:
        """How the turn came about, as a short story."""
        lines = [f"{_WRITERS[self.message.author]}: “{_short(self.message.text)}”"]
        lines += [f"  · {event.text}" for event in self.trace if event.text]
        for record in self.actions:
            checks = ", ".join(
                f"{c['name']} {'✓' if c['passed'] else '✗'} ({c['detail']})" for c in record.preconditions
            )
            lines.append(f"  · {record.kind} {record.action}: {record.status}" + (f" [{checks}]" if checks else ""))
        lines.extend(f"  · from “{c.title}”: {_short(c.passage)}" for c in self.citations)
        ending: str = self.outcome.name
        if isinstance(self.outcome, Answered) and self.outcome.refused:
            ending += ", refused by the rules"
        elif isinstance(self.outcome, Asked) and self.outcome.needs:
            ending += (
                f" for {', '.join('a yes' if need.startswith('confirm:') else need for need in self.outcome.needs)}"
            )
        elif isinstance(self.outcome, HandedOver):
            ending += f" to {self.outcome.handover.team} because {self.outcome.handover.reason}"
        elif isinstance(self.outcome, Silent):
            ending += f" ({self.outcome.why})"
        return "\n".join([*lines, f"So: {ending}."])

    @model_validator(mode="before")
    @classmethod
    def _outcome_from_its_name(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("outcome"), str):
            return data
        rest = dict(data)
        outcome: dict[str, Any] = {"name": rest.pop("outcome"), **(rest.pop("outcome_details", None) or {})}
        handover = rest.pop("handover", None)
        if handover is not None:
            outcome["handover"] = handover
        return {**rest, "outcome": outcome}

    @model_serializer(mode="wrap")
    def _outcome_by_its_name(self, handler: Any) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        outcome = data.pop("outcome")
        name, handover = outcome.pop("name"), outcome.pop("handover", None)
        first = {"conversation": data.pop("conversation"), "message": data.pop("message"), "outcome": name}
        return {**first, "outcome_details": outcome, "handover": handover, **data}


_WRITERS: Mapping[Author, str] = {
    "customer": "The customer wrote", "agent": "The agent wrote", "person": "A person of the shop wrote",
    "system": "The storefront told of",
}  # fmt: skip


def _short(text: str, limit: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rsplit(" ", 1)[0] + " …"


class Conversation(Data):
    """A conversation as a helpdesk knows it: who, where, and what was said so far."""

    id: str = Field(min_length=1, max_length=500)
    channel: str = "chat"
    language: str | None = None
    subject: str | None = None
    messages: tuple[Message, ...] = ()
    turns: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    started_at: Moment | None = None

    def with_turn(self, turn: Turn, *replies: Message) -> Self:
        """The conversation with one more turn and its messages."""
        return self.model_copy(
            update={"messages": (*self.messages, turn.message, *replies), "turns": (*self.turns, turn)}
        )
