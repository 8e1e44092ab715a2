"""The parts of a passage that are quoted whole: sentences, list items, rows of a table, each with its heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from convagent.answering.number_words import MONTHS

__all__ = ["Unit", "sentences_of", "units_of"]

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-ZÄÖÜÀÉÈÇŒ0-9])")
_ABBREVIATION = re.compile(
    r"\b(e\.g|i\.e|etc|approx|no|nr|z\.B|d\.h|usw|ca|bzw|p\.ex|cf|vs|Dr|Mr|Ms|St)\.$", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(rf"(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
"""The full stop of "12. Juni" ends no sentence."""
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.)]|[-•*])\s+")
_STEP = re.compile(r"^\s*\d{1,2}[.)]\s+")
_ROW = re.compile(r"^[^.!?]{1,80}?(?::\s+\S| \| |\?\s+\S)")
_LONGEST_HEADING = 14


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a passage that is quoted whole.

    Attributes:
        text: A sentence, or a list or table with the line that leads to it.
        heading: The heading it stands under within the passage.
        is_list: Whether it stands on lines of its own.
    """

    text: str
    heading: str = ""
    is_list: bool = False

    @property
    def has_steps(self) -> bool:
        """Whether it is a list of steps, of which none can be left out."""
        return self.is_list and any(_STEP.match(line) for line in self.text.split("\n"))


def units_of(text: str) -> tuple[Unit, ...]:
    """The parts of a passage, in order.

    What stands between two blank lines belongs together: a heading with what is under it, the rows of a table.
    """
    units: list[Unit] = []
    heading = ""
    for block in re.split(r"\n\s*\n", text):
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        if len(lines) > 1 and _is_heading(lines[0]):
            heading = lines.pop(0).strip()
        units += _of_block(lines, heading)
        if units and units[-1].is_list and len(units) > 1 and _leads(units[-2], units[-1]):
            last, lead = units.pop(), units.pop()
            units.append(Unit(f"{lead.text}\n{last.text}", last.heading, is_list=True))
    return tuple(units)


def _of_block(lines: list[str], heading: str) -> list[Unit]:
    units: list[Unit] = []
    listed: list[str] = []
    is_table = sum(_ROW.match(line) is not None for line in lines) > 1
    for line in lines:
        if _ITEM.match(line) or " | " in line or (is_table and _ROW.match(line)):
            if not listed and units and not units[-1].is_list and units[-1].text.endswith(":"):
                listed.append(units.pop().text)
            listed.append(line)
            continue
        if listed:
            units.append(Unit("\n".join(listed), heading, is_list=True))
            listed = []
        units.extend(Unit(sentence, heading) for sentence in sentences_of(line.strip()))
    if listed:
        units.append(Unit("\n".join(listed), heading, is_list=True))
    return units


def _leads(lead: Unit, listed: Unit) -> bool:
    """Whether a sentence leads to the list in the block behind it."""
    return not lead.is_list and lead.text.endswith(":") and lead.heading == listed.heading and "\n" not in lead.text


def _is_heading(line: str) -> bool:
    """A short line at the head of a block that ends without a full stop stands over what follows, unless it is a row."""
    if _ITEM.match(line) or line.rstrip()[-1:] in {".", "!", ":", ";", ","}:
        return False
    return len(line.split()) <= _LONGEST_HEADING and (line.endswith("?") or _ROW.match(line) is None)


def sentences_of(line: str) -> list[str]:
    """The sentences of a line, in order."""
    out: list[str] = []
    for part in _SENTENCE_END.split(line):
        if out and (_ABBREVIATION.search(out[-1]) or (_ORDINAL.search(out[-1]) and _MONTH.match(part))):
            out[-1] = f"{out[-1]} {part}"
        elif part:
            out.append(part)
    return out
