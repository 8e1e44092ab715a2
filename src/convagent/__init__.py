"""convagent: the engine behind a shop's conversational support agent and shopping assistant."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convagent.agent import Agent
    from convagent.conversation import (
        Answered,
        Asked,
        Citation,
        Conversation,
        HandedOver,
        Handover,
        Message,
        Reply,
        Silent,
        Turn,
    )
    from convagent.errors import ConvagentError

__all__ = [
    "Agent",
    "Answered",
    "Asked",
    "Citation",
    "ConvagentError",
    "Conversation",
    "HandedOver",
    "Handover",
    "Message",
    "Reply",
    "Silent",
    "Turn",
]

_HOMES = {"Agent": "convagent.agent", "ConvagentError": "convagent.errors"}


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first used: a program that needs only `convagent.guidance` loads no index."""
    if name not in __all__:
        raise AttributeError(f"module 'convagent' has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "convagent.conversation")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
