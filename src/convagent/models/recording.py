"""Real exchanges with a chat model, recorded into a file, and a model that answers from such a file."""

from __future__ import annotations

import copy
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from convagent.errors import ModelError
from convagent.models.around import AroundModel
from convagent.models.exchanges import (
    Exchange,
    current_label,
    read_exchanges,
    request_hash,
    request_json,
)
from convagent.models.port import ChatModel, ChatReply, ChatRequest

__all__ = ["RecordingModel", "ReplayedModel"]

_SHOWN = 60
"""So many characters of a text are shown around where it differs."""


class RecordingModel(AroundModel):
    """Asks another model, and writes down each exchange as a line of JSON: request, answer, pieces and their times, usage.

        model = RecordingModel(model, "recorded.jsonl")

    It sees what is sent, with placeholders where personal data stood, and no key: those never reach it. Failures are recorded,
    too. A line is written whole or, when the process is ended in the middle of it, left out when the file is read. Threads may
    share one, and processes may share a file.

    Args:
        model: The model that answers.
        path: The file. It is made where there is none, and gone on with where there is one.

    Raises:
        ModelError: `model-recording`: the file can't be written.
    """

    def __init__(self, model: ChatModel, path: str | Path) -> None:
        super().__init__(model)
        self.path = Path(path)
        self._lock = threading.Lock()
        self._append("")

    @property
    def model(self) -> ChatModel:
        """The model that answers."""
        return self._model

    @property
    def keeps_time(self) -> bool:
        """Whether the other model does."""
        return getattr(self._model, "keeps_time", False) is True

    def around(self, model: ChatModel) -> RecordingModel:
        """The same recording of another model."""
        other = copy.copy(self)  # which shares the lock
        AroundModel.__init__(other, model)
        return other

    def ready(self) -> None:
        """Warms the other model up, where that wasn't done yet."""
        if callable(ready := getattr(self._model, "ready", None)):
            ready()

    def complete(self, request: ChatRequest) -> ChatReply:
        """The other model's answer.

        Raises:
            ModelError: The other model's; `model-recording`: it can't be written.
        """
        started = time.monotonic()
        try:
            reply = self._model.complete(request)
        except ModelError as error:
            self._write(request, ChatReply(""), started, error=error)
            raise
        self._write(request, reply, started)
        return reply

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The other model's pieces, as they come.

        Raises:
            ModelError: The other model's; `model-recording`: it can't be written.
        """
        started = time.monotonic()
        pieces: list[tuple[float, str]] = []
        stream = self._model.stream(request)
        try:
            while True:
                try:
                    piece = next(stream)
                except StopIteration as end:
                    reply: ChatReply = end.value
                    break
                pieces.append((round(time.monotonic() - started, 6), piece))
                yield piece
        except ModelError as error:
            self._write(request, _so_far(pieces), started, pieces, error=error)
            raise
        except GeneratorExit:
            self._write(request, _so_far(pieces), started, pieces, closed=True)
            raise
        finally:
            stream.close()
        self._write(request, reply, started, pieces)
        return reply

    def _write(
        self,
        request: ChatRequest,
        reply: ChatReply,
        started: float,
        pieces: Sequence[tuple[float, str]] = (),
        *,
        error: ModelError | None = None,
        closed: bool = False,
    ) -> None:
        told = {} if error is None else {"code": error.code, "message": error.message, "remedy": error.remedy or ""}
        exchange = Exchange(
            hash=request_hash(request), request=request_json(request), reply=reply, pieces=tuple(pieces),
            seconds=round(time.monotonic() - started, 6), error=told, closed=closed, label=current_label(),
            model=self.name, sees_images=self.sees_images,
        )  # fmt: skip
        self._append(json.dumps(exchange.to_json(), ensure_ascii=False, separators=(",", ":"), default=str))

    def _append(self, line: str) -> None:
        """Adds a line in one go, after the end of one that was half written; nothing but the file for an empty line."""
        why = "no room is left"
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("ab+", buffering=0) as file:
                    data = f"{line}\n".encode("utf-8", "replace") if line else b""
                    end = file.seek(0, os.SEEK_END)
                    if data and end:
                        file.seek(end - 1)
                        data = data if file.read(1) == b"\n" else b"\n" + data
                    if not data or file.write(data) == len(data):
                        return
        except OSError as error:
            why = error.strerror or str(error)
        raise ModelError(
            f"the exchange can't be recorded: {why}", code="model-recording", place=self.path,
            remedy="Make room, or name another file.",
        )  # fmt: skip


class ReplayedModel:
    """Answers what was recorded: each request by its hash, in whatever order the requests come.

        model = ReplayedModel("recorded.jsonl")

    The same request gets its recorded answers in their order, and the last of them from then on. Failures and streams that
    break off come again as they came. Threads may share one.

    Args:
        path: A file of `RecordingModel`'s.
        pace: 0 gives everything at once, 1 takes the time that it took, 0.5 half of it.

    Raises:
        ModelError: `model-recording`: the file can't be read.
    """

    is_guarded = True
    """A failure comes as it was recorded, and isn't tried again."""
    keeps_time = True
    """It answers from memory, in the thread that asks."""

    def __init__(self, path: str | Path, *, pace: float = 0.0) -> None:
        self.path = Path(path)
        self.pace = pace
        found, self._torn = read_exchanges(self.path)
        self._lock = threading.Lock()
        self._given: dict[tuple[str, str], int] = defaultdict(int)
        self._found: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
        for exchange in found:
            self._found["", exchange.hash].append(exchange)
            if exchange.label:
                self._found[exchange.label, exchange.hash].append(exchange)
        served = (each for each in found if each.request.get("purpose") not in {"judge", "customer"})
        self._name = next((each.model for each in (*served, *found)), "replayed")
        self._sees_images = any(exchange.sees_images for exchange in found)

    @property
    def name(self) -> str:
        """The name of the model that was recorded."""
        return self._name

    @property
    def sees_images(self) -> bool:
        """Whether the model that was recorded sees pictures."""
        return self._sees_images

    def complete(self, request: ChatRequest) -> ChatReply:
        """The recorded answer, whole.

        Raises:
            ModelError: As it was recorded; `model-not-recorded`: it was not asked this.
        """
        exchange = self._next(request)
        self._wait(exchange.seconds)
        _fail(exchange, request)
        return exchange.reply

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The recorded answer in its pieces; in one, where it had come whole.

        Raises:
            ModelError: As it was recorded, after the pieces before it; `model-not-recorded`: it was not asked this, or whoever
                recorded it read no further.
        """
        exchange = self._next(request)
        whole = ((exchange.seconds, exchange.reply.text),) if exchange.reply.text and not exchange.error else ()
        before = 0.0
        for at, piece in exchange.pieces or whole:
            self._wait(at - before)
            before = at
            yield piece
        _fail(exchange, request)
        return exchange.reply

    def _next(self, request: ChatRequest) -> Exchange:
        wanted = request_hash(request)
        with self._lock:
            label = current_label() if (current_label(), wanted) in self._found else ""
            found = self._found.get((label, wanted))
            if found:
                number = self._given[label, wanted]
                self._given[label, wanted] += 1
                return found[min(number, len(found) - 1)]
        torn = f" ({self._torn} lines of it can't be read)" if self._torn else ""
        raise ModelError(
            f"a call to {request.purpose} was not recorded{torn}; {self._nearest(request)}", code="model-not-recorded",
            place=self.path, remedy="Record again: what is asked has changed.",
        )  # fmt: skip

    def _nearest(self, request: ChatRequest) -> str:
        """What tells the request from the recorded one that is most like it."""
        from rapidfuzz import fuzz, process

        asked = request_json(request)
        same = [found[0].request for (label, _), found in self._found.items() if not label]
        same = [each for each in same if each.get("purpose") == request.purpose]
        if not same:
            return f"nothing to {request.purpose} was"
        best = process.extractOne(_words(asked), [_words(each) for each in same], scorer=fuzz.ratio)
        return f"it differs from the nearest that was in {_difference(same[best[2]], asked)}"

    def _wait(self, seconds: float) -> None:
        if self.pace > 0 and seconds > 0:
            time.sleep(seconds * self.pace)


def _so_far(pieces: Sequence[tuple[float, str]]) -> ChatReply:
    return ChatReply("".join(piece for _, piece in pieces))


def _fail(exchange: Exchange, request: ChatRequest) -> None:
    if exchange.error:
        raise ModelError(
            exchange.error.get("message", "it failed"), code=exchange.error.get("code"),
            remedy=exchange.error.get("remedy") or None,
        )  # fmt: skip
    if exchange.closed:
        raise ModelError(
            f"the answer to a call to {request.purpose} was recorded up to its piece {len(exchange.pieces)} only: whoever "
            "asked then read no further",
            code="model-not-recorded",
            remedy="Record again: what is done with answers has changed.",
        )


def _words(request: Mapping[str, Any]) -> str:
    return "\n".join(str(message.get("text", "")) for message in request.get("messages", ()))


def _difference(recorded: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """The first thing in which two requests differ, in words."""
    was, now = recorded.get("messages", ()), asked["messages"]
    for number, (one, other) in enumerate(zip(was, now, strict=False), 1):
        if one.get("role") != other["role"]:
            return f"message {number}: of {other['role']}, was of {one.get('role')}"
        if one.get("text") != other["text"]:
            before, after = _around(str(one.get("text", "")), other["text"])
            return f"message {number} ({other['role']}): “{after}”, was “{before}”"
        if one.get("images") != other.get("images"):
            return f"the pictures of message {number} ({other['role']})"
    if len(was) != len(now):
        return f"the number of messages: {len(now)}, was {len(was)}"
    for name in ("max_tokens", "temperature", "seed"):
        if recorded.get(name) != asked[name]:
            return f"{name}: {asked[name]}, was {recorded.get(name)}"
    return "the schema of the answer"


def _around(one: str, other: str) -> tuple[str, str]:
    """Both texts around the place from which they differ."""
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, at - _SHOWN // 2)
    return tuple(  # type: ignore[return-value]
        ("…" if start else "") + text[start : start + _SHOWN] + ("…" if start + _SHOWN < len(text) else "")
        for text in (one, other)
    )
