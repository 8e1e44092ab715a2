"""The calls of one turn to a chat model: how many, for how long, with what left out, and what they took."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from convagent.errors import ModelError
from convagent.models.faults import foreign_fault, unusable
from convagent.models.meanwhile import Meanwhile
from convagent.models.port import ChatMessage, ChatModel, ChatReply, ChatRequest, Purpose, TokenUsage, words_of
from convagent.models.tokens import count_tokens

__all__ = ["MOST_CALLS", "Call", "Mask", "ModelCalls"]

MOST_CALLS = 2
"""Calls on a turn's path: one to understand, one to compose."""


class Mask(Protocol):
    """Hides what a model need not see, and puts it back into what the model wrote. One conversation's, or one turn's."""

    def hide(self, text: str) -> str:
        """The text with placeholders for what is nobody's business."""
        ...

    def restore(self, text: str) -> str:
        """The text with what the placeholders stand for."""
        ...

    def restored(self, pieces: Iterable[str]) -> Iterator[str]:
        """The same for a text that comes in pieces, none of which need end at a placeholder's end."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was made.

    Attributes:
        purpose: What for.
        usage: What it took.
        seconds: From asking to the last word.
        error: Code of what went wrong; empty for nothing.
    """

    purpose: Purpose
    usage: TokenUsage = field(default_factory=TokenUsage)
    seconds: float = 0.0
    error: str = ""


@dataclass
class ModelCalls:
    """What a turn asks its chat model. Not shared between threads.

    Attributes:
        model: The model.
        seconds: What all calls of the turn may take together.
        mask: Hides personal data in what leaves, and puts it back into what comes.
        verifier: Another model, for calls to verify; the same one without it.
        most: So many calls at most, a verifying one aside.
        clock: Monotonic seconds.
    """

    model: ChatModel
    seconds: float
    mask: Mask | None = None
    verifier: ChatModel | None = None
    most: int = MOST_CALLS
    clock: Callable[[], float] = time.monotonic
    made: list[Call] = field(default_factory=list)
    """What was called so far."""
    _spent: float = 0.0

    @property
    def left(self) -> float:
        """Seconds that are left to the turn's calls."""
        return max(0.0, self.seconds - self._spent)

    @property
    def can_call(self) -> bool:
        """Whether one more call may be made."""
        return len([call for call in self.made if call.purpose != "verify"]) < self.most and self.left > 0

    @property
    def usage(self) -> TokenUsage:
        """What all calls took together."""
        return TokenUsage(
            sum(call.usage.input_tokens for call in self.made),
            sum(call.usage.output_tokens for call in self.made),
            sum(call.usage.cached_tokens for call in self.made),
            estimated=any(call.usage.estimated for call in self.made),
        )

    def complete(self, request: ChatRequest, *, meanwhile: Meanwhile | None = None) -> ChatReply:
        """The model's answer, whole.

        Args:
            request: What is asked.
            meanwhile: What is done while the model is asked.

        Raises:
            ModelError: As the model does; `model-budget`: the turn has no call or no time left.
        """
        _make_ready(self._model(request))
        asked = self._asked(request)
        started = self.clock()
        try:
            if meanwhile is not None:
                meanwhile.go()
            reply = _answer(self._model(request), asked)
        except BaseException as error:
            fault = foreign_fault(error, model=self._model(request).name)
            self._note(request, started, error="" if fault is None else fault.code)
            if fault is None or fault is error:
                raise
            raise fault from None
        self._note(request, started, reply.usage)
        return replace(reply, text=self.mask.restore(reply.text)) if self.mask is not None else reply

    def stream(self, request: ChatRequest, *, meanwhile: Meanwhile | None = None) -> Generator[str, None, ChatReply]:
        """The model's answer piece by piece; the generator returns it whole. Closing it ends the call.

        Args:
            request: What is asked.
            meanwhile: What is done while the model is asked.

        Raises:
            ModelError: As the model does, also in the middle; `model-budget`: the turn has no call or no time left.
        """
        _make_ready(self._model(request))
        asked = self._asked(request)
        started = self.clock()
        pieces = _Pieces(self._model(request).stream(asked))
        given: list[str] = []
        error = ""
        try:
            if meanwhile is not None:
                meanwhile.go()
            for piece in self.mask.restored(pieces) if self.mask is not None else pieces:
                given.append(piece)
                yield piece
        except GeneratorExit:
            raise
        except BaseException as broken:
            fault = foreign_fault(broken, model=self._model(request).name)
            error = "" if fault is None else fault.code
            if fault is None or fault is broken:
                raise
            raise fault from None
        finally:
            pieces.close()
            usage = pieces.reply.usage if pieces.reply.text or not given else _usage_so_far(asked, given)
            self._note(request, started, usage, error=error)
        return replace(pieces.reply, text="".join(given))

    def _model(self, request: ChatRequest) -> ChatModel:
        return self.verifier if request.purpose == "verify" and self.verifier is not None else self.model

    def _asked(self, request: ChatRequest) -> ChatRequest:
        verifies = request.purpose == "verify" and self.left > 0
        if not (self.can_call or (verifies and all(call.purpose != "verify" for call in self.made))):
            raise ModelError(
                f"the turn has made {len(self.made)} calls and has {self.left:.1f} s left for another",
                code="model-budget",
                remedy="Raise [model] turn_seconds if the model is slow.",
            )
        seconds = self.left if request.timeout is None else min(self.left, request.timeout)
        messages = request.messages
        if self.mask is not None:
            messages = tuple(
                message if message.role == "system" else _hidden(message, self.mask) for message in messages
            )
        return replace(request, messages=messages, timeout=seconds)

    def _note(self, request: ChatRequest, started: float, usage: TokenUsage | None = None, *, error: str = "") -> None:
        took = max(0.0, self.clock() - started)
        self._spent += took
        self.made.append(Call(request.purpose, usage or TokenUsage(), round(took, 6), error))


def _make_ready(model: ChatModel) -> None:
    """Has a model import its client before the turn's seconds run, at the first call of a process."""
    if callable(ready := getattr(model, "ready", None)):
        with suppress(ModelError):  # the call itself says so
            ready()


def _answer(model: ChatModel, asked: ChatRequest) -> ChatReply:
    reply: object = model.complete(asked)
    if not isinstance(reply, ChatReply):
        raise unusable(model.name, f"gave {type(reply).__name__} as its answer", remedy="Return a ChatReply.")
    return reply


def _usage_so_far(asked: ChatRequest, given: list[str]) -> TokenUsage:
    """What a stream took that ended before its server could say: it read the prompt, and wrote what was given."""
    return TokenUsage(count_tokens(words_of(asked.messages)), count_tokens("".join(given)), estimated=True)


def _hidden(message: ChatMessage, mask: Mask) -> ChatMessage:
    return replace(message, text=mask.hide(message.text))


class _Pieces:
    """A stream's pieces, which keeps what it returns."""

    def __init__(self, stream: Generator[str, None, ChatReply]) -> None:
        self._stream = stream
        self.reply = ChatReply("")

    def __iter__(self) -> Iterator[str]:
        reply = yield from self._stream
        if isinstance(reply, ChatReply):
            self.reply = reply

    def close(self) -> None:
        if callable(close := getattr(self._stream, "close", None)):  # somebody else's may be any iterator
            close()
