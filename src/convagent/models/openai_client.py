"""Any server that speaks the OpenAI protocol, through the official client: OpenAI, Azure, vLLM, llama.cpp, Ollama and the like.

One object serves many threads. What differs between servers is found out at the first call that a server refuses, and remembered
(`dialects.py`); whatever goes wrong becomes a `ModelError` (`faults.py`); no call outlives its time (`in_time.py`). Trying again
is not done here but in `guarded.py`. The client is imported at the first call, as that takes the better part of a second.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from convagent.errors import ModelError, Place
from convagent.models.answers import (
    Reading,
    UnmetSchemaError,
    read_chat,
    read_chat_pieces,
    read_responses,
    read_responses_pieces,
)
from convagent.models.dialects import Dialect, adapted, chat_arguments, first_dialect, responses_arguments
from convagent.models.faults import broken_off, fault_of, parameters_named, too_slow, unusable
from convagent.models.in_time import CURRENT, Exchange, TooSlowError, in_time
from convagent.models.port import ChatReply, ChatRequest
from convagent.models.rehearsal import rehearse
from convagent.models.tokens import count_tokens

if TYPE_CHECKING:
    import httpx2
    import openai

__all__ = ["OPENAI_URL", "OpenAIModel"]

OPENAI_URL = "https://api.openai.com/v1"
"""OpenAI's own service."""

_log = logging.getLogger("convagent")

_DONE = b"[DONE]"
"""Ends a stream of Chat Completions."""

_CHARACTERS_A_TOKEN = 20
"""No vocabulary has longer tokens on average, blanks included; who writes more doesn't keep to the limit."""

_MOST_ADAPTIONS = 8


class OpenAIModel:
    """A chat model on a server that speaks the OpenAI protocol.

    Args:
        model: Its name there: `gpt-5-mini`.
        key: For the server; one that wants none takes any.
        base_url: Of the server: `http://127.0.0.1:8080/v1`. What follows a `?` goes along with each call
            (`?api-version=2024-10-21` for Azure).
        api: Chat Completions or Responses.
        sees_images: Whether pictures may go along.
        seconds: What a call may take that says nothing itself.

    Raises:
        ModelError: `model-invalid`: the address is none.
    """

    keeps_time = True
    """No call takes longer than its request says."""

    def __init__(
        self,
        model: str,
        *,
        key: str,
        base_url: str = OPENAI_URL,
        api: Literal["chat", "responses"] = "chat",
        sees_images: bool = False,
        seconds: float = 60.0,
    ) -> None:
        self._model = model
        self._key = key
        self._address, self._query = _split(base_url)
        self._api = api
        self._sees_images = sees_images
        self._seconds = seconds
        self._dialect = first_dialect(base_url)
        self._client: openai.OpenAI | None = None
        self._process = 0
        self._making = threading.Lock()

    def __repr__(self) -> str:
        """The name, and nothing of the key."""
        return f"OpenAIModel({self._model!r}, base_url={self._address!r}, api={self._api!r})"

    @property
    def name(self) -> str:
        """For stamps, traces and messages: `openai:gpt-5-mini`."""
        return f"openai:{self._model}"

    @property
    def sees_images(self) -> bool:
        """Whether pictures may go along."""
        return self._sees_images

    def warm_up(self) -> None:
        """Has ready what the first call would wait for: the client, its first exchange, what counts tokens. Nothing is sent.

        Raises:
            ModelError: `model-invalid`: the address or the key can't be used.
        """
        self._connected()
        rehearse(self._api)
        count_tokens("", self._model)

    def close(self) -> None:
        """Closes the connections. A later call opens new ones."""
        with self._making:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def complete(self, request: ChatRequest) -> ChatReply:
        """The answer, whole.

        Raises:
            ModelError: See `ChatModel.complete`.
        """
        self._check(request)

        def work(exchange: Exchange) -> Iterator[ChatReply]:
            before = self._dialect
            try:
                yield self._read_whole(request, exchange)
            except UnmetSchemaError:
                if self._dialect.schema_told == before.schema_told:
                    raise
                yield self._read_whole(request, exchange)  # now that the prompt has the schema

        with closing(self._bounded(request, work)) as handed:
            return cast("ChatReply", next(handed))

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The answer piece by piece, as it comes; the generator returns it whole. Closing it ends the call.

        Raises:
            ModelError: See `ChatModel.stream`.
        """
        self._check(request)
        reading = self._reading(request)

        def work(exchange: Exchange) -> Iterator[str | ChatReply]:
            with closing(self._sent(request, exchange, stream=True)) as events:
                yield from (read_responses_pieces if self._api == "responses" else read_chat_pieces)(events, reading)
                if not reading.finish and _DONE not in exchange.tail:
                    begun = bool(reading.text or reading.served)
                    raise (
                        broken_off(self.name)
                        if begun
                        else unusable(self.name, "answered with something that is no stream")
                    )
                yield self._reply(reading, request)

        with closing(self._bounded(request, work)) as handed:
            piece = next(handed)
            while not isinstance(piece, ChatReply):  # the last thing that the work hands over
                yield piece
                piece = next(handed)
            return piece

    def _read_whole(self, request: ChatRequest, exchange: Exchange) -> ChatReply:
        reading = self._reading(request)
        answer = self._sent(request, exchange, stream=False)
        (read_responses if self._api == "responses" else read_chat)(answer, reading)
        return self._reply(reading, request)

    def _check(self, request: ChatRequest) -> None:
        if not self._sees_images and any(message.images for message in request.messages):
            raise ModelError(
                f"{self.name} sees no pictures, and one is to go along",
                code="model-invalid",
                remedy="Set [model] sees_images if it does.",
            )

    def _reading(self, request: ChatRequest) -> Reading:
        return Reading(self.name, most=2_000 + _CHARACTERS_A_TOKEN * request.max_tokens)

    def _reply(self, reading: Reading, request: ChatRequest) -> ChatReply:
        try:
            return reading.reply(request)
        except UnmetSchemaError:
            # A server that takes a schema and heeds it not: from now on the prompt has it, too.
            if self._dialect.answers == "schema" and not self._dialect.schema_told:
                self._learned(replace(self._dialect, schema_told=True))
            raise

    def _bounded(self, request: ChatRequest, work: Callable[[Exchange], Iterator[Any]]) -> Generator[Any, None, None]:
        """What the work hands over; whatever goes wrong as a `ModelError` that has nothing of the request in it."""
        seconds = self._seconds if request.timeout is None else request.timeout
        until = time.monotonic() + seconds
        self._connected()
        left = until - time.monotonic()
        if left <= 0:
            raise too_slow(self.name)
        pieces = in_time(work, seconds=left, most_bytes=1_000_000 + 2_000 * request.max_tokens)
        fault: ModelError | None = None
        try:
            yield from pieces
        except Exception as error:  # noqa: BLE001 - whatever a server's answer does to the client
            fault = fault_of(error, model=self.name)
        finally:
            pieces.close()
        if fault is not None:
            fault.place = fault.place or Place(self._address)
            raise fault  # outside of the handler: a chained error would carry what the server said

    def _connected(self) -> openai.OpenAI:
        with self._making:
            if self._client is None or self._process != os.getpid():
                # A process that was forked off must not write on connections that its parent reads from.
                self._client, self._process = self._made(), os.getpid()
            return self._client

    def _made(self) -> openai.OpenAI:
        import httpx2
        import openai

        headers = {"Accept-Encoding": "identity"}
        if "api-version" in self._query:
            headers["api-key"] = self._key  # what Azure's older addresses ask for
        fault: Exception
        try:
            return openai.OpenAI(
                api_key=self._key,
                base_url=self._address,
                default_query=self._query,
                default_headers=headers,
                max_retries=0,
                http_client=httpx2.Client(follow_redirects=False, event_hooks={"response": [_watch]}),
            )
        except (httpx2.InvalidURL, openai.OpenAIError, ValueError, OSError) as error:
            fault = error
        raise ModelError(
            f"the client for {self.name} can't be made ({type(fault).__name__})",
            code="model-invalid",
            remedy="Look at [model] base_url, and at the environment's settings for proxies and certificates.",
        )

    def _sent(self, request: ChatRequest, exchange: Exchange, *, stream: bool) -> Any:
        """The client's answer, after as many tries as it takes to learn what the server knows."""
        import openai

        client = self._connected()
        create: Callable[..., Any] = (
            client.responses.create if self._api == "responses" else client.chat.completions.create
        )
        arguments_of = responses_arguments if self._api == "responses" else chat_arguments
        tried: set[Dialect] = set()
        while True:
            dialect = self._dialect
            tried.add(dialect)
            arguments = arguments_of(request, dialect, model=self._model, stream=stream)
            try:
                return create(**arguments, timeout=exchange.left)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refused = error
            following = None
            if fault_of(refused, model=self.name).code == "model-invalid" and len(tried) <= _MOST_ADAPTIONS:
                named = parameters_named(refused.body)
                following = adapted(dialect, named, given=frozenset(arguments), tried=frozenset(tried))
            if following is None:
                raise refused
            if time.monotonic() >= exchange.until:
                raise TooSlowError
            self._learned(following)

    def _learned(self, dialect: Dialect) -> None:
        _log.info("%s is asked differently from now on: %s", self.name, dialect)
        self._dialect = dialect


def _split(base_url: str) -> tuple[str, dict[str, object]]:
    """An address without its query, and the query."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise ModelError(
            "the model's base_url is no address",
            code="model-invalid",
            remedy="Write something like http://127.0.0.1:8080/v1, without a user's name in it.",
        )
    query: dict[str, object] = dict(parse_qsl(parts.query))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")), query


def _watch(response: httpx2.Response) -> None:
    """Has the bytes of a response counted, and its connection known to whom must end it."""
    exchange = CURRENT.get(None)
    if exchange is None:
        return
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("socket") if stream is not None else None
    exchange.uses(connection if isinstance(connection, socket.socket) else None)
    if response.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise ValueError("packed, though that wasn't asked for")
    response.stream = _counted(response.stream, exchange)


def _counted(stream: object, exchange: Exchange) -> httpx2.SyncByteStream:
    import httpx2

    inner = cast("httpx2.SyncByteStream", stream)

    class Counted(httpx2.SyncByteStream):
        """The bytes of a response, counted."""

        def __init__(self) -> None:
            self._chunks = iter(inner)

        def __iter__(self) -> Iterator[bytes]:
            for chunk in self._chunks:
                exchange.took(chunk)
                yield chunk

        def close(self) -> None:
            exchange.uses(None)  # the connection may serve another call from here on
            if _DONE in exchange.tail:
                exchange.afterwards = self._read_out
            else:
                inner.close()

        def _read_out(self) -> None:
            """Reads what stands behind the last event, which the client leaves, or the connection couldn't be used again."""
            left = 10_000
            try:
                for chunk in self._chunks:
                    left -= len(chunk)
                    if left < 0:
                        break
            finally:
                inner.close()

    return Counted()
