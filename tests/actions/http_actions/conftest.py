"""A real service on 127.0.0.1 that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from convagent.actions import ActionCall, CallContext, call_action
from convagent.actions.http import HttpActions, Surroundings, load_texts
from convagent.facts import Customer

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """Answers with what `answer` gives; one that takes the socket writes for itself."""

    answer: Callable[[Asked], Answer | Any] = lambda _asked: (200, {}, b"{}")
    raw: Callable[[Asked, Any], None] | None = None
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, *answers: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Answers in order, the last one for ever; texts and bytes as they are, all else in JSON."""
        left = list(answers)

        def answer(_asked: Asked) -> Answer:
            value = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(value, tuple):
                return value
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            return status, headers or {}, body

        self.answer = answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what is tested."""


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that lives as long as a test."""
    it = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            it.asked.append(asked)
            self.close_connection = True
            if it.raw is not None:
                it.raw(asked, self.wfile)
                return
            status, more, body = it.answer(asked)
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(body)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the server's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    it.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield it
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Caller:
    """Calls actions of a TOML text against the service, without waiting between tries."""

    service: Service
    environment: dict[str, str] = field(default_factory=lambda: {"KEY": "s3cret-key"})
    resolve: Any = None
    waited: list[float] = field(default_factory=list)
    context: Any = None

    def load(self, text: str, *, head: str | None = None) -> HttpActions:
        """The actions of a text that begins with this service."""
        around = Surroundings(self.environment, self.resolve, self.context, self.waited.append)
        start = (
            f'[service]\nurl = "{self.service.url}"\nprivate_networks = ["127.0.0.1/32"]\n' if head is None else head
        )
        return load_texts({"actions/parcels.toml": start + text}, surroundings=around)

    def __call__(
        self, text: str, arguments: dict[str, Any] | None = None, *, head: str | None = None, key: str = "key-1",
        seconds: float | None = None,
    ) -> ActionCall:  # fmt: skip
        """Calls the first action of a text."""
        loaded = self.load(text, head=head)
        assert not [fault for fault in loaded.faults if fault.severity == "error"], loaded.faults
        context = CallContext(
            "c-1", Customer(id="7", email="ada@example.com", verification="verified"), NOW, confirmed=True,
            idempotency_key=key, seconds=seconds,
        )  # fmt: skip
        return call_action(loaded.specs[0], arguments or {}, context)


@pytest.fixture
def caller(service: Service) -> Caller:
    """Calls what a test writes in TOML."""
    return Caller(service)
