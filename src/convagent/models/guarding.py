"""Whatever is handed in as a chat model, looked after: its calls are over in time, tried again, limited and left alone."""

from __future__ import annotations

import inspect
from collections.abc import Generator

from convagent.errors import ModelError
from convagent.models.around import AroundModel
from convagent.models.guarded import GuardedModel
from convagent.models.port import ChatModel, ChatReply, ChatRequest
from convagent.models.recording import RecordingModel
from convagent.models.settings import ModelSettings

__all__ = ["UnguardedModel", "guard"]

_PARTS = ("name", "sees_images", "complete", "stream")


def guard(model: ChatModel, settings: ModelSettings) -> ChatModel:
    """The model, guarded as the settings say, unless it is so already or wants no guard.

    A `ScriptedModel` and a `ReplayedModel` answer as they were told, and stay as they are. The model below a `RecordingModel`
    is guarded, so that what is recorded is what came of a call in the end.

    Args:
        model: Any object with what `ChatModel` asks for. One whose `is_guarded` is true is left as it is.
        settings: The section `[model]`.

    Raises:
        ModelError: `model-object`: it is no chat model.
    """
    _check(model)
    if isinstance(model, RecordingModel):
        return model.around(guard(model.model, settings))
    if getattr(model, "is_guarded", False) is True:
        return model
    return GuardedModel(model, settings)


class UnguardedModel(AroundModel):
    """A model that is asked once for each call, with nothing around it: it looks after itself.

        Agent.open("my-shop", model=UnguardedModel(model))

    It is handed the seconds that are left to a call as `request.timeout`, and has to keep to them.

    Args:
        model: The model.

    Raises:
        ModelError: `model-object`: it is no chat model.
    """

    is_guarded = True
    """Nothing is put around it."""

    def __init__(self, model: ChatModel) -> None:
        _check(model)
        super().__init__(model)

    def complete(self, request: ChatRequest) -> ChatReply:
        """The other model's answer.

        Raises:
            ModelError: As the other model does.
        """
        return self._model.complete(request)

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The other model's pieces.

        Raises:
            ModelError: As the other model does.
        """
        return self._model.stream(request)


def _check(model: object) -> None:
    """Tells at once, and not at the first call, what can't be asked."""
    kind = model.__name__ if isinstance(model, type) else type(model).__name__
    remedy = "Hand in an object with name, sees_images, complete and stream; see convagent.models.ChatModel."
    if isinstance(model, type):
        raise ModelError(f"{kind} is a class, and a model is an object", code="model-object", remedy=remedy)
    missing = [part for part in _PARTS if not hasattr(model, part)]
    if missing:
        if any(base.__module__.startswith("langchain_core.") for base in type(model).__mro__):
            remedy = "Hand in convagent.integrations.langchain.LangChainModel(…) with it."
        raise ModelError(
            f"{kind} is no chat model: it has no {', no '.join(missing)}", code="model-object", remedy=remedy
        )
    for part in ("complete", "stream"):
        method = getattr(model, part)
        if inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method):
            raise ModelError(
                f"{kind}.{part} is asynchronous, and models are asked from threads", code="model-object",
                remedy="Write it with `def`; `agent.areply` and `agent.astream` keep your event loop free.",
            )  # fmt: skip
