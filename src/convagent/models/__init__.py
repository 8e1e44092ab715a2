"""Chat models: the port, what serves it, and what one turn may ask. See docs/models.md."""

from __future__ import annotations

from convagent.models.calls import Call, Mask, ModelCalls
from convagent.models.guarded import GuardedModel
from convagent.models.guarding import UnguardedModel, guard
from convagent.models.meanwhile import Meanwhile
from convagent.models.openai_client import OpenAIModel
from convagent.models.opening import open_model
from convagent.models.port import ChatMessage, ChatModel, ChatReply, ChatRequest, Image, TokenUsage
from convagent.models.prompt import Section, prompt_of, quoted
from convagent.models.recording import RecordingModel, ReplayedModel
from convagent.models.scripted import ScriptedModel
from convagent.models.settings import ModelPrices, ModelSettings
from convagent.models.tokens import count_tokens

__all__ = [
    "Call",
    "ChatMessage",
    "ChatModel",
    "ChatReply",
    "ChatRequest",
    "GuardedModel",
    "Image",
    "Mask",
    "Meanwhile",
    "ModelCalls",
    "ModelPrices",
    "ModelSettings",
    "OpenAIModel",
    "RecordingModel",
    "ReplayedModel",
    "ScriptedModel",
    "Section",
    "TokenUsage",
    "UnguardedModel",
    "count_tokens",
    "guard",
    "open_model",
    "prompt_of",
    "quoted",
]
