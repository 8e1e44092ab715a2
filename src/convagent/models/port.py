"""The port to chat models: what is asked of one, what it answers, and how it fails. Data, and one small protocol.

A model serves understanding (one structured call) and composing (one call, streamed). It never decides and never acts: what it
says is data, held against its sources before anything of it is used.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

__all__ = [
    "TRANSIENT",
    "ChatMessage",
    "ChatModel",
    "ChatReply",
    "ChatRequest",
    "Image",
    "Purpose",
    "TokenUsage",
]

Purpose = Literal["understand", "compose", "verify", "judge", "customer"]
"""What a call is for: understanding a message, wording a reply, checking one; and in the harness, judging a conversation and
playing a customer."""

Role = Literal["system", "user", "assistant"]

Finish = Literal["stop", "length", "filtered"]
"""Why the model stopped: it was done, had no more room, or its provider withheld the rest."""

TRANSIENT: frozenset[str] = frozenset({"model-unreachable", "model-timeout", "model-busy", "model-failed"})
"""Codes of `ModelError` for which trying again may help: no connection, no answer in time, too many requests (HTTP 429), a
fault of the server's (HTTP 5xx)."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that goes along with a message: its bytes, or an address that the model's server can read.

    Attributes:
        media_type: MIME type, such as image/jpeg.
        data: The bytes; empty where an address is given.
        url: https address; empty where bytes are given.
    """

    media_type: str = "image/jpeg"
    data: bytes = b""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt.

    Attributes:
        role: Whose it is: the instructions (`system`), what they are about (`user`), what the model said before.
        text: Its words.
        images: Pictures beside them; only for models that see.
    """

    role: Role
    text: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked of a chat model.

    Attributes:
        purpose: What the call is for.
        messages: The prompt. What is the same at every call stands first, so that servers can cache it.
        schema: JSON Schema that the answer must meet (an object, every property required, nothing beyond them: what the
            protocol calls strict); None for plain text.
        max_tokens: The answer may be so long.
        temperature: 0 to 2; 0 gives the most probable words.
        seed: For servers that honour one.
        timeout: Seconds that the call may take in all, retries included; None for the model's own limit.
    """

    purpose: Purpose
    messages: tuple[ChatMessage, ...]
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 500
    temperature: float = 0.0
    seed: int | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """What a call read and wrote, in tokens.

    Attributes:
        input_tokens: Of the prompt.
        output_tokens: Of the answer.
        cached_tokens: Of the prompt's, those that the server had read before.
        estimated: The server didn't say, and they were counted here.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What a chat model answered.

    Attributes:
        text: Its words; JSON where a schema was given.
        usage: What the call took.
        finish: Why it stopped.
        model: What the server says answered.
    """

    text: str
    usage: TokenUsage = TokenUsage()
    finish: Finish = "stop"
    model: str = ""


@runtime_checkable
class ChatModel(Protocol):
    """A chat model. Threads may share one.

    An agent puts retries, a limit of calls at once, a circuit breaker and a time limit around it (`convagent.models.guard`). A
    model may have, beside what stands here: `warm_up()` and `close()`; `keeps_time = True`, where no call outlives its request's
    `timeout`, so that no thread is needed to leave it behind; `is_guarded = True`, where it wants nothing put around it.

    Attributes:
        name: For stamps, traces and messages: `openai:gpt-5-mini`.
        sees_images: Whether pictures may go along.
    """

    @property
    def name(self) -> str:
        """For stamps, traces and messages: `openai:gpt-5-mini`."""
        ...

    @property
    def sees_images(self) -> bool:
        """Whether pictures may go along."""
        ...

    def complete(self, request: ChatRequest) -> ChatReply:
        """The answer, whole.

        Raises:
            ModelError: `model-unreachable`, `model-timeout`, `model-busy`, `model-failed` (trying again may help);
                `model-refused` (key or rights), `model-unknown` (no such model), `model-too-long` (the prompt),
                `model-invalid` (the request), `model-unusable` (an answer that is none).
        """
        ...

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The answer piece by piece, as it comes; the generator returns it whole. Closing it ends the call.

            for piece in model.stream(request): ...
            reply = yield from model.stream(request)

        Raises:
            ModelError: As for `complete`, also in the middle: what had come by then stands.
        """
        ...


def words_of(messages: Sequence[ChatMessage]) -> str:
    """All words of a prompt, for counting and for recording."""
    return "\n".join(message.text for message in messages)
