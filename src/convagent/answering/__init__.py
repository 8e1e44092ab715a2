"""From steps to a reply: grounded answers, composing, verification, the shop's voice.

`compose` stands in `convagent.answering.compose`. The settings know the voice, so nothing else is loaded before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convagent.answering.compose import Composer
    from convagent.answering.extract import GroundedAnswer, extract_answer
    from convagent.answering.records import states_of
    from convagent.answering.sources import passages_for
    from convagent.answering.sure import answer_probability
    from convagent.answering.units import Unit, units_of
    from convagent.answering.verify import claims_of, never_said, unbacked, unsupported

__all__ = [
    "Composer",
    "GroundedAnswer",
    "Unit",
    "answer_probability",
    "claims_of",
    "extract_answer",
    "never_said",
    "passages_for",
    "states_of",
    "unbacked",
    "units_of",
    "unsupported",
]

_MODULES = {
    "Composer": "compose",
    "GroundedAnswer": "extract",
    "Unit": "units",
    "answer_probability": "sure",
    "claims_of": "verify",
    "extract_answer": "extract",
    "never_said": "verify",
    "passages_for": "sources",
    "states_of": "records",
    "unbacked": "verify",
    "units_of": "units",
    "unsupported": "verify",
}


def __getattr__(name: str) -> Any:
    """Loads a module of the room when one of its names is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module 'convagent.answering' has no attribute {name!r}")
    value = getattr(import_module(f"convagent.answering.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
