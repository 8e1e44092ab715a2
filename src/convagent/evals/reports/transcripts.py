"""A case as a reader wants to see it: what was said, how it came about, what was expected, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from convagent.conversation import Turn
from convagent.evals.expect import Check, ending, guides_of
from convagent.evals.reports.words import check_label, clipped
from convagent.evals.results import CaseResult

__all__ = ["CheckLine", "Transcript", "TurnLines", "anchor", "first_fault", "transcript", "worded"]

_LONGEST_TEXT = 4_000
_LONGEST_LINE = 600
_MOST_STEPS = 60
_MOST_TURNS = 60

_WRITERS: Mapping[str, str] = {
    "customer": "Customer", "person": "Colleague", "system": "Storefront", "agent": "Agent",
}  # fmt: skip
_MARKS: Mapping[bool | None, tuple[str, str]] = {
    True: ("✓", "as expected"), False: ("✗", "not as expected"), None: ("?", "can't be told"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One expectation.

    Attributes:
        passed: None where it can't be told.
        mark: A sign for it.
        told: The sign in words.
        label: What is expected of.
        expected: What was expected.
        got: What came.
    """

    passed: bool | None
    mark: str
    told: str
    label: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class TurnLines:
    """One turn.

    Attributes:
        number: From 1.
        writer: Who wrote.
        author: The same as programs know it.
        said: What was written.
        reply: What the agent wrote; None where it was silent.
        language: Of the reply.
        sources: Titles of the articles that the reply cites.
        products: Titles of the products that it shows.
        ending: How the turn ended.
        steps: How it came about.
        checks: What was expected of it.
    """

    number: int
    writer: str
    author: str
    said: str
    reply: str | None
    language: str
    sources: tuple[str, ...]
    products: tuple[str, ...]
    ending: str
    steps: tuple[str, ...]
    checks: tuple[CheckLine, ...]

    @property
    def failed(self) -> bool:
        """Whether something came otherwise than expected."""
        return any(check.passed is False for check in self.checks)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One trial of a case.

    Attributes:
        anchor: The name of its place in a document.
        id: The case's, with the trial where it isn't the first.
        title: What it is about.
        verdict: What it came to.
        place: File and line.
        suite: The suite's name.
        tags: The case's.
        guides: Titles of the guides that were read.
        reasons: Why it was handed over.
        notes: Of whoever wrote the case.
        error: Why it could not be judged.
        turns: What was said.
        end: What was expected of the conversation as a whole.
        left_out: Turns that are not shown.
        first: What went wrong first, in one line.
    """

    anchor: str
    id: str
    title: str
    verdict: str
    place: str
    suite: str
    tags: tuple[str, ...]
    guides: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: str
    error: str | None
    turns: tuple[TurnLines, ...]
    end: tuple[CheckLine, ...]
    left_out: int
    first: str


def anchor(number: int) -> str:
    """The name of a result's place in a document, by its number in the run."""
    return f"case-{number}"


def transcript(result: CaseResult, number: int) -> Transcript:
    """A result as a reader wants to see it; very long texts are cut, and say so.

    Args:
        result: The result.
        number: Its place in the run, from 1.
    """
    case = result.case
    checks = sorted(result.checks, key=lambda check: check.passed is not False)
    shown = result.turns[:_MOST_TURNS]
    turns = tuple(
        _turn(turn, place, [check for check in checks if check.turn == place]) for place, turn in enumerate(shown, 1)
    )
    return Transcript(
        anchor(number), f"{case.id} (trial {result.trial + 1})" if result.trial else case.id, clipped(case.title, 300),
        result.verdict, f"{case.file}:{case.line}" if case.file else "", case.suite, case.tags,
        tuple(dict.fromkeys(guide for turn in result.turns for guide in guides_of(turn))),
        tuple(dict.fromkeys(turn.handover.reason for turn in result.turns if turn.handover is not None)),
        clipped(case.notes, _LONGEST_TEXT), clipped(result.error, _LONGEST_TEXT) if result.error is not None else None,
        turns, tuple(map(_check, (check for check in checks if check.turn is None))),
        max(0, len(result.turns) - len(shown)), first_fault(result),
    )  # fmt: skip


def first_fault(result: CaseResult) -> str:
    """What went wrong first, in one line; empty where nothing did."""
    if result.error is not None:
        return clipped(" ".join(result.error.split()), 200)
    failures = sorted(result.failures, key=lambda check: check.turn if check.turn is not None else 1_000)
    if not failures:
        return ""
    check = failures[0]
    where = f"turn {check.turn}" if check.turn is not None else "at the end"
    told = f"{where}, {check_label(check.name).lower()}: expected {worded(check.expected)}, got {worded(check.got)}"
    return clipped(" ".join(told.split()), 260)


def _turn(turn: Turn, number: int, checks: Sequence[Check]) -> TurnLines:
    reply = turn.reply
    said = turn.message.text if turn.message.text.strip() else "(no words)"
    pictures = [each.name or "a file" for each in turn.message.attachments]
    return TurnLines(
        number, _WRITERS[turn.message.author], turn.message.author,
        clipped(said, _LONGEST_TEXT) + (f"\n[with {', '.join(pictures)}]" if pictures else ""),
        None if reply is None else clipped(reply.text, _LONGEST_TEXT), reply.language if reply is not None else "",
        tuple(dict.fromkeys(clipped(each.title, 200) for each in turn.citations)),
        tuple(dict.fromkeys(clipped(each.title, 200) for each in reply.products)) if reply is not None else (),
        _ending(turn), tuple(_steps(turn)), tuple(map(_check, checks)),
    )  # fmt: skip


def _ending(turn: Turn) -> str:
    return worded(ending(turn))


def worded(text: str) -> str:
    """What a check says, without the one name of an outcome that is no word."""
    return re.sub(r"\bHandedOver\b", "Handed over", text)


def _steps(turn: Turn) -> Iterator[str]:
    """Each step of the turn's own explanation; the message and the ending stand elsewhere. What repeats is told once."""
    lines = [line.strip() for line in turn.explain().split("\n  · ")[1:]]
    if lines:
        lines[-1] = lines[-1].rpartition("\nSo: ")[0] or lines[-1]
    told = list(dict.fromkeys(clipped(" ".join(line.split()), _LONGEST_LINE) for line in lines))
    yield from told[:_MOST_STEPS]
    if len(told) > _MOST_STEPS:
        yield f"… and {len(told) - _MOST_STEPS} more steps; the log has them all"


def _check(check: Check) -> CheckLine:
    mark, told = _MARKS[check.passed]
    return CheckLine(
        check.passed, mark, told, check_label(check.name), clipped(worded(check.expected), _LONGEST_LINE),
        clipped(worded(check.got), _LONGEST_LINE),
    )  # fmt: skip
