"""Reading what a server answered, whole or piece by piece, and taking nothing of it for granted.

The client builds its objects without checking them, so that whatever a server sends gets this far: a list where an object should
be, a choice without a message, text that is a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from convagent.errors import ModelError
from convagent.models.faults import fault_in_stream, unusable
from convagent.models.meeting_schema import schema_faults
from convagent.models.port import ChatReply, ChatRequest, Finish, TokenUsage, words_of
from convagent.models.tokens import count_tokens

__all__ = ["Reading", "UnmetSchemaError", "read_chat", "read_chat_pieces", "read_responses", "read_responses_pieces"]


class UnmetSchemaError(ModelError):
    """The answer doesn't meet the schema that was asked for."""

    default_code = "model-unusable"


@dataclass
class Reading:
    """What came of an answer so far.

    Attributes:
        model: Whose, for messages.
        most: The text may have so many characters.
    """

    model: str
    most: int
    text: list[str] = field(default_factory=list)
    size: int = 0
    finish: str = ""
    refused: bool = False
    usage: TokenUsage | None = None
    served: str = ""

    def add(self, text: object) -> str:
        """Takes in a piece of the text, and gives it back.

        Raises:
            ModelError: `model-unusable`: it has become too long.
        """
        if not isinstance(text, str) or not text:
            return ""
        self.size += len(text)
        if self.size > self.most:
            raise unusable(
                self.model, "writes without end", remedy="Its server doesn't keep to the limit of an answer."
            )
        self.text.append(text)
        return text

    def reply(self, request: ChatRequest) -> ChatReply:
        """The whole answer.

        Raises:
            ModelError: `model-unusable`: it is none, or not what was asked for.
        """
        text = "".join(self.text)
        if self.refused:
            raise unusable(
                self.model, "declined to answer", remedy="Its provider's rules took exception to the prompt."
            )
        finish: Finish = "stop"
        if self.finish in {"length", "max_output_tokens"}:
            finish = "length"
        elif self.finish == "content_filter":
            finish = "filtered"
        if not text.strip():
            raise unusable(self.model, *_NOTHING[finish])
        if request.schema is not None:
            text = self._meeting(text, request.schema, finish)
        usage = self.usage or TokenUsage(
            count_tokens(words_of(request.messages), self.model), count_tokens(text, self.model), estimated=True
        )
        return ChatReply(text, usage, finish, self.served)

    def _meeting(self, text: str, schema: Mapping[str, Any], finish: Finish) -> str:
        text = _unfenced(text)
        try:
            met = not schema_faults(json.loads(text), schema)
        except (ValueError, RecursionError):
            met = False
        if met:
            return text
        if finish == "stop":
            raise UnmetSchemaError(f"{self.model}'s answer doesn't meet the schema", remedy=_LARGER)
        why = "was cut at its limit" if finish == "length" else "was cut by a filter"
        raise unusable(self.model, f"gave a structured answer that {why}", remedy="Raise the limit of the answer.")


_LARGER = "Choose a model, or a server, that keeps to schemas."
_NOTHING: dict[Finish, tuple[str]] = {
    "stop": ("gave an empty answer",),
    "length": ("reached its limit before it wrote anything: a model that thinks first needs a higher one",),
    "filtered": ("was kept from answering by its provider's filter",),
}
_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*?)\n?\s*```\s*", re.DOTALL | re.IGNORECASE)


def _unfenced(text: str) -> str:
    """The text without the fence that models like to put around JSON."""
    found = _FENCED.fullmatch(text)
    return (found.group(1) if found else text).strip()


def _of(value: object, name: str) -> Any:
    """A part of what a server sent, None where there is none."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _first(value: object) -> Any:
    return value[0] if isinstance(value, (list, tuple)) and value else None


def _number(value: object) -> int:
    return min(value, 10**9) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _note(reading: Reading, answer: object, *, read: str, wrote: str) -> None:
    """Takes in usage and the model's name, where an answer has them."""
    usage = _of(answer, "usage")
    if usage is not None and (_number(_of(usage, read)) or _number(_of(usage, wrote))):
        cached = _number(_of(_of(usage, f"{read}_details"), "cached_tokens"))
        reading.usage = TokenUsage(_number(_of(usage, read)), _number(_of(usage, wrote)), cached)
    name = _of(answer, "model")
    if isinstance(name, str) and name:
        reading.served = "".join(letter for letter in name[:200] if letter.isprintable())


def read_chat(answer: object, reading: Reading) -> None:
    """Takes in a whole answer of Chat Completions.

    Raises:
        ModelError: `model-unusable`: it isn't one.
    """
    _raise_error_in(answer, reading)
    _note(reading, answer, read="prompt_tokens", wrote="completion_tokens")
    choice = _first(_of(answer, "choices"))
    if choice is None:
        raise unusable(reading.model, "answered without an answer in it")
    message = _of(choice, "message")
    reading.add(_of(message, "content"))
    _finish(reading, choice, message)


def read_chat_pieces(events: Iterable[object], reading: Reading) -> Iterator[str]:
    """The pieces of a streamed answer of Chat Completions.

    Raises:
        ModelError: `model-unusable`: it isn't one; as the error says that came in its place.
    """
    for event in events:
        _raise_error_in(event, reading)
        _note(reading, event, read="prompt_tokens", wrote="completion_tokens")
        choice = _first(_of(event, "choices"))
        delta = _of(choice, "delta")
        piece = reading.add(_of(delta, "content"))
        _finish(reading, choice, delta)
        if piece:
            yield piece


def _finish(reading: Reading, choice: object, message: object) -> None:
    refusal = _of(message, "refusal")
    reading.refused = reading.refused or (isinstance(refusal, str) and bool(refusal))
    finish = _of(choice, "finish_reason")
    if isinstance(finish, str) and finish:
        reading.finish = finish


def read_responses(answer: object, reading: Reading) -> None:
    """Takes in a whole answer of the Responses API.

    Raises:
        ModelError: `model-unusable`: it isn't one; as the error says that came in its place.
    """
    _raise_error_in(answer, reading)
    _end_of_response(answer, reading)
    output = _of(answer, "output")
    if not isinstance(output, (list, tuple)) or not output:
        raise unusable(reading.model, "answered without an answer in it")
    for item in output:
        content = _of(item, "content") if _of(item, "type") == "message" else None
        for part in content if isinstance(content, (list, tuple)) else ():
            if _of(part, "type") == "refusal":
                reading.refused = True
            elif _of(part, "type") == "output_text":
                reading.add(_of(part, "text"))


def read_responses_pieces(events: Iterable[object], reading: Reading) -> Iterator[str]:
    """The pieces of a streamed answer of the Responses API.

    Raises:
        ModelError: `model-unusable`: it isn't one; as the error says that came in its place.
    """
    for event in events:
        kind = _of(event, "type")
        if kind == "error":
            raise fault_in_stream({"code": _of(event, "code")}, model=reading.model)
        if kind == "response.output_text.delta":
            piece = reading.add(_of(event, "delta"))
            if piece:
                yield piece
        elif kind == "response.refusal.delta":
            reading.refused = True
        elif kind in {"response.completed", "response.incomplete", "response.failed"}:
            answer = _of(event, "response")
            _raise_error_in(answer, reading)
            _end_of_response(answer, reading)


def _end_of_response(answer: object, reading: Reading) -> None:
    _note(reading, answer, read="input_tokens", wrote="output_tokens")
    reason = _of(_of(answer, "incomplete_details"), "reason")
    status = _of(answer, "status")
    if isinstance(reason, str) and reason:
        reading.finish = reason
    elif isinstance(status, str):
        reading.finish = status


def _raise_error_in(answer: object, reading: Reading) -> None:
    """Servers that answer HTTP 200 with an error inside."""
    error = _of(answer, "error")
    if error is None:
        return
    raise fault_in_stream({"code": _of(error, "code"), "type": _of(error, "type")}, model=reading.model)
