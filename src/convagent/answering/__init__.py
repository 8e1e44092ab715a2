"""From steps to a reply: grounded answers, composing, verification, the shop's voice.

`compose` stands in `convagent.answering.compose`. The settings know the voice, so nothing else is loaded before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convagent.lazy_names import lazy_names

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

# A module of the room is loaded when one of its names is first used.
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()})
