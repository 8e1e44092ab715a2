"""Asynchronous twins: one way to make a coroutine method of a method, so that nothing is written twice.

A twin runs its method in a thread, because most of a turn is computing or waiting for a database. What has to run on the
caller's event loop, such as an asynchronous action with a client that belongs to it, asks for it by `loop_of_caller`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    import asyncio

__all__ = ["loop_of_caller", "twin"]

Owner = TypeVar("Owner")
Given = ParamSpec("Given")
Made = TypeVar("Made")

_caller: ContextVar[asyncio.AbstractEventLoop | None] = ContextVar("convagent_loop_of_caller", default=None)


def twin(
    method: Callable[Concatenate[Owner, Given], Made],
) -> Callable[Concatenate[Owner, Given], Coroutine[Any, Any, Made]]:
    """The asynchronous twin of a method, with its parameters.

    In a class: `areply = twin(reply)`. A subclass that has a method of its own under that name has its twin with it. A
    caller that is cancelled stops waiting; what was begun runs to its end.
    """
    name = method.__name__

    @wraps(method)
    async def asynchronous(self: Owner, /, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        import asyncio

        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(_called_for, loop, partial(getattr(self, name), *args, **kwargs))

    asynchronous.__name__ = f"a{name}"
    asynchronous.__qualname__ = f"{method.__qualname__.removesuffix(name)}a{name}"
    asynchronous.__doc__ = f"`{name}` for asynchronous callers; asynchronous actions run on the caller's loop."
    return asynchronous


def loop_of_caller() -> asyncio.AbstractEventLoop | None:
    """The event loop whose task waits for us in a thread; None for synchronous callers, and on a loop itself.

    An asynchronous action that calls back synchronously stands on the loop: to wait there for the same loop would be for
    ever.
    """
    if "asyncio" not in sys.modules:  # a loop needs it, and a synchronous caller shouldn't wait for its import
        return None
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _caller.get()
    return None


def _called_for(loop: asyncio.AbstractEventLoop, call: Callable[[], Made]) -> Made:
    _caller.set(loop)  # in the thread's copy of the context: nobody else sees it
    return call()
