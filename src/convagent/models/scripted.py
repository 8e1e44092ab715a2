"""A chat model that answers from a script: for tests, which then need no key, no network and no luck."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel

from convagent.errors import ModelError
from convagent.models.meeting_schema import schema_faults
from convagent.models.port import ChatReply, ChatRequest, Purpose, TokenUsage, words_of

__all__ = ["Answer", "Script", "ScriptedModel"]

Answer: TypeAlias = str | Mapping[str, Any] | BaseModel | ChatReply | Exception | Iterable[str | Exception]
"""One answer: words; a value for a structured call; a reply with its usage; an error to raise; or the pieces of a stream, in
which an error may stand."""

Answering: TypeAlias = Callable[[ChatRequest], Answer]
"""A function that answers what is asked."""

Script: TypeAlias = Sequence[Answer | Answering] | Mapping[str, Sequence[Answer | Answering] | Answering] | Answering
"""Answers in their order; or such a list, or a function, for each purpose; or one function for all calls."""

_PURPOSES: tuple[str, ...] = get_args(Purpose)
_BYTES_A_TOKEN = 4
"""English text comes to about four bytes a token in the vocabularies of today's models."""


class ScriptedModel:
    """A chat model whose answers a test writes down. Threads may share one.

    Answers are given in the order in which calls come:

        >>> from convagent.models import ChatMessage, ChatRequest, ScriptedModel
        >>> model = ScriptedModel(["Your parcel is on its way.", {"answer": "yes"}])
        >>> ask = ChatRequest("compose", (ChatMessage("user", "Where is my parcel?"),))
        >>> model.complete(ask).text
        'Your parcel is on its way.'

    A mapping or a pydantic model answers a structured call, as JSON that must meet the call's schema:

        >>> schema = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
        >>> model.complete(ChatRequest("understand", ask.messages, schema=schema)).text
        '{"answer": "yes"}'

    What was asked is kept, and the script's end is an error:

        >>> [request.purpose for request in model.requests]
        ['compose', 'understand']
        >>> model.complete(ask)
        Traceback (most recent call last):
            ...
        convagent.errors.ModelError: the script of 2 answers has ended, and a call to compose came [model-script-ended]
          Write one more answer, or a function that answers every call.

    An agent lives on when its model fails, and so it does when a script is at fault. `check()` at a test's end raises what
    was wrong with the script, and tells of answers that nobody asked for:

        >>> model.check()
        Traceback (most recent call last):
            ...
        convagent.errors.ModelError: the script of 2 answers has ended, and a call to compose came [model-script-ended]
          Write one more answer, or a function that answers every call.

    Other scripts: `{"understand": [...], "compose": lambda request: "…"}` answers by purpose; a function answers all calls; a
    list among the answers is a stream's pieces, and a `ModelError` in it cuts the stream; a `ModelError` in place of an answer
    is raised. A `ChatReply` sets usage and why the model stopped; otherwise the usage is estimated.

    Args:
        script: The answers.
        name: As which the model stands in stamps and traces.
        sees_images: Whether pictures may go along; without, a call with one is an error, as it is with a server.

    Raises:
        ModelError: `model-script`: the script is none.
    """

    is_guarded = True
    """A failure is the script's next answer, and isn't tried again. `GuardedModel` around it tries again."""
    keeps_time = True
    """It answers at once, in the thread that asks."""

    def __init__(self, script: Script, *, name: str = "scripted", sees_images: bool = False) -> None:
        self._name = name
        self._sees_images = sees_images
        self._lines = _lines_of(script)
        self._given = dict.fromkeys(self._lines, 0)
        self._lock = threading.Lock()
        self._faults: list[ModelError] = []
        self.requests: list[ChatRequest] = []
        """What was asked, in the order in which it came."""

    @property
    def name(self) -> str:
        """For stamps, traces and messages."""
        return self._name

    @property
    def sees_images(self) -> bool:
        """Whether pictures may go along."""
        return self._sees_images

    def complete(self, request: ChatRequest) -> ChatReply:
        """The script's next answer, whole.

        Raises:
            ModelError: What the script says; `model-script-ended`: it has no more; `model-script`: the answer does not fit the
                call; `model-invalid`: a picture goes along, and this model sees none.
        """
        answer = self._answer(request)
        pieces = list(self._pieces(answer, request))
        return _reply(answer, pieces, request, self._name)

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The script's next answer piece by piece: as its list has them, word by word where it is one text.

        Raises:
            ModelError: As `complete`; one that stands among the pieces comes after those before it.
        """
        pieces: list[str] = []
        answer = self._answer(request)
        for piece in self._pieces(answer, request):
            pieces.append(piece)
            yield piece
        return _reply(answer, pieces, request, self._name)

    def check(self) -> None:
        """Raises what was wrong with the script; for the end of a test.

        Raises:
            ModelError: `model-script-ended`, `model-script`: as a call raised it; `model-script`: answers were not asked for.
        """
        with self._lock:
            if self._faults:
                raise self._faults[0]
            left = {
                purpose: len(lines) - self._given[purpose]
                for purpose, lines in self._lines.items()
                if not callable(lines) and len(lines) > self._given[purpose]
            }
        if left:
            told = ", ".join(f"{count}{f' to {purpose}' if purpose else ''}" for purpose, count in left.items())
            raise ModelError(f"answers of the script were not asked for: {told}", code="model-script")

    def _answer(self, request: ChatRequest) -> Answer:
        with self._lock:
            self.requests.append(request)
            if not self._sees_images and any(message.images for message in request.messages):
                raise ModelError(
                    f"a picture goes along with a call to {request.purpose}, and {self._name} sees none",
                    code="model-invalid",
                )
            purpose = "" if "" in self._lines else request.purpose
            lines = self._lines.get(purpose)
            if lines is None:
                raise self._fault(
                    f"the script has no answers to {request.purpose}: it has them to {', '.join(self._lines) or 'nothing'}",
                    "model-script-ended",
                    f'Write answers under "{request.purpose}".',
                )
            if callable(lines):
                line: Answer | Answering = lines
            elif self._given[purpose] < len(lines):
                line = lines[self._given[purpose]]
                self._given[purpose] += 1
            else:
                raise self._fault(
                    f"the script of {len(lines)} answer{'' if len(lines) == 1 else 's'} has ended, and a call to "
                    f"{request.purpose} came",
                    "model-script-ended",
                    "Write one more answer, or a function that answers every call.",
                )
        return line(request) if callable(line) else line

    def _pieces(self, answer: Answer, request: ChatRequest) -> Generator[str, None, None]:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, ChatReply):
            answer = answer.text
        if isinstance(answer, str):
            yield from re.findall(r"\s*\S+|\s+", answer)
            return
        if isinstance(answer, BaseModel | Mapping):
            yield self._structured(answer, request)
            return
        if not isinstance(answer, Iterable):
            raise self._kept(f"{type(answer).__name__} is no answer")
        for piece in answer:
            if isinstance(piece, Exception):
                raise piece
            if not isinstance(piece, str):
                raise self._kept(f"{type(piece).__name__} is no piece of a stream: pieces are texts and errors")
            yield piece

    def _structured(self, answer: BaseModel | Mapping[str, Any], request: ChatRequest) -> str:
        try:
            value = answer.model_dump(mode="json", by_alias=True) if isinstance(answer, BaseModel) else answer
            text = json.dumps(value, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise self._kept(f"the answer to {request.purpose} is no JSON: {error}") from error
        if request.schema is None:
            raise self._kept(f"the answer to {request.purpose} is a value, and the call asks for words")
        if faults := schema_faults(json.loads(text), request.schema):
            raise self._kept(
                f"the answer to {request.purpose} does not meet the call's schema: {'; '.join(faults[:5])}",
                "Write the answer as a text to have it sent as it is.",
            )
        return text

    def _kept(self, message: str, remedy: str | None = None) -> ModelError:
        with self._lock:
            return self._fault(message, "model-script", remedy)

    def _fault(self, message: str, code: str, remedy: str | None) -> ModelError:
        """A fault of the script's, kept for `check`; the lock is held."""
        fault = ModelError(message, code=code, remedy=remedy)
        self._faults.append(fault)
        return fault


def _lines_of(script: Script) -> dict[str, tuple[Answer | Answering, ...] | Answering]:
    """The script's answers by purpose; under the empty one, those to every call."""
    if not isinstance(script, Mapping):
        return {"": _one_list(script, "the script")}
    if unknown := [str(key) for key in script if key not in _PURPOSES]:
        raise ModelError(
            f"{', '.join(unknown)}: no purpose of a call; there are {', '.join(_PURPOSES)}",
            code="model-script",
            remedy="An answer to a structured call stands in a list: ScriptedModel([{…}]).",
        )
    return {str(key): _one_list(lines, f"the script to {key}") for key, lines in script.items()}


def _one_list(lines: object, what: str) -> tuple[Answer | Answering, ...] | Answering:
    if callable(lines):
        return lines
    if isinstance(lines, str | bytes | Mapping) or not isinstance(lines, Sequence):
        raise ModelError(
            f"{what} is {type(lines).__name__}: a list of answers or a function is expected",
            code="model-script",
            remedy="One answer stands in a list, too: [answer].",
        )
    return tuple(lines)


def _reply(answer: Answer, pieces: Iterable[str], request: ChatRequest, name: str) -> ChatReply:
    """The reply that the pieces come to."""
    if isinstance(answer, ChatReply):
        return answer if answer.model else replace(answer, model=name)
    text = "".join(pieces)
    usage = TokenUsage(_tokens(words_of(request.messages)), _tokens(text), estimated=True)
    return ChatReply(text, usage, model=name)


def _tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN)
