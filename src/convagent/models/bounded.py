"""A chat model of somebody else's, whose calls are over in time and fail as the port says, whatever it does itself.

It is asked in a thread of its own, so that a turn doesn't wait for one that takes no notice of its request's `timeout`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, cast

from convagent.errors import ModelError
from convagent.models.around import AroundModel
from convagent.models.faults import foreign_fault, too_slow, unusable
from convagent.models.in_time import Exchange, TooLongError, TooSlowError, in_time
from convagent.models.port import ChatModel, ChatReply, ChatRequest

__all__ = ["BoundedModel"]

_BYTES_A_TOKEN = 80
"""Twenty characters a token, as for servers, of four bytes at most."""


class BoundedModel(AroundModel):
    """Asks another model, and waits for it no longer than a request says. Threads share it as far as they may share that.

    A call that is given up is left alone: the other model may still be at it for a while.

    Args:
        model: The model.
        seconds: What a call may take that says nothing itself.
    """

    keeps_time = True
    """No call takes longer than its request says."""

    def __init__(self, model: ChatModel, *, seconds: float) -> None:
        super().__init__(model)
        self._seconds = seconds

    def complete(self, request: ChatRequest) -> ChatReply:
        """The other model's answer.

        Raises:
            ModelError: The other model's; `model-timeout`: it took too long; `model-unusable`: it gave no `ChatReply`, or one
                that is far too long; `model-unreachable`, `model-failed`: it raised something else.
        """

        def work(exchange: Exchange) -> Iterator[ChatReply]:
            reply = self._model.complete(request)
            exchange.took(self._checked(reply).text.encode("utf-8", "replace"))
            yield reply

        with closing(self._bounded(request, work)) as handed:
            return cast("ChatReply", next(handed))

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The other model's pieces, as they come. Closing it has the other stream closed at its next piece.

        Raises:
            ModelError: As `complete` does, also in the middle.
        """

        def work(exchange: Exchange) -> Iterator[str | ChatReply]:
            pieces = self._model.stream(request)
            given: list[str] = []
            try:
                reply = yield from _counted(pieces, given, exchange)
            finally:
                if callable(close := getattr(pieces, "close", None)):
                    close()
            # one that only yields its pieces, and returns nothing, has said enough
            yield ChatReply("".join(given)) if reply is None else self._checked(reply)

        with closing(self._bounded(request, work)) as handed:
            piece = next(handed)
            while not isinstance(piece, ChatReply):  # the last thing that the work hands over
                if not isinstance(piece, str):
                    raise unusable(self.name, f"streams {type(piece).__name__}", remedy="Pieces of a stream are texts.")
                yield piece
                piece = next(handed)
            return piece

    def _checked(self, reply: object) -> ChatReply:
        if isinstance(reply, ChatReply) and isinstance(reply.text, str):
            return reply
        kind = type(reply.text if isinstance(reply, ChatReply) else reply).__name__
        raise unusable(self.name, f"gave {kind} as its answer", remedy="Return a ChatReply with a text.")

    def _bounded(self, request: ChatRequest, work: Any) -> Generator[Any, None, None]:
        seconds = self._seconds if request.timeout is None else request.timeout
        pieces = in_time(work, seconds=seconds, most_bytes=8_000 + _BYTES_A_TOKEN * request.max_tokens)
        fault: ModelError | None = None
        try:
            yield from pieces
        except TooSlowError:
            fault = too_slow(self.name)
        except TooLongError:
            fault = unusable(self.name, "said far more than was asked for")
        except BaseException as error:
            fault = foreign_fault(error, model=self.name)
            if fault is None or fault is error:
                raise
        finally:
            pieces.close()
        if fault is not None:
            raise fault  # outside of the handler: a chained error may carry the prompt


def _counted(pieces: Any, given: list[str], exchange: Exchange) -> Generator[Any, None, Any]:
    """The pieces of a stream, counted; returns what the stream returns."""
    steps = iter(pieces)
    while True:
        try:
            piece = next(steps)
        except StopIteration as end:
            return end.value
        if isinstance(piece, str):
            exchange.took(piece.encode("utf-8", "replace"))
            given.append(piece)
        yield piece
