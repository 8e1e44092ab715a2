"""What a line at fault is told by: the error, the place where parsing stopped, and the words of the language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from convagent.guidance.language.quotes import blanked

__all__ = [
    "HEADER_WORDS",
    "PROPERTY_WORDS",
    "RESERVED",
    "STATEMENT_WORDS",
    "LineError",
    "Stop",
    "header_word",
    "suggest",
]

STATEMENT_WORDS = (
    "need", "let", "if", "otherwise", "ask", "say", "refuse", "confirm", "do", "hand over", "go to", "go on", "give",
    "answer", "recommend", "offer", "tag", "close", "set", "snooze", "never",
)  # fmt: skip
"""What a statement begins with."""

HEADER_WORDS = ("safeguard", "gives", "when", "it seems", "on", "only for", "at most", "after")
"""What header lines begin with, in the order in which they are written."""

PROPERTY_WORDS = ("ask", "must", "else", "within", "if it fails")
"""What a line below a `Need`, `Ask` or `do` begins with."""

RESERVED = frozenset(
    (
        "and", "any", "as", "be", "because", "between", "by", "contains", "each", "else", "empty", "for", "from", "hand", "if",
        "in", "is", "it", "its", "known", "look", "no", "none", "not", "of", "one", "or", "over", "refuse", "say", "some", "then",
        "to", "unknown", "unless", "until", "when", "where", "with", "yes",
    )
)  # fmt: skip
"""Words of the language that can't be names; behind a dot, and as names of arguments, they can."""


class LineError(Exception):
    """A line that the grammar doesn't take.

    Attributes:
        code: Of the finding.
        message: What was found.
        remedy: How to mend it.
        start: Offset of the first character at fault.
        end: Offset behind the last.
    """

    def __init__(self, code: str, message: str, start: int, end: int, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end, self.remedy = code, message, start, end, remedy


@dataclass(frozen=True)
class Stop:
    """Where parsing stopped.

    Attributes:
        text: The line, its first word in lower case, straight quotes around its texts.
        start: What was expected: statement, property or only_for.
        at: Where parsing stopped.
        end: Where the unexpected word ends.
        expected: Names of the terminals that could have stood there.
        written: The line as its author wrote it, of the same length.
    """

    text: str
    start: str
    at: int
    end: int
    expected: frozenset[str]
    written: str

    @cached_property
    def bare(self) -> str:
        """The line with its texts blanked out and typewriter apostrophes, offsets kept."""
        return blanked(self.text).replace("’", "'").replace("‘", "'")

    @property
    def found(self) -> str:
        """The word at which parsing stopped; empty at the end of the line."""
        return self.text[self.at : self.end].strip()

    @property
    def rest(self) -> str:
        """What stands from there on."""
        return self.text[self.at :].strip()

    @property
    def before(self) -> str:
        """What stands before it, texts blanked out."""
        return self.bare[: self.at].rstrip()

    @property
    def word_before(self) -> str:
        """The last word before it."""
        words = self.before[-60:].split()
        return words[-1] if words else ""

    @property
    def first(self) -> str:
        """The line's first word."""
        return self.bare.split(None, 1)[0] if self.bare.strip() else ""

    @property
    def ends(self) -> bool:
        """Whether parsing stopped because the line was over."""
        return self.at >= len(self.text.rstrip())

    def fault(
        self, code: str, message: str, remedy: str, start: int | None = None, end: int | None = None
    ) -> LineError:
        """An error at a stretch, by default at the unexpected word."""
        begin = self.at if start is None else start
        return LineError(code, message, begin, max(begin + 1, self.end if end is None else end), remedy)


def suggest(word: str, known: list[str] | tuple[str, ...], *, cutoff: float = 70.0) -> str | None:
    """The known word that is most like `word`, or None when none is."""
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=cutoff)
    return None if found is None else str(found[0])


def header_word(text: str) -> str | None:
    """Which header line a text is, by its first words."""
    words = text[:40].lower().split()
    first = words[0].rstrip(":") if words else ""
    two = " ".join(words[:2]).rstrip(":")
    return next((word for word in HEADER_WORDS if word in {first, two}), None)
