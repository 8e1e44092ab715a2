"""A reply as it comes: pieces of text while the turn is still at work, then the turn.

The turn runs in a thread of its own and always to its end: whoever stops listening leaves a turn that is done and kept.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Self

from convagent.conversation import Turn

__all__ = ["AsyncReplyStream", "ReplyStream"]

Run = Callable[[Callable[[str], None]], Turn]
"""Runs a turn, handing on what may be sent of its reply."""


class _Work:
    """A turn that runs beside whoever listens."""

    def __init__(self, run: Run, hand_on: Callable[[str | None], None]) -> None:
        self._run = run
        self._hand_on = hand_on
        self._sent: list[str] = []
        self._turn: Turn | None = None
        self._error: BaseException | None = None
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._work,), name="convagent-turn")
        self._thread.start()

    def _work(self) -> None:
        try:
            self._turn = turn = self._run(self._send)
            whole = turn.reply.text if turn.reply is not None else ""
            if rest := whole.removeprefix("".join(self._sent)):
                self._send(rest)
        except BaseException as error:  # noqa: BLE001 - raised where the turn is asked for
            self._error = error
        finally:
            self._hand_on(None)

    def _send(self, piece: str) -> None:
        self._sent.append(piece)
        self._hand_on(piece)

    def turn(self) -> Turn:
        """The turn, once it is done."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._turn is None:  # the thread ended without either, which nothing in it can do
            raise RuntimeError("the turn has not run")
        return self._turn


class ReplyStream(Iterator[str]):
    """A reply as it comes.

        stream = agent.stream("How long do I have to return it?", conversation="c-17")
        for piece in stream:
            print(piece, end="", flush=True)
        turn = stream.turn

    The pieces together are the reply's text. A turn without a reply, such as a silent one, gives none.
    """

    def __init__(self, run: Run) -> None:
        self._pieces: SimpleQueue[str | None] = SimpleQueue()
        self._ended = False
        self._work = _Work(run, self._pieces.put)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        """The next piece; waits for it.

        Raises:
            ConvagentError: What `Agent.reply` raises; it is raised once the pieces that came before are read.
        """
        piece = None if self._ended else self._pieces.get()
        if piece is None:
            self._ended = True
            self._work.turn()
            raise StopIteration
        return piece

    @property
    def turn(self) -> Turn:
        """The turn, as it is kept; waits for its end, whether or not the pieces were read.

        Raises:
            ConvagentError: As `Agent.reply` does.
        """
        return self._work.turn()


class AsyncReplyStream(AsyncIterator[str]):
    """A reply as it comes, for asynchronous callers; asynchronous actions run on their loop.

    stream = agent.astream("How long do I have to return it?", conversation="c-17")
    async for piece in stream:
        await websocket.send(piece)
    turn = await stream.turn()
    """

    def __init__(self, run: Run) -> None:
        loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self._ended = False

        def hand_on(piece: str | None) -> None:
            with suppress(RuntimeError):  # the loop was closed: nobody listens any more
                loop.call_soon_threadsafe(self._pieces.put_nowait, piece)

        self._work = _Work(run, hand_on)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        """The next piece.

        Raises:
            ConvagentError: What `Agent.reply` raises; it is raised once the pieces that came before are read.
        """
        piece = None if self._ended else await self._pieces.get()
        if piece is None:
            self._ended = True
            await self.turn()
            raise StopAsyncIteration
        return piece

    async def turn(self) -> Turn:
        """The turn, as it is kept; waits for its end.

        Raises:
            ConvagentError: As `Agent.reply` does.
        """
        return await asyncio.to_thread(self._work.turn)
