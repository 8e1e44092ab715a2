"""Any chat model of LangChain's as the model that an agent asks.

    Agent.open("my-shop", model=LangChainModel(ChatAnthropic(model="claude-sonnet-4-5", max_tokens=500, temperature=0)))

How long, how warm and where it answers is said where the LangChain model is made: its providers don't agree on names for it.
"""

from __future__ import annotations

import base64
import inspect
import json
import logging
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from convagent.errors import ConvagentError, ModelError
from convagent.integrations.langchain.extra import langchain_core
from convagent.models.answers import Reading
from convagent.models.faults import too_slow, unusable
from convagent.models.in_time import Exchange, TooLongError, TooSlowError, in_time
from convagent.models.port import ChatMessage, ChatReply, ChatRequest, Image, TokenUsage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["LangChainModel"]

_log = logging.getLogger("convagent")

_SECONDS = 60.0
"""What a call may take that says nothing itself."""

_CHARACTERS_A_TOKEN = 20
_STRUCTURED = "\n\nAnswer with one JSON object that meets this JSON Schema, and with nothing else:\n"

_CODES = {
    "ContextOverflowError": "model-too-long",
    "ModelAuthenticationError": "model-refused",
    "ModelPermissionDeniedError": "model-refused",
    "ModelNotFoundError": "model-unknown",
    "ModelRateLimitError": "model-busy",
    "ModelTimeoutError": "model-timeout",
    "ModelConnectionError": "model-unreachable",
    "ModelAPIError": "model-failed",
    "ModelInvalidRequestError": "model-invalid",
    "OutputParserException": "model-unusable",
}
"""LangChain's own errors, the narrower ones first."""

_STATUSES = {401: "model-refused", 403: "model-refused", 404: "model-unknown", 408: "model-timeout",
             413: "model-too-long", 429: "model-busy"}  # fmt: skip

_TOLD = {
    "model-too-long": "was sent a prompt that is too long for it",
    "model-refused": "refused the key",
    "model-unknown": "isn't served there",
    "model-busy": "has too many calls under way",
    "model-timeout": "didn't answer in time",
    "model-unreachable": "can't be reached",
    "model-failed": "failed",
    "model-invalid": "can't be asked so",
    "model-unusable": "answered with something that can't be read",
}
_LENGTH = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_FILTERED = frozenset({"content_filter", "safety", "refusal", "prohibited_content", "blocklist", "recitation"})


class LangChainModel:
    """A chat model of LangChain's as a `convagent.models.ChatModel`. Threads may share one as far as they may share that.

    A structured call goes through `with_structured_output` where the model offers it; where it doesn't, or its server refuses
    that, the schema stands in the prompt. In both cases the answer is held against the schema. What goes wrong becomes a
    `ModelError` without a word of the provider's, which may repeat the prompt or a key. A call that takes longer than it may is
    left alone; LangChain itself may still be at it for a while.

    Args:
        model: The chat model; retries, length and temperature are set there.
        name: For stamps, traces and messages; made of the model's kind and name by default.
        sees_images: Whether pictures may go along.

    Raises:
        ConvagentError: `langchain-model`: it is no chat model of LangChain's.
        MissingExtraError: langchain-core isn't installed.
    """

    keeps_time = True
    """No call takes longer than its request says."""

    def __init__(self, model: BaseChatModel, *, name: str | None = None, sees_images: bool = False) -> None:
        kind = langchain_core("language_models").BaseChatModel
        if not isinstance(model, kind):
            raise ConvagentError(
                f"{type(model).__name__} is no chat model of LangChain's", code="langchain-model",
                remedy="Hand in an object such as ChatOpenAI(…), not a chain of which it is a part.",
            )  # fmt: skip
        self._model = model
        self._name = name or _name_of(model)
        self._sees_images = sees_images
        self._by_prompt = not _offers_structure(model, kind)

    @property
    def name(self) -> str:
        """For stamps, traces and messages: `langchain:ChatOpenAI:gpt-5-mini`."""
        return self._name

    @property
    def sees_images(self) -> bool:
        """Whether pictures may go along."""
        return self._sees_images

    def complete(self, request: ChatRequest) -> ChatReply:
        """The answer, whole.

        Raises:
            ModelError: See `ChatModel.complete`.
        """
        reading = self._reading(request)

        def work(exchange: Exchange) -> Iterator[ChatReply]:
            self._take(self._asked(request), reading, exchange)
            yield reading.reply(request)

        with closing(self._bounded(request, work)) as handed:
            return cast("ChatReply", next(handed))

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The answer piece by piece, as it comes; a structured one in one piece. Closing it ends the call.

        Raises:
            ModelError: See `ChatModel.stream`.
        """
        if request.schema is not None:
            whole = self.complete(request)
            yield whole.text
            return whole
        reading = self._reading(request)

        def work(exchange: Exchange) -> Iterator[str | ChatReply]:
            parts = self._model.stream(self._messages(request, told_schema=False))
            whole: Any = None
            for part in parts:
                whole = part if whole is None else whole + part
                text = reading.add(_text_of(part))
                exchange.took(text.encode("utf-8", "replace"))
                if text:
                    yield text
            if whole is not None:
                _note(reading, whole)
            yield reading.reply(request)

        with closing(self._bounded(request, work)) as handed:
            piece = next(handed)
            while not isinstance(piece, ChatReply):  # the last thing that the work hands over
                yield piece
                piece = next(handed)
            return piece

    def _asked(self, request: ChatRequest) -> Any:
        """The model's message."""
        if request.schema is None or self._by_prompt:
            return self._model.invoke(self._messages(request, told_schema=self._by_prompt))
        try:
            return self._structured(request, request.schema)
        except Exception as error:
            if not isinstance(error, NotImplementedError) and self._fault(error).code != "model-invalid":
                raise
            _log.info("%s takes no schema (%s): it stands in the prompt now", self._name, type(error).__name__)
            message = self._model.invoke(self._messages(request, told_schema=True))
            self._by_prompt = True  # only now: the request itself might have been at fault
            return message

    def _structured(self, request: ChatRequest, schema: Mapping[str, Any]) -> Any:
        named = {"title": "answer", "description": "The answer", **schema}
        options: dict[str, Any] = {"include_raw": True}
        if "strict" in inspect.signature(self._model.with_structured_output).parameters:
            options["strict"] = True
        found: Any = self._model.with_structured_output(named, **options).invoke(
            self._messages(request, told_schema=False)
        )
        message, parsed = found["raw"], found["parsed"]
        if isinstance(parsed, Mapping):  # what a tool was called with, where that is the provider's way
            return message.model_copy(update={"content": json.dumps(parsed, ensure_ascii=False, default=str)})
        return message

    def _messages(self, request: ChatRequest, *, told_schema: bool) -> list[Any]:
        """The prompt as LangChain has it; with the schema at the end of what never changes, where the prompt has to tell it."""
        messages = langchain_core("messages")
        kinds = {"system": messages.SystemMessage, "user": messages.HumanMessage, "assistant": messages.AIMessage}
        told = list(request.messages)
        if told_schema and request.schema is not None:
            more = _STRUCTURED + json.dumps(request.schema, ensure_ascii=False)
            if told and told[0].role == "system":
                told[0] = ChatMessage("system", told[0].text + more)
            else:
                told.insert(0, ChatMessage("system", more.strip()))
        return [kinds[each.role](content=_content(each)) for each in told]

    def _take(self, message: Any, reading: Reading, exchange: Exchange) -> None:
        text = reading.add(_text_of(message))
        exchange.took(text.encode("utf-8", "replace"))
        _note(reading, message)

    def _reading(self, request: ChatRequest) -> Reading:
        if not self._sees_images and any(message.images for message in request.messages):
            raise ModelError(
                f"{self._name} sees no pictures, and one is to go along", code="model-invalid",
                remedy="LangChainModel(…, sees_images=True) if it does.",
            )  # fmt: skip
        return Reading(self._name, most=2_000 + _CHARACTERS_A_TOKEN * request.max_tokens)

    def _bounded(self, request: ChatRequest, work: Any) -> Generator[Any, None, None]:
        seconds = _SECONDS if request.timeout is None else request.timeout
        pieces = in_time(work, seconds=seconds, most_bytes=1_000_000 + 2_000 * request.max_tokens)
        fault: ModelError | None = None
        try:
            yield from pieces
        except Exception as error:  # noqa: BLE001 - whatever a provider's package raises
            fault = self._fault(error)
        finally:
            pieces.close()
        if fault is not None:
            raise fault  # outside of the handler: a chained error would carry what the provider said

    def _fault(self, error: BaseException) -> ModelError:
        if isinstance(error, ModelError):
            return error
        if isinstance(error, TooSlowError):
            return too_slow(self._name)
        if isinstance(error, TooLongError):
            return unusable(self._name, "sent far more than was asked for")
        code = _code_of(error)
        remedy = (
            "Look at how the LangChain model is made."
            if code in {"model-refused", "model-unknown", "model-invalid"}
            else None
        )
        return ModelError(f"{self._name} {_TOLD[code]} ({type(error).__name__})", code=code, remedy=remedy)


def _offers_structure(model: Any, kind: Any) -> bool:
    """Whether the model has a way of its own to keep to a schema."""
    own = type(model)
    return own.with_structured_output is not kind.with_structured_output or own.bind_tools is not kind.bind_tools


def _name_of(model: Any) -> str:
    own = next(
        (str(getattr(model, each)) for each in ("model_name", "model", "model_id") if getattr(model, each, "")), ""
    )
    return ":".join(part for part in ("langchain", type(model).__name__, own) if part)


def _code_of(error: BaseException) -> str:
    """The code of our own for what a provider's package raised."""
    exceptions = langchain_core("exceptions")
    for name, code in _CODES.items():  # older versions have none of these classes
        kind = getattr(exceptions, name, None)
        if kind is not None and isinstance(error, kind):
            return code
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _STATUSES.get(status, "model-failed" if status >= 500 else "model-invalid")
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    if isinstance(error, TimeoutError) or "Timeout" in names:
        return "model-timeout"
    if isinstance(error, OSError) or "Connect" in names:
        return "model-unreachable"
    return "model-invalid" if isinstance(error, (TypeError, ValueError, NotImplementedError)) else "model-failed"


def _content(message: ChatMessage) -> str | list[dict[str, Any]]:
    text = message.text.encode("utf-8", "replace").decode("utf-8")
    if not message.images:
        return text
    return [{"type": "text", "text": text}, *map(_picture, message.images)]


def _picture(image: Image) -> dict[str, Any]:
    if image.url:
        return {"type": "image", "url": image.url, "mime_type": image.media_type}
    return {"type": "image", "base64": base64.b64encode(image.data).decode("ascii"), "mime_type": image.media_type}


def _text_of(message: Any) -> str:
    """The words of a message: of its blocks those that are text, without what it thought."""
    content = message.content
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        part if isinstance(part, str) else str(part.get("text", ""))
        for part in parts
        if isinstance(part, str) or (isinstance(part, Mapping) and part.get("type") == "text")
    )


def _note(reading: Reading, message: Any) -> None:
    """Takes in usage, why it stopped and the model's name, where a message has them."""
    usage = getattr(message, "usage_metadata", None)
    if usage:
        cached = (usage.get("input_token_details") or {}).get("cache_read") or 0
        reading.usage = TokenUsage(
            int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0), int(cached)
        )
    told = getattr(message, "response_metadata", None) or {}
    reading.served = str(told.get("model_name") or told.get("model") or "")[:200]
    reason = str(told.get("finish_reason") or told.get("stop_reason") or "").lower()
    if reason in _LENGTH:
        reading.finish = "length"
    elif reason in _FILTERED:
        reading.finish = "content_filter"
    reading.refused = bool((getattr(message, "additional_kwargs", None) or {}).get("refusal"))
