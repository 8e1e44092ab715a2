"""Recorded exchanges with chat models: what was asked, what came, when; one line of JSON each. Data and its reading.

A request is known by a hash of all that could change its answer: purpose, messages, pictures, schema, length, temperature and
seed, as JSON with sorted keys. How long it may take is not among them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from convagent.errors import ModelError, Place
from convagent.models.port import ChatReply, ChatRequest, Image, TokenUsage

__all__ = ["FORMAT", "Exchange", "current_label", "labelled", "read_exchanges", "request_hash", "request_json"]

FORMAT = 1
"""Of the file; raised when older ones can't be read any more."""

_LABEL: ContextVar[str] = ContextVar("exchange_label", default="")


@contextmanager
def labelled(label: str) -> Iterator[None]:
    """Exchanges that are recorded meanwhile bear a label, and those of the label are the first to be replayed.

    So what a suite's case was told is told to that case again, in whatever order and in however many processes the cases run.
    """
    token = _LABEL.set(label)
    try:
        yield
    finally:
        _LABEL.reset(token)


def current_label() -> str:
    """The label of what is going on; empty for none."""
    return _LABEL.get()


@dataclass(frozen=True)
class Exchange:
    """A call that was recorded.

    Attributes:
        hash: Of the request.
        request: As JSON.
        reply: What came, by the end.
        pieces: Of a stream, each with the seconds from asking until it came; empty for an answer that came whole.
        seconds: From asking to the end.
        error: Code, message and remedy of what went wrong; empty for nothing.
        closed: The caller ended the stream before its end.
        label: What it belongs to, such as a case of a suite.
        model: The model's name.
        sees_images: Whether it sees pictures.
    """

    hash: str
    request: Mapping[str, Any]
    reply: ChatReply
    pieces: tuple[tuple[float, str], ...] = ()
    seconds: float = 0.0
    error: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    label: str = ""
    model: str = ""
    sees_images: bool = False

    def to_json(self) -> dict[str, Any]:
        """A line of the file."""
        return {
            "kind": "exchange", "format": FORMAT, "hash": self.hash, "label": self.label, "model": self.model,
            "sees_images": self.sees_images, "request": self.request,
            "answer": {"text": self.reply.text, "finish": self.reply.finish, "model": self.reply.model},
            "usage": asdict(self.reply.usage), "pieces": self.pieces, "seconds": self.seconds, "error": self.error,
            "closed": self.closed,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Exchange:
        """An exchange from a line of the file.

        Raises:
            ValueError, KeyError, TypeError: It is none.
        """
        if data["kind"] != "exchange" or data["format"] != FORMAT:
            raise ValueError(f"kind {data['kind']!r}, format {data['format']!r}")
        answer = data["answer"]
        finish = answer.get("finish", "stop")
        if finish not in ("stop", "length", "filtered"):
            raise ValueError(f"{finish!r} is no reason to stop")
        usage = {
            name: data.get("usage", {}).get(name, 0) for name in ("input_tokens", "output_tokens", "cached_tokens")
        }
        reply = ChatReply(
            str(answer["text"]), TokenUsage(**{name: int(value) for name, value in usage.items()},
                                            estimated=bool(data.get("usage", {}).get("estimated"))),
            finish=finish, model=str(answer.get("model", "")),
        )  # fmt: skip
        return cls(
            hash=str(data["hash"]), request=dict(data["request"]), reply=reply,
            pieces=tuple((float(at), str(text)) for at, text in data.get("pieces", ())),
            seconds=float(data.get("seconds", 0.0)),
            error={name: str(value) for name, value in data.get("error", {}).items()}, closed=bool(data.get("closed")),
            label=str(data.get("label", "")), model=str(data.get("model", "")), sees_images=bool(data.get("sees_images")),
        )  # fmt: skip


def request_json(request: ChatRequest) -> dict[str, Any]:
    """What is asked, as JSON: of pictures their hash, not their bytes."""
    return {
        "purpose": request.purpose,
        "messages": [
            {
                "role": message.role,
                "text": message.text,
                **({"images": [_image(image) for image in message.images]} if message.images else {}),
            }
            for message in request.messages
        ],
        "schema": request.schema,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
    }


def request_hash(request: ChatRequest) -> str:
    """The hash by which a request is known."""
    canonical = json.dumps(request_json(request), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def read_exchanges(path: Path) -> tuple[list[Exchange], int]:
    """The exchanges of a file, in their order, and how many lines could not be read.

    A line that was half written, when a process was ended, is left out; so is an empty one.

    Raises:
        ModelError: `model-recording`: there is no such file, nothing in it can be read, or it is of another format.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise ModelError(
            f"the recording can't be read: {error.strerror or error}", code="model-recording", place=path,
            remedy="Record one with RecordingModel, or with `convagent eval run --record FILE`.",
        ) from None  # fmt: skip
    found: list[Exchange] = []
    torn = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            torn += 1
            continue
        try:
            found.append(Exchange.from_json(data))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            told = " ".join(str(error).split())[:200]
            raise ModelError(
                f"this line is no exchange that this convagent reads: {told}", code="model-recording",
                place=Place(str(path), number), remedy="Record it again.",
            ) from None  # fmt: skip
    if torn and not found:
        raise ModelError("this is no recording: no line of it can be read", code="model-recording", place=path)
    return found, torn


def _image(image: Image) -> dict[str, Any]:
    if image.url:
        return {"media_type": image.media_type, "url": image.url}
    return {"media_type": image.media_type, "sha256": hashlib.sha256(image.data).hexdigest()}
