"""Text to requests, details, choices and signals: the only place that interprets a customer's words."""

from convagent.understanding.choose import Choice, Picked, choose
from convagent.understanding.matcher import Match, Matcher, MatcherError
from convagent.understanding.reading import WordReader
from convagent.understanding.segments import Segment, SplitMessage, split_requests
from convagent.understanding.signals import Signals, read_signals
from convagent.understanding.slots import Slot, SlotVocabulary, read_slots
from convagent.understanding.understand import Understander, Understood

__all__ = [
    "Choice",
    "Match",
    "Matcher",
    "MatcherError",
    "Picked",
    "Segment",
    "Signals",
    "Slot",
    "SlotVocabulary",
    "SplitMessage",
    "Understander",
    "Understood",
    "WordReader",
    "choose",
    "read_signals",
    "read_slots",
    "split_requests",
]
