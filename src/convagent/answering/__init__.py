"""From steps to a reply: grounded answers, composing, verification."""

from convagent.answering.compose import Composer, compose
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
    "compose",
    "extract_answer",
    "never_said",
    "passages_for",
    "states_of",
    "unbacked",
    "units_of",
    "unsupported",
]
