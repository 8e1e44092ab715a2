"""From the section `[model]` to a chat model that can be asked."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Mapping

from convagent.errors import MissingExtraError, ModelError
from convagent.models.guarded import GuardedModel
from convagent.models.openai_client import OPENAI_URL, OpenAIModel
from convagent.models.settings import ModelSettings

__all__ = ["open_model"]

_NO_KEY = "none"
"""For servers that want none, such as one on the same machine; the client sends something in any case."""

_KEY = re.compile(r"[\x21-\x7e]{1,10000}")


def open_model(settings: ModelSettings, *, environ: Mapping[str, str] = os.environ) -> GuardedModel:
    """The chat model that the settings name, guarded. Nothing is sent.

    The client is imported at the first call, which takes the better part of a second before that call's time begins, or by the
    model's `warm_up()`. `close()` closes its connections.

    Args:
        settings: The section `[model]`.
        environ: Where the key is looked up.

    Raises:
        ModelError: `model-unknown`: no model, or none that begins with `openai:`, is named; `model-key`: the environment has
            no key, and OpenAI's own service needs one, or what it has can't be one; `model-invalid`: `base_url` is no address.
        MissingExtraError: The official client isn't installed.
    """
    provider, _, model = settings.name.partition(":")
    if provider != "openai" or not model:
        raise ModelError(
            f"“{settings.name[:80]}” names no chat model" if settings.name else "the settings name no chat model",
            code="model-unknown",
            place=None if settings.name else "convagent.toml",  # convagent.toml itself takes nothing else
            remedy="Call it openai:NAME: in convagent.toml as name under [model], by --model, or by Agent.open(…, model=…).",
        )
    key = environ.get(settings.key, "").strip()
    if not key and settings.base_url is None:
        raise ModelError(
            f"{settings.name} needs a key, and the environment variable {settings.key} holds none",
            code="model-key",
            place="convagent.toml",
            remedy=f"Set {settings.key}, or name another variable by [model] key, or another server by [model] base_url.",
        )
    if key and not _KEY.fullmatch(key):
        raise ModelError(
            f"the environment variable {settings.key} holds something that can't be a key",
            code="model-key",
            remedy="A key is one word of ASCII letters, digits and signs.",
        )
    if importlib.util.find_spec("openai") is None:
        raise MissingExtraError(
            f"{settings.name} needs the package openai, for any server that speaks its protocol",
            remedy="pip install 'convagent[openai]'.",
        )
    found = OpenAIModel(
        model,
        key=key or _NO_KEY,
        base_url=settings.base_url or OPENAI_URL,
        api=settings.api,
        sees_images=settings.sees_images,
        seconds=settings.turn_seconds,
    )
    return GuardedModel(found, settings)
