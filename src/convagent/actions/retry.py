"""Trying again: only what changes nothing, or what its receiver recognises, and never longer than the turn may take."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from convagent.errors import ActionError

if TYPE_CHECKING:
    from tenacity import RetryCallState

__all__ = ["RetryPolicy", "tried"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a look-up, or a write whose receiver honours the idempotency key, is tried again.

    The pause before try n + 1 lies between half and all of `first_seconds` x 2^(n-1), at most `longest_seconds`; where in
    between is drawn from a generator seeded with the call's key, so that the same call always waits the same.

    Attributes:
        attempts: Tries in all, 1 to 10.
        first_seconds: The longest pause after the first try, above 0.
        longest_seconds: No pause is longer.

    Raises:
        ActionError: `action-retry` when one of them is out of its range.
    """

    attempts: int = 3
    first_seconds: float = 0.2
    longest_seconds: float = 2.0

    def __post_init__(self) -> None:
        if not (1 <= self.attempts <= 10 and 0 < self.first_seconds <= self.longest_seconds <= 60):
            raise ActionError(
                f"{self} can't be held to", code="action-retry",
                remedy="1 to 10 attempts; 0 < first_seconds <= longest_seconds <= 60.",
            )  # fmt: skip

    def pause(self, attempt: int, draw: random.Random) -> float:
        """Seconds before the try after this one, counted from 1."""
        longest = min(self.longest_seconds, self.first_seconds * 2.0 ** (attempt - 1))
        return longest * (0.5 + draw.random() / 2)


def tried(
    call: Callable[[float], T], *, policy: RetryPolicy | None, again: Callable[[T], bool], seed: str, seconds: float
) -> T:
    """Calls once, or as often as the policy says while the result asks for another try.

    Args:
        call: Takes the seconds that are left to it; raises nothing.
        policy: None calls once.
        again: Whether a result is worth another try.
        seed: For the pauses.
        seconds: What all tries and pauses may take together. A pause that would outlast it is not begun.

    Returns:
        The last result.
    """
    ends = time.monotonic() + seconds
    if policy is None or policy.attempts == 1:
        return call(seconds)
    from tenacity import Retrying, retry_if_result

    draw = random.Random(seed)  # noqa: S311 - spreads load, keeps no secret
    pauses = [policy.pause(number, draw) for number in range(1, policy.attempts)]

    def pause(state: RetryCallState) -> float:
        # asked behind the last try too, where nothing waits any more
        return pauses[min(state.attempt_number, len(pauses)) - 1]

    def stop(state: RetryCallState) -> bool:
        last = state.attempt_number >= policy.attempts
        return last or time.monotonic() + pauses[state.attempt_number - 1] >= ends

    retrying = Retrying(stop=stop, wait=pause, retry=retry_if_result(again), retry_error_callback=_last)
    return retrying(lambda: call(max(0.0, ends - time.monotonic())))


def _last(state: RetryCallState) -> object:
    """The last try's result."""
    assert state.outcome is not None  # noqa: S101 - a try has ended
    return state.outcome.result()
