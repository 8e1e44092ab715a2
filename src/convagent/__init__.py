"""convagent: the engine behind a shop's conversational support agent and shopping assistant."""

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
