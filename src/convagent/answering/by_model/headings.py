"""Headings in a model's answer: a support answer has none, so they are taken off, and what stands below is judged by itself.

A heading is a line that Markdown marks as one, a line that is bold from end to end, or a short line without an end above a blank
line. Above a list it says what the items are said of: there it becomes the line that leads to them. Lines of dashes and the
fences around code are layout, and left out; so is a label such as "Answer:" in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from convagent.answering.by_model.stream_reading import cited, is_item
from convagent.answering.operators import operators_in

__all__ = ["Line", "turns_round", "under_headings"]

_MARKED = re.compile(r"\s*#{1,6}\s+(?P<words>.*?)[\s#]*")
_BOLD = re.compile(r"\s*(?P<mark>\*\*|__)(?P<words>(?:(?!(?P=mark)).)+)(?P=mark)\s*:?\s*")
_ENDED = re.compile(r"[.!…。！][\"”’“»)\]*_\s]*$")
_FINISHED = re.compile(r"[.!?…:;,。！？][\"”’“»)\]*_\s]*$")
_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,})")
_FENCE = re.compile(r"\s*(?:```+|~~~+)\s*[\w-]*\s*")
_UNDERLINE = re.compile(r"[ \t]*\n[ \t]*(?:={3,}|-{3,})[ \t]*")
_BLANK_LINE = re.compile(r"[ \t]*\n[ \t]*\n")
_LABEL = re.compile(
    r"^(\s*)(?:\*\*|__|#{1,6}\s*)?(?:(?:the |my |final |short )*answer|reply|response|(?:kurze )?antwort|réponse)\s*"
    r"(?:\*\*|__)?\s*:(?:\*\*|__)?\s*",
    re.IGNORECASE,
)
_LONGEST_TITLE = 8
_TURNS = frozenset({"only", "except", "without"})


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or line, and what it stands below.

    Attributes:
        text: As the model wrote it.
        heading: The words of the heading that was right above it and was taken off; empty for none.
        leads: It was a heading, and leads to the list below it.
    """

    text: str
    heading: str = ""
    leads: bool = False


def under_headings(lines: Iterable[str]) -> Iterator[Line]:
    """The sentences and lines without headings and layout, each as soon as it is known not to be one.

    Only a short line without an end waits for the next; sentences don't.

    Args:
        lines: Of one piece.
    """
    heading, waiting, first = "", "", True
    for given in lines:
        line = _LABEL.sub(r"\1", given, count=1) if first else given
        if not line.strip():
            continue
        first = False
        if waiting:
            if (
                _UNDERLINE.fullmatch(line)
                or is_item(line)
                or (_BLANK_LINE.match(line) and not line.lstrip()[0].islower())
            ):
                heading = _words(waiting)
            else:
                yield Line(waiting, heading)
                heading = ""
            waiting = ""
        if _is_layout(line):
            continue
        if found := _heading(line):
            heading = found
        elif _may_be_title(line):
            waiting = line
        else:
            if heading and is_item(line):
                yield Line(f"\n\n{heading if heading.endswith('?') else heading + ':'}", leads=True)
                heading = ""
            yield Line(line, heading)
            heading = ""
    if waiting:
        yield Line(waiting, heading)


def turns_round(heading: str) -> bool:
    """Whether what stands below a heading says something else without it: "Not covered", "Only online"."""
    found = operators_in(heading)
    return found.negated or bool(found.concepts & _TURNS)


def _heading(line: str) -> str:
    """The words of a line that is marked as a heading; empty for any other."""
    bare = cited(line)[0]
    if (found := _MARKED.fullmatch(bare)) is not None:
        return _words(found["words"]) or "-"
    found = _BOLD.fullmatch(bare)
    return "" if found is None or _ENDED.search(found["words"]) else _words(found["words"])


def _is_layout(line: str) -> bool:
    """Whether it is a rule, a fence, or has no letter, figure or emoji at all, but for an item's number."""
    if _RULE.fullmatch(line) or _FENCE.fullmatch(line):
        return True
    bare = re.sub(r"^\s*\d{1,2}[.)]\s", "", line)
    return not any(char.isalnum() for char in bare) and _EMOJI.search(bare) is None


def _words(line: str) -> str:
    return re.sub(r"\*\*|__", "", _EMOJI.sub("", cited(line)[0])).strip().rstrip(":").strip()


def _may_be_title(line: str) -> bool:
    """A short line without an end, which is a title if a blank line follows."""
    bare = _EMOJI.sub("", cited(line)[0]).strip()
    return (
        0 < len(bare.split()) <= _LONGEST_TITLE
        and not is_item(line)
        and _FINISHED.search(bare) is None
        and "|" not in bare
        and not any(char.isdigit() for char in bare)
    )
