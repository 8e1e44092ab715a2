"""A server of the OpenAI protocol on this machine that does what a test tells it, however odd: a real one, over real sockets."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    raw: str


@dataclass
class Line:
    """The connection that a behaviour writes to."""

    connection: socket.socket
    ended: threading.Event
    whole: bool = False
    """Whether the answer was whole, so that the connection may be used again."""

    def send(self, data: bytes) -> bool:
        """Whether the other side still takes it."""
        try:
            self.connection.sendall(data)
        except OSError:
            return False
        return True

    def wait(self, seconds: float) -> bool:
        """Whether the server goes on."""
        return not self.ended.wait(seconds)


Behaviour = Callable[[Line, Asked], None]


@dataclass
class WaywardServer:
    """Answers the first request by the first behaviour, and so on; the last one serves all that follow."""

    behaviours: Sequence[Behaviour]
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> WaywardServer:
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._port = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for each in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as incoming:
            try:
                while (asked := _read(incoming)) is not None:
                    with self._lock:
                        behaviour = self.behaviours[min(len(self.asked), len(self.behaviours) - 1)]
                        self.asked.append(asked)
                    line = Line(connection, self._ended)
                    behaviour(line, asked)
                    if not line.whole:
                        connection.shutdown(socket.SHUT_RDWR)
                        return
            except OSError:
                return


def _read(incoming: Any) -> Asked | None:
    first = incoming.readline().decode("latin-1").split(" ")
    if len(first) < 3:
        return None
    headers: dict[str, str] = {}
    while (line := incoming.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    raw = incoming.read(int(headers.get("content-length", "0"))).decode()
    return Asked(first[1], headers, json.loads(raw or "{}"), raw)


def http(
    body: bytes, *, status: int = 200, kind: str = "application/json", headers: Mapping[str, str] | None = None
) -> Behaviour:
    """A whole answer."""

    def behave(line: Line, asked: Asked) -> None:
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
        line.send(head.encode("latin-1") + body)
        line.whole = True

    return behave


def value(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A whole answer of JSON."""
    return http(json.dumps(body).encode(), status=status, headers=headers)


def fault(status: int, message: str = "no", *, headers: Mapping[str, str] | None = None, **more: Any) -> Behaviour:
    """An error as OpenAI's service gives it."""
    return value(
        {"error": {"message": message, "type": None, "param": None, "code": None, **more}},
        status=status,
        headers=headers,
    )


USAGE = {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17, "prompt_tokens_details": {"cached_tokens": 8}}


def said(text: object, *, finish: str | None = "stop", usage: object = USAGE, **message: Any) -> Behaviour:
    """An answer of Chat Completions, whole or streamed, as is asked for."""

    def behave(line: Line, asked: Asked) -> None:
        if asked.body.get("stream"):
            parts = [text[at : at + 7] for at in range(0, len(text), 7)] if isinstance(text, str) else [text]
            events = [*(piece(part, **message) for part in parts), piece(None, finish=finish)]
            if usage is not None and "stream_options" in asked.body:
                events.append({"object": "chat.completion.chunk", "model": "m-1", "choices": [], "usage": usage})
            streamed([*(event(each) for each in events), b"data: [DONE]\n\n"])(line, asked)
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
            body = {"id": "x", "object": "chat.completion", "model": "m-1", "choices": [choice], "usage": usage}
            value(body)(line, asked)

    return behave


def piece(text: object, *, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """A chunk of Chat Completions."""
    choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "model": "m-1", "choices": [choice]}


def event(body: object) -> bytes:
    """A server-sent event."""
    return f"data: {json.dumps(body)}\n\n".encode()


def streamed(
    parts: Iterable[bytes], *, every: float = 0.0, ends: bool = True, kind: str = "text/event-stream"
) -> Behaviour:
    """Parts of a stream, one after another; without `ends`, the connection is cut behind them."""

    def behave(line: Line, asked: Asked) -> None:
        line.send(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for part in parts:
            if not line.send(b"%x\r\n%s\r\n" % (len(part), part)) or not line.wait(every):
                return
        if ends:
            line.send(b"0\r\n\r\n")
            line.whole = True

    return behave


def dripped(data: bytes, *, every: float = 0.05) -> Behaviour:
    """Bytes one by one, headers included."""

    def behave(line: Line, asked: Asked) -> None:
        for at in range(len(data)):
            if not line.send(data[at : at + 1]) or not line.wait(every):
                return

    return behave


def silent(line: Line, asked: Asked) -> None:
    """Nothing, ever."""
    line.wait(30)


def cut(line: Line, asked: Asked) -> None:
    """The connection ends without a word."""
