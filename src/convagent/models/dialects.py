"""What a server knows of the protocol, and how a request is written for it.

Servers that speak "the OpenAI protocol" differ: some know no JSON schemas, some call the limit of an answer by its old name, some
refuse a seed or a temperature. Each says so by refusing the request (HTTP 400 or 422) and naming what it doesn't know. A
`Dialect` is what was learned of a server so far; `adapted` gives the next one to try.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from convagent.errors import ModelError
from convagent.models.port import ChatMessage, ChatRequest, Image

__all__ = ["Dialect", "adapted", "chat_arguments", "first_dialect", "responses_arguments"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a server is spoken to.

    Attributes:
        answers: How an answer is made to meet a schema: the server holds it to the schema, it holds it to JSON and the prompt
            has the schema, or the prompt alone.
        schema_told: The prompt has the schema although the server takes one, as its answers met none.
        limit: What the limit of an answer is called; empty: the server knows none.
        temperature: Whether one may be set.
        seed: Whether one may be given.
        stream_usage: Whether usage may be asked for at a stream's end.
        store: Whether the server may be told to keep nothing (Responses).
    """

    answers: Literal["schema", "object", "prompt"] = "schema"
    schema_told: bool = False
    limit: Literal["max_completion_tokens", "max_tokens", ""] = "max_tokens"
    temperature: bool = True
    seed: bool = True
    stream_usage: bool = True
    store: bool = True


def first_dialect(base_url: str) -> Dialect:
    """What to try first. OpenAI's own models have the newer name for the limit, most other servers the older."""
    host = urlsplit(base_url).hostname or ""
    own = host == "api.openai.com" or host.endswith((".openai.com", ".azure.com"))
    return Dialect(limit="max_completion_tokens" if own else "max_tokens")


_OTHER_LIMIT: dict[str, Literal["max_completion_tokens", "max_tokens"]] = {
    "max_completion_tokens": "max_tokens",
    "max_tokens": "max_completion_tokens",
}


def adapted(
    dialect: Dialect, named: tuple[str, ...], *, given: frozenset[str], tried: frozenset[Dialect]
) -> Dialect | None:
    """What to try after a refusal that names settings of the request.

    Args:
        dialect: What was tried.
        named: The settings that the server named, what it names first first.
        given: The settings that the request had.
        tried: What was refused already in this call.

    Returns:
        The next dialect; None where nothing named can be done without.
    """
    for name in named:
        following = _without(dialect, name, given, tried)
        if following is not None and following not in tried:
            return following
    return None


def _without(dialect: Dialect, name: str, given: frozenset[str], tried: frozenset[Dialect]) -> Dialect | None:
    if name in {"response_format", "json_schema", "text.format"} and given & {"response_format", "text"}:
        weaker: dict[str, Literal["object", "prompt"]] = {"schema": "object", "object": "prompt"}
        following = weaker.get(dialect.answers)
        return replace(dialect, answers=following) if following else None
    if name in _OTHER_LIMIT and name in given:
        other = _OTHER_LIMIT[name]
        return replace(dialect, limit="" if any(each.limit == other for each in tried) else other)
    if name not in given:
        return None
    if name == "temperature":
        return replace(dialect, temperature=False)
    if name == "seed":
        return replace(dialect, seed=False)
    if name == "store":
        return replace(dialect, store=False)
    if name == "stream_options":
        return replace(dialect, stream_usage=False)
    return None


def chat_arguments(request: ChatRequest, dialect: Dialect, *, model: str, stream: bool) -> dict[str, Any]:
    """A request as Chat Completions has it.

    Raises:
        ModelError: `model-invalid`: a picture that can't go along.
    """
    found: dict[str, Any] = {"model": model, "messages": [_chat_message(each) for each in _told(request, dialect)]}
    if dialect.limit:
        found[dialect.limit] = request.max_tokens
    if dialect.temperature:
        found["temperature"] = request.temperature
    if dialect.seed and request.seed is not None:
        found["seed"] = request.seed
    if request.schema is not None and dialect.answers == "schema":
        schema = {"name": _name_of(request), "schema": dict(request.schema), "strict": True}
        found["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif request.schema is not None and dialect.answers == "object":
        found["response_format"] = {"type": "json_object"}
    if stream:
        found["stream"] = True
        if dialect.stream_usage:
            found["stream_options"] = {"include_usage": True}
    return found


def responses_arguments(request: ChatRequest, dialect: Dialect, *, model: str, stream: bool) -> dict[str, Any]:
    """A request as the Responses API has it. The server is told to keep nothing of it. There is no seed there.

    Raises:
        ModelError: `model-invalid`: a picture that can't go along.
    """
    found: dict[str, Any] = {"model": model, "input": [_responses_message(each) for each in _told(request, dialect)]}
    if dialect.store:
        found["store"] = False
    if dialect.limit:
        found["max_output_tokens"] = max(16, request.max_tokens)  # the least that it takes
    if dialect.temperature:
        found["temperature"] = request.temperature
    if request.schema is not None and dialect.answers == "schema":
        schema = {"type": "json_schema", "name": _name_of(request), "schema": dict(request.schema), "strict": True}
        found["text"] = {"format": schema}
    elif request.schema is not None and dialect.answers == "object":
        found["text"] = {"format": {"type": "json_object"}}
    if stream:
        found["stream"] = True
    return found


def _name_of(request: ChatRequest) -> str:
    title = (request.schema or {}).get("title")
    name = re.sub(r"[^A-Za-z0-9_-]", "_", title if isinstance(title, str) else "")[:64]
    return name or request.purpose


def _told(request: ChatRequest, dialect: Dialect) -> tuple[ChatMessage, ...]:
    """The prompt, with the schema at the end of the instructions where the server won't hold the answer to it."""
    if request.schema is None or (dialect.answers == "schema" and not dialect.schema_told):
        return request.messages
    schema = json.dumps(request.schema, ensure_ascii=False, separators=(",", ":"))
    words = f"Answer with one JSON object and nothing else. It must meet this JSON Schema:\n{schema}"
    messages = list(request.messages)
    at = next((index for index, each in enumerate(messages) if each.role == "system"), None)
    if at is None:
        return (ChatMessage("system", words), *messages)
    messages[at] = replace(messages[at], text=f"{messages[at].text}\n\n{words}")
    return tuple(messages)


def _chat_message(message: ChatMessage) -> dict[str, Any]:
    text = _whole(message.text)
    if not message.images:
        return {"role": message.role, "content": text}
    pictures = [{"type": "image_url", "image_url": {"url": _address(image)}} for image in message.images]
    return {"role": message.role, "content": [{"type": "text", "text": text}, *pictures]}


def _responses_message(message: ChatMessage) -> dict[str, Any]:
    text = _whole(message.text)
    if not message.images:
        return {"role": message.role, "content": text}
    pictures = [{"type": "input_image", "image_url": _address(image), "detail": "auto"} for image in message.images]
    return {"role": message.role, "content": [{"type": "input_text", "text": text}, *pictures]}


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which can't be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


_PICTURE = re.compile(r"image/[a-z0-9.+-]{1,40}")


def _address(image: Image) -> str:
    """Where the server finds a picture: its address, or its bytes as one."""
    if image.url:
        if urlsplit(image.url).scheme != "https":
            raise ModelError(
                "a picture's address doesn't begin with https://",
                code="model-invalid",
                remedy="Give the picture's bytes.",
            )
        return image.url
    if not image.data or not _PICTURE.fullmatch(image.media_type):
        raise ModelError(
            "a picture has neither bytes of a known type nor an address",
            code="model-invalid",
            remedy="Give its bytes and their MIME type, such as image/jpeg.",
        )
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"
