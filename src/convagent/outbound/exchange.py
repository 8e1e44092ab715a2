"""One request and its answer, within limits: to an address that was checked, in bounded time and space.

Built on httpcore2 rather than on the client above it: redirects, proxies of the environment, cookies and decompression are
things that a guarded call must not do by itself.
"""

from __future__ import annotations

import ssl
import threading
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore2
from httpcore2 import SOCKET_OPTION, NetworkBackend, NetworkStream

from convagent.errors import ActionError
from convagent.outbound.guard import Guard, Target

__all__ = ["BrokenExchangeError", "IncomingAnswer", "OutgoingRequest", "exchange"]


class BrokenExchangeError(ActionError):
    """No whole answer came. `sent` says whether any of the request may have left."""

    default_code = "action-unreachable"

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """A request as it goes out."""

    method: str
    target: Target
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class IncomingAnswer:
    """An answer that was read.

    Attributes:
        status: Of HTTP.
        headers: Names in lower case; of several with one name, the first.
        body: Unpacked; None when it could not be read whole.
        fault: Why it could not.
    """

    status: int
    headers: dict[str, str]
    body: bytes | None
    fault: str = ""


_context: ssl.SSLContext | None = None
_making = threading.Lock()


def _default_context() -> ssl.SSLContext:
    global _context  # noqa: PLW0603 - reading the certificates takes longer than a call
    with _making:
        if _context is None:
            _context = httpcore2.default_ssl_context()
        return _context


def exchange(
    request: OutgoingRequest,
    *,
    guard: Guard,
    until: float,
    max_bytes: int,
    context: ssl.SSLContext | None = None,
) -> IncomingAnswer:
    """Sends a request and reads the answer. Redirects are not followed.

    Args:
        request: What to send.
        guard: Decides where it may go.
        until: `time.monotonic()` at which it must be over, however slowly the other side writes.
        max_bytes: Of the body, packed and unpacked.
        context: For TLS; the system's certificates by default.

    Raises:
        BrokenExchangeError: No answer came, or none that is HTTP.
        ActionError: The target isn't allowed.
    """
    guard.check(request.target)
    backend = _GuardedBackend(guard, request.target, until)
    left = max(0.001, until - time.monotonic())
    timeouts = {"connect": left, "read": left, "write": left, "pool": left}
    target = request.target
    url = httpcore2.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode("ascii")
    )
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in request.headers]
    try:
        with (
            httpcore2.ConnectionPool(
                ssl_context=context or _default_context(), max_connections=1, network_backend=backend
            ) as pool,
            pool.stream(
                request.method, url, headers=headers, content=request.body or None, extensions={"timeout": timeouts}
            ) as response,
        ):
            got = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in reversed(response.headers)
            }
            try:
                body, fault = _read(response.iter_stream(), got.get("content-encoding", ""), max_bytes)
            except httpcore2.TimeoutException:
                body, fault = None, "the answer came too slowly"
            except (httpcore2.NetworkError, httpcore2.ProtocolError):
                body, fault = None, "the answer broke off"
            return IncomingAnswer(response.status, got, body, fault)
    except httpcore2.TimeoutException:
        raise BrokenExchangeError(f"{target.host} didn't answer in time", sent=backend.sent) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol):
        told = "broke off" if backend.sent else "can't be reached"
        raise BrokenExchangeError(f"{target.host} {told}", sent=backend.sent) from None
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # a TLS library's own, or one that the client doesn't translate
        raise BrokenExchangeError(f"{target.host}: {type(error).__name__}", sent=backend.sent) from None


def _read(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> tuple[bytes | None, str]:
    """A body, unpacked no further than the limit; or why not."""
    packing = encoding.strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        return None, "the answer is packed in a way that was not asked for"
    unpack: Any = zlib.decompressobj(zlib.MAX_WBITS | 32) if packing not in {"", "identity"} else None
    out = bytearray()
    taken = 0
    for chunk in chunks:
        taken += len(chunk)
        if taken > max_bytes:
            return None, "the answer is too large"
        rest = chunk
        while unpack is not None and rest:
            try:
                out += unpack.decompress(rest, max_bytes - len(out) + 1)
            except zlib.error:
                return None, "the answer can't be unpacked"
            if len(out) > max_bytes:
                return None, "the answer is too large"
            rest = unpack.unconsumed_tail
            if unpack.eof:
                rest = unpack.unused_data
                unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if rest else unpack
                if not rest:
                    break
        if unpack is None:
            out += chunk
    if unpack is not None and taken and not unpack.eof:
        return None, "the answer can't be unpacked"
    return bytes(out), ""


class _GuardedBackend(NetworkBackend):
    """Connects to the addresses that the guard allowed, and to no other; the host's name stays in Host and in TLS."""

    def __init__(self, guard: Guard, target: Target, until: float) -> None:
        self._guard = guard
        self._target = target
        self._until = until
        self.sent = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the whole call's time counts
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        # Checked and connected to in one step: a name that changes its address in between changes nothing.
        failure: Exception | None = None
        for address in self._guard.addresses(self._target, until=self._until):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    str(address), port, timeout=_left(self._until, httpcore2.ConnectTimeout), local_address=local_address,
                    socket_options=socket_options or (),
                )  # fmt: skip
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _BoundedStream(stream, self)
        raise failure or httpcore2.ConnectError(host)

    @property
    def until(self) -> float:
        """When everything must be over."""
        return self._until


class _BoundedStream(NetworkStream):
    """A connection whose every read and write ends when the whole call must."""

    def __init__(self, stream: NetworkStream, backend: _GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _left(self._backend.until, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        if buffer:
            left = _left(self._backend.until, httpcore2.WriteTimeout)
            self._backend.sent = True
            self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        left = _left(self._backend.until, httpcore2.ConnectTimeout)
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, late: type[Exception]) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise late("the time is up")
    return left
