"""A telephone number given because it was asked for: "call me at +1 508 555 0123" is an answer, no wish for a call."""

from __future__ import annotations

import re

from convagent.understanding.identifiers import phones

__all__ = ["asks_for_number", "number_alone"]

_NAMES = re.compile(r"(?:^|_)(?:phone|telephone|tel|mobile|cell|callback)(?:_|$)", re.IGNORECASE)
_NEAR = 60
"""Characters beside a number in which the words stand that give it."""

_BEFORE = re.compile(
    r"(?:\b(?:you|u|they|someone|somebody|one|sie|vous|on)\s+)?(?:\b(?:can|could|may|should|konnen|können|pouvez|peut)\s+)?"
    r"(?:\b(?:please|pls|just|bitte)\s+)?"
    r"\b(?:(?:call|ring|phone|text|reach|contact|message)\s+me|give\s+me\s+a\s+(?:call|ring|bell)|reach\s+me|"
    r"ruf(?:t|en\s+sie)?\s+mich|mich|erreichen\s+mich|(?:r?appele[zr]?|contacte[zr]|joindre)(?:\s*-\s*|\s+)moi|me\s+(?:joindre|r?appeler))"
    r"(?:\s+(?:back|zurück|zurueck|anytime|any\s+time))?(?:\s+(?:please|bitte))?"
    r"(?:\s+(?:at|on|under|unter|auf|au|sur|via|by|with))?(?:\s+(?:this|my|the|der|meiner|ce|mon|le))?"
    r"(?:\s+(?:number|no\.?|nr\.?|nummer|mobile|phone|cell|numéro|portable))?\s*[:,-]?\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^[\s,;.–-]*(?:(?:you\s+can|please|just|bitte)\s+)*(?:call|ring|phone|text)\s+me(?:\s+(?:back|there|on\s+(?:it|that)))?"
    r"(?:\s+(?:please|anytime|any\s+time))?\s*(?=[.!,;]|$)",
    re.IGNORECASE,
)


def asks_for_number(name: str, type_name: str | None = None) -> bool:
    """Whether a Need of this name and type is for a telephone number."""
    return _NAMES.search(name) is not None or (type_name is not None and _NAMES.search(type_name) is not None)


def number_alone(text: str) -> str:
    """A message without the words that only give a telephone number; everything else in it stays.

    For a message that answers a question for the number: "You can call me at +1 508 555 0123. I also want to talk to a person"
    leaves the number and the second sentence. A text without a number comes back as it is.
    """
    for slot in reversed(list(phones(text))):
        behind = _AFTER.match(text[slot.end : slot.end + _NEAR])
        end = slot.end + behind.end() if behind is not None else slot.end
        near = max(0, slot.start - _NEAR)
        before = _BEFORE.search(text[near : slot.start])
        start = near + before.start() if before is not None else slot.start
        text = f"{text[:start]}{slot.text}{text[end:]}"
    return text
