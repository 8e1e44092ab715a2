"""A chat model that is looked after: tried again, left alone when it is down, and never asked by too many at once.

Waits between tries follow "full jitter" (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): before
try n+1 a random time between nothing and `0.25 s · 2ⁿ⁻¹`, at most 8 s, and never less than the server asked for. A wait that
would go past the call's time isn't begun. The breaker is the one of Michael Nygard's "Release It!" (2007): closed, open, half
open.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeVar

from convagent.errors import ModelError
from convagent.models.around import AroundModel
from convagent.models.bounded import BoundedModel
from convagent.models.faults import RetryLaterError, too_slow
from convagent.models.port import TRANSIENT, ChatModel, ChatReply, ChatRequest
from convagent.models.settings import ModelSettings

__all__ = ["Breaker", "GuardedModel", "Pass", "wait_before"]

T = TypeVar("T")

FIRST_WAIT = 0.25
MOST_WAIT = 8.0

_BY_THE_REQUEST = frozenset({"model-too-long", "model-invalid"})
"""Faults of what was asked, which say nothing of how the model is."""


def wait_before(tries: int, share: float, *, asked: float = 0.0) -> float:
    """Seconds to wait after so many tries.

    Args:
        tries: That were made: 1 or more.
        share: Which share of the longest wait: 0 to 1, at random.
        asked: What the server asked for.
    """
    longest = min(MOST_WAIT, FIRST_WAIT * 2.0 ** min(tries - 1, 32))
    return max(asked, share * longest)


class GuardedModel(AroundModel):
    """A chat model that is tried again and left alone as the settings say. Threads share it.

    A model that keeps no time itself (`keeps_time`) is asked in a thread of its own, which is left behind when the time is over.

    Args:
        model: The model.
        settings: `retries`, `concurrency`, `breaker_after`, `breaker_seconds`, and `turn_seconds` for calls without a timeout.
        clock: Monotonic seconds.
        sleep: Waits so many seconds.
        chance: A random number between 0 and 1 for each wait.
    """

    is_guarded = True
    """Nothing more is put around it."""
    keeps_time = True
    """No call takes longer than its request says."""

    def __init__(
        self,
        model: ChatModel,
        settings: ModelSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        keeps_time = getattr(model, "keeps_time", False) is True
        super().__init__(model if keeps_time else BoundedModel(model, seconds=settings.turn_seconds))
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._warm = False
        self._begin_afresh()

    def _begin_afresh(self) -> None:
        self._process = os.getpid()
        self._warming = threading.Lock()
        self._slots = threading.BoundedSemaphore(self._settings.concurrency)
        self.breaker = Breaker(self._settings.breaker_after, self._settings.breaker_seconds, clock=self._clock)

    def warm_up(self) -> None:
        """Gets ready what the first call would wait for: the retries', and the other model's where it has such a thing."""
        import tenacity  # noqa: F401 - which the first call would wait for

        self._warm = True
        super().warm_up()

    def ready(self) -> None:
        """Warms up, unless it was done: before the time of a first call begins, which is the model's and not an import's.

        Raises:
            ModelError: As the model's own warming up does.
        """
        with self._warming:
            if not self._warm:
                self._warm = True  # also where it fails: the call itself says so then
                self.warm_up()

    def complete(self, request: ChatRequest) -> ChatReply:
        """The answer, whole.

        Raises:
            ModelError: As the model does, when no try helped; `model-off`: it failed so often that it is left alone for a
                while; `model-busy`: too many calls are under way.
        """
        until = self._until(request)
        slots = self._take_slot(until)
        try:
            reply, leave = self._tried(lambda seconds: self._model.complete(replace(request, timeout=seconds)), until)
            self.breaker.worked(leave)
            return reply
        finally:
            slots.release()

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The answer piece by piece. It is tried again only before its first piece, as what was given can't be taken back.

        Raises:
            ModelError: As `complete` does, also in the middle.
        """
        started = self._clock()
        until = self._until(request)
        slots = self._take_slot(until)
        try:
            begun, leave = self._tried(
                lambda seconds: _begin(self._model.stream(replace(request, timeout=seconds))), until
            )
            if isinstance(begun, ChatReply):
                self.breaker.worked(leave)
                return begun
            with closing(begun.rest):
                return (yield from self._watched(begun, leave, until - started))
        finally:
            slots.release()

    def _watched(self, begun: _Begun, leave: Pass, seconds: float) -> Generator[str, None, ChatReply]:
        """A stream that has begun, with how it ends told to the breaker."""
        told = False
        try:
            yield begun.first
            reply = yield from begun.rest
        except ModelError as error:
            told = True
            self._tell(error, leave, seconds)
            raise
        else:
            return reply
        finally:
            if not told:  # it was read to its end, or its reader had enough
                self.breaker.worked(leave)

    def _until(self, request: ChatRequest) -> float:
        return self._clock() + (self._settings.turn_seconds if request.timeout is None else request.timeout)

    def _take_slot(self, until: float) -> threading.BoundedSemaphore:
        if self._process != os.getpid():
            # A process that was forked off has none of the calls that were under way, nor the threads that hold the locks.
            self._begin_afresh()
        slots = self._slots
        if not slots.acquire(timeout=max(0.0, until - self._clock())):
            raise ModelError(
                f"{self.name} has {self._settings.concurrency} calls under way, and none ended in time",
                code="model-busy",
                remedy="Raise [model] concurrency, if the server can do more at once.",
            )
        return slots

    def _tried(self, attempt: Callable[[float], T], until: float) -> tuple[T, Pass]:
        """What an attempt gives, and the leave that is to be told how it ended.

        It is tried again while that may help and the time allows it.

        Args:
            attempt: Is handed the seconds that it may take.
            until: When all must be over.
        """
        import tenacity

        def wait(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome is not None else None
            asked = error.retry_after if isinstance(error, RetryLaterError) else 0.0
            return wait_before(state.attempt_number, self._chance(), asked=asked)

        def is_over(state: tenacity.RetryCallState) -> bool:
            if state.attempt_number > self._settings.retries or not self.breaker.is_closed:
                return True
            return self._clock() + state.upcoming_sleep >= until

        retrying = tenacity.Retrying(
            sleep=self._sleep,
            wait=wait,
            stop=is_over,
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, ModelError) and error.code in TRANSIENT),
            reraise=True,
        )
        found: tuple[T, Pass] = retrying(self._attempt, attempt, until)
        return found

    def _attempt(self, attempt: Callable[[float], T], until: float) -> tuple[T, Pass]:
        seconds = until - self._clock()
        if seconds <= 0:
            raise too_slow(self.name)
        leave = self.breaker.let_through()
        if leave is None:
            raise ModelError(
                f"{self.name} failed {self._settings.breaker_after} times in a row and is left alone for a while",
                code="model-off",
                remedy=f"It is tried again after {self._settings.breaker_seconds:g} s.",
            )
        try:
            return attempt(seconds), leave
        except ModelError as error:
            self._tell(error, leave, seconds)
            raise
        except BaseException:
            self.breaker.said_nothing(leave)
            raise

    def _tell(self, error: ModelError, leave: Pass, seconds: float) -> None:
        """Tells the breaker of an error, unless it says little of the model: who had hardly any time, ran out of it."""
        hurried = error.code == "model-timeout" and seconds < self._settings.turn_seconds / 4
        if hurried or error.code in _BY_THE_REQUEST:
            self.breaker.said_nothing(leave)
        else:
            self.breaker.failed(leave)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A stream whose first piece has come."""

    first: str
    rest: Generator[str, None, ChatReply]


def _begin(stream: Generator[str, None, ChatReply]) -> _Begun | ChatReply:
    try:
        return _Begun(next(stream), stream)
    except StopIteration as end:
        reply: ChatReply = end.value
        return reply


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to make one call.

    Attributes:
        probe: The one call by which a breaker that is open finds out how things are.
    """

    probe: bool = False


class Breaker:
    """Leaves something alone that keeps failing.

    After so many failures in a row it opens, for so long; then one call is let through, and what becomes of it decides.
    Threads share it.

    Args:
        after: Failures in a row.
        seconds: For so long.
        clock: Monotonic seconds.
    """

    def __init__(self, after: int, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._after = after
        self._seconds = seconds
        self._clock = clock
        self._failures = 0
        self._opened: float | None = None
        self._probing = False
        self._lock = threading.Lock()

    @property
    def is_closed(self) -> bool:
        """Whether calls go through."""
        return self._opened is None

    def let_through(self) -> Pass | None:
        """Leave to call now, to be handed to `worked`, `failed` or `said_nothing` afterwards; None: not now."""
        with self._lock:
            if self._opened is None:
                return Pass()
            if self._probing or self._clock() - self._opened < self._seconds:
                return None
            self._probing = True
            return Pass(probe=True)

    def worked(self, leave: Pass) -> None:
        """A call went well."""
        with self._lock:
            self._failures, self._opened = 0, None
            self._probing = self._probing and not leave.probe

    def failed(self, leave: Pass) -> None:
        """A call failed."""
        with self._lock:
            self._failures += 1
            if leave.probe:
                self._opened, self._probing = self._clock(), False
            elif self._opened is None and self._failures >= self._after:
                self._opened = self._clock()

    def said_nothing(self, leave: Pass) -> None:
        """A call ended in a way that says nothing of what was called."""
        with self._lock:
            self._probing = self._probing and not leave.probe
