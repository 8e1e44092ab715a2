"""What a model wrote, as it comes: which piece each sentence belongs to, which passages it cites, tidied of what isn't said."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence

from convagent.answering.by_model.refusals import says_none

__all__ = ["PieceReader", "cited", "is_item", "leans", "tidied"]

_MARK = re.compile(r"^\s*(?:\*\*)?#{1,4}\s*(?:\*\*)?\[?\(?([A-Z])\)?\]?\s*(?:[:.)]|\*\*)*\s*$")
_MARK_AND_MORE = re.compile(r"^\s*#{1,4}\s*\[?\(?([A-Z])\)?\]?\s*(?:[:.)]|[-–—](?=\s))\s*(?=\S)")
_CITATION = re.compile(
    r"[ \u00a0]?(?:\[(?:(?:passages?|sources?|quellen?|textstellen?) )?(\d{1,3}(?:\s*,\s*\d{1,3})*)\]"
    r"|\((?:see )?(?:passages?|sources?|quellen?) \[?(\d{1,3}(?:\s*,\s*\d{1,3})*)\]?\)|【(\d{1,3})】)",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(?<![\w*_])(\*\*\*?|___?|\*|_)(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\w*_])")
_HALF_BOLD = re.compile(r"\*\*+|(?<!\w)__+(?=\w)|(?<=\w)__+(?!\w)")
_NAMED_LINK = re.compile(r"\[([^\[\]\n]{1,120})\]\((https?://[^()\s]{1,400})\)")


class PieceReader:
    """Gives the sentences of each piece, in the order in which the pieces are sent.

    With several pieces each begins with a line `## A`; what stands before the first mark belongs to none. A piece whose mark
    doesn't come, or comes too late, has no sentences. With one piece there are no marks. A piece ends where the model says
    that the passages don't answer it.

    Args:
        lines: Sentences and lines of the stream.
        marks: Of the pieces, in their order.
    """

    def __init__(self, lines: Iterator[str], marks: Sequence[str]) -> None:
        self._marks = tuple(marks)
        self._stream = lines
        self._lines = self._with_marks_alone(lines) if len(marks) > 1 else lines
        self.declined: set[str] = set()
        """Pieces that the model said it can't word."""
        self._at: str | None = None if len(marks) > 1 else next(iter(marks), None)
        self._closed = False

    def sentences(self, mark: str) -> Iterator[str]:
        """The sentences of a piece, one after the other, as they come."""
        if self._closed:
            return
        if self._at != mark:
            if self._at is not None and not self._before(self._at, mark):
                return  # a later piece has begun: this one was left out
            for line in self._lines:
                if (found := _MARK.match(line)) is not None:
                    self._at = found[1]
                    if self._at == mark or not self._before(self._at, mark):
                        break
            if self._at != mark:
                return
        for line in self._lines:
            if (found := _MARK.match(line)) is not None:
                if found[1] != mark:
                    self._at = found[1]
                    return
                continue
            if says_none(line):
                self.declined.add(mark)
                return
            if line.strip():
                yield line
        self._closed = True

    def close(self) -> None:
        """Nothing more is read, and the stream ends."""
        self._closed = True
        if isinstance(self._stream, Generator):
            self._stream.close()

    def _with_marks_alone(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines, with a mark that has words behind it in its line as a line of its own."""
        for line in lines:
            if (found := _MARK_AND_MORE.match(line)) is not None and found[1] in self._marks:
                yield line[: found.end()].rstrip()
                yield f"\n{line[found.end() :]}"
            else:
                yield line

    def _before(self, one: str, other: str) -> bool:
        """Whether a piece is sent before another; what is none of them is."""
        if one not in self._marks:
            return True
        return self._marks.index(one) < self._marks.index(other)


def cited(sentence: str) -> tuple[str, tuple[int, ...]]:
    """A sentence without its citations, and the numbers that it cites, in their order."""
    numbers = tuple(int(number) for found in _CITATION.finditer(sentence) for number in re.findall(r"\d+", found[0]))
    return _CITATION.sub("", sentence), tuple(dict.fromkeys(numbers))


def tidied(sentence: str) -> str:
    """A sentence in plain text: no bold marks, links as text, single blanks; line breaks before it are kept, two at most."""
    bare = sentence.lstrip()
    breaks = min(2, sentence[: len(sentence) - len(bare)].count("\n"))
    text = _NAMED_LINK.sub(lambda link: link[2] if link[1] == link[2] else f"{link[1]} ({link[2]})", bare)
    text = re.sub(r"^[*•–]\s+", "- ", text)
    text = re.sub(r"[ \t\u00a0]+", " ", _HALF_BOLD.sub("", _BOLD.sub(r"\2", text))).strip()
    text = _STRAY.sub("", text)
    lead = "\n" * breaks or (" " if len(bare) < len(sentence) else "")
    return f"{lead}{text}"


_STRAY = re.compile(r"^[.,;:!?]+(?:\s+|$)(?!\.)")
"""What a citation at the beginning leaves: "[1]. You have 30 days" and a line of "[1]." alone."""
_LEANS = re.compile(
    r"\s*(?:[-•]\s|\d{1,2}[.)]\s)?(?:it|this|that|they|these|those|he|she|otherwise|however|but|then|so|also|and|or|instead|therefore|"
    r"er|sie|es|das|dies\w*|dann|sonst|aber|und|oder|deshalb|daher|jedoch|außerdem|andernfalls|"
    r"il|elle|ils|elles|ce|cela|ceci|alors|sinon|mais|et|ou|donc|cependant|aussi)\b",
    re.IGNORECASE,
)


def leans(sentence: str) -> bool:
    """Whether a sentence may speak of what stood before it, so that it can't follow something else."""
    return _LEANS.match(sentence) is not None


def is_item(sentence: str) -> bool:
    """Whether it is a line of a list."""
    return _LIST_LINE.match(sentence) is not None


_LIST_LINE = re.compile(r"\s*(?:[-•*]|\d{1,2}[.)])\s")
